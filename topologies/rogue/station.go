package rogue

import (
	"encoding/binary"
	"net/netip"

	"ikelab/router/ip"
)

// station is what a peer needs of Ethernet and IPv4: one address, one neighbour.
type station struct {
	address, router netip.Addr
	mac, routerMAC  [6]byte
	transmit        func(port int, frame []byte, cause uint64) (number uint64)
	ident           uint16 // of the last IPv4 packet
	sent            int    // packets
}

func newStation(address, router netip.Addr) station {
	s := station{address: address, router: router, mac: [6]byte{0x02, 0xbb}}
	a := address.As4()
	copy(s.mac[2:], a[:])
	return s
}

const (
	etherARP  = 0x0806
	etherIPv4 = 0x0800
	protoUDP  = 17
	protoESP  = 50
	ikePort   = 500
	nattPort  = 4500
	udpHeader = 8
	mtu       = 1500

	arpRequest = 1
	arpReply   = 2
	arpLen     = 28
)

// marker tells IKE from ESP at port 4500 (RFC 3948 2.2).
var marker = []byte{0, 0, 0, 0}

var broadcast = [6]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

// receiveARP answers for the peer's address and learns the router's.
func (s *station) receiveARP(b []byte) {
	if len(b) < arpLen {
		return
	}
	sender, from := [6]byte(b[8:]), netip.AddrFrom4([4]byte(b[14:]))
	if from == s.router {
		s.routerMAC = sender
	}
	if binary.BigEndian.Uint16(b[6:]) == arpRequest && netip.AddrFrom4([4]byte(b[24:])) == s.address {
		s.arp(arpReply, sender, sender, from)
	}
}

func (s *station) arp(op uint16, dst, target [6]byte, about netip.Addr) {
	own, other := s.address.As4(), about.As4()
	b := s.ethernet(dst, etherARP, arpLen)
	b = append(b, 0, 1, 8, 0, 6, 4, 0, byte(op))
	b = append(append(b, s.mac[:]...), own[:]...)
	b = append(append(b, target[:]...), other[:]...)
	s.transmit(0, b, 0)
}

// ethernet begins a frame for n octets.
func (s *station) ethernet(dst [6]byte, kind uint16, n int) []byte {
	b := make([]byte, 0, ip.EthernetHeader+n)
	b = append(append(b, dst[:]...), s.mac[:]...)
	return binary.BigEndian.AppendUint16(b, kind)
}

// sendIPv4 sends a packet to the router, in fragments when it is long.
func (s *station) sendIPv4(proto byte, payload []byte) {
	s.sent++
	s.ident++
	b := ipv4(s.address, s.router, proto, s.ident, payload)
	for _, f := range ip.Fragments(b, mtu) {
		copy(f, s.ethernet(s.routerMAC, etherIPv4, 0))
		s.transmit(0, f, 0)
	}
}

// ipv4 is a packet with the fewest octets of header.
func ipv4(from, to netip.Addr, proto byte, ident uint16, payload []byte) []byte {
	src, dst := from.As4(), to.As4()
	b := make([]byte, ip.HeaderLen, ip.HeaderLen+len(payload))
	b[0], b[8], b[9] = 0x45, ip.DefaultTTL, proto
	binary.BigEndian.PutUint16(b[2:], uint16(ip.HeaderLen+len(payload)))
	binary.BigEndian.PutUint16(b[4:], ident)
	copy(b[12:], src[:])
	copy(b[16:], dst[:])
	ip.SetHeaderChecksum(b)
	return append(b, payload...)
}
