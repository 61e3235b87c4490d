package show

import (
	"ikelab/ikev2"
	"ikelab/iosconfig"
)

// IKEv2Stats is `show crypto ikev2 stats`.
type IKEv2Stats struct {
	MaxSA          int           `json:"max_sa"` // 0: no limit
	MaxNegotiating int           `json:"max_negotiating_incoming"`
	MaxOutgoing    int           `json:"max_negotiating_outgoing"`
	Incoming       IKEv2Counts   `json:"incoming"`
	Outgoing       IKEv2Counts   `json:"outgoing"`
	InRequests     IKEv2Requests `json:"incoming_requests"`
	OutRequests    IKEv2Requests `json:"outgoing_requests"`
	Dropped        uint64        `json:"dropped_at_dispatch"`
	Cookies        IKEv2Cookies  `json:"cookie_challenged_requests"`
}

// IKEv2Counts are the SAs of one direction.
type IKEv2Counts struct {
	Active      int `json:"active"`
	Negotiating int `json:"negotiating"`
}

// IKEv2Requests are the negotiations asked for from one direction.
type IKEv2Requests struct {
	Total    uint64 `json:"total"`
	Accepted uint64 `json:"accepted"`
	Rejected uint64 `json:"rejected"`
}

// IKEv2Cookies are the requests that came while cookies were asked for.
type IKEv2Cookies struct {
	Total    uint64 `json:"total"`
	Accepted uint64 `json:"accepted"`
	Rejected uint64 `json:"rejected"`
	Missing  uint64 `json:"rejected_no_cookie"`
}

// IKEv2StatsOf takes the engine's counters.
func IKEv2StatsOf(s ikev2.Stats) IKEv2Stats {
	c := s.Cookies
	return IKEv2Stats{
		MaxSA: s.MaxSA, MaxNegotiating: s.MaxNegotiating, MaxOutgoing: s.MaxOutgoing,
		Incoming: IKEv2Counts{s.Incoming.Active, s.Incoming.Negotiating}, Outgoing: IKEv2Counts{s.Outgoing.Active, s.Outgoing.Negotiating},
		InRequests:  IKEv2Requests{s.InRequests, s.InAccepted, s.InRejected},
		OutRequests: IKEv2Requests{s.OutRequests, s.OutAccepted, s.OutRejected}, Dropped: s.Dropped,
		Cookies: IKEv2Cookies{c.Accepted + c.Rejected + c.Missing, c.Accepted, c.Rejected, c.Missing},
	}
}

// Lines is the screen's table.
func (s IKEv2Stats) Lines(iosconfig.Generation) []string {
	const rule = "--------------------------------------------------------------------------------"
	var p page
	p.add(rule, "                          Crypto IKEv2 SA Statistics", rule)
	p.linef("System Resource Limit:   %-8d Max IKEv2 SAs: %-8d Max in nego(in/out): %d/%d", 0, s.MaxSA, s.MaxNegotiating, s.MaxOutgoing)
	count := "Total %s IKEv2 SA Count:    %-8d active:        %-8d negotiating: %-6d"
	p.linef(count, "incoming", s.Incoming.Active+s.Incoming.Negotiating, s.Incoming.Active, s.Incoming.Negotiating)
	p.linef(count, "outgoing", s.Outgoing.Active+s.Outgoing.Negotiating, s.Outgoing.Active, s.Outgoing.Negotiating)
	requests := "%s IKEv2 Requests: %-8d accepted:      %-8d rejected:    %-8d"
	p.linef(requests, "Incoming", s.InRequests.Total, s.InRequests.Accepted, s.InRequests.Rejected)
	p.linef(requests, "Outgoing", s.OutRequests.Total, s.OutRequests.Accepted, s.OutRequests.Rejected)
	rejected := s.InRequests.Rejected + s.OutRequests.Rejected
	p.linef("Rejected IKEv2 Requests: %-8d rsrc low:      %-8d SA limit:    %-8d", rejected, 0, rejected)
	p.linef("IKEv2 packets dropped at dispatch: %-8d", s.Dropped)
	p.linef("Incoming Requests dropped as LOW Q limit reached : %-8d", 0)
	p.linef("Incoming IKEV2 Cookie Challenged Requests: %-8d", s.Cookies.Total)
	p.linef("    accepted: %-8d rejected: %-8d rejected no cookie: %-8d", s.Cookies.Accepted, s.Cookies.Rejected, s.Cookies.Missing)
	return p.linef("Total Deleted sessions of Cert Revoked Peers: %-8d", 0).lines
}
