package why

import (
	"fmt"
	"slices"
	"strings"

	"ikelab/iosconfig"
	"ikelab/router/ip"
	"ikelab/topologies/phrase"
)

// Hubs, which serve whoever asks by a virtual template.

// servedBy is the profile by which a hub has met a client; nil: it has not.
func servedBy(hub *end) *iosconfig.Profile {
	if hub == nil || hub.peer == nil || hub.entry != nil || hub.tunnel != nil && !cloned(hub.tunnel.Name()) {
		return nil
	}
	client := hub.w.of(hub.peer.name())
	for _, s := range slices.Backward(hub.w.of(hub.name()).sas) {
		if s.profile != "" && client.knows(s.spi) {
			return hub.cfg.Profile(s.profile)
		}
	}
	return nil
}

// met is what a client meets of an end: of a hub the template by which it is served, of others the
// end itself.
func met(o *end) *end {
	p := servedBy(o)
	if p == nil || o.there() {
		return o
	}
	if i := o.cfg.Interface(templateName(p.Template)); i != nil {
		t := o.as(i, nil, nil)
		t.peer = o.peer
		return t
	}
	return o
}

// unserved says why a hub has no interface for a client that it knows.
func unserved(hub *end, c *Claim) bool {
	p := servedBy(hub)
	if p == nil {
		return false
	}
	head, name := "crypto ikev2 profile "+p.Name, templateName(p.Template)
	template, fitting := hub.cfg.Interface(name), templateFor(hub, p)
	with := []any{"node", hub.name(), "peer", peerName(hub), "profile", p.Name, "template", name, "interface", name}
	say := ""
	switch {
	case p.Template == 0 && fitting == "":
		return false
	case p.Template == 0:
		say = "why.hub.untemplated"
	case template == nil:
		say = "why.hub.template"
	case template.Shutdown:
		c.Key, c.RFC, c.Say = "path.shutdown", "", phrase.Of("why.path.shutdown", with...)
		c.Lines, c.Mend = hub.lines("interface "+name, "", "shutdown"), []Line{hub.typed("interface "+name, "no shutdown")}
		return true
	case hub.cfg.IPsecProfile(template.Tunnel.Protection) == nil:
		c.Key, c.RFC, c.Say = "flex.template", "", phrase.Of("why.hub.unprotected", with...)
		c.Lines = append(hub.lines(head, "", "virtual-template"), hub.lines("interface "+name, "", "tunnel protection")...)
		if protection := hub.ipsecProfileOf(p.Name); protection != "" {
			c.Mend = []Line{hub.typed("interface "+name, "tunnel protection ipsec profile "+protection)}
		}
		return true
	default:
		return false
	}
	c.Key, c.RFC, c.Say, c.Lines = "flex.template", "", phrase.Of(say, with...), hub.lines(head, "", "virtual-template")
	if fitting != "" {
		c.Mend = []Line{hub.typed(head, "virtual-template "+strings.TrimPrefix(fitting, string(iosconfig.VirtualTemplate)))}
	}
	return true
}

// templateFor is a template of a hub that is protected by a profile; "": there is none.
func templateFor(hub *end, p *iosconfig.Profile) (name string) {
	for i := range hub.cfg.Interfaces.All() {
		if q := hub.cfg.IPsecProfile(i.Tunnel.Protection); i.Type == iosconfig.VirtualTemplate && q != nil && q.IKEv2Profile == p.Name {
			name = i.Name()
		}
	}
	return name
}

// ipsecProfileOf is the IPsec profile that names an IKEv2 profile; "": there is none.
func (d *device) ipsecProfileOf(ike string) (name string) {
	for p := range d.cfg.IPsec.Profiles.All() {
		if p.IKEv2Profile == ike {
			name = p.Name
		}
	}
	return name
}

// noAddress says why a hub has no address for a client.
func noAddress(hub *end, c *Claim) {
	c.Key, c.RFC = "flex.address", "RFC 7296 section 3.15.4"
	with := []any{"node", hub.name(), "peer", peerName(hub)}
	c.Say = phrase.Of("why.hub.address", with...)
	p := servedBy(hub)
	if p == nil {
		return
	}
	_, g := groupOf(p)
	policy := authorPolicy(hub, g.Policy)
	if policy == nil || policy.Pool == "" {
		return
	}
	head, say := "crypto ikev2 authorization policy "+policy.Name, "why.hub.pool.used"
	c.Lines, c.Mend = append(hub.lines(head, "", "pool"), hub.globals("ip local pool "+policy.Pool)...), nil
	if hub.cfg.IKEv2.Pools.Get(policy.Pool) == nil {
		say, c.Mend = "why.hub.pool", []Line{{Node: hub.name(), Text: "ip local pool " + policy.Pool + " FIRST LAST"}}
	}
	c.Say = phrase.Of(say, append(with, "pool", policy.Pool, "policy", policy.Name)...)
}

// groupOf is the authorization of a profile's peers, where all have to show the same kind of proof.
func groupOf(p *iosconfig.Profile) (word string, g iosconfig.GroupAuthorization) {
	switch methods := p.Methods("remote"); {
	case len(methods) != 1:
		return "", g
	case methods[0] == "pre-share":
		return "psk", p.Authorize
	case strings.HasSuffix(methods[0], "-sig"):
		return "cert", p.AuthorizeCert
	}
	return "", g
}

func authorPolicy(hub *end, name string) *iosconfig.AuthorPolicy {
	for _, p := range hub.cfg.AuthorPolicies() {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// ungranted says that a client has no route since its hub gives it no configuration.
func ungranted(e *end, c *Claim) bool {
	p := servedBy(e.peer)
	if p == nil || e.tunnel == nil || !e.tunnel.Negotiated {
		return false
	}
	hub, head := e.peer, "crypto ikev2 profile "+p.Name
	word, g := groupOf(p)
	var reason phrase.Phrase
	switch why := iosconfig.WhyUnauthorized(hub.cfg, g.List); {
	case word == "":
		return false
	case g.List == "":
		reason = phrase.Of("why.hub.nothing.group", "profile", p.Name, "kind", word)
		c.Mend = []Line{hub.typed(head, "aaa authorization group "+word+" list LIST POLICY")}
	case why == iosconfig.NoList:
		reason = phrase.Of("why.hub.nothing.list", "list", g.List)
	case why == iosconfig.NoAAA:
		reason = phrase.Of("why.hub.nothing.aaa")
	case why == iosconfig.ListAsksElse:
		reason = phrase.Of("why.hub.nothing.local", "list", g.List)
	case authorPolicy(hub, g.Policy) == nil:
		reason = phrase.Of("why.hub.nothing.policy", "policy", g.Policy)
	default:
		return false
	}
	c.Key, c.Say = "route.into", phrase.Of("why.hub.nothing", "node", hub.name(), "peer", e.name(), "reason", reason)
	c.Lines = append(c.Lines, append(hub.lines(head, "", "aaa authorization group"), hub.globals("aaa authorization network")...)...)
	return true
}

// bareClone says that a hub's template has no address, since the clone for a client has dropped what that
// sent.
func bareClone(e *end) (Claim, bool) {
	p := servedBy(e)
	if p == nil {
		return Claim{}, false
	}
	name := templateName(p.Template)
	i := e.cfg.Interface(name)
	if i == nil || e.cfg.AddressOf(name).IsValid() {
		return Claim{}, false
	}
	lost := lately(e.w, e.name(), edited(e), func(d ip.Dropped) bool {
		return d.Reason == ip.NoProtocol && cloned(d.Interface) && d.From.Is4()
	})
	for _, f := range lost {
		clone := access(e.device, f.body.Interface)
		if clone == nil || !isPeer(e, clone.remote()) || e.tunnel != nil && e.tunnel.Name() != clone.port() || e.addressOf(clone.port()).IsValid() {
			continue // another client's, or it has one now
		}
		_, proof := e.field("ip interface brief", fmt.Sprintf("interfaces.#(interface==%q).ip_address", f.body.Interface))
		head := "interface " + name
		c := Claim{Key: "tunnel.address", Say: phrase.Of("why.tunnel.address", "node", e.name(), "interface", name), Evidence: []Evidence{seen(f), proof}}
		c.Lines = append(e.lines("crypto ikev2 profile "+p.Name, "", "virtual-template"), e.lines(head, "", "ip unnumbered", "ip address")...)
		c.Mend = []Line{e.typed(head, "ip unnumbered "+loopbackIn(e.device, i.VRF))}
		return c, true
	}
	return Claim{}, false
}

// loopbackIn is the first loopback interface of a table that has an address; INTERFACE: there is none.
func loopbackIn(d *device, vrf string) string {
	for i := range d.cfg.Interfaces.All() {
		if i.Type == iosconfig.Loopback && i.VRF == vrf && d.cfg.AddressOf(i.Name()).IsValid() {
			return i.Name()
		}
	}
	return "INTERFACE"
}
