package ip

import "encoding/binary"

// Checksum is the Internet checksum (RFC 1071) of b; 0 for data that carries
// its own right one.
func Checksum(b []byte) uint16 { return Fold(Sum(0, b)) }

// Sum adds the 16-bit words of b to s, eight octets at a time: 2^16 is 1 in
// one's complement, so words may be added in any order and at any width, and
// what is above the lower half is added to it.
func Sum(s uint32, b []byte) uint32 {
	wide := uint64(s)
	for ; len(b) >= 8; b = b[8:] {
		v := binary.BigEndian.Uint64(b)
		wide += v>>32 + v&0xffffffff
	}
	if len(b) >= 4 {
		wide += uint64(binary.BigEndian.Uint32(b))
		b = b[4:]
	}
	if len(b) >= 2 {
		wide += uint64(binary.BigEndian.Uint16(b))
		b = b[2:]
	}
	if len(b) == 1 {
		wide += uint64(b[0]) << 8
	}
	return narrow(wide)
}

// narrow makes a sum of any width one that Fold takes.
func narrow(wide uint64) uint32 {
	wide = wide>>32 + wide&0xffffffff
	wide = wide>>16 + wide&0xffff
	return uint32(wide>>16 + wide&0xffff)
}

// Fold makes the checksum of a sum.
func Fold(s uint32) uint16 {
	s = s>>16 + s&0xffff
	return ^uint16(s>>16 + s)
}
