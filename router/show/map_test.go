package show

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig"
	"ikelab/router/crypto"
)

// twoMaps are a map with an entry that is whole and one that lacks its list, and an empty
// one.
func twoMaps() *iosconfig.Config {
	addr, net := netip.MustParseAddr, func(address string) iosconfig.AccessNet {
		return iosconfig.AccessNet{Address: netip.MustParseAddr(address), Wildcard: netip.MustParseAddr("0.0.0.255")}
	}
	c := iosconfig.New(iosconfig.IOS151)
	c.IPsec.TransformSets.Put("STRONG", &iosconfig.TransformSet{Name: "STRONG", Transforms: []string{"esp-aes 192", "esp-sha-hmac"}, Mode: iosconfig.ModeTunnel})
	c.Access.Put("TO-CRYPT", &iosconfig.AccessList{Name: "TO-CRYPT", Lines: []*iosconfig.AccessLine{{Number: 10, Protocol: "ip", From: net("172.16.1.0"), To: net("172.17.1.0")}}})
	for _, m := range []*iosconfig.CryptoMap{
		{Name: "MY-CRYPTO", Sequence: 10, Match: "TO-CRYPT", Peers: []iosconfig.MapPeer{{Address: addr("198.51.100.1")}}, Protection: iosconfig.Protection{
			TransformSets: []string{"STRONG"}, Lifetime: iosconfig.Lifetime{Seconds: 300, Kilobytes: 2560}, IdleTime: 900,
		}},
		{Name: "MY-CRYPTO", Sequence: 20, Description: "a second one", Match: "199", Peers: []iosconfig.MapPeer{{Address: addr("198.51.100.2")}, {Address: addr("198.51.100.3")}}, PerHost: true,
			Protection: iosconfig.Protection{TransformSets: []string{"STRONG"}, IKEv2Profile: "PROF", PFS: 14, Reverse: iosconfig.ReverseRoute{On: true}}},
		{Name: "OTHER", Sequence: 1},
	} {
		c.IPsec.Maps.Put(m.Key(), m)
	}
	i := iosconfig.NewInterface("Ethernet0/0")
	i.CryptoMap = "MY-CRYPTO"
	c.Interfaces.Put(i.Name(), i)
	return c
}

func mapsOf(flows []crypto.FlowState, w Which, g iosconfig.Generation) []string {
	return cryptoMaps(twoMaps(), flows, w).Lines(g)
}

// TestShowCryptoMap is the screen of 15.x, of a map and of an interface.
func TestShowCryptoMap(t *testing.T) {
	used := []crypto.FlowState{{Interface: "Ethernet0/0", Map: "MY-CRYPTO", Sequence: 10, Ends: crypto.Ends{Remote: netip.MustParseAddr("198.51.100.1")}, UpSince: testNow}}
	first := []string{
		`Crypto Map "MY-CRYPTO" 10 ipsec-isakmp`, "\tPeer = 198.51.100.1", "\tExtended IP access list TO-CRYPT",
		"\t    access-list TO-CRYPT permit ip 172.16.1.0 0.0.0.255 172.17.1.0 0.0.0.255", "\tCurrent peer: 198.51.100.1",
		"\tSecurity association lifetime: 2560 kilobytes/300 seconds", "\tSecurity association idletime: 900 seconds",
		"\tResponder-Only (Y/N): N", "\tPFS (Y/N): N", "\tMixed-mode : Disabled", "\tTransform sets={ ", "\t\tSTRONG:  { esp-192-aes esp-sha-hmac  } , ", "\t}", "",
	}
	second := []string{
		`Crypto Map "MY-CRYPTO" 20 ipsec-isakmp`, "\tDescription: a second one", "\tWARNING: This crypto map is in an incomplete state!",
		"\t\t(missing peer or access-list definitions)", "\tPeer = 198.51.100.2", "\tPeer = 198.51.100.3", "\tIKEv2 Profile: PROF", "\tExtended IP access list 199",
		"\tSecurity association lifetime: 4608000 kilobytes/3600 seconds", "\tSecurity association level: per-host",
		"\tResponder-Only (Y/N): N", "\tPFS (Y/N): Y", "\t\tDH group:  group14", "\tMixed-mode : Disabled", "\tTransform sets={ ",
		"\t\tSTRONG:  { esp-192-aes esp-sha-hmac  } , ", "\t}", "\tReverse Route Injection Enabled", "\tInterfaces using crypto map MY-CRYPTO:", "\t\tEthernet0/0", "",
	}
	both := append(append([]string{}, first...), second...)
	require.Equal(t, both, mapsOf(used, Which{Map: "MY-CRYPTO"}, g151))
	require.Equal(t, both, mapsOf(used, Which{Interface: "Ethernet0/0"}, g151))
	all := mapsOf(used, Which{}, g151)
	require.Equal(t, both, all[:len(both)])
	require.Subset(t, all[len(both):], []string{`Crypto Map "OTHER" 1 ipsec-isakmp`, "\tNo matching address list set.", "\tInterfaces using crypto map OTHER:"})
	require.Empty(t, mapsOf(used, Which{Map: "NONE"}, g151))
	require.Empty(t, mapsOf(used, Which{Interface: "Ethernet0/1"}, g151))
}

// A peer is current once it was used, and no other entry's; newer images name the family.
func TestCurrentPeer(t *testing.T) {
	flow := crypto.FlowState{Interface: "Ethernet0/0", Map: "MY-CRYPTO", Sequence: 20, Ends: crypto.Ends{Remote: netip.MustParseAddr("198.51.100.3")}}
	require.NotContains(t, mapsOf([]crypto.FlowState{flow}, Which{}, g151), "\tCurrent peer: 198.51.100.3")
	flow.UpSince = testNow.Add(-time.Hour)
	lines := mapsOf([]crypto.FlowState{flow}, Which{}, iosconfig.XE17)
	require.Contains(t, lines, "\tCurrent peer: 198.51.100.3")
	require.Equal(t, []string{`Crypto Map IPv4 "MY-CRYPTO" 10 ipsec-isakmp`, "\tPeer = 198.51.100.1", "\tAccess-List SS dynamic: False"}, lines[:3])
	require.Contains(t, lines, "\tDualstack (Y/N): N")
	require.NotContains(t, lines[:10], "\tCurrent peer: 198.51.100.3")
}
