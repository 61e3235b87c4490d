package crypto

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"time"

	"ikelab/ipsec"
	"ikelab/ipsec/esp"
	"ikelab/router/ip"
)

const (
	heardPause = time.Second // between two words to IKE about a living peer
	minESP     = 8           // octets of SPI and sequence number
	marker     = 4           // octets of zero before an IKE message
	keepalive  = 0xff
)

// receive takes an ESP packet for this device.
func (c *Crypto) receive(now time.Time, pkt *ip.Packet) {
	body := espOf(pkt.Proto(), pkt.Payload())
	if len(body) < minESP || pkt.In == nil {
		c.stack.Refuse(pkt, ip.BadTransport)
		return
	}
	spi := ipsec.SPI(binary.BigEndian.Uint32(body))
	p := c.sad.Lookup(spi)
	if p == nil || pkt.Dst() != p.LocalEnd.Addr() || pkt.VRF() != p.VRF {
		c.unknown(now, pkt, spi)
		return
	}
	buf := ip.Buffer(c.stack, ip.Opened, pkt.Len())
	if pkt.Owned() { // it may lie in the scratch buffer itself: ESP within ESP
		buf = make([]byte, ip.EthernetHeader+pkt.Len())
	}
	newest := p.in.association().Sequence()
	inner, err := p.in.open(buf[ip.EthernetHeader:ip.EthernetHeader], pkt.Bytes(), body)
	if err != nil && !errors.Is(err, esp.ErrDummy) {
		c.refuse(p, pkt, err)
		return
	}
	if pkt.Proto() == ip.ProtoUDP && p.in.association().Sequence() > newest {
		p.compare(now, pkt)
	}
	if err != nil { // a dummy is no error, and no packet (RFC 4303 section 2.6); yet it is the peer's
		p.flow.Dummies++
		p.hear(now)
		return
	}
	p.accept(now, buf[:ip.EthernetHeader+len(inner)])
}

// receiveUDP takes what comes in UDP to the port of NAT traversal; false: an IKE
// message, which four octets of zero stand before (RFC 3948 section 2.2). A single
// octet keeps a mapping, and means nothing to us (2.3).
func (c *Crypto) receiveUDP(now time.Time, pkt *ip.Packet) bool {
	b := espOf(ip.ProtoUDP, pkt.Payload())
	switch {
	case len(b) == 1 && b[0] == keepalive:
		return true
	case len(b) >= marker && binary.BigEndian.Uint32(b) == 0:
		return false
	}
	c.receive(now, pkt)
	return true
}

// compare tells IKE when the newest packet of a pair comes from elsewhere.
func (p *pair) compare(now time.Time, pkt *ip.Packet) {
	from, to := pkt.UDPPorts()
	if peer := netip.AddrPortFrom(pkt.Src(), from); p.UDP && (peer != p.Peer || to != p.LocalEnd.Port()) {
		p.entry.c.ike.Moved(now, p.inSPI, netip.AddrPortFrom(pkt.Dst(), to), peer)
	}
}

// Expect says that the peer may send on an SA that will be installed soon, or
// deleted.
func (c *Crypto) Expect(in ipsec.SPI, vrf int, localEnd netip.Addr) {
	c.abandon(in)
	c.waiting.expect(in, vrf, localEnd)
}

// unknown takes an ESP packet that no SA of ours is for.
func (c *Crypto) unknown(now time.Time, pkt *ip.Packet, spi ipsec.SPI) {
	x := c.waiting.on(spi, pkt)
	switch {
	case x == nil:
		c.refuseSPI(pkt, spi, nil)
		c.ike.Stray(now, pkt.VRF(), pkt.Dst(), pkt.Src(), spi)
	case !c.waiting.room(x, pkt):
		c.refuseSPI(pkt, spi, errCrowded)
	default:
		c.records.Emit(Held{Interface: pkt.In.Name, From: pkt.Src(), To: pkt.Dst(), SPI: spi})
		c.waiting.hold(x, pkt, c.records.Last())
	}
}

// admit receives what has waited for an SA that is there now.
func (c *Crypto) admit(now time.Time, in ipsec.SPI) {
	c.release(in, func(pkt *ip.Packet) { c.receive(now, pkt) })
}

// abandon refuses what has waited for an SA that will not come.
func (c *Crypto) abandon(in ipsec.SPI) {
	c.release(in, func(pkt *ip.Packet) { c.refuseSPI(pkt, in, errAbandoned) })
}

// release gives each packet that has waited for an SA to do, under its own
// cause.
func (c *Crypto) release(in ipsec.SPI, do func(*ip.Packet)) {
	here := c.records.Last()
	for _, h := range c.waiting.end(in) {
		c.records.Resume(h.cause)
		do(h.Packet)
	}
	c.records.Resume(here)
}

// Why a packet was refused that should have waited, or has.
var (
	errCrowded   = errors.New("crypto: too many packets wait for the keys of their sa")
	errAbandoned = errors.New("crypto: the negotiation that was to make the sa has failed")
)

// refuseSPI counts an ESP packet that no SA is for.
func (c *Crypto) refuseSPI(pkt *ip.Packet, spi ipsec.SPI, why error) {
	c.Drops.InvalidSPI++
	pkt.In.Counters.InErrors++
	r := refusedPacket(pkt, InvalidSPI, spi)
	r.Reason = why
	c.records.Emit(r)
}

// accept takes an inner packet, decrypted behind the room for an Ethernet
// header, into the entry's interface.
func (p *pair) accept(now time.Time, buf []byte) {
	e, n := p.entry, len(buf)-ip.EthernetHeader
	p.flow.Decaps++
	p.received += uint64(n)
	e.used = now
	if alone(e) {
		e.iface.CountIn(now, n)
	}
	p.hear(now)
	if p.soft != 0 && p.received > p.soft {
		p.checkVolume(now, p.received)
	}
	if e.deliver != nil {
		e.deliver(now, buf)
		return
	}
	if alone(e) {
		e.c.stack.Input(now, e.iface, buf)
		return
	}
	e.c.stack.InputTo(now, e.iface, e.settings.Inside, buf)
}

// hear takes note of a packet that is truly the peer's.
func (p *pair) hear(now time.Time) {
	if p.Standby {
		p.takeOver()
	}
	if !now.Before(p.hearFrom) {
		p.hearFrom = now.Add(heardPause)
		p.entry.c.ike.Traffic(now, p.inSPI)
	}
}

// takeOver: the peer uses the new pair, and so do we (RFC 7296 section 2.8).
func (p *pair) takeOver() {
	p.Standby = false
	for _, q := range p.entry.sending {
		if q.inSPI == p.Replaces {
			p.entry.sendOn(p)
			return
		}
	}
}

// refuse counts an ESP packet that its SA did not accept.
func (c *Crypto) refuse(p *pair, pkt *ip.Packet, err error) {
	p.flow.RecvErrors++
	r := p.refusedESP(pkt, err)
	switch r.Why {
	case Replayed:
		c.Drops.Replay++
		p.flow.Replays++
	case NotAuthentic:
		c.Drops.Integrity++
		p.flow.Unproven++
	default:
		c.Drops.Other++
	}
	c.records.Emit(r)
}

// checkClear refuses packets in clear from a network that a protected
// interface leads to (RFC 4301 section 5.2). ICMP errors may come from any
// router of the way to a peer.
func (c *Crypto) checkClear(_ time.Time, pkt *ip.Packet, back *ip.Interface) bool {
	switch {
	case !back.Holds(), pkt.In.Holds(), decrypted(pkt):
		return true
	case ip.IsICMPError(pkt) && c.stack.VRF(pkt.VRF()).Lookup(pkt.Dst()).Kind == ip.Local:
		return true
	}
	c.RefuseClear(pkt)
	return false
}

// decrypted says whether a packet came by an entry of a crypto map.
func decrypted(pkt *ip.Packet) bool { return pkt.Unpacked() && pkt.In.Physical }

// RefuseClear refuses a packet that should have come encrypted.
func (c *Crypto) RefuseClear(pkt *ip.Packet) {
	c.Drops.NotIPsec++
	pkt.In.Counters.InDrops++
	c.records.Emit(refusedPacket(pkt, NotIPsec, 0))
}

// Drops count packets refused, over all entries.
type Drops struct {
	InvalidSPI, NotIPsec, Replay, Integrity, Other uint64
}

// refusedPacket is about a packet that came in.
func refusedPacket(pkt *ip.Packet, why Refusal, spi ipsec.SPI) Refused {
	return Refused{Interface: pkt.In.Name, From: pkt.Src(), To: pkt.Dst(), Protocol: pkt.Proto(), Why: why, SPI: spi}
}

// refusedESP is about one that its SA did not accept.
func (p *pair) refusedESP(pkt *ip.Packet, err error) Refused {
	r := refusedPacket(pkt, refusalOf(err), p.inSPI)
	r.ConnID, r.Reason = p.inID, err
	var detail *esp.Refused
	if errors.As(err, &detail) {
		r.Sequence, r.Late = uint32(detail.Sequence), detail.Late()
	}
	return r
}

// refusedInner is about an inner packet that its SA did not seal.
func (p *pair) refusedInner(inner []byte, err error) Refused {
	r := Refused{Interface: p.entry.iface.Name, Why: OtherRefusal, SPI: p.outSPI, ConnID: p.outID, Reason: err}
	if _, ok := packetLen(inner); ok {
		r.From, r.To = ip.Source(inner), ip.Destination(inner)
		r.Protocol, _, _ = ip.Body(inner)
	}
	return r
}

func refusalOf(err error) Refusal {
	switch {
	case errors.Is(err, esp.ErrReplay):
		return Replayed
	case errors.Is(err, esp.ErrIntegrity):
		return NotAuthentic
	}
	return OtherRefusal
}
