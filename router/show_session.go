package router

import (
	"fmt"
	"time"

	"ikelab/ikev2"
	"ikelab/ipsec/spd"
)

// cryptoStatus is the "Session status" of a tunnel.
func cryptoStatus(t tunnelView, sas []ikev2.SAInfo) string {
	ready, negotiating := false, false
	for _, sa := range sas {
		ready = ready || sa.Status == ikev2.StatusReady
		negotiating = negotiating || sa.Status == ikev2.StatusInNeg
	}
	switch {
	case ready && len(t.Pairs) > 0:
		return "UP-ACTIVE"
	case ready:
		return "UP-IDLE"
	case len(t.Pairs) > 0:
		return "UP-NO-IKE"
	case negotiating:
		return "DOWN-NEGOTIATING"
	}
	return "DOWN"
}

// sasOf are the IKE SAs between a tunnel's ends.
func (x *exec) sasOf(t tunnelView) []ikev2.SAInfo {
	return x.ikeSAs(func(sa ikev2.SAInfo) bool {
		return sa.Local.Addr() == t.Local && sa.Remote.Addr() == t.Remote
	})
}

// peerPort is the port the peer was last seen at.
func peerPort(sas []ikev2.SAInfo) uint16 {
	for _, sa := range sas {
		return sa.Remote.Port()
	}
	return 500
}

// showCryptoSession is `show crypto session [detail]`.
func (x *exec) showCryptoSession(detail bool, keep func(tunnelView) bool) {
	x.line("Crypto session current status").line("")
	if detail {
		x.line("Code: C - IKE Configuration mode, D - Dead Peer Detection     ")
		x.line("K - Keepalives, N - NAT-traversal, T - cTCP encapsulation     ")
		x.line("X - IKE Extended Authentication, F - IKE Fragmentation").line("")
	}
	shown := false
	for _, t := range x.r.tunnelViews() {
		if keep != nil && !keep(t) {
			continue
		}
		if shown {
			x.line("")
		}
		shown = true
		if detail {
			x.sessionDetail(t, x.sasOf(t))
		} else {
			x.session(t, x.sasOf(t))
		}
	}
}

func (x *exec) session(t tunnelView, sas []ikev2.SAInfo) {
	x.linef("Interface: %s", t.Config.Name())
	x.linef("Session status: %s", cryptoStatus(t, sas))
	x.linef("Peer: %s port %d", addrText(t.Remote), peerPort(sas))
	for _, sa := range sas {
		x.line("  " + sessionIKE(sa))
	}
	x.sessionFlow(t, "")
}

// sessionIKE is the line about one IKE SA.
func sessionIKE(sa ikev2.SAInfo) string {
	state := "Inactive"
	if sa.Status == ikev2.StatusReady {
		state = "Active"
	}
	return fmt.Sprintf("IKEv2 SA: local %s remote %s %s", slashed(sa.Local), slashed(sa.Remote), state)
}

func (x *exec) sessionFlow(t tunnelView, tail string) {
	local, remote := "0.0.0.0/0.0.0.0", "0.0.0.0/0.0.0.0"
	if p, ok := t.current(); ok && len(p.In.Local) > 0 && len(p.In.Remote) > 0 {
		local, remote = subnetText(p.In.Local[0]), subnetText(p.In.Remote[0])
	}
	x.linef("  IPSEC FLOW: permit ip %s %s%s", local, remote, tail)
	x.linef("        Active SAs: %d, origin: crypto map", 2*len(t.Pairs))
}

func subnetText(s spd.Selector) string {
	return fmt.Sprintf("%v/%s", s.Start, rangeMask(s.Start, s.End))
}

func (x *exec) sessionDetail(t tunnelView, sas []ikev2.SAInfo) {
	x.linef("Interface: %s", t.Config.Name())
	if len(t.Pairs) > 0 && !t.UpSince.IsZero() {
		x.linef("Uptime: %s", shortAge(x.now.Sub(t.UpSince)))
	}
	x.linef("Session status: %s", cryptoStatus(t, sas))
	x.linef("Peer: %s port %d fvrf: (none) ivrf: (none)", addrText(t.Remote), peerPort(sas))
	id := "(none)"
	for _, sa := range sas {
		if sa.Status == ikev2.StatusReady {
			id = identityText(sa.RemoteID)
		}
	}
	x.linef("      Phase1_id: %s", id)
	x.line("      Desc: (none)")
	for _, sa := range sas {
		x.line("  " + sessionIKE(sa))
		x.linef("          Capabilities:%s connid:%d lifetime:%s", capabilities(sa), sa.ID, x.lifetimeLeft(sa))
	}
	x.sessionFlow(t, " ")
	var p saView
	if current, ok := t.current(); ok {
		p = current
	}
	x.linef("        Inbound:  #pkts dec'ed %d drop %d life (KB/Sec) %d/%d", t.Decaps, t.RecvErrors, p.KilobytesIn, x.secondsTo(p.Expires))
	x.linef("        Outbound: #pkts enc'ed %d drop %d life (KB/Sec) %d/%d", t.Encaps, t.SendErrors, p.KilobytesOut, x.secondsTo(p.Expires))
}

// capabilities are the letters of the detail screen's code.
func capabilities(sa ikev2.SAInfo) string {
	text := ""
	if sa.DPD.Interval > 0 {
		text += "D"
	}
	if sa.NAT {
		text += "N"
	}
	if text == "" {
		return "(none)"
	}
	return text
}

// lifetimeLeft is the IKE SA's remaining lifetime; 0 before it is up.
func (x *exec) lifetimeLeft(sa ikev2.SAInfo) string {
	if sa.Established.IsZero() {
		return "0"
	}
	return shortAge(max(0, sa.Lifetime-x.now.Sub(sa.Established).Truncate(time.Second)))
}
