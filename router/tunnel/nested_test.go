package tunnel

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/router/ip"
)

// within adds tunnels whose destinations lie behind one another: Tunnel1's behind
// Tunnel0, Tunnel2's behind Tunnel1.
func within(t *testing.T, m Mode) *device {
	d := clearTunnel(t, nil)
	for n, name := range []string{"Tunnel1", "Tunnel2"} {
		third := byte(n + 1)
		to := netip.AddrFrom4([4]byte{10, 9, third, 2})
		d.stack.Interfaces.Set(epoch, ip.InterfaceSettings{Name: name, Kind: "tunnel", Addresses: []netip.Prefix{netip.PrefixFrom(netip.AddrFrom4([4]byte{172, 16, third, 1}), 30)}})
		d.stack.SetRoutes(epoch, []ip.StaticRoute{{Prefix: netip.PrefixFrom(to, 32), Interface: []string{"Tunnel0", "Tunnel1"}[n], Distance: 1}}, nil)
		s := settings(m)
		s.Destination, s.Entry.Remote = to, to
		d.tunnels.Get(name).Set(epoch, s)
	}
	return d
}

func (d *device) up(name string) bool { return d.stack.Interfaces.Get(name).Protocol }
func (d *device) mtu(name string) int { return d.stack.Interfaces.Get(name).MTU }

// A tunnel's packets leave by the interface that the table says, another tunnel too: what
// becomes of that one becomes of the inner ones.
func TestTunnelWithinTunnels(t *testing.T) {
	d := within(t, GRE)
	require.Equal(t, []int{1476, 1452, 1428}, []int{d.mtu("Tunnel0"), d.mtu("Tunnel1"), d.mtu("Tunnel2")})
	require.True(t, d.up("Tunnel2"))
	d.stack.SetRoutes(epoch, []ip.StaticRoute{{Prefix: netip.MustParsePrefix("192.168.4.0/24"), Interface: "Tunnel2", Distance: 1}}, nil)
	d.sent = nil
	at := netip.MustParseAddrPort("172.16.2.1:7")
	d.stack.UDP.Send(epoch, ip.Datagram{Local: at, Remote: netip.MustParseAddrPort("192.168.4.1:7")}, 64)
	require.Len(t, d.sent, 1)
	b := d.sent[0][ip.EthernetHeader:]
	for _, to := range []string{"10.0.0.2", "10.9.1.2", "10.9.2.2"} {
		require.Equal(t, to, ip.Destination(b).String())
		require.EqualValues(t, ip.ProtoGRE, b[9])
		require.Zero(t, ip.Checksum(b[:ip.HeaderLen]))
		b = b[24:]
	}
	require.Equal(t, "192.168.4.1", ip.Destination(b).String())
	require.Len(t, b, ip.HeaderLen+8)

	s := settings(GRE)
	s.Keyed, s.Key = true, 5
	d.tunnels.Get("Tunnel0").Set(epoch, s)
	require.Equal(t, 1424, d.mtu("Tunnel2"), "four octets less")
	s.Shutdown = true
	d.tunnels.Get("Tunnel0").Set(epoch, s)
	require.False(t, d.up("Tunnel0") || d.up("Tunnel1") || d.up("Tunnel2"))
	s.Shutdown = false
	d.tunnels.Get("Tunnel0").Set(epoch, s)
	require.True(t, d.up("Tunnel2"))
}

// An SPD entry's packets take that way as well.
func TestProtectedTunnelWithinOneInClear(t *testing.T) {
	d := within(t, VTI)
	require.Equal(t, 1476, d.mtu("Tunnel1"), "no pair yet: no octet of ESP")
	require.Equal(t, "Tunnel0", d.tunnels.Get("Tunnel1").Under().Name)
	d.timers.Run(epoch.Add(4 * time.Second))
	require.Equal(t, []string{"Tunnel1"}, d.ike.asked, "Tunnel2 needs Tunnel1 first")
}

// A way that leads through other tunnels into the first one is as bad as one that does
// so at once. Each minute it is looked at again.
func TestTunnelsThatLeadIntoEachOther(t *testing.T) {
	d := within(t, GRE)
	back := ip.StaticRoute{Prefix: netip.MustParsePrefix("10.0.0.2/32"), Interface: "Tunnel2", Distance: 1}
	d.said = nil
	d.stack.SetRoutes(epoch, []ip.StaticRoute{back}, nil)
	require.Contains(t, d.said, ip.Recursive{Interface: "Tunnel0", Number: 2})
	require.False(t, d.up("Tunnel0") || d.up("Tunnel1") || d.up("Tunnel2"))
	d.stack.SetRoutes(epoch, nil, []ip.StaticRoute{back})
	require.False(t, d.up("Tunnel0"), "it rests")
	d.timers.Run(epoch.Add(time.Minute))
	require.True(t, d.up("Tunnel2"))
}

// A tunnel that never had another way than through itself says nothing.
func TestRecursionFromTheStart(t *testing.T) {
	d := newDevice(t)
	d.tunnels.Get("Tunnel0").Set(epoch, settings(VTI))
	s := settings(VTI)
	s.Destination = netip.MustParseAddr("192.168.2.9") // which lies behind the tunnel
	s.Entry.Remote = s.Destination
	d.said = nil
	d.tunnels.Get("Tunnel0").Set(epoch, s)
	require.NotContains(t, d.said, ip.Recursive{Interface: "Tunnel0", Number: 2})
	require.Nil(t, d.tunnels.Get("Tunnel0").Under())
	d.timers.Run(epoch.Add(time.Hour))
	require.Empty(t, d.ike.asked)
}
