package debug

import (
	"fmt"

	"ikelab/router/ip"
	"ikelab/router/words"
)

// What `debug ipv6 packet`, `debug ipv6 icmp` and `debug ipv6 nd` print.

// passedLines6 is passedLines for a packet of IPv6.
func passedLines6(b ip.Passed) []Line {
	in, end := b.In, "forward to ulp"
	if in == "" {
		in = local
	}
	to := words.Addr(b.To)
	if b.Out != "" {
		to += " (" + b.Out + ")"
	}
	switch b.How {
	case ip.Sent:
		end = "originating"
	case ip.Forwarded:
		end = "forwarding"
	}
	lines := []Line{
		stamped(SixPackets, fmt.Sprintf("IPV6: source %s (%s)", words.Addr(b.From), in)),
		stamped(SixPackets, "      dest "+to),
		stamped(SixPackets, fmt.Sprintf("      traffic class %d, flow 0x%x, len %d+%d, prot %d, hops %d, %s", b.TOS, b.Flow, b.Length, ip.EthernetHeader, b.Protocol, b.Hops, end)),
	}
	if b.Protocol != ip.ProtoICMPv6 || b.Offset > 0 || b.How == ip.Forwarded || b.How == ip.Delivered && b.In == "" {
		return lines
	}
	return append(lines, append(icmpLines6(b), ndLines(b)...)...)
}

// icmpNames6 are IOS's names of the messages of ICMPv6.
var icmpNames6 = map[uint8]string{
	1: "Unreachable", 2: "Too Big", 3: "Time Exceeded", 4: "Parameter Problem",
	128: "echo request", 129: "echo reply", 133: "R-Solicit", 134: "R-Advert", 135: "N-Solicit", 136: "N-Advert",
}

func icmpLines6(b ip.Passed) []Line {
	name, known := icmpNames6[b.Type]
	if !known {
		return nil
	}
	if b.Type < 128 {
		name += fmt.Sprintf(" code %d", b.Code)
	}
	way := "Received"
	if b.How == ip.Sent {
		way = "Sent"
	}
	return []Line{stamped(SixICMP, fmt.Sprintf("ICMPv6: %s %s, Src=%s, Dst=%s", way, name, words.Addr(b.From), words.Addr(b.To)))}
}

// ndLines tells of messages of neighbour discovery.
func ndLines(b ip.Passed) []Line {
	name, known := map[uint8]string{133: "RS", 134: "RA", 135: "NS for " + words.Addr(b.About), 136: "NA for " + words.Addr(b.About)}[b.Type]
	switch {
	case !known:
		return nil
	case b.How == ip.Sent && b.Type == 134:
		return []Line{stamped(SixND, fmt.Sprintf("ICMPv6-ND: Sending RA from %s to %s on %s", words.Addr(b.From), words.Addr(b.To), b.Out))}
	case b.How == ip.Sent:
		return []Line{stamped(SixND, fmt.Sprintf("ICMPv6-ND: Sending %s on %s", name, b.Out))}
	case b.Type == 134:
		return []Line{stamped(SixND, fmt.Sprintf("ICMPv6-ND: Received RA from %s on %s", words.Addr(b.From), b.In))}
	}
	return []Line{stamped(SixND, fmt.Sprintf("ICMPv6-ND: Received %s on %s from %s", name, b.In, words.Addr(b.From)))}
}
