package show

import (
	"fmt"
	"net/netip"
	"slices"

	"ikelab/iosconfig"
	"ikelab/router/ip"
)

// Route is `show ip route A.B.C.D`: the routes that a packet there may take.
type Route struct {
	VRF    string          `json:"vrf,omitempty"`
	Asked  netip.Addr      `json:"asked"`
	Routes []ip.RouteState `json:"routes"` // to one prefix
	Known  bool            `json:"network_known"`
}

// RouteTo looks for the longest prefix. IOS does not show the default route to who
// asks for another address.
func RouteTo(list []ip.RouteState, a netip.Addr) Route {
	s := Route{Asked: a, Routes: []ip.RouteState{}}
	best := -1
	for _, r := range list {
		if r.Prefix.Bits() > 0 && classful(r.Prefix.Addr()) == classful(a) {
			s.Known = true
		}
		fits := r.Prefix.Contains(a) && (r.Prefix.Bits() > 0 || a.IsUnspecified())
		if !fits || r.Prefix.Bits() < best {
			continue
		}
		if r.Prefix.Bits() > best {
			best, s.Routes = r.Prefix.Bits(), s.Routes[:0]
		}
		s.Routes = append(s.Routes, r)
	}
	return s
}

// RoutesAt are the routes of a VRF that RouteTo and RoutesIn need to know of an address.
func RoutesAt(s Source, vrf string, a netip.Addr) []ip.RouteState {
	return s.RoutesAt(vrf, a, classful(a))
}

// In is the route as one of a VRF.
func (s Route) In(vrf string) Route {
	s.VRF = vrf
	return s
}

// Lines is the entry.
func (s Route) Lines(iosconfig.Generation) []string {
	var p page
	switch {
	case len(s.Routes) > 0:
	case s.Known:
		return []string{"% Subnet not in table"}
	default:
		return []string{"% Network not in table"}
	}
	tableOf(&p, s.VRF)
	r := s.Routes[0]
	super := ""
	if r.Prefix.Bits() == 0 {
		super = ", supernet"
	}
	p.linef("Routing entry for %v%s", r.Prefix, super)
	switch {
	case r.Code == "S":
		candidate := ""
		if r.Prefix.Bits() == 0 {
			candidate = ", candidate default path"
		}
		connected := ""
		if !r.NextHop.IsValid() {
			connected = " (connected)"
		}
		p.linef("  Known via \"static\", distance %d, metric 0%s%s", r.Distance, connected, candidate)
	default:
		p.linef("  Known via \"connected\", distance %d, metric 0 (connected, via interface)", r.Distance)
	}
	if r.Tag != 0 {
		p.linef("  Tag %d", r.Tag)
	}
	p.line("  Routing Descriptor Blocks:")
	for i, r := range s.Routes {
		mark := " "
		if i == 0 {
			mark = "*"
		}
		p.linef("  %s %s", mark, descriptor(r))
		p.line("      Route metric is 0, traffic share count is 1")
		if r.Tag != 0 {
			p.linef("      Route tag %d", r.Tag)
		}
	}
	return p.lines
}

func descriptor(r ip.RouteState) string {
	switch {
	case !r.NextHop.IsValid():
		return "directly connected, via " + r.Interface
	case r.Interface != "":
		return fmt.Sprintf("%v, via %s", r.NextHop, r.Interface)
	}
	return r.NextHop.String()
}

// RoutesIn is `show ip route NETWORK MASK`: the routes to that prefix.
func RoutesIn(list []ip.RouteState, net netip.Prefix) Route {
	s := Route{Asked: net.Addr(), Routes: []ip.RouteState{}}
	for _, r := range list {
		if r.Prefix.Bits() > 0 && classful(r.Prefix.Addr()) == classful(net.Addr()) {
			s.Known = true
		}
		if r.Prefix == net {
			s.Routes = append(s.Routes, r)
		}
	}
	return s
}

// LongerRoutes is `show ip route NETWORK MASK longer-prefixes`: those within.
func LongerRoutes(list []ip.RouteState, net netip.Prefix) Routes {
	s := RoutesOf(list, "")
	s.Routes = slices.DeleteFunc(s.Routes, func(r ip.RouteState) bool {
		return !net.Contains(r.Prefix.Addr()) || r.Prefix.Bits() < net.Bits()
	})
	return s
}

// RouteSummary is `show ip route summary`.
type RouteSummary struct {
	Sources []RouteSource `json:"sources"`
}

// RouteSource is where routes come from.
type RouteSource struct {
	Name     string `json:"source"`
	Networks int    `json:"networks"`
	Subnets  int    `json:"subnets"`
}

// Octets that a route takes on IOS, and what its table reckons for it.
const (
	routeOverhead = 60
	routeMemory   = 172
)

// RouteSummaryOf counts the routes.
func RouteSummaryOf(list []ip.RouteState) RouteSummary {
	s := RouteSummary{Sources: []RouteSource{{Name: "connected"}, {Name: "static"}}}
	for _, r := range list {
		of := &s.Sources[0]
		if r.Code == "S" {
			of = &s.Sources[1]
		}
		if r.Prefix.Bits() <= classful(r.Prefix.Addr()).Bits() {
			of.Networks++
		} else {
			of.Subnets++
		}
	}
	return s
}

// Lines is the table.
func (s RouteSummary) Lines(iosconfig.Generation) []string {
	var p page
	p.line("IP routing table name is default (0x0)")
	p.line("IP routing table maximum-paths is 32")
	p.line("Route Source    Networks    Subnets     Replicates  Overhead    Memory (bytes)")
	row := func(name string, networks, subnets int) {
		n := networks + subnets
		p.linef("%-16s%-12d%-12d%-12d%-12d%d", name, networks, subnets, 0, n*routeOverhead, n*routeMemory)
	}
	networks, subnets := 0, 0
	for _, r := range s.Sources {
		row(r.Name, r.Networks, r.Subnets)
		networks, subnets = networks+r.Networks, subnets+r.Subnets
	}
	row("Total", networks, subnets)
	return p.lines
}

// Protocols is `show protocols`.
type Protocols struct {
	Interfaces []Interface `json:"interfaces"`
}

// Lines is what is routed, and the interfaces.
func (s Protocols) Lines(iosconfig.Generation) []string {
	var p page
	p.line("Global values:").line("  Internet Protocol routing is enabled")
	for i := range s.Interfaces {
		v := &s.Interfaces[i]
		p.linef("%s is %s, line protocol is %s", v.Name, linkState(&v.InterfaceState), upDown(v.Protocol))
		if v.Address.IsValid() {
			p.linef("  Internet address is %v", v.Address)
		}
	}
	return p.lines
}

// Hosts is `show hosts`.
type Hosts struct {
	Domain string `json:"default_domain,omitempty"`
	Lookup bool   `json:"domain_lookup"`
	Hosts  []Host `json:"hosts"`
}

// Host is a name that the configuration knows.
type Host struct {
	Name    string     `json:"name"`
	Address netip.Addr `json:"address"`
}

// Lines is the table.
func (s Hosts) Lines(iosconfig.Generation) []string {
	var p page
	if s.Domain == "" {
		p.line("Default domain is not set")
	} else {
		p.line("Default domain is " + s.Domain)
	}
	if s.Lookup {
		p.line("Name/address lookup uses domain service")
	} else {
		p.line("Name/address lookup uses static mappings")
	}
	p.line("Name servers are 255.255.255.255").line("")
	p.add("Codes: UN - unknown, EX - expired, OK - OK, ?? - revalidate", "       temp - temporary, perm - permanent", "       NA - Not Applicable None - Not defined", "")
	p.line("Host                      Port  Flags      Age Type   Address(es)")
	for _, h := range slices.Clone(s.Hosts) {
		p.linef("%-26s%-6s%-13s%-3d%-5s%v", h.Name, "None", "(perm, OK)", 0, " IP", h.Address)
	}
	return p.lines
}
