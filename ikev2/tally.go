package ikev2

import (
	"cmp"
	"maps"
	"slices"

	"ikelab/ikev2/wire"
)

// Way is where a message goes, and what it is.
type Way uint8

// The ways, in the order in which the screen has them.
const (
	SentRequest Way = iota
	SentResponse
	GotRequest
	GotResponse
	ways
)

// wayOf is that of a message.
func wayOf(m *wire.Message, sent bool) Way {
	w := GotRequest
	if sent {
		w = SentRequest
	}
	if m.Response() {
		w++
	}
	return w
}

// ByWay are messages counted by their way.
type ByWay [ways]uint64

// Tally are the messages that this end made or took, each once however often it was
// sent, by what is in them: maps, as a peer may send a notify of each of the 65,536 kinds.
type Tally struct {
	Exchanges map[wire.ExchangeType]ByWay
	Children  map[ChildExchange]ByWay // of the CREATE_CHILD_SA, what they are for
	Notifies  map[wire.NotifyType]ByWay
	Probes    ByWay // of dead peer detection: an empty INFORMATIONAL, and its answer when we give it
	Config    map[wire.CPType]ByWay
	NATs      [2]uint64 // SAs without and with a NAT found on the way
}

// ChildExchange is what a CREATE_CHILD_SA is for.
type ChildExchange uint8

// What there is.
const (
	NewPair ChildExchange = iota + 1
	PairRekey
	IKERekey
)

// childExchanges are the purposes that are one.
var childExchanges = map[purpose]ChildExchange{forChild: NewPair, forChildRekey: PairRekey, forIKERekey: IKERekey}

// more counts one more of something.
func more[K comparable](m *map[K]ByWay, k K, w Way) {
	if *m == nil {
		*m = map[K]ByWay{}
	}
	n := (*m)[k]
	n[w]++
	(*m)[k] = n
}

// message counts a message.
func (t *Tally) message(m *wire.Message, w Way) {
	more(&t.Exchanges, m.Exchange, w)
	for _, p := range m.Payloads {
		switch p := p.(type) {
		case *wire.Notify:
			more(&t.Notifies, p.Kind, w)
		case *wire.CP:
			more(&t.Config, p.Kind, w)
		}
	}
	if m.Exchange == wire.INFORMATIONAL && len(m.Payloads) == 0 && (w == SentRequest || w == GotRequest) {
		t.Probes[w]++
		if w == GotRequest { // which is answered
			t.Probes[SentResponse]++
		}
	}
	if m.Exchange == wire.CREATE_CHILD_SA && w == GotRequest {
		more(&t.Children, asksFor(m), w)
	}
}

// asksFor is what a CREATE_CHILD_SA request is for.
func asksFor(m *wire.Message) ChildExchange {
	if sa, ok := wire.Get[*wire.SA](m); ok && len(sa.Proposals) > 0 && sa.Proposals[0].Protocol == wire.ProtoIKE {
		return IKERekey
	}
	for n := range wire.All[*wire.Notify](m) {
		if n.Kind == wire.REKEY_SA {
			return PairRekey
		}
	}
	return NewPair
}

// child counts a CREATE_CHILD_SA whose purpose is known.
func (t *Tally) child(x *exchange, w Way) {
	if kind := childExchanges[x.purpose]; kind != 0 && x.kind == wire.CREATE_CHILD_SA {
		more(&t.Children, kind, w)
	}
}

// nat counts an SA whose way was looked at.
func (t *Tally) nat(found bool) {
	if found {
		t.NATs[1]++
	} else {
		t.NATs[0]++
	}
}

// copied is the tally as it stands.
func (t *Tally) copied() Tally {
	c := *t
	c.Exchanges, c.Children, c.Notifies = maps.Clone(t.Exchanges), maps.Clone(t.Children), maps.Clone(t.Notifies)
	c.Config = maps.Clone(t.Config)
	return c
}

// Counted are the keys of counts in order.
func Counted[K cmp.Ordered](m map[K]ByWay) []K { return slices.Sorted(maps.Keys(m)) }
