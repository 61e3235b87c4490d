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
// an IPv4 packet. TOS is copied from the inner header: DSCP as RFC 4301 section
// 5.1.2.1 has it, ECN in RFC 6040's normal mode.
//
// With ports it is UDP in between (RFC 3948 section 2.1), whose checksum is zero.
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
	udpHeader    = 8
)

// header is an outer header made ready.
type header struct {
	octets [ip.HeaderLen + udpHeader]byte // constant part
	n      int                            // of them that there are
	sum    uint32                         // of the octets of IP that no packet changes
	Encapsulation
}

func newHeader(e Encapsulation) (header, error) {
	if !e.Src.Is4() || !e.Dst.Is4() || e.DF > DFClear {
		return header{}, fmt.Errorf("%w: outer addresses %v and %v must be ipv4, df choice %d", ipsec.ErrParams, e.Src, e.Dst, e.DF)
	}
	h := header{octets: [ip.HeaderLen + udpHeader]byte{0: 0x45, 8: e.TTL, 9: ip.ProtoESP}, Encapsulation: e}
	src, dst := e.Src.As4(), e.Dst.As4()
	copy(h.octets[12:], src[:])
	copy(h.octets[16:], dst[:])
	h.n = ip.HeaderLen
	if e.SrcPort != 0 {
		h.n += udpHeader
		h.octets[9] = ip.ProtoUDP
		binary.BigEndian.PutUint16(h.octets[ip.HeaderLen:], e.SrcPort)
		binary.BigEndian.PutUint16(h.octets[ip.HeaderLen+2:], e.DstPort)
	}
	h.sum = ip.Sum(0, h.octets[8:ip.HeaderLen]) // write adds the first eight octets
	return h, nil
}

// write puts the header of an outer packet pkt around inner.
func (h *header) write(pkt, inner []byte, id uint16) {
	copy(pkt, h.octets[:h.n])
	if h.n > ip.HeaderLen {
		binary.BigEndian.PutUint16(pkt[ip.HeaderLen+4:], uint16(len(pkt)-ip.HeaderLen))
	}
	pkt[1] = inner[1]
	binary.BigEndian.PutUint16(pkt[2:], uint16(len(pkt)))
	binary.BigEndian.PutUint16(pkt[4:], id)
	if h.DF == DFSet || h.DF == DFCopy && inner[6]&dontFragment != 0 {
		pkt[6] = dontFragment
	}
	binary.BigEndian.PutUint16(pkt[10:], ip.Fold(ip.Sum(h.sum, pkt[:8])))
}

// packetLen is the length of the IPv4 packet at the start of b; ok is false
// where there is none that is whole.
func packetLen(b []byte) (n int, ok bool) {
	if len(b) < ip.HeaderLen {
		return 0, false
	}
	header, total := int(b[0]&15)*4, int(binary.BigEndian.Uint16(b[2:]))
	return total, b[0]>>4 == 4 && header >= ip.HeaderLen && header <= total && total <= len(b)
}
