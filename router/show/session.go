package show

import (
	"fmt"
	"time"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/router/crypto"
	"ikelab/router/words"
)

// CryptoSessions is `show crypto session [detail]`.
type CryptoSessions struct {
	Now      time.Time       `json:"now"`
	Sessions []CryptoSession `json:"sessions"`
	Detail   bool            `json:"-"`
}

// CryptoSession is a flow with the IKE SAs between its ends.
type CryptoSession struct {
	Status string           `json:"status"` // UP-ACTIVE, UP-IDLE, UP-NO-IKE, DOWN-NEGOTIATING, DOWN
	Flow   crypto.FlowState `json:"flow"`
	SAs    []IKESA          `json:"ike_sas"`
}

// CryptoSessionsOf joins flows and IKE SAs.
func CryptoSessionsOf(now time.Time, flows []crypto.FlowState, sas []IKESA, detail bool) CryptoSessions {
	s := CryptoSessions{Now: now, Sessions: []CryptoSession{}, Detail: detail}
	ends := map[[2]string][]IKESA{}
	for _, sa := range sas {
		key := [2]string{sa.Local.Addr().String(), sa.Remote.Addr().String()}
		ends[key] = append(ends[key], sa)
	}
	for _, f := range flows {
		one := CryptoSession{Flow: f, SAs: append([]IKESA{}, ends[[2]string{f.Local.String(), f.Remote.String()}]...)}
		one.Status = cryptoStatus(f, one.SAs)
		s.Sessions = append(s.Sessions, one)
	}
	return s
}

// cryptoStatus is the "Session status" of a flow.
func cryptoStatus(f crypto.FlowState, sas []IKESA) string {
	ready, negotiating := false, false
	for i := range sas {
		ready = ready || sas[i].ready()
		negotiating = negotiating || sas[i].Status == string(ikev2.StatusInNeg)
	}
	switch {
	case ready && len(f.Pairs) > 0:
		return "UP-ACTIVE"
	case ready:
		return "UP-IDLE"
	case len(f.Pairs) > 0:
		return "UP-NO-IKE"
	case negotiating:
		return "DOWN-NEGOTIATING"
	}
	return "DOWN"
}

// Lines shows session by session.
func (s CryptoSessions) Lines(iosconfig.Generation) []string {
	var p page
	p.line("Crypto session current status").line("")
	if s.Detail {
		p.line("Code: C - IKE Configuration mode, D - Dead Peer Detection     ")
		p.line("K - Keepalives, N - NAT-traversal, T - cTCP encapsulation     ")
		p.line("X - IKE Extended Authentication, F - IKE Fragmentation").line("")
	}
	for i := range s.Sessions {
		if i > 0 {
			p.line("")
		}
		if s.Detail {
			p.sessionDetail(&s.Sessions[i], s.Now)
		} else {
			p.session(&s.Sessions[i])
		}
	}
	return p.lines
}

func (p *page) session(s *CryptoSession) {
	p.linef("Interface: %s", s.Flow.Interface)
	p.linef("Session status: %s", s.Status)
	p.linef("Peer: %s port %d", words.Addr(s.Flow.Remote), s.peerPort())
	for _, sa := range s.SAs {
		p.line("  " + sessionIKE(sa))
	}
	p.sessionFlow(s.Flow, "")
}

// peerPort is the port the peer was last seen at.
func (s *CryptoSession) peerPort() uint16 {
	if len(s.SAs) > 0 {
		return s.SAs[0].Remote.Port()
	}
	return 500
}

// sessionIKE is the line about one IKE SA.
func sessionIKE(sa IKESA) string {
	state := "Inactive"
	if sa.ready() {
		state = "Active"
	}
	return fmt.Sprintf("IKEv2 SA: local %s remote %s %s", words.Slashed(sa.Local), words.Slashed(sa.Remote), state)
}

func (p *page) sessionFlow(f crypto.FlowState, tail string) {
	local, remote := "0.0.0.0/0.0.0.0", "0.0.0.0/0.0.0.0"
	if c, ok := f.Current(); ok && len(c.Local) > 0 && len(c.Remote) > 0 {
		local, remote = subnetText(c.Local[0]), subnetText(c.Remote[0])
	}
	p.linef("  IPSEC FLOW: permit ip %s %s%s", local, remote, tail)
	p.linef("        Active SAs: %d, origin: crypto map", 2*len(f.Pairs))
}

func subnetText(s crypto.Selector) string {
	return fmt.Sprintf("%v/%s", s.Start, words.RangeMask(s.Start, s.End))
}

func (p *page) sessionDetail(s *CryptoSession, now time.Time) {
	f := s.Flow
	p.linef("Interface: %s", f.Interface)
	if len(f.Pairs) > 0 && !f.UpSince.IsZero() {
		p.linef("Uptime: %s", words.Age(now.Sub(f.UpSince)))
	}
	p.linef("Session status: %s", s.Status)
	p.linef("Peer: %s port %d fvrf: (none) ivrf: (none)", words.Addr(f.Remote), s.peerPort())
	id := "(none)"
	for i := range s.SAs {
		if s.SAs[i].ready() {
			id = s.SAs[i].RemoteID
		}
	}
	p.linef("      Phase1_id: %s", id)
	p.line("      Desc: (none)")
	for i := range s.SAs {
		sa := &s.SAs[i]
		p.line("  " + sessionIKE(*sa))
		p.linef("          Capabilities:%s connid:%d lifetime:%s", sa.capabilities(), sa.ID, sa.left(now))
	}
	p.sessionFlow(f, " ")
	c, _ := f.Current()
	left := secondsTo(c.Expires, now)
	p.linef("        Inbound:  #pkts dec'ed %d drop %d life (KB/Sec) %d/%d", f.Decaps, f.RecvErrors, c.In.Kilobytes, left)
	p.linef("        Outbound: #pkts enc'ed %d drop %d life (KB/Sec) %d/%d", f.Encaps, f.SendErrors, c.Out.Kilobytes, left)
}

// capabilities are the letters of the detail screen's code.
func (sa *IKESA) capabilities() string {
	text := ""
	if sa.DPD.Interval > 0 {
		text += "D"
	}
	if sa.NAT {
		text += "N"
	}
	if sa.FragmentMTU > 0 {
		text += "F"
	}
	return orElse(text, "(none)")
}

// left is the IKE SA's remaining lifetime; 0 before it is up.
func (sa *IKESA) left(now time.Time) string {
	if sa.Established.IsZero() {
		return "0"
	}
	return words.Age(time.Duration(sa.Lifetime)*time.Second - sa.active(now).Truncate(time.Second))
}
