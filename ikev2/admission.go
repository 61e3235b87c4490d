package ikev2

import (
	"slices"
	"time"

	"ikelab/ikev2/window"
)

// Which negotiations may begin, how they are counted, and what becomes due.

func (e *Engine) newSA(at ends, initiator bool) *ikeSA {
	return &ikeSA{
		naming: naming{initiator: initiator}, way: newWay(at), sealing: sealing{hmacs: &e.hmacs},
		clock: clock{created: e.now}, traffic: traffic{requests: window.NewRequests(0), window: e.cfg.window(), fragments: newFragmenting(e.cfg.FragmentMTU, at.remote.Addr())},
	}
}

// yieldsAfter is how long a half-open SA keeps its place at the limit: peers answer sooner by most
// ways, and if many come at once, those that are served are not cut off by those behind them.
const yieldsAfter = 250 * time.Millisecond

// admit says whether one more negotiation may begin that the peer asks for. At
// the limit of half-open SAs the oldest one yields once it has had time to be answered, so that
// whoever sends requests and no more cannot keep others out (after RFC 7296 2.6).
func (e *Engine) admit() bool {
	if e.full(e.cfg.MaxSA) {
		return false
	}
	for e.stats.Incoming.Negotiating >= e.cfg.maxNegotiating() && len(e.halfOpen) > 0 {
		oldest := e.halfOpen[0]
		if e.now.Sub(oldest.created) < yieldsAfter {
			break
		}
		e.halfOpen = e.halfOpen[1:]
		if oldest.state <= saUnwanted {
			e.drop(oldest, saLost, ReasonNoResources)
		}
	}
	return e.stats.Incoming.Negotiating < e.cfg.maxNegotiating()
}

// count counts an SA as being negotiated.
func (e *Engine) count(sa *ikeSA) {
	sa.counted = true
	e.side(sa).Negotiating++
	tell(&e.recording, e.admission.step(sa, Admitted, true))
}

// countActive moves an SA from the negotiating to the active ones. IOS counts
// a rekeyed SA too, although it never was among the negotiating.
func countActive(e *Engine, x *exchange) answer {
	if x.next != nil {
		tell(&e.recording, e.admission.step(x.next, Activated, false))
		return yes
	}
	tell(&e.recording, e.admission.step(x.sa, Activated, e.uncount(x.sa)))
	e.dropHalfOpen()
	return yes
}

func insertIKE(e *Engine, x *exchange) answer {
	sa := x.sa
	sa.responses.Widen(uint32(sa.window))
	e.comeUp(sa)
	if !e.unheard() {
		e.emit(SAUp{SA: sa.ref(), Info: sa.info()})
	}
	return yes
}

// firstRefused is due when an SA comes up without the child that was asked for. It has nothing to
// do: its initiator deletes it, unless other entries wait for it.
func firstRefused(e *Engine, x *exchange) {
	sa := x.sa
	e.failed(x.describe(x.childFault))
	if !sa.initiator {
		fruitless(sa, e.now)
		return
	}
	disown(e, x, x.childFault)
	if singly(x, x.childFault) {
		again(e, x)
		return
	}
	e.entryDown(x.entry, sa.remote, x.childFault.Reason)
	if !sa.waits(forChild) {
		e.closeSA(sa, x.childFault.Reason)
	}
}

// nowReady ends the initial exchanges.
func nowReady(e *Engine, x *exchange) answer {
	sa := x.sa
	sa.papers = nil // what screens show of certificates is in the authenticators
	sa.main, sa.former, sa.keyedFrom = nil, nil, 0
	sa.dropExchange(x)
	switch {
	case x.init.redirect != nil && sa.reason == ReasonNone && x.childFault == nil:
		redirectedAuth(e, x)
		return yes
	case x.init.away.IsValid():
		awaitDelete(&e.agenda, e.now, sa)
	}
	if x.childFault != nil {
		firstRefused(e, x)
	}
	if sa.reason != ReasonNone {
		e.closeSA(sa, sa.reason) // unwanted while our IKE_AUTH was on the wire
	}
	e.checkEntry(x)
	askRest(e, x)
	tellSubnets(e, x)
	return yes
}

// tick does what has become due for one SA.
func (e *Engine) tick(sa *ikeSA) {
	for _, x := range slices.Clone(sa.exchanges) {
		e.tickExchange(x)
	}
	for _, c := range slices.Clone(sa.children) {
		switch {
		case c.sa != sa || !c.holds():
		case isDue(c.expireAt, e.now):
			e.expireChild(c)
		case isDue(c.rekeyAt, e.now):
			e.rekeyChild(c)
		}
	}
	switch {
	case isDue(sa.holdAt, e.now):
		sa.holdAt = noTime
		holdEnds(e, sa)
	case isDue(sa.expireAt, e.now):
		e.closeSA(sa, ReasonExpired)
	case isDue(sa.rekeyAt, e.now) && len(sa.children) == 0:
		sa.rekeyAt = noTime // it is of no use to anybody and ends with its lifetime
	case isDue(sa.rekeyAt, e.now) && sa.profile.Reauthenticate:
		reauthenticate(e, sa)
	case isDue(sa.rekeyAt, e.now):
		e.rekeyIKE(sa)
	}
	if isDue(sa.rivalAt, e.now) {
		e.settleRivals(sa)
	}
	if isDue(sa.dpdAt, e.now) {
		e.probe(sa)
	}
	if isDue(sa.keepaliveAt, e.now) {
		e.keepMapping(sa)
	}
}

func (e *Engine) tickExchange(x *exchange) {
	switch {
	case x.sa.state == saDead:
	case x.init != nil && isDue(x.init.timeoutAt, e.now) && x.state != RWaitAuth: // what was waited for has come, and is being computed
		x.init.timeoutAt = e.now.Add(time.Second)
	case x.init != nil && isDue(x.init.timeoutAt, e.now):
		x.init.timeoutAt = noTime
		e.run(x, EvTimeout)
	case isDue(x.followBy, e.now) && x.state != ChildRWait:
		x.followBy = e.now.Add(time.Second)
	case isDue(x.followBy, e.now):
		x.followBy = noTime
		e.run(x, EvTimeout)
	case !x.sent() || !isDue(x.request.Due(), e.now):
	case !x.request.Exhausted():
		e.run(x, EvReXmt)
	default:
		e.run(x, EvReXmtExceed)
	}
}

// AuthTimer is how long a responder keeps a half-open SA.
const AuthTimer = 30 * time.Second

func startAuthTimer(e *Engine, x *exchange) answer {
	x.init.timeoutAt = e.now.Add(AuthTimer)
	return yes
}

func authTimeout(_ *Engine, x *exchange) answer {
	return x.failWith(ReasonTimeout, 0, CauseNoAuthRequest)
}

// holdEnds says that the end that was to delete an SA has not.
func holdEnds(e *Engine, sa *ikeSA) {
	if sa.state == saReady {
		sa.reason = ReasonRedirected
	}
	e.live(sa, saHoldEnds)
}
