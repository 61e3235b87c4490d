package policy

import (
	"fmt"
	"net/netip"
	"slices"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/ipsec/spd"
	"ikelab/router/acl"
	"ikelab/router/crypto"
	"ikelab/router/ip"
)

// MapOf is the name of the crypto map of an interface; "": it has none.
func MapOf(i *iosconfig.Interface) string {
	if !i.Type.Physical() {
		return ""
	}
	return i.CryptoMap
}

// MapEntry is an entry of the crypto map of an interface, and what IKE is asked for on its behalf:
// for each line of its list that protects, and each peer. lists are where its lookups are made.
//
// An entry that lacks a peer or a list protects nothing; one that lacks something else lets nothing pass
// that it would protect, and nor does a line that selectors cannot say.
func MapEntry(c *iosconfig.Config, i *iosconfig.Interface, m *iosconfig.CryptoMap, lists acl.Lists) (set crypto.ClauseSettings, demands []ikev2.ChildPolicy) {
	set.Number = m.Sequence
	peers := peersOf(c, m)
	if len(peers) == 0 {
		return set, nil
	}
	set.Inside, set.Lookup = insideOf(c, i, m), lookup(lists.Get(m.Match))
	for _, line := range AccessList(c, m.Match) {
		to, _ := around(line.To)
		set.Toward = append(set.Toward, to)
		ident, ok := identOf(&line.Entry)
		if line.Deny || ok && (len(ident[0]) == 0 || len(ident[1]) == 0) {
			continue
		}
		if !ok {
			ident = [2][]spd.Selector{{spd.AnyIPv4()}, {spd.AnyIPv4()}} // of a demand that is never made
		}
		l := crypto.LineSettings{Number: line.Number, Default: m.Default != iosconfig.MapPeer{}}
		if r := reverse(&m.Reverse); m.Reverse.Static && peers[0].IsValid() && ok {
			r.On, r.VRF, r.HopVRF = true, set.Inside, iosconfig.VRFNumber(c, i.VRF)
			set.Routes = append(set.Routes, r.Routes(peers[0], ident[1])...)
		}
		for _, peer := range peers {
			d := mapPolicy(c, i, m, peer, line.Number)
			d.Selectors, d.Hosts = ident, between(ident, d.Local, d.Remote)
			s := mapEntry(c, i, m, &d)
			s.Active = s.Active && ok
			l.Peers = append(l.Peers, crypto.PeerSettings{Name: d.Entry, Settings: s})
			if s.Active {
				d.Order = int64(m.Sequence)<<32 + int64(len(demands))
				demands = append(demands, d)
			}
		}
		set.Lines = append(set.Lines, l)
	}
	return set, demands
}

// lookup asks an access list.
func lookup(l *acl.List) func(pkt []byte, mirrored bool) (line int, protect, ok bool) {
	return func(pkt []byte, mirrored bool) (int, bool, bool) {
		match := l.Match
		if mirrored {
			match = l.MatchMirrored
		}
		line, v := match(pkt)
		return line, v == acl.Permit, v != acl.None
	}
}

// between says whether selectors are the ends of a pair themselves: transport mode can be
// (RFC 7296 2.23.1).
func between(ident [2][]spd.Selector, local, remote netip.Addr) bool {
	for i, end := range []netip.Addr{local, remote} {
		if slices.ContainsFunc(ident[i], func(s spd.Selector) bool { return s.Start != end || s.End != end }) {
			return false
		}
	}
	return true
}

// peersOf are the addresses of the peers in the order in which they are tried. A name
// that nobody knows has none; where all are such, one without an address lets nothing
// pass.
func peersOf(c *iosconfig.Config, m *iosconfig.CryptoMap) (list []netip.Addr) {
	for _, first := range []bool{true, false} {
		for _, p := range m.Peers {
			if a, ok := c.AddressOfPeer(p); ok && (p == m.Default) == first && !slices.Contains(list, a) {
				list = append(list, a)
			}
		}
	}
	if len(list) == 0 && len(m.Peers) > 0 {
		list = append(list, netip.Addr{})
	}
	return list
}

func mapPolicy(c *iosconfig.Config, i *iosconfig.Interface, m *iosconfig.CryptoMap, peer netip.Addr, line int) ikev2.ChildPolicy {
	local := i.Address.Addr()
	if s := c.IPsec.MapSources.Get(m.Name); s != nil {
		local = addressOf(c, s.Interface)
	}
	out := ikev2.ChildPolicy{
		Entry: fmt.Sprintf("%s %s line %d peer %v", i.Name(), m.Key(), line, peer), Local: local, Remote: peer, VRF: iosconfig.VRFNumber(c, i.VRF), Several: true, PerHost: m.PerHost,
	}
	ask(c, &m.Protection, &out)
	return out
}

// insideOf is the VRF of what a crypto map protects: that of its IKEv2 profile, else the
// interface's.
func insideOf(c *iosconfig.Config, i *iosconfig.Interface, m *iosconfig.CryptoMap) int {
	return iosconfig.VRFNumber(c, iosconfig.InsideOf(c, i, m))
}

// mapEntry is the SPD entry of a line for one peer.
func mapEntry(c *iosconfig.Config, i *iosconfig.Interface, m *iosconfig.CryptoMap, d *ikev2.ChildPolicy) crypto.Settings {
	s := crypto.Settings{
		Local: d.Local, Remote: d.Remote, Doors: crypto.Doors{VRF: d.VRF, Inside: insideOf(c, i, m)}, Map: m.Name, Sequence: m.Sequence, Protected: true, Several: true, OnDemand: true, TTL: ip.DefaultTTL,
	}
	s.Active = !i.Shutdown && s.Local.Is4() && s.Remote.Is4() && len(d.Suites) > 0 && len(m.TransformSets) > 0
	protect(c, i, &m.Protection, d, &s)
	r := reverse(&m.Reverse)
	r.VRF, r.HopVRF = s.Inside, s.VRF
	s.Reverse = crypto.Share(r)
	return s
}

// reverse is what routes there are to what lies behind a peer; static ones do not
// come with pairs.
func reverse(r *iosconfig.ReverseRoute) crypto.Reverse {
	out := crypto.Reverse{On: r.On && !r.Static, NextHop: r.Peer, Distance: r.Metric, Tag: r.Tag}
	if r.Gateway {
		out.NextHop, out.Gateway = netip.Addr{}, r.Peer
	}
	return out
}
