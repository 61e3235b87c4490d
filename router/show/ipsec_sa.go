package show

import (
	"fmt"
	"time"

	"ikelab/iosconfig"
	"ikelab/ipsec"
	"ikelab/router/crypto"
	"ikelab/router/words"
)

// IPsecSAs is `show crypto ipsec sa`.
type IPsecSAs struct {
	Now   time.Time          `json:"now"`
	Flows []crypto.FlowState `json:"flows"`
}

// Lines shows flow by flow.
func (s IPsecSAs) Lines(iosconfig.Generation) []string {
	var p page
	for _, f := range s.Flows {
		p.flow(f, s.Now)
	}
	return p.lines
}

// flow shows one interface's flow. The blank before the comma and the two
// blanks after "local" are IOS's. 15.x has no line of the plaintext MTU.
func (p *page) flow(f crypto.FlowState, now time.Time) {
	head := f.Interface + "-head-0"
	local, remote := idents(f)
	p.line("")
	p.linef("interface: %s", f.Interface)
	p.linef("    Crypto map tag: %s, local addr %s", head, words.Addr(f.Local))
	p.line("")
	p.line("   protected vrf: (none)")
	p.linef("   local  ident (addr/mask/prot/port): (%s)", local)
	p.linef("   remote ident (addr/mask/prot/port): (%s)", remote)
	p.linef("   current_peer %s port 500", words.Addr(f.Remote))
	p.line("     PERMIT, flags={origin_is_acl,}")
	p.linef("    #pkts encaps: %d, #pkts encrypt: %d, #pkts digest: %d", f.Encaps, f.Encaps, f.Encaps)
	p.linef("    #pkts decaps: %d, #pkts decrypt: %d, #pkts verify: %d", f.Decaps, f.Decaps, f.Decaps)
	p.line("    #pkts compressed: 0, #pkts decompressed: 0")
	p.line("    #pkts not compressed: 0, #pkts compr. failed: 0")
	p.line("    #pkts not decompressed: 0, #pkts decompress failed: 0")
	p.linef("    #send errors %d, #recv errors %d", f.SendErrors, f.RecvErrors)
	p.line("")
	p.linef("     local crypto endpt.: %s, remote crypto endpt.: %s", words.Addr(f.Local), words.Addr(f.Remote))
	p.linef("     path mtu %d, ip mtu %d, ip mtu idb %s", f.PathMTU, f.PathMTU, f.OutInterface)
	p.linef("     current outbound spi: %s", words.SPI(f.Sending))
	p.linef("     PFS (Y/N): %s", pfsText(f))
	p.line("")
	p.direction(f, now, "inbound", head, func(c crypto.Pair) crypto.SAState { return c.In })
	p.line("")
	p.direction(f, now, "outbound", head, func(c crypto.Pair) crypto.SAState { return c.Out })
}

func (p *page) direction(f crypto.FlowState, now time.Time, way, head string, side func(crypto.Pair) crypto.SAState) {
	p.linef("     %s esp sas:", way)
	for _, pair := range f.Pairs {
		sa := side(pair)
		p.linef("      spi: %s", words.SPI(sa.SPI))
		p.linef("        transform: %s ,", words.ESP(sa.Encr, sa.Integ))
		p.linef("        in use settings ={%s%s, %s}", mode(sa.Transport), udpEncaps(pair.UDP), esn(sa.ESN))
		p.linef("        conn id: %d, flow_id: SW:%d, sibling_flags 80000040, crypto map: %s", sa.ConnID, sa.ConnID, head)
		p.linef("        sa timing: remaining key lifetime (k/sec): (%d/%d)", sa.Kilobytes, secondsTo(pair.Expires, now))
		p.linef("        IV size: %d bytes", sa.Encr.IVLen())
		p.linef("        replay detection support: %s", yn(sa.Window > 0))
		p.line("        Status: ACTIVE(ACTIVE)")
	}
	p.add("", fmt.Sprintf("     %s ah sas:", way), "", fmt.Sprintf("     %s pcp sas:", way))
}

func mode(transport bool) string {
	if transport {
		return "Transport"
	}
	return "Tunnel"
}

// esn is how IOS marks extended sequence numbers.
func esn(on bool) string {
	if on {
		return "esn"
	}
	return ""
}

func udpEncaps(udp bool) string {
	if udp {
		return " UDP-Encaps"
	}
	return ""
}

// idents are the proxy identities; without an SA those that will be proposed.
func idents(f crypto.FlowState) (local, remote string) {
	text := func(s crypto.Selector) string { return words.Ident(s.Start, s.End, s.Proto, s.StartPort, s.EndPort) }
	c, ok := f.Current()
	switch {
	case ok && len(c.Local) > 0 && len(c.Remote) > 0:
		return text(c.Local[0]), text(c.Remote[0])
	case f.LocalIdent.Start.IsValid() && f.RemoteIdent.Start.IsValid():
		return text(f.LocalIdent), text(f.RemoteIdent)
	}
	return words.AnyIdent, words.AnyIdent
}

// secondsTo is the time left, in whole seconds, never negative.
func secondsTo(t, now time.Time) int64 {
	if t.IsZero() || t.Before(now) {
		return 0
	}
	return words.Seconds(t.Sub(now))
}

// pfsText is the group of the exchange that made the current pair: none for
// the pair of IKE_AUTH, whatever is configured.
func pfsText(f crypto.FlowState) string {
	c, ok := f.Current()
	if !ok || c.PFS == ipsec.GroupNone {
		return "N, DH group: none"
	}
	return fmt.Sprintf("Y, DH group: group%d", uint16(c.PFS))
}
