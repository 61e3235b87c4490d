package ikev2

import (
	"encoding/binary"
	"slices"

	"ikelab/ikev2/propose"
	"ikelab/ikev2/window"
	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// CREATE_CHILD_SA (RFC 7296 1.3): a new child, a child that replaces one, or
// an IKE SA that replaces this one.

// rekeysIKE tells the two kinds of CREATE_CHILD_SA apart: a request of the
// peer by its protocol (RFC 7296 1.3.2: no selectors).
func rekeysIKE(_ *Engine, x *exchange) answer {
	if x.purpose == forIKERekey {
		return yes
	}
	return no
}

// beginNext begins the SA to come. As responder we draw our SPI when the offer
// has been accepted.
func beginNext(e *Engine, x *exchange) answer {
	x.next = e.newSA(x.sa.ends, x.initiator)
	x.next.way = x.sa.way
	x.next.fragments.agreed = x.sa.fragments.agreed && x.next.fragments.mtu > 0
	if x.initiator {
		x.next.setLocalSPI(e.newIKESPI())
	}
	return yes
}

// rekeyPolicy reads the policy again. As responder IOS looks the keys up too,
// which tells whether the peer is still configured.
func rekeyPolicy(e *Engine, x *exchange) answer {
	sa := x.sa
	p := e.profile(sa.profile.Name)
	if p == nil {
		tell(&e.recording, ProfileLookup{SA: sa.ref(), Initiator: x.initiator, By: ByName, Profile: sa.profile.Name})
		return x.failWith(ReasonNoProfile, wire.NO_PROPOSAL_CHOSEN, CauseNoProfile)
	}
	if !x.initiator {
		prover, _ := e.authenticators(sa, p, false)
		_, verifier := e.authenticators(sa, p, true)
		if prover == nil || verifier == nil {
			return x.failWith(ReasonNoKey, wire.NO_PROPOSAL_CHOSEN, p.unproven())
		}
	}
	x.next.profile, x.next.by = p, sa.by
	x.next.choose(e.policyFor(sa, p))
	x.menus = x.next.choice.menus
	if len(x.menus) == 0 {
		return x.failWith(ReasonNoPolicy, wire.NO_PROPOSAL_CHOSEN, CauseNoProposal)
	}
	return yes
}

// newChildSPI draws our SPI of the child to come.
func newChildSPI(e *Engine, x *exchange) answer {
	x.child = e.newChild(x.sa, x.entry, true)
	x.menus = x.entry.menus(false)
	return yes
}

func wantsPFS(_ *Engine, x *exchange) answer {
	x.useGroup(x.entry.cfg.PFS)
	if x.group() == ipsec.GroupNone {
		return no
	}
	return yes
}

// sendChildRequest sends any of the three requests.
func sendChildRequest(e *Engine, x *exchange) answer {
	if x.nonces.I == nil {
		x.nonces.I = e.rekeyNonce(x)
	}
	var payloads []wire.Payload
	if x.old != nil {
		payloads = append(payloads, &wire.Notify{Protocol: wire.ProtoESP, SPI: spiOctets(x.old.in), Kind: wire.REKEY_SA})
	}
	payloads = append(payloads, &wire.SA{Proposals: propose.Offer(x.menus, x.ownSPI())}, &wire.Nonce{Data: x.nonces.I})
	if x.group() != ipsec.GroupNone {
		payloads = append(payloads, &wire.KE{Group: uint16(x.group()), Data: x.kes[0].public})
	}
	payloads = selectorsOffered(payloads, x)
	if x.child != nil {
		e.liveChild(x.child, childAsks)
	}
	return e.request(x, wire.CREATE_CHILD_SA, x.endNotifies(payloads, e))
}

func selectorsOffered(list []wire.Payload, x *exchange) []wire.Payload {
	if x.purpose == forIKERekey {
		return list
	}
	s := askedOf(x)
	x.transport = x.entry.cfg.asksTransport()
	return append(append(list, toWire(true, s[0]), toWire(false, s[1])), transportNotify(x.transport)...)
}

func (x *exchange) endNotifies(list []wire.Payload, e *Engine) []wire.Payload {
	if x.purpose == forIKERekey {
		return append(list, e.windowNotify())
	}
	return childNotifies(list, x.entry)
}

// ownSPI is what we put into the SA payload.
func (x *exchange) ownSPI() []byte {
	if x.purpose == forIKERekey {
		return binary.BigEndian.AppendUint64(nil, x.next.localSPI())
	}
	return spiOctets(x.child.in)
}

// checkChildNotify looks for an error; no: again with the peer's group.
func checkChildNotify(e *Engine, x *exchange) answer {
	if n := x.in.Notify(wire.INVALID_KE_PAYLOAD); n != nil {
		return retryWithGroup(e, x, n, x.menus)
	}
	n := errorNotify(x.in)
	if n == nil {
		return yes
	}
	return x.heard(n)
}

// verifyChildResponse wants a nonce, and a key exchange as we have begun it.
func verifyChildResponse(_ *Engine, x *exchange) answer {
	_, nonce := wire.Get[*wire.Nonce](x.in)
	ke, has := wire.Get[*wire.KE](x.in)
	switch {
	case !nonce:
		return x.failWith(ReasonInvalid, 0, CausePayloadMissing)
	case has == (x.group() == ipsec.GroupNone) || has && ipsec.Group(ke.Group) != x.group():
		return x.failWith(ReasonInvalid, 0, CauseGroup)
	}
	return yes
}

// acceptChildResponse checks the peer's choice and keeps its half.
func acceptChildResponse(e *Engine, x *exchange) answer {
	nonce, _ := wire.Get[*wire.Nonce](x.in)
	x.nonces.R = slices.Clone(nonce.Data)
	if ke, has := wire.Get[*wire.KE](x.in); has {
		x.kes[0].peer = slices.Clone(ke.Data)
	}
	accept := acceptChild
	if x.purpose == forIKERekey {
		accept = acceptNext
	}
	if a := accept(e, x); a != yes {
		return a
	}
	return readLink(e, x)
}

// acceptNext checks the peer's choice for the SA that replaces this one.
func acceptNext(e *Engine, x *exchange) answer {
	offered, ok := wire.Get[*wire.SA](x.in)
	if !ok {
		return x.failWith(ReasonInvalid, 0, CausePayloadMissing)
	}
	s, p, err := propose.Chosen(x.menus, offered.Proposals)
	if err != nil || s.Group != x.group() {
		return x.mismatched(err, 0)
	}
	if len(p.SPI) != 8 || binary.BigEndian.Uint64(p.SPI) == 0 {
		return x.failWith(ReasonInvalid, 0, CauseBadSPI)
	}
	tellChosen(&e.recording, x, &s, p)
	x.adopt(&s)
	x.next.suite, x.next.spiR = s, binary.BigEndian.Uint64(p.SPI)
	x.next.readWindow(x.in)
	return yes
}

func hasKE(_ *Engine, x *exchange) answer {
	if x.group() == ipsec.GroupNone {
		return no
	}
	return yes
}

// rekeyNonce draws a nonce of at least half the key of the SA's PRF, and of those
// that the next SA may have (RFC 7296 2.10).
func (e *Engine) rekeyNonce(x *exchange) []byte {
	n := max(20, x.sa.suite.PRF.KeyLen()/2)
	if x.next != nil {
		n = max(n, nonceLen(x.next.choice.proposals))
	}
	return e.octets(n)
}

// mayCreateChild finds out what the peer's request is for and refuses it while
// something that it would touch is changing (RFC 7296 2.25).
func mayCreateChild(e *Engine, x *exchange) answer {
	sa := x.sa
	e.peerUses(sa)
	if sa.state != saReady {
		return x.busy(CauseClosing)
	}
	x.purpose = forChild
	if offered, ok := wire.Get[*wire.SA](x.in); ok && len(offered.Proposals) > 0 && offered.Proposals[0].Protocol == wire.ProtoIKE {
		x.purpose = forIKERekey
		return mayRekeyIKE(e, x)
	}
	// "If a peer receives a request to create or rekey a Child SA when it is
	// currently rekeying the IKE SA, it SHOULD reply with TEMPORARY_FAILURE."
	// (RFC 7296 2.25.2)
	if sa.rekeys.state != noRekey {
		return x.busy(CauseBusy)
	}
	return mayMakeChild(e, x)
}

// mayRekeyIKE: "If a peer receives a request to rekey the IKE SA, and it is
// currently creating, rekeying, or closing a Child SA of that IKE SA, it SHOULD
// reply with TEMPORARY_FAILURE." (RFC 7296 2.25.1)
func mayRekeyIKE(e *Engine, x *exchange) answer {
	sa := x.sa
	if sa.any(func(y *exchange) bool { return y != x && y.touchesChildren() }) || sa.waits(forDeleteChild) {
		return x.busy(CauseBusy)
	}
	if a := refuseStrangeGroup(e, x); a != yes {
		return a
	}
	if !makesSA(x.in) {
		return x.failWith(ReasonInvalid, wire.INVALID_SYNTAX, CausePayloadMissing)
	}
	return x.begin(e, sa)
}

// begin notes that a rekey of the peer's is being served, unless another one
// of it is.
func (x *exchange) begin(e *Engine, d duelist) answer {
	if comesLate(x) || !e.clash(d, peerBegins) {
		return x.busy(CauseBusy)
	}
	x.begun = true
	return yes
}

// refuseStrangeGroup answers a KE payload of a group that no proposal of ours
// has before anything else is looked up for it.
func refuseStrangeGroup(e *Engine, x *exchange) answer {
	menus := x.sa.choice.menus
	ke, ok := wire.Get[*wire.KE](x.in)
	if !ok || propose.Offers(menus, ipsec.Group(ke.Group)) {
		return yes
	}
	offered, _ := wire.Get[*wire.SA](x.in)
	if s, _, err := propose.Choose(menus, offered.Proposals); err == nil {
		return e.refuseGroup(x, ipsec.Group(ke.Group), s.Group)
	}
	return yes
}

func (x *exchange) busy(c Cause) answer {
	return x.failWith(ReasonNoResources, wire.TEMPORARY_FAILURE, c)
}

// mayMakeChild resolves REKEY_SA: the SPI is the one that the peer receives on.
func mayMakeChild(e *Engine, x *exchange) answer {
	n := x.in.Notify(wire.REKEY_SA)
	if n == nil {
		return yes
	}
	if len(n.SPI) != 4 {
		return x.failWith(ReasonInvalid, wire.INVALID_SYNTAX, CauseBadSPI)
	}
	c := x.sa.childByOut(ipsec.SPI(be32(n.SPI)))
	switch {
	case c == nil && x.sa.any(func(y *exchange) bool { return y.initiator && y.child != nil }):
		return x.busy(CauseBusy) // it may be in an answer that is still on its way
	case c == nil:
		x.failWith(ReasonInvalid, wire.CHILD_SA_NOT_FOUND, CauseNotFound)
		x.fault.about = n
		return fail
	case c.state != childUp:
		return x.busy(CauseClosing)
	}
	x.old, x.entry, x.purpose = c, c.entry, forChildRekey
	return x.begin(e, c)
}

// acceptRekeyRequest chooses the suite of the new IKE SA.
func acceptRekeyRequest(e *Engine, x *exchange) answer {
	if !acceptOffer(e, x) {
		return fail
	}
	if len(x.answerTo.SPI) != 8 || binary.BigEndian.Uint64(x.answerTo.SPI) == 0 {
		return x.failWith(ReasonInvalid, wire.INVALID_SYNTAX, CauseBadSPI)
	}
	x.nonces.R = e.rekeyNonce(x)
	x.next.spiI = binary.BigEndian.Uint64(x.answerTo.SPI)
	x.next.setLocalSPI(e.newIKESPI())
	x.next.readWindow(x.in)
	return yes
}

// sendChildResponse answers any of the three requests. The pair is installed in
// the same call, before anything can come in on it; no: additional key exchanges come
// before that.
func sendChildResponse(e *Engine, x *exchange) answer {
	var payloads, rest []wire.Payload
	if x.purpose == forIKERekey {
		payloads = append(payloads, &wire.SA{Proposals: []wire.Proposal{x.suite.Answer(&x.answerTo, x.ownSPI())}})
	} else {
		answer := x.childAnswer(nil)
		payloads, rest = answer[:1:1], answer[1:]
	}
	payloads = append(payloads, &wire.Nonce{Data: x.nonces.R})
	if x.group() != ipsec.GroupNone {
		payloads = append(payloads, &wire.KE{Group: uint16(x.group()), Data: x.kes[0].public})
	}
	payloads = append(payloads, rest...)
	more := linkOn(e, x)
	e.respond(x, wire.CREATE_CHILD_SA, append(x.endNotifies(payloads, e), more...))
	if more != nil {
		return awaitFollowup(e, x)
	}
	return yes
}

// activateNewSA puts the new IKE SA to work beside the old one.
func activateNewSA(e *Engine, x *exchange) answer {
	old, sa := x.sa, x.next
	sa.authentication, sa.entry, sa.detection, sa.replaces = old.authentication, old.entry, old.detection, old
	sa.origin, sa.asked = old.origin, old.asked
	sa.facts = facts{peerDeleteReason: old.peerDeleteReason, wantedConfig: old.wantedConfig, redirects: old.redirects}
	sa.nonces = x.nonces
	sa.responses = window.NewResponses(0, uint32(sa.window))
	e.insert(sa)
	e.comeUp(sa)
	if x.initiator {
		old.own = sa
	} else {
		old.theirs = sa
	}
	return yes
}

// settleRekey decides which IKE SA lives on.
func settleRekey(e *Engine, x *exchange) answer {
	switch {
	case x.sa.state == saDead:
		e.closeSA(x.next, x.sa.reason)
	case x.initiator:
		outrun(e, x)
		e.clash(x.sa, ownMakes)
	default:
		e.clash(x.sa, peerMakes)
	}
	return yes
}

// childDone ends a CREATE_CHILD_SA, ours or the peer's: the pair that it has made
// finds its place among the others.
func childDone(e *Engine, x *exchange) answer {
	switch {
	case x.old == nil:
	case x.initiator:
		outrun(e, x)
		e.clash(x.old, ownMakes)
	default:
		e.clash(x.old, peerMakes)
	}
	e.settleTwins(x)
	e.deleteChildren(x.sa, x.supersedes, ReasonDuplicate)
	e.checkEntry(x)
	if x.initiator {
		x.sa.busySince, x.sa.forgotten = noTime, 0
		askRest(e, x)
	}
	return yes
}

// checkEntry deletes a pair that was made for an entry which has gone
// meanwhile.
func (e *Engine) checkEntry(x *exchange) {
	if c := x.child; c != nil && c.holds() && !e.protects(c.entry) {
		e.deleteChildren(c.sa, []*child{c}, ReasonConfigChanged)
	}
}
