package swarm

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"ikelab/ikev2"
	"ikelab/ipsec"
	"ikelab/router/record"
)

// spans holds since when there are SAs and how long they are to last. They are
// replaced just before that, and are in use no longer, whatever the clock says.
type spans struct {
	ike      map[owned]span
	pairs    map[owned]span
	violated func(Invariant, string)
}

// owned is an SA of a router: the IKE SA's number, or the pair's inbound SPI.
type owned struct {
	node string
	id   uint64
}

func (o owned) compare(p owned) int {
	return cmp.Or(cmp.Compare(o.node, p.node), cmp.Compare(o.id, p.id))
}

type span struct {
	since    time.Time
	lifetime time.Duration
	early    bool // it may be replaced for something else than its time
}

func newSpans(violated func(Invariant, string)) *spans {
	return &spans{map[owned]span{}, map[owned]span{}, violated}
}

// take listens to the stream.
func (s *spans) take(r record.Record) {
	ike := func(id int) owned { return owned{r.Node, uint64(id)} }
	pair := func(in ipsec.SPI) owned { return owned{r.Node, uint64(in)} }
	switch b := r.Body.(type) {
	case ikev2.SAUp: // told when it takes over, which a rekey of our own may delay
		s.ike[ike(b.SA.ID)] = span{since: cmp.Or(s.ike[ike(b.SA.ID)].since, r.At), lifetime: b.Info.Lifetime}
	case ikev2.SALife:
		switch {
		case b.To == "ready":
			s.ike[ike(b.SA.ID)] = span{since: r.At}
		case b.From == "ready":
			s.expires(s.ike, ike(b.SA.ID), r.At, b.Reason)
			s.ends(s.ike, ike(b.SA.ID), r.At)
		}
	case ikev2.SADown:
		delete(s.ike, ike(b.SA.ID))
	case ikev2.AddChild:
		s.pairs[pair(b.In.SPI)] = span{r.At, b.Lifetime, b.Kilobytes < volumeMost}
	case ikev2.ChildLife:
		switch b.On {
		case "closes": // for itself, and not with its IKE SA
			s.expires(s.pairs, pair(b.In), r.At, b.Reason)
		case "returns": // the peer has taken back what replaced it, and had replaced it for its own reasons
			if p, known := s.pairs[pair(b.In)]; known {
				p.early = true
				s.pairs[pair(b.In)] = p
			}
		}
	case ikev2.DeleteChild:
		s.ends(s.pairs, pair(b.In), r.At)
	case ikev2.Rekeying:
		if b.In == 0 {
			s.replaced(s.ike, ike(b.SA.ID), r.At, marginIKE)
		} else {
			s.replaced(s.pairs, pair(b.In), r.At, marginPair)
		}
	}
}

// The longest that an SA is replaced before its end, and the part of its lifetime
// where that is short.
var (
	marginIKE  = margin{time.Minute, 2}
	marginPair = margin{30 * time.Second, 10}
)

// volumeMost is what no pair of a run carries.
const volumeMost = 1_000_000 // kilobytes

type margin struct {
	most time.Duration
	part time.Duration
}

// replaced judges the beginning of a rekey.
func (s *spans) replaced(list map[owned]span, at owned, now time.Time, m margin) {
	p, known := list[at]
	if first := p.lifetime - min(m.most, p.lifetime/m.part); known && p.lifetime > 0 && !p.early && now.Sub(p.since) < first {
		s.violated(Lasting, fmt.Sprintf("%s replaces %x after %v, and it was to last %v", at.node, at.id, now.Sub(p.since), p.lifetime))
	}
}

// expires judges an end for which its time is given as the reason.
func (s *spans) expires(list map[owned]span, at owned, now time.Time, why ikev2.Reason) {
	if p, known := list[at]; known && why == ikev2.ReasonExpired && !p.early && now.Sub(p.since) < p.lifetime-grace {
		s.violated(Lasting, fmt.Sprintf("%s ends %x after %v, and it was to last %v", at.node, at.id, now.Sub(p.since), p.lifetime))
	}
}

// ends judges the end of an SA's use.
func (s *spans) ends(list map[owned]span, at owned, now time.Time) {
	p := list[at]
	delete(list, at)
	if age := now.Sub(p.since); p.lifetime > 0 && age > p.lifetime+grace {
		s.violated(Lasting, fmt.Sprintf("%s has had %x for %v, and it was to last %v", at.node, at.id, age, p.lifetime))
	}
}

// look is at the IKE SAs that are in use; couples looks at the pairs.
func (s *spans) look(now time.Time) {
	for _, at := range slices.SortedFunc(maps.Keys(s.ike), owned.compare) {
		if p := s.ike[at]; p.lifetime > 0 && now.Sub(p.since) > p.lifetime+grace {
			s.violated(Lasting, fmt.Sprintf("%s has the IKE SA %x for %v, and it was to last %v", at.node, at.id, now.Sub(p.since), p.lifetime))
		}
	}
}

// lost forgets the SAs of a router that has lost its memory.
func (s *spans) lost(node string) {
	for _, list := range []map[owned]span{s.ike, s.pairs} {
		for at := range list {
			if at.node == node {
				delete(list, at)
			}
		}
	}
}
