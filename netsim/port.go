package netsim

import (
	"fmt"
	"time"
)

// owner is what stands behind a port: a device, a segment or the host.
type owner interface {
	ready() bool // false: nobody is there to take a frame
	receive(p *Port, f *frame)
	carrier(p *Port, up bool)
}

// Port is one end of a link. What it sends passes its impairments. What each
// frame needs stands together at the front.
type Port struct {
	sim      *Sim
	owner    owner
	link     *Link
	far      *Port
	filter   Filter
	egress   egress
	inFlight int32  // frames that left the port and did not arrive yet
	cuts     uint32 // how often the link went down
	down     bool   // by SetUp
	cut      bool   // the link is down
	told     bool   // the carrier that the owner knows of

	// Where frames that leave this port are recorded; towards a device from a
	// segment only those that a fault touched, as the segment has the others.
	faults   bool
	tap      *tap
	counters Counters

	name        string
	index       int
	impairments Impairments
	streams     *streams // nil: none is drawn from yet
}

// Counters of a port, since the beginning. Sent + Duplicated equals Received
// of the far port + all Dropped + the frames still in flight.
type Counters struct {
	Sent, SentOctets         uint64 // handed to the port, whatever became of it
	Received, ReceivedOctets uint64
	Corrupted                uint64 // of those sent
	Duplicated               uint64
	Reordered                uint64
	Dropped                  [Drops]uint64 // of those sent, by reason
}

// Drop is why a frame that left a port did not arrive.
type Drop uint8

// The reasons.
const (
	DropNone      Drop = iota
	DropNoCarrier      // the port, or its link, was down or not connected
	DropOversize       // longer than the MTU impairment allows
	DropLoss           // the loss impairment
	DropCut            // in flight when the link went down
	DropFarDown        // the far port was down
	DropFarOff         // the far device had not started
	DropQueue          // as many frames were in flight as a port may have
	DropFilter         // a filter wanted it
	Drops              // how many there are
)

var dropNames = [Drops]string{"", "no carrier", "longer than the MTU", "lost", "cut in flight", "far port down", "far device not started", "too many frames in flight", "by a filter"}

// String is the reason in words.
func (d Drop) String() string { return dropNames[d] }

func (s *Sim) newPort(device, name string, index int, o owner) *Port {
	full := device + ":" + name
	if s.ports[full] != nil {
		panic(fmt.Sprintf("netsim: port %q added twice", full))
	}
	p := &Port{sim: s, owner: o, name: full, index: index}
	p.egress.reset()
	s.ports[full] = p
	return p
}

// Port returns the port of that full name ("R1:Ethernet0/0"), or nil.
func (w *wiring) Port(name string) *Port { return w.ports[name] }

// Name is the port's full name, "R1:Ethernet0/0".
func (p *Port) Name() string { return p.name }

// Device returns the device the port belongs to, or nil for a port of a
// segment or of the host.
func (p *Port) Device() *Device {
	d, _ := p.owner.(*Device)
	return d
}

// Link returns the link the port is an end of, or nil.
func (p *Port) Link() *Link { return p.link }

// Far returns the other end of the link, or nil.
func (p *Port) Far() *Port { return p.far }

// Counters returns the port's counters.
func (p *Port) Counters() Counters { return p.counters }

// Up says whether the port has carrier.
func (p *Port) Up() bool { return !p.down && !p.cut && p.link != nil }

// SetUp takes the port down or up. Its owner notices at once, the far port
// does not. Frames that reach a port while it is down are lost.
func (p *Port) SetUp(up bool) {
	if p.down == up {
		what := PortDown
		if up {
			what = PortUp
		}
		p.sim.tell(Event{What: what, Port: p})
	}
	p.down = !up
	p.tell()
}

// tell lets the owner know the carrier if it does not yet. From inside a node
// (an observer that cuts a link) it waits its turn at the same instant.
func (p *Port) tell() {
	s := p.sim
	if s.inside {
		s.At(s.now, p.tellAt)
		return
	}
	if up := p.Up(); up != p.told && p.owner.ready() {
		p.told = up
		p.owner.carrier(p, up)
	}
}

func (p *Port) tellAt(time.Time) { p.tell() }
