package router

import (
	"fmt"
	"net/netip"
	"slices"
	"time"
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

// showIPRoute is `show ip route [connected|static]`; codes says which routes.
func (x *exec) showIPRoute(codes string) {
	x.out = append(x.out, routeCodes...)
	routes := x.r.routeViews()
	x.line(lastResort(routes)).line("")
	shown := slices.DeleteFunc(slices.Clone(routes), func(v routeView) bool {
		return codes != "" && !slices.Contains([]byte(codes), v.Code)
	})
	slices.SortStableFunc(shown, compareRoutes)
	x.routes(shown)
}

// routes prints sorted routes.
func (x *exec) routes(list []routeView) {
	for len(list) > 0 {
		n := sameNetwork(list)
		x.network(list[:n])
		list = list[n:]
	}
}

func compareRoutes(a, b routeView) int {
	if c := a.Prefix.Addr().Compare(b.Prefix.Addr()); c != 0 {
		return c
	}
	return a.Prefix.Bits() - b.Prefix.Bits()
}

func lastResort(routes []routeView) string {
	for _, v := range routes {
		if v.Prefix.Bits() == 0 {
			return fmt.Sprintf("Gateway of last resort is %s to network 0.0.0.0", addrText(v.NextHop))
		}
	}
	return "Gateway of last resort is not set"
}

// classful is the network of class A, B or C that an address lies in; IOS
// groups its routing table by these.
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
func sameNetwork(routes []routeView) int {
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
func (x *exec) network(routes []routeView) {
	net := classful(routes[0].Prefix.Addr())
	if len(routes) == 1 && routes[0].Prefix.Bits() <= net.Bits() {
		x.route(routes[0], "    ", true)
		return
	}
	masks := map[int]bool{}
	for _, v := range routes {
		masks[v.Prefix.Bits()] = true
	}
	// Equal masks stand once in the heading and not in the lines below it.
	if len(masks) == 1 {
		x.linef("      %v/%d is subnetted, %d subnets", net.Addr(), routes[0].Prefix.Bits(), len(routes))
	} else {
		x.linef("      %v is variably subnetted, %d subnets, %d masks", net, len(routes), len(masks))
	}
	for _, v := range routes {
		x.route(v, "       ", len(masks) > 1)
	}
}

func (x *exec) route(v routeView, indent string, withMask bool) {
	code := string(v.Code)
	if v.Prefix.Bits() == 0 {
		code, indent = code+"*", indent[1:]
	}
	prefix := v.Prefix.String()
	if !withMask {
		prefix = v.Prefix.Addr().String()
	}
	text := fmt.Sprintf("%s %s%s", code, indent, prefix)
	switch {
	case v.NextHop.IsValid() && v.Interface != "" && v.Code == 'S':
		text += fmt.Sprintf(" [%d/0] via %v, %s", v.Distance, v.NextHop, v.Interface)
	case v.NextHop.IsValid():
		text += fmt.Sprintf(" [%d/0] via %v", v.Distance, v.NextHop)
	default:
		text += " is directly connected, " + v.Interface
	}
	x.line(text)
}

// showARP is `show arp`.
func (x *exec) showARP() {
	x.line("Protocol  Address          Age (min)  Hardware Addr   Type   Interface")
	for _, v := range x.r.arpViews(x.now) {
		age, mac, ifc := fmt.Sprint(int(v.Age/time.Minute)), macText(v.MAC), v.Interface
		if v.Own {
			age = "-"
		}
		if v.Incomplete {
			age, mac, ifc = "0", "Incomplete", ""
		}
		x.linef("Internet  %-17v%8s   %-16sARPA   %s", v.Addr, age, mac, ifc)
	}
}
