package router

import (
	"encoding/binary"
	"net/netip"
)

// ip4 is an IPv4 address in the form that the data path compares; 0 is none.
type ip4 uint32

const broadcastIP ip4 = 0xffffffff

// ip4Of is 0 for anything but an IPv4 address.
func ip4Of(a netip.Addr) ip4 {
	if !a.Is4() {
		return 0
	}
	b := a.As4()
	return ip4(binary.BigEndian.Uint32(b[:]))
}

func (a ip4) addr() netip.Addr {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], uint32(a))
	return netip.AddrFrom4(b)
}

func readIP4(b []byte) ip4     { return ip4(binary.BigEndian.Uint32(b)) }
func writeIP4(b []byte, a ip4) { binary.BigEndian.PutUint32(b, uint32(a)) }

// maskOf is the network mask with that many bits.
func maskOf(bits int) ip4 { return ^ip4(0) << (32 - bits) } // a shift by 32 gives 0

// ifaceAddr is an address of an interface with its network.
type ifaceAddr struct {
	addr ip4
	bits int
}

func (a ifaceAddr) network() ip4         { return a.addr & maskOf(a.bits) }
func (a ifaceAddr) contains(b ip4) bool  { return (a.addr^b)&maskOf(a.bits) == 0 }
func (a ifaceAddr) broadcast() ip4       { return a.addr | ^maskOf(a.bits) }
func (a ifaceAddr) prefix() netip.Prefix { return netip.PrefixFrom(a.network().addr(), a.bits) }

// hasBroadcast: networks of 31 bits and more have no broadcast address
// (RFC 3021).
func (a ifaceAddr) hasBroadcast() bool { return a.bits < 31 }

func ifaceAddrOf(p netip.Prefix) (ifaceAddr, bool) {
	return ifaceAddr{addr: ip4Of(p.Addr()), bits: p.Bits()}, p.IsValid() && p.Addr().Is4()
}
