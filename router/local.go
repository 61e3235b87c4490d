package router

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"time"

	"ikelab/ikev2"
)

const (
	udpHeader = 8
	portIKE   = 500
	portNATT  = 4500 // RFC 3948
)

var errNATT = errors.New("router: udp port 4500 is not served, there is no nat traversal")

// local delivers a packet that is for this router.
func (r *Router) local(now time.Time, p *packet) {
	if p.fragment()&fragmentMask != 0 {
		if p = r.reassemble(now, p); p == nil {
			return
		}
	}
	switch p.proto() {
	case protoICMP:
		r.receiveICMP(now, p)
	case protoUDP:
		r.receiveUDP(now, p)
	case protoESP:
		r.receiveESP(now, p)
	default:
		r.icmpFailure(now, p, icmpUnreachable, codeProtocol, 0)
	}
}

// receiveUDP takes a datagram for this router.
func (r *Router) receiveUDP(now time.Time, p *packet) {
	b := p.payload()
	if len(b) < udpHeader {
		r.countInError(p)
		return
	}
	n := int(binary.BigEndian.Uint16(b[4:]))
	if n < udpHeader || n > len(b) || !udpChecksumGood(p, b[:n]) {
		r.countInError(p)
		return
	}
	d := ikev2.Datagram{
		Local:  netip.AddrPortFrom(p.dst().addr(), binary.BigEndian.Uint16(b[2:])),
		Remote: netip.AddrPortFrom(p.src().addr(), binary.BigEndian.Uint16(b)),
		Data:   b[udpHeader:n],
	}
	switch {
	case p.group:
	case d.Local.Port() == portIKE:
		r.apply(now, r.engine.Receive(now, d))
	case d.Local.Port() == portNATT:
		r.drops.natt++
		r.trace(now, ikev2.Refused{From: d.Remote, Reason: errNATT})
	default:
		r.icmpFailure(now, p, icmpUnreachable, codePort, 0)
	}
}

func (r *Router) countInError(p *packet) {
	if p.in != nil {
		p.in.count.inErrors++
	}
}

// udpChecksumGood checks a datagram; a checksum of zero means none was made.
func udpChecksumGood(p *packet, b []byte) bool {
	return binary.BigEndian.Uint16(b[6:]) == 0 || fold(sum(pseudoHeader(p, len(b)), b)) == 0
}

// pseudoHeader is the sum of what UDP's checksum covers of the IPv4 header.
func pseudoHeader(p *packet, n int) uint32 {
	return sum(uint32(p.proto())+uint32(n), p.ip()[12:20])
}

// datagram makes a UDP packet.
func datagram(src, dst netip.AddrPort, ttl uint8, data []byte) *packet {
	p := newPacket(protoUDP, ip4Of(src.Addr()), ip4Of(dst.Addr()), ttl, udpHeader+len(data))
	b := p.payload()
	binary.BigEndian.PutUint16(b, src.Port())
	binary.BigEndian.PutUint16(b[2:], dst.Port())
	binary.BigEndian.PutUint16(b[4:], uint16(len(b)))
	copy(b[udpHeader:], data)
	c := fold(sum(pseudoHeader(p, len(b)), b))
	if c == 0 {
		c = 0xffff // zero says that there is none (RFC 768)
	}
	binary.BigEndian.PutUint16(b[6:], c)
	return p
}

// sendUDP sends a probe of traceroute.
func (r *Router) sendUDP(now time.Time, src, dst netip.Addr, sport, dport uint16, ttl uint8) {
	r.originate(now, datagram(netip.AddrPortFrom(src, sport), netip.AddrPortFrom(dst, dport), ttl, make([]byte, 12)))
}

// sourceFor is the address that a packet to dst gets: that of the interface
// it leaves by.
func (r *Router) sourceFor(dst netip.Addr) (netip.Addr, bool) {
	e := r.reach(dst)
	switch {
	case e.kind == fibLocal:
		return dst, true
	case e.out == nil:
		return netip.Addr{}, false
	}
	if own, ok := e.out.subnetOf(ip4Of(dst)); ok {
		return own.addr.addr(), true
	}
	if e.hop != 0 {
		if own, ok := e.out.subnetOf(e.hop); ok {
			return own.addr.addr(), true
		}
	}
	if a := e.out.primary(); a != 0 {
		return a.addr(), true
	}
	return netip.Addr{}, false
}
