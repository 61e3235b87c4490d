package ikev2

import (
	"slices"
	"time"

	"ikelab/ikev2/wire"
)

// The life of an IKE SA, as a table.

// saRow is one transition; do is what it comes with.
type saRow struct {
	from saState
	on   saInput
	to   saState
	do   func(*Engine, *ikeSA)
}

// saRows are the life of an IKE SA. What has no row changes nothing.
func saRows() []saRow {
	return []saRow{
		{saNegotiating, saComesUp, saReady, (*Engine).establish},
		{saNegotiating, saCloses, saDead, (*Engine).bury},
		{saNegotiating, saLost, saDead, (*Engine).bury},
		// The peer that answers IKE_AUTH holds an SA from then on: it is owed a
		// Delete, which has keys and a place only under an SA that is up.
		{saNegotiating, saClosesLate, saUnwanted, forsake},
		{saUnwanted, saComesUp, saReady, (*Engine).establish},
		{saUnwanted, saLost, saDead, (*Engine).bury},
		{saReady, saCloses, saDeleting, (*Engine).sendDeleteSA},
		{saReady, saClosesLate, saClosing, (*Engine).quit},
		{saReady, saHoldEnds, saDeleting, (*Engine).sendDeleteSA}, // a client that was redirected has not deleted it
		{saReady, saSucceeds, saRekeyed, (*Engine).retire},
		{saReady, saPeerDeletes, saDead, (*Engine).bury},
		{saReady, saLost, saDead, (*Engine).bury},
		{saClosing, saRekeyEnds, saDeleting, (*Engine).sendDeleteSA},
		{saClosing, saPeerDeletes, saDead, (*Engine).bury},
		{saClosing, saLost, saDead, (*Engine).bury},
		// "the initiator deletes the old IKE SA" (RFC 7296 2.8): when it does not, we
		// do; an SA never goes without a word.
		{saRekeyed, saHoldEnds, saDeleting, (*Engine).sendDeleteSA},
		{saRekeyed, saCloses, saDeleting, (*Engine).sendDeleteSA},
		{saRekeyed, saPeerDeletes, saDead, (*Engine).bury},
		{saRekeyed, saLost, saDead, (*Engine).bury},
		{saDeleting, saAnswered, saDead, (*Engine).bury},
		{saDeleting, saPeerDeletes, saDead, (*Engine).bury},
		{saDeleting, saLost, saDead, (*Engine).bury},
	}
}

// live is the runner of saRows: it moves an SA, says so, and does what the row
// says.
func (e *Engine) live(sa *ikeSA, on saInput) bool {
	r := e.lives.sa[sa.state][on]
	if r == nil {
		return false
	}
	if !e.unheard() {
		told := SALife{SA: sa.ref(), From: r.from.String(), On: on.String(), To: r.to.String(), Reason: sa.reason}
		told.Deleted = on == saAnswered || on == saPeerDeletes
		if on == saComesUp {
			told.CEID = sa.ceid
		}
		e.emit(told)
	}
	sa.state = r.to
	r.do(e, sa)
	e.touch(sa)
	return true
}

// rekeyMargin is how long before the end of its lifetime an SA is rekeyed: the
// other end would do it a little later, if the one that made it has not.
func rekeyMargin(lifetime time.Duration, made bool) time.Duration {
	if made {
		return min(60*time.Second, lifetime/2)
	}
	return min(48*time.Second, lifetime*2/5)
}

// comeUp numbers an SA that has been made.
func (e *Engine) comeUp(sa *ikeSA) {
	e.lastCE++
	sa.ceid = e.lastCE
	e.live(sa, saComesUp)
}

// establish opens an SA for requests and sets its lifetime.
func (e *Engine) establish(sa *ikeSA) {
	sa.established, sa.lastHeard = e.now, e.now
	if sa.origin.IsZero() {
		sa.origin = e.now
	}
	e.acquaint(sa)
	e.side(sa).Active++
	e.keepAlive(sa)
	sa.detection = &e.cfg.DPD
	if sa.profile.DPD.Interval > 0 {
		sa.detection = &sa.profile.DPD
	}
	e.scheduleDPD(sa)
	if sa.lifetime = sa.profile.Lifetime; sa.lifetime > 0 {
		sa.expireAt = e.now.Add(sa.lifetime)
		sa.rekeyAt = sa.expireAt.Add(-rekeyMargin(sa.lifetime, sa.initiator) + e.within(2*time.Second))
	}
}

// closeSA ends an IKE SA with a Delete to the peer; one that is not
// established, and that the peer does not believe to be, just goes. An SA that a rekey has made and that has not taken
// over yet goes with it (RFC 7296 2.25.2).
func (e *Engine) closeSA(sa *ikeSA, r Reason) {
	if sa.state != saNegotiating && sa.state != saReady && sa.state != saRekeyed {
		return
	}
	sa.reason = r
	made := sa.unsettled()
	on := saCloses
	if awaitsAuth(sa) || sa.any(func(x *exchange) bool { return x.initiator && x.purpose == forIKERekey && x.begunHere() }) {
		on = saClosesLate
	}
	if !e.live(sa, on) {
		e.live(sa, saCloses)
	}
	for _, next := range made {
		e.closeSA(next, r)
	}
}

// awaitsAuth says whether our IKE_AUTH request is on the wire.
func awaitsAuth(sa *ikeSA) bool {
	return sa.initiator && sa.main != nil && sa.main.state == IWaitAuth
}

// forsake leaves an SA to its exchange: nowReady deletes it.
func forsake(*Engine, *ikeSA) {}

// unsettled are the SAs that rekeys have made and that have not taken over.
func (l *lineage) unsettled() []*ikeSA {
	var list []*ikeSA
	for _, next := range []*ikeSA{l.own, l.theirs} {
		if next != nil && l.rekeys.state != settled {
			list = append(list, next)
		}
	}
	return list
}

// quit takes everything from an SA that is to go: its pairs, what waits, and
// the exchanges of both roles, which die with it.
func (e *Engine) quit(sa *ikeSA) {
	sa.rekeyAt, sa.expireAt, sa.dpdAt, sa.holdAt, sa.rivalAt, sa.keepaliveAt = noTime, noTime, noTime, noTime, noTime, noTime
	for _, x := range slices.Clone(sa.exchanges) {
		e.quitExchange(x)
	}
	sa.queue = slices.DeleteFunc(sa.queue, func(x *exchange) bool {
		e.lost(x, sa.reason)
		return x.purpose != forDeleteChild // the peer is told of a pair before the SA
	})
	on := childSAGoes
	if sa.reason == ReasonDuplicate || sa.reason == ReasonReauthenticated { // the peer may send on it until it is told
		on = childCloses
	}
	for _, c := range slices.Clone(sa.children) {
		e.endChild(c, on, sa.reason)
	}
	if sa.given != nil && len(sa.children) == 0 {
		withdraw(&e.recording, &e.database, sa.given)
	}
}

// quitExchange ends an exchange under an SA that is to go. A request that is
// on the wire keeps its place in the window until its answer has come; what
// the peer has asked is answered.
func (e *Engine) quitExchange(x *exchange) {
	switch {
	case x == x.sa.main || x.sent() || x.purpose == forIKERekey && x.replied:
	case !x.initiator && !x.answered():
		x.job = 0
		x.failWith(ReasonNoResources, wire.TEMPORARY_FAILURE, CauseClosing)
		e.run(x, EvFail)
	default:
		e.abandon(x)
		e.lost(x, x.sa.reason)
	}
}

// abandon forgets an exchange of ours that has not been sent, or one of the peer's that waits
// for what follows.
func (e *Engine) abandon(x *exchange) {
	notMade(e, x)
	x.sa.dropExchange(x)
	switch d := x.rekeyed(); {
	case d == nil:
	case x.initiator:
		e.clash(d, ownFails)
	case x.begun: // the peer was to go on with it
		e.clash(d, peerFails)
	}
}

// rekeyed is what an exchange rekeys; nil when it is for something else.
func (x *exchange) rekeyed() duelist {
	switch x.purpose {
	case forIKERekey:
		return x.sa
	case forChildRekey:
		return x.old
	}
	return nil
}

// sendDeleteSA asks the peer to forget an SA: its pairs first and then itself,
// as IOS does. "Deleting an IKE SA implicitly closes any remaining Child SAs"
// (RFC 7296 1.4.1), so it does not matter which of the two the peer sees first.
func (e *Engine) sendDeleteSA(sa *ikeSA) {
	e.emit(DeleteQueued{SA: sa.ref(), Reason: sa.reason})
	pairs := sa.untold()
	e.quit(sa)
	e.sendDeletes(sa, pairs, sa.reason)
	e.start(sa, &exchange{purpose: forDeleteIKE, reason: sa.reason}, EvDelete)
}

// untold are the pairs of an SA that the peer has not been asked to delete.
func (sa *ikeSA) untold() []*child {
	return slices.DeleteFunc(slices.Clone(sa.children), func(c *child) bool { return c.state == childDeleting })
}

// holdTime is how long the end that did not begin a rekey waits for the peer to
// delete what was replaced.
const holdTime = 30 * time.Second

// retire lets another SA take over: pairs and what waits go to it (RFC 7296 2.8).
func (e *Engine) retire(old *ikeSA) {
	sa := old.successor
	if old.given != nil { // what lost a collision takes its end here, too, and has nothing
		sa.given, old.given = old.given, nil
	}
	for _, c := range old.children {
		c.sa = sa
	}
	sa.children = append(sa.children, old.children...)
	old.children = nil
	for _, x := range old.queue {
		if x.touchesChildren() {
			x.sa = sa
			sa.queue = append(sa.queue, x)
		}
	}
	old.queue = nil
	old.rekeyAt, old.rivalAt, old.keepaliveAt, old.holdAt = noTime, noTime, noTime, e.now.Add(holdTime)
	e.touch(sa)
	e.pump(sa)
}

// bury takes an IKE SA and its pairs away.
func (e *Engine) bury(sa *ikeSA) {
	info := sa.info()
	if e.uncount(sa) {
		tell(&e.recording, e.admission.step(sa, Released, true))
	}
	for _, x := range slices.Concat(sa.exchanges, sa.queue) {
		// A rekey that the peer has answered goes on, to delete what it makes.
		if x.purpose != forIKERekey || !x.replied {
			x.job = 0
		}
		notMade(e, x)
		e.lost(x, sa.reason)
	}
	for _, c := range slices.Clone(sa.children) {
		e.endChild(c, childSAGoes, sa.reason)
	}
	wasUp := !sa.established.IsZero()
	if wasUp {
		e.side(sa).Active--
		e.emit(SADown{SA: sa.ref(), Info: info, Reason: sa.reason})
	} else if sa.initiator && sa.entry != nil {
		e.entryDown(sa.entry, sa.remote, sa.reason)
	}
	overtaken(e, sa)
	if sa.peer != nil {
		for _, f := range sa.peer.entries {
			homeward(&e.database, f, sa.reason)
		}
	}
	release(&e.recording, &e.database, sa)
	e.remove(sa)
	sa.exchanges, sa.queue, sa.main = nil, nil, nil
	for _, next := range sa.unsettled() {
		e.closeSA(next, sa.reason)
	}
}

// drop ends an SA without a word to the peer, which has said or shown that it
// is gone.
func (e *Engine) drop(sa *ikeSA, on saInput, r Reason) {
	if sa.reason == ReasonNone || sa.state <= saUnwanted {
		sa.reason = r
	}
	e.live(sa, on)
}

// rekeyIKE begins the rekey of an IKE SA.
func (e *Engine) rekeyIKE(sa *ikeSA) {
	sa.rekeyAt = noTime
	if !sa.usable() || sa.rekeys.state != noRekey || sa.waits(forIKERekey) {
		return
	}
	e.emit(Rekeying{SA: sa.ref()})
	e.start(sa, &exchange{purpose: forIKERekey}, EvInitCreateChild)
}

// waits says whether a request for a purpose is in the queue.
func (t *traffic) waits(p purpose) bool {
	return slices.ContainsFunc(t.queue, func(x *exchange) bool { return x.purpose == p })
}

// reauthenticate begins an IKE SA from scratch beside one whose lifetime ends.
// "Reauthentication is done by creating a new IKE SA from scratch (using
// IKE_SA_INIT/IKE_AUTH exchanges, without any REKEY_SA Notify payloads), creating
// new Child SAs within the new IKE SA (without REKEY_SA Notify payloads), and
// finally deleting the old IKE SA" (RFC 7296 2.8.3). A peer behind a NAT can only
// begin itself.
func reauthenticate(e *Engine, old *ikeSA) {
	old.rekeyAt = noTime
	if !old.usable() || old.rekeys.state != noRekey || old.peerBehind {
		return
	}
	e.emit(Rekeying{SA: old.ref(), Anew: true})
	if sa := e.initiate(old.children[0].entry, noPacket); sa != nil {
		sa.follows = old
	}
}

// followed is the SA that an SA is made to follow, or what has taken over from it
// meanwhile; nil: it has gone.
func (l *lineage) followed() *ikeSA {
	old := l.follows
	for old != nil && old.successor != nil {
		old = old.successor
	}
	if old == nil || old.state != saReady {
		return nil
	}
	return old
}

// askRest asks for the pairs that an SA still lacks. When it has all, the SA that it
// follows goes.
func askRest(e *Engine, x *exchange) {
	sa := x.sa
	if !sa.initiator || sa.state != saReady {
		return
	}
	old := sa.followed()
	var wanted []*entry
	if x.purpose == forInit && x.child == nil {
		wanted = append(wanted, x.entry)
	}
	if old != nil {
		for _, c := range old.children {
			wanted = append(wanted, c.entry)
		}
	}
	lacks := false
	for _, f := range wanted {
		if e.protects(f) && len(f.livesUnder(sa)) == 0 {
			lacks = true
			if !sa.wants(f) {
				e.start(sa, &exchange{purpose: forChild, making: making{entry: f}}, EvInitCreateChild)
			}
		}
	}
	if old != nil && !lacks {
		sa.follows = nil
		e.closeSA(old, ReasonReauthenticated)
	}
}

// overtaken has an SA that could not be followed try again, while it lasts.
func overtaken(e *Engine, sa *ikeSA) {
	if old := sa.followed(); old != nil && !slices.ContainsFunc(old.peer.sas, func(o *ikeSA) bool { return o != sa && o.follows == old }) {
		old.rekeyAt = e.soon()
		e.touch(old)
	}
}
