package debug

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/router/dhcp"
	"ikelab/router/ip"
	"ikelab/router/nat"
	"ikelab/router/record"
)

// TestPackets: what `debug ip packet` and its like print, in IOS's words.
func TestPackets(t *testing.T) {
	var on Switches
	on.All()
	here, there, next := netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("192.168.9.9"), netip.MustParseAddr("10.0.0.2")
	echo := ip.Passed{How: ip.Sent, Out: "Ethernet0/0", From: here, To: there, Length: 100, Protocol: ip.ProtoICMP, PacketTop: ip.PacketTop{Type: 8}}
	reply := ip.Passed{How: ip.Delivered, In: "Ethernet0/0", From: there, To: here, Length: 100, Protocol: ip.ProtoICMP, TOS: 184}
	too := ip.Passed{How: ip.Sent, Out: "Ethernet0/0", From: here, To: there, Length: 56, Protocol: ip.ProtoICMP, PacketTop: ip.PacketTop{Type: 3, Code: 4, About: next}}
	for want, b := range map[string]record.Body{
		"IP: s=10.0.0.1 (local), d=192.168.9.9 (Ethernet0/0), len 100, sending\n    ICMP type=8, code=0": echo,
		"IP: s=192.168.9.9 (Ethernet0/0), d=10.0.0.1, len 100, rcvd 3\n    ICMP type=0, code=0\n" +
			"ICMP: echo reply rcvd, src 192.168.9.9, dst 10.0.0.1, topology BASE, dscp 46 topoid 0": reply,
		"IP: s=10.0.0.1 (local), d=192.168.9.9 (Ethernet0/0), len 56, sending\n    ICMP type=3, code=4\n" +
			"ICMP: dst (10.0.0.2) frag. needed and DF set unreachable sent to 192.168.9.9": too,
		"IP: s=10.0.0.1 (Tunnel0), d=192.168.9.9 (Ethernet0/1), g=10.0.0.2, len 60, forward\n    UDP src=500, dst=4500": ip.Passed{
			How: ip.Forwarded, In: "Tunnel0", Out: "Ethernet0/1", NextHop: next, From: here, To: there, Length: 60, Protocol: ip.ProtoUDP,
			PacketTop: ip.PacketTop{SourcePort: 500, DestinationPort: 4500}},
		"IP: s=10.0.0.1 (Tunnel0), d=192.168.9.9 (Ethernet0/1), g=10.0.0.2, len 60, forward, proto=50": ip.Passed{
			How: ip.Forwarded, In: "Tunnel0", Out: "Ethernet0/1", NextHop: next, From: here, To: there, Length: 60, Protocol: ip.ProtoESP},
		"IP: s=10.0.0.1 (local), d=192.168.9.9, len 100, unroutable":                         ip.Dropped{From: here, To: there, Length: 100, Reason: ip.NoRoute},
		"IP: s=192.168.9.9 (Ethernet0/0), d=10.0.0.1, len 100, access denied":                ip.Dropped{Interface: "Ethernet0/0", From: there, To: here, Length: 100, Reason: ip.Prohibited},
		"IP: s=10.0.0.1 (local), d=192.168.9.9 (Ethernet0/0), len 100, encapsulation failed": ip.Dropped{Interface: "Ethernet0/0", Leaving: true, From: here, To: there, Length: 100, Reason: ip.Unresolved},
		"IP ARP: creating incomplete entry for IP address: 10.0.0.2 interface Ethernet0/0":   ip.NeighbourWanted{Interface: "Ethernet0/0", Address: next},
		"IP ARP: sent req src 10.0.0.1 aabb.cc00.0100,\n                 dst 10.0.0.2 0000.0000.0000 Ethernet0/0": ip.ARPSeen{
			Interface: "Ethernet0/0", Sent: true, Sender: here, Target: next, SenderMAC: [6]byte{0xaa, 0xbb, 0xcc, 0, 1, 0}},
		"IP ARP: rcvd rep src 10.0.0.2 aabb.cc00.0100, dst 10.0.0.1 Ethernet0/0": ip.ARPSeen{
			Interface: "Ethernet0/0", Reply: true, Sender: next, Target: here, SenderMAC: [6]byte{0xaa, 0xbb, 0xcc, 0, 1, 0}},
		"NAT: i: udp (10.0.0.1, 7000) -> (192.168.9.9, 53) [6825]\nNAT: s=10.0.0.1->10.0.0.2, d=192.168.9.9 [6825]": nat.Passed{
			From: netip.AddrPortFrom(here, 7000), To: netip.AddrPortFrom(there, 53), NewFrom: next, NewTo: there, Identification: 6825, Protocol: ip.ProtoUDP, First: true},
		"NAT*: s=192.168.9.9, d=10.0.0.2->10.0.0.1 [7]": nat.Passed{
			Inward: true, From: netip.AddrPortFrom(there, 0), To: netip.AddrPortFrom(next, 0), NewFrom: there, NewTo: here, Identification: 7, Protocol: ip.ProtoESP},
		"DHCPD: DHCPDISCOVER received from client 0100.0103.85e9.87 on interface Ethernet0/0.":            dhcp.Said{Interface: "Ethernet0/0", Type: "DHCPDISCOVER", Identifier: "0100010385e987"},
		"DHCPD: DHCPREQUEST received from client 0100.0103.85e9.87.":                                      dhcp.Said{Interface: "Ethernet0/0", Type: "DHCPREQUEST", Identifier: "0100010385e987"},
		"DHCPD: Sending DHCPOFFER to client 0100.0103.85e9.87 (10.0.0.2).":                                dhcp.Said{Sent: true, Type: "DHCPOFFER", Identifier: "0100010385e987", Your: next},
		"DHCPD: DHCPRELEASE message received from client 01 (10.0.0.2).":                                  dhcp.Said{Type: "DHCPRELEASE", Identifier: "01", Client: next},
		"DHCPD: assigned IP address 10.0.0.2 to client 0100.0103.85e9.87.":                                dhcp.Given{Address: next, Hardware: [6]byte{0, 1, 3, 0x85, 0xe9, 0x87}},
		"DHCPD: the lease for address 10.0.0.2 has expired.\nDHCPD: returned 10.0.0.2 to address pool P.": dhcp.Freed{Pool: "P", Address: next, Why: dhcp.RanOut},
		"DHCP: SDiscover: 291 bytes\n            B'cast on Ethernet0/0 interface from 0.0.0.0":            dhcp.Said{Interface: "Ethernet0/0", Sent: true, Type: "DHCPDISCOVER", Octets: 291},
		"DHCP: SRequest: 291 bytes":                                                                     dhcp.Said{Interface: "Ethernet0/0", Sent: true, Type: "DHCPREQUEST", Octets: 291, Client: here},
		"DHCP: Received a BOOTREP pkt\nDHCP: offer received from 10.0.0.2":                              dhcp.Said{Type: "DHCPOFFER", Server: next},
		"RT: add 6.0.0.0/8 via 10.0.0.2, static metric [1/0]":                                           ip.RouteChanged{Code: "S", Prefix: netip.MustParsePrefix("6.0.0.0/8"), NextHop: next, Distance: 1, Installed: true},
		"RT: del 5.5.5.5/32 via 0.0.0.0, connected metric [0/0]\nRT: delete subnet route to 5.5.5.5/32": ip.RouteChanged{Code: "L", Prefix: netip.MustParsePrefix("5.5.5.5/32")},
	} {
		require.Equal(t, want, joined(Render(b, on, View{Detailed: true})))
		require.Empty(t, Render(b, Switches{}, View{}))
	}
	require.Equal(t, "IP: s=10.0.0.1 (local), d=192.168.9.9 (Ethernet0/0), len 100, sending", joined(Render(echo, on, View{})), "without detail")
}

func joined(lines []Line) (text string) {
	for i, l := range lines {
		if i > 0 {
			text += "\n"
		}
		text += l.Text
	}
	return text
}

// TestAccessListsReadHeaders: what Header makes of a record is a packet to them.
func TestAccessListsReadHeaders(t *testing.T) {
	here, there := netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("10.0.0.2")
	b := ip.Passed{From: here, To: there, Protocol: ip.ProtoUDP, PacketTop: ip.PacketTop{SourcePort: 500, DestinationPort: 4500}}
	h := Header(b)
	require.Equal(t, here, ip.Source(h))
	require.Equal(t, there, ip.Destination(h))
	require.EqualValues(t, 4500, int(h[22])<<8|int(h[23]))
	require.Nil(t, Header(ip.LinkChanged{}))
	require.Nil(t, Header(ip.Dropped{}))
}
