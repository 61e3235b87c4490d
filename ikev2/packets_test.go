package ikev2

import (
	"fmt"
	"slices"
	"time"

	"ikelab/ipsec"
)

// packets are what both ends send to each other without a pause, on the pair that
// a tunnel would use. They are not sent one by one: an end sends on a pair from one
// instant to another, all that time packets arrive at the other end a travel later,
// and it must hold the pair whenever one does. So no packet is overlooked, and
// thousands cost nothing.
type packets struct {
	lab    *lab
	travel time.Duration
	ends   [2]tunnelEnd
	lost   []loss
	twin   map[ipsec.SPI]ipsec.SPI // the other half of a pair
	ended  map[ipsec.SPI]Reason    // why a half has gone
}

// loss is of packets that were sealed under an SA.
type loss struct {
	spi  ipsec.SPI
	from int
	soon bool // the other end has not heard yet of what the answer made
	what string
}

// tunnelEnd is what a tunnel knows of its pairs.
type tunnelEnd struct {
	pairs   []ChildSA // oldest first
	sending ipsec.SPI // inbound SPI of the pair that packets leave by; 0: none
	span    []span    // on which outbound SPI, and since when
	waiting map[ipsec.SPI]bool
	standby map[ipsec.SPI]bool
	closing map[ipsec.SPI]bool
}

// span is a time in which an end sends on an SPI of the other's.
type span struct {
	out         ipsec.SPI
	begin, over time.Time // over is zero while it lasts
}

func newPackets(l *lab, travel time.Duration) *packets {
	s := &packets{lab: l, travel: travel, twin: map[ipsec.SPI]ipsec.SPI{}, ended: map[ipsec.SPI]Reason{}}
	for i := range s.ends {
		s.ends[i].waiting, s.ends[i].standby, s.ends[i].closing = map[ipsec.SPI]bool{}, map[ipsec.SPI]bool{}, map[ipsec.SPI]bool{}
	}
	return s
}

// heed does what an effect asks a tunnel for.
func (s *packets) heed(at int, ev Effect) {
	if s == nil {
		return
	}
	e := &s.ends[at]
	switch ev := ev.(type) {
	case AddChild:
		delete(e.waiting, ev.In.SPI)
		s.twin[ev.In.SPI], s.twin[ev.Out.SPI] = ev.Out.SPI, ev.In.SPI
		e.pairs = append(e.pairs, ev.ChildSA)
		if e.standby[ev.In.SPI] = ev.Standby && e.find(ev.Replaces) != nil; !e.standby[ev.In.SPI] {
			s.sendOn(at, ev.In.SPI)
		}
		s.admit(at, ev.In.SPI)
	case CloseChild:
		e.closing[ev.In] = true
		if heir := e.heir(); e.sending == ev.In && !e.closing[heir] && heir != 0 {
			s.sendOn(at, heir)
		}
	case DeleteChild:
		s.removed(at, ev)
	}
}

func (e *tunnelEnd) find(in ipsec.SPI) *ChildSA {
	if i := slices.IndexFunc(e.pairs, func(c ChildSA) bool { return c.In.SPI == in }); i >= 0 {
		return &e.pairs[i]
	}
	return nil
}

// heir is the newest pair, one that is not to go if there is any; 0: none.
func (e *tunnelEnd) heir() (last ipsec.SPI) {
	for _, c := range e.pairs {
		if last == 0 || e.closing[last] || !e.closing[c.In.SPI] {
			last = c.In.SPI
		}
	}
	return last
}

// sendOn has an end send on another pair, 0: on none.
func (s *packets) sendOn(at int, in ipsec.SPI) {
	e, now := &s.ends[at], s.lab.now
	if n := len(e.span); n > 0 && e.span[n-1].over.IsZero() {
		e.span[n-1].over = now
	}
	e.sending = in
	c := e.find(in)
	if c == nil {
		return
	}
	out := c.Out.SPI
	e.span = append(e.span, span{out: out, begin: now})
	s.lab.at(now.Add(s.travel), func() { s.arrive(at, 1-at, out) })
}

// arrive is the first packet on a pair at the other end. If it sends on another
// pair that this one replaces, it changes over (RFC 7296 2.8).
func (s *packets) arrive(from, at int, spi ipsec.SPI) {
	e := &s.ends[at]
	switch c := e.find(spi); {
	case c != nil:
		s.used(at, *c)
	case s.lab.peers[at].early[spi]:
		e.waiting[spi] = true
	default:
		s.lose(from, spi, "which %s does not hold", endNames[at])
		_, ended := s.ended[spi]
		s.lost[len(s.lost)-1].soon = !ended
	}
}

// admit has packets that came early take their SA into use.
func (s *packets) admit(at int, in ipsec.SPI) {
	for _, sp := range s.ends[1-at].span {
		if c := s.ends[at].find(in); sp.out == in && !s.lab.now.Before(sp.begin.Add(s.travel)) && c != nil {
			s.used(at, *c)
			return
		}
	}
}

// used: a packet has come on a pair.
func (s *packets) used(at int, c ChildSA) {
	e, p := &s.ends[at], s.lab.peers[at]
	p.Traffic(s.lab.now, c.In.SPI)
	if !e.standby[c.In.SPI] {
		return
	}
	e.standby[c.In.SPI] = false
	if e.sending == c.Replaces {
		s.sendOn(at, c.In.SPI)
	}
}

// removed takes a pair away, or what was expected. What the other end had sealed
// under it by then comes to nothing.
func (s *packets) removed(at int, ev DeleteChild) {
	e := &s.ends[at]
	s.ended[ev.In] = ev.Reason
	if e.waiting[ev.In] {
		s.lose(1-at, ev.In, "which %s did not come to make", endNames[at])
	}
	delete(e.waiting, ev.In)
	e.pairs = slices.DeleteFunc(e.pairs, func(c ChildSA) bool { return c.In.SPI == ev.In })
	for _, sp := range s.ends[1-at].span {
		onTheWay := sp.over.IsZero() || sp.over.Add(s.travel).After(s.lab.now)
		if sp.out == ev.In && onTheWay && sp.begin.Before(s.lab.now) {
			s.lose(1-at, ev.In, "which %s had no longer: %v", endNames[at], ev.Reason)
		}
	}
	if e.sending != ev.In {
		return
	}
	s.sendOn(at, e.heir())
}

func (s *packets) lose(from int, spi ipsec.SPI, format string, args ...any) {
	what := fmt.Sprintf("after %v %s has sent on a pair ", s.lab.now.Sub(labEpoch), endNames[from]) + fmt.Sprintf(format, args...)
	s.lost = append(s.lost, loss{spi: spi, from: from, what: what})
}

// judge lists what was lost and should not have been. What a person clears is
// lost with what is on its way, and what an end sends that has answered when its
// answer did not come (spoiled).
func (s *packets) judge(spoiled func(from int) bool) (list []string) {
	for _, l := range s.lost {
		cleared := s.ended[l.spi] == ReasonCleared || s.ended[s.twin[l.spi]] == ReasonCleared
		if !cleared && !(l.soon && spoiled(l.from)) {
			list = append(list, l.what)
		}
	}
	return list
}
