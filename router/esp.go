package router

import (
	"encoding/binary"
	"time"

	"ikelab/ipsec"
	"ikelab/router/crypto"
	"ikelab/router/ip"
)

const (
	heardPause = time.Second // between two words to the engine about a living peer
	minESP     = 8           // octets of SPI and sequence number
)

// Output sends a packet through a protected tunnel, or nowhere.
func (t *tunnel) Output(now time.Time, p *ip.Packet) {
	r, i := t.r, t.iface
	if !t.Ready() || !i.Protocol {
		t.count.dropsDown++
		r.ip.DropOut(i, p.Bytes(), ip.InterfaceDown)
		r.push(now, t)
		return
	}
	if t.narrow > 0 && !now.Before(t.narrowUntil) {
		t.narrow = 0
		t.fitMTU()
	}
	whole := p.Fragment()&ip.FlagDF != 0
	if p.Len() <= i.MTU || whole && t.sending.out.Encapsulation().DF == crypto.DFClear {
		r.seal(now, t, p.Bytes()) // df-bit clear: the outer packet may be cut instead
		return
	}
	if whole {
		r.ip.TooLong(now, i, p, i.MTU)
		return
	}
	for _, f := range ip.Fragments(p.Bytes(), i.MTU) {
		r.seal(now, t, f[ip.EthernetHeader:])
	}
}

// seal encrypts an inner packet and sends what comes of it.
func (r *Router) seal(now time.Time, t *tunnel, inner []byte) {
	p, i := t.sending, t.iface
	if p == nil { // gone while fragments of the same packet were sent
		return
	}
	buf := ip.Scratch(&r.sealed, len(inner)+p.out.Overhead(len(inner)))
	buf, err := p.out.Seal(buf[:ip.EthernetHeader], inner, r.ip.NextID())
	if err != nil {
		t.count.sendErrors++
		p.outErrs++
		i.Counters.OutErrors++
		return
	}
	t.count.encaps++
	i.CountOut(now, len(inner))
	p.sent += uint64(len(inner))
	if !r.ip.SendOn(now, &t.path, t.remote, buf) {
		t.count.sendErrors++
	}
	if p.soft != 0 && p.sent > p.soft || p.out.ESP().Left() < sequenceLeft {
		r.checkVolume(now, p, p.sent)
	}
}

// receiveESP takes an ESP packet for this router.
func (r *Router) receiveESP(now time.Time, p *ip.Packet) {
	esp := p.Payload()
	if len(esp) < minESP || p.In == nil {
		r.ip.Refuse(p, ip.BadTransport)
		return
	}
	pair := r.sad.Lookup(ipsec.SPI(binary.BigEndian.Uint32(esp)))
	if pair == nil || p.Dst() != pair.tunnel.local {
		r.refuseSPI(p, ipsec.SPI(binary.BigEndian.Uint32(esp)))
		return
	}
	buf := ip.Scratch(&r.opened, p.Len())
	if p.Owned() { // it may lie in the scratch buffer itself: ESP within ESP
		buf = make([]byte, ip.EthernetHeader+p.Len())
	}
	inner, err := pair.in.Open(buf[ip.EthernetHeader:ip.EthernetHeader], p.Bytes())
	if err != nil {
		r.refuseESP(p, pair, err)
		return
	}
	r.accept(now, pair, buf[:ip.EthernetHeader+len(inner)])
}

// accept takes an inner packet, decrypted in place behind the room for an
// Ethernet header, into the tunnel interface.
func (r *Router) accept(now time.Time, pair *saPair, buf []byte) {
	t := pair.tunnel
	i, n := t.iface, len(buf)-ip.EthernetHeader
	t.count.decaps++
	pair.received += uint64(n)
	i.CountIn(now, n)
	if t.sending != pair && pair.child.Standby && t.sending != nil && t.sending.child.In.SPI == pair.child.Replaces {
		r.sendOn(pair) // the peer uses the new pair: so do we (RFC 7296 section 2.8)
	}
	if pair.heard.IsZero() || now.Sub(pair.heard) >= heardPause {
		pair.heard = now
		r.engine.Traffic(now, pair.child.In.SPI)
	}
	if pair.soft != 0 && pair.received > pair.soft {
		r.checkVolume(now, pair, pair.received)
	}
	r.ip.Input(now, i, buf)
}
