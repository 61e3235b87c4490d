package ikev2

import (
	"bytes"
	"slices"
	"time"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
	"ikelab/ipsec/spd"
)

// Child SAs: how their parameters are settled, in IKE_AUTH and in
// CREATE_CHILD_SA (RFC 7296 1.2, 1.3, 2.9).

// newChild begins a pair with an inbound SPI of our own.
func (e *Engine) newChild(sa *ikeSA, f *entry, initiator bool) *child {
	return &child{sa: sa, entry: f, initiator: initiator, in: e.newESPSPI()}
}

// newESPSPI draws a free SPI outside the reserved range (RFC 4303 2.1).
func (e *Engine) newESPSPI() ipsec.SPI {
	for {
		spi := ipsec.SPI(be32(e.octets(4)))
		if spi >= 256 && e.children[spi] == nil {
			return spi
		}
	}
}

// refuseChild notes why there will be no child. In IKE_AUTH the IKE SA lives
// on; in CREATE_CHILD_SA the exchange fails.
func (x *exchange) refuseChild(r Reason, n wire.NotifyType, text string) answer {
	f := &fault{reason: r, notify: n, text: text}
	if x.purpose == forInit {
		x.childFault = f
		return yes
	}
	x.fault = f
	return fail
}

// chooseChild settles suite and selectors of a child that the peer asks for.
func chooseChild(e *Engine, x *exchange) answer {
	if x.entry == nil {
		e.note(x.sa, NoTSPolicy)
		e.note(x.sa, SendingTSUnacceptable)
		return x.refuseChild(ReasonTSUnacceptable, wire.TS_UNACCEPTABLE, "no tunnel to this peer")
	}
	offered, ok := wire.Get[*wire.SA](x.in)
	tsi, tsr, ok2 := selectors(x.in)
	if !ok || !ok2 {
		return x.refuseChild(ReasonInvalid, wire.INVALID_SYNTAX, "request without SA, TSi or TSr")
	}
	cfg := &x.entry.cfg
	menus := espMenus(cfg, x.purpose == forInit)
	s, p, ok := choose(menus, offered.Proposals)
	if !ok || len(p.SPI) != 4 {
		e.noMatch(x.sa, offered, menus)
		e.note(x.sa, SendingNoProposal)
		return x.refuseChild(ReasonNoProposal, wire.NO_PROPOSAL_CHOSEN, "no transform set fits")
	}
	local, remote := spd.Intersect(tsr, cfg.Selectors[0]), spd.Intersect(tsi, cfg.Selectors[1])
	if len(local) == 0 || len(remote) == 0 {
		e.note(x.sa, NoTSPolicy)
		e.note(x.sa, SendingTSUnacceptable)
		return x.refuseChild(ReasonTSUnacceptable, wire.TS_UNACCEPTABLE, "selectors do not overlap")
	}
	c := e.newChild(x.sa, x.entry, false)
	c.out, c.suite, c.local, c.remote = ipsec.SPI(be32(p.SPI)), s, local, remote
	x.child, x.chosen, x.answerTo = c, s, *p
	return x.takeKE(e, s.group)
}

// takeKE insists, in CREATE_CHILD_SA, on the group that was chosen.
func (x *exchange) takeKE(e *Engine, want ipsec.Group) answer {
	if x.purpose == forInit {
		return yes
	}
	nonce, ok := wire.Get[*wire.Nonce](x.in)
	if !ok {
		return x.failWith(ReasonInvalid, wire.INVALID_SYNTAX, "request without a nonce")
	}
	x.nonceI, x.nonceR = slices.Clone(nonce.Data), e.rekeyNonce(x.sa)
	ke, has := wire.Get[*wire.KE](x.in)
	switch {
	case want == ipsec.GroupNone:
		return yes
	case !has:
		e.refuseGroup(x, ipsec.GroupNone, want)
		return fail
	case ipsec.Group(ke.Group) != want:
		e.refuseGroup(x, ipsec.Group(ke.Group), want)
		return fail
	}
	x.group, x.peerPublic = want, slices.Clone(ke.Data)
	return yes
}

// childAnswer is the SA and TS part of our response.
func (x *exchange) childAnswer() []wire.Payload {
	c := x.child
	return []wire.Payload{
		&wire.SA{Proposals: []wire.Proposal{c.suite.answerTo(&x.answerTo, spiOctets(c.in))}},
		toWire(true, c.remote), toWire(false, c.local),
	}
}

// acceptChild checks the peer's answer for the child that we asked for.
func acceptChild(e *Engine, x *exchange) answer {
	offered, ok := wire.Get[*wire.SA](x.in)
	tsi, tsr, ok2 := selectors(x.in)
	if !ok || !ok2 {
		return x.refuseChild(ReasonInvalid, 0, "response without SA, TSi or TSr")
	}
	cfg := &x.entry.cfg
	menus := espMenus(cfg, x.purpose == forInit)
	s, p, ok := chosen(menus, offered.Proposals)
	if !ok || len(p.SPI) != 4 || s.group != x.group && x.purpose != forInit {
		e.noMatch(x.sa, offered, menus)
		x.child = nil
		return x.refuseChild(ReasonNoProposal, 0, "peer chose what we did not offer")
	}
	if !within(tsi, cfg.Selectors[0]) || !within(tsr, cfg.Selectors[1]) {
		e.note(x.sa, NoTSPolicy)
		x.child = nil
		return x.refuseChild(ReasonTSUnacceptable, 0, "peer widened the selectors")
	}
	c := x.child
	c.out, c.suite, c.local, c.remote = ipsec.SPI(be32(p.SPI)), s, tsi, tsr
	return yes
}

// loadIPsec hands the new pair to IPsec and waits for it; no: there is none.
func loadIPsec(e *Engine, x *exchange) answer {
	if x.child == nil || x.childFault != nil {
		return no
	}
	e.note(x.sa, AsyncQueued)
	e.note(x.sa, EmptyLine)
	e.installChild(x)
	take := takeNothing
	if x.purpose == forInit && x.initiator {
		take = func(x *exchange, _ Result) { e.noteLoaded(x) }
	}
	e.job(x, loadCost, EvOKRecdLoadIPsec, Job{}, take)
	return yes
}

// noteLoaded is what IOS's initiator prints when IPsec has loaded the keys.
func (e *Engine) noteLoaded(x *exchange) {
	sa := x.sa
	e.noteFree(Note{What: KMIConsumed, A: 8})
	e.noteFree(Note{What: KMIConsumed, A: 12})
	e.noteFree(Note{What: NoModeConfigSet})
	e.noteFree(Note{What: IdentHandle, A: uint32(sa.id) | 0x80000000, B: uint32(x.child.in), C: uint32(sa.session)})
}

// installChild derives the keys and gives the pair to the caller.
func (e *Engine) installChild(x *exchange) {
	c, sa := x.child, x.sa
	cfg := &c.entry.cfg
	toResponder, toInitiator := childKeys(x, c.suite)
	out, in := toResponder, toInitiator
	if !x.initiator {
		out, in = in, out
	}
	c.pfs = x.group
	if x.purpose == forInit {
		c.pfs = ipsec.GroupNone
	}
	c.minNonce = x.lowestNonce()
	e.timeChild(c)
	add := ChildSA{
		Entry: cfg.Entry, PFS: c.pfs, Initiator: x.initiator, Expires: c.expireAt, Lifetime: cfg.Lifetime,
		Kilobytes: cfg.Kilobytes, Peer: sa.remote, LocalEnd: sa.local, IKE: sa.ref(),
		Encr: c.suite.encr, Integ: c.suite.integ, Local: c.local, Remote: c.remote,
		In: Half{c.in, in[0], in[1]}, Out: Half{c.out, out[0], out[1]},
	}
	if x.old != nil {
		rival := x.old.peerRekey
		lost := rival != nil && bytes.Compare(c.minNonce, rival.minNonce) < 0
		add.Replaces, add.Standby = x.old.in, !x.initiator || lost
	}
	sa.children = append(sa.children, c)
	e.children[c.in] = c
	c.entry.children = append(c.entry.children, c)
	e.emit(AddChild{add})
	if len(c.entry.children) == 1 {
		e.emit(EntryUp{Entry: cfg.Entry, Peer: sa.remote, ID: sa.remoteID})
	}
}

// timeChild sets the soft and the hard end of a pair. The side that made it
// rekeys first: the other's margin is half as long, so that collisions are rare.
func (e *Engine) timeChild(c *child) {
	life := c.entry.cfg.Lifetime
	if life <= 0 {
		return
	}
	margin := min(30*time.Second, life/10)
	if !c.initiator {
		margin /= 2
	}
	c.made = e.now
	c.expireAt = e.now.Add(life)
	c.rekeyAt = c.expireAt.Add(-margin + e.within(margin/4))
}

// removeChild takes a pair out and tells the caller.
func (e *Engine) removeChild(c *child, r Reason) {
	c.sa.dropChild(c)
	delete(e.children, c.in)
	c.entry.dropChild(c)
	e.emit(DeleteChild{Entry: c.entry.cfg.Entry, In: c.in, Reason: r})
	if len(c.entry.children) == 0 {
		e.emit(EntryDown{Entry: c.entry.cfg.Entry, Peer: c.sa.remote, ID: c.sa.remoteID, WasUp: true, Reason: r})
	}
	e.touch(c.sa)
}
