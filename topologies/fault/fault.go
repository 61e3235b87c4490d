package fault

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"ikelab/netsim"
)

// What is what a fault does.
type What string

// What can be done to a packet.
const (
	Drop      What = "drop"
	Delay     What = "delay"     // it comes later, and others overtake it
	Duplicate What = "duplicate" // it comes twice
	Corrupt   What = "corrupt"   // a bit of its end is flipped, below right checksums
	Truncate  What = "truncate"  // octets of its end are missing
	Replay    What = "replay"    // it comes again later
	Reorder   What = "reorder"   // another one overtakes it: the next of its router, or the one that is named
	Hold      What = "hold"      // it waits until it is released
	Forge     What = "forge"     // before it comes one that somebody has made after it
	Rebind    What = "rebind"    // as it leaves a NAT gateway rebinds
)

// Whats are all of them.
var Whats = []What{Drop, Delay, Duplicate, Corrupt, Truncate, Replay, Reorder, Hold, Forge, Rebind}

// Fault is done to packets that fit, from the nth on, so many times.
type Fault struct {
	What   What
	Match  Match
	Nth    int           // 0: the first
	Times  int           // 0: once; negative: without end
	By     time.Duration // of Delay and Replay
	Octets int           // of Truncate
	NAT    string        // of Rebind
	Behind *Match        // of Reorder: which packet overtakes; nil: the next one of its router
	Forgery

	seen, fired int
	over        bool
	held        []held
}

// held is a packet that waits.
type held struct {
	port  *netsim.Port
	frame []byte
}

// Check refuses what makes no sense.
func (f *Fault) Check() error {
	switch {
	case (f.What == Delay || f.What == Replay) && f.By == 0:
		return fmt.Errorf("%s needs by, a duration", f.What)
	case f.What == Rebind && f.NAT == "":
		return errors.New("rebind needs nat: which")
	case f.Behind != nil && f.What != Reorder:
		return fmt.Errorf("behind belongs to reorder, not to %s", f.What)
	case f.What == Forge && f.as == "":
		return errors.New("forge needs as: what is forged")
	case f.What == Forge && f.as == "notify" && f.notify == 0:
		return errors.New("forge needs notify: which")
	}
	return nil
}

// Fired is how often the fault has struck.
func (f *Fault) Fired() int { return f.fired }

// End ends a fault; what it holds goes on.
func (f *Fault) End(w *Wire) {
	f.over = true
	f.release(w)
}

func (f *Fault) release(w *Wire) {
	for _, h := range f.held {
		w.inject(h.port, h.frame, 0)
	}
	f.held = nil
}

// strikes says whether the fault is done to this packet.
func (f *Fault) strikes(p *Packet) bool {
	if f.What == Reorder && len(f.held) > 0 && f.overtakes(p) {
		return true // it lets the one that is held go
	}
	if f.over || !f.Match.Fits(p) || !f.can(p) {
		return false
	}
	if f.seen++; f.seen < max(1, f.Nth) || f.Times >= 0 && f.fired >= max(1, f.Times) {
		return false
	}
	f.fired++
	return true
}

// can says whether there is something in a packet to do it to.
func (f *Fault) can(p *Packet) bool {
	switch {
	case f.What == Corrupt || f.What == Truncate:
		return len(p.body) > 0
	case f.What == Forge && (f.as == "notify" || f.as == "delete"):
		return p.IKE
	case f.What == Forge:
		return p.IKE || p.ESP
	}
	return true
}

// overtakes says whether a packet is the one that goes before the one that is held.
func (f *Fault) overtakes(p *Packet) bool {
	if f.Behind != nil {
		return f.Behind.Fits(p)
	}
	return p.IP && p.Node == f.held[0].port.Device().Name()
}

// act does it.
func (f *Fault) act(w *Wire, p *Packet) netsim.Verdict {
	v := netsim.Verdict{Why: string(f.What) + " the " + f.Match.String()}
	switch f.What {
	case Drop:
		v.Drop = true
	case Delay:
		v.Delay = f.By
	case Duplicate:
		v.Copies = 1
	case Corrupt:
		v.Replace = p.changed(func(body []byte) []byte {
			body[len(body)-1] ^= 1
			return body
		})
	case Truncate:
		v.Replace = p.changed(func(body []byte) []byte { return body[:max(0, len(body)-max(1, f.Octets))] })
	case Replay:
		w.inject(p.Port, p.copied(), f.By)
	case Hold:
		f.held = append(f.held, held{p.Port, p.copied()})
		v.Drop = true
	case Rebind:
		w.lab.Sim.At(w.lab.Sim.Now(), func(time.Time) { w.lab.Station(f.NAT).Rebind(netip.Addr{}) })
	case Reorder:
		return f.reorder(w, p, v)
	case Forge:
		return f.forge(w, p, v)
	}
	return v
}

// reorder holds a packet until the next one has gone.
func (f *Fault) reorder(w *Wire, p *Packet, v netsim.Verdict) netsim.Verdict {
	if len(f.held) > 0 {
		f.release(w)
		return netsim.Verdict{}
	}
	f.held = append(f.held, held{p.Port, p.copied()})
	v.Drop = true
	return v
}
