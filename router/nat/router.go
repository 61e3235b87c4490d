package nat

import (
	"cmp"
	"net/netip"
	"slices"
	"time"
)

// Configure makes a translator a router's: these are its static mappings, its
// timeouts and its rules. What none of them speaks of any more ends.
func (t *Translator) Configure(set Settings, rules []Rule) {
	for _, s := range t.settings.Static {
		t.forget(s.mapping(t.settings.Outside))
	}
	t.router, t.settings, t.rules = true, set, rules
	for c := range t.queues {
		for m := t.queues[c].first; m != nil; {
			here := m
			m = m.after
			if !t.covered(here) {
				t.end(here, Removed)
			}
		}
	}
	t.open(netip.Addr{})
	t.watch()
}

// covered says whether some rule still maps to where a mapping does, and no static
// mapping wants its place.
func (t *Translator) covered(m *mapping) bool {
	taken := slices.ContainsFunc(t.settings.Static, func(s Static) bool {
		o := s.mapping(t.settings.Outside)
		return o.insideKey() == m.insideKey() || o.outsideKey() == m.outsideKey()
	})
	return !taken && slices.ContainsFunc(t.rules, func(r Rule) bool { return r.has(m.outside.Addr()) && r.Overload == (m.proto != whole) })
}

// Translates says whether packets to an address outside may be for somebody inside.
func (t *Translator) Translates(a netip.Addr) bool {
	return slices.ContainsFunc(t.rules, func(r Rule) bool { return r.has(a) }) ||
		slices.ContainsFunc(t.settings.Static, func(s Static) bool { return s.Outside == a })
}

// Flow is what goes through a mapping, as screens have it.
type Flow struct {
	Protocol uint8          `json:"protocol,omitempty"` // 0: the mapping is of whole addresses
	Inside   netip.AddrPort `json:"inside_local"`
	Outside  netip.AddrPort `json:"inside_global"`
	Remote   netip.AddrPort `json:"outside,omitzero"` // whom it is with; invalid: anybody
	Static   bool           `json:"static"`
	Made     time.Time      `json:"made,omitzero"`
	Used     time.Time      `json:"used,omitzero"`
	Ends     time.Time      `json:"ends,omitzero"`
}

// Flows are what is mapped for those inside, static mappings first, each with the peers that it lets in.
func (t *Translator) Flows(now time.Time) []Flow {
	list := []Flow{}
	for _, m := range t.outside {
		if m.inside.Addr() == m.outside.Addr() {
			continue // the router's own
		}
		f := Flow{Protocol: m.proto, Inside: m.inside, Outside: m.outside, Static: m.static, Made: m.made, Used: m.used}
		timeout := t.settings.timeout(m.proto)
		if !m.static {
			f.Ends = m.used.Add(timeout)
		}
		if m.static || m.proto == whole {
			list = append(list, f)
		}
		for peer, at := range m.peers {
			if f.Static = false; m.proto != whole && now.Sub(at) < timeout {
				f.Remote, f.Used, f.Ends = peer, at, at.Add(timeout)
				list = append(list, f)
			}
		}
	}
	slices.SortFunc(list, func(a, b Flow) int {
		return cmp.Or(cmp.Compare(b.order(), a.order()), cmp.Compare(a.Protocol, b.Protocol), a.Outside.Compare(b.Outside), a.Remote.Compare(b.Remote))
	})
	return list
}

func (f *Flow) order() int {
	if f.Static {
		return 1
	}
	return 0
}

// Counts are what the translator has done.
func (t *Translator) Counts() Counts { return t.counts }
