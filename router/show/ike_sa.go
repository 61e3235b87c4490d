package show

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/crypto"
	"ikelab/router/words"
)

// IKEv2SAs is `show crypto ikev2 sa [detailed]`.
type IKEv2SAs struct {
	Now      time.Time `json:"now"`
	SAs      []IKESA   `json:"ike_sas"`
	Detailed bool      `json:"-"`
}

// Lines is nothing without an SA. The tech note's image ends the detailed
// screen without the heading of IPv6.
func (s IKEv2SAs) Lines(g iosconfig.Generation) []string {
	var p page
	if len(s.SAs) == 0 {
		return nil
	}
	p.line(" IPv4 Crypto IKEv2  SA")
	six := 0
	for i := range s.SAs {
		if s.SAs[i].Local.Addr().Is6() {
			six++
			continue
		}
		p.line("").ikeSA(&s.SAs[i], s.Now, s.Detailed, g)
	}
	if !s.Detailed || g != iosconfig.IOS151 || six > 0 {
		p.line("").line(" IPv6 Crypto IKEv2  SA").line("")
	}
	for i := range s.SAs {
		if s.SAs[i].Local.Addr().Is6() {
			p.ikeSA(&s.SAs[i], s.Now, s.Detailed, g)
			p.line("")
		}
	}
	return p.lines
}

const ikeTableHead = "Tunnel-id Local                 Remote                fvrf/ivrf            Status"

// ikeSA is an SA's row, for which IOS repeats the heading, and what stands
// below it.
func (p *page) ikeSA(sa *IKESA, now time.Time, detailed bool, g iosconfig.Generation) {
	if sa.Local.Addr().Is6() {
		p.line("Tunnel-id    fvrf/ivrf              Status").linef("%-11d%-22s%s", sa.ID, vrfsText(sa), sa.Status)
		p.line("Local  " + words.Slashed(sa.Local)).line("Remote  " + words.Slashed(sa.Remote))
		ikeBelow(p, sa, now, detailed, g)
		return
	}
	p.line(ikeTableHead)
	p.linef("%-10d%-22s%-22s%-21s%s", sa.ID, words.Slashed(sa.Local), words.Slashed(sa.Remote), vrfsText(sa), sa.Status)
	ikeBelow(p, sa, now, detailed, g)
}

// ikeBelow is what stands below an SA's addresses.
func ikeBelow(p *page, sa *IKESA, now time.Time, detailed bool, g iosconfig.Generation) {
	p.line("      " + sa.Suite.text(g))
	if sa.Suite.AddKE != "" {
		p.line("      PQC Key Exchange: " + sa.Suite.AddKE)
	}
	p.linef("      Life/Active Time: %d/%d sec", sa.Lifetime, words.Seconds(sa.active(now)))
	if detailed || g == iosconfig.XE17 { // which names the SPIs on the short screen too
		p.linef("      CE id: %d, Session-id: %d", sa.CEID, sa.Session)
	}
	spis := fmt.Sprintf("      Local spi: %s       Remote spi: %s", sa.LocalSPI, sa.RemoteSPI)
	switch status := "      Status Description: " + sa.Description; {
	case g == iosconfig.XE17 && detailed:
		p.add(spis, status).ikeDetail(sa, g)
	case g == iosconfig.XE17:
		p.line(spis)
	case detailed:
		p.add(status, spis).ikeDetail(sa, g)
	}
}

// text is the line of algorithms; 15.1 and 15.2 do not name the PRF.
func (s IKESuite) text(g iosconfig.Generation) string {
	encr, prf := s.Encryption, ""
	if s.KeySize != 0 {
		encr += fmt.Sprintf(", keysize: %d", s.KeySize)
	}
	if g != iosconfig.IOS151 {
		prf = " PRF: " + s.PRF + ","
	}
	line := fmt.Sprintf("Encr: %s,%s Hash: %s, DH Grp:%d, Auth sign: %s, Auth verify: %s", encr, prf, s.Hash, s.Group, s.AuthSign, s.AuthVerify)
	if s.QuantumResistant {
		line += ", QR"
	}
	return line
}

func (p *page) ikeDetail(sa *IKESA, g iosconfig.Generation) {
	w := &sa.Windows
	p.linef("      Local id: %s", sa.LocalID)
	p.linef("      Remote id: %s", sa.RemoteID)
	p.linef("      Local req msg id:  %-15dRemote req msg id:  %d", w.LocalRequest, w.RemoteRequest)
	p.linef("      Local next msg id: %-15dRemote next msg id: %d", w.LocalNext, w.RemoteNext)
	p.linef("      Local req queued:  %-15dRemote req queued:  %d", w.LocalQueued, w.RemoteQueued)
	p.linef("      Local window:      %-15dRemote window:      %d", w.LocalSize, w.RemoteSize)
	p.linef("      DPD configured for %d seconds, retry %d", sa.DPD.Interval, sa.DPD.Retry)
	fragmentation(p, sa, g)
	switch {
	case sa.NATInside:
		p.line("      NAT-T is detected inside")
	case sa.NAT:
		p.line("      NAT-T is detected  outside")
	default:
		p.line("      NAT-T is not detected")
	}
	p.line("      Cisco Trust Security SGT is disabled")
	if sa.Assigned.IsValid() && !sa.Initiator {
		p.linef("      Assigned host addr: %v", sa.Assigned)
	}
	p.linef("      Initiator of SA : %s", yesNo(sa.Initiator))
	if sa.From.IsValid() {
		p.linef("      Redirected from: %v", sa.From)
	}
	if sa.Assigned.IsValid() && sa.Initiator {
		p.linef("      Pushed IP address: %v", sa.Assigned)
	}
	remoteSubnets(p, sa.Subnets)
	if sa.PPK != "" {
		p.line("      Quantum-safe Encryption using Manual PPK")
	}
	switch {
	case g != iosconfig.XE17:
	case sa.Cisco:
		p.line("      PEER TYPE: IOS-XE")
	default:
		p.line("      PEER TYPE: Other")
	}
}

func remoteSubnets(p *page, list []netip.Prefix) {
	if len(list) > 0 {
		p.line("      Remote subnets:")
	}
	for _, n := range list {
		p.linef("      %v %s", n.Addr(), iosconfig.MaskOf(n))
	}
}

// fragmentation is also where the newer image has what there is none of here.
func fragmentation(p *page, sa *IKESA, g iosconfig.Generation) {
	switch {
	case sa.FragmentMTU > 0:
		p.line("      IETF Std Fragmentation  enabled.")
	case g == iosconfig.XE17:
		p.line("      Fragmentation not  configured.")
	}
	if sa.Suite.AddKE != "" {
		p.line("      Quantum-safe Encryption using PQC: " + sa.Suite.AddKE)
	}
	if g == iosconfig.XE17 {
		p.linef("      Dynamic Route Update: %s", enabled(sa.Dynamic))
	}
	if sa.FragmentMTU > 0 {
		p.linef("      IETF Std Fragmentation MTU in use: %d bytes.", sa.FragmentMTU)
	}
	if g == iosconfig.XE17 {
		p.line("      Extended Authentication not configured.")
	}
}

// IKEv2Sessions is `show crypto ikev2 session [detailed]`.
type IKEv2Sessions struct {
	Now      time.Time      `json:"now"`
	Sessions []IKEv2Session `json:"sessions"`
	Detailed bool           `json:"-"`
}

// IKEv2Session is an IKE SA that is up, with the pairs that it has made or
// inherited.
type IKEv2Session struct {
	Status   string        `json:"status"` // UP-ACTIVE, UP-IDLE
	SA       IKESA         `json:"ike_sa"`
	Children []crypto.Pair `json:"children"`
}

// IKEv2SessionsOf joins IKE SAs and the flows that they protect.
func IKEv2SessionsOf(now time.Time, sas []IKESA, flows []crypto.FlowState, detailed bool) IKEv2Sessions {
	s := IKEv2Sessions{Now: now, Sessions: []IKEv2Session{}, Detailed: detailed}
	for _, sa := range sas {
		if !sa.ready() {
			continue
		}
		one := IKEv2Session{Status: "UP-IDLE", SA: sa, Children: pairsOf(sa, flows)}
		if len(one.Children) > 0 {
			one.Status = "UP-ACTIVE"
		}
		s.Sessions = append(s.Sessions, one)
	}
	return s
}

func pairsOf(sa IKESA, flows []crypto.FlowState) []crypto.Pair {
	list := []crypto.Pair{}
	for _, f := range flows {
		for _, pair := range f.Pairs {
			for _, spi := range sa.Children {
				if pair.In.SPI == spi {
					list = append(list, pair)
				}
			}
		}
	}
	return list
}

// Lines is nothing while no session is up.
func (s IKEv2Sessions) Lines(g iosconfig.Generation) []string {
	var p page
	if len(s.Sessions) == 0 {
		return nil
	}
	p.line(" IPv4 Crypto IKEv2 Session").line("")
	s.family(&p, g, false)
	p.line(" IPv6 Crypto IKEv2 Session").line("")
	s.family(&p, g, true)
	return p.lines
}

// family is the sessions over IPv4, or over IPv6.
func (s IKEv2Sessions) family(p *page, g iosconfig.Generation, six bool) {
	for i := range s.Sessions {
		one := &s.Sessions[i]
		if one.SA.Local.Addr().Is6() != six {
			continue
		}
		p.linef("Session-id:%d, Status:%s, IKE count:1, CHILD count:%d", one.SA.Session, one.Status, len(one.Children)).line("")
		p.ikeSA(&one.SA, s.Now, s.Detailed, g)
		for _, c := range one.Children {
			p.child(c, s.Detailed)
		}
		p.line("")
	}
}

func (p *page) child(c crypto.Pair, detailed bool) {
	head := "Child sa: "
	for _, s := range c.Local {
		p.linef("%slocal selector  %s", head, selectorText(s))
		head = "          "
	}
	for _, s := range c.Remote {
		p.linef("          remote selector %s", selectorText(s))
	}
	p.linef("          ESP spi in/out: 0x%X/0x%X", uint32(c.In.SPI), uint32(c.Out.SPI))
	if !detailed {
		return
	}
	p.line("          AH spi in/out: 0x0/0x0")
	p.line("          CPI in/out: 0x0/0x0")
	encr := words.Encr(c.In.Encr.ID)
	if c.In.Encr.KeyBits != 0 {
		encr += fmt.Sprintf(", keysize: %d", c.In.Encr.KeyBits)
	}
	p.linef("          Encr: %s, esp_hmac: %s", encr, words.Integ(c.In.Integ))
	p.linef("          ah_hmac: None, comp: IPCOMP_NONE, mode %s", strings.ToLower(mode(c.In.Transport)))
}

func selectorText(s crypto.Selector) string {
	return fmt.Sprintf("%s/%d - %s/%d", words.Addr(s.Start), s.StartPort, words.Addr(s.End), s.EndPort)
}

// vrfsText is the column of VRFs, which IOS cuts off.
func vrfsText(sa *IKESA) string {
	return fmt.Sprintf("%.18s", orElse(sa.FVRF, "none")+"/"+orElse(sa.IVRF, "none"))
}
