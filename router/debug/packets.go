package debug

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"

	"ikelab/router/ip"
	"ikelab/router/record"
	"ikelab/router/words"
)

// What `debug ip packet`, `debug ip icmp`, `debug arp` and `debug ip routing` print.

// local is where a packet comes from that was made here.
const local = "local"

// atInterface is an address and the interface behind it, as far as it has one.
func atInterface(a netip.Addr, name string) string {
	if name == "" {
		return a.String()
	}
	return fmt.Sprintf("%v (%s)", a, name)
}

func passedLines(v View, b ip.Passed) []Line {
	if b.From.Is6() {
		return passedLines6(b)
	}
	in, end := b.In, "rcvd 3"
	if in == "" {
		in = local
	}
	to := atInterface(b.To, b.Out)
	switch b.How {
	case ip.Sent:
		end = "sending"
	case ip.Forwarded:
		to, end = fmt.Sprintf("%s, g=%v", to, b.NextHop), "forward"
	}
	lines := packetLines(v, fmt.Sprintf("IP: s=%s, d=%s, len %d, %s", atInterface(b.From, in), to, b.Length, end), b)
	return append(lines, icmpLines(b)...)
}

// packetLines is the line of a packet, with what it carries where details are wanted.
func packetLines(v View, text string, b ip.Passed) []Line {
	below := ""
	switch {
	case !v.Detailed:
	case b.Offset > 0 || b.Protocol != ip.ProtoICMP && b.Protocol != ip.ProtoUDP && b.Protocol != ip.ProtoTCP:
		text += fmt.Sprintf(", proto=%d", b.Protocol)
	case b.Protocol == ip.ProtoICMP:
		below = fmt.Sprintf("    ICMP type=%d, code=%d", b.Type, b.Code)
	case b.Protocol == ip.ProtoUDP:
		below = fmt.Sprintf("    UDP src=%d, dst=%d", b.SourcePort, b.DestinationPort)
	default:
		below = fmt.Sprintf("    TCP src=%d, dst=%d", b.SourcePort, b.DestinationPort)
	}
	lines := []Line{stamped(Packets, text)}
	if below != "" {
		lines = append(lines, follows(Packets, below))
	}
	return lines
}

// dropWords are IOS's words for what ends a packet; of other ends it has none, and
// ours stand in brackets.
var dropWords = map[ip.Reason]string{
	ip.NoRoute: "unroutable", ip.Prohibited: "access denied", ip.Unresolved: "encapsulation failed", ip.Superseded: "encapsulation failed",
}

func droppedLines(_ View, b ip.Dropped) []Line {
	if !b.From.Is4() {
		return nil
	}
	from, to := atInterface(b.From, b.Interface), b.To.String()
	if b.Leaving || b.Interface == "" {
		from, to = atInterface(b.From, local), atInterface(b.To, b.Interface)
	}
	why, known := dropWords[b.Reason]
	if !known {
		why = "dropped (" + string(b.Reason) + ")"
	}
	return []Line{stamped(Packets, fmt.Sprintf("IP: s=%s, d=%s, len %d, %s", from, to, b.Length, why))}
}

// unreachables are the names of the codes of "destination unreachable".
var unreachables = map[uint8]string{
	0: "net", 1: "host", 2: "protocol", 3: "port", 4: "frag. needed and DF set", 13: "administratively prohibited",
}

// icmpLines tells what IOS tells of ICMP: replies and errors, not requests.
func icmpLines(b ip.Passed) []Line {
	if b.Protocol != ip.ProtoICMP || b.Offset > 0 || b.How == ip.Forwarded || b.How == ip.Delivered && b.In == "" {
		return nil
	}
	sent := b.How == ip.Sent
	way, whom, short := "rcvd", fmt.Sprintf("rcv from %v", b.From), fmt.Sprintf("rcvd from %v", b.From)
	if sent {
		way, whom = "sent", fmt.Sprintf("sent to %v", b.To)
		short = whom
	}
	name, known := unreachables[b.Code]
	switch {
	case b.Type == 0:
		return []Line{stamped(ICMPMessages, fmt.Sprintf("ICMP: echo reply %s, src %v, dst %v, topology BASE, dscp %d topoid 0", way, b.From, b.To, b.TOS>>2))}
	case b.Type == ip.Unreachable && known:
		return []Line{stamped(ICMPMessages, fmt.Sprintf("ICMP: dst (%v) %s unreachable %s", words.Addr(b.About), name, whom))}
	case b.Type == ip.TimeExceeded && sent:
		what := map[uint8]string{0: "time to live", 1: "reassembly"}[b.Code]
		return []Line{stamped(ICMPMessages, fmt.Sprintf("ICMP: time exceeded (%s) sent to %v (dest was %v)", what, b.To, words.Addr(b.About)))}
	case b.Type == ip.TimeExceeded:
		return []Line{stamped(ICMPMessages, "ICMP: time exceeded "+short)}
	}
	return nil
}

func arpLines(_ View, b ip.ARPSeen) []Line {
	op := "req"
	if b.Reply {
		op = "rep"
	}
	if !b.Sent {
		return []Line{stamped(ARPs, fmt.Sprintf("IP ARP: rcvd %s src %v %s, dst %v %s", op, b.Sender, dotted(b.SenderMAC), b.Target, b.Interface))}
	}
	return []Line{
		stamped(ARPs, fmt.Sprintf("IP ARP: sent %s src %v %s,", op, b.Sender, dotted(b.SenderMAC))),
		follows(ARPs, fmt.Sprintf("                 dst %v %s %s", b.Target, dotted(b.SoughtBy), b.Interface)),
	}
}

func neighbourWantedLines(_ View, b ip.NeighbourWanted) []Line {
	if b.Address.Is6() {
		return []Line{stamped(SixND, "ICMPv6-ND: DELETE -> INCMP: "+words.Addr(b.Address))}
	}
	return []Line{stamped(ARPs, fmt.Sprintf("IP ARP: creating incomplete entry for IP address: %v interface %s", b.Address, b.Interface))}
}

// dotted is a hardware address as IOS writes it: "aabb.cc00.0100".
func dotted(mac [6]byte) string { return fmt.Sprintf("%x.%x.%x", mac[:2], mac[2:4], mac[4:]) }

// routeKinds are the words for where a route comes from.
var routeKinds = map[string]string{"L": "connected", "C": "connected", "S": "static"}

func routeLines(_ View, b ip.RouteChanged) []Line {
	kind, via, metric := routeKinds[strings.Trim(b.Code, "*")], b.NextHop, 0
	if kind == "" || b.Prefix.Addr().Is6() {
		return nil
	}
	if !via.IsValid() {
		via = netip.IPv4Unspecified()
	}
	what := "del"
	if b.Installed {
		what = "add"
	}
	table := "RT"
	if b.VRF != "" {
		table = "RT(" + b.VRF + ")"
	}
	lines := []Line{stamped(Routes, fmt.Sprintf("%s: %s %v via %v, %s metric [%d/%d]", table, what, b.Prefix, via, kind, b.Distance, metric))}
	if !b.Installed {
		lines = append(lines, stamped(Routes, fmt.Sprintf("%s: delete subnet route to %v", table, b.Prefix)))
	}
	return lines
}

// Header is the beginning of the packet that a record is about, as access lists read
// it; nil: the record is about no packet that came through.
func Header(b record.Body) []byte {
	switch b := b.(type) {
	case ip.Passed:
		if b.From.Is6() {
			return nil
		}
		h := header(b.From, b.To, b.Protocol, b.TOS, b.Offset)
		if b.Protocol == ip.ProtoICMP {
			return append(h, b.Type, b.Code, 0, 0)
		}
		h = binary.BigEndian.AppendUint16(h, b.SourcePort)
		return append(binary.BigEndian.AppendUint16(h, b.DestinationPort), make([]byte, 16)...)
	case ip.Dropped:
		if b.From.Is4() {
			return header(b.From, b.To, b.Protocol, 0, 0)
		}
	}
	return nil
}

func header(from, to netip.Addr, protocol, tos uint8, offset int) []byte {
	h := make([]byte, ip.HeaderLen, 2*ip.HeaderLen)
	h[0], h[1], h[9] = 4<<4|ip.HeaderLen/4, tos, protocol
	binary.BigEndian.PutUint16(h[6:], uint16(offset/8))
	copy(h[12:], from.AsSlice())
	copy(h[16:], to.AsSlice())
	return h
}
