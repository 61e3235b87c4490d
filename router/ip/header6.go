package ip

import "encoding/binary"

// The IPv6 header and those that extend it (RFC 8200).
const (
	HeaderLen6 = 40
	MinMTU6    = 1280 // octets that every link carries (section 5)

	ProtoIPv6   = 41
	ProtoICMPv6 = 58

	extHopByHop    = 0
	extRouting     = 43
	extFragment    = 44
	extDestination = 60

	fragmentHeader = 8
	maxExtensions  = 8 // of one packet
	atHopLimit     = 7
)

// chain is what stands between an IPv6 header and what the packet carries.
type chain struct {
	proto    uint8  // what follows
	at       int    // where
	field    uint16 // flags and offset as IPv4 has them
	id       uint32 // of a fragment
	fragment int    // where its header is; 0: it is none
	next     int    // where the number stands that says so
	fault    bool   // it is not well formed
}

// extended says whether a number is that of a header which extends an IPv6 header. Most
// packets have none, and who only asks for what they carry needs no chain of them.
func extended(proto uint8) bool {
	const them = 1<<extHopByHop | 1<<extRouting | 1<<extFragment | 1<<extDestination
	return proto < 64 && uint64(them)>>proto&1 != 0
}

// chainOf reads the headers of an IPv6 packet. Behind the header of a fragment it looks
// no further; one that is all of its packet is no fragment (RFC 6946).
func chainOf(b []byte) chain {
	c := chain{proto: b[6], at: HeaderLen6, next: 6}
	for range maxExtensions {
		switch c.proto {
		case extHopByHop, extRouting, extDestination:
			if c.proto == extHopByHop && c.at != HeaderLen6 || c.at+8 > len(b) || c.at+8+int(b[c.at+1])*8 > len(b) {
				c.fault = true // section 4.1: it stands first
				return c
			}
			c.proto, c.next, c.at = b[c.at], c.at, c.at+8+int(b[c.at+1])*8
		case extFragment:
			if c.at+fragmentHeader > len(b) {
				c.fault = true
				return c
			}
			word := binary.BigEndian.Uint16(b[c.at+2:])
			h := b[c.at:]
			if word&^6 != 0 {
				c.fragment, c.id = c.at, binary.BigEndian.Uint32(h[4:])
				c.field = word >> 3
				if word&1 != 0 {
					c.field |= FlagMF
				}
				c.proto, c.at = h[0], c.at+fragmentHeader
				return c
			}
			c.proto, c.next, c.at = h[0], c.at, c.at+fragmentHeader
		default:
			return c
		}
	}
	c.fault = true
	return c
}

// checkHeader6 checks an IPv6 header and gives the packet's length; what follows it in b
// is padding.
func checkHeader6(b []byte) (int, bool) {
	if len(b) < HeaderLen6 || b[0]>>4 != 6 {
		return 0, false
	}
	h := (*[HeaderLen6]byte)(b)
	n := HeaderLen6 + int(binary.BigEndian.Uint16(h[4:]))
	if n > len(b) || readV6(h[8:]).is4() || readV6(h[24:]).is4() { // mapped addresses are never on the wire
		return 0, false
	}
	return n, !extended(h[6]) || !chainOf(b[:n]).fault
}

// Body6 is what an IPv6 packet carries, and where; field is its fragment's flags and offset
// as IPv4 has them. ok is false where its headers are not well formed.
func Body6(b []byte) (proto uint8, at int, field uint16, ok bool) {
	if !extended(b[6]) {
		return b[6], HeaderLen6, 0, true
	}
	c := chainOf(b)
	return c.proto, c.at, c.field, !c.fault
}

// IsIPv6 says whether a packet is one of IPv6.
func IsIPv6(b []byte) bool { return len(b) > 0 && b[0]>>4 == 6 }

// TOS is the type of service of a packet, or its traffic class.
func TOS(b []byte) uint8 {
	if IsIPv6(b) {
		return b[0]<<4 | b[1]>>4
	}
	return b[1]
}

// setTOS gives it to a packet whose checksum is not there yet.
func setTOS(b []byte, tos uint8) {
	if IsIPv6(b) {
		b[0], b[1] = 6<<4|tos>>4, tos<<4|b[1]&15
		return
	}
	b[1] = tos
}

// What an address of IPv6 is for (RFC 4291).

// linkLocal says whether an address means somebody on one link only.
func (a address) linkLocal() bool { return a.hi>>54 == 0xfe80>>6 }

// special6 says whether no route leads to an address of IPv6: to nobody, to ourselves, to
// a link that is not said, to many (RFC 4291 section 2.4).
func (a address) special6() bool {
	return a.hi == 0 && a.lo <= 1 || a.linkLocal() || a.group6()
}

// group6 says whether it is a multicast address of IPv6.
func (a address) group6() bool { return a.hi>>56 == 0xff }

var (
	allNodes   = address{0xff02 << 48, 1}
	allRouters = address{0xff02 << 48, 2}
)

// solicited is the group of the nodes that an address may be one of (section 2.7.1).
func solicited(a address) address {
	return address{0xff02 << 48, 1<<32 | 0xff<<24 | a.lo&0xffffff}
}

// groupMAC is the Ethernet address of a group (RFC 2464 section 7).
func groupMAC(a address) [6]byte {
	return [6]byte{0x33, 0x33, byte(a.lo >> 24), byte(a.lo >> 16), byte(a.lo >> 8), byte(a.lo)}
}

// LinkLocal is the address that an interface makes of its hardware address (RFC 4291
// appendix A).
func linkLocalOf(mac [6]byte) address {
	return address{0xfe80 << 48, interfaceID(mac)}
}

func interfaceID(mac [6]byte) uint64 {
	b := [8]byte{mac[0] ^ 2, mac[1], mac[2], 0xff, 0xfe, mac[3], mac[4], mac[5]}
	return binary.BigEndian.Uint64(b[:])
}
