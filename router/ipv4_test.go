package router

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/router/ip"
)

// threeRouters are R1 - R2 - R3 in a row, 10.0.12.0/24 and 10.0.23.0/24.
func threeRouters(t testing.TB) *lab {
	l := newLab(t)
	l.add("R1", []string{"Ethernet0/0"}, "interface Ethernet0/0\n ip address 10.0.12.1 255.255.255.0\ninterface Loopback0\n ip address 1.1.1.1 255.255.255.255\nip route 0.0.0.0 0.0.0.0 10.0.12.2\n")
	l.add("R2", []string{"Ethernet0/0", "Ethernet0/1"}, "interface Ethernet0/0\n ip address 10.0.12.2 255.255.255.0\ninterface Ethernet0/1\n ip address 10.0.23.2 255.255.255.0\nip route 1.1.1.1 255.255.255.255 10.0.12.1\nip route 3.3.3.3 255.255.255.255 10.0.23.3\n")
	l.add("R3", []string{"Ethernet0/0"}, "interface Ethernet0/0\n ip address 10.0.23.3 255.255.255.0\ninterface Loopback0\n ip address 3.3.3.3 255.255.255.255\nip route 0.0.0.0 0.0.0.0 10.0.23.2\n")
	l.connect("R1", 0, "R2", 0)
	l.connect("R2", 1, "R3", 0)
	l.start("R1", "R2", "R3")
	return l
}

func TestForwarding(t *testing.T) {
	l := threeRouters(t)
	require.Contains(t, l.exec("R1", "ping 3.3.3.3 source 1.1.1.1"), "!!!!!")
	require.Contains(t, l.exec("R1", "ping 3.3.3.3 source 1.1.1.1 size 9000"), "!!!!!")
	require.Contains(t, l.exec("R1", "ping 1.1.1.1"), "!!!!!", "ourselves")
	require.Contains(t, l.exec("R1", "ping 9.9.9.9"), "U", "R2 has no route")
	require.Contains(t, l.exec("R1", "ping 10.0.12.77"), ".....", "nobody there")
	trace := l.exec("R1", "traceroute 3.3.3.3")
	require.Contains(t, trace, "10.0.12.2")
	require.Contains(t, trace, "10.0.23.3")
}

func TestDontFragment(t *testing.T) {
	l := threeRouters(t)
	l.configure("R2", "interface Ethernet0/1", "ip mtu 1000")
	require.Contains(t, l.exec("R1", "ping 3.3.3.3 size 1000 df-bit"), "!!!!!")
	require.Contains(t, l.exec("R1", "ping 3.3.3.3 size 1001 repeat 1 df-bit"), "M")
	require.Contains(t, l.exec("R1", "ping 3.3.3.3 size 1001"), "!!!!!")
	require.Contains(t, l.exec("R1", "ping 3.3.3.3 size 1501 repeat 1 df-bit"), "M", "refused by ourselves")
	quoted := 0
	for _, f := range l.sent {
		if b := f.data[ip.EthernetHeader:]; f.node == "R2" && b[9] == ip.ProtoICMP && b[20] == ip.Unreachable {
			require.EqualValues(t, 1000, binary.BigEndian.Uint16(b[26:]), "the next hop's mtu (RFC 1191)")
			require.Len(t, b, 20+8+28)
			quoted++
		}
	}
	require.Equal(t, 1, quoted)
}

func TestInterfaceStates(t *testing.T) {
	l := threeRouters(t)
	l.configure("R2", "interface Ethernet0/1", "shutdown")
	require.False(t, l.echo("R1", "10.0.12.1", "3.3.3.3", 100, false))
	log := l.exec("R2", "show logging")
	require.Contains(t, log, "%LINK-3-UPDOWN: Interface Ethernet0/0, changed state to up")
	require.Contains(t, log, "%LINK-5-CHANGED: Interface Ethernet0/1, changed state to administratively down")
	require.Contains(t, log, "%LINEPROTO-5-UPDOWN: Line protocol on Interface Ethernet0/1, changed state to down")
	l.configure("R2", "interface Ethernet0/1", "no shutdown")
	require.True(t, l.echo("R1", "10.0.12.1", "3.3.3.3", 100, false))
	l.nodes["R3"].Carrier(l.now, 0, false)
	require.Empty(t, l.nodes["R3"].port(0).Neighbours())
	require.False(t, l.echo("R1", "10.0.12.1", "3.3.3.3", 100, false))
}

func TestChangedAddressIsAnnounced(t *testing.T) {
	l := threeRouters(t)
	require.True(t, l.echo("R2", "10.0.23.2", "10.0.23.3", 100, false))
	l.sent = nil
	l.configure("R3", "interface Ethernet0/0", "ip address 10.0.23.9 255.255.255.0")
	l.run(0)
	require.Equal(t, 1, l.protocols()["arp"])
	require.True(t, l.echo("R2", "10.0.23.2", "10.0.23.9", 100, false))
	require.False(t, l.echo("R2", "10.0.23.2", "10.0.23.3", 100, false))
}
