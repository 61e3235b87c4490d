package router

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"ikelab/ipsec"
	"ikelab/ipsec/spd"
	"ikelab/router/crypto"
)

// showIPsecSA is `show crypto ipsec sa`, for the tunnels that keep says.
func (x *exec) showIPsecSA(keep func(tunnelView) bool) {
	for _, t := range x.r.tunnelViews() {
		if keep == nil || keep(t) {
			x.ipsecTunnel(t)
		}
	}
}

// ipsecTunnel shows one tunnel's flow. The blank before the comma and the two
// blanks after "local" are IOS's.
func (x *exec) ipsecTunnel(t tunnelView) {
	head := t.Config.Name() + "-head-0"
	localIdent, remoteIdent := t.idents()
	x.line("")
	x.linef("interface: %s", t.Config.Name())
	x.linef("    Crypto map tag: %s, local addr %s", head, addrText(t.Local))
	x.line("")
	x.line("   protected vrf: (none)")
	x.linef("   local  ident (addr/mask/prot/port): (%s)", localIdent)
	x.linef("   remote ident (addr/mask/prot/port): (%s)", remoteIdent)
	x.linef("   current_peer %s port 500", addrText(t.Remote))
	x.line("     PERMIT, flags={origin_is_acl,}")
	x.linef("    #pkts encaps: %d, #pkts encrypt: %d, #pkts digest: %d", t.Encaps, t.Encaps, t.Encaps)
	x.linef("    #pkts decaps: %d, #pkts decrypt: %d, #pkts verify: %d", t.Decaps, t.Decaps, t.Decaps)
	x.line("    #pkts compressed: 0, #pkts decompressed: 0")
	x.line("    #pkts not compressed: 0, #pkts compr. failed: 0")
	x.line("    #pkts not decompressed: 0, #pkts decompress failed: 0")
	x.linef("    #send errors %d, #recv errors %d", t.SendErrors, t.RecvErrors)
	x.line("")
	x.linef("     local crypto endpt.: %s, remote crypto endpt.: %s", addrText(t.Local), addrText(t.Remote))
	x.linef("     path mtu %d, ip mtu %d, ip mtu idb %s", t.PathMTU, t.PathMTU, t.Source)
	x.linef("     current outbound spi: %s", spiText(t.Sending))
	x.linef("     PFS (Y/N): %s", pfsText(t))
	x.line("")
	x.direction(t, "inbound", head, func(p saView) (crypto.Params, int, uint64) { return p.In, p.InID, p.KilobytesIn })
	x.line("")
	x.direction(t, "outbound", head, func(p saView) (crypto.Params, int, uint64) { return p.Out, p.OutID, p.KilobytesOut })
}

// idents are the proxy identities; without an SA those that will be proposed.
func (t tunnelView) idents() (local, remote string) {
	local, remote = "0.0.0.0/0.0.0.0/256/0", "0.0.0.0/0.0.0.0/256/0"
	if p, ok := t.current(); ok && len(p.In.Local) > 0 && len(p.In.Remote) > 0 {
		local, remote = identText(p.In.Local[0]), identText(p.In.Remote[0])
	}
	return local, remote
}

// current is the pair that packets leave by.
func (t tunnelView) current() (saView, bool) {
	for _, p := range t.Pairs {
		if p.Out.SPI == t.Sending {
			return p, true
		}
	}
	if n := len(t.Pairs); n > 0 {
		return t.Pairs[n-1], true
	}
	return saView{}, false
}

func (x *exec) direction(t tunnelView, way, head string, side func(saView) (crypto.Params, int, uint64)) {
	x.linef("     %s esp sas:", way)
	for _, p := range t.Pairs {
		params, id, kilobytes := side(p)
		x.linef("      spi: %s", spiText(params.SPI))
		x.linef("        transform: %s ,", espTransform(params.Encr, params.Integ))
		x.line("        in use settings ={Tunnel, }")
		x.linef("        conn id: %d, flow_id: SW:%d, sibling_flags 80000040, crypto map: %s", id, id, head)
		x.linef("        sa timing: remaining key lifetime (k/sec): (%d/%d)", kilobytes, x.secondsTo(p.Expires))
		x.linef("        IV size: %d bytes", params.Encr.IVLen())
		x.linef("        replay detection support: %s", yn(params.Window > 0))
		x.line("        Status: ACTIVE(ACTIVE)")
	}
	x.line("")
	x.linef("     %s ah sas:", way)
	x.line("")
	x.linef("     %s pcp sas:", way)
}

// secondsTo is the time left, in whole seconds, never negative.
func (x *exec) secondsTo(t time.Time) int64 {
	if t.IsZero() || t.Before(x.now) {
		return 0
	}
	return int64(t.Sub(x.now) / time.Second)
}

func spiText(spi ipsec.SPI) string { return fmt.Sprintf("0x%X(%d)", uint32(spi), uint32(spi)) }

func yn(b bool) string {
	if b {
		return "Y"
	}
	return "N"
}

// pfsText is the group of the exchange that made the current pair: none for
// the pair of IKE_AUTH, whatever is configured.
func pfsText(t tunnelView) string {
	p, ok := t.current()
	if !ok || p.PFS == ipsec.GroupNone {
		return "N, DH group: none"
	}
	return fmt.Sprintf("Y, DH group: group%d", p.PFS)
}

func addrText(a netip.Addr) string {
	if !a.IsValid() {
		return "0.0.0.0"
	}
	return a.String()
}

// identText is a selector as address, mask, protocol and port; IOS writes 256
// for any protocol on a tunnel interface.
func identText(s spd.Selector) string {
	proto, port := int(s.Proto), 0
	if proto == 0 {
		proto = 256
	}
	if s.StartPort == s.EndPort {
		port = int(s.StartPort)
	}
	return fmt.Sprintf("%v/%s/%d/%d", s.Start, rangeMask(s.Start, s.End), proto, port)
}

// rangeMask is the mask of an address range; a range that is no prefix shows
// its last address, as nothing shorter is true.
func rangeMask(start, end netip.Addr) string {
	for bits := 32; bits >= 0; bits-- {
		p := netip.PrefixFrom(start, bits).Masked()
		if p.Addr() == start && lastOf(p) == end {
			return maskText(bits)
		}
	}
	return end.String()
}

func lastOf(p netip.Prefix) netip.Addr {
	a := p.Addr().As4()
	for i := p.Bits(); i < 32; i++ {
		a[i/8] |= 0x80 >> (i % 8)
	}
	return netip.AddrFrom4(a)
}

// maskText is a prefix length as a dotted mask.
func maskText(bits int) string {
	m := uint32(0xffffffff)
	if bits < 32 {
		m = ^(m >> bits)
	}
	return netip.AddrFrom4([4]byte{byte(m >> 24), byte(m >> 16), byte(m >> 8), byte(m)}).String()
}

// espTransform is the pair of transforms in the words of a transform set.
func espTransform(e ipsec.Encr, i ipsec.IntegID) string {
	text := espEncrName(e)
	if name, ok := espIntegNames[i]; ok {
		text += " " + name
	}
	return text
}

var espIntegNames = map[ipsec.IntegID]string{
	ipsec.IntegMD5: "esp-md5-hmac", ipsec.IntegSHA1: "esp-sha-hmac", ipsec.IntegSHA256: "esp-sha256-hmac",
	ipsec.IntegSHA384: "esp-sha384-hmac", ipsec.IntegSHA512: "esp-sha512-hmac",
}

func espEncrName(e ipsec.Encr) string {
	switch e.ID {
	case ipsec.EncrDES:
		return "esp-des"
	case ipsec.Encr3DES:
		return "esp-3des"
	case ipsec.EncrNULL:
		return "esp-null"
	case ipsec.EncrAESCBC:
		if e.KeyBits != 128 {
			return fmt.Sprintf("esp-%d-aes", e.KeyBits)
		}
		return "esp-aes"
	case ipsec.EncrAESGCM16:
		if e.KeyBits != 128 {
			return fmt.Sprintf("esp-gcm %d", e.KeyBits)
		}
		return "esp-gcm"
	}
	return unknownName(int(e.ID))
}

// setText is a configured transform set in the same words: "esp-aes 256" is
// shown as "esp-256-aes".
func setText(transforms []string) string {
	words := make([]string, len(transforms))
	for i, t := range transforms {
		name, bits, sized := strings.Cut(t, " ")
		switch {
		case name == "esp-aes" && sized && bits != "128":
			words[i] = "esp-" + bits + "-aes"
		case sized && bits == "128":
			words[i] = name
		default:
			words[i] = t
		}
	}
	return strings.Join(words, " ")
}

// showTransformSets is `show crypto ipsec transform-set`.
func (x *exec) showTransformSets(tag string) {
	cfg := x.r.running()
	show := func(name string, transforms []string, mode string) {
		if tag != "" && tag != name {
			return
		}
		x.linef("Transform set %s: { %s  } ", name, setText(transforms))
		x.linef("   will negotiate = { %s,  }, ", mode)
		x.line("   ")
	}
	own := false
	for _, t := range cfg.IPsec.TransformSets {
		own = own || t.Name == "default"
	}
	if !own && !cfg.IKEv2.NoDefaults.TransformSet {
		show("default", []string{"esp-aes", "esp-sha-hmac"}, "Transport")
	}
	for _, t := range cfg.IPsec.TransformSets {
		mode := "Tunnel"
		if t.Mode == "transport" {
			mode = "Transport"
		}
		show(t.Name, t.Transforms, mode)
	}
}
