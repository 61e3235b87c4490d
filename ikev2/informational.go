package ikev2

import (
	"cmp"
	"slices"
	"time"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// INFORMATIONAL (RFC 7296 1.4): deletes, liveness, errors of the peer.

func sendDelete(e *Engine, x *exchange) answer {
	if x.purpose == forDeleteIKE {
		return e.request(x, wire.INFORMATIONAL, []wire.Payload{&wire.Delete{Protocol: wire.ProtoIKE}})
	}
	d := &wire.Delete{Protocol: wire.ProtoESP}
	for _, c := range x.doomed {
		d.SPIs = append(d.SPIs, spiOctets(c.in))
	}
	return e.request(x, wire.INFORMATIONAL, []wire.Payload{d})
}

func sendDPD(e *Engine, x *exchange) answer {
	return e.request(x, wire.INFORMATIONAL, nil)
}

func sendNotice(e *Engine, x *exchange) answer {
	return e.request(x, wire.INFORMATIONAL, []wire.Payload{x.notice})
}

// tellSubnets tells the responder which subnets are behind us (RFC 7296 3.15, CFG_SET).
func tellSubnets(e *Engine, x *exchange) {
	sa := x.sa
	if !sa.initiator || !sa.usable() || !sa.profile.ConfigSet {
		return
	}
	if set := cfgSet(x.entry, sa.given); set != nil {
		e.start(sa, &exchange{purpose: forNotice, notice: set}, EvSendInfo)
	}
}

// takeSubnets takes a CFG_SET of the peer's: what is acknowledged. nil: nothing, "a
// response message without a CFG_ACK payload" (RFC 7296 3.15.1). What it told before
// does not hold any more.
func takeSubnets(e *Engine, x *exchange, set *wire.CP) []wire.Payload {
	sa := x.sa
	g := givenNow(sa)
	if grantOf(sa) == nil || !grantOf(sa).Accept || sa.initiator {
		return nil
	}
	c, _ := readConfiguration(set)
	if g == nil {
		g = &given{}
		sa.given = g
	}
	g.Subnets = c.Subnets
	if f := cmp.Or(g.held, firstEntry(sa)); f != nil {
		hold(&e.recording, sa, g, f)
	}
	return []wire.Payload{cfgAck(set, c)}
}

// firstEntry is the one that an SA's first pair is of; nil: it has none.
func firstEntry(sa *ikeSA) *entry {
	if len(sa.children) == 0 {
		return nil
	}
	return sa.children[0].entry
}

// processInfoAck ends what we asked for.
func processInfoAck(e *Engine, x *exchange) answer {
	sa := x.sa
	switch x.purpose {
	case forDeleteIKE:
		e.drop(sa, saAnswered, x.reason)
	case forDeleteChild:
		for _, c := range x.doomed {
			e.endChild(c, childAnswered, x.reason)
		}
	case forLiveness:
		e.scheduleDPD(sa)
	}
	return yes
}

// answerInfo does what the peer's request asks and answers it. Payloads that
// ask nothing of us get an empty answer, as a liveness check does.
func answerInfo(e *Engine, x *exchange) answer {
	sa := x.sa
	set, ok := setIn(x.in)
	if !ok {
		return x.failWith(ReasonInvalid, wire.INVALID_SYNTAX, CauseConfiguration)
	}
	var gone, strayed []*child
	endSA, reason := false, ReasonPeerDeleted
	for _, p := range x.in.Payloads {
		switch p := p.(type) {
		case *wire.Delete:
			if p.Protocol == wire.ProtoIKE {
				endSA = true
				e.emit(DeleteReceived{SA: sa.ref(), Protocol: p.Protocol})
				continue
			}
			gone = append(gone, e.doomedBy(sa, p)...)
		case *wire.Notify:
			if c := sa.strayed(p); c != nil {
				strayed = append(strayed, c)
			}
			if p.Kind == wire.AUTHENTICATION_FAILED {
				endSA, reason = true, ReasonAuthFailed
			}
			if p.Kind.IsError() {
				e.emit(ErrorHeard{SA: sa.ref(), Notify: p.Kind})
			}
		}
	}
	if len(x.in.Payloads) == 0 {
		e.emit(LivenessAsked{SA: sa.ref()})
	}
	answers := pairedDelete(gone, endSA)
	if set != nil && !endSA {
		answers = append(answers, takeSubnets(e, x, set)...)
	}
	e.respond(x, wire.INFORMATIONAL, answers)
	redirectedUp(e, sa, x.in)
	for _, c := range gone {
		if old := c.refusedBack(gone); old != nil {
			e.liveChild(old, childReturns)
		}
		e.endChild(c, childPeerGoes, ReasonPeerDeleted)
	}
	if len(gone) > 0 {
		bereave(e, sa)
	}
	for _, c := range strayed {
		makeAnew(e, c)
	}
	if endSA {
		e.endedByPeer(sa, reason)
	}
	return yes
}

// strayed is the pair on which we send what the peer has no SA for: "The
// Notification Data contains the SPI of the invalid packet." (RFC 7296 1.5)
func (sa *ikeSA) strayed(n *wire.Notify) *child {
	if n.Kind != wire.INVALID_SPI || len(n.Data) != 4 {
		return nil
	}
	return sa.childByOut(ipsec.SPI(be32(n.Data)))
}

// doomedBy finds the pairs that a Delete names by the peer's inbound SPIs. One
// that we do not know may be in an answer that is still on its way
// (RFC 7296 2.25.1).
func (e *Engine) doomedBy(sa *ikeSA, d *wire.Delete) []*child {
	if d.Protocol != wire.ProtoESP || len(d.SPIs) == 0 {
		return nil
	}
	e.peerUses(sa)
	var list []*child
	told := DeleteReceived{SA: sa.ref(), Protocol: d.Protocol}
	for _, octets := range d.SPIs {
		if len(octets) != 4 {
			continue
		}
		spi := ipsec.SPI(be32(octets))
		told.SPIs = append(told.SPIs, spi)
		c := sa.childByOut(spi)
		switch {
		case c == nil:
			sa.deletedEarly(spi)
		case !slices.Contains(list, c):
			list = append(list, c)
		}
	}
	told.Known = len(list)
	e.emit(told)
	return list
}

// maxEarly bounds what a peer can make us keep.
const maxEarly = 16

// deletedEarly keeps the SPI of a pair that an answer to come may name.
func (t *traffic) deletedEarly(spi ipsec.SPI) {
	for _, x := range t.exchanges {
		if x.initiator && x.child != nil && x.purpose != forInit && len(x.early) < maxEarly {
			x.early = append(x.early, spi)
		}
	}
}

// peerUses settles a collision of rekeys when the peer goes on with what its
// own has made: then ours will come to nothing there.
func (e *Engine) peerUses(sa *ikeSA) {
	if old := sa.replaces; old != nil && old.theirs == sa {
		e.clash(old, peerUses)
	}
}

// pairedDelete names our ends of the pairs, except those whose Delete of ours
// is under way (RFC 7296 1.4.1).
func pairedDelete(gone []*child, endSA bool) []wire.Payload {
	d := &wire.Delete{Protocol: wire.ProtoESP}
	for _, c := range gone {
		if c.state != childDeleting {
			d.SPIs = append(d.SPIs, spiOctets(c.in))
		}
	}
	if len(d.SPIs) == 0 || endSA {
		return nil
	}
	return []wire.Payload{d}
}

// endedByPeer drops an SA that the peer deleted. If the peer rekeyed it while
// our own rekey was under way, the peer's successor takes the pairs and ours is
// forgotten (RFC 7296 2.25.2).
func (e *Engine) endedByPeer(sa *ikeSA, r Reason) {
	e.clash(sa, peerUses)
	if sa.state == saRekeyed {
		r = ReasonRekeyed
	}
	e.drop(sa, saPeerDeletes, r)
}

// checkPending says which message ids may come next.
func checkPending(e *Engine, x *exchange) answer {
	sa := x.sa
	next, size := sa.responses.Next(), sa.responses.Size()
	switch {
	case x.initiator && x.replied:
		next, size = sa.requests.Next(), sa.requests.Peer()
	case x.initiator || sa.responses.Answered(x.messageID) == nil:
		return yes
	}
	tell(&e.recording, WindowMoved{SA: sa.ref(), Ours: x.initiator, MessageID: x.messageID, First: next, Last: next + size - 1})
	return yes
}

// finish ends an exchange.
func finish(e *Engine, x *exchange) answer {
	notMade(e, x)
	x.sa.dropExchange(x)
	return yes
}

// paths is the part of an engine that keeps in touch with peers: where they are
// (RFC 7296 2.23), and whether they live (2.4).
type paths struct{ e *Engine }

// follow has an SA go where an authentic, fresh message came from: as responder in
// IKE_AUTH, whose initiator chooses the ports, and later where the peer is behind a
// NAT and we are not.
func (p paths) follow(sa *ikeSA, d Datagram) {
	if sa.up() && sa.mayMove() || !sa.up() && !sa.initiator {
		p.move(sa, d.ends())
	}
}

// move leads an SA elsewhere, and with it those of the same line: a NAT that has changed before
// one has before all, and the next word of the peer may come under another than the last.
func (p paths) move(sa *ikeSA, to ends) {
	if sa.ends == to {
		return
	}
	for _, one := range kin(sa) {
		p.lead(one, to)
	}
}

// lead has an SA, what it is about to be replaced by, and its pairs be elsewhere.
func (p paths) lead(sa *ikeSA, to ends) {
	if sa.ends == to {
		return
	}
	sa.ends = to
	for _, x := range sa.exchanges {
		if x.next != nil {
			x.next.ends = to
		}
	}
	if !sa.up() {
		return
	}
	p.e.emit(PeerMoved{SA: sa.ref(), Local: to.local, Remote: to.remote})
	for _, c := range sa.children {
		p.e.emit(MoveChild{In: c.in, LocalEnd: to.local, Peer: to.remote})
	}
	for _, x := range sa.exchanges {
		if x.sent() { // it may have gone where nobody is any more
			p.e.send(sa, x.request.Message())
		}
	}
}

// Moved tells that a valid ESP packet, newer than all before it, came in by a pair from
// elsewhere (RFC 7296 2.23). What waits for an answer is sent there again at once.
func (p paths) Moved(now time.Time, in ipsec.SPI, to Datagram) Effects {
	e := p.e
	e.begin(now)
	if c := e.children.Get(in); c != nil && c.sa.up() && c.sa.mayMove() {
		p.move(c.sa, ends{to.Local, to.Remote, c.sa.vrf})
	}
	return e.end()
}

// keepAlive sets when the mapping of a NAT before us is kept next.
func (p paths) keepAlive(sa *ikeSA) {
	if sa.keepalive = sa.profile.NATKeepalive; sa.keepalive == 0 {
		sa.keepalive = p.e.cfg.NATKeepalive
	}
	sa.keepaliveAt = noTime
	if sa.behind && sa.keepalive > 0 {
		sa.keepaliveAt = p.e.now.Add(sa.keepalive)
	}
}

// keepMapping sends one octet, which the peer ignores, "if no other packet to the
// peer has been sent in M seconds" (RFC 3948 4): packets of pairs count, our few
// messages do not.
func (p paths) keepMapping(sa *ikeSA) {
	if used := sa.lastSent.Add(sa.keepalive); used.After(p.e.now) {
		sa.keepaliveAt = used
		return
	}
	p.e.emit(Keepalive{VRF: sa.vrf, Local: sa.local, Remote: sa.remote})
	sa.keepaliveAt = p.e.now.Add(sa.keepalive)
}

// scheduleDPD sets the next look at the peer's silence. On demand there is none.
func (p paths) scheduleDPD(sa *ikeSA) {
	if sa.dpd().Interval > 0 && !sa.dpd().OnDemand && sa.state == saReady {
		sa.dpdAt = sa.lastHeard.Add(sa.dpd().Interval)
		if !sa.dpdAt.After(p.e.now) {
			sa.dpdAt = p.e.now.Add(sa.dpd().Interval)
		}
		p.e.touch(sa)
	}
}

// probe asks whether the peer is alive, unless it was heard or an outstanding
// request asks already (RFC 7296 2.4).
func (p paths) probe(sa *ikeSA) {
	sa.dpdAt = noTime
	heard := p.e.now.Sub(sa.lastHeard) < sa.dpd().Interval
	if heard || !sa.usable() || sa.any((*exchange).sent) || sa.waits(forLiveness) {
		p.scheduleDPD(sa)
		return
	}
	p.e.start(sa, &exchange{purpose: forLiveness}, EvSendDPD)
}

// Outgoing tells that a packet leaves by a pair, of several a second one. On demand that
// is when a peer is asked which has been silent for the interval: "If there has only been outgoing
// traffic on all of the SAs associated with an IKE SA, it is essential to confirm
// liveness of the other endpoint" (RFC 7296 2.4).
func (p paths) Outgoing(now time.Time, in ipsec.SPI) Effects {
	e := p.e
	e.begin(now)
	if c := e.children.Get(in); c != nil {
		c.sa.lastSent = now
		if c.sa.dpd().OnDemand && c.sa.dpd().Interval > 0 {
			p.probe(c.sa)
		}
	}
	return e.end()
}

// redirectedUp takes a redirect of an SA that is up, by a request that it protects. One that we
// do not follow changes nothing.
func redirectedUp(e *Engine, sa *ikeSA, m *wire.Message) {
	r, ok := redirectIn(&e.recording, sa, m)
	for sa.successor != nil {
		sa = sa.successor
	}
	if !ok || sa.state != saReady {
		return
	}
	var list []*entry
	if sa.entry != nil {
		list = append(list, sa.entry)
	}
	for _, c := range sa.children {
		list = append(list, c.entry)
	}
	heed(hearing{&e.database, &e.recording, e.cfg, e.now}, sa, r.Gateway, wire.INFORMATIONAL, list)
}
