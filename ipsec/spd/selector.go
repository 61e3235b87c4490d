package spd

import (
	"bytes"
	"fmt"
	"net/netip"
	"slices"
)

// Selector is a traffic selector (RFC 7296 section 3.13.1): inclusive ranges
// of addresses and ports, and a protocol, 0 for any. For ICMP the port is
// type<<8 | code. StartPort 65535 with EndPort 0 is OPAQUE: only packets that
// show no port.
type Selector struct {
	Proto              uint8
	StartPort, EndPort uint16
	Start, End         netip.Addr
}

// AnyIPv4 is the selector that every IPv4 packet matches.
func AnyIPv4() Selector {
	return Selector{EndPort: 65535, Start: netip.IPv4Unspecified(), End: netip.AddrFrom4([4]byte{255, 255, 255, 255})}
}

// AnyIPv6 is the selector that every IPv6 packet matches.
func AnyIPv6() Selector {
	return Selector{EndPort: 65535, Start: netip.IPv6Unspecified(), End: lastIPv6}
}

var lastIPv6 = netip.AddrFrom16([16]byte(bytes.Repeat([]byte{255}, 16)))

// PrefixSelector selects all protocols and ports of a prefix.
func PrefixSelector(p netip.Prefix) Selector {
	p = p.Masked()
	last := p.Addr().AsSlice()
	for n := p.Bits(); n < p.Addr().BitLen(); n++ {
		last[n/8] |= 0x80 >> (n % 8)
	}
	end, _ := netip.AddrFromSlice(last)
	return Selector{EndPort: 65535, Start: p.Addr(), End: end}
}

// Contains reports whether s selects a packet whose address on this side is
// addr. port is the port on this side (ICMP: type and code), NoPort where the
// packet shows none: other protocols, and fragments after the first.
func (s Selector) Contains(addr netip.Addr, proto uint8, port int) bool {
	return s.valid() && s.Start.BitLen() == addr.BitLen() && s.Start.Compare(addr) <= 0 && addr.Compare(s.End) <= 0 &&
		(s.Proto == 0 || s.Proto == proto) && s.containsPort(port)
}

// NoPort stands for the port of a packet that shows none.
const NoPort = -1

// containsPort follows RFC 4301 section 7: where the port cannot be seen, only
// selectors match that do not care for it.
func (s Selector) containsPort(port int) bool {
	if port == NoPort {
		return s.opaque() || s.anyPort()
	}
	return int(s.StartPort) <= port && port <= int(s.EndPort)
}

func (s Selector) opaque() bool  { return s.StartPort == 65535 && s.EndPort == 0 }
func (s Selector) anyPort() bool { return s.StartPort == 0 && s.EndPort == 65535 }

// valid says whether s is well formed: a range of one address family, without
// zones, and of ports.
func (s Selector) valid() bool {
	return s.Start.IsValid() && s.Start.BitLen() == s.End.BitLen() && !s.Start.Is4In6() && !s.End.Is4In6() &&
		s.Start.Zone() == "" && s.End.Zone() == "" && s.Start.Compare(s.End) <= 0 &&
		(s.StartPort <= s.EndPort || s.opaque())
}

func (s Selector) String() string {
	return fmt.Sprintf("%v-%v proto %d ports %d-%d", s.Start, s.End, s.Proto, s.StartPort, s.EndPort)
}

// Covers reports whether s selects all that t selects.
func (s Selector) Covers(t Selector) bool {
	if s == t { // as nearly all that are compared
		return s.valid()
	}
	both, ok := s.intersect(t)
	return ok && both == t
}

// intersect is what both s and t select.
func (s Selector) intersect(t Selector) (Selector, bool) {
	if s.Start.BitLen() != t.Start.BitLen() || s.Proto != 0 && t.Proto != 0 && s.Proto != t.Proto {
		return Selector{}, false
	}
	out := Selector{Proto: max(s.Proto, t.Proto), Start: s.Start, End: s.End}
	if t.Start.Compare(out.Start) > 0 {
		out.Start = t.Start
	}
	if t.End.Compare(out.End) < 0 {
		out.End = t.End
	}
	switch {
	case s.opaque() && (t.opaque() || t.anyPort()), t.opaque() && s.anyPort():
		out.StartPort, out.EndPort = 65535, 0
	case s.opaque() || t.opaque():
		return Selector{}, false
	default:
		out.StartPort, out.EndPort = max(s.StartPort, t.StartPort), min(s.EndPort, t.EndPort)
	}
	return out, s.valid() && t.valid() && out.valid() && (out.opaque() || out.StartPort <= out.EndPort)
}

// Overlap reports whether there is traffic that both lists select.
func Overlap(a, b []Selector) bool {
	for _, s := range a {
		for _, t := range b {
			if _, ok := s.intersect(t); ok {
				return true
			}
		}
	}
	return false
}

// MaxSelectors is how many selectors stand in for one end at most: those of a
// Traffic Selector payload (RFC 7296 section 3.13).
const MaxSelectors = 255

// Intersect is the traffic that both lists select: what a responder may narrow
// an offer to (RFC 7296 section 2.9). The result keeps the order of a, then of
// b, leaves out selectors that another of the result covers, and has MaxSelectors at
// most; it may be a itself. Nil means that nothing is left: TS_UNACCEPTABLE.
func Intersect(a, b []Selector) []Selector {
	if len(a) == 1 && len(b) == 1 && a[0] == b[0] && a[0].valid() { // as mostly
		return a
	}
	var out []Selector
	for _, s := range a {
		for _, t := range b {
			both, ok := s.intersect(t)
			if !ok || slices.ContainsFunc(out, func(t Selector) bool { return t.Covers(both) }) {
				continue
			}
			out = slices.DeleteFunc(out, both.Covers)
			if out = append(out, both); len(out) == MaxSelectors {
				return out
			}
		}
	}
	return out
}
