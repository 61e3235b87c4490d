package verdict

import (
	"net/netip"
	"slices"
)

// Routers that were brought with others and have no tunnel: the provider's, say, between two of them. What their
// lists and routes do with the packets of a tunnel is part of the verdict.

// findTransits plugs in routers without tunnels that stand between outside networks of others.
func (p *Plan) findTransits() {
	networks := map[netip.Prefix]bool{}
	for _, s := range p.sites {
		for _, w := range s.wan {
			if !w.behind && w.address.IsValid() {
				networks[w.address.Masked()] = true
			}
		}
	}
	for _, s := range p.sites {
		if len(s.ends) > 0 {
			continue
		}
		var on []*port
		for i := range s.cfg.Interfaces.All() {
			for _, n := range s.networks(i) {
				if !i.Shutdown && networks[n.Masked()] {
					if w := s.port(i.Name(), n.Addr().Is6()); w != nil && !slices.Contains(on, w) {
						on = append(on, w)
					}
				}
			}
		}
		if s.wan = on; len(on) < 2 {
			s.wan = nil // it leads from nowhere to nowhere
		}
	}
}

// reached are the sites of a segment, and those behind routers without tunnels on it.
func (p *Plan) reached(s *segment) map[*site]bool {
	here := map[*site]bool{}
	add := func(s *segment) {
		for _, w := range s.ports {
			here[w.site] = true
		}
	}
	add(s)
	list := p.segments()
	for found := -1; found < len(here); {
		found = len(here)
		for _, o := range list {
			if slices.ContainsFunc(o.ports, func(w *port) bool { return w.site != nil && here[w.site] && len(w.site.ends) == 0 }) {
				add(o)
			}
		}
	}
	return here
}
