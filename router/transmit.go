package router

import (
	"encoding/binary"
	"time"
)

// forward sends a packet on its way.
func (r *Router) forward(now time.Time, p *packet, e *fibEntry) {
	if p.ip()[8] <= 1 {
		p.in.count.inDrops++
		r.icmpFailure(now, p, icmpTimeExceeded, 0, 0)
		return
	}
	if e.kind == fibNone || e.kind == fibNull {
		p.in.count.inDrops++
		r.icmpFailure(now, p, icmpUnreachable, codeHost, 0)
		return
	}
	r.take(p, e)
	setTTL(p.ip(), p.ip()[8]-1)
	r.output(now, p, e)
}

// setTTL changes the TTL and the header checksum with it (RFC 1624, eqn. 3).
func setTTL(b []byte, ttl uint8) {
	c := uint32(^binary.BigEndian.Uint16(b[10:])) + uint32(^(uint16(b[8]) << 8)) + uint32(ttl)<<8
	b[8] = ttl
	binary.BigEndian.PutUint16(b[10:], fold(c))
}

// take makes a packet ours to modify. One that is about to be encrypted is
// copied to where Seal wants it. e is its route; nil: not known yet.
func (r *Router) take(p *packet, e *fibEntry) {
	if p.own {
		return
	}
	kept, room, n := &r.work, 0, len(p.buf)-ethernetHeader
	if e != nil && e.out.protected() && e.out.tunnel.sending != nil {
		kept, room = &r.sealed, e.out.tunnel.sending.out.Room()
	}
	buf := scratch(kept, room+n)[room:]
	copy(buf[ethernetHeader:], p.ip())
	p.buf, p.own = buf, true
}

// originate sends a packet that was made here; its header is complete but for
// identification and checksum.
func (r *Router) originate(now time.Time, p *packet) {
	r.ipID++
	b := p.ip()
	binary.BigEndian.PutUint16(b[4:], r.ipID)
	setHeaderChecksum(b)
	e := r.fib.lookup(p.dst())
	switch e.kind {
	case fibLocal:
		r.local(now, p)
	case fibNone, fibNull, fibMartian:
		return
	default:
		r.output(now, p, e)
	}
}

// output sends a packet that is ours to modify to where its route says.
func (r *Router) output(now time.Time, p *packet, e *fibEntry) {
	switch {
	case e.out == nil: // 255.255.255.255 has no interface
	case e.out.protected():
		r.tunnelOutput(now, e.out.tunnel, p)
	case e.out.physical():
		r.transmit(now, p, e)
	default: // a loopback's network but none of our addresses, a tunnel of another kind
		e.out.count.outDrops++
	}
}

// transmit sends a packet on a port, in fragments where it is too long.
func (r *Router) transmit(now time.Time, p *packet, e *fibEntry) {
	i := e.out
	if !i.protocol {
		i.count.outDrops++
		return
	}
	if len(p.buf)-ethernetHeader > i.mtu {
		if p.fragment()&flagDF != 0 {
			i.count.outDrops++
			r.icmpFailure(now, p, icmpUnreachable, codeFragmentationNeeded, i.mtu)
			return
		}
		for _, f := range fragments(p.ip(), i.mtu) {
			r.toNeighbour(now, e, p.dst(), f)
		}
		return
	}
	r.toNeighbour(now, e, p.dst(), p.buf)
}

// toNeighbour puts one packet on the wire, or has it wait for ARP.
func (r *Router) toNeighbour(now time.Time, e *fibEntry, dst ip4, buf []byte) {
	hop := dst
	switch e.kind {
	case fibVia:
		hop = e.hop
	case fibBroadcast:
		r.sendFrame(now, e.out, broadcastMAC, buf)
		return
	}
	if n := e.out.neighbour(hop); n != nil && n.resolved {
		r.sendFrame(now, e.out, n.mac, buf)
		return
	}
	r.resolve(now, e.out, hop, buf)
}
