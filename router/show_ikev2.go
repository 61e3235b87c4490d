package router

import (
	"fmt"
	"net/netip"
	"time"

	"ikelab/ikev2"
	"ikelab/ikev2/wire"
	"ikelab/ipsec/spd"
)

const ikeTableHead = "Tunnel-id Local                 Remote                fvrf/ivrf            Status"

// showIKEv2SA is `show crypto ikev2 sa`.
func (x *exec) showIKEv2SA(list []ikev2.SAInfo) {
	if len(list) == 0 {
		return
	}
	x.line(" IPv4 Crypto IKEv2  SA")
	for _, sa := range list {
		x.line("")
		x.ikeRow(sa)
		x.line("      " + ikeSuite(sa, true))
		x.ikeLife(sa)
	}
	x.line("").line(" IPv6 Crypto IKEv2  SA").line("")
}

// showIKEv2SADetailed is `show crypto ikev2 sa detailed`, in the layout of
// the tech note's image.
func (x *exec) showIKEv2SADetailed(list []ikev2.SAInfo) {
	if len(list) == 0 {
		return
	}
	x.line(" IPv4 Crypto IKEv2  SA")
	for _, sa := range list {
		x.line("")
		x.ikeRow(sa)
		x.ikeDetail(sa)
	}
}

func (x *exec) ikeSAs(keep func(ikev2.SAInfo) bool) []ikev2.SAInfo {
	var list []ikev2.SAInfo
	for _, sa := range x.r.ikeSAs() {
		if keep == nil || keep(sa) {
			list = append(list, sa)
		}
	}
	return list
}

// ikeRow is the table row of an SA; IOS repeats the heading for each.
func (x *exec) ikeRow(sa ikev2.SAInfo) {
	x.line(ikeTableHead)
	x.linef("%-10d%-22s%-22s%-21s%s", sa.ID, slashed(sa.Local), slashed(sa.Remote), "none/none", sa.Status)
}

// slashed writes an address and port as IOS's crypto screens do.
func slashed(a netip.AddrPort) string { return fmt.Sprintf("%v/%d", a.Addr(), a.Port()) }

// ikeSuite is the line of algorithms. The tech note's image names the PRF in
// the short form of the screen only.
func ikeSuite(sa ikev2.SAInfo, withPRF bool) string {
	encr, hash, auth, prf := unknownName(0), "None", unknownName(0), unknownName(0)
	if sa.Encr.ID != 0 {
		encr = named(encrNames, sa.Encr.ID)
		if sa.Encr.KeyBits != 0 {
			encr += fmt.Sprintf(", keysize: %d", sa.Encr.KeyBits)
		}
		hash, prf = named(integNames, sa.Integ), named(prfNames, sa.PRF)
	}
	if sa.AuthPSK {
		auth = "PSK"
	}
	if withPRF {
		prf = " PRF: " + prf + ","
	} else {
		prf = ""
	}
	return fmt.Sprintf("Encr: %s,%s Hash: %s, DH Grp:%d, Auth sign: %s, Auth verify: %s", encr, prf, hash, sa.Group, auth, auth)
}

func (x *exec) ikeLife(sa ikev2.SAInfo) {
	x.linef("      Life/Active Time: %d/%d sec", sa.Lifetime/time.Second, x.activeTime(sa)/time.Second)
}

// activeTime is how long an SA has been established.
func (x *exec) activeTime(sa ikev2.SAInfo) time.Duration {
	if sa.Established.IsZero() {
		return 0
	}
	return x.now.Sub(sa.Established)
}

// spis are the SPIs as this router sees them: its own, the peer's.
func spis(sa ikev2.SAInfo) (local, remote uint64) {
	if sa.Initiator {
		return sa.SPIi, sa.SPIr
	}
	return sa.SPIr, sa.SPIi
}

// firstCE is below the first number that a crypto engine gives to an IKE SA: IOS
// counts from 1001.
const firstCE = 1000

func (x *exec) ikeDetail(sa ikev2.SAInfo) {
	local, remote := spis(sa)
	x.line("      " + ikeSuite(sa, false))
	x.ikeLife(sa)
	x.linef("      CE id: %d, Session-id: %d", firstCE+sa.CEID, sa.Session)
	x.linef("      Status Description: %s", sa.Description)
	x.linef("      Local spi: %016X       Remote spi: %016X", local, remote)
	x.linef("      Local id: %s", identityText(sa.LocalID))
	x.linef("      Remote id: %s", identityText(sa.RemoteID))
	x.linef("      Local req msg id:  %-15dRemote req msg id:  %d", sa.LocalReqID, sa.RemoteReqID)
	x.linef("      Local next msg id: %-15dRemote next msg id: %d", sa.LocalNextID, sa.RemoteNextID)
	x.linef("      Local req queued:  %-15dRemote req queued:  %d", sa.LocalQueued, sa.RemoteQueued)
	x.linef("      Local window:      %-15dRemote window:      %d", sa.LocalWindow, sa.RemoteWindow)
	x.linef("      DPD configured for %d seconds, retry %d", sa.DPD.Interval/time.Second, sa.DPD.Retry/time.Second)
	if sa.NAT {
		x.line("      NAT-T is detected")
	} else {
		x.line("      NAT-T is not detected")
	}
	x.line("      Cisco Trust Security SGT is disabled")
	x.linef("      Initiator of SA : %s", yesNo(sa.Initiator))
}

func yesNo(b bool) string {
	if b {
		return "Yes"
	}
	return "No"
}

// identityText shows an IKE identity: addresses in dots, names as they are.
func identityText(id ikev2.Identity) string {
	switch id.Kind {
	case wire.IDIPv4Addr, wire.IDIPv6Addr:
		if a, ok := netip.AddrFromSlice(id.Data); ok {
			return a.String()
		}
	case wire.IDKeyID:
		if !printable(id.Data) {
			return fmt.Sprintf("0x%X", id.Data)
		}
	}
	return string(id.Data)
}

func printable(b []byte) bool {
	for _, c := range b {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

// showIKEv2Session is `show crypto ikev2 session [detailed]`.
func (x *exec) showIKEv2Session(detailed bool) {
	list := x.ikeSAs(func(sa ikev2.SAInfo) bool { return sa.Status == ikev2.StatusReady })
	if len(list) == 0 {
		return
	}
	x.line(" IPv4 Crypto IKEv2 Session").line("")
	for _, sa := range list {
		pairs := x.pairsOf(sa)
		status := "UP-ACTIVE"
		if len(pairs) == 0 {
			status = "UP-IDLE"
		}
		x.linef("Session-id:%d, Status:%s, IKE count:1, CHILD count:%d", sa.Session, status, len(pairs)).line("")
		x.ikeRow(sa)
		if detailed {
			x.ikeDetail(sa)
		} else {
			x.line("      " + ikeSuite(sa, true))
			x.ikeLife(sa)
		}
		for _, p := range pairs {
			x.childSA(p, detailed)
		}
		x.line("")
	}
	x.line(" IPv6 Crypto IKEv2 Session").line("")
}

// pairsOf are the ESP pairs that an IKE SA has made or inherited.
func (x *exec) pairsOf(sa ikev2.SAInfo) []saView {
	var list []saView
	for _, p := range x.r.saViews() {
		for _, spi := range sa.Children {
			if p.In.SPI == spi {
				list = append(list, p)
			}
		}
	}
	return list
}

func (x *exec) childSA(p saView, detailed bool) {
	head := "Child sa: "
	for _, s := range p.In.Local {
		x.linef("%slocal selector  %s", head, selectorText(s))
		head = "          "
	}
	for _, s := range p.In.Remote {
		x.linef("          remote selector %s", selectorText(s))
	}
	x.linef("          ESP spi in/out: 0x%X/0x%X", p.In.SPI, p.Out.SPI)
	if !detailed {
		return
	}
	x.line("          AH spi in/out: 0x0/0x0")
	x.line("          CPI in/out: 0x0/0x0")
	encr := named(encrNames, p.In.Encr.ID)
	if p.In.Encr.KeyBits != 0 {
		encr += fmt.Sprintf(", keysize: %d", p.In.Encr.KeyBits)
	}
	x.linef("          Encr: %s, esp_hmac: %s", encr, named(integNames, p.In.Integ))
	x.line("          ah_hmac: None, comp: IPCOMP_NONE, mode tunnel")
}

func selectorText(s spd.Selector) string {
	return fmt.Sprintf("%v/%d - %v/%d", s.Start, s.StartPort, s.End, s.EndPort)
}
