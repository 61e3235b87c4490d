package ip

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
)

// address is an IP address in the form that the forwarding table compares: that of
// IPv6, in which an IPv4 address is ::ffff:a.b.c.d. The zero value, ::, is none.
type address struct{ hi, lo uint64 }

// mapped stands before an IPv4 address (RFC 4291 section 2.5.5.2).
const (
	mapped     = 0xffff << 32
	mappedBits = 96
)

// none is no address.
var none address

// broadcast and nobody are 255.255.255.255 and 0.0.0.0.
var broadcast, nobody = address{lo: mapped | 0xffffffff}, address{lo: mapped}

// v4Address is an IPv4 address by its number.
func v4Address(n uint32) address { return address{lo: mapped | uint64(n)} }

// addressOf is none for what is no address.
func addressOf(a netip.Addr) address {
	switch {
	case a.Is4():
		b := a.As4()
		return v4Address(binary.BigEndian.Uint32(b[:]))
	case a.IsValid():
		b := a.As16()
		return readV6(b[:])
	}
	return none
}

func (a address) netip() netip.Addr {
	if a.is4() {
		var b [4]byte
		binary.BigEndian.PutUint32(b[:], uint32(a.lo))
		return netip.AddrFrom4(b)
	}
	var b [16]byte
	writeV6(b[:], a)
	return netip.AddrFrom16(b)
}

// is4 says whether it is one of IPv4.
func (a address) is4() bool { return a.hi == 0 && a.lo>>32 == mapped>>32 }

func readV4(b []byte) address     { return v4Address(binary.BigEndian.Uint32(b)) }
func writeV4(b []byte, a address) { binary.BigEndian.PutUint32(b, uint32(a.lo)) }
func readV6(b []byte) address {
	return address{binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])}
}

func writeV6(b []byte, a address) {
	binary.BigEndian.PutUint64(b, a.hi)
	binary.BigEndian.PutUint64(b[8:], a.lo)
}

// masked is the address with nothing behind the first n bits.
func (a address) masked(n int) address {
	if n <= 64 {
		return address{hi: a.hi & ^(^uint64(0) >> n)}
	}
	return address{a.hi, a.lo & ^(^uint64(0) >> (n - 64))} // a shift by 64 gives 0
}

// filled is the address with ones behind the first n bits.
func (a address) filled(n int) address {
	if n <= 64 {
		return address{a.hi | ^uint64(0)>>n, ^uint64(0)}
	}
	return address{a.hi, a.lo | ^uint64(0)>>(n-64)}
}

// bit is bit n of an address, counted from the left.
func (a address) bit(n int) int {
	if n < 64 {
		return int(a.hi >> (63 - n) & 1)
	}
	return int(a.lo >> (127 - n) & 1)
}

// common counts the leading bits that two addresses share.
func common(a, b address) int {
	if x := a.hi ^ b.hi; x != 0 {
		return bits.LeadingZeros64(x)
	}
	return 64 + bits.LeadingZeros64(a.lo^b.lo)
}

// wholeAddress is how many bits an address has.
const wholeAddress = 128

// prefix is an address with the length of its network, of 128 bits: an interface's own
// address, or with the host bits zero a network.
type prefix struct {
	addr address
	bits int
}

func (p prefix) network() prefix         { return prefix{p.addr.masked(p.bits), p.bits} }
func (p prefix) contains(a address) bool { return common(p.addr, a) >= p.bits }
func (p prefix) last() address           { return p.addr.filled(p.bits) }
func (p prefix) host() bool              { return p.bits == wholeAddress }

func (p prefix) netip() netip.Prefix {
	n := p.bits
	if p.addr.is4() {
		n -= mappedBits
	}
	return netip.PrefixFrom(p.addr.netip(), n)
}

// hasBroadcast: networks of 31 bits and more have no broadcast address
// (RFC 3021), and IPv6 has none.
func (p prefix) hasBroadcast() bool { return p.addr.is4() && p.bits < mappedBits+31 }

func prefixOf(p netip.Prefix) (prefix, bool) {
	n := p.Bits()
	if p.Addr().Is4() {
		n += mappedBits
	}
	return prefix{addressOf(p.Addr()), n}, p.IsValid()
}

// alone is the prefix of one address.
func alone(a address) prefix { return prefix{a, wholeAddress} }
