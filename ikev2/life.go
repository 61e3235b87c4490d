package ikev2

import (
	"bytes"
	"net/netip"
	"slices"
	"time"
)

// The life of an IKE SA: admission, establishment, rekey, expiry, end.

func (e *Engine) newSA(local, remote netip.AddrPort, initiator bool) *ikeSA {
	sa := &ikeSA{initiator: initiator, local: local, remote: remote, created: e.now, peerWindow: 1, window: e.cfg.window()}
	return sa
}

// admit says whether one more negotiation may begin that the peer asks for.
func (e *Engine) admit() bool {
	return e.stats.Incoming.Negotiating < e.cfg.maxNegotiating() &&
		(e.cfg.MaxSA == 0 || len(e.sas) < e.cfg.MaxSA)
}

func (e *Engine) side(sa *ikeSA) *Count {
	if sa.initiator {
		return &e.stats.Outgoing
	}
	return &e.stats.Incoming
}

// count notes that an SA is being negotiated.
func (e *Engine) count(sa *ikeSA, what Fact) {
	sa.counted = true
	e.side(sa).Negotiating++
	e.noteFree(Note{What: what})
}

// uncount takes an SA off the negotiating ones.
func (e *Engine) uncount(sa *ikeSA) {
	if sa.counted {
		sa.counted = false
		e.side(sa).Negotiating--
		e.noteFree(Note{What: sideFact(sa.initiator, DecrementOutgoing, DecrementIncoming)})
	}
}

func sideFact(initiator bool, i, r Fact) Fact {
	if initiator {
		return i
	}
	return r
}

// countActive moves an SA from the negotiating to the active ones. IOS counts
// a rekeyed SA too, although it never was among the negotiating.
func countActive(e *Engine, x *exchange) answer {
	e.noteFree(Note{What: RequestActivated})
	if x.next != nil {
		e.noteFree(Note{What: sideFact(x.initiator, DecrementOutgoingFail, DecrementIncomingFail)})
		return yes
	}
	e.uncount(x.sa)
	return yes
}

func insertIKE(e *Engine, x *exchange) answer {
	sa := x.sa
	sa.session = e.sessionWith(sa)
	sa.nextRecv = max(sa.nextRecv, flag(!sa.initiator)*2)
	e.establish(sa)
	e.storeMIB()
	e.emit(SAUp{SA: sa.ref(), Info: sa.info()})
	return yes
}

// sessionWith is the number of the session with a peer: that of the SAs that are up,
// or the next.
func (e *Engine) sessionWith(sa *ikeSA) int {
	for _, other := range sa.peer.sas {
		if other != sa && other.session != 0 {
			return other.session
		}
	}
	e.stats.Sessions++
	return e.stats.Sessions
}

func (e *Engine) storeMIB() {
	e.lastMIB++
	e.noteFree(Note{What: StoreMIB, A: uint32(e.lastMIB), B: uint32(e.lastMIB + 59)})
}

// establish opens an SA for requests and sets its lifetime. The initiator
// rekeys half of the lifetime, at most a minute, before the end; the responder
// would do it a little later, if the initiator has not.
func (e *Engine) establish(sa *ikeSA) {
	sa.ready, sa.established, sa.lastHeard = true, e.now, e.now
	e.side(sa).Active++
	e.lastCE++
	sa.ceid = e.lastCE
	sa.dpd = e.cfg.DPD
	if sa.profile.DPD.Interval > 0 {
		sa.dpd = sa.profile.DPD
	}
	e.scheduleDPD(sa)
	sa.lifetime = sa.profile.Lifetime
	if sa.lifetime > 0 {
		margin := min(60*time.Second, sa.lifetime/2)
		if !sa.initiator {
			margin = min(48*time.Second, sa.lifetime*2/5)
		}
		sa.expireAt = e.now.Add(sa.lifetime)
		sa.rekeyAt = sa.expireAt.Add(-margin + e.within(2*time.Second))
	}
	e.touch(sa)
}

func accounting(e *Engine, x *exchange) answer {
	if x.initiator {
		e.note(x.sa, AccountingNotRequired)
	}
	return yes
}

// checkDupe looks for an SA that the other end began: the one with the lowest
// nonce goes, deleted by its creator, as for rekeys (RFC 7296 2.8). An end that
// had no other SA has said so by INITIAL_CONTACT, so both ends hold both, however
// much later one of them came up. The other end's deadline stands in for a lost
// Delete.
func checkDupe(e *Engine, x *exchange) answer {
	sa := x.sa
	for _, other := range sa.peer.sas {
		if other == sa || !other.ready || other.deleting || other.rekeyed != nil ||
			other.initiator == sa.initiator || other.entry != sa.entry || sa.entry == nil {
			continue
		}
		e.note(sa, DuplicateFound)
		loser := sa
		if bytes.Compare(other.lowestNonce(), sa.lowestNonce()) < 0 {
			loser = other
		}
		if loser.initiator {
			e.later(loser, ReasonDuplicate)
		} else {
			loser.deleteAt = e.now.Add(deleteTimer)
			e.touch(loser)
		}
		return yes
	}
	e.note(sa, DuplicateNone)
	return yes
}

func (sa *ikeSA) lowestNonce() []byte {
	if bytes.Compare(sa.nonceI, sa.nonceR) < 0 {
		return sa.nonceI
	}
	return sa.nonceR
}

// later deletes an SA as soon as its first exchange has ended.
func (e *Engine) later(sa *ikeSA, r Reason) {
	if sa.main != nil {
		sa.endWith = r
		return
	}
	e.deleteSA(sa, r)
}

// nowReady ends the initial exchanges. An SA whose child was refused has
// nothing to do: its initiator deletes it.
func nowReady(e *Engine, x *exchange) answer {
	sa := x.sa
	sa.main = nil
	sa.dropExchange(x)
	if x.childFault != nil && sa.initiator {
		e.entryDown(x.entry, sa.remote, x.childFault.reason)
		sa.endWith = x.childFault.reason
	}
	if sa.endWith != ReasonNone {
		e.deleteSA(sa, sa.endWith)
	}
	return yes
}

func (e *Engine) entryDown(f *entry, peer netip.AddrPort, r Reason) {
	e.emit(EntryDown{Entry: f.cfg.Entry, Peer: peer, Reason: r})
}

// rekeyIKE begins the rekey of an IKE SA.
func (e *Engine) rekeyIKE(sa *ikeSA) {
	sa.rekeyAt = noTime
	if !sa.usable() || sa.own(func(x *exchange) bool { return x.purpose == forIKERekey }) != nil {
		return
	}
	e.note(sa, RekeyStarted)
	e.start(sa, &exchange{purpose: forIKERekey}, EvInitCreateChild)
}

// rekeyChild begins the rekey of a pair.
func (e *Engine) rekeyChild(c *child) {
	c.rekeyAt = noTime
	if c.rekeying != nil || c.deleting || c.replaced || c.redundant || !c.sa.usable() {
		return
	}
	e.noteFree(Note{SA: c.sa.ref(), What: ChildRekeyStarted, B: uint32(c.in)})
	c.rekeying = &exchange{purpose: forChildRekey, old: c, entry: c.entry}
	e.start(c.sa, c.rekeying, EvInitCreateChild)
}

// deleteSA ends an IKE SA with a Delete to the peer; one that is not
// established just goes.
func (e *Engine) deleteSA(sa *ikeSA, r Reason) {
	switch {
	case sa.dead || sa.deleting:
		return
	case !sa.ready:
		e.drop(sa, r)
		return
	}
	if next := sa.pendingSuccessor(); next != nil {
		e.deleteSA(next, r)
	}
	e.noteFree(Note{SA: sa.ref(), What: QueuingDelete, Name: r.text()})
	sa.deleting, sa.reason = true, r
	sa.rekeyAt, sa.expireAt, sa.dpdAt = noTime, noTime, noTime
	for _, c := range slices.Clone(sa.children) {
		e.removeChild(c, r)
	}
	for _, x := range sa.queue {
		x.abandon()
		e.lost(x, r)
	}
	sa.queue = nil
	e.start(sa, &exchange{purpose: forDeleteIKE, reason: r}, EvDelete)
}

// deleteChildren ends pairs with a Delete to the peer; they carry traffic that
// is under way until the peer has answered.
func (e *Engine) deleteChildren(sa *ikeSA, list []*child, r Reason) {
	var doomed []*child
	for _, c := range list {
		if !c.deleting {
			c.deleting, c.rekeyAt = true, noTime
			doomed = append(doomed, c)
		}
	}
	if len(doomed) > 0 && !sa.deleting {
		e.start(sa, &exchange{purpose: forDeleteChild, doomed: doomed, reason: r}, EvDelete)
	}
}

// drop takes an IKE SA and its children away without a word to the peer.
func (e *Engine) drop(sa *ikeSA, r Reason) {
	if sa.dead {
		return
	}
	info := sa.info()
	sa.dead = true
	if sa.deleting {
		r = sa.reason
	}
	e.uncount(sa)
	for _, x := range slices.Concat(sa.exchanges, sa.queue) {
		e.lost(x, r)
	}
	for _, c := range slices.Clone(sa.children) {
		e.removeChild(c, r)
	}
	e.remove(sa)
	if sa.ready {
		e.side(sa).Active--
		e.emit(SADown{SA: sa.ref(), Info: info, Reason: r})
	} else if sa.initiator && sa.entry != nil {
		e.entryDown(sa.entry, sa.remote, r)
	}
	sa.exchanges, sa.queue, sa.main = nil, nil, nil
	e.touch(sa)
}

// tick does what has become due for one SA.
func (e *Engine) tick(sa *ikeSA) {
	for _, x := range slices.Clone(sa.exchanges) {
		e.tickExchange(x)
	}
	for _, c := range slices.Clone(sa.children) {
		switch {
		case c.sa != sa || !e.holds(c):
		case isDue(c.expireAt, e.now):
			e.expireChild(c)
		case isDue(c.rekeyAt, e.now):
			e.rekeyChild(c)
		}
	}
	switch {
	case sa.dead:
	case isDue(sa.deleteAt, e.now):
		sa.deleteAt = noTime
		if e.superseded(sa) {
			e.drop(sa, ReasonRekeyed)
		}
	case isDue(sa.expireAt, e.now):
		e.deleteSA(sa, ReasonExpired)
	case isDue(sa.rekeyAt, e.now):
		e.rekeyIKE(sa)
	}
	if !sa.dead && isDue(sa.dpdAt, e.now) {
		e.probe(sa)
	}
}

// superseded says whether an SA that the peer was to delete can go without its
// Delete: it has nothing, or another SA carries its entry.
func (e *Engine) superseded(sa *ikeSA) bool {
	return len(sa.children) == 0 || slices.ContainsFunc(sa.peer.sas, func(other *ikeSA) bool {
		return other != sa && other.ready && !other.deleting && other.entry == sa.entry && len(other.children) > 0
	})
}

func (e *Engine) expireChild(c *child) {
	c.expireAt = noTime
	sa := c.sa
	e.deleteChildren(sa, []*child{c}, ReasonExpired)
	if e.holds(c) {
		e.removeChild(c, ReasonExpired)
	}
}

func (e *Engine) tickExchange(x *exchange) {
	switch {
	case x.sa.dead:
	case x.init != nil && isDue(x.init.timeoutAt, e.now):
		x.init.timeoutAt = noTime
		e.run(x, EvTimeout)
	case !isDue(x.retransmitAt, e.now):
	case x.retransmits < len(retransmitWaits)-1:
		e.run(x, EvReXmt)
	default:
		x.retransmitAt = noTime
		e.run(x, EvReXmtExceed)
	}
}

func retransmit(e *Engine, x *exchange) answer {
	x.retransmits++
	x.retransmitAt = e.now.Add(x.patience(x.retransmits))
	e.noteFree(Note{SA: x.sa.ref(), What: Retransmitting, A: x.messageID})
	e.send(x.sa, x.request)
	return yes
}

func retransmitExceeded(e *Engine, x *exchange) answer {
	e.note(x.sa, MaxRetransmissions)
	x.fault = &fault{reason: ReasonTimeout, text: "the peer does not answer"}
	return yes
}

func authTimeout(e *Engine, x *exchange) answer {
	e.note(x.sa, AuthTimerExpired)
	x.fault = &fault{reason: ReasonTimeout, text: "IKE_AUTH did not come in time"}
	return yes
}
