package decode

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"
)

// Protocols that can be inside.
const (
	protocolICMP   = 1
	protocolIPv4   = 4
	protocolTCP    = 6
	protocolIPv6   = 41
	protocolGRE    = 47
	protocolICMPv6 = 58
	deepest        = 4 // packets in packets
)

// inside is a packet in a line.
func inside(protocol uint8, b []byte, depth int) string {
	switch {
	case depth == deepest:
	case protocol == protocolIPv4 || protocol == protocolIPv6:
		return packetLine(b, depth)
	case protocol == protocolICMP && len(b) >= 8:
		return "ICMP " + echo(b, 8, 0)
	case protocol == protocolICMPv6 && len(b) >= 8:
		return "ICMPv6 " + echo(b, 128, 129)
	case protocol == protocolUDP && len(b) >= udpHeader:
		return fmt.Sprintf("UDP %d -> %d, %d octets", binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:]), len(b))
	case protocol == protocolTCP && len(b) >= 20:
		return fmt.Sprintf("TCP %d -> %d%s seq %d, %d octets", binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:]), tcpFlags(b[13]),
			binary.BigEndian.Uint32(b[4:]), len(b))
	case protocol == protocolGRE && len(b) >= 4:
		return greLine(b, depth)
	}
	return fmt.Sprintf("protocol %d, %d octets", protocol, len(b))
}

// packetLine is an IP packet; octets behind it are for traffic flow
// confidentiality (RFC 4303 2.7).
func packetLine(b []byte, depth int) string {
	p, err := parseIP(b)
	if err != nil {
		return "IP " + err.Error()
	}
	version, size := "IPv4", int(binary.BigEndian.Uint16(b[2:]))
	if p.from.Is6() {
		version, size = "IPv6", 40+int(binary.BigEndian.Uint16(b[4:]))
	}
	text := fmt.Sprintf("%s %v -> %v ", version, p.from, p.to)
	if p.offset > 0 {
		text += fmt.Sprintf("fragment at %d of protocol %d, %d octets", p.offset, p.protocol, len(p.data))
	} else {
		text += inside(p.protocol, p.data, depth+1)
	}
	switch {
	case p.cut:
		text += fmt.Sprintf(", %d octets missing", size-len(b))
	case len(b) > size && size > 0:
		text += fmt.Sprintf(", %d octets behind it", len(b)-size)
	}
	return text
}

func echo(b []byte, request, reply byte) string {
	switch b[0] {
	case request:
		return fmt.Sprintf("echo request %d/%d, %d octets", binary.BigEndian.Uint16(b[4:]), binary.BigEndian.Uint16(b[6:]), len(b))
	case reply:
		return fmt.Sprintf("echo reply %d/%d, %d octets", binary.BigEndian.Uint16(b[4:]), binary.BigEndian.Uint16(b[6:]), len(b))
	}
	return fmt.Sprintf("type %d code %d, %d octets", b[0], b[1], len(b))
}

func tcpFlags(bits byte) string {
	var on strings.Builder
	for i, name := range []string{"FIN", "SYN", "RST", "PSH", "ACK", "URG"} {
		if bits&(1<<i) != 0 {
			on.WriteString(" " + name)
		}
	}
	return on.String()
}

// greLine is a packet of GRE (RFC 2784, 2890).
func greLine(b []byte, depth int) string {
	flags, kind, text, at := b[0], binary.BigEndian.Uint16(b[2:]), "GRE", 4
	if flags&0x80 != 0 { // checksum
		at += 4
	}
	if flags&0x20 != 0 && len(b) >= at+4 {
		text += fmt.Sprintf(" key %d", binary.BigEndian.Uint32(b[at:]))
		at += 4
	}
	if flags&0x10 != 0 {
		at += 4
	}
	switch {
	case len(b) < at:
		return text + " " + errShort.Error()
	case len(b) == at:
		return text + " keepalive's answer"
	case kind == typeIPv4 || kind == typeIPv6:
		return text + ": " + inside(protocolIPv4, b[at:], depth+1)
	}
	return fmt.Sprintf("%s type 0x%04X, %d octets", text, kind, len(b)-at)
}

// place is an address, with its port where there is one.
func place(a netip.AddrPort) string {
	if a.Port() == 0 {
		return a.Addr().String()
	}
	return a.String()
}
