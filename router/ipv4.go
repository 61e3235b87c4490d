package router

import (
	"encoding/binary"
	"time"
)

const (
	ipHeader   = 20 // octets, without options
	maxIPLen   = 65535
	defaultTTL = 255
	protoICMP  = 1
	protoUDP   = 17
	protoESP   = 50

	flagDF       = 0x4000
	flagMF       = 0x2000
	offsetMask   = 0x1fff
	fragmentMask = flagMF | offsetMask
)

// packet is an IPv4 packet on its way through the router.
type packet struct {
	in    *iface // where it came in; nil: made here
	buf   []byte // room for an Ethernet header, then the packet
	own   bool   // buf is ours to modify
	group bool   // came as a link-layer broadcast or multicast
}

func (p *packet) ip() []byte       { return p.buf[ethernetHeader:] }
func (p *packet) src() ip4         { return readIP4(p.buf[ethernetHeader+12:]) }
func (p *packet) dst() ip4         { return readIP4(p.buf[ethernetHeader+16:]) }
func (p *packet) proto() uint8     { return p.buf[ethernetHeader+9] }
func (p *packet) headerLen() int   { return int(p.buf[ethernetHeader]&15) * 4 }
func (p *packet) fragment() uint16 { return binary.BigEndian.Uint16(p.buf[ethernetHeader+6:]) }
func (p *packet) payload() []byte  { return p.ip()[p.headerLen():] }

// receiveIP takes an IPv4 packet that came in on an interface.
func (r *Router) receiveIP(now time.Time, p *packet) {
	n, ok := checkIP(p.ip())
	if !ok {
		p.in.count.inErrors++
		return
	}
	p.buf = p.buf[:ethernetHeader+n] // what follows is Ethernet padding
	if !r.admitSource(now, p) {
		return
	}
	e := r.fib.lookup(p.dst())
	switch e.kind {
	case fibLocal:
		if !p.group {
			r.local(now, p)
		}
	case fibBroadcast:
		if e.out == nil || e.out == p.in {
			p.group = true
			r.local(now, p)
		}
	case fibMartian:
		p.in.count.inDrops++
	default:
		if p.group {
			p.in.count.inDrops++ // RFC 1122 section 3.3.6
			return
		}
		r.forward(now, p, e)
	}
}

// checkIP checks a header as RFC 1812 section 5.2.2 asks and gives the
// packet's length.
func checkIP(b []byte) (int, bool) {
	if len(b) < ipHeader || b[0]>>4 != 4 {
		return 0, false
	}
	header, total := int(b[0]&15)*4, int(binary.BigEndian.Uint16(b[2:]))
	if header < ipHeader || total < header || total > len(b) || checksum(b[:header]) != 0 {
		return 0, false
	}
	return total, true
}

// admitSource refuses sources that nobody has (RFC 1812 section 5.3.7), our
// own addresses, and packets in clear from a network that a protected tunnel
// leads to. ICMP errors may come from any router of the way to a peer.
func (r *Router) admitSource(now time.Time, p *packet) bool {
	src := p.src()
	back := r.fib.lookup(src)
	switch back.kind {
	case fibMartian, fibLocal, fibBroadcast:
		p.in.count.inDrops++
		return false
	case fibLink, fibVia:
		if back.out.protected() && !p.in.protected() && !r.errorForUs(p) {
			r.refuseClear(now, p)
			return false
		}
	}
	return true
}

func (r *Router) errorForUs(p *packet) bool {
	return isICMPError(p) && r.fib.lookup(p.dst()).kind == fibLocal
}

// newPacket makes an IPv4 packet around n octets of payload, all zero.
func newPacket(proto uint8, src, dst ip4, ttl uint8, n int) *packet {
	buf := make([]byte, ethernetHeader+ipHeader+n)
	b := buf[ethernetHeader:]
	b[0], b[8], b[9] = 0x45, ttl, proto
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
	writeIP4(b[12:], src)
	writeIP4(b[16:], dst)
	return &packet{buf: buf, own: true}
}

// checksum is the Internet checksum (RFC 1071) of b; 0 for data that carries
// its own right one.
func checksum(b []byte) uint16 { return fold(sum(0, b)) }

// sum adds the 16-bit words of b, four octets at a time: 2^16 is 1 in one's
// complement, so words may be added in any order and at any width.
func sum(s uint32, b []byte) uint32 {
	wide := uint64(s)
	for ; len(b) >= 4; b = b[4:] {
		wide += uint64(binary.BigEndian.Uint32(b))
	}
	if len(b) >= 2 {
		wide += uint64(binary.BigEndian.Uint16(b))
		b = b[2:]
	}
	if len(b) == 1 {
		wide += uint64(b[0]) << 8
	}
	for wide > 0xffff {
		wide = wide>>16 + wide&0xffff
	}
	return uint32(wide)
}

func fold(s uint32) uint16 {
	for s > 0xffff {
		s = s>>16 + s&0xffff
	}
	return ^uint16(s)
}

func setHeaderChecksum(b []byte) {
	b[10], b[11] = 0, 0
	binary.BigEndian.PutUint16(b[10:], checksum(b[:int(b[0]&15)*4]))
}
