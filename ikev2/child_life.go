package ikev2

import (
	"slices"
	"time"
)

// The life of a pair of ESP SAs, as a table.

type childRow struct {
	from childState
	on   childInput
	to   childState
	do   func(*Engine, *child)
}

// childRows are the life of a pair. What has no row changes nothing. The Delete
// of several pairs is one request, so deleteChildren sends it and not the rows.
func childRows() []childRow {
	return []childRow{
		{childMade, childAsks, childExpected, expectChild},
		{childMade, childInstalls, childUp, (*Engine).insertChild},
		{childExpected, childInstalls, childUp, (*Engine).insertChild},
		{childExpected, childFails, childGone, forgetChild},
		{childUp, childSucceeds, childReplaced, (*Engine).stopRekeying},
		{childUp, childCloses, childDeleting, closeChild},
		{childUp, childClosesLate, childClosing, (*Engine).stopRekeying},
		{childUp, childPeerGoes, childGone, (*Engine).removeChild},
		{childUp, childSAGoes, childGone, (*Engine).removeChild},
		{childReplaced, childCloses, childDeleting, closeChild},
		{childReplaced, childPeerGoes, childGone, (*Engine).removeChild},
		{childReplaced, childSAGoes, childGone, (*Engine).removeChild},
		{childReplaced, childReturns, childUp, takeBack},
		{childClosing, childRekeyEnds, childDeleting, closeChild},
		{childClosing, childPeerGoes, childGone, (*Engine).removeChild},
		{childClosing, childSAGoes, childGone, (*Engine).removeChild},
		{childDeleting, childAnswered, childGone, (*Engine).removeChild},
		{childDeleting, childPeerGoes, childGone, (*Engine).removeChild},
		{childDeleting, childSAGoes, childGone, (*Engine).removeChild},
	}
}

// liveChild is the runner of childRows.
func (e *Engine) liveChild(c *child, on childInput) bool {
	r := e.lives.child[c.state][on]
	if r == nil {
		return false
	}
	if !e.unheard() {
		e.emit(ChildLife{
			SA: c.sa.ref(), Entry: c.entry.cfg.Entry, In: c.in, Out: c.out,
			From: r.from.String(), On: on.String(), To: r.to.String(), Reason: c.reason,
		})
	}
	c.state = r.to
	r.do(e, c)
	e.touch(c.sa)
	return true
}

// notMade ends the pair that an exchange should have made, if it has not come to
// that.
func notMade(e *Engine, x *exchange) {
	if c := x.child; c != nil && c.state == childExpected {
		c.reason = x.sa.reason
		if x.fault != nil {
			c.reason = x.fault.Reason
		}
		e.liveChild(c, childFails)
	}
}

// endChild takes a pair out.
func (e *Engine) endChild(c *child, on childInput, r Reason) {
	if c.reason == ReasonNone {
		c.reason = r
	}
	e.liveChild(c, on)
}

// expectChild tells the caller what the peer may send on: "the responder MAY begin sending
// on an SA as soon as it sends its response to the CREATE_CHILD_SA request" (RFC 7296 2.8),
// and what it sends may come before that response, or while the keys are being computed.
func expectChild(e *Engine, c *child) {
	e.emit(ExpectChild{Entry: c.entry.cfg.Entry, In: c.in, LocalEnd: c.sa.local, VRF: c.sa.vrf})
}

// forgetChild tells it that there will be no such pair.
func forgetChild(e *Engine, c *child) {
	e.emit(DeleteChild{Entry: c.entry.cfg.Entry, In: c.in, Reason: c.reason})
}

func (e *Engine) stopRekeying(c *child) { c.rekeyAt = noTime }

// closeChild leaves a pair open for what is under way to us only.
func closeChild(e *Engine, c *child) {
	e.stopRekeying(c)
	e.emit(CloseChild{Entry: c.entry.cfg.Entry, In: c.in})
}

// insertChild makes a pair known to its entry.
func (e *Engine) insertChild(c *child) {
	c.sa.children = append(c.sa.children, c)
	e.children.Put(c.in, c)
	c.entry.children = append(c.entry.children, c)
	e.timeChild(c)
}

// removeChild takes a pair out and tells the caller.
func (e *Engine) removeChild(c *child) {
	c.sa.dropChild(c)
	c.sa.giveUp(c, e.now)
	e.children.Delete(c.in)
	c.entry.dropChild(c)
	c.rekeyAt, c.expireAt = noTime, noTime
	e.emit(DeleteChild{Entry: c.entry.cfg.Entry, In: c.in, Reason: c.reason})
	if len(c.entry.children) == 0 {
		homeward(&e.database, c.entry, c.reason)
		e.emit(EntryDown{Entry: c.entry.cfg.Entry, Peer: c.sa.remote, ID: c.sa.remoteID, WasUp: true, Reason: c.reason})
	}
}

// timeChild sets the soft and the hard end of a pair. The side that made it
// rekeys first: the other's margin is half as long, so that collisions are rare.
func (e *Engine) timeChild(c *child) {
	c.made = e.now
	life := c.entry.cfg.Lifetime
	if life <= 0 {
		return
	}
	margin := min(30*time.Second, life/10)
	if !c.initiator {
		margin /= 2
	}
	c.expireAt = e.now.Add(life)
	c.rekeyAt = c.expireAt.Add(-margin + e.within(margin/4))
}

// maxDelete is how many pairs one Delete names: the message fits one datagram
// that no link fragments.
const maxDelete = 256

// deleteChildren ends pairs with Deletes to the peer; they carry traffic that
// is under way until the peer has answered. One whose rekey of ours is on the
// wire goes when that has ended, and its successor with it (RFC 7296 2.25.1).
func (e *Engine) deleteChildren(sa *ikeSA, list []*child, r Reason) {
	var doomed []*child
	for _, c := range list {
		if c.reason == ReasonNone || c.state == childReplaced {
			c.reason = r
		}
		if sa.any(func(x *exchange) bool { return x.initiator && x.old == c && x.begunHere() }) && e.liveChild(c, childClosesLate) {
			continue
		}
		if e.liveChild(c, childCloses) {
			doomed = append(doomed, c)
			e.quitRekeys(sa, c)
		}
	}
	e.sendDeletes(sa, doomed, r)
}

func (e *Engine) sendDeletes(sa *ikeSA, doomed []*child, r Reason) {
	for part := range slices.Chunk(doomed, maxDelete) {
		e.start(sa, &exchange{purpose: forDeleteChild, doomed: part, reason: r}, EvDelete)
	}
}

// disown deletes the pair that the peer has made by its answer and that we do not
// take: the peer may use it (RFC 7296 1.4.1).
func disown(e *Engine, x *exchange, f *fault) {
	if x.initiator && x.replied && x.child != nil && f.Heard == 0 && f.Cause != CauseDeletedEarly && f.Cause != CauseClosing {
		e.sendDeletes(x.sa, []*child{x.child}, f.Reason)
	}
}

// takeBack has a pair serve on whose successor the peer has made, not taken, and
// deleted.
func takeBack(e *Engine, c *child) {
	c.rekeys, c.theirs, c.reason, c.rekeyAt = duel{}, nil, ReasonNone, e.soon()
}

// refusedBack finds what a pair that the peer deletes was to replace, when the
// peer, which has made it, keeps that.
func (c *child) refusedBack(gone []*child) *child {
	for _, old := range c.sa.children {
		if old.theirs == c && old.own == nil && old.rekeys.state == settled && !slices.Contains(gone, old) {
			return old
		}
	}
	return nil
}

// quitRekeys ends rekeys of a pair that is being deleted: ours that has not
// left yet, and the peer's, which is told to come again (RFC 7296 2.25.1).
func (e *Engine) quitRekeys(sa *ikeSA, c *child) {
	for _, x := range slices.Clone(sa.exchanges) {
		if x.old == c && !x.begunHere() {
			e.quitExchange(x)
		}
	}
}

// rekeyChild begins the rekey of a pair.
func (e *Engine) rekeyChild(c *child) {
	c.rekeyAt = noTime
	if c.state != childUp || c.rekeys.state != noRekey || c.sa.state != saReady ||
		slices.ContainsFunc(c.sa.queue, func(x *exchange) bool { return x.old == c }) {
		return
	}
	e.emit(Rekeying{SA: c.sa.ref(), Entry: c.entry.cfg.Entry, In: c.in})
	e.start(c.sa, &exchange{purpose: forChildRekey, making: making{old: c, entry: c.entry}}, EvInitCreateChild)
}

// expireChild ends a pair whose hard lifetime or volume is over: the peer is told,
// also while a rekey of ours is on the wire, and nothing passes any more.
func (e *Engine) expireChild(c *child) {
	c.expireAt = noTime
	sa := c.sa
	e.deleteChildren(sa, []*child{c}, ReasonExpired)
	late := c.state == childClosing
	e.endChild(c, childSAGoes, ReasonExpired)
	if late {
		e.sendDeletes(sa, []*child{c}, ReasonExpired)
	}
}
