package netsim

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// Impairments act on the frames that leave a port. The zero value is a link
// without faults, delay or limit. Probabilities are 0 to 1.
type Impairments struct {
	Delay     time.Duration // from sent to arrived; no throttle: many frames travel at once
	Jitter    time.Duration // the delay varies by up to this much either way; order is kept
	Loss      float64
	Duplicate float64
	Reorder   float64 // the frame skips the delay and so overtakes those that wait
	Corrupt   float64 // one bit is flipped
	Rate      int64   // bit/s of the frames' octets; frames wait their turn. 0: unlimited
	MTU       int     // octets of the largest packet, without Ethernet header and VLAN tag. 0: unlimited
}

// Check refuses values out of range.
func (i Impairments) Check() error {
	for _, p := range []struct {
		name  string
		value float64
	}{{"loss", i.Loss}, {"duplicate", i.Duplicate}, {"reorder", i.Reorder}, {"corrupt", i.Corrupt}} {
		if !(p.value >= 0 && p.value <= 1) { // NaN too
			return fmt.Errorf("netsim: %s %v is not a probability from 0 to 1", p.name, p.value)
		}
	}
	switch {
	case i.Delay < 0:
		return fmt.Errorf("netsim: delay %v is negative", i.Delay)
	case i.Jitter < 0:
		return fmt.Errorf("netsim: jitter %v is negative", i.Jitter)
	case i.Rate < 0:
		return fmt.Errorf("netsim: rate %d bit/s is negative", i.Rate)
	case i.MTU < 0:
		return fmt.Errorf("netsim: MTU %d is negative", i.MTU)
	case i.Reorder > 0 && i.Delay == 0:
		return fmt.Errorf("netsim: reorder %v needs a delay: a frame can only overtake frames that wait", i.Reorder)
	}
	return nil
}

// Impairments returns what acts on the frames that leave the port.
func (p *Port) Impairments() Impairments { return p.impairments }

// SetImpairments replaces what acts on the frames that leave the port, from
// the next one on. Frames under way keep what was decided for them.
func (p *Port) SetImpairments(i Impairments) error {
	if err := i.Check(); err != nil {
		return err
	}
	p.impairments = i
	p.egress.delay = int64(i.Delay)
	p.egress.activate(i)
	if i != (Impairments{}) {
		p.setApart()
	}
	p.sim.tell(Event{What: FaultsSet, Port: p})
	return nil
}

// egress is how frames leave a port.
type egress struct {
	active bool  // something beside the delay acts on them
	delay  int64 // of those that nothing else acts on
	idleAt int64 // when the last octet sent so far has left, with Rate
	lastAt int64 // arrival of the last frame that keeps order
	mtu    int   // of the largest packet that the host's end takes; 0: any
}

// activate says whether anything beside the delay acts on what leaves.
func (e *egress) activate(i Impairments) { e.active = e.mtu > 0 || i != Impairments{Delay: i.Delay} }

// oversize says whether a packet is longer than the way takes.
func (e *egress) oversize(i *Impairments, octets int) bool {
	return i.MTU > 0 && octets > i.MTU || e.mtu > 0 && octets > e.mtu
}

type purpose uint8

const (
	forLoss purpose = iota
	forDuplicate
	forReorder
	forCorrupt
	forJitter
	purposes
)

// streams are a port's, each made when it is drawn from.
type streams [purposes]*rand.ChaCha8

var purposeNames = [purposes]string{"loss", "duplicate", "reorder", "corrupt", "jitter"}

// reset forgets the frames under way.
func (e *egress) reset() { e.idleAt, e.lastAt = -1, -1 }

// stream is the randomness of one kind of fault, made at first use: one fault
// more does not move another.
func (p *Port) stream(use purpose) *rand.ChaCha8 {
	if p.streams == nil {
		p.streams = &streams{}
	}
	r := p.streams[use]
	if r == nil {
		r = p.sim.seed.Stream(p.name, "impairment "+purposeNames[use])
		p.streams[use] = r
	}
	return r
}

// happens draws whether a fault of probability p strikes.
func (p *Port) happens(use purpose, probability float64) bool {
	return probability > 0 && unit(p.stream(use)) < probability
}
