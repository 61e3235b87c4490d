package nat

import (
	"encoding/binary"
	"net/netip"

	"ikelab/router/ip"
)

const (
	protoTCP  = 6
	protoICMP = ip.ProtoICMP
	protoUDP  = ip.ProtoUDP

	udpHeader  = 8
	tcpHeader  = 20
	icmpHeader = 8

	echoReply   = 0
	echoRequest = 8
)

// segment is a packet with endpoints, or the beginning of one that an ICMP error
// quotes.
type segment struct {
	b        []byte // the packet
	body     []byte // what follows its header
	proto    uint8
	src, dst netip.AddrPort
}

// parse finds the endpoints of a packet. Of one that is quoted there may be no more
// than eight octets of its body.
func parse(b []byte, quoted bool) (s segment, ok bool) {
	s.b = b
	if !isIPv4(b) {
		return s, false
	}
	head := int(b[0]&15) * 4
	if head < ip.HeaderLen || len(b) < head+icmpHeader || binary.BigEndian.Uint16(b[6:])&ip.OffsetMask != 0 {
		return s, false
	}
	s = segment{b: b, body: b[head:], proto: b[9]}
	var from, to uint16
	switch s.proto {
	case protoUDP:
		from, to = binary.BigEndian.Uint16(s.body), binary.BigEndian.Uint16(s.body[2:])
	case protoTCP:
		if !quoted && len(s.body) < tcpHeader {
			return s, false
		}
		from, to = binary.BigEndian.Uint16(s.body), binary.BigEndian.Uint16(s.body[2:])
	case protoICMP:
		if s.body[0] != echoRequest && s.body[0] != echoReply {
			return s, false
		}
		from = binary.BigEndian.Uint16(s.body[4:])
		to = from // one identifier names both ends
	default:
		return s, false
	}
	s.src, s.dst = netip.AddrPortFrom(ip.Source(b), from), netip.AddrPortFrom(ip.Destination(b), to)
	return s, true
}

// peer is an endpoint of the other side, as mappings and filters know it: an echo
// has an identifier at one end only.
func (s *segment) peer(p netip.AddrPort) netip.AddrPort {
	if s.proto == protoICMP {
		return netip.AddrPortFrom(p.Addr(), 0)
	}
	return p
}

// isIPv4 says whether a packet has the header that its addresses are read from. What an
// error quotes may be anything, and as short as its sender likes.
func isIPv4(b []byte) bool { return len(b) >= ip.HeaderLen && b[0]>>4 == 4 }

// isError says whether a packet is an ICMP error, which quotes another one.
func isError(b []byte) bool {
	if !isIPv4(b) || b[9] != protoICMP {
		return false
	}
	head := int(b[0]&15) * 4
	if len(b) < head+icmpHeader {
		return false
	}
	switch b[head] {
	case ip.Unreachable, ip.TimeExceeded, sourceQuench, badParameter:
		return true
	}
	return false
}

const (
	sourceQuench = 4
	badParameter = 12
)

// Where a header has its addresses.
const (
	sourceAt      = 12
	destinationAt = 16
)

// change gives a packet another endpoint; of a mapping of a whole address, another
// address, and its ports stay.
func (m *mapping) change(s *segment, at int, to netip.AddrPort) {
	has := s.src
	if at == destinationAt {
		has = s.dst
	}
	switch {
	case !has.IsValid():
		setAddress(s.b, at, to.Addr())
	case m.proto == whole:
		s.set(at, (at-sourceAt)/2, netip.AddrPortFrom(to.Addr(), has.Port()))
	default:
		s.set(at, (at-sourceAt)/2, to)
	}
}

// set gives a packet another endpoint, with all checksums.
func (s *segment) set(addressAt, portAt int, to netip.AddrPort) {
	sum := s.checksumAt()
	if s.proto == protoICMP {
		portAt = 4
	}
	address := to.Addr().As4()
	for i := 0; i < 4; i += 2 {
		old, now := binary.BigEndian.Uint16(s.b[addressAt+i:]), binary.BigEndian.Uint16(address[i:])
		update(s.b[10:], old, now)
		if s.proto != protoICMP && sum != nil { // whose checksum covers no addresses
			update(sum, old, now)
		}
	}
	copy(s.b[addressAt:], address[:])
	if sum != nil {
		update(sum, binary.BigEndian.Uint16(s.body[portAt:]), to.Port())
	}
	binary.BigEndian.PutUint16(s.body[portAt:], to.Port())
	if s.proto == protoUDP && sum != nil && sum[0] == 0 && sum[1] == 0 {
		sum[0], sum[1] = 0xff, 0xff // zero says that there is none (RFC 768)
	}
}

// checksumAt is the transport checksum; nil: there is none, or it is not quoted.
func (s *segment) checksumAt() []byte {
	at := 2
	switch s.proto {
	case protoUDP:
		if at = 6; s.body[6] == 0 && s.body[7] == 0 {
			return nil
		}
	case protoTCP:
		if at = 16; len(s.body) < 18 {
			return nil
		}
	}
	return s.body[at : at+2]
}

// update changes a checksum for one word that another replaces (RFC 1624).
func update(sum []byte, old, now uint16) {
	c := uint32(^binary.BigEndian.Uint16(sum)) + uint32(^old) + uint32(now)
	binary.BigEndian.PutUint16(sum, ip.Fold(c))
}

// setAddress gives a packet another address, with the checksum of its header.
func setAddress(b []byte, at int, to netip.Addr) {
	a := to.As4()
	copy(b[at:], a[:])
	ip.SetHeaderChecksum(b)
}
