package show

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig"
)

// TestAccessLists is the form that ios/show/show-ip-access-lists.md has from real
// devices.
func TestAccessLists(t *testing.T) {
	net := func(address, wildcard string) iosconfig.AccessNet {
		return iosconfig.AccessNet{Address: netip.MustParseAddr(address), Wildcard: netip.MustParseAddr(wildcard)}
	}
	host := func(a string) iosconfig.AccessNet { return net(a, "0.0.0.0") }
	everybody := net("0.0.0.0", "255.255.255.255")
	c := iosconfig.New(iosconfig.IOS151)
	for _, l := range []iosconfig.AccessList{
		{Name: "99", Standard: true, Lines: []*iosconfig.AccessLine{
			{Number: 10, From: host("172.16.191.199")}, {Number: 10, Remark: "no line"},
			{Number: 20, Deny: true, From: everybody, Options: []string{"log"}}, {Number: 30, From: net("10.0.10.0", "0.255.0.255")}}},
		{Name: "101", Lines: []*iosconfig.AccessLine{
			{Number: 10, Protocol: "ip", From: host("10.3.3.3"), To: host("10.5.5.34")}, {Number: 20, Deny: true, Protocol: "tcp", From: everybody, To: everybody}}},
		{Name: "stdacl", Standard: true, Lines: []*iosconfig.AccessLine{{Number: 10, From: host("10.1.1.1")}}},
		{Name: "test"},
	} {
		c.Access.Put(l.Name, &l)
	}
	matches := func(list *iosconfig.AccessList) map[int]uint64 {
		if list.Name == "99" {
			return map[int]uint64{20: 1, 30: 20}
		}
		return nil
	}
	require.Equal(t, []string{
		"Standard IP access list stdacl",
		"    10 permit 10.1.1.1",
		"Standard IP access list 99",
		"    10 permit 172.16.191.199",
		"    20 deny   any log (1 match)",
		"    30 permit 10.0.10.0, wildcard bits 0.255.0.255 (20 matches)",
		"Extended IP access list test",
		"Extended IP access list 101",
		"    10 permit ip host 10.3.3.3 host 10.5.5.34",
		"    20 deny tcp any any",
	}, AccessListsOf(c, matches, "", true, true).Lines(iosconfig.IOS151))
	require.Equal(t, []string{"Standard IP access list stdacl", "    10 permit 10.1.1.1"}, AccessListsOf(c, matches, "stdacl", true, false).Lines(iosconfig.IOS151))
	require.Empty(t, AccessListsOf(c, matches, "other", true, true).Lines(iosconfig.IOS151))
}
