package show

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
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

// CryptoSession is what an interface has with a peer: its flows, and the IKE SAs
// between their ends.
type CryptoSession struct {
	Interface string             `json:"interface"`
	Peer      netip.AddrPort     `json:"peer"`
	Status    string             `json:"status"` // UP-ACTIVE, UP-IDLE, UP-NO-IKE, DOWN-NEGOTIATING, DOWN
	Flows     []crypto.FlowState `json:"flows"`
	SAs       []IKESA            `json:"ike_sas"`
}

// cryptoSessionsOf joins flows and IKE SAs.
func cryptoSessionsOf(now time.Time, flows []crypto.FlowState, sas []IKESA, detail bool) CryptoSessions {
	s := CryptoSessions{Now: now, Sessions: []CryptoSession{}, Detail: detail}
	type path struct {
		local, remote netip.Addr
		vrf           int
	}
	ends := map[path][]IKESA{}
	for _, sa := range sas {
		key := path{sa.Local.Addr(), sa.Remote.Addr(), sa.vrf}
		ends[key] = append(ends[key], sa)
	}
	for i, f := range flows {
		if i == 0 || !oneSession(f, flows[i-1]) {
			s.Sessions = append(s.Sessions, sessionOf(f, ends[path{f.Local, f.Remote, f.VRF}]))
		}
		last := &s.Sessions[len(s.Sessions)-1]
		last.Flows = append(last.Flows, f)
	}
	for i := range s.Sessions {
		s.Sessions[i].Status = cryptoStatus(s.Sessions[i].Flows, s.Sessions[i].SAs)
	}
	return s
}

func oneSession(f, g crypto.FlowState) bool {
	return f.Interface == g.Interface && f.Ends == g.Ends
}

// sessionOf begins a session; the peer's port is the one it was last seen at.
func sessionOf(f crypto.FlowState, sas []IKESA) CryptoSession {
	one := CryptoSession{Interface: f.Interface, Peer: netip.AddrPortFrom(f.Remote, 500), SAs: append([]IKESA{}, sas...)}
	if len(sas) > 0 {
		one.Peer = netip.AddrPortFrom(f.Remote, sas[0].Remote.Port())
	}
	return one
}

// cryptoStatus is the "Session status" of flows.
func cryptoStatus(flows []crypto.FlowState, sas []IKESA) string {
	pairs := slices.ContainsFunc(flows, func(f crypto.FlowState) bool { return len(f.Pairs) > 0 })
	ready, negotiating := false, false
	for i := range sas {
		ready = ready || sas[i].ready()
		negotiating = negotiating || sas[i].Status == string(ikev2.StatusInNeg)
	}
	switch {
	case ready && pairs:
		return "UP-ACTIVE"
	case ready:
		return "UP-IDLE"
	case pairs:
		return "UP-NO-IKE"
	case negotiating:
		return "DOWN-NEGOTIATING"
	}
	return "DOWN"
}

// Lines shows session by session.
func (s CryptoSessions) Lines(g iosconfig.Generation) []string {
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
			p.sessionDetail(&s.Sessions[i], s.Now, g)
		} else {
			p.session(&s.Sessions[i], g)
		}
	}
	return p.lines
}

// profiled are the lines that newer images have: the IKEv2 profile, and above an SA the
// session's number.
func (s *CryptoSession) profiled(g iosconfig.Generation) []string {
	if i := slices.IndexFunc(s.SAs, func(sa IKESA) bool { return sa.Profile != "" }); i >= 0 && g != iosconfig.IOS151 {
		return []string{"Profile: " + s.SAs[i].Profile}
	}
	return nil
}

func (p *page) sessionID(sa *IKESA, g iosconfig.Generation) {
	if g != iosconfig.IOS151 {
		p.linef("  Session ID: %d  ", sa.Session)
	}
}

func (p *page) session(s *CryptoSession, g iosconfig.Generation) {
	p.linef("Interface: %s", s.Interface)
	p.add(s.profiled(g)...)
	p.linef("Session status: %s", s.Status)
	p.linef("Peer: %s port %d", words.Addr(s.Peer.Addr()), s.Peer.Port())
	for _, sa := range s.SAs {
		p.sessionID(&sa, g)
		p.line("  " + sessionIKE(sa))
	}
	for _, f := range s.Flows {
		p.sessionFlow(f, "")
	}
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
	local, remote := proxies(f)
	proto := "ip"
	if local.Proto != 0 {
		proto = strconv.Itoa(int(local.Proto))
	}
	p.linef("  IPSEC FLOW: permit %s %s %s%s", proto, subnetText(local), subnetText(remote), tail)
	p.linef("        Active SAs: %d, origin: crypto map", 2*len(f.Pairs))
}

// subnetText is a range as IOS writes it: a mask, or one host.
func subnetText(s crypto.Selector) string {
	switch {
	case !s.Start.IsValid():
		return "0.0.0.0/0.0.0.0"
	case s.Start == s.End:
		return "host " + words.Addr(s.Start)
	}
	return fmt.Sprintf("%s/%s", words.Addr(s.Start), words.RangeMask(s.Start, s.End))
}

func (p *page) sessionDetail(s *CryptoSession, now time.Time, g iosconfig.Generation) {
	p.linef("Interface: %s", s.Interface)
	p.add(s.profiled(g)...)
	if since := s.upSince(); !since.IsZero() {
		p.linef("Uptime: %s", words.Age(now.Sub(since)))
	}
	p.linef("Session status: %s", s.Status)
	p.linef("Peer: %s port %d fvrf: %s ivrf: %s", words.Addr(s.Peer.Addr()), s.Peer.Port(), orElse(s.Flows[0].FVRF, "(none)"), orElse(s.Flows[0].IVRF, "(none)"))
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
		p.sessionID(sa, g)
		p.line("  " + sessionIKE(*sa))
		p.linef("          Capabilities:%s connid:%d lifetime:%s", sa.capabilities(), sa.ID, sa.left(now))
	}
	for _, f := range s.Flows {
		p.flowDetail(f, now)
	}
}

// upSince is when the first of the flows that are up came up.
func (s *CryptoSession) upSince() (first time.Time) {
	for _, f := range s.Flows {
		if len(f.Pairs) > 0 && (first.IsZero() || f.UpSince.Before(first)) {
			first = f.UpSince
		}
	}
	return first
}

func (p *page) flowDetail(f crypto.FlowState, now time.Time) {
	p.sessionFlow(f, " ")
	c, _ := f.Current()
	left := secondsTo(c.Expires, now)
	p.linef("        Inbound:  #pkts dec'ed %d drop %d life (KB/Sec) %d/%d", f.Decaps, f.RecvErrors, c.In.Kilobytes, left)
	p.linef("        Outbound: #pkts enc'ed %d drop %d life (KB/Sec) %d/%d", f.Encaps, unsent(f), c.Out.Kilobytes, left)
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
