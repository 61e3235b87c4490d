package show

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/ip"
)

var routeCodes = []string{
	"Codes: L - local, C - connected, S - static, R - RIP, M - mobile, B - BGP",
	"       D - EIGRP, EX - EIGRP external, O - OSPF, IA - OSPF inter area ",
	"       N1 - OSPF NSSA external type 1, N2 - OSPF NSSA external type 2",
	"       E1 - OSPF external type 1, E2 - OSPF external type 2",
	"       i - IS-IS, su - IS-IS summary, L1 - IS-IS level-1, L2 - IS-IS level-2",
	"       ia - IS-IS inter area, * - candidate default, U - per-user static route",
	"       o - ODR, P - periodic downloaded static route, H - NHRP, l - LISP",
	"       + - replicated route, % - next hop override",
	"",
}

// xeRouteCodes are those that the newer image has in the place of the last lines.
var xeRouteCodes = slices.Concat(routeCodes[:3], []string{
	"       E1 - OSPF external type 1, E2 - OSPF external type 2, m - OMP",
	"       n - NAT, Ni - NAT inside, No - NAT outside, Nd - NAT DIA",
	routeCodes[4], routeCodes[5],
	"       H - NHRP, G - NHRP registered, g - NHRP registration summary",
	"       o - ODR, P - periodic downloaded static route, l - LISP",
	"       a - application route",
	"       + - replicated route, % - next hop override, p - overrides from PfR",
	"       & - replicated local route overrides by connected",
	"",
})

// Routes is `show ip route [connected|static]`.
type Routes struct {
	VRF     string          `json:"vrf,omitempty"`
	Gateway string          `json:"gateway_of_last_resort,omitempty"`
	Routes  []ip.RouteState `json:"routes"`
}

// In are the routes as those of a VRF.
func (s Routes) In(vrf string) Routes {
	s.VRF = vrf
	return s
}

// tableOf is the heading of what is about a VRF's table.
func tableOf(p *page, vrf string) {
	if vrf != "" {
		p.line("").line("Routing Table: " + vrf)
	}
}

// RoutesOf sorts the routes with one of the codes ("LC"; "": all).
func RoutesOf(list []ip.RouteState, codes string) Routes {
	s := Routes{Routes: []ip.RouteState{}}
	for _, r := range list {
		if r.Prefix.Bits() == 0 && s.Gateway == "" {
			s.Gateway = addrOr(r.NextHop, "0.0.0.0")
		}
		if codes == "" || strings.Contains(codes, r.Code) {
			s.Routes = append(s.Routes, r)
		}
	}
	slices.SortStableFunc(s.Routes, func(a, b ip.RouteState) int {
		if c := a.Prefix.Addr().Compare(b.Prefix.Addr()); c != 0 {
			return c
		}
		return a.Prefix.Bits() - b.Prefix.Bits()
	})
	return s
}

// Lines groups the routes by their classful networks, as IOS does.
func (s Routes) Lines(g iosconfig.Generation) []string {
	var p page
	tableOf(&p, s.VRF)
	codes := routeCodes
	if g == iosconfig.XE17 {
		codes = xeRouteCodes
	}
	p.add(codes...)
	if s.Gateway == "" {
		p.line("Gateway of last resort is not set")
	} else {
		p.linef("Gateway of last resort is %s to network 0.0.0.0", s.Gateway)
	}
	p.line("")
	for list := s.Routes; len(list) > 0; {
		n := sameNetwork(list)
		p.network(list[:n])
		list = list[n:]
	}
	return p.lines
}

// classful is the network of class A, B or C that an address lies in.
func classful(a netip.Addr) netip.Prefix {
	bits := 24
	switch first := a.As4()[0]; {
	case first < 128:
		bits = 8
	case first < 192:
		bits = 16
	}
	return netip.PrefixFrom(a, bits).Masked()
}

// sameNetwork counts the routes that share the first one's network.
func sameNetwork(routes []ip.RouteState) int {
	if routes[0].Prefix.Bits() == 0 {
		return 1
	}
	net := classful(routes[0].Prefix.Addr())
	n := 1
	for n < len(routes) && routes[n].Prefix.Bits() > 0 && classful(routes[n].Prefix.Addr()) == net {
		n++
	}
	return n
}

// network prints the heading and the routes of one classful network.
func (p *page) network(routes []ip.RouteState) {
	net := classful(routes[0].Prefix.Addr())
	if len(routes) == 1 && routes[0].Prefix.Bits() <= net.Bits() {
		p.route(routes[0], "    ", true)
		return
	}
	masks := map[int]bool{}
	for _, v := range routes {
		masks[v.Prefix.Bits()] = true
	}
	// Equal masks stand once in the heading and not in the lines below it.
	if len(masks) == 1 {
		p.linef("      %v/%d is subnetted, %d subnets", net.Addr(), routes[0].Prefix.Bits(), len(routes))
	} else {
		p.linef("      %v is variably subnetted, %d subnets, %d masks", net, len(routes), len(masks))
	}
	for _, v := range routes {
		p.route(v, "       ", len(masks) > 1)
	}
}

func (p *page) route(v ip.RouteState, indent string, withMask bool) {
	code := v.Code
	if v.Prefix.Bits() == 0 {
		code, indent = code+"*", indent[1:]
	}
	prefix := v.Prefix.String()
	if !withMask {
		prefix = v.Prefix.Addr().String()
	}
	text := fmt.Sprintf("%s %s%s", code, indent, prefix)
	switch {
	case v.NextHop.IsValid() && v.Interface != "" && v.Code == "S":
		text += fmt.Sprintf(" [%d/0] via %v, %s", v.Distance, v.NextHop, v.Interface)
	case v.NextHop.IsValid():
		text += fmt.Sprintf(" [%d/0] via %v", v.Distance, v.NextHop)
	default:
		text += " is directly connected, " + v.Interface
	}
	p.line(text)
}

// Neighbours is `show arp` and `show ip arp`.
type Neighbours struct {
	Now     time.Time           `json:"now"`
	Entries []ip.NeighbourState `json:"entries"`
}

// With are those with an address.
func (s Neighbours) With(a netip.Addr) Neighbours {
	s.Entries = slices.DeleteFunc(s.Entries, func(n ip.NeighbourState) bool { return n.Address != a })
	return s
}

// At are those at an interface; "": at all.
func (s Neighbours) At(name string) Neighbours {
	s.Entries = slices.DeleteFunc(s.Entries, func(n ip.NeighbourState) bool { return name != "" && n.Interface != name })
	return s
}

// Lines is the table.
func (s Neighbours) Lines(iosconfig.Generation) []string {
	var p page
	p.line("Protocol  Address          Age (min)  Hardware Addr   Type   Interface")
	for _, v := range s.Entries {
		age, mac, ifc := fmt.Sprint(int(s.Now.Sub(v.Learned)/time.Minute)), v.MAC.String(), v.Interface
		switch {
		case v.Own:
			age = "-"
		case !v.Complete:
			age, mac, ifc = "0", "Incomplete", ""
		}
		p.linef("Internet  %-17v%8s   %-16sARPA   %s", v.Address, age, mac, ifc)
	}
	return p.lines
}
