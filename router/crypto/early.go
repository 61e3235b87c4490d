package crypto

import (
	"net/netip"
	"time"

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

// Why what waited, or should have, was refused.
const (
	crowded   = "too many packets wait for the keys of their sa"
	abandoned = "the negotiation that was to make the sa has failed"
)

// waiting are the packets that came before their SAs.
type waiting struct {
	load
	bySPI map[ipsec.SPI]*expected
}

// expected is an inbound SA to come, with what waits for it, oldest first.
type expected struct {
	load
	localEnd netip.Addr
	held     []heldPacket
}

// heldPacket is a packet that waits, and the record that it follows from.
type heldPacket struct {
	*ip.Packet
	cause record.ID
}

// Expect says that the peer may send on an SA that will be installed soon, or
// deleted.
func (c *Crypto) Expect(in ipsec.SPI, localEnd netip.Addr) {
	c.abandon(in)
	if c.waiting.bySPI == nil {
		c.waiting.bySPI = map[ipsec.SPI]*expected{}
	}
	c.waiting.bySPI[in] = &expected{localEnd: localEnd}
}

// unknown takes an ESP packet that no SA of ours is for.
func (c *Crypto) unknown(pkt *ip.Packet, spi ipsec.SPI) {
	x := c.waiting.bySPI[spi]
	switch {
	case x == nil || x.localEnd != pkt.Dst():
		c.refuseSPI(pkt, spi, "")
	case !x.fits(pkt, maxForOne) || !c.waiting.fits(pkt, maxForAll):
		c.refuseSPI(pkt, spi, crowded)
	default:
		x.add(pkt.Len())
		c.waiting.add(pkt.Len())
		c.records.Emit(Held{Interface: pkt.In.Name, From: pkt.Src(), To: pkt.Dst(), SPI: spi})
		x.held = append(x.held, heldPacket{pkt.Keep(), c.records.Last()})
	}
}

func (l *load) add(octets int) { l.packets, l.octets = l.packets+1, l.octets+octets }

// fits says whether there is room for one packet more.
func (l *load) fits(pkt *ip.Packet, limit load) bool {
	return l.packets < limit.packets && l.octets+pkt.Len() <= limit.octets
}

// release takes what has waited for an SA out, and gives each packet to do
// under its own cause.
func (c *Crypto) release(in ipsec.SPI, do func(*ip.Packet)) {
	x := c.waiting.bySPI[in]
	if x == nil {
		return
	}
	delete(c.waiting.bySPI, in)
	c.waiting.packets -= x.packets
	c.waiting.octets -= x.octets
	here := c.records.Last()
	for _, h := range x.held {
		c.records.Resume(h.cause)
		do(h.Packet)
	}
	c.records.Resume(here)
}

// admit receives what has waited for an SA that is there now.
func (c *Crypto) admit(now time.Time, in ipsec.SPI) {
	c.release(in, func(pkt *ip.Packet) { c.receive(now, pkt) })
}

// abandon refuses what has waited for an SA that will not come.
func (c *Crypto) abandon(in ipsec.SPI) {
	c.release(in, func(pkt *ip.Packet) { c.refuseSPI(pkt, in, abandoned) })
}

// refuseSPI counts an ESP packet that no SA is for.
func (c *Crypto) refuseSPI(pkt *ip.Packet, spi ipsec.SPI, why string) {
	c.Drops.InvalidSPI++
	pkt.In.Counters.InErrors++
	r := refusedPacket(pkt, InvalidSPI, spi)
	r.Reason = why
	c.records.Emit(r)
}
