package why

import (
	"cmp"
	"fmt"
	"net/netip"
	"strings"

	"ikelab/iosconfig"
	"ikelab/router/ip"
	"ikelab/router/operator"
	"ikelab/topologies/phrase"
)

// Lines of the startup configuration that a router has refused.

// unaddressed says that a network of hosts is not there since the address of its interface was refused
// when the router began, as a packet for that network or from it has shown.
func unaddressed(e *end) (Claim, bool) {
	for i := range e.cfg.Interfaces.All() {
		c, p, ok := refusedAddress(e, i)
		if !ok {
			continue
		}
		lost := lately(e.w, e.name(), edited(e), func(d ip.Dropped) bool {
			return p.Contains(d.To) && (d.Reason == ip.NoRoute || d.Reason == ip.NoOutput) || p.Contains(d.From) && d.Interface == i.Name()
		})
		if len(lost) > 0 {
			c.Evidence = append(c.Evidence, seen(lost[0]))
			return c, true
		}
	}
	return Claim{}, false
}

// unguarded says that the tunnel of an end has no protection, so that nothing there is for the peer.
func unguarded(e *end, c *Claim) bool {
	if e.tunnel == nil || cloned(e.port()) || e.protection() != nil {
		return false
	}
	_, proof := e.field("interfaces "+e.port(), "interfaces.0.tunnel.protection")
	c.Key, c.RFC, c.Evidence = "tunnel.protection", "", append(c.Evidence, proof)
	c.Say = phrase.Of("why.tunnel.unprotected", "node", e.name(), "interface", e.port(), "peer", peerName(e))
	c.Lines = e.lines(e.head(), "", "tunnel source", "tunnel destination", "tunnel mode", "tunnel protection")
	c.Mend = []Line{e.typed(e.head(), "tunnel protection ipsec profile "+onlyProfile(e))}
	return true
}

// onlyProfile is the IPsec profile that an end has beside those of other tunnels; NAME: there is none, or
// several are.
func onlyProfile(e *end) string {
	name := ""
	for p := range e.cfg.IPsec.Profiles.All() {
		switch {
		case p.Name == iosconfig.DefaultName || iosconfig.Used(e.cfg, iosconfig.KindIPsecProfile.Named(p.Name), iosconfig.KindInterface):
		case name != "":
			return "NAME"
		default:
			name = p.Name
		}
	}
	return cmp.Or(name, "NAME")
}

// withoutAddress says that IPv4 should go by a tunnel which speaks none.
func withoutAddress(e *end) (Claim, bool) {
	if e.tunnel == nil || e.tunnel.Negotiated || e.addressOf(e.tunnel.Name()).IsValid() {
		return Claim{}, false
	}
	if _, _, refused := refusedAddress(e, e.tunnel); refused {
		return Claim{}, false
	}
	name := e.tunnel.Name()
	_, proof := e.field("ip interface brief", fmt.Sprintf("interfaces.#(interface==%q).ip_address", name))
	c := Claim{
		Key: "tunnel.address", Say: phrase.Of("why.tunnel.address", "node", e.name(), "interface", name), Evidence: []Evidence{proof},
		Mend: []Line{e.typed(e.head(), "ip address ADDRESS MASK")},
	}
	for r := range e.cfg.Routes.All() {
		if r.VRF == insideOf(e) && r.Interface == name && r.Prefix.Addr().Is4() {
			c.Lines = append(c.Lines, Line{Node: e.name(), Text: r.String()})
		}
	}
	for _, f := range lately(e.w, e.name(), edited(e), func(d ip.Dropped) bool { return d.Reason == ip.NoProtocol && d.Interface == name && d.From.Is4() }) {
		c.Evidence = append(c.Evidence, seen(f))
		break
	}
	return c, len(c.Lines)+len(c.Evidence) > 1
}

// refusedAddress is the claim that an interface has no address since the line with it was refused,
// and the network that it would have had.
func refusedAddress(e *end, i *iosconfig.Interface) (Claim, netip.Prefix, bool) {
	if e.addressOf(i.Name()).IsValid() {
		return Claim{}, netip.Prefix{}, false
	}
	for _, f := range lately(e.w, e.name(), e.booted(), func(b operator.LineRefused) bool { return b.Below == i.Name() }) {
		p, ok := addressIn(f.body.Line)
		if !ok {
			continue
		}
		text := strings.TrimSpace(f.body.Line)
		return Claim{
			Key: "line.refused", Evidence: []Evidence{seen(f)}, Lines: []Line{{e.name(), "interface " + i.Name(), text}},
			Say: phrase.Of("why.line.address", "node", e.name(), "interface", i.Name(), "line", text, "message", strings.TrimLeft(f.body.Message, "% ")),
		}, p, true
	}
	return Claim{}, netip.Prefix{}, false
}

// addressIn is the network of a line with an address of an interface.
func addressIn(line string) (netip.Prefix, bool) {
	words := strings.Fields(line)
	if len(words) != 4 || words[0] != "ip" || words[1] != "address" {
		return netip.Prefix{}, false
	}
	a, err := netip.ParseAddr(words[2])
	mask, err2 := netip.ParseAddr(words[3])
	if err != nil || err2 != nil || !a.Is4() || !mask.Is4() {
		return netip.Prefix{}, false
	}
	return iosconfig.ParseNet(a, mask)
}
