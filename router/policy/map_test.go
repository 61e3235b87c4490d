package policy

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/ipsec"
	"ikelab/router/acl"
	"ikelab/router/crypto"
	"ikelab/router/ip"
)

const mapText = `
crypto ikev2 keyring K
 peer all
  address 0.0.0.0 0.0.0.0
  pre-shared-key key
crypto ikev2 profile PROF
 match identity remote address 0.0.0.0
 authentication local pre-share
 authentication remote pre-share
 keyring local K
crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
ip access-list extended L
 deny ip host 192.168.1.9 any
 permit ip 192.168.1.0 0.0.0.255 192.168.2.0 0.0.0.255
 permit tcp any range 80 90 host 192.168.3.1
interface Loopback7
 ip address 10.7.0.1 255.255.255.255
interface Ethernet0/0
 ip address 10.0.0.1 255.255.255.0
 crypto map MAP
crypto map MAP 10 ipsec-isakmp
 set peer 10.0.0.2
 set peer 10.0.0.3
 set transform-set TS
 set ikev2-profile PROF
 match address L
`

// mapped is the crypto map of an interface.
type mapped struct {
	Tag     string
	Clauses []crypto.ClauseSettings // that protect something
	Routes  []ip.StaticRoute
}

// mapOf is the crypto map of Ethernet0/0 after some more lines below its entry, which
// may end in others.
func mapOf(t *testing.T, more string) (set mapped, demands []ikev2.ChildPolicy) {
	t.Helper()
	c := load(t, mapText+more)
	lists := acl.Lists{}
	for l := range c.Access.All() {
		lists.Set(l.Name, AccessList(c, l.Name))
	}
	i := c.Interface("Ethernet0/0")
	set.Tag = MapOf(i)
	for _, m := range c.CryptoMap(set.Tag) {
		clause, asked := MapEntry(c, i, m, lists)
		if set.Routes, demands = append(set.Routes, clause.Routes...), append(demands, asked...); len(clause.Lines) > 0 {
			set.Clauses = append(set.Clauses, clause)
		}
	}
	return set, demands
}

// Each line that permits has an entry for each peer, in their order; what IKE is asked
// for has an order of its own.
func TestMap(t *testing.T) {
	set, demands := mapOf(t, "")
	require.Equal(t, "MAP", set.Tag)
	require.Len(t, set.Clauses, 1)
	require.Len(t, set.Clauses[0].Lines, 2)
	require.Equal(t, 20, set.Clauses[0].Lines[0].Number)
	var names []string
	for n, d := range demands {
		require.Equal(t, int64(10)<<32+int64(n), d.Order)
		require.Equal(t, "PROF", d.Profile)
		require.Equal(t, netip.MustParseAddr("10.0.0.1"), d.Local)
		names = append(names, d.Entry)
	}
	require.Equal(t, []string{
		"Ethernet0/0 MAP 10 line 20 peer 10.0.0.2", "Ethernet0/0 MAP 10 line 20 peer 10.0.0.3",
		"Ethernet0/0 MAP 10 line 30 peer 10.0.0.2", "Ethernet0/0 MAP 10 line 30 peer 10.0.0.3",
	}, names)
	s := set.Clauses[0].Lines[1].Peers[1].Settings
	require.Equal(t, netip.MustParseAddr("10.0.0.3"), s.Remote)
	require.True(t, s.Active && s.Several && s.OnDemand && s.Protected)
	asked := s.Demand.Value()
	require.Equal(t, "192.168.3.1", asked.Remote.Start.String())
	require.Equal(t, [2]uint16{80, 90}, [2]uint16{asked.Local.StartPort, asked.Local.EndPort})
}

// Where the packets go that lines are about, also those that deny: no others are looked up.
func TestWhereMapsLead(t *testing.T) {
	set, _ := mapOf(t, "ip access-list extended L\n permit ip any 10.8.0.0 0.0.5.255\n permit ip any any")
	var toward []string
	for _, p := range set.Clauses[0].Toward {
		toward = append(toward, p.String())
	}
	require.Equal(t, []string{"0.0.0.0/0", "192.168.2.0/24", "192.168.3.1/32", "10.8.0.0/21", "0.0.0.0/0"}, toward)
}

// Each line below an entry changes what the data plane does, or what IKE is asked for.
func TestLinesOfMaps(t *testing.T) {
	entry := func(more string) (crypto.Settings, ikev2.ChildPolicy, mapped) {
		set, demands := mapOf(t, more)
		return set.Clauses[0].Lines[0].Peers[0].Settings, demands[0], set
	}
	s, d, set := entry("")
	require.Equal(t, []any{64, crypto.DFCopy, time.Duration(0), time.Hour, uint64(4608000), ipsec.Group(0), false, crypto.Reverse{}},
		[]any{s.Window, s.DF, s.Idle, d.Lifetime, d.Kilobytes, d.PFS, d.PerHost, s.Reverse.Value()}, "the defaults")
	require.Empty(t, set.Routes)
	for line, holds := range map[string]func() bool{
		"set pfs group19": func() bool { return d.PFS == 19 },
		"set security-association lifetime seconds 300":          func() bool { return d.Lifetime == 5*time.Minute && s.Demand.Value().Lifetime == d.Lifetime },
		"set security-association lifetime kilobytes 2560":       func() bool { return d.Kilobytes == 2560 && s.Demand.Value().Kilobytes == 2560 },
		"set security-association lifetime kilobytes disable":    func() bool { return d.Kilobytes == 0 },
		"set security-association idle-time 60":                  func() bool { return s.Idle == time.Minute },
		"set security-association replay window-size 256":        func() bool { return s.Window == 256 },
		"set security-association replay disable":                func() bool { return s.Window == 0 },
		"set security-association dfbit clear":                   func() bool { return s.DF == crypto.DFClear },
		"set security-association level per-host":                func() bool { return d.PerHost },
		"set peer 10.0.0.3 default":                              func() bool { return s.Remote.String() == "10.0.0.3" && set.Clauses[0].Lines[0].Default },
		"reverse-route":                                          func() bool { return s.Reverse == crypto.Share(crypto.Reverse{On: true}) && len(set.Routes) == 0 },
		"crypto map MAP local-address Loopback7":                 func() bool { return d.Local.String() == "10.7.0.1" && s.Local == d.Local },
		"crypto ipsec security-association replay disable":       func() bool { return s.Window == 0 },
		"crypto ipsec security-association idle-time 90":         func() bool { return s.Idle == 90*time.Second },
		"crypto ipsec security-association lifetime seconds 999": func() bool { return d.Lifetime == 999*time.Second },
		"crypto ipsec df-bit set":                                func() bool { return s.DF == crypto.DFSet },
		"crypto ipsec fragmentation after-encryption":            func() bool { return s.FragmentAfter },
	} {
		s, d, set = entry("")
		require.False(t, holds(), line)
		s, d, set = entry(line)
		require.True(t, holds(), line)
	}
}

// A line between the two ends themselves may be in transport mode.
func TestHostsOfMaps(t *testing.T) {
	for line, hosts := range map[string]bool{
		"permit gre host 10.0.0.1 host 10.0.0.2": true, "permit ip host 10.0.0.1 host 10.0.0.3": false,
		"permit ip host 10.0.0.1 10.0.0.2 0.0.0.1": false, "permit udp host 10.0.0.1 range 7 9 host 10.0.0.2": true,
	} {
		set, demands := mapOf(t, "match address 107\ncrypto ipsec transform-set TS esp-aes\n mode transport\naccess-list 107 "+line)
		require.Equal(t, hosts, demands[0].Hosts, line)
		require.Equal(t, hosts, set.Clauses[0].Lines[0].Peers[0].Demand.Value().Transport, line)
	}
}

// Routes of a static reverse-route lead to the first peer, or where it is told.
func TestReverseRoute(t *testing.T) {
	to := func(prefix, hop string) ip.StaticRoute {
		return ip.StaticRoute{Prefix: netip.MustParsePrefix(prefix), NextHop: netip.MustParseAddr(hop), Distance: 1}
	}
	set, _ := mapOf(t, "reverse-route static")
	require.Equal(t, []ip.StaticRoute{to("192.168.2.0/24", "10.0.0.2"), to("192.168.3.1/32", "10.0.0.2")}, set.Routes)
	require.False(t, set.Clauses[0].Lines[0].Peers[0].Reverse.Value().On)
	set, _ = mapOf(t, "reverse-route remote-peer 10.0.0.254 static")
	require.Equal(t, to("192.168.2.0/24", "10.0.0.254"), set.Routes[0])
	set, _ = mapOf(t, "reverse-route remote-peer 10.0.0.254 gateway\n set reverse-route distance 9\n set reverse-route tag 4294967295")
	require.Equal(t, crypto.Reverse{On: true, Gateway: netip.MustParseAddr("10.0.0.254"), Distance: 9, Tag: 4294967295}, set.Clauses[0].Lines[0].Peers[0].Reverse.Value())

	c := load(t, text+"crypto ipsec profile IPP\n reverse-route")
	s, _ := entryOf(t, c, "Tunnel0")
	require.Equal(t, crypto.Reverse{On: true, Interface: "Tunnel0"}, s.Reverse.Value())
}

// An entry that lacks a peer or a list protects nothing; one that lacks something else
// is there, and lets nothing pass.
func TestIncompleteMaps(t *testing.T) {
	for _, line := range []string{"no set peer 10.0.0.2\n no set peer 10.0.0.3", "no match address", "match address NOTHING"} {
		set, demands := mapOf(t, line)
		require.Empty(t, set.Clauses, line)
		require.Empty(t, demands, line)
		require.Equal(t, "MAP", set.Tag)
	}
	set, demands := mapOf(t, "no set transform-set")
	require.Empty(t, demands)
	require.False(t, set.Clauses[0].Lines[0].Peers[0].Active)
	set, demands = mapOf(t, "ip access-list extended ODD\n permit ip 10.0.0.0 0.170.170.170 any\n permit ip 10.0.0.0 0.0.0.255 any\n permit tcp any any gt 65535\n"+
		"crypto map MAP 10\n match address ODD\n reverse-route static")
	require.Len(t, demands, 2, "for the two peers of the second line")
	require.Len(t, set.Clauses[0].Lines, 2)
	require.Equal(t, []any{10, false, 20, true}, []any{
		set.Clauses[0].Lines[0].Number, set.Clauses[0].Lines[0].Peers[0].Active, set.Clauses[0].Lines[1].Number, set.Clauses[0].Lines[1].Peers[0].Active,
	})
	require.Len(t, set.Routes, 1)
	set, demands = mapOf(t, "interface Ethernet0/0\n shutdown")
	require.Empty(t, demands)
	require.False(t, set.Clauses[0].Lines[0].Peers[0].Active)
	set, demands = mapOf(t, "interface Ethernet0/0\n no crypto map")
	require.Equal(t, mapped{}, set)
	require.Empty(t, demands)
}

// What a line is about, as selectors: wildcards whose bits do not stand together are
// several ranges, and too many of them are none.
func TestSelectors(t *testing.T) {
	of := func(line string) (ends [2][]string, ok bool) {
		c := load(t, "ip access-list extended L\n "+line)
		ident, ok := identOf(&AccessList(c, "L")[0].Entry)
		for n, list := range ident {
			for _, s := range list {
				ends[n] = append(ends[n], fmt.Sprintf("%d %v-%v %d-%d", s.Proto, s.Start, s.End, s.StartPort, s.EndPort))
			}
		}
		return ends, ok
	}
	for line, want := range map[string][2][]string{
		"permit ip 10.1.0.0 0.0.255.255 any":          {{"0 10.1.0.0-10.1.255.255 0-65535"}, {"0 0.0.0.0-255.255.255.255 0-65535"}},
		"permit udp host 10.1.0.1 eq 500 any gt 1023": {{"17 10.1.0.1-10.1.0.1 500-500"}, {"17 0.0.0.0-255.255.255.255 1024-65535"}},
		"permit tcp any neq 80 any":                   {{"6 0.0.0.0-255.255.255.255 0-79", "6 0.0.0.0-255.255.255.255 81-65535"}, {"6 0.0.0.0-255.255.255.255 0-65535"}},
		"permit icmp any any echo":                    {{"1 0.0.0.0-255.255.255.255 2048-2303"}, {"1 0.0.0.0-255.255.255.255 2048-2303"}},
		"permit ip 10.0.0.0 0.1.0.255 any":            {{"0 10.0.0.0-10.0.0.255 0-65535", "0 10.1.0.0-10.1.0.255 0-65535"}, {"0 0.0.0.0-255.255.255.255 0-65535"}},
	} {
		ends, ok := of(line)
		require.True(t, ok, line)
		require.Equal(t, want, ends, line)
	}
	for line, fits := range map[string]bool{
		"permit ip 10.0.0.0 0.170.170.170 any": false, "permit ip any 10.0.0.0 0.170.170.170": false, "permit ip 10.0.0.0 0.0.170.85 any": false,
		"permit ip 10.0.0.0 0.0.168.7 any": true, "permit ip 10.0.0.0 0.0.168.170 any": false, "permit ip 10.0.0.0 0.0.168.168 any": true,
		"permit tcp 10.0.0.0 0.0.168.168 eq 1 2 any": false, "permit tcp 10.0.0.0 0.0.168.160 neq 2 any": true, "permit tcp 10.0.0.0 0.0.168.168 neq 2 any": false,
		"permit tcp any gt 65535 any": true,
	} {
		_, ok := of(line)
		require.Equal(t, fits, ok, line)
		c := load(t, "ip access-list extended L\n "+line)
		require.Equal(t, fits, !c.Access.Get("L").Lines[0].Scattered(), line)
	}
	_, ok := of("permit ip any any dscp ef")
	require.False(t, ok, "selectors know no marks")
}

// What is not said of an object is the interface's, then what is global (IOS).
func TestProtect(t *testing.T) {
	c := load(t, mapText+"crypto ipsec df-bit set\ninterface Ethernet0/0\n crypto ipsec df-bit clear\n crypto ipsec fragmentation after-encryption")
	i, m := c.Interface("Ethernet0/0"), c.CryptoMap("MAP")[0]
	var d ikev2.ChildPolicy
	ask(c, &m.Protection, &d)
	require.Equal(t, ipsec.Encr{ID: ipsec.EncrAESCBC, KeyBits: 256}, d.Suites[0].Encr)
	d.Selectors, _ = identOf(&AccessList(c, "L")[1].Entry)
	var s crypto.Settings
	protect(c, i, &iosconfig.Protection{}, &d, &s)
	require.Equal(t, crypto.DFClear, s.DF)
	require.True(t, s.FragmentAfter)
	protect(c, i, &iosconfig.Protection{DFBit: "copy"}, &d, &s)
	require.Equal(t, crypto.DFCopy, s.DF)
	require.Equal(t, ipsec.IntegSHA256, s.Demand.Value().Integ)
}
