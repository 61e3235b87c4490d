package ip

import (
	"cmp"
	"net/netip"
	"slices"
	"time"
)

// SixState is what the screens see of IPv6 of a device.
type SixState struct {
	Routing    bool // packets are sent on
	Routes     []RouteState
	Neighbours []SixNeighbour
	Totals     *Totals
	Limited    uint64 // errors of ICMPv6 that did not leave
}

// SixInterface is IPv6 of an interface.
type SixInterface struct {
	LinkLocal SixAddress   `json:"link_local"`
	Lender    string       `json:"unnumbered,omitempty"` // whose address it uses
	Addresses []SixAddress `json:"addresses,omitempty"`
	Groups    []netip.Addr `json:"groups"`
	Auto      bool         `json:"autoconfiguration"`
	// Advertises is what hosts are told there; nil: nothing.
	Advertises *SixAdvertising `json:"router_advertisements,omitempty"`
}

// SixAdvertising is what a router tells the hosts of a link, and when.
type SixAdvertising struct {
	Interval   int    `json:"interval_seconds"`
	Lifetime   int    `json:"lifetime_seconds"`
	Suppressed string `json:"suppressed,omitempty"` // periodic: it answers; all
}

// SixAddress is one of its addresses.
type SixAddress struct {
	Prefix netip.Prefix `json:"address"`
	Made   bool         `json:"eui64"`          // of the hardware address
	Auto   bool         `json:"autoconfigured"` // a router has said the network
	State  string       `json:"state"`          // valid, tentative, duplicate
}

// SixNeighbour is an entry of the neighbour cache.
type SixNeighbour struct {
	Address   netip.Addr `json:"address"`
	MAC       MAC        `json:"mac,omitzero"`
	State     string     `json:"state"` // as IOS has it: REACH
	Learned   time.Time  `json:"learned,omitzero"`
	Interface string     `json:"interface"`
}

// SixStateOf is that of a device, with the routes of a VRF.
func SixStateOf(s *Stack, vrf int) SixState {
	x := SixState{Routing: s.Forward6, Routes: s.VRF(vrf).states(func(r *Route) bool { return !r.prefix.addr.is4() }), Neighbours: []SixNeighbour{}, Totals: s.Totals6(), Limited: s.Limited6}
	for _, i := range s.Interfaces.All() {
		for _, n := range i.Neighbours() {
			if n.Address.Is6() {
				x.Neighbours = append(x.Neighbours, SixNeighbour{n.Address, n.MAC, n.reach(), n.Learned, i.Name})
			}
		}
	}
	slices.SortFunc(x.Neighbours, func(a, b SixNeighbour) int {
		return cmp.Or(a.Address.Compare(b.Address), cmp.Compare(a.Interface, b.Interface))
	})
	return x
}

func (n *Neighbour) reach() string {
	if !n.Resolved {
		return "INCMP"
	}
	return [...]string{"REACH", "STALE", "DELAY", "PROBE"}[n.state]
}

// SixOf is IPv6 of an interface; nil: it does not speak it.
func SixOf(i *Interface) *SixInterface {
	if !i.six.on() {
		return nil
	}
	state := func(p prefix, made bool) SixAddress {
		a := SixAddress{Prefix: p.netip(), Made: made, State: "valid"}
		switch {
		case i.six.detection.taken(p.addr):
			a.State = "duplicate"
		case !i.Protocol || i.six.pending(p.addr):
			a.State = "tentative"
		}
		return a
	}
	s := &SixInterface{LinkLocal: state(prefix{i.six.linkLocal, 64}, false), Lender: i.Settings.six().Lender, Auto: i.Settings.six().Auto, Advertises: advertisingOf(i)}
	groups := []address{allNodes, allRouters, solicited(i.six.linkLocal)}
	for _, own := range i.addrs {
		if !own.addr.is4() {
			made := slices.ContainsFunc(i.Settings.six().EUI64, func(p netip.Prefix) bool { return p == own.network().netip() })
			one := state(own, made)
			one.Auto = slices.ContainsFunc(i.six.networks(), func(l learned) bool { return l.at == own })
			s.Addresses = append(s.Addresses, one)
			groups = append(groups, solicited(own.addr))
		}
	}
	slices.SortFunc(groups, func(a, b address) int { return a.netip().Compare(b.netip()) })
	for _, g := range slices.Compact(groups) {
		if joined(i, g, i.table.s.Forward6) {
			s.Groups = append(s.Groups, g.netip())
		}
	}
	return s
}

func advertisingOf(i *Interface) *SixAdvertising {
	if !i.Physical || !i.table.s.Forward6 {
		return nil
	}
	set := &i.Settings.six().RA
	a := &SixAdvertising{Interval: int(cmp.Or(set.Interval, usualInterval) / time.Second), Lifetime: int(set.Lifetime / time.Second)}
	switch {
	case set.Silent:
		a.Suppressed = "all"
	case set.Quiet:
		a.Suppressed = "periodic"
	}
	return a
}
