package crypto

import (
	"time"

	"ikelab/router/ip"
)

// Output sends a packet encrypted, or nowhere.
func (e *Entry) Output(now time.Time, p *ip.Packet) {
	if !e.Ready() || !e.iface.Protocol || !alone(e) && !e.pairFor(p.Bytes()).allows(p.Bytes()) {
		refuseDown(now, e, p)
		return
	}
	e.Widen(now)
	if p.Len() <= innerMTU(e) {
		e.seal(now, p.Bytes())
		return
	}
	sendLong(now, e, p)
}

// refuseDown drops a packet for which there are no SAs, and asks for some.
func refuseDown(now time.Time, e *Entry, p *ip.Packet) {
	e.whole.Down++
	e.c.stack.DropOut(e.iface, p.Bytes(), missing(e))
	e.push(now, p.Bytes())
}

// sendLong sends a packet that may be too long.
//
// "On any link that cannot convey a 1280-octet packet in one piece, link-specific fragmentation
// and reassembly must be provided at a layer below IPv6." (RFC 8200 section 5): the outer packet
// is cut, and the sender of a longer one is told of 1280 (RFC 2473 section 7.1).
func sendLong(now time.Time, e *Entry, p *ip.Packet) {
	stack, inner := e.c.stack, p.Bytes()
	mtu, whole := ip.FitsIn(inner, innerMTU(e)), p.Fragment()&ip.FlagDF != 0
	switch {
	case len(inner) <= mtu || cutsOuter(&e.settings, whole) || !whole && !takesPieces(e.pairFor(inner), inner):
		e.seal(now, inner)
	case whole:
		stack.TooLong(now, e.iface, p, mtu)
	default:
		for _, f := range ip.Cut(stack, inner, mtu) {
			e.seal(now, f[ip.EthernetHeader:])
		}
	}
}

// cutsOuter says whether the outer packet may be cut instead of the inner one.
func cutsOuter(s *Settings, whole bool) bool {
	switch s.DF {
	case DFClear:
		return whole || s.FragmentAfter
	case DFCopy:
		return !whole && s.FragmentAfter
	}
	return false
}

// Protect sends a packet of a tunnel protocol encrypted, if there is a pair.
func (e *Entry) Protect(now time.Time, packet []byte) {
	e.Widen(now)
	e.seal(now, packet)
}

// missing is why a packet cannot be carried.
func missing(e *Entry) ip.Reason {
	if alone(e) {
		return ip.InterfaceDown
	}
	return ip.NoAssociation
}

// allows says whether an inner packet may leave by the pair; one that is not there
// carries nothing.
func (p *pair) allows(inner []byte) bool { return p != nil && p.out.allows(inner) }

// takesPieces says whether a pair carries the fragments of a packet: one in transport mode carries
// none (RFC 4303 section 3.1.1), and one that looks at ports knows the first one only. Then the outer
// packet is cut.
func takesPieces(p *pair, packet []byte) bool {
	return !p.Transport && p.out.policy.AllowsPieces(packet)
}

// seal encrypts an inner packet and sends what comes of it.
func (e *Entry) seal(now time.Time, inner []byte) {
	p := e.pairFor(inner)
	if p == nil { // the last one has gone while fragments of the same packet were sent
		return
	}
	buf := ip.Buffer(e.c.stack, ip.Sealed, p.out.most(len(inner)))
	buf, err := p.out.seal(buf[:ip.EthernetHeader], inner, e.c.stack.NextID())
	if err != nil {
		p.notSealed(now, inner, err)
		return
	}
	p.flow.Encaps++
	e.used = now
	if alone(e) {
		e.iface.CountOut(now, len(inner))
	}
	if !now.Before(p.tellFrom) {
		p.tellFrom = now.Add(heardPause)
		e.c.ike.Outgoing(now, p.inSPI)
	}
	p.leave(now, buf, len(inner))
}

// notSealed counts an inner packet that could not be encrypted.
func (p *pair) notSealed(now time.Time, inner []byte, err error) {
	e := p.entry
	p.flow.SendErrors++
	e.iface.Counters.OutErrors++
	e.c.records.Emit(p.refusedInner(inner, err))
	p.spent(now, err)
}

// pairFor is the pair that an inner packet leaves by: the newest whose
// selectors it fits (RFC 4301 section 4.4.1), else the newest, which refuses
// it.
func (e *Entry) pairFor(inner []byte) *pair {
	if len(e.sending) == 1 {
		return e.sending[0]
	}
	for _, p := range e.sending {
		if p.out.allows(inner) {
			return p
		}
	}
	if len(e.sending) == 0 {
		return nil
	}
	return e.sending[0]
}
