package crypto

import (
	"encoding/binary"
	"slices"

	"ikelab/router/ip"
)

// pieces are the last datagrams whose first fragment has come by a pair that looks at ports. The
// other fragments show none, and are let in for the first one's sake: we say
// NON_FIRST_FRAGMENTS_ALSO, as IOS does, so a peer may send them (RFC 4301 section 7.3, stateful
// checking of fragments).
type pieces struct {
	list []datagram
	next int // the place of the oldest, once there are as many as are kept
}

// datagram is what tells one apart (RFC 791 section 3.2).
type datagram struct {
	ends  [8]byte // its addresses
	id    uint16
	proto uint8
}

const (
	maxDatagrams = 32
	minOffset    = 48 // octets: nearer to the first fragment one could lie over the header that was judged
)

func datagramOf(packet []byte) datagram {
	return datagram{ends: [8]byte(packet[12:20]), id: binary.BigEndian.Uint16(packet[4:]), proto: packet[9]}
}

// note keeps a datagram, in the place of the oldest one.
func (p *pieces) note(d datagram) {
	switch {
	case slices.Contains(p.list, d):
	case len(p.list) < maxDatagrams:
		p.list = append(p.list, d)
	default:
		p.list[p.next] = d
		p.next = (p.next + 1) % maxDatagrams
	}
}

// lets says whether the selectors of an association let an inner packet in.
func (o *opener) lets(inner []byte) bool {
	allowed := o.policy.Allows(inner)
	field := binary.BigEndian.Uint16(inner[6:])
	if field&ip.FragmentMask == 0 || ip.IsIPv6(inner) {
		return allowed
	}
	offset := int(field&ip.OffsetMask) * 8
	switch {
	case !allowed && offset >= minOffset:
		return slices.Contains(o.pieces.list, datagramOf(inner))
	case allowed && offset == 0 && field&ip.FlagMF != 0 && !o.policy.AllowsPieces(inner):
		o.pieces.note(datagramOf(inner))
	}
	return allowed
}
