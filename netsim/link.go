package netsim

import (
	"errors"
	"fmt"
)

// Link joins two ports, in both directions.
type Link struct {
	sim  *Sim
	name string
	ends [2]*Port
	down bool // somebody has cut it
	dark bool // the host's end is not there
}

// What makes a link impossible.
var (
	ErrLinked = errors.New("port is already linked")
	ErrLoop   = errors.New("segments would form a loop, in which a broadcast never ends")
)

// Link joins two ports by a link that is up. Both owners notice at once.
func (s *Sim) Link(a, b *Port) (*Link, error) {
	l := &Link{sim: s, name: a.name + " <-> " + b.name, ends: [2]*Port{a, b}}
	if a.link != nil || b.link != nil || a == b {
		return nil, fmt.Errorf("netsim: link %s: %w", l.name, ErrLinked)
	}
	if err := joinSegments(a, b); err != nil {
		return nil, fmt.Errorf("netsim: link %s: %w", l.name, err)
	}
	a.link, b.link = l, l
	a.far, b.far = b, a
	for _, p := range l.ends {
		if _, ok := p.far.owner.(*Segment); ok {
			p.setApart()
		}
	}
	s.links = append(s.links, l)
	s.placeTaps(l)
	a.tell()
	b.tell()
	return l, nil
}

// Links returns all links in the order made; not to be modified.
func (w *wiring) Links() []*Link { return w.links }

// Name is the two ports' names: "R1:Ethernet0/0 <-> R2:Ethernet0/0".
func (l *Link) Name() string { return l.name }

// Ends returns the two ports in the order given to Sim.Link.
func (l *Link) Ends() (a, b *Port) { return l.ends[0], l.ends[1] }

// Up says whether the link is up.
func (l *Link) Up() bool { return !l.down && !l.dark }

// SetUp takes the link down or up. Both ends notice at once. What is in
// flight when it goes down is lost, also if it comes up again before arrival.
func (l *Link) SetUp(up bool) {
	if up == !l.down {
		return
	}
	l.set(&l.down, !up)
	for _, p := range l.ends {
		if o, ok := p.owner.(interface{ told(cut bool) }); ok {
			o.told(l.down)
		}
	}
}

// set changes one of the reasons why a link is down.
func (l *Link) set(reason *bool, holds bool) {
	was := l.Up()
	*reason = holds
	if l.Up() == was {
		return
	}
	what := LinkUp
	if was {
		what = LinkDown
	}
	l.sim.tell(Event{What: what, Port: l.ends[0], Link: l})
	for _, p := range l.ends {
		p.cut = was
		if was {
			p.cuts++
		}
	}
	for _, p := range l.ends {
		p.egress.reset()
		p.tell()
	}
}

// arrive ends a flight: whatever became of the frame is told here, once.
func (s *Sim) arrive(index uint32) {
	fl := s.flights.at(index)
	fl.from.inFlight--
	s.land(fl)
	s.frames.release(fl.frame)
	s.flights.end(index)
}

func (s *Sim) land(fl *flight) {
	from, to := fl.from, fl.from.far
	switch {
	case fl.drop != DropNone:
	case fl.cuts != from.cuts:
		fl.drop = DropCut
	case to.down:
		fl.drop = DropFarDown
	case !to.owner.ready():
		fl.drop = DropFarOff
	}
	from.record(fl)
	if fl.drop != DropNone {
		from.drop(fl, fl.drop)
		return
	}
	to.counters.Received++
	to.counters.ReceivedOctets += uint64(len(fl.frame.data))
	to.owner.receive(to, fl.frame)
}
