package ip

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
)

// The IPv4 header (RFC 791).
const (
	HeaderLen  = 20 // octets, without options
	MaxLen     = 65535
	DefaultTTL = 255

	ProtoICMP = 1
	ProtoIPIP = 4
	ProtoTCP  = 6
	ProtoUDP  = 17
	ProtoGRE  = 47
	ProtoESP  = 50

	plainHeader = 4<<4 | HeaderLen/4 // its first octet, without options

	FlagDF       = 0x4000
	FlagMF       = 0x2000
	OffsetMask   = 0x1fff
	FragmentMask = FlagMF | OffsetMask
)

// CheckHeader checks a header as RFC 1812 section 5.2.2 asks and gives the
// packet's length; what follows it in b is padding.
func CheckHeader(b []byte) (int, bool) {
	if len(b) >= HeaderLen && b[0] == plainHeader {
		n := int(binary.BigEndian.Uint16(b[2:]))
		return n, n >= HeaderLen && n <= len(b) && plainChecksum((*[HeaderLen]byte)(b)) == 0
	}
	if IsIPv6(b) {
		return checkHeader6(b)
	}
	if !wellFormed(b) || headerChecksum(b) != 0 {
		return 0, false
	}
	return int(binary.BigEndian.Uint16(b[2:])), true
}

// wellFormed says whether the lengths of a header can be.
func wellFormed(b []byte) bool {
	if len(b) < HeaderLen || b[0]>>4 != 4 {
		return false
	}
	header, total := int(b[0]&15)*4, int(binary.BigEndian.Uint16(b[2:]))
	return header >= HeaderLen && total >= header && total <= len(b)
}

// SetHeaderChecksum makes the checksum of the header that b begins with; IPv6 has none.
func SetHeaderChecksum(b []byte) {
	if IsIPv6(b) {
		return
	}
	b[10], b[11] = 0, 0
	binary.BigEndian.PutUint16(b[10:], headerChecksum(b))
}

// headerChecksum is the checksum of the header that b begins with.
func headerChecksum(b []byte) uint16 {
	if b[0] != plainHeader {
		return Checksum(b[:int(b[0]&15)*4])
	}
	return plainChecksum((*[HeaderLen]byte)(b))
}

// plainChecksum is that of a header without options: as Sum, without a loop.
func plainChecksum(h *[HeaderLen]byte) uint16 {
	wide, carry := bits.Add64(binary.BigEndian.Uint64(h[0:8]), binary.BigEndian.Uint64(h[8:16]), 0)
	wide, carry = bits.Add64(wide, uint64(binary.BigEndian.Uint32(h[16:20])), carry)
	return Fold(narrow(wide + carry))
}

// setTTL changes the TTL and the header checksum with it (RFC 1624, eqn. 3), or the hop
// limit.
func setTTL(b []byte, ttl uint8) {
	if IsIPv6(b) {
		b[atHopLimit] = ttl
		return
	}
	c := uint32(^binary.BigEndian.Uint16(b[10:])) + uint32(^(uint16(b[8]) << 8)) + uint32(ttl)<<8
	b[8] = ttl
	binary.BigEndian.PutUint16(b[10:], Fold(c))
}

// Source and Destination are the addresses of the packet b.
func Source(b []byte) netip.Addr {
	if IsIPv6(b) {
		return netip.AddrFrom16([16]byte(b[8:24]))
	}
	return netip.AddrFrom4([4]byte(b[12:16]))
}

func Destination(b []byte) netip.Addr {
	if IsIPv6(b) {
		return netip.AddrFrom16([16]byte(b[24:40]))
	}
	return netip.AddrFrom4([4]byte(b[16:20]))
}

// destination is Destination for the forwarding table.
func destination(b []byte) address {
	if b[0]>>4 == 6 {
		return readV6(b[24:])
	}
	return readV4(b[16:])
}

// headerLen is where what a packet carries begins, and protocol what it is.
func headerLen(b []byte) int {
	switch {
	case b[0]>>4 != 6:
		return int(b[0]&15) * 4
	case extended(b[6]):
		return chainOf(b).at
	}
	return HeaderLen6
}

func protocol(b []byte) uint8 {
	switch {
	case b[0]>>4 != 6:
		return b[9]
	case extended(b[6]):
		return chainOf(b).proto
	}
	return b[6]
}

// Body is what a packet whose header is there carries, and where; piece says whether it is
// a fragment.
func Body(b []byte) (proto uint8, at int, piece bool) {
	if IsIPv6(b) {
		if !extended(b[6]) {
			return b[6], HeaderLen6, false
		}
		c := chainOf(b)
		return c.proto, c.at, c.fragment != 0 || c.fault
	}
	return b[9], int(b[0]&15) * 4, binary.BigEndian.Uint16(b[6:])&FragmentMask != 0
}

// headerFor is how long the header of a packet is that goes to an address.
func headerFor(dst address) int {
	if dst.is4() {
		return HeaderLen
	}
	return HeaderLen6
}

// writeHeader fills in the header of the packet b, which is all zero.
func writeHeader(b []byte, proto uint8, src, dst address, ttl uint8) {
	if !dst.is4() {
		b[0], b[6], b[atHopLimit] = 6<<4, proto, ttl
		binary.BigEndian.PutUint16(b[4:], uint16(len(b)-HeaderLen6))
		writeV6(b[8:], src)
		writeV6(b[24:], dst)
		return
	}
	b[0], b[8], b[9] = 0x45, ttl, proto
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
	writeV4(b[12:], src)
	writeV4(b[16:], dst)
}

// ICMP types and codes.
const (
	echoReply    = 0
	Unreachable  = 3
	sourceQuench = 4
	redirect     = 5
	echoRequest  = 8
	TimeExceeded = 11
	badParameter = 12

	codeHost                = 1 // of Unreachable
	codeProtocol            = 2
	CodePort                = 3
	CodeFragmentationNeeded = 4
	codeProhibited          = 13
	codeReassembly          = 1 // of TimeExceeded
)

const icmpHeader = 8
