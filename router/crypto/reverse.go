package crypto

import (
	"cmp"
	"math/bits"
	"net/netip"
	"slices"
	"time"

	"ikelab/ipsec/spd"
	"ikelab/router/ip"
)

// Reverse says what routes there are to what lies behind a peer (IOS: reverse route
// injection).
type Reverse struct {
	On        bool
	VRF       int        // that the routes are in, by number
	HopVRF    int        // that leads to the peer
	Interface string     // routes lead into a tunnel interface; "": to a next hop
	NextHop   netip.Addr // invalid: the peer
	Gateway   netip.Addr // of a route to the peer itself; invalid: there is none
	Distance  int
	Tag       uint32
}

// maxReverse is how many routes one pair may bring: the other end has a say in its
// selectors.
const maxReverse = 64

// Routes are those to the networks of selectors, behind a peer. A tunnel interface
// that is asked for everything has none: everything is no network.
func (r *Reverse) Routes(peer netip.Addr, remote []spd.Selector) (list []ip.StaticRoute) {
	if !r.On {
		return nil
	}
	put := func(vrf int, to netip.Prefix, hop netip.Addr) {
		route := ip.StaticRoute{VRF: vrf, HopVRF: r.HopVRF, Prefix: to, NextHop: hop, Interface: r.Interface, Distance: max(1, r.Distance), Tag: r.Tag}
		if len(list) < maxReverse && !slices.Contains(list, route) {
			list = append(list, route)
		}
	}
	if r.Gateway.IsValid() {
		put(r.HopVRF, netip.PrefixFrom(peer, peer.BitLen()), r.Gateway)
	}
	hop := cmp.Or(r.NextHop, peer)
	if r.Interface != "" {
		hop = netip.Addr{}
	}
	for _, s := range remote {
		for _, p := range prefixesOf(s.Start, s.End) {
			if p.Bits() > 0 || r.Interface == "" {
				put(r.VRF, p, hop)
			}
		}
	}
	return list
}

// prefixesOf are the networks that a range consists of: 62 at most.
func prefixesOf(start, end netip.Addr) (list []netip.Prefix) {
	if !start.Is4() || !end.Is4() {
		return nil
	}
	first, last := uint64(number(start)), uint64(number(end))
	for first <= last {
		size := min(bits.TrailingZeros32(uint32(first)), bits.Len64(last-first+1)-1) // aligned, and not too long
		list = append(list, netip.PrefixFrom(start, 32-size))
		first += 1 << size
		start = netip.AddrFrom4([4]byte{byte(first >> 24), byte(first >> 16), byte(first >> 8), byte(first)})
	}
	return list
}

func number(a netip.Addr) uint32 {
	b := a.As4()
	return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
}

// injected are the routes of all pairs and lists, and how many want each: it stays
// until the last one goes.
type injected struct {
	stack *ip.Stack
	users map[ip.StaticRoute]int
}

// swap has routes in the place of others.
func (i *injected) swap(now time.Time, in, out []ip.StaticRoute) {
	var come, gone []ip.StaticRoute
	if i.users == nil && len(in) > 0 {
		i.users = map[ip.StaticRoute]int{}
	}
	for _, r := range in {
		if i.users[r]++; i.users[r] == 1 {
			come = append(come, r)
		}
	}
	for _, r := range out {
		if i.users[r]--; i.users[r] == 0 {
			delete(i.users, r)
			gone = append(gone, r)
		}
	}
	if len(come)+len(gone) > 0 {
		i.stack.SetRoutes(now, come, gone)
	}
}
