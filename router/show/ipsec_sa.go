package show

import (
	"fmt"
	"time"

	"ikelab/iosconfig"
	"ikelab/ipsec"
	"ikelab/router/crypto"
	"ikelab/router/words"
)

// IPsecSAs is `show crypto ipsec sa [… detail]`.
type IPsecSAs struct {
	Now    time.Time          `json:"now"`
	Flows  []crypto.FlowState `json:"flows"`
	Detail bool               `json:"-"`
}

// Lines shows flow by flow.
func (s IPsecSAs) Lines(g iosconfig.Generation) []string {
	var p page
	for i, f := range s.Flows {
		identity(&p, f, i == 0 || s.Flows[i-1].Interface != f.Interface) // an interface has one map
		errorsOf(&p, f, s.Detail)
		p.flow(f, s.Now, g)
	}
	return p.lines
}

// tagOf is the name of the crypto map; a tunnel interface has one of its own.
func tagOf(f crypto.FlowState) string {
	if f.Map != "" {
		return f.Map
	}
	return f.Interface + "-head-0"
}

// errorsOf are the errors of a flow, their sums or by cause. What never happens here is 0;
// ##pkts is IOS's.
func errorsOf(p *page, f crypto.FlowState, detail bool) {
	if !detail {
		p.linef("    #send errors %d, #recv errors %d", unsent(f), f.RecvErrors)
		return
	}
	p.linef("    #pkts no sa (send) %d, #pkts invalid sa (rcv) 0", f.Unprotected)
	p.linef("    #pkts encaps failed (send) %d, #pkts decaps failed (rcv) %d", f.SendErrors, f.RecvErrors-f.Replays-f.Unproven)
	p.linef("    #pkts invalid prot (recv) 0, #pkts verify failed: %d", f.Unproven)
	p.line("    #pkts invalid identity (recv) 0, #pkts invalid len (rcv) 0")
	p.line("    #pkts replay rollover (send): 0, #pkts replay rollover (rcv) 0")
	p.linef("    ##pkts replay failed (rcv): %d", f.Replays)
	p.line("    #pkts tagged (send): 0, #pkts untagged (rcv): 0")
	p.line("    #pkts not tagged (send): 0, #pkts not untagged (rcv): 0")
	p.line("    #pkts internal err (send): 0, #pkts internal err (recv) 0")
}

// unsent are the packets of a flow that did not leave: as in IOS also those that came before there were SAs,
// as the first one of a crypto map's entry does.
func unsent(f crypto.FlowState) uint64 { return f.SendErrors + f.Unprotected }

// flow shows the pairs of one interface's flow. The blank before the comma and the two
// blanks after "local" are IOS's. 15.x has no line of the plaintext MTU.
func (p *page) flow(f crypto.FlowState, now time.Time, g iosconfig.Generation) {
	head := tagOf(f)
	p.line("")
	p.linef("     local crypto endpt.: %s, remote crypto endpt.: %s", words.Addr(f.Local), words.Addr(f.Remote))
	plaintext := ""
	if g != iosconfig.IOS151 {
		plaintext = fmt.Sprintf("plaintext mtu %d, ", f.PlaintextMTU)
	}
	p.linef("     %spath mtu %d, ip mtu %d, ip mtu idb %s", plaintext, f.PathMTU, f.PathMTU, f.OutInterface)
	p.linef("     current outbound spi: %s", words.SPI(f.Sending))
	p.linef("     PFS (Y/N): %s", pfsText(f))
	p.line("")
	p.direction(f, now, g, "inbound", head, func(c crypto.Pair) crypto.SAState { return c.In })
	p.line("")
	p.direction(f, now, g, "outbound", head, func(c crypto.Pair) crypto.SAState { return c.Out })
}

// identity is what a flow carries, and how much of it.
func identity(p *page, f crypto.FlowState, first bool) {
	local, remote := idents(f)
	if first {
		p.line("")
		p.linef("interface: %s", f.Interface)
		p.linef("    Crypto map tag: %s, local addr %s", tagOf(f), words.Addr(f.Local))
	}
	p.line("")
	p.linef("   protected vrf: %s", orElse(f.IVRF, "(none)"))
	p.linef("   local  ident (addr/mask/prot/port): (%s)", local)
	p.linef("   remote ident (addr/mask/prot/port): (%s)", remote)
	p.linef("   current_peer %s port %d", words.Addr(f.Remote), peerPort(&f))
	p.linef("     PERMIT, flags={%s}", origin(f))
	p.linef("    #pkts encaps: %d, #pkts encrypt: %d, #pkts digest: %d", f.Encaps, f.Encaps, f.Encaps)
	p.linef("    #pkts decaps: %d, #pkts decrypt: %d, #pkts verify: %d", f.Decaps, f.Decaps, f.Decaps)
	p.line("    #pkts compressed: 0, #pkts decompressed: 0")
	p.line("    #pkts not compressed: 0, #pkts compr. failed: 0")
	p.line("    #pkts not decompressed: 0, #pkts decompress failed: 0")
}

// peerPort is where the peer is: that which ESP in UDP goes to, or IKE's.
func peerPort(f *crypto.FlowState) uint16 {
	if n := len(f.Pairs); n > 0 && f.Pairs[n-1].UDP {
		return f.Pairs[n-1].PeerPort
	}
	return 500
}

func (p *page) direction(f crypto.FlowState, now time.Time, g iosconfig.Generation, way, head string, side func(crypto.Pair) crypto.SAState) {
	p.linef("     %s esp sas:", way)
	for _, pair := range f.Pairs {
		sa := side(pair)
		p.linef("      spi: %s", words.SPI(sa.SPI))
		espOf(p, &sa, &pair, now, head, g)
	}
	p.add("", fmt.Sprintf("     %s ah sas:", way), "", fmt.Sprintf("     %s pcp sas:", way))
}

// esp is what is told of an SA below its SPI.
func espOf(p *page, sa *crypto.SAState, pair *crypto.Pair, now time.Time, head string, g iosconfig.Generation) {
	p.linef("        transform: %s ,", words.ESP(sa.Encr, sa.Integ))
	p.linef("        in use settings ={%s%s, %s}", mode(sa.Transport), udpEncaps(pair.UDP), esn(sa.ESN))
	p.line("        " + flowID(sa, pair, head, g))
	timing := fmt.Sprintf("sa timing: remaining key lifetime (k/sec): (%d/%d)", sa.Kilobytes, secondsTo(pair.Expires, now))
	if g == iosconfig.XE17 {
		timing = " " + timing // as XE indents it
	}
	p.line("        " + timing)
	p.linef("        IV size: %d bytes", sa.Encr.IVLen())
	p.linef("        replay detection support: %s", yn(sa.Window > 0))
	p.line("        Status: ACTIVE(ACTIVE)")
}

// flowID is an SA's place in the encryption engine; XE says as well who began. The sibling
// flags are those of sessions that were seen: what their bits mean is not known.
func flowID(sa *crypto.SAState, pair *crypto.Pair, head string, g iosconfig.Generation) string {
	if g != iosconfig.XE17 {
		return fmt.Sprintf("conn id: %d, flow_id: SW:%d, sibling_flags 80000040, crypto map: %s", sa.ConnID, sa.ConnID, head)
	}
	initiator := "False"
	if pair.Ours {
		initiator = "True"
	}
	return fmt.Sprintf("conn id: %d, flow_id: CSR:%d, sibling_flags FFFFFFFF80000048, crypto map: %s, initiator : %s", 2000+sa.ConnID, sa.ConnID, head, initiator)
}

// origin is where a flow comes from: from a line of a list, or from the peer, who
// wants less.
func origin(f crypto.FlowState) string {
	if f.Part {
		return ""
	}
	return "origin_is_acl,"
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

// idents are the proxy identities: those of the pair, those that will be asked for.
func idents(f crypto.FlowState) (local, remote string) {
	any := words.AnyProtocol
	if f.Map != "" {
		any = 0
	}
	text := func(s crypto.Selector) string {
		if !s.Start.IsValid() {
			return words.AnyIdent
		}
		return words.Ident(s.Start, s.End, s.Proto, s.StartPort, s.EndPort, any)
	}
	from, to := proxies(f)
	return text(from), text(to)
}

// proxies are what a flow carries, or is to carry.
func proxies(f crypto.FlowState) (local, remote crypto.Selector) {
	if c, ok := f.Current(); ok && len(c.Local) > 0 && len(c.Remote) > 0 {
		return c.Local[0], c.Remote[0]
	}
	return f.LocalIdent, f.RemoteIdent
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
	text := fmt.Sprintf("Y, DH group: group%d", uint16(c.PFS))
	if len(c.AddKE) > 0 {
		text += ", PQC Key Exchange: " + words.AddKE(c.AddKE)
	}
	return text
}
