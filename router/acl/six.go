package acl

import (
	"encoding/binary"
	"net/netip"

	"ikelab/router/ip"
)

// word128 is an address of IPv6, in two words.
type word128 struct{ High, Low uint64 }

// SixNet is addresses of IPv6: those that equal Address where Wildcard has no bit.
type SixNet struct{ Address, Wildcard word128 }

// Between is the addresses of a line of IPv6.
type Between struct{ From, To SixNet }

// SixNetOf is a network.
func SixNetOf(p netip.Prefix) SixNet {
	a := p.Addr().As16()
	n := SixNet{Address: sixAt(a[:]), Wildcard: word128{^uint64(0), ^uint64(0)}}
	if bits := p.Bits(); bits <= 64 {
		n.Wildcard.High >>= bits
	} else {
		n.Wildcard = word128{Low: n.Wildcard.Low >> (bits - 64)}
	}
	return n
}

func sixAt(b []byte) word128 {
	return word128{binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])}
}

func (n *SixNet) has(a word128) bool {
	return (a.High^n.Address.High)&^n.Wildcard.High|(a.Low^n.Address.Low)&^n.Wildcard.Low == 0
}

// word is one of the four words of 32 bits that an address has, for the tree.
func (a word128) word(i field) uint32 {
	half := a.High
	if i >= 2 {
		half = a.Low
	}
	if i%2 == 0 {
		half >>= 32
	}
	return uint32(half)
}

// span is the range of one word of the addresses.
func (n *SixNet) span(i field) (first, last uint32) {
	first = n.Address.word(i) &^ n.Wildcard.word(i)
	return first, first | n.Wildcard.word(i)
}

func (b *Between) equal(o *Between) bool { return b == o || b != nil && o != nil && *b == *o }

// sixKey is what lines of IPv6 look at; src and dst of its key are zero, as From and To of
// such a line are.
type sixKey struct {
	key
	src, dst word128
}

// read reads an IPv6 packet; one whose headers are not well formed is none.
func (k *sixKey) read(pkt []byte) (ok bool) {
	if len(pkt) < ip.HeaderLen6 || !ip.IsIPv6(pkt) {
		return false
	}
	proto, at, field, ok := ip.Body6(pkt)
	if !ok || at > len(pkt) {
		return false
	}
	*k = sixKey{src: sixAt(pkt[8:]), dst: sixAt(pkt[24:]), key: key{proto: proto, later: field&ip.OffsetMask != 0}}
	if body := pkt[at:]; !k.later && len(body) >= 4 {
		k.transport(body)
		if proto == protoICMPv6 {
			k.ports, k.sport = true, binary.BigEndian.Uint16(body)
		}
	}
	return true
}

func (k *sixKey) mirror() {
	k.src, k.dst = k.dst, k.src
	if k.proto != protoICMPv6 {
		k.sport, k.dport = k.dport, k.sport
	}
}

// matchSix is Match, or MatchMirrored, of a list of IPv6 or of what is no packet of IPv4.
func (l *List) matchSix(pkt []byte, mirrored bool) (int, Verdict) {
	var k sixKey
	switch {
	case !k.read(pkt):
		return NoLine, None
	case len(l.lines) == 0:
		return NoLine, Permit
	case l.six == nil:
		return NoLine, None
	}
	if mirrored {
		k.mirror()
	}
	if k.later {
		for i := range l.lines {
			if l.lines[i].fitsSix(&k) {
				return l.hit(i)
			}
		}
		return NoLine, None
	}
	for _, i := range l.six.leafSix(&k) {
		if l.lines[i].fitsSix(&k) {
			return l.hit(int(i))
		}
	}
	return NoLine, None
}

func (e *Entry) fitsSix(k *sixKey) bool {
	return e.Six.From.has(k.src) && e.Six.To.has(k.dst) && e.fits(&k.key)
}

// leafSix is leaf of a list of IPv6.
func (n *node) leafSix(k *sixKey) []int32 {
	for n.left != nil {
		if n.field.ofSix(k) <= n.last {
			n = n.left
		} else {
			n = n.right
		}
	}
	return n.lines
}

func (f field) ofSix(k *sixKey) uint32 {
	switch {
	case f < fieldSix:
		return uint32(k.dport)
	case f < fieldSix+words:
		return k.src.word(f - fieldSix)
	}
	return k.dst.word(f - fieldSix - words)
}

const (
	neighbourSolicitation  = 135
	neighbourAdvertisement = 136
)

// neighbours says whether a packet is one by which neighbours find each other. Of those that
// no line is about these may pass: `permit icmp any any nd-na` and `nd-ns` stand before
// IOS's `deny ipv6 any any` at a list's end.
func neighbours(pkt []byte) bool {
	var k sixKey
	kind := uint16(0)
	if k.read(pkt) && k.proto == protoICMPv6 {
		kind = k.sport >> 8
	}
	return kind == neighbourSolicitation || kind == neighbourAdvertisement
}
