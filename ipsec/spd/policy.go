package spd

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
)

// rule is a Selector made ready for comparing with a packet.
type rule struct {
	lo, hi uint32
	ports  Selector // only its ports and protocol are read
}

// Policy is which inner packets an association may carry: source among from,
// destination among to (RFC 4301 section 4.4.1). Almost all tunnels carry
// everything, so that case is a flag.
type Policy struct {
	any      bool
	from, to []rule
}

func NewPolicy(from, to []Selector) (Policy, error) {
	var p Policy
	var err error
	if p.from, err = compile(from); err != nil {
		return Policy{}, err
	}
	if p.to, err = compile(to); err != nil {
		return Policy{}, err
	}
	everything := func(s Selector) bool { return s.covers(AnyIPv4()) }
	p.any = slices.ContainsFunc(from, everything) && slices.ContainsFunc(to, everything)
	return p, nil
}

func compile(list []Selector) ([]rule, error) {
	var out []rule
	for _, s := range list {
		if !s.valid() {
			return nil, fmt.Errorf("%w: selector %v", ErrSelector, s)
		}
		out = append(out, rule{lo: number(s.Start), hi: number(s.End), ports: s})
	}
	return out, nil
}

func number(a netip.Addr) uint32 {
	b := a.As4()
	return binary.BigEndian.Uint32(b[:])
}

// Allows reports whether the well-formed IPv4 packet pkt is within p.
func (p *Policy) Allows(pkt []byte) bool {
	return p.any || p.search(pkt)
}

func (p *Policy) search(pkt []byte) bool {
	proto, src, dst := pkt[9], NoPort, NoPort
	if binary.BigEndian.Uint16(pkt[6:])&0x1fff == 0 { // the first fragment
		src, dst = ports(proto, pkt[int(pkt[0]&15)*4:])
	}
	return match(p.from, binary.BigEndian.Uint32(pkt[12:]), proto, src) &&
		match(p.to, binary.BigEndian.Uint32(pkt[16:]), proto, dst)
}

func match(rules []rule, addr uint32, proto uint8, port int) bool {
	for i := range rules {
		r := &rules[i]
		if r.lo <= addr && addr <= r.hi && (r.ports.Proto == 0 || r.ports.Proto == proto) && r.ports.containsPort(port) {
			return true
		}
	}
	return false
}

// Protocols that show ports, or for ICMP type and code, which stand for both
// (RFC 4301 section 4.4.1.1).
const (
	protoICMP    = 1
	protoTCP     = 6
	protoUDP     = 17
	protoDCCP    = 33
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
	case protoICMP:
		return first, first
	case protoTCP, protoUDP, protoDCCP, protoSCTP, protoUDPLite:
		return first, int(binary.BigEndian.Uint16(transport[2:]))
	}
	return NoPort, NoPort
}
