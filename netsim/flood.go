package netsim

import "slices"

// flood is a frame on its way to all ports of a segment at once. Ports that
// stand apart are served when the frame enters the segment, one by one; the
// others together, in one event.
type flood struct {
	frame   *frame
	segment *Segment
	from    *Port
	ports   []*Port // of the segment at that time
	apart   []*Port // those among them that were served already, in the same order
}

func (g *Segment) flood(from *Port, f *frame) {
	if g.pending >= maxInFlight {
		g.count.Overrun++
		return
	}
	g.count.Flooded++
	for _, p := range g.apart {
		if p != from && p.link != nil {
			p.transmit(f)
		}
	}
	if len(g.ports) == len(g.apart) {
		return
	}
	f.refs++
	g.pending++
	s := g.sim
	s.schedule(s.at, kindFlood, s.floods.put(flood{f, g, from, g.ports, g.apart}))
}

// spread serves the ports that do not stand apart.
func (s *Sim) spread(index uint32) {
	fl := s.floods.take(index)
	fl.segment.pending--
	apart := fl.apart
	for _, p := range fl.ports {
		if len(apart) > 0 && apart[0] == p {
			apart = apart[1:]
			continue
		}
		if p != fl.from && p.link != nil {
			p.deliver(fl.frame)
		}
	}
	s.frames.release(fl.frame)
}

// deliver sends a frame that arrives at once.
func (p *Port) deliver(f *frame) {
	p.counters.Sent++
	p.counters.SentOctets += uint64(len(f.data))
	fl := flight{frame: f, from: p}
	if !p.Up() {
		p.drop(&fl, DropNoCarrier)
		return
	}
	fl.cuts = p.cuts
	p.sim.land(&fl)
}

// setApart notes that frames do not leave a segment's port at once any more:
// it has, or had, impairments or a filter, or leads to another segment.
func (p *Port) setApart() {
	g, ok := p.owner.(*Segment)
	if !ok {
		return
	}
	at, found := slices.BinarySearchFunc(g.apart, p, func(a, b *Port) int { return a.index - b.index })
	if found {
		return
	}
	if g.pending > 0 {
		g.apart = slices.Clone(g.apart) // floods on their way hold the old list
	}
	g.apart = slices.Insert(g.apart, at, p)
}
