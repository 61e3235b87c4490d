package ikev2

import (
	"cmp"
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
// sent, by what is in them.
type Tally struct {
	Exchanges Counts[wire.ExchangeType]
	Children  Counts[ChildExchange] // of the CREATE_CHILD_SA, what they are for
	Notifies  Counts[wire.NotifyType]
	Probes    ByWay // of dead peer detection: an empty INFORMATIONAL, and its answer when we give it
	Config    Counts[wire.CPType]
	NoNAT     uint64 // SAs without a NAT found on the way,
	NAT       uint64 // and with one
}

// Counts are messages by their kinds, of which there are a few: a list is sooner made and
// looked through than a map.
type Counts[K cmp.Ordered] []Counted[K]

// Counted is how many there are of a kind.
type Counted[K cmp.Ordered] struct {
	Kind K
	N    ByWay
}

// fewKinds is how many most engines count.
const fewKinds = 4

// Of is how many there are of a kind.
func (c Counts[K]) Of(k K) ByWay {
	for i := range c {
		if c[i].Kind == k {
			return c[i].N
		}
	}
	return ByWay{}
}

// more counts one more of a kind.
func (c *Counts[K]) more(k K, w Way) {
	for i := range *c {
		if n := &(*c)[i]; n.Kind == k {
			n.N[w]++
			return
		}
	}
	if *c == nil {
		*c = make(Counts[K], 0, fewKinds)
	}
	n := Counted[K]{Kind: k}
	n.N[w]++
	*c = append(*c, n)
}

// Kinds are those that have been counted, in order.
func (c Counts[K]) Kinds() []K {
	list := make([]K, len(c))
	for i := range c {
		list[i] = c[i].Kind
	}
	slices.Sort(list)
	return list
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

// message counts a message.
func (t *Tally) message(m *wire.Message, w Way) {
	t.Exchanges.more(m.Exchange, w)
	for _, p := range m.Payloads {
		switch p := p.(type) {
		case *wire.Notify:
			t.Notifies.more(p.Kind, w)
		case *wire.CP:
			t.Config.more(p.Kind, w)
		}
	}
	if m.Exchange == wire.INFORMATIONAL && len(m.Payloads) == 0 && (w == SentRequest || w == GotRequest) {
		t.Probes[w]++
		if w == GotRequest { // which is answered
			t.Probes[SentResponse]++
		}
	}
	if m.Exchange == wire.CREATE_CHILD_SA && w == GotRequest {
		t.Children.more(asksFor(m), w)
	}
}

// asksFor is what a CREATE_CHILD_SA request is for.
func asksFor(m *wire.Message) ChildExchange {
	if sa, ok := wire.Get[*wire.SA](m); ok && len(sa.Proposals) > 0 && sa.Proposals[0].Protocol == wire.ProtoIKE {
		return IKERekey
	}
	for _, n := range wire.All[*wire.Notify](m) {
		if n.Kind == wire.REKEY_SA {
			return PairRekey
		}
	}
	return NewPair
}

// child counts a CREATE_CHILD_SA whose purpose is known.
func (t *Tally) child(x *exchange, w Way) {
	if kind := childExchanges[x.purpose]; kind != 0 && x.kind == wire.CREATE_CHILD_SA {
		t.Children.more(kind, w)
	}
}

// nat counts an SA whose way was looked at.
func (t *Tally) nat(found bool) {
	if found {
		t.NAT++
	} else {
		t.NoNAT++
	}
}

// copied is the tally as it stands.
func (t *Tally) copied() Tally {
	c := *t
	c.Exchanges, c.Children = slices.Clone(t.Exchanges), slices.Clone(t.Children)
	c.Notifies, c.Config = slices.Clone(t.Notifies), slices.Clone(t.Config)
	return c
}
