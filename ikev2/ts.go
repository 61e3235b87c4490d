package ikev2

import (
	"slices"

	"ikelab/ikev2/wire"
	"ikelab/ipsec/spd"
)

// toWire and fromWire translate selectors. IPv6 ranges of the peer are left
// out: this engine protects IPv4.
func toWire(initiator bool, list []spd.Selector) *wire.TS {
	ts := &wire.TS{Initiator: initiator}
	for _, s := range list {
		ts.Selectors = append(ts.Selectors, wire.Selector{
			Type: wire.TSIPv4AddrRange, Protocol: s.Proto,
			StartPort: s.StartPort, EndPort: s.EndPort, Start: s.Start, End: s.End,
		})
	}
	return ts
}

func fromWire(ts *wire.TS) []spd.Selector {
	var list []spd.Selector
	for _, s := range ts.Selectors {
		if s.Type == wire.TSIPv4AddrRange {
			list = append(list, spd.Selector{
				Proto: s.Protocol, StartPort: s.StartPort, EndPort: s.EndPort, Start: s.Start, End: s.End,
			})
		}
	}
	return list
}

// selectors reads TSi and TSr.
func selectors(m *wire.Message) (tsi, tsr []spd.Selector, ok bool) {
	for _, ts := range wire.All[*wire.TS](m) {
		if ts.Initiator {
			tsi = fromWire(ts)
		} else {
			tsr = fromWire(ts)
		}
	}
	return tsi, tsr, len(tsi) > 0 && len(tsr) > 0
}

// within says whether every selector of a lies in b.
func within(a, b []spd.Selector) bool {
	return slices.Equal(spd.Intersect(a, b), a)
}
