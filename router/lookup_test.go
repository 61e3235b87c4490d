package router

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/router/show"
)

// TestRoutesAtAnAddress: `show ip route` of an address says what a look at the whole table says.
func TestRoutesAtAnAddress(t *testing.T) {
	r := alone(t, "interface Ethernet0/0\n ip address 10.0.0.1 255.255.0.0\ninterface Loopback1\n ip address 192.0.2.1 255.255.255.255\n"+
		"ip route 0.0.0.0 0.0.0.0 10.0.0.2\nip route 10.1.0.0 255.255.0.0 10.0.0.2\nip route 10.1.2.0 255.255.255.0 10.0.0.3\nip route 172.16.0.0 255.240.0.0 10.0.0.3\n"+
		"ip route 11.0.0.0 255.0.0.0 10.99.0.1 200\nip route 128.0.0.0 128.0.0.0 10.0.0.4\nip route 203.0.113.0 255.255.255.128 Ethernet0/1\n")
	d := deviceOf(r)
	all := d.Routes("")
	for _, text := range []string{"0.0.0.0", "10.0.0.1", "10.0.0.9", "10.1.2.3", "10.1.9.9", "10.200.0.1", "11.1.1.1", "12.0.0.1", "127.0.0.1", "172.16.1.1", "172.16.0.0", "172.32.0.1", "192.0.2.1", "192.0.2.2", "203.0.113.7", "203.0.113.200", "255.255.255.255"} {
		a := netip.MustParseAddr(text)
		require.Equal(t, show.RouteTo(all, a), show.RouteTo(show.RoutesAt(d, "", a), a), text)
		for bits := range 33 {
			net := netip.PrefixFrom(a, bits).Masked()
			require.Equal(t, show.RoutesIn(all, net), show.RoutesIn(show.RoutesAt(d, "", net.Addr()), net), net.String())
		}
	}
}
