package router

import (
	"encoding/binary"
	"time"

	"ikelab/ikev2"
	"ikelab/ipsec"
)

// saPair is an installed pair of ESP SAs.
type saPair struct {
	child       ikev2.ChildSA
	tunnel      *tunnel
	in          *ipsec.Inbound
	out         *ipsec.Outbound
	inID, outID int // connection ids
	since       time.Time
	received    uint64 // octets of inner packets
	sent        uint64
	soft, hard  uint64 // octets in one direction after which the engine is told; 0: never
	toldSoft    bool
	toldHard    bool
	heard       time.Time // the engine was last told that the peer lives
	inErrs      uint64
	outErrs     uint64
}

const (
	kilobyte       = 1024
	heardPause     = time.Second // between two words to the engine about a living peer
	sequenceSoft   = 0xf000_0000 // RFC 4303 section 3.3.3: a new SA before the numbers run out
	softPercent    = 90          // of the kilobytes: the side that made the pair asks for a new one,
	softPercentR   = 95          // the other only if it did not, so that both do not at once
	minESP         = 8           // octets of SPI and sequence number
	percentOfWhole = 100
)

// addChild installs a pair that the engine has negotiated.
func (r *Router) addChild(now time.Time, c ikev2.ChildSA) {
	t := r.tunnelByName(c.Flow)
	if t == nil {
		return
	}
	in, err := ipsec.NewInbound(c.In)
	if err != nil {
		panic("router: the engine made an inbound sa that cannot be: " + err.Error())
	}
	out, err := ipsec.NewOutbound(c.Out, r.ivRand)
	if err != nil {
		panic("router: the engine made an outbound sa that cannot be: " + err.Error())
	}
	pair := &saPair{child: c, tunnel: t, in: in, out: out, since: now, outID: r.lastConn + 1, inID: r.lastConn + 2}
	r.lastConn += 2
	pair.limit()
	if r.pairs == nil {
		r.pairs = map[ipsec.SPI]*saPair{}
	}
	if len(t.pairs) == 0 {
		t.since = now
	}
	r.pairs[c.In.SPI] = pair
	t.pairs = append(t.pairs, pair)
	if t.sending == nil || !c.Standby || r.pairs[c.Replaces] == nil {
		r.sendOn(pair)
	}
	r.traceIPsec(now, ipsecCreated{Pair: c})
	r.observe(now, c)
	r.observeChild(now, c)
	r.settleProtocol(now, t.iface)
}

func (p *saPair) limit() {
	percent := uint64(softPercentR)
	if p.child.Initiator {
		percent = softPercent
	}
	p.hard = p.child.Kilobytes * kilobyte
	p.soft = p.hard / percentOfWhole * percent
}

// sendOn makes a pair the one that packets leave by.
func (r *Router) sendOn(p *saPair) {
	p.tunnel.sending = p
	p.tunnel.fitMTU(r)
}

// deleteChild removes a pair; what is left takes over.
func (r *Router) deleteChild(now time.Time, d ikev2.ChildDelete) {
	p := r.pairs[d.In]
	if p == nil {
		return
	}
	delete(r.pairs, d.In)
	t := p.tunnel
	for i, q := range t.pairs {
		if q == p {
			t.pairs = append(t.pairs[:i:i], t.pairs[i+1:]...)
			break
		}
	}
	if t.sending == p {
		t.sending = nil
		if n := len(t.pairs); n > 0 {
			r.sendOn(t.pairs[n-1])
		}
	}
	r.traceIPsec(now, ipsecDeleted{In: p.child.In, Out: p.child.Out, Reason: d.Reason})
	r.observe(now, d)
	r.settleProtocol(now, t.iface)
}

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
	if len(p.buf)-ethernetHeader <= i.mtu || whole && t.sending.child.Out.DF == ipsec.DFClear {
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
	if p.soft != 0 && p.sent > p.soft || p.out.Sequence() > sequenceSoft {
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

// checkVolume tells the engine that a pair's kilobytes or sequence numbers
// run out.
func (r *Router) checkVolume(now time.Time, p *saPair, octets uint64) {
	if !p.toldSoft {
		p.toldSoft = true
		r.apply(now, r.ike().VolumeSoft(now, p.child.In.SPI))
	}
	if p.hard != 0 && octets > p.hard && !p.toldHard {
		p.toldHard = true
		r.apply(now, r.ike().VolumeHard(now, p.child.In.SPI))
	}
}

// receiveESP takes an ESP packet for this router.
func (r *Router) receiveESP(now time.Time, p *packet) {
	esp := p.payload()
	if len(esp) < minESP || p.in == nil {
		r.countInError(p)
		return
	}
	pair := r.pairs[ipsec.SPI(binary.BigEndian.Uint32(esp))]
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
