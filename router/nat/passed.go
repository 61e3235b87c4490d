package nat

import (
	"encoding/binary"
	"net/netip"

	"ikelab/router/ip"
)

// Passed is a packet that was translated, for whoever watches: it is no record, and where
// nobody watches nothing is made.
type Passed struct {
	Inward         bool // it came from the outside
	From, To       netip.AddrPort
	NewFrom, NewTo netip.Addr
	Identification uint16 // of the packet (RFC 791 3.1)
	Protocol       uint8
	First          bool // of its mapping
}

// Kind is none: it is no record.
func (Passed) Kind() string { return "" }

// Look is a packet before it is translated.
func Look(b []byte, inward bool) Passed {
	p := Passed{Inward: inward}
	if !isIPv4(b) {
		return p
	}
	p.From, p.To = netip.AddrPortFrom(ip.Source(b), 0), netip.AddrPortFrom(ip.Destination(b), 0)
	p.Identification, p.Protocol = binary.BigEndian.Uint16(b[4:]), b[9]
	if s, ok := parse(b, false); ok && !isError(b) {
		p.From, p.To = s.src, s.dst
	}
	return p
}
