package verdict

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/topologies"
)

// sixRouter is a router with one tunnel, which leads over IPv6 unless tunnel says otherwise.
func sixRouter(name, tunnel, more string) Config {
	return Config{File: name + ".cfg", Image: topologies.DefaultImage, Text: fmt.Sprintf(`hostname %s
ipv6 unicast-routing
crypto ikev2 keyring K
 peer SIX
  address ::/0
  pre-shared-key k
 peer FOUR
  address 0.0.0.0 0.0.0.0
  pre-shared-key k
crypto ikev2 profile P
 match identity remote any
 authentication remote pre-share
 authentication local pre-share
 keyring local K
crypto ipsec profile P
 set ikev2-profile P
interface Tunnel0
 tunnel source Ethernet0/0
 tunnel protection ipsec profile P
%s
%s
end
`, name, tunnel, more)}
}

// sites are two routers on a segment of both families, with a network of each behind them.
func sites(modeA, modeB, toB, toA string) []Config {
	one := func(name string, n, m int, mode, to string) Config {
		return sixRouter(name, fmt.Sprintf(" ip unnumbered Loopback0\n ipv6 enable\n tunnel mode %s\n tunnel destination %s", mode, to), fmt.Sprintf(`interface Loopback0
 ip address 192.168.%[1]d.1 255.255.255.0
 ipv6 address 2001:db8:%[1]d::1/64
interface Ethernet0/0
 ip address 10.0.0.%[1]d 255.255.255.0
 ipv6 address 2001:db8:12::%[1]d/64
ip route 192.168.%[2]d.0 255.255.255.0 Tunnel0
ipv6 route 2001:db8:%[2]d::/64 Tunnel0`, n, m))
	}
	return []Config{one("A", 1, 2, modeA, toB), one("B", 2, 1, modeB, toA)}
}

// TestFamilies: tunnels over either family are tried with the families that they are for.
func TestFamilies(t *testing.T) {
	t.Parallel()
	const fourA, fourB, sixA, sixB = "10.0.0.1", "10.0.0.2", "2001:db8:12::1", "2001:db8:12::2"
	for _, c := range []struct {
		mode, a, b string
		carries    []string // between which addresses
		not        []string
	}{
		{"ipsec ipv6", sixA, sixB, []string{"2001:db8:1::1 to 2001:db8:2::1"}, []string{"IPv4"}},
		{"ipsec ipv6 v4-overlay", sixA, sixB, []string{"192.168.1.1 to 192.168.2.1"}, []string{"IPv6"}},
		{"ipsec ipv4 v6-overlay", fourA, fourB, []string{"2001:db8:1::1 to 2001:db8:2::1"}, []string{"IPv4"}},
		{"ipsec dual-overlay", sixA, sixB, []string{"192.168.1.1 to 192.168.2.1", "2001:db8:1::1 to 2001:db8:2::1"}, nil},
		{"ipsec dual-overlay", fourA, fourB, []string{"192.168.1.1 to 192.168.2.1", "2001:db8:1::1 to 2001:db8:2::1"}, nil},
	} {
		r := tried(t, Options{}, sites(c.mode, c.mode, c.b, c.a)...)
		require.True(t, r.OK(), "%s %s\n%s", c.mode, c.a, r)
		require.Equal(t, []string{"A:Ethernet0/0 - B:Ethernet0/0"}, r.Links[:1])
		tunnel := r.Tunnels[0]
		require.Equal(t, netip.MustParseAddr(c.a), tunnel.Ends[0].Address)
		require.Equal(t, c.not, tunnel.NotFor)
		require.Equal(t, len(c.carries) == 2, tunnel.Traffic.IPv6 != nil)
		for _, pair := range c.carries {
			require.Contains(t, r.String(), "carries          5 of 5 echoes from "+pair+"\n")
		}
		require.Equal(t, len(c.not) > 0, strings.Contains(r.String(), "\n  not for "), r)
		for _, k := range append(tunnel.Rekeys, Rekey{Echoes: tunnel.Day.Echoes}) {
			require.Equal(t, len(c.carries) == 2, k.Echoes.IPv6 != nil, "a day and rekeys are tried with both families")
			sent, received := k.Echoes.total()
			require.Equal(t, sent, received)
			require.Positive(t, sent)
		}
		require.Len(t, tunnel.Rekeys, 4)
	}
	r := tried(t, Options{}, sites("ipsec ipv6", "ipsec ipv6 v4-overlay", sixB, sixA)...)
	require.False(t, r.OK(), r)
	require.Equal(t, []string{"IPv4", "IPv6"}, r.Tunnels[0].NotFor)
	r = tried(t, Options{}, sites("ipsec ipv6", "ipsec ipv6", sixB, fourA)...)
	require.Contains(t, r.String(), "B Tunnel0 leads to 10.0.0.1, which is A, and tunnel mode ipsec ipv6 of B does not lead over IPv4\n")
}

// TestWaysOfIPv6: what stands between two routers follows from their IPv6 addresses, too.
func TestWaysOfIPv6(t *testing.T) {
	const six = " ipv6 address 2001:db8:ff::%d/64\n tunnel mode ipsec ipv6\n tunnel destination %s\n%s"
	b := sixRouter("B", fmt.Sprintf(six, 2, "2001:db8:a::1", ""), "interface Ethernet0/0\n ipv6 address 2001:db8:b::9/64\nipv6 route ::/0 2001:db8:b::1")
	to := fmt.Sprintf(six, 1, "2001:db8:b::9", "")
	for name, a := range map[string]Config{
		"a global next hop":     sixRouter("A", to, "interface Ethernet0/0\n ipv6 address 2001:db8:a::1/64\nipv6 route ::/0 2001:db8:a::fe"),
		"a link-local next hop": sixRouter("A", to, "interface Ethernet0/0\n ipv6 address 2001:db8:a::1/64\nipv6 route ::/0 Ethernet0/0 fe80::fe"),
		"two addresses":         sixRouter("A", to, "interface Ethernet0/0\n ip address 192.0.2.1 255.255.255.0\n ipv6 address 2001:db8:a::1/127\nipv6 route ::/0 2001:db8:a::"),
		"a loopback": sixRouter("A", to+" tunnel source Loopback0", "interface Loopback0\n ipv6 address 2001:db8:a::1/128\n"+
			"interface Ethernet0/0\n ipv6 address 2001:db8:c::2/126\nipv6 route ::/0 2001:db8:c::1"),
		"a subinterface": sixRouter("A", to+" tunnel source Ethernet0/0.7", "interface Ethernet0/0\n no ip address\ninterface Ethernet0/0.7\n encapsulation dot1Q 7\n ipv6 address 2001:db8:a::1/64\nipv6 route ::/0 2001:db8:a::fe"),
	} {
		r := tried(t, Options{}, a, b)
		require.True(t, r.OK(), "%s\n%s", name, r)
		require.Equal(t, netip.MustParseAddr("2001:db8:ff::2"), r.Tunnels[0].Traffic.To)
	}
	missing := sixRouter("A", to, "interface Ethernet0/0\n ipv6 address 2001:db8:a::5/64\nipv6 route ::/0 2001:db8:a::fe")
	r := tried(t, Options{}, missing, b)
	require.Contains(t, r.String(), "B Tunnel0 leads to 2001:db8:a::1, which no router here has\n", "no hint at NAT")
	_, err := Join([]Config{missing, b}, Options{NAT: "A"})
	require.EqualError(t, err, "A has a tunnel over IPv6 by Ethernet0/0: a NAT gateway is for IPv4 alone")

	made := sixRouter("A", to, "interface Ethernet0/0\n ipv6 address 2001:db8:a::/64 eui-64\nipv6 route ::/0 2001:db8:a::fe")
	r = tried(t, Options{}, made, b)
	require.Contains(t, r.String(), "A Tunnel0 leads to 2001:db8:b::9, which cannot be judged: Ethernet0/0 has no address that the configuration says")
	require.Contains(t, r.String(), "B Tunnel0 leads to 2001:db8:a::1, which cannot be judged: A has an address of that network that follows from its hardware (eui-64)\n")
	require.Contains(t, r.String(), "Whether a tunnel leads from one of these routers to another cannot be judged.\n")

	behind := sixRouter("A", to+" tunnel source Loopback0", "interface Loopback0\n ipv6 address 2001:db8:a::1/128\n"+
		"interface Ethernet0/0\n ipv6 address 2001:db8:c::/64 eui-64\nipv6 route ::/0 Ethernet0/0 2001:db8:c::fe")
	r = tried(t, Options{}, behind, b)
	require.Contains(t, r.String(), "A Tunnel0 leads to 2001:db8:b::9, which cannot be judged: the interface that it leaves by has no address")
	require.Contains(t, r.String(), "B Tunnel0 leads to 2001:db8:a::1, which cannot be judged: it is A, and of Tunnel0 there nothing can be said, either\n")
	r = tried(t, Options{}, sites("ipsec ipv6", "ipsec ipv6", "fe80::9", "2001:db8:12::1")...)
	require.Contains(t, r.String(), "A Tunnel0 leads to fe80::9, which cannot be judged: a link-local address does not say by which cable\n")
	require.Contains(t, r.String(), "B Tunnel0 leads to 2001:db8:12::1, which cannot be judged: it is A,")
}
