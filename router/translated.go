package router

import (
	"net/netip"
	"slices"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/ip"
	"ikelab/router/nat"
	"ikelab/router/policy"
	"ikelab/router/record"
	"ikelab/router/show"
)

// translated is a router's NAT: what goes from the inside to the outside gets other
// addresses behind the routing and before the crypto map, and what comes back behind
// decryption and before the routing.
type translated struct {
	stack      *ip.Stack
	records    *record.Emitter
	translator *nat.Translator
	sides      map[string]string // inside or outside, by interface
	out        string            // the way that the packet goes
	own        bool              // it was made here
	inUse      policy.Translated
}

func newTranslated(s *ip.Stack, timers *ip.Timers, records *record.Emitter) *translated {
	return &translated{stack: s, records: records, translator: nat.New(nat.Options{Timers: timers, Records: records})}
}

// settle puts into effect what the configuration says. Where it says nothing packets
// do not pass by here.
func (t *translated) settle(set policy.NAT) {
	t.inUse = set.Translated
	t.sides = nil
	for _, name := range t.inUse.Inside {
		put(&t.sides, name, iosconfig.NATInside)
	}
	for _, name := range t.inUse.Outs {
		put(&t.sides, name, iosconfig.NATOutside)
	}
	rules := make([]nat.Rule, 0, 2*len(t.inUse.Rules))
	for _, r := range t.inUse.Rules {
		rules = append(rules, t.among(r.Rule))
		r.Matches = func(packet []byte) bool { return r.Fits(packet, t.out) }
		rules = append(rules, r.Rule)
	}
	for i, fits := range set.Fits {
		if fits != nil {
			set.Static[i].Matches = func(packet []byte) bool { return fits(packet, t.out) }
		}
	}
	t.translator.Configure(set.Settings, rules)
	t.stack.Translator = nil
	if len(t.sides) > 0 {
		t.stack.Translator = t
	}
}

// asksLists says whether what is translated depends on access lists.
func asksLists(c *iosconfig.Config) bool {
	for s := range c.NAT.Static.All() {
		if s.RouteMap != "" {
			return true
		}
	}
	return c.NAT.Sources.Len() > 0
}

// among gives what the router itself sends from a global address ports among the
// others', or their answers would be nobody's.
func (t *translated) among(r nat.Rule) nat.Rule {
	r.Matches = func(packet []byte) bool { return t.own && r.First == r.Last && ip.Source(packet) == r.First }
	r.Overload = true
	return r
}

// addressOf is the one that an interface has.
func addressOf(s *ip.Stack, name string) netip.Addr {
	if i := s.Interfaces.Get(name); i != nil {
		return i.State().Address.Addr()
	}
	return netip.Addr{}
}

// Concerns says whether a packet crosses from one side to the other, or may. The
// router's own IKE and ESP never do; of its other packets those do that bear an address
// of the inside, or one that is shared with it.
func (t *translated) Concerns(p *ip.Packet, out *ip.Interface) bool {
	switch {
	case out == nil:
		return t.sides[p.In.Name] == iosconfig.NATOutside && t.translator.Translates(p.Dst())
	case t.sides[out.Name] != iosconfig.NATOutside:
		return false
	case p.In != nil:
		return t.sides[p.In.Name] == iosconfig.NATInside
	}
	return !keyed(p) && (t.ownInside(p.Src()) || t.translator.Translates(p.Src()))
}

// keyed says whether a packet of the router's own is IKE or ESP.
func keyed(p *ip.Packet) bool {
	if p.Proto() != ip.ProtoUDP {
		return p.Proto() == ip.ProtoESP
	}
	from, _ := p.UDPPorts()
	return from == portIKE || from == portNATT
}

// ownInside says whether an address is that of an interface inside.
func (t *translated) ownInside(a netip.Addr) bool {
	return slices.ContainsFunc(t.inUse.Inside, func(name string) bool { return addressOf(t.stack, name) == a })
}

// Answers says whether an address outside is one that somebody inside has there.
func (t *translated) Answers(a netip.Addr) bool { return t.translator.Translates(a) }

// Arrives translates what comes in from the outside.
func (t *translated) Arrives(now time.Time, p *ip.Packet) bool {
	return t.watched(p, true, func() nat.Verdict { return t.translator.Inward(now, p.Bytes()) }) != nat.Dropped
}

// Leaves translates what goes to the outside.
func (t *translated) Leaves(now time.Time, p *ip.Packet, out *ip.Interface) bool {
	t.out, t.own = out.Name, p.In == nil
	return t.watched(p, false, func() nat.Verdict { return t.translator.Outward(now, p.Bytes()) }) != nat.Dropped
}

// watched translates a packet, and shows it to who watches what passes.
func (t *translated) watched(p *ip.Packet, inward bool, translate func() nat.Verdict) nat.Verdict {
	if !t.records.Watched() {
		return translate()
	}
	b := p.Bytes()
	seen := nat.Look(b, inward)
	made := t.translator.Counts().Made
	v := translate()
	if v == nat.Translated {
		seen.NewFrom, seen.NewTo, seen.First = ip.Source(b), ip.Destination(b), t.translator.Counts().Made != made
		t.records.Pass(seen)
	}
	return v
}

// side is that on which an interface is; "": none, as where nothing is translated.
func (t *translated) side(iface string) string {
	if t == nil {
		return ""
	}
	return t.sides[iface]
}

// names says whether the address of an interface is what something is translated to.
func (t *translated) names(iface string) bool {
	return t != nil && slices.Contains(t.inUse.Named, iface)
}

// state is what the screens show.
func (t *translated) state(now time.Time) show.NATState {
	if t == nil {
		return show.NATState{Flows: []nat.Flow{}, Rules: []show.NATRule{}}
	}
	counts := t.translator.Counts()
	s := show.NATState{
		Flows: t.translator.Flows(now), Inside: t.inUse.Inside, Outside: t.inUse.Outs, Rules: []show.NATRule{},
		Hits: counts.Hits, Misses: counts.Misses, Expired: counts.Expired,
	}
	for _, r := range t.inUse.Rules {
		rule := show.NATRule{Text: r.Name}
		for _, f := range s.Flows {
			if !f.Static && !f.Outside.Addr().Less(r.First) && !r.Last.Less(f.Outside.Addr()) {
				rule.Uses++
			}
		}
		s.Rules = append(s.Rules, rule)
	}
	return s
}
