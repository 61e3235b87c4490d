package ikev2

import (
	"slices"

	"ikelab/ikev2/wire"
)

// When a request of ours may begin: within the peer's window (RFC 7296 2.3),
// and not while something that it would touch is changing (2.25).

// start begins a request of ours, or queues it until it may begin.
func (e *Engine) start(sa *ikeSA, x *exchange, in Input) {
	x.sa, x.initiator, x.state, x.startWith = sa, true, Ready, in
	x.kind = wire.INFORMATIONAL
	if x.createsChild() {
		x.kind = wire.CREATE_CHILD_SA
	}
	if !sa.mayStart(x) {
		if !sa.requests.Open() {
			e.emit(RequestQueued{SA: sa.ref(), Exchange: x.kind, Window: sa.requests.Peer()})
		}
		sa.queue = append(sa.queue, x)
		return
	}
	e.launch(x)
}

func (e *Engine) launch(x *exchange) {
	if d := x.rekeyed(); d != nil && !e.clash(d, ownBegins) {
		return
	}
	x.messageID = x.sa.requests.Next()
	x.sa.exchanges = append(x.sa.exchanges, x)
	e.run(x, x.startWith)
}

// mayStart says whether an exchange may begin now.
func (sa *ikeSA) mayStart(x *exchange) bool {
	if sa.main != nil || sa.running || !sa.requests.Open() {
		return false
	}
	switch x.purpose {
	case forDeleteIKE:
		return sa.state == saDeleting
	case forLiveness, forNotice:
		return sa.state == saReady
	case forIKERekey:
		return sa.state == saReady && !sa.any((*exchange).touchesChildren)
	case forDeleteChild:
		return sa.state == saReady && sa.settledDuel() || sa.state == saDeleting
	}
	own := func(x *exchange) bool { return x.initiator && x.createsChild() }
	return sa.state == saReady && sa.settledDuel() && !sa.any(own)
}

// settledDuel says whether no rekey of the IKE SA is under way, so that pairs
// may be made and deleted (RFC 7296 2.25.2).
func (l *lineage) settledDuel() bool { return l.rekeys.state == noRekey && l.replaces == nil }

// resume sends what waited for the window.
func resume(e *Engine, t *traffic) {
	for _, x := range t.exchanges { // a list that changes is another one (dropExchange)
		if x.held && t.requests.Open() {
			x.held = false
			e.run(x, EvBldMsg)
		}
	}
}

// pump begins what was queued and may begin now.
func (e *Engine) pump(sa *ikeSA) {
	resume(e, &sa.traffic)
	for i := 0; i < len(sa.queue); {
		x := sa.queue[i]
		switch {
		case x.obsolete():
			sa.queue = slices.Delete(sa.queue, i, i+1)
		case sa.mayStart(x):
			sa.queue = slices.Delete(sa.queue, i, i+1)
			e.launch(x)
			i = 0
		default:
			i++
		}
	}
}
