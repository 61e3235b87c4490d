package nat

import (
	"encoding/binary"
	"net/netip"

	"ikelab/router/ip"
)

// ICMP errors (RFC 5508 4): they quote a packet that went the other way, and what
// they quote is translated as well.

// quote is the packet that an error quotes, with the error's own body.
func quote(b []byte) (icmp []byte, s segment, ok bool) {
	icmp = b[int(b[0]&15)*4:]
	if ip.Checksum(icmp) != 0 { // "If the ICMP Error checksum is invalid, the NAT SHOULD silently drop it" (RFC 5508 REQ-3)
		return icmp, s, false
	}
	s, ok = parse(icmp[icmpHeader:], true)
	return icmp, s, ok
}

// errorInward translates an error about a packet that has left.
func (t *Translator) errorInward(b []byte) Verdict {
	icmp, s, ok := quote(b)
	m := t.outside[outsideKey{s.proto, s.src}]
	if m == nil && isIPv4(s.b) {
		m = t.outside[outsideKey{whole, netip.AddrPortFrom(ip.Source(s.b), 0)}]
	}
	if m == nil {
		return t.stranger(b, absent(ok))
	}
	m.change(&s, sourceAt, m.inside)
	setAddress(b, destinationAt, m.inside.Addr())
	sealICMP(icmp)
	return Translated
}

// errorOutward translates an error about a packet that came in. It bears the
// outside address, whoever inside has made it.
func (t *Translator) errorOutward(b []byte) Verdict {
	icmp, s, ok := quote(b)
	m := t.inside[insideKey{s.proto, s.dst, t.settings.Mapping.part(s.peer(s.src))}]
	if m == nil && isIPv4(s.b) {
		m = t.inside[insideKey{proto: whole, inside: netip.AddrPortFrom(ip.Destination(s.b), 0)}]
	}
	if m == nil {
		return t.stranger(b, absent(ok))
	}
	m.change(&s, destinationAt, m.outside)
	setAddress(b, sourceAt, m.outside.Addr())
	sealICMP(icmp)
	return Translated
}

// absent is why a packet has no mapping. ok: it could have had one.
func absent(ok bool) Refusal {
	if ok {
		return NoMapping
	}
	return NotForNAT
}

func sealICMP(icmp []byte) {
	icmp[2], icmp[3] = 0, 0
	binary.BigEndian.PutUint16(icmp[2:], ip.Checksum(icmp))
}
