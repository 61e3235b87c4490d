package router

import (
	"encoding/binary"
	"time"

	"ikelab/ipsec"
	"ikelab/router/crypto"
)

const (
	heardPause = time.Second // between two words to the engine about a living peer
	minESP     = 8           // octets of SPI and sequence number
)

// tunnelOutput sends a packet through a protected tunnel, or nowhere.
func (r *Router) tunnelOutput(now time.Time, t *tunnel, p *packet) {
	i := t.iface
	if !t.ready() || !i.protocol {
		t.count.dropsDown++
		i.count.outDrops++
		r.push(now, t)
		return
	}
	if t.narrow > 0 && !now.Before(t.narrowUntil) {
		t.narrow = 0
		t.fitMTU(r)
	}
	whole := p.fragment()&flagDF != 0
	if len(p.buf)-ethernetHeader <= i.mtu || whole && t.sending.out.Encapsulation().DF == crypto.DFClear {
		r.seal(now, t, p.ip()) // df-bit clear: the outer packet may be cut instead
		return
	}
	if whole {
		i.count.outDrops++
		r.icmpFailure(now, p, icmpUnreachable, codeFragmentationNeeded, i.mtu)
		return
	}
	for _, f := range fragments(p.ip(), i.mtu) {
		r.seal(now, t, f[ethernetHeader:])
	}
}

// seal encrypts an inner packet and sends what comes of it.
func (r *Router) seal(now time.Time, t *tunnel, inner []byte) {
	p, i := t.sending, t.iface
	if p == nil { // gone while fragments of the same packet were sent
		return
	}
	r.ipID++
	buf := scratch(&r.sealed, len(inner)+p.out.Overhead(len(inner)))
	buf, err := p.out.Seal(buf[:ethernetHeader], inner, r.ipID)
	if err != nil {
		t.count.sendErrors++
		p.outErrs++
		i.count.outErrors++
		return
	}
	t.count.encaps++
	i.count.lastOut = now
	i.count.outPackets++
	i.count.outOctets += uint64(len(inner))
	p.sent += uint64(len(inner))
	r.sendOuter(now, t, buf)
	if p.soft != 0 && p.sent > p.soft || p.out.ESP().Left() < sequenceLeft {
		r.checkVolume(now, p, p.sent)
	}
}

// sendOuter sends an ESP packet the way that the last one took.
func (r *Router) sendOuter(now time.Time, t *tunnel, buf []byte) {
	path := &t.path
	if path.generation != r.fib.generation {
		*path = tunnelPath{generation: r.fib.generation, entry: *r.fib.lookup(t.remote)}
	}
	e := &path.entry
	if e.out == nil || !e.out.physical() {
		t.count.sendErrors++
		return
	}
	if n := path.neighbour; n != nil && n.resolved && len(buf)-ethernetHeader <= e.out.mtu {
		r.sendFrame(now, e.out, n.mac, buf)
		return
	}
	r.transmit(now, &packet{buf: buf, own: true}, e)
	hop := t.remote
	if e.kind == fibVia {
		hop = e.hop
	}
	path.neighbour = e.out.neighbour(hop)
}

// receiveESP takes an ESP packet for this router.
func (r *Router) receiveESP(now time.Time, p *packet) {
	esp := p.payload()
	if len(esp) < minESP || p.in == nil {
		r.countInError(p)
		return
	}
	pair := r.sad.Lookup(ipsec.SPI(binary.BigEndian.Uint32(esp)))
	if pair == nil || p.dst() != pair.tunnel.local {
		r.refuseSPI(now, p, ipsec.SPI(binary.BigEndian.Uint32(esp)))
		return
	}
	buf := scratch(&r.work, len(p.ip()))
	if p.own { // it lies in the scratch buffer itself: ESP within ESP
		buf = make([]byte, len(p.buf))
	}
	inner, err := pair.in.Open(buf[ethernetHeader:ethernetHeader], p.ip())
	if err != nil {
		r.refuseESP(now, p, pair, err)
		return
	}
	r.accept(now, pair, buf[:ethernetHeader+len(inner)])
}

// accept takes an inner packet, decrypted in place behind the room for an
// Ethernet header, into the tunnel interface.
func (r *Router) accept(now time.Time, pair *saPair, buf []byte) {
	t := pair.tunnel
	i, n := t.iface, uint64(len(buf)-ethernetHeader)
	t.count.decaps++
	pair.received += n
	i.count.lastIn = now
	i.count.inPackets++
	i.count.inOctets += n
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
	if !i.up {
		i.count.inDrops++
		return
	}
	r.receiveIP(now, &packet{in: i, buf: buf, own: true})
}
