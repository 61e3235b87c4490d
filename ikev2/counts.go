package ikev2

// admission counts SAs, those that come up and those that may.
type admission struct {
	stats    Stats
	halfOpen []*ikeSA // begun by peers, the oldest first; some have ended
}

func (a *admission) side(sa *ikeSA) *Count {
	if sa.initiator {
		return &a.stats.Outgoing
	}
	return &a.stats.Incoming
}

// sessionWith is the number of the session with a peer: that of the SAs that
// are up, or the next.
func (a *admission) sessionWith(sa *ikeSA) int {
	for _, other := range sa.peer.sas {
		if other != sa && other.session != 0 {
			return other.session
		}
	}
	a.stats.Sessions++
	return a.stats.Sessions
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

// Stats are the counters of `show crypto ikev2 stats`.
type Stats struct {
	MaxSA, MaxNegotiating                 int
	Incoming, Outgoing                    Count
	InRequests, InAccepted, InRejected    uint64
	OutRequests, OutAccepted, OutRejected uint64
	Dropped                               uint64 // datagrams refused
	Sessions                              int    // with peers, since start
}
