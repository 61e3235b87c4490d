package debug

import (
	"encoding/hex"
	"fmt"
	"net/netip"

	"ikelab/iosconfig"
	"ikelab/router/debug/sentence"
	"ikelab/router/dhcp"
	"ikelab/router/ip"
	"ikelab/router/nat"
)

// What `debug ip nat`, `debug ip dhcp server` and `debug dhcp` print.

// translatedLines have the star of IOS's fast path for all packets of a mapping but the
// first.
func translatedLines(_ View, b nat.Passed) []Line {
	head, way := "NAT*", "i"
	if b.First {
		head = "NAT"
	}
	if b.Inward {
		way = "o"
	}
	var lines []Line
	if name := map[uint8]string{ip.ProtoICMP: "icmp", ip.ProtoTCP: "tcp", ip.ProtoUDP: "udp"}[b.Protocol]; name != "" {
		lines = append(lines, stamped(NATDetails, fmt.Sprintf("%s: %s: %s (%v, %d) -> (%v, %d) [%d]",
			head, way, name, b.From.Addr(), b.From.Port(), b.To.Addr(), b.To.Port(), b.Identification)))
	}
	return append(lines, stamped(NATs, fmt.Sprintf("%s: s=%s, d=%s [%d]", head, became(b.From.Addr(), b.NewFrom), became(b.To.Addr(), b.NewTo), b.Identification)))
}

// became is an address and what it was changed to.
func became(from, to netip.Addr) string {
	if from == to {
		return from.String()
	}
	return fmt.Sprintf("%v->%v", from, to)
}

// messageLines tell a message of DHCP as the server does that took or sent it, or the
// client.
func messageLines(_ View, b dhcp.Said) []Line {
	if b.ByClient() {
		return clientLines(b)
	}
	octets, _ := hex.DecodeString(b.Identifier) // it was made from octets
	whom := "client " + iosconfig.DottedHex(octets)
	text := fmt.Sprintf("DHCPD: %s received from %s", b.Type, whom)
	switch {
	case b.Sent:
		if text = fmt.Sprintf("DHCPD: Sending %s to %s", b.Type, whom); b.Your.IsValid() {
			text += fmt.Sprintf(" (%v)", b.Your)
		}
	case b.Type == dhcp.Discover.String():
		text += " on interface " + b.Interface
	case b.Type == dhcp.Release.String():
		text = fmt.Sprintf("DHCPD: %s message received from %s (%v)", b.Type, whom, b.Client)
	}
	return []Line{stamped(DHCPPackets, text+".")}
}

// clientLines are those of an interface that asks for its address.
func clientLines(b dhcp.Said) []Line {
	if !b.Sent {
		lines := []Line{stamped(DHCPClients, "DHCP: Received a BOOTREP pkt")}
		if b.Type == dhcp.Offer.String() {
			lines = append(lines, stamped(DHCPClients, fmt.Sprintf("DHCP: offer received from %v", b.Server)))
		}
		return lines
	}
	name := map[string]string{dhcp.Discover.String(): "SDiscover", dhcp.Request.String(): "SRequest", dhcp.Release.String(): "SRelease"}[b.Type]
	if name == "" {
		return nil
	}
	var lines []Line
	add := func(format string, a ...any) {
		lines = append(lines, stamped(DHCPClients, fmt.Sprintf("DHCP: "+name+format, a...)))
	}
	switch {
	case name == "SRequest" && b.Server.IsValid():
		add("- Server ID option: %v", b.Server)
	case name == "SRelease":
		add(" placed Server ID option: %v", b.Server)
	}
	if b.Requested.IsValid() {
		add("- Requested IP addr option: %v", b.Requested)
	}
	add(": %d bytes", b.Octets)
	if !b.Client.IsValid() {
		lines = append(lines, stamped(DHCPClients, fmt.Sprintf("            B'cast on %s interface from 0.0.0.0", b.Interface)))
	}
	return lines
}

func givenLines(_ View, b dhcp.Given) []Line {
	id := []byte(b.Client)
	if len(id) == 0 {
		id = append([]byte{1}, b.Hardware[:]...)
	}
	return []Line{stamped(DHCPEvents, fmt.Sprintf("DHCPD: assigned IP address %v to client %s.", b.Address, iosconfig.DottedHex(id)))}
}

func freedLines(_ View, b dhcp.Freed) []Line {
	if b.Why == dhcp.Pinged {
		return message(sentence.PingConflict, b.Address)
	}
	var lines []Line
	if b.Why == dhcp.RanOut {
		lines = append(lines, stamped(DHCPEvents, fmt.Sprintf("DHCPD: the lease for address %v has expired.", b.Address)))
	}
	return append(lines, stamped(DHCPEvents, fmt.Sprintf("DHCPD: returned %v to address pool %s.", b.Address, b.Pool)))
}
