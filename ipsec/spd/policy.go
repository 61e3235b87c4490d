package spd

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
)

// Policy is which inner packets an association may carry: source among from,
// destination among to (RFC 4301 section 4.4.1). Almost all tunnels carry
// everything, so that case is a flag for each address family.
type Policy struct {
	any4, any6 bool
	from, to   []Selector
}

// NewPolicy makes a policy, which keeps the lists: nobody may change them. Errors: ErrSelector.
func NewPolicy(from, to []Selector) (Policy, error) {
	for _, list := range [][]Selector{from, to} {
		for _, s := range list {
			if !s.valid() {
				return Policy{}, fmt.Errorf("%w: %v", ErrSelector, s)
			}
		}
	}
	every := func(all Selector) bool {
		covers := func(s Selector) bool { return s.Covers(all) }
		return slices.ContainsFunc(from, covers) && slices.ContainsFunc(to, covers)
	}
	return Policy{any4: every(AnyIPv4()), any6: every(AnyIPv6()), from: from, to: to}, nil
}

// Allows reports whether the well-formed IPv4 or IPv6 packet pkt is within p.
func (p *Policy) Allows(pkt []byte) bool {
	switch pkt[0] >> 4 {
	case 4:
		return p.any4 || p.search(read4(pkt))
	case 6:
		return p.any6 || len(pkt) >= header6 && p.search(read6(pkt))
	}
	return false
}

// AllowsPieces reports whether fragments of pkt that are not the first are within p, too: they show
// no ports (RFC 4301 section 7).
func (p *Policy) AllowsPieces(pkt []byte) bool {
	if pkt[0]>>4 != 4 || p.any4 {
		return p.Allows(pkt)
	}
	t := read4(pkt)
	t.srcPort, t.dstPort = NoPort, NoPort
	return p.search(t)
}

func (p *Policy) search(t traffic) bool {
	return match(p.from, t.src, t.proto, t.srcPort) && match(p.to, t.dst, t.proto, t.dstPort)
}

func match(list []Selector, addr netip.Addr, proto uint8, port int) bool {
	for i := range list {
		if list[i].Contains(addr, proto, port) {
			return true
		}
	}
	return false
}

// traffic is what selectors look at in a packet.
type traffic struct {
	src, dst         netip.Addr
	proto            uint8
	srcPort, dstPort int
}

// read4 reads an IPv4 packet; later fragments show no ports.
func read4(pkt []byte) traffic {
	t := traffic{proto: pkt[9], srcPort: NoPort, dstPort: NoPort}
	t.src, t.dst = addresses(pkt)
	if header := int(pkt[0]&15) * 4; binary.BigEndian.Uint16(pkt[6:])&0x1fff == 0 && header <= len(pkt) {
		t.srcPort, t.dstPort = ports(t.proto, pkt[header:])
	}
	return t
}

// PacketSelectors are the selectors of nothing but an IPv4 packet's own traffic.
func PacketSelectors(pkt []byte) (from, to Selector) {
	t := read4(pkt)
	only := func(a netip.Addr, port int) Selector {
		s := Selector{Proto: t.proto, EndPort: 65535, Start: a, End: a}
		if port != NoPort {
			s.StartPort, s.EndPort = uint16(port), uint16(port)
		}
		return s
	}
	return only(t.src, t.srcPort), only(t.dst, t.dstPort)
}

const header6 = 40 // octets of an IPv6 header

// addresses are those of an IPv4 or IPv6 packet.
func addresses(pkt []byte) (src, dst netip.Addr) {
	if pkt[0]>>4 == 4 {
		return netip.AddrFrom4([4]byte(pkt[12:])), netip.AddrFrom4([4]byte(pkt[16:]))
	}
	return netip.AddrFrom16([16]byte(pkt[8:])), netip.AddrFrom16([16]byte(pkt[24:]))
}

// read6 reads an IPv6 packet. Where extension headers follow, the protocol is
// the first one's number and no ports are shown (RFC 4301 section 4.4.1.1).
func read6(pkt []byte) traffic {
	t := traffic{proto: pkt[6], srcPort: NoPort, dstPort: NoPort}
	t.src, t.dst = addresses(pkt)
	t.srcPort, t.dstPort = ports(t.proto, pkt[header6:])
	return t
}

// Protocols that show ports, or for ICMP type and code, which stand for both
// (RFC 4301 section 4.4.1.1).
const (
	protoICMP    = 1
	protoTCP     = 6
	protoUDP     = 17
	protoDCCP    = 33
	protoICMPv6  = 58
	protoSCTP    = 132
	protoUDPLite = 136
)

// ports are source and destination port of a transport header.
func ports(proto uint8, transport []byte) (src, dst int) {
	if len(transport) < 4 {
		return NoPort, NoPort
	}
	first := int(binary.BigEndian.Uint16(transport))
	switch proto {
	case protoICMP, protoICMPv6:
		return first, first
	case protoTCP, protoUDP, protoDCCP, protoSCTP, protoUDPLite:
		return first, int(binary.BigEndian.Uint16(transport[2:]))
	}
	return NoPort, NoPort
}
