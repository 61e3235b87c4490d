package show

import (
	"net/netip"

	"ikelab/iosconfig"
	"ikelab/router/ip"
)

// IPv6Route is `show ipv6 route ADDRESS` or `PREFIX`: the routes that a packet would take,
// or those to that prefix.
type IPv6Route struct {
	Asked  string          `json:"asked"`
	Routes []ip.RouteState `json:"routes"`
}

// IPv6RouteTo picks the most specific routes to an address.
func IPv6RouteTo(list []ip.RouteState, to netip.Addr) IPv6Route {
	s := IPv6Route{Asked: to.String(), Routes: []ip.RouteState{}}
	best := 0
	for _, r := range append(list, everyGroup) {
		if !r.Prefix.Contains(to) || r.Prefix.Bits() < best {
			continue
		}
		if r.Prefix.Bits() > best {
			best, s.Routes = r.Prefix.Bits(), s.Routes[:0]
		}
		s.Routes = append(s.Routes, r)
	}
	return s
}

// IPv6RouteIn picks the routes to a prefix.
func IPv6RouteIn(list []ip.RouteState, prefix netip.Prefix) IPv6Route {
	s := IPv6Route{Asked: prefix.String(), Routes: []ip.RouteState{}}
	for _, r := range append(list, everyGroup) {
		if r.Prefix == prefix.Masked() {
			s.Routes = append(s.Routes, r)
		}
	}
	return s
}

// Lines is the entry.
func (s IPv6Route) Lines(g iosconfig.Generation) []string {
	if len(s.Routes) == 0 {
		return []string{"% Route not found"}
	}
	var p page
	r := s.Routes[0]
	p.linef("Routing entry for %s", iosconfig.Upper(r.Prefix))
	switch {
	case r.Code == "S":
		p.linef("  Known via \"static\", distance %d, metric 0", r.Distance)
	case receives(r):
		p.linef("  Known via \"connected\", distance %d, metric 0, type receive, connected", r.Distance)
	default:
		p.linef("  Known via \"connected\", distance %d, metric 0, type connected", r.Distance)
	}
	if r.Tag != 0 {
		p.linef("  Tag %d", r.Tag)
	}
	p.linef("  Route count is %d/%d, share count 0", len(s.Routes), len(s.Routes))
	p.line("  Routing paths:")
	for _, r := range s.Routes {
		switch {
		case receives(r):
			p.line("    receive via " + r.Interface)
		case !r.NextHop.IsValid():
			p.line("    directly connected via " + r.Interface)
		case r.Interface != "":
			p.linef("    %s, %s", iosconfig.Upper(r.NextHop), r.Interface)
		default:
			p.line("    " + iosconfig.Upper(r.NextHop))
		}
		if g != iosconfig.IOS151 {
			p.line("      Route metric is 0, traffic share count is 1")
		}
	}
	return p.lines
}

// receives says whether a route is to the router itself.
func receives(r ip.RouteState) bool {
	return r.Code == "L" || r.Code == "C" && r.Prefix.IsSingleIP()
}
