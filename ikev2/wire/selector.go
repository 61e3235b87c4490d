package wire

import (
	"encoding/binary"
	"net/netip"
)

// Selector types (RFC 7296 3.13.1).
const (
	TSIPv4AddrRange = 7
	TSIPv6AddrRange = 8
)

// TS is a Traffic Selector payload, TSi or TSr (RFC 7296 3.13).
type TS struct {
	Initiator bool
	Selectors []Selector
}

// Selector is one traffic selector: an inclusive range of addresses and one of
// ports. Ports 65535 to 0 are OPAQUE.
type Selector struct {
	Type               uint8 // TSIPv4AddrRange or TSIPv6AddrRange
	Protocol           uint8 // 0: any
	StartPort, EndPort uint16
	Start, End         netip.Addr
	Strange            string // of another type: the octets behind its length
}

// Selector lengths in octets.
const (
	rangeLen     = 4 // type, protocol and length, which all types have
	selectorLen4 = rangeLen + 4 + 2*4
	selectorLen6 = rangeLen + 4 + 2*16
)

// Type is TSi or TSr.
func (p *TS) Type() PayloadType { return either(p.Initiator, TypeTSi, TypeTSr) }

func (p *TS) size() int {
	n := 4
	for i := range p.Selectors {
		n += p.Selectors[i].size()
	}
	return n
}

// selectorLen is the length that a selector type has; 0: unknown type.
func selectorLen(kind uint8) int {
	switch kind {
	case TSIPv4AddrRange:
		return selectorLen4
	case TSIPv6AddrRange:
		return selectorLen6
	}
	return 0
}

func (s *Selector) size() int {
	if n := selectorLen(s.Type); n > 0 {
		return n
	}
	return rangeLen + len(s.Strange)
}

func (p *TS) append(b []byte) []byte {
	b = append(b, count8(len(p.Selectors)), 0, 0, 0)
	for i := range p.Selectors {
		b = p.Selectors[i].append(b)
	}
	return b
}

func (s *Selector) append(b []byte) []byte {
	b = append(b, s.Type, s.Protocol)
	b = binary.BigEndian.AppendUint16(b, uint16(s.size()))
	if selectorLen(s.Type) == 0 {
		return append(b, s.Strange...)
	}
	b = binary.BigEndian.AppendUint16(b, s.StartPort)
	b = binary.BigEndian.AppendUint16(b, s.EndPort)
	if s.Type == TSIPv4AddrRange {
		start, end := s.Start.As4(), s.End.As4()
		return append(append(b, start[:]...), end[:]...)
	}
	start, end := s.Start.As16(), s.End.As16()
	return append(append(b, start[:]...), end[:]...)
}

func parseTS(initiator bool, b []byte, at *places) (Payload, error) {
	if err := atLeast(4, b); err != nil {
		return nil, err
	}
	count := int(b[0])
	b = b[4:]
	if count == 0 || count*rangeLen > len(b) {
		return nil, syntax("%d selectors in %d octets", count, len(b))
	}
	ts := put(&at.tss, TS{Initiator: initiator, Selectors: some(&at.selectors, count)})
	for i := range ts.Selectors {
		n, err := ts.Selectors[i].parse(b)
		if err != nil {
			return nil, in(err, "selector %d", i+1)
		}
		b = b[n:]
	}
	if len(b) > 0 {
		return nil, syntax("%d octets behind %d selectors", len(b), count)
	}
	return ts, nil
}

// parse reads the selector at the front of b and returns its length. Of an unknown
// type it reads no more: "the responder ignores that Traffic Selector, so that the
// unknown type is not returned in the narrowed set" (RFC 7296 2.9).
func (s *Selector) parse(b []byte) (int, error) {
	if err := atLeast(rangeLen, b); err != nil {
		return 0, err
	}
	n := selectorLen(b[0])
	switch said := int(binary.BigEndian.Uint16(b[2:])); {
	case n == 0 && said >= rangeLen && said <= len(b):
		*s = Selector{Type: b[0], Protocol: b[1], Strange: string(b[rangeLen:said])}
		return said, nil
	case n == 0:
		return 0, syntax("type %d of length %d in %d octets", b[0], said, len(b))
	case said != n || said > len(b):
		return 0, syntax("type %d of length %d in %d octets, must be %d", b[0], said, len(b), n)
	}
	*s = Selector{
		Type: b[0], Protocol: b[1],
		StartPort: binary.BigEndian.Uint16(b[4:]), EndPort: binary.BigEndian.Uint16(b[6:]),
	}
	half := (n - 8) / 2
	s.Start, _ = netip.AddrFromSlice(b[8 : 8+half])
	s.End, _ = netip.AddrFromSlice(b[8+half : n])
	return n, s.check()
}

// check wants ranges that hold something. OPAQUE ports are the one exception
// (RFC 7296 3.13.1).
func (s *Selector) check() error {
	opaque := s.StartPort == 65535 && s.EndPort == 0
	if s.StartPort > s.EndPort && !opaque {
		return syntax("ports %d to %d", s.StartPort, s.EndPort)
	}
	if s.End.Less(s.Start) {
		return syntax("addresses %v to %v", s.Start, s.End)
	}
	return nil
}
