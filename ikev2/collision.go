package ikev2

import (
	"bytes"
	"slices"
	"time"
)

// Collisions (RFC 7296 2.8, 2.25): both ends rekey the same SA, make a pair for
// the same entry, or make an IKE SA with each other, at once.

// duelist is an IKE SA or a pair that can be rekeyed.
type duelist interface {
	rekeysOf() *duel
	name() (Ref, uint32)
	keepOwn(*Engine)    // ours takes over, the old one is ours to delete
	keepTheirs(*Engine) // the peer's takes over, the peer deletes the old one
	keepHigher(*Engine) // the one with the lowest of the four nonces goes
	retry(*Engine)      // ours has failed and nothing else is under way
	tooLate(*Engine)    // ours was made when the other had taken over
}

type duelRow struct {
	from duelState
	on   duelInput
	to   duelState
	do   func(duelist, *Engine) // nil: nothing
}

// duelRows are the rules of RFC 7296 2.8.1, 2.8.2, 2.25.1 and 2.25.2. A rekey
// that has no row may not begin: the peer is told TEMPORARY_FAILURE.
func duelRows() []duelRow {
	return []duelRow{
		{noRekey, ownBegins, ownRuns, nil},
		{noRekey, peerBegins, peerRuns, nil},
		{ownRuns, peerBegins, bothRun, nil},
		{ownRuns, ownMakes, settled, duelist.keepOwn},
		{ownRuns, ownFails, noRekey, duelist.retry},
		{peerRuns, peerMakes, settled, duelist.keepTheirs},
		{peerRuns, peerFails, noRekey, nil},
		{bothRun, ownMakes, ownWaits, nil},
		{bothRun, peerMakes, peerWaits, nil},
		{bothRun, ownFails, peerRuns, nil},
		{bothRun, peerFails, ownRuns, nil},
		{bothRun, ownStops, peerAlone, nil},
		{peerAlone, peerMakes, settled, duelist.keepTheirs},
		{peerAlone, peerFails, noRekey, duelist.retry},
		// "the SA created with the lowest of the four nonces used in the two
		// exchanges SHOULD be closed by the endpoint that created it" (2.8.1)
		{ownWaits, peerMakes, settled, duelist.keepHigher},
		{ownWaits, peerFails, settled, duelist.keepOwn},
		{ownWaits, peerUses, settled, duelist.keepOwn},
		{peerWaits, ownMakes, settled, duelist.keepHigher},
		{peerWaits, ownFails, settled, duelist.keepTheirs},
		{peerWaits, ownStops, settled, duelist.keepTheirs},
		{peerWaits, peerUses, settled, duelist.keepTheirs},
		{settled, ownMakes, settled, duelist.tooLate},
		{settled, ownFails, settled, nil},
		{settled, ownStops, settled, nil},
	}
}

// clash is the runner of duelRows.
func (e *Engine) clash(d duelist, on duelInput) bool {
	state := d.rekeysOf()
	r := e.lives.duel[state.state][on]
	if r == nil {
		return false
	}
	sa, in := d.name()
	tell(&e.recording, Collision{SA: sa, In: in, From: r.from.String(), On: on.String(), To: r.to.String()})
	state.state = r.to
	if r.do != nil {
		r.do(d, e)
	}
	return true
}

// soon is when to try again what failed for a passing reason.
func (e *Engine) soon() time.Time { return e.now.Add(2*time.Second + e.within(2*time.Second)) }

// Rekeys of an IKE SA.

func (l *lineage) rekeysOf() *duel    { return &l.rekeys }
func (sa *ikeSA) name() (Ref, uint32) { return sa.ref(), 0 }

func (sa *ikeSA) retry(e *Engine) {
	if !e.live(sa, saRekeyEnds) && sa.state == saReady {
		sa.rekeyAt = e.soon()
	}
}

func (sa *ikeSA) keepOwn(e *Engine) {
	if sa.state == saClosing {
		e.closeSA(sa.own, sa.reason)
		e.live(sa, saRekeyEnds)
		return
	}
	e.succeed(sa, sa.own)
	e.closeSA(sa, ReasonRekeyed)
}

func (sa *ikeSA) keepTheirs(e *Engine) {
	if sa.state == saClosing {
		e.live(sa, saRekeyEnds)
		return
	}
	if !e.succeed(sa, sa.theirs) {
		e.closeSA(sa, ReasonPeerDeleted)
	}
}

func (sa *ikeSA) keepHigher(e *Engine) {
	tell(&e.recording, DuplicateChecked{SA: sa.ref(), Other: sa.theirs.ref()})
	switch {
	case !sa.own.usable(), sa.state == saClosing:
		e.closeSA(sa.own, ReasonDuplicate)
		sa.keepTheirs(e)
	case !sa.theirs.usable():
		sa.keepOwn(e)
	case bytes.Compare(sa.own.nonces.Lowest(), sa.theirs.nonces.Lowest()) < 0:
		e.succeed(sa, sa.theirs)
		e.closeSA(sa.own, ReasonDuplicate)
	default:
		e.succeed(sa, sa.own)
		e.closeSA(sa, ReasonRekeyed)
		e.succeed(sa.theirs, sa.own)
	}
}

func (sa *ikeSA) tooLate(e *Engine) { e.closeSA(sa.own, ReasonDuplicate) }

// succeed lets a new SA take over from an old one, if it is still there.
func (e *Engine) succeed(old, sa *ikeSA) bool {
	if sa.state != saReady || old.state != saReady {
		return false
	}
	made := sa.replaces == old
	old.successor, old.replaces, sa.replaces, old.reason = sa, nil, nil, ReasonRekeyed
	e.live(old, saSucceeds)
	if made {
		if !e.unheard() {
			e.emit(SAUp{SA: sa.ref(), Info: sa.info(), Rekeys: old.spiI})
		}
		e.watchRivals(sa)
	}
	return true
}

// Rekeys of a pair.

func (c *child) rekeysOf() *duel     { return &c.rekeys }
func (c *child) name() (Ref, uint32) { return c.sa.ref(), uint32(c.in) }

// finish closes what was to be deleted when our rekey had ended: the pair and
// what the rekeys made of it.
func (c *child) finish(e *Engine) bool {
	if c.state != childClosing {
		return false
	}
	list := []*child{}
	if e.liveChild(c, childRekeyEnds) {
		list = append(list, c)
	}
	e.sendDeletes(c.sa, list, c.reason)
	for _, next := range []*child{c.own, c.theirs} {
		if next != nil {
			e.deleteChildren(next.sa, []*child{next}, c.reason)
		}
	}
	return true
}

func (c *child) retry(e *Engine) {
	if !c.finish(e) && c.state == childUp {
		c.rekeyAt = e.soon()
	}
}

func (c *child) keepOwn(e *Engine) {
	if !c.finish(e) {
		e.liveChild(c, childSucceeds)
		e.deleteChildren(c.sa, []*child{c}, ReasonRekeyed)
	}
}

func (c *child) keepTheirs(e *Engine) {
	switch {
	case c.finish(e):
	case c.theirs.state == childGone && c.own == nil && c.state == childUp:
		takeBack(e, c) // the peer has deleted it again already
	default:
		c.reason = ReasonRekeyed
		e.liveChild(c, childSucceeds)
	}
}

func (c *child) keepHigher(e *Engine) {
	switch {
	case c.finish(e):
	case !c.own.holds():
		c.keepTheirs(e)
	case !c.theirs.holds():
		c.keepOwn(e)
	case bytes.Compare(c.own.minNonce, c.theirs.minNonce) < 0:
		c.keepTheirs(e)
		e.deleteChildren(c.own.sa, []*child{c.own}, ReasonDuplicate)
	default:
		c.keepOwn(e)
		c.theirs.reason = ReasonRekeyed
		e.liveChild(c.theirs, childSucceeds)
	}
}

func (c *child) tooLate(e *Engine) {
	e.deleteChildren(c.own.sa, []*child{c.own}, ReasonDuplicate)
}

// settleTwins ends with one pair when both ends made a new one for an entry
// that had none: as for rekeys, the one with the lowest nonce goes. Only its
// creator acts, so a pair that just one end still holds is nobody's reason to
// lose another. Whichever exchange ends last sees both, IKE_AUTH too.
func (e *Engine) settleTwins(x *exchange) {
	c := x.child
	if x.purpose != forChild && x.purpose != forInit || c == nil || c.state != childUp {
		return
	}
	for _, other := range beside(c.sa) {
		if other == c || other.entry != c.entry || other.initiator == c.initiator || other.state != childUp || c.entry.cfg.Several && !c.sameTraffic(other) {
			continue
		}
		loser := c
		if bytes.Compare(other.minNonce, c.minNonce) < 0 {
			loser = other
		}
		if loser.initiator {
			e.deleteChildren(loser.sa, []*child{loser}, ReasonDuplicate)
		}
		return
	}
}

// beside are the pairs that may be twins of one of an SA: its own, and where pairs of
// several selectors live side by side also those of another SA, which the peer has
// begun at the same time for others of them.
func beside(sa *ikeSA) (list []*child) {
	for _, other := range sa.peer.sas {
		for _, c := range other.children {
			if other == sa || c.entry.cfg.Several && other.state == saReady && sa.followed() != other && other.followed() != sa {
				list = append(list, c)
			}
		}
	}
	return list
}

// Duplicate IKE SAs: both ends have begun one, or a peer that has forgotten
// ours begins another and does not say so. Both stay usable. After a hold time
// the end that began the one with the lowest nonce deletes it, when the other
// has proved to work. RFC 7296 has no rule for this; 2.8.1 is the model.

// proofTime is how long the better one of two has to answer before it is asked
// again.
const proofTime = 5 * time.Second

// checkDupe looks for another SA that serves the same entry.
func checkDupe(e *Engine, x *exchange) answer {
	rivals := e.watchRivals(x.sa)
	for _, other := range rivals {
		tell(&e.recording, DuplicateChecked{SA: x.sa.ref(), Other: other.ref()})
		if other.established.Before(x.init.startedAt) {
			e.start(other, &exchange{purpose: forLiveness}, EvSendDPD)
		}
	}
	if len(rivals) == 0 {
		tell(&e.recording, DuplicateChecked{SA: x.sa.ref()})
	}
	e.settleTwins(x)
	return yes
}

// watchRivals begins the hold time of an SA and of its rivals, if it has any.
func (e *Engine) watchRivals(sa *ikeSA) []*ikeSA {
	rivals := sa.rivals()
	for _, other := range rivals {
		other.rivalAt, sa.rivalAt = e.now.Add(holdTime), e.now.Add(holdTime)
		e.touch(other)
	}
	return rivals
}

// rivals are the other SAs that serve an entry of this one.
func (sa *ikeSA) rivals() []*ikeSA {
	var list []*ikeSA
	for _, other := range sa.peer.sas {
		if other != sa && other.state == saReady && other.replaces != sa && sa.replaces != other && sa.followed() != other && other.followed() != sa && sa.sharesEntry(other) {
			list = append(list, other)
		}
	}
	return list
}

func (sa *ikeSA) sharesEntry(other *ikeSA) bool {
	if len(sa.children) == 0 || len(other.children) == 0 {
		return sa.entry == other.entry && sa.entry != nil
	}
	return slices.ContainsFunc(sa.children, func(c *child) bool {
		return slices.ContainsFunc(other.children, func(d *child) bool { return c.entry == d.entry })
	})
}

// bereave begins the hold time of an SA whose last pair the peer has deleted, as it
// does before it deletes a duplicate. That Delete may have been lost with the peer's
// patience, and nothing else would tell.
func bereave(e *Engine, sa *ikeSA) {
	if len(sa.children) == 0 && hasOther(sa) {
		sa.rivalAt = e.now.Add(forgottenTime)
	}
}

// fruitless begins it for an SA whose only pair was refused. Who began it deletes it, or asks for
// another pair, unless the refusal was lost with its patience.
func fruitless(sa *ikeSA, now time.Time) { sa.rivalAt = now.Add(forgottenTime) }

// forgottenTime is longer than what is retransmitted most patiently.
const forgottenTime = 2 * time.Minute

// hasOther says whether there is another SA with the peer that is of use.
func hasOther(sa *ikeSA) bool {
	return slices.ContainsFunc(sa.peer.sas, func(o *ikeSA) bool { return o != sa && o.state == saReady && len(o.children) > 0 })
}

// settleRivals is due a hold time after a duplicate was found.
func (e *Engine) settleRivals(sa *ikeSA) {
	sa.rivalAt = noTime
	if len(sa.children) == 0 && (!sa.initiator || hasOther(sa)) {
		settleBereft(e, sa)
		return
	}
	best, rivals := sa, sa.rivals()
	for _, other := range rivals {
		if len(sa.children) > 0 && len(other.children) == 0 {
			continue // it is the one to go
		}
		if bytes.Compare(other.nonces.Lowest(), best.nonces.Lowest()) > 0 {
			best = other
		}
	}
	switch {
	case best == sa && len(rivals) > 0:
		doubt(e, sa)
	case best == sa || !sa.initiator:
	case best.lastHeard.After(best.established):
		e.closeSA(sa, ReasonDuplicate)
	default:
		e.start(best, &exchange{purpose: forLiveness}, EvSendDPD)
		sa.rivalAt = e.now.Add(proofTime)
	}
}

// doubt asks, when nothing has come for long by the better one of two, whether the peer knows it
// still: who should delete the other one may have given up just this one, in a time in which nothing
// came through.
func doubt(e *Engine, sa *ikeSA) {
	if !sa.lastHeard.After(e.now.Add(-forgottenTime)) {
		e.start(sa, &exchange{purpose: forLiveness}, EvSendDPD)
	}
	sa.rivalAt = e.now.Add(forgottenTime)
}

// settleBereft ends an SA that has no pair while another one has, or never had one: who began
// it deletes it, the other end asks whether the peer knows it still.
func settleBereft(e *Engine, sa *ikeSA) {
	if sa.initiator {
		e.closeSA(sa, ReasonDuplicate)
	} else {
		e.start(sa, &exchange{purpose: forLiveness}, EvSendDPD)
	}
}
