package policy

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig"
	"ikelab/iosconfig/rows"
	"ikelab/router/acl"
)

func TestSixAccessList(t *testing.T) {
	c := rows.Load("ipv6 access-list A\n permit tcp host 2001:db8::1 eq 80 any established\n remark no line\n deny icmp any 2001:db8::/32 port-unreachable\n permit any any fragments\n permit 1 any any\n", iosconfig.IOS151).Commit.After
	net := func(s string) acl.SixNet { return acl.SixNetOf(netip.MustParsePrefix(s)) }
	all := net("::/0")
	require.Equal(t, []acl.Line{
		{Number: 10, Entry: acl.Entry{Protocol: 6, Six: &acl.Between{From: net("2001:db8::1/128"), To: all}, FromPorts: acl.Ports{{First: 80, Last: 80}}, Flags: acl.Established}},
		{Number: 20, Entry: acl.Entry{Deny: true, Protocol: 58, Six: &acl.Between{From: all, To: net("2001:db8::/32")}, ICMP: []acl.Message{{Type: 1, Code: 4}}}},
		{Number: 30, Entry: acl.Entry{AnyProtocol: true, Fragments: true, Six: &acl.Between{From: all, To: all}}},
		{Number: 40, Entry: acl.Entry{Protocol: 1, Six: &acl.Between{From: all, To: all}}},
	}, SixAccessList(c, "A"))
	require.Nil(t, SixAccessList(c, "B"))
}
