package ikev2

import (
	"slices"

	"ikelab/ikev2/wire"
	"ikelab/ipsec/spd"
)

// toWire and fromWire translate selectors, of which there is mostly one.
func toWire(initiator bool, list []spd.Selector) *wire.TS {
	both := &struct {
		ts  wire.TS
		one [1]wire.Selector
	}{}
	ts := &both.ts
	ts.Initiator, ts.Selectors = initiator, both.one[:0]
	for _, s := range list {
		kind := uint8(wire.TSIPv4AddrRange)
		if s.Start.Is6() {
			kind = wire.TSIPv6AddrRange
		}
		ts.Selectors = append(ts.Selectors, wire.Selector{
			Type: kind, Protocol: s.Proto,
			StartPort: s.StartPort, EndPort: s.EndPort, Start: s.Start, End: s.End,
		})
	}
	return ts
}

func fromWire(ts *wire.TS) []spd.Selector {
	var list []spd.Selector
	for _, s := range ts.Selectors {
		if s.Type == wire.TSIPv4AddrRange || s.Type == wire.TSIPv6AddrRange {
			list = append(list, spd.Selector{
				Proto: s.Protocol, StartPort: s.StartPort, EndPort: s.EndPort, Start: s.Start, End: s.End,
			})
		}
	}
	return list
}

// selectors reads TSi and TSr.
func selectors(m *wire.Message) (tsi, tsr []spd.Selector, ok bool) {
	for ts := range wire.All[*wire.TS](m) {
		if ts.Initiator {
			tsi = fromWire(ts)
		} else {
			tsr = fromWire(ts)
		}
	}
	return tsi, tsr, len(tsi) > 0 && len(tsr) > 0
}

// askedOf is what an initiator asks for: what the entry protects, before it the
// packet that asks. "To enable the responder to choose the appropriate range in
// this case, if the initiator has requested the SA due to a data packet, the
// initiator SHOULD include as the first Traffic Selector in each of TSi and TSr a
// very specific Traffic Selector including the addresses in the packet triggering
// the request." (RFC 7296 2.9) A pair of several is rekeyed as it is.
func askedOf(x *exchange) [2][]spd.Selector {
	f := x.entry
	if x.old != nil && f.cfg.Several {
		return [2][]spd.Selector{x.old.local, x.old.remote}
	}
	out := f.cfg.Selectors
	for i, s := range x.packet {
		switch {
		case !s.Start.IsValid():
		case f.cfg.PerHost || f.single:
			out[i] = spd.Intersect(hostOf(s), out[i])
		case !slices.Contains(out[i], s):
			out[i] = append([]spd.Selector{s}, out[i]...)
		}
	}
	return out
}

// noPacket are the selectors of no packet.
var noPacket [2]spd.Selector

// hostOf is all traffic of the first address of a selector.
func hostOf(s spd.Selector) []spd.Selector {
	return []spd.Selector{{EndPort: lastPort, Start: s.Start, End: s.Start}}
}

const lastPort = 65535

// onePair is an offer without all but its first pair of addresses; ok is false where
// it does not begin with one. "This error indicates that a
// CREATE_CHILD_SA request is unacceptable because its sender is only willing to
// accept Traffic Selectors specifying a single pair of addresses." (RFC 7296 3.10.1)
func onePair(tsr, tsi []spd.Selector) (local, remote []spd.Selector, ok bool) {
	l, r := tsr[0], tsi[0]
	return spd.Intersect(hostOf(l), tsr), spd.Intersect(hostOf(r), tsi), l.Start == l.End && r.Start == r.End
}

// possible says that the peer may ask for another pair: "When narrowing is done,
// there may be several subsets that are acceptable but their union is not. In this
// case, the responder arbitrarily chooses one of them, and MAY include an
// ADDITIONAL_TS_POSSIBLE notification in the response." (RFC 7296 2.9)
func possible(x *exchange, local, remote []spd.Selector) bool {
	return x.old == nil && slices.ContainsFunc(x.sa.peer.entries, func(f *entry) bool {
		if f == x.entry || !f.cfg.Several || f.cfg.Profile != x.sa.profile.Name {
			return false
		}
		l, r := spd.Intersect(local, f.cfg.Selectors[0]), spd.Intersect(remote, f.cfg.Selectors[1])
		return len(l) > 0 && len(r) > 0 && !(within(l, x.child.local) && within(r, x.child.remote))
	})
}

// within says whether every selector of a lies in one of b.
func within(a, b []spd.Selector) bool {
	return !slices.ContainsFunc(a, func(s spd.Selector) bool {
		return !slices.ContainsFunc(b, func(t spd.Selector) bool { return t.Covers(s) })
	})
}

// plainly says whether a lies in b without anything twice.
func plainly(a, b []spd.Selector) bool { return slices.Equal(spd.Intersect(a, b), a) }

// sameTraffic says whether two pairs carry the same.
func (c *child) sameTraffic(d *child) bool {
	return slices.Equal(c.local, d.local) && slices.Equal(c.remote, d.remote)
}
