package crypto

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"ikelab/ipsec"
	"ikelab/ipsec/esp"
	"ikelab/ipsec/spd"
	"ikelab/router/ip"
)

// DFBit says what the outer header's Don't Fragment bit is (RFC 4301 section
// 8.1; IOS: crypto ipsec df-bit).
type DFBit uint8

// Choices of the DF bit.
const (
	DFCopy  DFBit = iota // as in the inner packet
	DFSet                // always set
	DFClear              // never set
)

// Encapsulation is what ESP packets of one direction travel in: tunnel mode in
// a packet of either family. TOS is copied from the inner header: DSCP as RFC 4301 section
// 5.1.2.1 has it, ECN in RFC 6040's normal mode.
//
// With ports it is UDP in between (RFC 3948 section 2.1), whose checksum is zero with IPv4
// and must not be with IPv6 (RFC 8200 section 8.1).
type Encapsulation struct {
	Src, Dst         netip.Addr
	SrcPort, DstPort uint16
	TTL              uint8
	DF               DFBit
}

// Params are what one direction of an association is made from.
// Local and Remote are the inner policy seen from this router: an outbound
// packet comes from Local and goes to Remote, an inbound one the other way.
type Params struct {
	esp.Params
	Local, Remote []spd.Selector
	Mode
	Encapsulation
}

// Mode is how a pair carries packets. In transport mode the header of what is protected
// stays in front (RFC 4303 section 3.1.1); Real are then the addresses that a packet has
// at the peer, this end's and the other's, where a NAT changes them (RFC 3948 section
// 3.1.2).
type Mode struct {
	Transport bool
	Padded    bool // the peer takes padding beyond ESP's own (RFC 4303 section 2.7)
	Real      [2]netip.Addr
}

const (
	dontFragment = ip.FlagDF >> 8 // in the seventh octet of a header
	protoIPv4    = 4
	protoIPv6    = 41
	udpHeader    = 8
)

// header is an outer header made ready.
type header struct {
	octets [ip.HeaderLen6 + udpHeader]byte // constant part
	n      int                             // of them that there are
	udp    int                             // where that of UDP is, or would be
	sum    uint32                          // of the octets of IP that no packet changes
	df     DFBit
}

func newHeader(e Encapsulation) (header, error) {
	if e.Src.BitLen() != e.Dst.BitLen() || !e.Src.IsValid() || e.Src.Is4In6() || e.Dst.Is4In6() || e.DF > DFClear {
		return header{}, fmt.Errorf("%w: outer addresses %v and %v must be of one family, df choice %d", ipsec.ErrParams, e.Src, e.Dst, e.DF)
	}
	h := header{df: e.DF}
	at := 6 // where the protocol stands
	if e.Src.Is4() {
		at, h.udp = 9, ip.HeaderLen
		h.octets[0], h.octets[8] = 0x45, e.TTL
		copy(h.octets[12:], e.Src.AsSlice())
		copy(h.octets[16:], e.Dst.AsSlice())
	} else {
		h.udp, h.octets[7] = ip.HeaderLen6, e.TTL
		copy(h.octets[8:], e.Src.AsSlice())
		copy(h.octets[24:], e.Dst.AsSlice())
	}
	h.n, h.octets[at] = h.udp, ip.ProtoESP
	if e.SrcPort != 0 {
		h.n += udpHeader
		h.octets[at] = ip.ProtoUDP
		binary.BigEndian.PutUint16(h.octets[h.udp:], e.SrcPort)
		binary.BigEndian.PutUint16(h.octets[h.udp+2:], e.DstPort)
	}
	if h.sum = ip.Sum(0, h.octets[8:h.udp]); h.six() { // write adds what the first eight octets of IPv4 say
		h.sum += ip.ProtoUDP
	}
	return h, nil
}

// six says whether it is one of IPv6.
func (h *header) six() bool { return h.udp == ip.HeaderLen6 }

// write puts the header of an outer packet pkt around inner.
func (h *header) write(pkt, inner []byte, id uint16) {
	tos, whole := ip.TOS(inner), !ip.IsIPv6(inner) && inner[6]&dontFragment != 0 // first: inner may lie there
	if h.df == DFSet {
		whole = !getsThrough(inner)
	}
	if h.n > h.udp {
		copy(pkt[h.udp:], h.octets[h.udp:h.n])
		binary.BigEndian.PutUint16(pkt[h.udp+4:], uint16(len(pkt)-h.udp))
	}
	if h.six() {
		*(*[ip.HeaderLen6]byte)(pkt) = [ip.HeaderLen6]byte(h.octets[:])
		pkt[0], pkt[1] = 6<<4|tos>>4, tos<<4
		binary.BigEndian.PutUint16(pkt[4:], uint16(len(pkt)-ip.HeaderLen6))
		return
	}
	b := (*[ip.HeaderLen]byte)(pkt)
	*b = [ip.HeaderLen]byte(h.octets[:])
	b[1] = tos
	binary.BigEndian.PutUint16(b[2:], uint16(len(pkt)))
	binary.BigEndian.PutUint16(b[4:], id)
	sum := h.sum + 0x4500 + uint32(tos) + uint32(len(pkt)) + uint32(id)
	if h.df != DFClear && whole {
		b[6] = dontFragment
		sum += ip.FlagDF
	}
	binary.BigEndian.PutUint16(b[10:], ip.Fold(sum))
}

// getsThrough says whether an inner packet has to get through however narrow the path is, so that
// the outer one may be cut whatever is configured: "encapsulate but do not set the Don't Fragment
// flag in the IPv4 header" (RFC 4213 section 3.2.2, of IPv6 packets of up to 1280 octets).
func getsThrough(inner []byte) bool { return ip.IsIPv6(inner) && len(inner) <= ip.MinMTU6 }

// finish makes the checksum of UDP where there must be one.
func (h *header) finish(pkt []byte) {
	if !h.six() || h.n == h.udp {
		return
	}
	udp := pkt[h.udp:]
	sum := ip.Fold(ip.Sum(h.sum+uint32(len(udp)), udp))
	if sum == 0 {
		sum = 0xffff
	}
	binary.BigEndian.PutUint16(udp[6:], sum)
}

// packetLen is the length of the packet at the start of b; ok is false
// where there is none that is whole.
func packetLen(b []byte) (n int, ok bool) {
	if len(b) < ip.HeaderLen {
		return 0, false
	}
	if ip.IsIPv6(b) {
		if len(b) < ip.HeaderLen6 {
			return 0, false
		}
		n = ip.HeaderLen6 + int(binary.BigEndian.Uint16(b[4:]))
		return n, n <= len(b)
	}
	header, total := int(b[0]&15)*4, int(binary.BigEndian.Uint16(b[2:]))
	return total, b[0]>>4 == 4 && header >= ip.HeaderLen && header <= total && total <= len(b)
}

// Between are the ends of a pair, which are in one VRF.
type Between struct {
	LocalEnd, Peer netip.AddrPort
	VRF            int // by number
}
