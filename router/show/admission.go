package show

import (
	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/router/crypto"
)

// CallAdmission is `show crypto call admission statistics`: of IKE it tells of IKEv1,
// which is not spoken, `show crypto ikev2 stats` of IKEv2.
type CallAdmission struct {
	Active      int    `json:"active_ipsec_sas"` // pairs
	Negotiating int    `json:"negotiating_ipsec_sas"`
	Incoming    uint64 `json:"incoming_ipsec_requests"`
	Outgoing    uint64 `json:"outgoing_ipsec_requests"`
}

// CallAdmissionOf takes the engine's counters and the pairs that there are.
func CallAdmissionOf(s ikev2.Stats, flows []crypto.FlowState) CallAdmission {
	c := CallAdmission{Negotiating: s.Pairs.Negotiating, Incoming: s.Pairs.ByPeer, Outgoing: s.Pairs.ByUs}
	for _, f := range flows {
		c.Active += len(f.Pairs)
	}
	return c
}

// Lines is the screen's table. Nothing is rejected for want of resources: there are no limits.
func (c CallAdmission) Lines(iosconfig.Generation) []string {
	const rule = "---------------------------------------------------------------------"
	var p page
	p.add(rule, "              Crypto Call Admission Control Statistics", rule)
	p.linef("System Resource Limit: %8d Max IKE SAs: %5d Max in nego: %5d", 0, 0, 1000)
	p.linef("Total IKE SA Count: %11d active: %10d negotiating: %5d", 0, 0, 0)
	p.linef("Incoming IKE Requests: %8d accepted: %8d rejected: %8d", 0, 0, 0)
	p.linef("Outgoing IKE Requests: %8d accepted: %8d rejected: %8d", 0, 0, 0)
	p.linef("Rejected IKE Requests: %8d rsrc low: %8d Active SA limit: %d", 0, 0, 0)
	p.linef("%66s %d", "In-neg SA limit:", 0)
	p.linef("IKE packets dropped at dispatch: %8d", 0)
	p.line("")
	p.linef("Max IPSEC SAs: %5d", 0)
	p.linef("Total IPSEC SA Count: %11d active: %10d negotiating: %5d", c.Active+c.Negotiating, c.Active, c.Negotiating)
	p.linef("Incoming IPSEC Requests: %8d accepted: %8d rejected: %8d", c.Incoming, c.Incoming, 0)
	p.linef("Outgoing IPSEC Requests: %8d accepted: %8d rejected: %8d", c.Outgoing, c.Outgoing, 0)
	p.linef("SA Strength Enforcement Rejects:  incoming: %8d outgoing: %8d", 0, 0)
	p.line("")
	return p.linef("Phase1.5 SAs under negotiation: %9d", 0).lines
}
