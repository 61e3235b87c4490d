package ikev2

// Count is how many SAs of one direction there are.
type Count struct{ Active, Negotiating int }

// Stats are the counters of `show crypto ikev2 stats`.
type Stats struct {
	MaxSA, MaxNegotiating                 int
	Incoming, Outgoing                    Count
	InRequests, InAccepted, InRejected    uint64
	OutRequests, OutAccepted, OutRejected uint64
	Dropped                               uint64 // datagrams refused
	Sessions                              int    // with peers, since start
}

// Stats is a snapshot of the counters.
func (e *Engine) Stats() Stats {
	s := e.stats
	s.MaxSA, s.MaxNegotiating = e.cfg.MaxSA, e.cfg.maxNegotiating()
	return s
}

// SAs lists the IKE SAs by id.
func (e *Engine) SAs() []SAInfo {
	list := make([]SAInfo, 0, len(e.sas))
	for _, sa := range e.sorted() {
		list = append(list, sa.info())
	}
	return list
}

func (sa *ikeSA) info() SAInfo {
	i := SAInfo{
		ID: sa.id, SPIi: sa.spiI, SPIr: sa.spiR, Local: sa.local, Remote: sa.remote,
		Status: sa.status(), Description: sa.description(),
		Encr: sa.suite.encr, Integ: sa.suite.integ, PRF: sa.suite.prf, Group: sa.suite.group,
		AuthPSK: sa.ready, Lifetime: sa.lifetime, Established: sa.established,
		CEID: sa.ceid, Session: sa.session, LocalID: sa.localID, RemoteID: sa.remoteID, Initiator: sa.initiator,
		LocalReqID: sa.nextSend, RemoteReqID: sa.nextRecv, LocalNextID: sa.nextSend, RemoteNextID: sa.nextRecv,
		LocalQueued: sa.nextSend, RemoteQueued: sa.nextRecv,
		LocalWindow: sa.window, RemoteWindow: int(max(1, sa.peerWindow)),
		DPD: sa.dpd, NAT: sa.nat, ConfigExchange: sa.wantedConfig, DeleteReasonPeer: sa.peerDeleteReason,
	}
	if sa.profile != nil {
		i.Profile = sa.profile.Name
	}
	for _, c := range sa.children {
		i.Children = append(i.Children, c.in)
	}
	return i
}

func (sa *ikeSA) status() Status {
	switch {
	case sa.deleting:
		return StatusDelete
	case sa.ready && sa.main == nil:
		return StatusReady
	}
	return StatusInNeg
}

// description is the line "Status Description" of the detailed screen.
func (sa *ikeSA) description() string {
	switch {
	case sa.deleting:
		return "Deleting IKE SA"
	case sa.main == nil || sa.ready:
		return "Negotiation done"
	}
	switch sa.main.state {
	case IWaitInit:
		return "Initiator waiting for INIT response"
	case IWaitAuth:
		return "Initiator waiting for AUTH response"
	case RWaitAuth:
		return "Responder waiting for AUTH message"
	}
	return "Negotiating"
}

// usable says whether new exchanges may begin under the SA.
func (sa *ikeSA) usable() bool {
	return sa.ready && sa.main == nil && !sa.deleting && !sa.dead && sa.rekeyed == nil
}

func (sa *ikeSA) localSPI() uint64 {
	if sa.initiator {
		return sa.spiI
	}
	return sa.spiR
}

func (sa *ikeSA) setLocalSPI(spi uint64) {
	if sa.initiator {
		sa.spiI = spi
	} else {
		sa.spiR = spi
	}
}

// text is how IOS names the reason of a delete.
func (r Reason) text() string {
	switch r {
	case ReasonCleared:
		return "user request"
	case ReasonRekeyed:
		return "rekeyed"
	case ReasonExpired:
		return "lifetime expired"
	}
	return "unknown"
}
