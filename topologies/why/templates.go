package why

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/tidwall/gjson"

	"ikelab/iosconfig"
	"ikelab/topologies/phrase"
)

// Virtual templates: whom they serve, or why nobody.

// isTemplate says whether an end is a template itself, of which interfaces are made for clients.
func isTemplate(e *end) bool { return e.tunnel != nil && e.tunnel.Type == iosconfig.VirtualTemplate }

// templatesOf are those of a router.
func templatesOf(d *device) (list []*end) {
	for i := range d.cfg.Interfaces.All() {
		if i.Type == iosconfig.VirtualTemplate {
			list = append(list, d.as(i, nil, nil))
		}
	}
	return list
}

// templateVerdict says whom a template serves; if nobody, why.
func templateVerdict(e *end) *Verdict {
	v := &Verdict{Node: e.name(), Interface: e.port(), State: Well, Serves: servedThrough(e)}
	if c, bad := badTemplate(e); bad {
		v.Claims, v.State = []Claim{c}, Down
	}
	clients := unservedClients(e)
	sent, elsewhere := clustered(e)
	switch {
	case len(v.Serves) > 0:
		v.Next = append(v.Next, phrase.Of("why.next.served", "node", e.name(), "interface", v.Serves[0].Interface))
		for _, c := range clients[:min(mostClients, len(clients))] {
			v.Next = append(v.Next, phrase.Of("why.next.unserved", "node", c.name(), "interface", c.port()))
		}
	case len(v.Claims) > 0:
	case len(clients) == 0 && elsewhere: // nobody needs to lead here
		v.State = Unasked
	case len(clients) == 0:
		v.State, v.Next = Unasked, []phrase.Phrase{phrase.Of("why.next.nobody", "node", e.name(), "interface", e.port()), phrase.Of("why.next.debug", "node", e.name())}
	default:
		v.State = Down
		for _, client := range clients {
			for _, c := range client.verdict().Claims {
				if !slices.ContainsFunc(v.Claims, func(o Claim) bool { return o.Key == c.Key }) {
					v.Claims = append(v.Claims, c)
				}
			}
		}
		if len(v.Claims) == 0 {
			v.Next = next(clients[0], Down)
		}
	}
	v.Next = append(v.Next, sent...)
	return v
}

// servedThrough are the clients for which a template has an interface.
func servedThrough(e *end) (list []Served) {
	names, _ := e.field("ip interface brief", "interfaces.#.interface")
	for _, name := range gjson.Parse(names).Array() {
		if !cloned(name.String()) {
			continue
		}
		part := access(e.device, name.String())
		if part == nil || templateHead(part) != e.head() || pairs(part) == 0 {
			continue
		}
		if !e.alone {
			part.findPeer()
		}
		list = append(list, Served{name.String(), peerName(part)})
	}
	return list
}

// unservedClients are the ends of other routers that lead to where a template begins and have no pair.
func unservedClients(e *end) (list []*end) {
	if e.alone {
		return nil
	}
	for _, r := range e.w.lab.Routers {
		if r == e.router || !r.Powered() {
			continue
		}
		for _, part := range e.w.newEnd(r).parts() {
			if part.tunnel == nil || part.tunnel.Tunnel.Protection == "" || !slices.ContainsFunc(part.remotes(), func(a netip.Addr) bool { return beginsAtTemplate(e, a) }) || pairs(part) > 0 {
				continue
			}
			if part.findPeer(); part.peer != nil && part.peer.router == e.router && !part.peer.there() {
				list = append(list, part)
			}
		}
	}
	return list
}

// beginsAtTemplate says whether a client that leads to an address may be a template's.
func beginsAtTemplate(e *end, a netip.Addr) bool {
	if e.sourceName() != "" || e.tunnel.Tunnel.Source.IsValid() {
		return e.local() == a || e.w.behind(e.device, a)
	}
	return e.has(a) || e.w.behind(e.device, a)
}

// badTemplate says for what nobody can be served by a template.
func badTemplate(e *end) (Claim, bool) {
	_, proof := e.field("ip interface brief", fmt.Sprintf("interfaces.#(interface==%q).protocol", e.port()))
	c := Claim{Key: "flex.template", Evidence: []Evidence{proof}, Lines: e.lines(e.head(), "", "shutdown", "tunnel protection")}
	p := e.profile()
	switch {
	case e.tunnel.Shutdown:
		c.Key, c.Say = "path.shutdown", phrase.Of("why.path.shutdown", "node", e.name(), "interface", e.port())
		c.Mend = []Line{e.typed(e.head(), "no shutdown")}
		return c, true
	case p == nil:
		c.Say = phrase.Of("why.hub.bare", "node", e.name(), "template", e.port())
		return c, true
	}
	named := slices.ContainsFunc(slices.Collect(e.cfg.IKEv2.Profiles.All()), func(q *iosconfig.Profile) bool { return templateName(q.Template) == e.port() })
	if !named {
		c.Say = phrase.Of("why.hub.unnamed", "node", e.name(), "template", e.port())
		if p.IKEv2Profile != "" {
			c.Mend = []Line{e.typed(profileHead(e), "virtual-template "+e.tunnel.Number)}
		}
		return c, true
	}
	if e.tunnel.Tunnel.SourceInterface != "" && e.tunnel.Tunnel.SourceInterface != e.port() {
		return badSource(e, e.port(), e.tunnel.Tunnel.SourceInterface)
	}
	return c, false
}
