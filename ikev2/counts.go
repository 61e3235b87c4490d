package ikev2

import (
	"net/netip"
	"time"

	"ikelab/ikev2/wire"
)

// admission counts SAs, those that come up and those that may.
type admission struct {
	stats    Stats
	halfOpen []*ikeSA // begun by peers, the oldest first; some have ended
	cookies  *jar     // nil: none was ever asked for
}

func (a *admission) side(sa *ikeSA) *Count {
	if sa.initiator {
		return &a.stats.Outgoing
	}
	return &a.stats.Incoming
}

// uncount takes an SA off the negotiating ones.
func (a *admission) uncount(sa *ikeSA) bool {
	counted := sa.counted
	if counted {
		sa.counted = false
		a.side(sa).Negotiating--
	}
	return counted
}

// dropHalfOpen forgets those at the front that are not half-open any more.
func (a *admission) dropHalfOpen() {
	for len(a.halfOpen) > 0 && !a.halfOpen[0].counted {
		a.halfOpen = a.halfOpen[1:]
	}
}

// step is where an SA is for admission control.
func (a *admission) step(sa *ikeSA, s AdmissionStep, counted bool) Admission {
	return Admission{SA: sa.ref(), Initiator: sa.initiator, Step: s, Counted: counted, Count: *a.side(sa)}
}

// rejected says that no SA comes of a request, ours or the peer's.
func (a *admission) rejected(ours bool) Admission {
	side := &a.stats.Incoming
	if ours {
		side = &a.stats.Outgoing
	}
	return Admission{Initiator: ours, Step: Rejected, Count: *side}
}

// checkCookie judges a request while cookies are asked for, and makes the
// cookie that it must bring back.
func (a *admission) checkCookie(now time.Time, draws draws, from netip.AddrPort, m *wire.Message) (CookieChecked, []byte) {
	if a.cookies == nil {
		a.cookies = &jar{}
	}
	verdict, want := a.cookies.ask(now, draws, from.Addr(), m)
	a.stats.Cookies.count(verdict)
	return CookieChecked{From: from, SPIi: m.SPIi, HalfOpen: a.stats.Incoming.Negotiating, Verdict: verdict}, want
}

// Stats are the counters of `show crypto ikev2 stats`.
type Stats struct {
	MaxSA, MaxNegotiating, MaxOutgoing    int
	Incoming, Outgoing                    Count
	InRequests, InAccepted, InRejected    uint64
	OutRequests, OutAccepted, OutRejected uint64
	Cookies                               CookieCounts
	Dropped                               uint64 // datagrams refused
	Pairs                                 PairCounts
	Messages                              *Tally // a snapshot's; nil: none was asked for
}

// PairCounts are the pairs that were negotiated, by who asked for them.
type PairCounts struct {
	ByPeer, ByUs uint64
	Negotiating  int // now
}
