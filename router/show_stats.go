package router

// showIKEv2Stats is `show crypto ikev2 stats`.
func (x *exec) showIKEv2Stats() {
	const rule = "--------------------------------------------------------------------------------"
	s := x.r.ikeStats()
	x.line(rule)
	x.line("                          Crypto IKEv2 SA Statistics")
	x.line(rule)
	x.linef("System Resource Limit:   %-8d Max IKEv2 SAs: %-8d Max in nego(in/out): %d/%d", 0, s.MaxSA, s.MaxNegotiating, outgoingLimit)
	x.linef("Total incoming IKEv2 SA Count:    %-8d active:        %-8d negotiating: %-6d",
		s.Incoming.Active+s.Incoming.Negotiating, s.Incoming.Active, s.Incoming.Negotiating)
	x.linef("Total outgoing IKEv2 SA Count:    %-8d active:        %-8d negotiating: %-6d",
		s.Outgoing.Active+s.Outgoing.Negotiating, s.Outgoing.Active, s.Outgoing.Negotiating)
	x.linef("Incoming IKEv2 Requests: %-8d accepted:      %-8d rejected:    %-8d", s.InRequests, s.InAccepted, s.InRejected)
	x.linef("Outgoing IKEv2 Requests: %-8d accepted:      %-8d rejected:    %-8d", s.OutRequests, s.OutAccepted, s.OutRejected)
	x.linef("Rejected IKEv2 Requests: %-8d rsrc low:      %-8d SA limit:    %-8d", s.InRejected+s.OutRejected, 0, s.InRejected+s.OutRejected)
	x.linef("IKEv2 packets dropped at dispatch: %-8d", s.Dropped)
	x.linef("Incoming Requests dropped as LOW Q limit reached : %-8d", 0)
	x.linef("Incoming IKEV2 Cookie Challenged Requests: %-8d", 0)
	x.linef("    accepted: %-8d rejected: %-8d rejected no cookie: %-8d", 0, 0, 0)
	x.linef("Total Deleted sessions of Cert Revoked Peers: %-8d", 0)
}

// outgoingLimit is the outgoing negotiations IOS allows at one time; ours are
// bounded by the tunnels that are configured.
const outgoingLimit = 400
