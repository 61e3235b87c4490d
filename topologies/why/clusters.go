package why

import (
	"net/netip"

	"ikelab/topologies/phrase"
)

// Gateways of a cluster: whom a template serves is for the master to say, to whose address clients come first.

// clustered says who sends a template's clients; ok: they come from another gateway, or from nowhere.
func clustered(e *end) (list []phrase.Phrase, elsewhere bool) {
	const screen = "crypto ikev2 cluster"
	role, _ := e.field(screen, "cluster.role")
	group, _ := e.field(screen, "cluster.standby_group")
	address, _ := e.field(screen, "cluster.cluster_address")
	with := []any{"node", e.name(), "group", group, "address", address}
	switch role {
	case "alone":
		return []phrase.Phrase{phrase.Of("why.next.cluster.alone", with...)}, true
	case "master":
		list = append(list, phrase.Of("why.next.cluster.master", with...))
		return append(list, keepsAll(e)...), false
	case "slave":
		at, _ := e.field(screen, "cluster.master")
		m := masterAt(e, at)
		if m == nil {
			return []phrase.Phrase{phrase.Of("why.next.cluster.slave", append(with, "master", at)...)}, true
		}
		list = append(list, phrase.Of("why.next.cluster.slave", append(with, "master", m.name())...))
		return append(list, keepsAll(m)...), true
	}
	return nil, false
}

// keepsAll tells that a gateway sends no client on, so that the others of its cluster have none.
func keepsAll(e *end) []phrase.Phrase {
	if e.cfg.IKEv2.Redirect.Gateway != "" {
		return nil
	}
	for p := range e.cfg.IKEv2.Profiles.All() {
		if p.RedirectAuth {
			return nil
		}
	}
	return []phrase.Phrase{phrase.Of("why.next.cluster.keeps", "node", e.name())}
}

// masterAt is the template of the router that is the master, by its address; nil: it is not to be seen from here.
func masterAt(e *end, text string) *end {
	a, err := netip.ParseAddr(text)
	if err != nil || e.alone {
		return nil
	}
	for _, r := range e.w.lab.Routers {
		if r == e.router || !r.Powered() {
			continue
		}
		for _, part := range templatesOf(e.w.newEnd(r).device) {
			if part.has(a) {
				return part
			}
		}
	}
	return nil
}
