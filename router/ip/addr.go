package ip

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
)

// v4 is an IPv4 address in the form that the forwarding table compares; 0 is
// none.
type v4 uint32

const broadcast v4 = 0xffffffff

// v4Of is 0 for anything but an IPv4 address.
func v4Of(a netip.Addr) v4 {
	if !a.Is4() {
		return 0
	}
	b := a.As4()
	return v4(binary.BigEndian.Uint32(b[:]))
}

func (a v4) addr() netip.Addr {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], uint32(a))
	return netip.AddrFrom4(b)
}

func readV4(b []byte) v4     { return v4(binary.BigEndian.Uint32(b)) }
func writeV4(b []byte, a v4) { binary.BigEndian.PutUint32(b, uint32(a)) }

// maskOf is the network mask with that many bits.
func maskOf(n int) v4 { return ^v4(0) << (32 - n) } // a shift by 32 gives 0

// bit is bit n of an address, counted from the left.
func (a v4) bit(n int) int { return int(a >> (31 - n) & 1) }

// common counts the leading bits that two addresses share.
func common(a, b v4) int { return bits.LeadingZeros32(uint32(a ^ b)) }

// prefix is an address with the length of its network: an interface's own
// address, or with the host bits zero a network.
type prefix struct {
	addr v4
	bits int
}

func (p prefix) network() prefix     { return prefix{p.addr & maskOf(p.bits), p.bits} }
func (p prefix) contains(a v4) bool  { return (p.addr^a)&maskOf(p.bits) == 0 }
func (p prefix) last() v4            { return p.addr | ^maskOf(p.bits) }
func (p prefix) netip() netip.Prefix { return netip.PrefixFrom(p.addr.addr(), p.bits) }

// hasBroadcast: networks of 31 bits and more have no broadcast address
// (RFC 3021).
func (p prefix) hasBroadcast() bool { return p.bits < 31 }

func prefixOf(p netip.Prefix) (prefix, bool) {
	return prefix{v4Of(p.Addr()), p.Bits()}, p.IsValid() && p.Addr().Is4()
}
