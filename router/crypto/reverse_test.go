package crypto

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ipsec/spd"
	"ikelab/router/ip"
)

// static are the static routes of a device, as prefix, next hop or interface, distance.
func (d *device) static() (list []ip.RouteState) {
	for _, r := range d.stack.Table.States() {
		if r.Code == "S" {
			list = append(list, r)
		}
	}
	return list
}

// Routes come with the pair and go with it; a rekey changes nothing.
func TestReverseRoutes(t *testing.T) {
	one, two := mapped(t)
	one.stack.SetRoutes(epoch, nil, []ip.StaticRoute{{Prefix: netip.MustParsePrefix("192.168.2.0/24"), NextHop: addr("10.0.0.2"), Distance: 1}})
	set := func(r Reverse) {
		one.set.Lines[0].Peers[0].Reverse = Share(r)
		one.maps.Put(epoch, one.stack.Interfaces.Get("Ethernet0/0"), one.set)
	}
	set(Reverse{On: true, Distance: 7, Tag: 9})
	require.Empty(t, one.static())
	install(t, one, two, 0x1000, forMap)
	route := ip.RouteState{Code: "S", Prefix: netip.MustParsePrefix("192.168.2.0/24"), NextHop: addr("10.0.0.2"), Distance: 7, Tag: 9}
	require.Equal(t, []ip.RouteState{route}, one.static())
	one.sayTo2(10)
	require.EqualValues(t, 0x1000, one.espSPI())

	was := one.stack.Table.Generation()
	install(t, one, two, 0x2000, func(a *Association) { forMap(a); a.Replaces = a.In.SPI - 0x1000 })
	one.crypto.Delete(epoch, 0x1001)
	require.Equal(t, was, one.stack.Table.Generation(), "a rekey touches no route")
	set(Reverse{On: true})
	route.Distance, route.Tag = 1, 0
	require.Equal(t, []ip.RouteState{route}, one.static(), "an edit takes effect at once")
	set(Reverse{})
	require.Empty(t, one.static())
	set(Reverse{On: true, NextHop: addr("10.0.0.254")})
	require.Equal(t, addr("10.0.0.254"), one.static()[0].NextHop)
	one.crypto.Delete(epoch, 0x2001)
	require.Empty(t, one.static())
}

// Two pairs with the same network behind them have one route, which stays until the
// last one goes; a configured route to the same place is somebody else's.
func TestReverseRoutesTogether(t *testing.T) {
	one, two := mapped(t)
	line := &one.set.Lines[0]
	line.Peers[0].Reverse = Share(Reverse{On: true})
	one.maps.Put(epoch, one.stack.Interfaces.Get("Ethernet0/0"), one.set)
	install(t, one, two, 0x1000, forMap)
	install(t, one, two, 0x2000, func(a *Association) { forMap(a); a.Local, a.Remote = oneHost(a.Local), oneHost(a.Remote) })
	install(t, one, two, 0x3000, forMap)
	require.Len(t, one.static(), 2)
	one.crypto.Delete(epoch, 0x1001)
	require.Len(t, one.static(), 2)
	one.crypto.Delete(epoch, 0x3001)
	require.Equal(t, "192.168.2.0/24", one.static()[0].Prefix.String(), "the one of the configuration")
	one.crypto.Delete(epoch, 0x2001)
	require.Len(t, one.static(), 1)
}

// oneHost is the second address of a network alone.
func oneHost(list []spd.Selector) []spd.Selector {
	a := list[0].Start.Next()
	return []spd.Selector{spd.PrefixSelector(netip.PrefixFrom(a, 32))}
}

// A range that is no network is several; what a peer may bring is bounded; a route
// that would lead to itself, and one to everything behind a tunnel, is none.
func TestReverseNetworks(t *testing.T) {
	texts := func(start, end string) (list []string) {
		for _, p := range prefixesOf(addr(start), addr(end)) {
			list = append(list, p.String())
		}
		return list
	}
	require.Equal(t, []string{"10.0.0.1/32", "10.0.0.2/31", "10.0.0.4/30", "10.0.0.8/31"}, texts("10.0.0.1", "10.0.0.9"))
	require.Equal(t, []string{"0.0.0.0/0"}, texts("0.0.0.0", "255.255.255.255"))
	require.Equal(t, []string{"255.255.255.255/32"}, texts("255.255.255.255", "255.255.255.255"))
	require.Len(t, texts("0.0.0.1", "255.255.255.254"), 62)
	require.Empty(t, texts("10.0.0.9", "10.0.0.1"))

	peer := addr("10.0.0.2")
	all := spd.Selector{Start: addr("0.0.0.1"), End: addr("255.255.255.254")}
	more := spd.Selector{Start: addr("0.0.0.3"), End: addr("255.255.255.252")}
	require.Len(t, (&Reverse{On: true}).Routes(peer, []spd.Selector{all, more}), maxReverse)
	require.Empty(t, (&Reverse{On: true, Interface: "Tunnel0"}).Routes(peer, everything))
	require.Empty(t, (&Reverse{}).Routes(peer, everything))
	require.Equal(t, []ip.StaticRoute{
		{Prefix: netip.MustParsePrefix("10.0.0.2/32"), NextHop: addr("10.9.0.1"), Distance: 1}, {Prefix: netip.MustParsePrefix("0.0.0.0/0"), NextHop: peer, Distance: 1},
	}, (&Reverse{On: true, Gateway: addr("10.9.0.1")}).Routes(peer, everything))
}

// What a tunnel interface's peer has narrowed to lies behind the tunnel.
func TestReverseRoutesOfTunnels(t *testing.T) {
	one, two := twoEnds(t)
	one.settings.Reverse = Share(Reverse{On: true, Interface: "Tunnel0"})
	one.entry.Set(epoch, one.settings)
	install(t, one, two, 0x1000, func(a *Association) { a.Remote = prefixes("172.20.0.0/16") })
	require.Equal(t, ip.RouteState{Code: "S", Prefix: netip.MustParsePrefix("172.20.0.0/16"), Interface: "Tunnel0", Distance: 1}, one.static()[0])
	one.settings.Active = false
	one.entry.Set(epoch, one.settings)
	require.NotContains(t, one.static(), ip.RouteState{Code: "S", Prefix: netip.MustParsePrefix("172.20.0.0/16"), Interface: "Tunnel0", Distance: 1})
}

// Static routes stand as long as the list does.
func TestStaticReverseRoutes(t *testing.T) {
	one, _ := mapped(t)
	i := one.stack.Interfaces.Get("Ethernet0/0")
	one.set.Routes = (&Reverse{On: true}).Routes(addr("10.0.0.2"), prefixes("172.20.0.0/16"))
	one.maps.Put(epoch, i, one.set)
	require.Len(t, one.static(), 2)
	one.maps.Put(epoch, i, ClauseSettings{})
	require.Len(t, one.static(), 1)
}
