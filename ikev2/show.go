package ikev2

import (
	"net/netip"
	"slices"
)

// Stats is a snapshot of the counters.
func (e *Engine) Stats() Stats {
	s := e.stats
	s.MaxSA, s.MaxNegotiating, s.MaxOutgoing = e.cfg.MaxSA, e.cfg.maxNegotiating(), e.cfg.maxOutgoing()
	s.Pairs.Negotiating, s.Messages = negotiatingPairs(e), e.tally.copied()
	return s
}

// Negotiated is how many IKE SAs there are, and are being negotiated.
func Negotiated(e *Engine) int {
	in, out := e.stats.Incoming, e.stats.Outgoing
	return in.Active + in.Negotiating + out.Active + out.Negotiating
}

// ClearStats begins to count anew; SAs that there are stay counted.
func ClearStats(e *Engine) {
	e.stats = Stats{Incoming: e.stats.Incoming, Outgoing: e.stats.Outgoing}
	e.tally = Tally{}
}

// negotiatingPairs is how many pairs are being made.
func negotiatingPairs(e *Engine) (n int) {
	for _, sa := range e.sas.All() {
		for _, x := range sa.exchanges {
			if x.child != nil && e.children.Get(x.child.in) == nil {
				n++
			}
		}
	}
	return n
}

// Pools are the pools of addresses, in the order of the configuration.
func Pools(e *Engine) []PoolState { return poolStates(e.cfg, e.leases) }

// SAs lists the IKE SAs by id.
func (e *Engine) SAs() []SAInfo { return SAsBetween(e, netip.Addr{}, netip.Addr{}) }

// SAsBetween lists those with certain ends by id; an invalid address: with any.
func SAsBetween(e *Engine, local, remote netip.Addr) []SAInfo {
	list := []SAInfo{}
	for _, sa := range e.sas.All() {
		if (!local.IsValid() || local == sa.local.Addr()) && (!remote.IsValid() || remote == sa.remote.Addr()) {
			list = append(list, sa.info())
		}
	}
	slices.SortFunc(list, func(a, b SAInfo) int { return a.ID - b.ID })
	return list
}

func (sa *ikeSA) info() SAInfo {
	next, expected := sa.requests.Next(), sa.responses.Next()
	i := SAInfo{
		ID: sa.id, SPIi: sa.spiI, SPIr: sa.spiR, Local: sa.local, Remote: sa.remote,
		Status: sa.status(), State: sa.phase(),
		SASuite:  SASuite{sa.suite.Encr, sa.suite.Integ, sa.suite.PRF, sa.suite.Group, sa.suite.Added()},
		Lifetime: sa.lifetime, Established: sa.established,
		CEID: sa.ceid, Session: sa.session, LocalID: sa.localID, RemoteID: sa.remoteID, Initiator: sa.initiator,
		LocalNextID: next, RemoteNextID: expected, FragmentOctets: sa.fragments.most(),
		LocalWindow: sa.window, RemoteWindow: int(sa.requests.Peer()),
		DPD: sa.dpd(), SAPath: SAPath{VRF: sa.vrf, NAT: sa.translated(), NATInside: sa.behind}, DeleteReasonPeer: sa.peerDeleteReason,
	}
	if sa.entry != nil {
		i.Sent = sa.entry.from
	}
	i.ConfigExchange = sa.wantedConfig
	if g := givenNow(sa); g != nil {
		i.Address, i.Subnets = g.Address, g.Subnets
	}
	i.Matched = sa.by
	if !sa.established.IsZero() {
		i.Auth = [2]string{sa.prover.word(), sa.verifier.word()}
	}
	if i.Proposal = sa.suite.Name; sa.profile != nil {
		i.Profile = sa.profile.Name
		i.Dynamic = grantOf(sa) != nil && grantOf(sa).Accept
	}
	for _, c := range sa.children {
		i.Children = append(i.Children, c.in)
	}
	return i
}

func (sa *ikeSA) status() Status {
	switch {
	case sa.dying():
		return StatusDelete
	case sa.up() && sa.main == nil:
		return StatusReady
	}
	return StatusInNeg
}

// phase is the state of the initial exchanges; Ready once they are done.
func (sa *ikeSA) phase() State {
	if sa.main == nil || sa.up() {
		return Ready
	}
	return sa.main.state
}

// Diagnoses lists the failures that are kept, the oldest first.
func (e *Engine) Diagnoses() []Diagnosis {
	if e.diagnoses == nil {
		return nil
	}
	var list []Diagnosis
	for _, peer := range e.diagnoses.peers {
		list = append(list, e.diagnoses.of[peer]...)
	}
	slices.SortStableFunc(list, func(a, b Diagnosis) int { return a.At.Compare(b.At) })
	return list
}

// FailureCounts are all failures by reason, in the order in which the first of each was.
func FailureCounts(e *Engine) []FailureCount {
	if e.diagnoses == nil {
		return nil
	}
	return slices.Clone(e.diagnoses.counts)
}
