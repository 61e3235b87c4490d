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
// sent, by what is in them.
type Tally struct {
	Exchanges ByKind[wire.ExchangeType]
	Children  ByKind[ChildExchange] // of the CREATE_CHILD_SA, what they are for
	Notifies  ByKind[wire.NotifyType]
	Probes    ByWay // of dead peer detection: an empty INFORMATIONAL, and its answer when we give it
	Config    ByKind[wire.CPType]
	NATs      [2]uint64 // SAs without and with a NAT found on the way
}

// ByKind are messages, or what is in them, counted by kind and way. The few kinds that most
// peers send are found by a look at each; a peer may send a notify of each of the 65,536.
type ByKind[K cmp.Ordered] struct {
	few  []counted[K] // in the order in which they came
	rest map[K]ByWay
}

// counted is how often there was something of a kind.
type counted[K cmp.Ordered] struct {
	kind K
	n    ByWay
}

// fewKinds is how many kinds are few.
const fewKinds = 32

// furnish makes room for what a peer that makes SAs mostly says.
func (t *Tally) furnish() {
	room := &struct {
		exchanges [2]counted[wire.ExchangeType]
		notifies  [8]counted[wire.NotifyType]
		config    [1]counted[wire.CPType]
	}{}
	t.Exchanges.few, t.Notifies.few, t.Config.few = room.exchanges[:0], room.notifies[:0], room.config[:0]
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

// more counts one more of a kind.
func (c *ByKind[K]) more(kind K, w Way) {
	for i := range c.few {
		if c.few[i].kind == kind {
			c.few[i].n[w]++
			return
		}
	}
	if len(c.few) < fewKinds {
		c.few = append(c.few, counted[K]{kind: kind})
		c.few[len(c.few)-1].n[w]++
		return
	}
	if c.rest == nil {
		c.rest = map[K]ByWay{}
	}
	n := c.rest[kind]
	n[w]++
	c.rest[kind] = n
}

// Of is how often there was something of a kind.
func (c *ByKind[K]) Of(kind K) ByWay {
	for _, have := range c.few {
		if have.kind == kind {
			return have.n
		}
	}
	return c.rest[kind]
}

// Kinds are those that there were, in order.
func (c *ByKind[K]) Kinds() []K {
	list := slices.Collect(maps.Keys(c.rest))
	for _, have := range c.few {
		list = append(list, have.kind)
	}
	slices.Sort(list)
	return list
}

func (c *ByKind[K]) copied() ByKind[K] {
	return ByKind[K]{slices.Clone(c.few), maps.Clone(c.rest)}
}

// message counts a message.
func (t *Tally) message(m *wire.Message, w Way) {
	if t.Exchanges.few == nil {
		t.furnish()
	}
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
		t.Children.more(kind, w)
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
func (t *Tally) copied() *Tally {
	c := *t
	c.Exchanges, c.Children, c.Notifies = t.Exchanges.copied(), t.Children.copied(), t.Notifies.copied()
	c.Config = t.Config.copied()
	return &c
}
