package ip

import (
	"bytes"
	"encoding/binary"
	"net/netip"
)

// EthernetHeader is the room, in octets, that every packet's buffer has before
// the packet.
const EthernetHeader = 14

// scratchLen is the longest scratch buffer; longer packets get memory of their
// own. It grows by scratchStep.
const (
	scratchLen  = 2048
	scratchStep = 512
)

// Packet is a packet of either family on its way through the device.
type Packet struct {
	In    *Interface // where it came in; nil: made here
	by    *Table     // by which it goes; nil: by that of In, or the global one
	buf   []byte     // room for an Ethernet header, then the packet
	bytes []byte     // the packet itself, in buf
	six   bool       // it is one of IPv6
	own   bool       // buf is ours to modify
	group bool       // came as a link-layer broadcast or multicast
	from  [6]byte    // who has sent it on the link; zero: it did not come by one
	inner bool       // an Output has unpacked it
	link  *Interface // whose neighbour a link-local destination is, of what was made here
	next  *Packet    // of those that nobody has
}

// hold has a packet be what lies in buf, behind the room for an Ethernet header.
func (p *Packet) hold(buf []byte) *Packet {
	p.buf, p.bytes = buf, buf[EthernetHeader:]
	p.six = IsIPv6(p.bytes)
	return p
}

// cut leaves the first n octets of a packet.
func (p *Packet) cut(n int) { p.buf, p.bytes = p.buf[:EthernetHeader+n], p.bytes[:n] }

// Bytes is the packet itself.
func (p *Packet) Bytes() []byte { return p.bytes }

// Payload is what follows the header and its options.
func (p *Packet) Payload() []byte { return p.bytes[p.headerLen():] }

// Len is the packet's length in octets.
func (p *Packet) Len() int { return len(p.bytes) }

// Unpacked says whether the packet came in within another one.
func (p *Packet) Unpacked() bool { return p.inner }

// Owned says whether the packet lies in a buffer that may be written to.
func (p *Packet) Owned() bool { return p.own }

func (p *Packet) Src() netip.Addr { return Source(p.bytes) }
func (p *Packet) Dst() netip.Addr { return Destination(p.bytes) }

// Proto is the protocol of what the packet carries.
func (p *Packet) Proto() uint8 {
	if p.six {
		return protocol(p.bytes)
	}
	return p.bytes[9]
}

// Fragment is the field of flags and fragment offset. IPv6 is as with "don't fragment":
// only who made a packet cuts it (RFC 8200 section 5).
func (p *Packet) Fragment() uint16 {
	if !p.six {
		return binary.BigEndian.Uint16(p.bytes[6:])
	}
	return p.fragment6()
}

func (p *Packet) fragment6() uint16 {
	field := uint16(0)
	if b := p.bytes; extended(b[6]) {
		field = chainOf(b).field
	}
	if p.In != nil {
		field |= FlagDF
	}
	return field
}

func (p *Packet) src() address {
	if p.six {
		return readV6((*[HeaderLen6]byte)(p.bytes)[8:])
	}
	return readV4((*[HeaderLen]byte)(p.bytes)[12:])
}

func (p *Packet) dst() address {
	if p.six {
		return readV6((*[HeaderLen6]byte)(p.bytes)[24:])
	}
	return readV4((*[HeaderLen]byte)(p.bytes)[16:])
}

func (p *Packet) headerLen() int {
	if p.six {
		return headerLen(p.bytes)
	}
	return int(p.bytes[0]&15) * 4
}

// ttl is the TTL, or the hop limit.
func (p *Packet) ttl() uint8 {
	if p.six {
		return p.bytes[atHopLimit]
	}
	return p.bytes[8]
}

// newPacket makes a packet around n octets of payload, all zero.
func newPacket(proto uint8, src, dst address, ttl uint8, n int) *Packet {
	return (&Packet{}).fill(proto, src, dst, ttl, n)
}

// fill has a packet be one around n octets of payload, all zero.
func (p *Packet) fill(proto uint8, src, dst address, ttl uint8, n int) *Packet {
	buf := make([]byte, EthernetHeader+headerFor(dst)+n)
	writeHeader(buf[EthernetHeader:], proto, src, dst, ttl)
	p.own = true
	return p.hold(buf)
}

// Keep is a packet to be kept: its buffer is its own.
func (p *Packet) Keep() *Packet {
	return (&Packet{In: p.In, by: p.by, own: true, group: p.group}).hold(bytes.Clone(p.buf))
}

// countInError counts a packet that was not understood where it came in.
func (p *Packet) countInError() {
	if p.In != nil {
		p.In.Counters.InErrors++
	}
}

// Use is what a buffer is for.
type Use int

// The uses, which a packet may need at once.
const (
	Carried Use = iota // a packet being forwarded
	Sealed             // one being encrypted
	Opened             // one being decrypted
	uses
)

// Buffer gives a buffer for n octets after the room for an Ethernet header: for a use the
// same until it is sent, as it is then not copied. What has been sent is not written to.
func Buffer(s *Stack, use Use, n int) []byte {
	if s.Lend != nil && n+EthernetHeader <= scratchLen {
		return s.Lend(int(use), n+EthernetHeader)
	}
	return Scratch(&s.own[use], n)
}

// Scratch gives a buffer for n octets after the room for an Ethernet header.
// What is common fits the one that is kept, which grows to what was needed. Few packets
// need it, and it is not inlined where all of them pass.
//
//go:noinline
func Scratch(kept *[]byte, n int) []byte {
	n += EthernetHeader
	if n > scratchLen {
		return make([]byte, n)
	}
	if n > len(*kept) {
		*kept = make([]byte, (n+scratchStep-1)/scratchStep*scratchStep)
	}
	return (*kept)[:n]
}

// lender has the few packets that a device needs at once.
type lender struct{ free *Packet }

// lend gives a packet.
func (l *lender) lend() *Packet {
	p := l.free
	if p == nil {
		return &Packet{}
	}
	l.free = p.next
	return p
}

// giveBack ends the life of a packet that was lent.
func (l *lender) giveBack(p *Packet) {
	*p = Packet{next: l.free}
	l.free = p
}
