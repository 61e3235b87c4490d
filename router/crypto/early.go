package crypto

import (
	"net/netip"

	"ikelab/ipsec"
	"ikelab/router/ip"
	"ikelab/router/record"
)

// A peer that has answered has installed its pair and may send at once (RFC 7296
// section 2.8), while the keys are still being computed here. A few of such
// packets wait for their SA.

// load is a number of packets, and their octets.
type load struct{ packets, octets int }

// What waits, for one SA and in all. One packet of any length finds room.
var (
	maxForOne = load{32, ip.MaxLen}
	maxForAll = load{256, 256 << 10}
)

func (l *load) add(octets int) { l.packets, l.octets = l.packets+1, l.octets+octets }

// fits says whether there is room for one packet more.
func (l *load) fits(octets int, limit load) bool {
	return l.packets < limit.packets && l.octets+octets <= limit.octets
}

// waiting are the packets that came before their SAs.
type waiting struct {
	load
	bySPI map[ipsec.SPI]*expected
}

// expected is an inbound SA to come, with what waits for it, oldest first.
type expected struct {
	load
	localEnd netip.Addr
	vrf      int
	held     []heldPacket
}

// heldPacket is a packet that waits, and the record that it follows from.
type heldPacket struct {
	*ip.Packet
	cause record.ID
}

// expect lets packets wait for an SA.
func (w *waiting) expect(in ipsec.SPI, vrf int, localEnd netip.Addr) {
	if w.bySPI == nil {
		w.bySPI = map[ipsec.SPI]*expected{}
	}
	w.bySPI[in] = &expected{localEnd: localEnd, vrf: vrf}
}

// on is the SA to come that a packet is for; nil: there is none.
func (w *waiting) on(in ipsec.SPI, pkt *ip.Packet) *expected {
	if x := w.bySPI[in]; x != nil && x.localEnd == pkt.Dst() && x.vrf == pkt.VRF() {
		return x
	}
	return nil
}

// room says whether a packet may wait.
func (w *waiting) room(x *expected, pkt *ip.Packet) bool {
	return x.fits(pkt.Len(), maxForOne) && w.fits(pkt.Len(), maxForAll)
}

// hold has a packet wait.
func (w *waiting) hold(x *expected, pkt *ip.Packet, cause record.ID) {
	x.add(pkt.Len())
	w.add(pkt.Len())
	x.held = append(x.held, heldPacket{pkt.Keep(), cause})
}

// end gives what has waited for an SA, for which nothing waits any more.
func (w *waiting) end(in ipsec.SPI) []heldPacket {
	x := w.bySPI[in]
	if x == nil {
		return nil
	}
	delete(w.bySPI, in)
	w.packets -= x.packets
	w.octets -= x.octets
	return x.held
}
