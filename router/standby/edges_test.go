package standby

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/router/ip"
)

// A configuration may say of a loopback what it likes: nobody is there who could hear it.
func TestNothingIsSentWhereThereIsNoCable(t *testing.T) {
	n := newNet()
	a := n.add("10.0.0.1")
	a.stack.Interfaces.Set(n.now, ip.InterfaceSettings{Name: "Loopback0", Kind: "Loopback", Addresses: []netip.Prefix{netip.MustParsePrefix("10.9.0.1/24")}})
	group := one(100)
	group.Address = netip.MustParseAddr("10.9.0.2")
	a.Configure(n.now, "Loopback0", []Settings{group})
	n.pass(time.Minute)
	require.Equal(t, "Init", n.states())
	require.Empty(t, a.sent[1:], "but for the announcement of the port's own address")
}
