package ikev2

import (
	"bytes"
	"encoding/binary"
	"slices"
	"time"

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

// newIKESPI draws our SPI of the SA to come.
func newIKESPI(e *Engine, x *exchange) answer {
	x.next = e.newSA(x.sa.local, x.sa.remote, x.initiator)
	x.next.setLocalSPI(e.newIKESPI())
	return yes
}

// rekeyPolicy reads the policy again. As responder IOS looks the keys up too,
// which tells whether the peer is still configured.
func rekeyPolicy(e *Engine, x *exchange) answer {
	sa := x.sa
	p := e.profile(sa.profile.Name)
	if p == nil {
		e.note(sa, NoProfile)
		return x.failWith(ReasonNoProfile, wire.NO_PROPOSAL_CHOSEN, "profile "+sa.profile.Name+" is gone")
	}
	if !x.initiator {
		local, _ := e.keys(p, sa.remote.Addr(), &sa.remoteID)
		_, peer := e.keys(p, sa.remote.Addr(), &sa.remoteID)
		if local == nil || peer == nil {
			return x.failWith(ReasonNoKey, wire.NO_PROPOSAL_CHOSEN, "no pre-shared key for the peer")
		}
		x.next = e.newSA(sa.local, sa.remote, false)
	}
	x.next.profile, x.next.proposals = p, e.policyFor(sa.local.Addr())
	e.noteFree(Note{SA: sa.ref(), What: UsingProfile, Name: p.Name})
	x.menus = ikeMenus(x.next.proposals)
	if len(x.menus) == 0 {
		return x.failWith(ReasonNoPolicy, wire.NO_PROPOSAL_CHOSEN, "no complete proposal")
	}
	if x.initiator && x.group == ipsec.GroupNone {
		x.group = x.menus[0].group[0]
	}
	return yes
}

// newChildSPI draws our SPI of the child to come.
func newChildSPI(e *Engine, x *exchange) answer {
	x.child = e.newChild(x.sa, x.entry, true)
	x.menus = espMenus(&x.entry.cfg, false)
	return yes
}

func wantsPFS(_ *Engine, x *exchange) answer {
	x.group = x.entry.cfg.PFS
	if x.group == ipsec.GroupNone {
		return no
	}
	return yes
}

// sendChildRequest sends any of the three requests.
func sendChildRequest(e *Engine, x *exchange) answer {
	if x.nonceI == nil {
		x.nonceI = e.rekeyNonce(x.sa)
	}
	var payloads []wire.Payload
	if x.old != nil {
		payloads = append(payloads, &wire.Notify{Protocol: wire.ProtoESP, SPI: spiOctets(x.old.in), Kind: wire.REKEY_SA})
	}
	payloads = append(payloads, &wire.SA{Proposals: offer(x.menus, x.ownSPI())}, &wire.Nonce{Data: x.nonceI})
	if x.group != ipsec.GroupNone {
		payloads = append(payloads, &wire.KE{Group: uint16(x.group), Data: x.public})
	}
	payloads = append(payloads, x.selectorsOffered()...)
	return e.request(x, wire.CREATE_CHILD_SA, append(payloads, x.endNotifies(e)...))
}

func (x *exchange) selectorsOffered() []wire.Payload {
	if x.purpose == forIKERekey {
		return nil
	}
	s := x.entry.cfg.Selectors
	return []wire.Payload{toWire(true, s[0]), toWire(false, s[1])}
}

func (x *exchange) endNotifies(e *Engine) []wire.Payload {
	if x.purpose == forIKERekey {
		return []wire.Payload{e.windowNotify()}
	}
	return childNotifies()
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
	e.noteErrorNotify(x.sa, n)
	x.failWith(reasonOf(n.Kind), 0, "peer answered CREATE_CHILD_SA with "+n.Kind.String())
	x.fault.peer = n.Kind
	return fail
}

// acceptChildResponse checks the peer's choice and keeps its half.
func acceptChildResponse(e *Engine, x *exchange) answer {
	nonce, ok := wire.Get[*wire.Nonce](x.in)
	if !ok {
		return x.failWith(ReasonInvalid, 0, "response without a nonce")
	}
	x.nonceR = slices.Clone(nonce.Data)
	if ke, has := wire.Get[*wire.KE](x.in); has == (x.group == ipsec.GroupNone) || has && ipsec.Group(ke.Group) != x.group {
		return x.failWith(ReasonInvalid, 0, "response with another group")
	} else if has {
		x.peerPublic = slices.Clone(ke.Data)
	}
	if x.purpose != forIKERekey {
		return acceptChild(e, x)
	}
	offered, ok := wire.Get[*wire.SA](x.in)
	if !ok {
		return x.failWith(ReasonInvalid, 0, "response without SA")
	}
	s, p, ok := chosen(x.menus, offered.Proposals)
	if !ok || s.group != x.group || len(p.SPI) != 8 || binary.BigEndian.Uint64(p.SPI) == 0 {
		return x.failWith(ReasonNoProposal, 0, "peer chose what we did not offer")
	}
	x.next.suite, x.next.spiR = s, binary.BigEndian.Uint64(p.SPI)
	x.next.readWindow(x.in)
	return yes
}

func hasKE(_ *Engine, x *exchange) answer {
	if x.group == ipsec.GroupNone {
		return no
	}
	return yes
}

// rekeyNonce draws a nonce of at least half the key of the SA's PRF
// (RFC 7296 2.10).
func (e *Engine) rekeyNonce(sa *ikeSA) []byte { return e.octets(max(20, sa.suite.prf.KeyLen()/2)) }

// mayCreateChild finds out what the peer's request is for and refuses it while
// something that it would touch is changing (RFC 7296 2.25).
func mayCreateChild(e *Engine, x *exchange) answer {
	sa := x.sa
	if sa.deleting || sa.rekeyed != nil {
		return x.busy(e, "IKE SA is going away")
	}
	x.purpose = forChild
	if offered, ok := wire.Get[*wire.SA](x.in); ok && len(offered.Proposals) > 0 && offered.Proposals[0].Protocol == wire.ProtoIKE {
		x.purpose = forIKERekey
	}
	own := sa.own((*exchange).createsChild)
	if x.purpose == forIKERekey {
		if own != nil && own.purpose != forIKERekey || sa.peerRekeys(x) {
			return x.busy(e, "a child SA is being made")
		}
		return refuseStrangeGroup(e, x)
	}
	if own != nil && own.purpose == forIKERekey {
		return x.busy(e, "the IKE SA is being rekeyed")
	}
	return mayMakeChild(e, x)
}

// refuseStrangeGroup answers a KE payload of a group that no proposal of ours
// has before anything else is looked up for it.
func refuseStrangeGroup(e *Engine, x *exchange) answer {
	menus := ikeMenus(x.sa.proposals)
	ke, ok := wire.Get[*wire.KE](x.in)
	if !ok || offersGroup(menus, ipsec.Group(ke.Group)) {
		return yes
	}
	offered, _ := wire.Get[*wire.SA](x.in)
	if s, _, ok := choose(menus, offered.Proposals); ok {
		e.refuseGroup(x, ipsec.Group(ke.Group), s.group)
		return fail
	}
	return yes
}

// peerRekeys says whether another request of the peer is rekeying the IKE SA.
func (sa *ikeSA) peerRekeys(not *exchange) bool {
	return slices.ContainsFunc(sa.exchanges, func(y *exchange) bool {
		return y != not && !y.initiator && y.purpose == forIKERekey
	})
}

func (x *exchange) busy(e *Engine, why string) answer {
	e.note(x.sa, TemporaryFailure)
	return x.failWith(ReasonNoResources, wire.TEMPORARY_FAILURE, why)
}

// mayMakeChild resolves REKEY_SA: the SPI is the one that the peer receives on.
func mayMakeChild(e *Engine, x *exchange) answer {
	x.entry = x.sa.entry
	n := x.in.Notify(wire.REKEY_SA)
	if n == nil {
		return yes
	}
	if len(n.SPI) != 4 {
		return x.failWith(ReasonInvalid, wire.INVALID_SYNTAX, "REKEY_SA without an SPI")
	}
	c := x.sa.childByOut(ipsec.SPI(be32(n.SPI)))
	switch {
	case c == nil || c.redundant:
		x.failWith(ReasonInvalid, wire.CHILD_SA_NOT_FOUND, "REKEY_SA for a child that we do not have")
		x.fault.about = n
		return fail
	case c.deleting || c.replaced:
		return x.busy(e, "the child SA is going away")
	}
	x.old, x.entry, x.purpose = c, c.entry, forChildRekey
	c.rekeyAt = noTime
	return yes
}

// acceptRekeyRequest chooses the suite of the new IKE SA.
func acceptRekeyRequest(e *Engine, x *exchange) answer {
	if !acceptOffer(e, x, x.in, x.menus) {
		return fail
	}
	if len(x.answerTo.SPI) != 8 || binary.BigEndian.Uint64(x.answerTo.SPI) == 0 {
		return x.failWith(ReasonInvalid, wire.INVALID_SYNTAX, "rekey without an SPI")
	}
	x.nonceR = e.rekeyNonce(x.sa)
	x.next.suite, x.next.spiI = x.chosen, binary.BigEndian.Uint64(x.answerTo.SPI)
	x.next.setLocalSPI(e.newIKESPI())
	x.next.readWindow(x.in)
	return yes
}

// sendChildResponse answers any of the three requests.
func sendChildResponse(e *Engine, x *exchange) answer {
	var payloads, rest []wire.Payload
	if x.purpose == forIKERekey {
		payloads = append(payloads, &wire.SA{Proposals: []wire.Proposal{x.chosen.answerTo(&x.answerTo, x.ownSPI())}})
	} else {
		answer := x.childAnswer()
		payloads, rest = answer[:1:1], answer[1:]
	}
	payloads = append(payloads, &wire.Nonce{Data: x.nonceR})
	if x.group != ipsec.GroupNone {
		payloads = append(payloads, &wire.KE{Group: uint16(x.group), Data: x.public})
	}
	payloads = append(payloads, rest...)
	e.respond(x, wire.CREATE_CHILD_SA, append(payloads, x.endNotifies(e)...))
	return yes
}

// activateNewSA puts the new IKE SA to work beside the old one.
func activateNewSA(e *Engine, x *exchange) answer {
	old, sa := x.sa, x.next
	sa.localID, sa.remoteID, sa.localKey, sa.peerKey = old.localID, old.remoteID, old.localKey, old.peerKey
	sa.entry, sa.dpd, sa.peerDeleteReason, sa.nat = old.entry, old.dpd, old.peerDeleteReason, old.nat
	sa.wantedConfig, sa.session = old.wantedConfig, old.session
	sa.nonceI, sa.nonceR = x.nonceI, x.nonceR
	if sa.peerWindow == 0 {
		sa.peerWindow = old.peerWindow
	}
	e.insert(sa)
	e.establish(sa)
	e.storeMIB()
	return yes
}

// settleRekey decides which IKE SA lives on. When both sides rekeyed at once,
// the SA made with the lowest of the four nonces goes, and whoever made it
// deletes it (RFC 7296 2.8.1, 2.25.2). The two exchanges may end in any order;
// the one that ends last settles.
func settleRekey(e *Engine, x *exchange) answer {
	sa := x.sa
	if x.initiator {
		sa.ownRekey = x
	} else {
		sa.peerRekey = x
	}
	own, peer := sa.ownRekey, sa.peerRekey
	switch {
	case own == nil && sa.own((*exchange).rekeysAndSent) != nil: // ours is under way
	case own == nil:
		e.abandonOwn(sa)
		e.inherit(sa, peer.next)
	case sa.peerRekeys(x): // the peer's is under way
	case peer == nil || peer.next.dead:
		e.inherit(sa, own.next)
		e.deleteSA(sa, ReasonRekeyed)
	default:
		e.settleCollision(sa, own, peer)
	}
	return yes
}

func (e *Engine) settleCollision(sa *ikeSA, own, peer *exchange) {
	e.note(sa, DuplicateFound)
	if bytes.Compare(own.lowestNonce(), peer.lowestNonce()) < 0 {
		e.inherit(sa, peer.next)
		e.deleteSA(own.next, ReasonDuplicate)
		sa.deleteAt = e.now.Add(deleteTimer)
		return
	}
	peer.next.deleteAt = e.now.Add(deleteTimer)
	e.touch(peer.next)
	e.inherit(sa, own.next)
	e.deleteSA(sa, ReasonRekeyed)
}

// rekeysAndSent says whether an IKE rekey of ours is on the wire: one that is
// not yet gives way to the peer's.
func (x *exchange) rekeysAndSent() bool { return x.purpose == forIKERekey && x.nonceI != nil }

func (e *Engine) abandonOwn(sa *ikeSA) {
	if own := sa.own(func(x *exchange) bool { return x.purpose == forIKERekey }); own != nil {
		own.abandon()
	}
}

func (x *exchange) lowestNonce() []byte {
	if bytes.Compare(x.nonceI, x.nonceR) < 0 {
		return x.nonceI
	}
	return x.nonceR
}

// pendingSuccessor is the SA of a rekey of the peer's that waits for ours to
// be settled; nil without.
func (sa *ikeSA) pendingSuccessor() *ikeSA {
	if sa.rekeyed != nil || sa.peerRekey == nil || sa.peerRekey.next.dead {
		return nil
	}
	return sa.peerRekey.next
}

// inherit moves the children to the SA that replaces this one (RFC 7296 2.8).
func (e *Engine) inherit(old, sa *ikeSA) {
	for _, c := range old.children {
		c.sa = sa
	}
	sa.children = append(sa.children, old.children...)
	old.children = nil
	for _, x := range old.queue {
		x.abandon()
		if x.purpose == forChild {
			e.start(sa, &exchange{purpose: forChild, entry: x.entry}, EvInitCreateChild)
		}
	}
	old.queue = nil
	old.rekeyed, old.rekeyAt = sa, noTime
	e.emit(SAUp{SA: sa.ref(), Info: sa.info(), Rekeys: old.spiI})
	e.touch(old)
	e.touch(sa)
}

// deleteTimer is how long the side that did not begin a rekey waits for the
// peer to delete what was replaced.
const deleteTimer = 30 * time.Second

// startDeleteTimer waits for the peer's Delete of the SA it rekeyed.
func startDeleteTimer(e *Engine, x *exchange) answer {
	e.note(x.sa, ActionNull)
	if x.sa.rekeyed != nil {
		x.sa.deleteAt = e.now.Add(deleteTimer)
	}
	if x.old != nil {
		x.old.peerRekey, x.old.rekeyAt = x.child, noTime
		e.settleChild(x.old, x)
	}
	e.settleTwins(x)
	return yes
}

// childDone ends our CREATE_CHILD_SA.
func childDone(e *Engine, x *exchange) answer {
	if x.old != nil {
		x.old.ownRekey, x.old.rekeying = x.child, nil
		e.settleChild(x.old, x)
	}
	e.settleTwins(x)
	return yes
}

// settleTwins ends with one pair when both ends made a new one for a entry that
// had none: as for rekeys, the one with the lowest nonce goes. Only its creator
// acts, so a pair that just one end still holds is nobody's reason to lose
// another.
func (e *Engine) settleTwins(x *exchange) {
	c := x.child
	if x.purpose != forChild || c == nil || !e.holds(c) {
		return
	}
	for _, other := range x.sa.children {
		if other == c || other.entry != c.entry || other.initiator == c.initiator || other.deleting || other.replaced || other.redundant {
			continue
		}
		loser := c
		if bytes.Compare(other.minNonce, c.minNonce) < 0 {
			loser = other
		}
		if loser.initiator {
			e.deleteChildren(x.sa, []*child{loser}, ReasonDuplicate)
		}
		return
	}
}

// settleChild decides what becomes of a pair that was rekeyed: it goes, or,
// when both sides rekeyed it at once, the successor with the lowest nonce goes
// too (RFC 7296 2.8.1). Of two exchanges the one that ends last settles.
func (e *Engine) settleChild(c *child, ending *exchange) {
	own, peer := c.ownRekey, c.peerRekey
	c.rekeyAt = noTime
	switch {
	case own == nil && c.rekeying != nil || own != nil && c.sa.peerRekeysChild(c, ending):
		return // the other exchange is under way
	case own != nil && peer != nil && e.holds(own) && e.holds(peer):
		if bytes.Compare(own.minNonce, peer.minNonce) < 0 {
			own.redundant, own.rekeyAt = true, noTime
			e.deleteChildren(own.sa, []*child{own}, ReasonDuplicate)
			break
		}
		peer.redundant, peer.rekeyAt = true, noTime
		e.deleteChildren(c.sa, []*child{c}, ReasonRekeyed)
	case own != nil:
		e.deleteChildren(c.sa, []*child{c}, ReasonRekeyed)
	}
	c.replaced = true
}

// holds says whether a pair is still installed.
func (e *Engine) holds(c *child) bool { return e.children[c.in] == c }

func (sa *ikeSA) peerRekeysChild(c *child, not *exchange) bool {
	return slices.ContainsFunc(sa.exchanges, func(x *exchange) bool { return x != not && !x.initiator && x.old == c })
}

// createsChild says whether an exchange is a CREATE_CHILD_SA.
func (x *exchange) createsChild() bool {
	return x.purpose == forChild || x.purpose == forChildRekey || x.purpose == forIKERekey
}
