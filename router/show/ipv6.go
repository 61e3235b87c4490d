package show

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/ip"
)

// IPv6Brief is `show ipv6 interface brief`.
type IPv6Brief struct {
	Interfaces []Interface `json:"interfaces"`
}

// Lines shows interface by interface.
func (s IPv6Brief) Lines(iosconfig.Generation) []string {
	var p page
	for i := range s.Interfaces {
		v := &s.Interfaces[i]
		p.linef("%-23s[%s/%s]", v.Name, linkState(&v.InterfaceState), upDown(v.Protocol))
		if v.Six == nil {
			p.line("    unassigned")
			continue
		}
		p.line("    " + iosconfig.Upper(v.Six.LinkLocal.Prefix.Addr()))
		for _, a := range v.Six.Addresses {
			p.line("    " + iosconfig.Upper(a.Prefix.Addr()))
		}
		if v.Six.Lender != "" {
			p.linef("    unnumbered (%s)", v.Six.Lender)
		}
	}
	return p.lines
}

// IPv6Interfaces is `show ipv6 interface [NAME]`: those that speak it.
type IPv6Interfaces struct {
	Interfaces []Interface          `json:"interfaces"`
	Filters    map[string][2]string `json:"filters,omitempty"`         // access lists by interface: in and out
	Quiet      map[string]bool      `json:"no_unreachables,omitempty"` // whose senders are not told
}

// IPv6InterfacesOf picks them.
func IPv6InterfacesOf(s Source, name string) IPv6Interfaces {
	out := IPv6Interfaces{Interfaces: []Interface{}, Filters: map[string][2]string{}, Quiet: map[string]bool{}}
	for _, v := range interfaces(s, name) {
		if v.Six != nil {
			out.Interfaces = append(out.Interfaces, v)
			out.judged(s.Running().Interface(v.Name))
		}
	}
	return out
}

// judged notes what is said of an interface's packets; nil: nothing.
func (s *IPv6Interfaces) judged(c *iosconfig.Interface) {
	if c == nil {
		return
	}
	if c.IPv6.Filters != [2]string{} {
		s.Filters[c.Name()] = c.IPv6.Filters
	}
	if slices.Contains(c.Texts.Lines("ipv6 unreachables"), "no ipv6 unreachables") {
		s.Quiet[c.Name()] = true
	}
}

// filters are the access lists of an interface.
func (s IPv6Interfaces) filters(p *page, name string) {
	lists := s.Filters[name]
	if lists[0] != "" {
		p.add("  Input features: Access List", "  Inbound access list "+lists[0])
	}
	if lists[1] != "" {
		p.add("  Output features: Access List", "  Outgoing access list "+lists[1])
	}
}

// Lines says what is so.
func (s IPv6Interfaces) Lines(iosconfig.Generation) []string {
	var p page
	for i := range s.Interfaces {
		v := &s.Interfaces[i]
		p.linef("%s is %s, line protocol is %s", v.Name, linkState(&v.InterfaceState), upDown(v.Protocol))
		how := "enabled"
		if v.Six.LinkLocal.State == "duplicate" {
			how = "stalled"
		}
		p.linef("  IPv6 is %s, link-local address is %s%s", how, iosconfig.Upper(v.Six.LinkLocal.Prefix.Addr()), addressMark(v.Six.LinkLocal))
		p.line("  No Virtual link-local address(es):")
		if v.Six.Auto {
			p.line("  Stateless address autoconfig enabled")
		}
		if v.Six.Lender != "" {
			p.line("  Interface is unnumbered. Using address of " + v.Six.Lender)
		}
		if len(v.Six.Addresses) == 0 {
			p.line("  No global unicast address is configured")
		} else {
			p.line("  Global unicast address(es):")
		}
		for _, a := range v.Six.Addresses {
			p.linef("    %s, subnet is %s%s", iosconfig.Upper(a.Prefix.Addr()), iosconfig.Upper(a.Prefix.Masked()), addressMark(a))
		}
		p.line("  Joined group address(es):")
		for _, g := range v.Six.Groups {
			p.line("    " + iosconfig.Upper(g))
		}
		p.linef("  MTU is %d bytes", max(v.MTU, ip.MinMTU6)) // as all links have
		if v.VRF != "" {
			p.linef("  VPN Routing/Forwarding %q", v.VRF)
		}
		p.add("  ICMP error messages limited to one every 100 milliseconds", "  ICMP redirects are disabled")
		p.linef("  ICMP unreachables are %s", map[bool]string{false: "sent", true: "not sent"}[s.Quiet[v.Name]])
		s.filters(&p, v.Name)
		if v.Physical {
			p.add("  ND DAD is enabled, number of DAD attempts: 1", "  ND reachable time is 30000 milliseconds")
		}
		advertising(&p, v.Six.Advertises)
	}
	return p.lines
}

// advertising is what hosts are told.
func advertising(p *page, a *ip.SixAdvertising) {
	if a == nil {
		return
	}
	p.add("  ND advertised reachable time is 0 (unspecified)", "  ND advertised retransmit interval is 0 (unspecified)")
	p.linef("  ND router advertisements are sent every %d seconds", a.Interval)
	p.linef("  ND router advertisements live for %d seconds", a.Lifetime)
	p.line("  ND advertised default router preference is Medium")
	if a.Suppressed != "" {
		p.linef("  ND RAs are suppressed (%s)", a.Suppressed)
	}
	p.line("  Hosts use stateless autoconfig for addresses.")
}

// addressMark stands behind an address that is not like others.
func addressMark(a ip.SixAddress) string {
	mark := ""
	switch {
	case a.Auto:
		mark = " [EUI/CAL/PRE]"
	case a.Made:
		mark = " [EUI]"
	}
	switch a.State {
	case "tentative":
		return mark + " [TEN]"
	case "duplicate":
		return mark + " [DUP]"
	}
	return mark
}

var routeCodes6 = []string{
	"Codes: C - Connected, L - Local, S - Static, U - Per-user Static route",
	"       B - BGP, R - RIP, H - NHRP, I1 - ISIS L1",
	"       I2 - ISIS L2, IA - ISIS interarea, IS - ISIS summary, D - EIGRP",
	"       EX - EIGRP external, ND - ND Default, NDp - ND Prefix, DCE - Destination",
	"       NDr - Redirect, O - OSPF Intra, OI - OSPF Inter, OE1 - OSPF ext 1",
	"       OE2 - OSPF ext 2, ON1 - OSPF NSSA ext 1, ON2 - OSPF NSSA ext 2, l - LISP",
}

// everyGroup is a route that each table of IPv6 ends with.
var everyGroup = ip.RouteState{Code: "L", Prefix: netip.MustParsePrefix("ff00::/8"), Interface: "Null0"}

// IPv6Routes is `show ipv6 route [vrf NAME] [connected|static|local]`.
type IPv6Routes struct {
	VRF    string          `json:"vrf,omitempty"`
	Count  int             `json:"entries"` // of the whole table
	Routes []ip.RouteState `json:"routes"`
}

// IPv6RoutesOf picks the routes with a code; "": all of them.
func IPv6RoutesOf(list []ip.RouteState, vrf, code string) IPv6Routes {
	list = append(list, everyGroup)
	s := IPv6Routes{VRF: vrf, Count: len(list), Routes: []ip.RouteState{}}
	for _, r := range list {
		if code == "" || r.Code == code {
			s.Routes = append(s.Routes, r)
		}
	}
	return s
}

// Lines is the table.
func (s IPv6Routes) Lines(iosconfig.Generation) []string {
	var p page
	p.linef("IPv6 Routing Table - %s - %d entries", orElse(s.VRF, "default"), s.Count).add(routeCodes6...)
	for i, r := range s.Routes {
		if i == 0 || s.Routes[i-1].Prefix != r.Prefix || s.Routes[i-1].Code != r.Code {
			code := r.Code
			if code == "C" && r.Prefix.IsSingleIP() {
				code = "LC"
			}
			p.linef("%-4s%s [%d/0]", code, iosconfig.Upper(r.Prefix), r.Distance)
		}
		switch {
		case r.NextHop.IsValid() && r.Interface != "":
			p.linef("     via %s, %s", iosconfig.Upper(r.NextHop), r.Interface)
		case r.NextHop.IsValid():
			p.linef("     via %s", iosconfig.Upper(r.NextHop))
		case receives(r):
			p.linef("     via %s, receive", r.Interface)
		default:
			p.linef("     via %s, directly connected", r.Interface)
		}
	}
	return p.lines
}

// IPv6Neighbours is `show ipv6 neighbors`.
type IPv6Neighbours struct {
	Now     time.Time         `json:"now"`
	Entries []ip.SixNeighbour `json:"entries"`
}

// Of picks those with an address, and on an interface; none said: all.
func (s IPv6Neighbours) Of(address netip.Addr, name string) IPv6Neighbours {
	s.Entries = slices.DeleteFunc(slices.Clone(s.Entries), func(n ip.SixNeighbour) bool {
		return address.IsValid() && n.Address != address || name != "" && n.Interface != name
	})
	return s
}

// Lines is the table.
func (s IPv6Neighbours) Lines(iosconfig.Generation) []string {
	var p page
	p.line("IPv6 Address                              Age Link-layer Addr State Interface")
	for _, v := range s.Entries {
		age, mac := fmt.Sprint(int(s.Now.Sub(v.Learned)/time.Minute)), v.MAC.String()
		if v.State == "INCMP" {
			age, mac = "0", "-"
		}
		p.linef("%-40s%5s %-15s %-5s %s", iosconfig.Upper(v.Address), age, mac, v.State, iosconfig.ShortName(v.Interface))
	}
	return p.lines
}

// SixSource is the address of an interface for packets of IPv6 to somebody; false: it has
// none.
func (v *Interface) SixSource(dst netip.Addr) (netip.Addr, bool) {
	of := v.Six
	switch {
	case of == nil:
		return netip.Addr{}, false
	case dst.IsLinkLocalUnicast():
		return of.LinkLocal.Prefix.Addr(), of.LinkLocal.State == "valid"
	}
	for _, a := range of.Addresses {
		if a.State == "valid" {
			return a.Prefix.Addr(), true
		}
	}
	return netip.Addr{}, false
}
