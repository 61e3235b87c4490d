package shell

import (
	"ikelab/iosconfig/syntax"
	"ikelab/router/show"
)

// sixRows are the screens of IPv6.
var sixRows = []syntax.Command[exec]{
	{Syntax: "show ipv6 interface brief", Help: "|IPv6 information|IPv6 interface status and configuration|Brief summary of IPv6 status and configuration",
		Set: always(func(x *exec, _ args) show.Screen {
			return show.IPv6Brief{Interfaces: show.InterfacesOf(x.d, x.now, "").Interfaces}
		})},
	{Syntax: "show ipv6 interface [<name:interface>]", Help: "|||Interface name",
		Set: always(func(x *exec, a args) show.Screen { return show.IPv6InterfacesOf(x.d, a.Word("name")) })},
	{Syntax: "show ipv6 route [{connected|static|local}]", Help: "||Show IPv6 route table entries|Connected routes|Static routes|Local routes", Set: shows(sixRoutes)},
	{Syntax: "show ipv6 route {<to:ip6>|<net:prefix6>}", Help: "|||IPv6 address|IPv6 prefix", Set: shows(sixRoute)},
	{Syntax: "show ipv6 route vrf <vrf:word> {<to:ip6>|<net:prefix6>}", Help: routeVRFHelp + "|IPv6 address|IPv6 prefix", Set: shows(sixRoute)},
	{Syntax: "show ipv6 route vrf <vrf:word> [{connected|static|local}]", Help: routeVRFHelp + "|Connected routes|Static routes|Local routes", Set: shows(sixRoutes)},
	{Syntax: "show ipv6 access-list [<name:word>]", Help: "||Summary of access lists|Access-list name", Set: always(accessScreen(false, true))},
	{Syntax: "show ipv6 traffic", Help: "||IPv6 traffic statistics", Set: always(func(x *exec, _ args) show.Screen {
		of := x.d.IPv6("")
		return show.IPv6TrafficOf(of.Totals, of.Limited)
	})},
	{Syntax: "show ipv6 neighbors [{<address:ip6>|<name:interface>}]", Help: "||Show IPv6 neighbor cache entries|IPv6 address|Interface name", Set: always(func(x *exec, a args) show.Screen {
		return show.IPv6Neighbours{Now: x.now, Entries: x.d.IPv6("").Neighbours}.Of(a.Addr("address"), a.Word("name"))
	})},
}

func sixRoutes(x *exec, a args) (show.Screen, error) {
	code, vrf := "", a.Word("vrf")
	switch {
	case a.Has("connected"):
		code = "C"
	case a.Has("static"):
		code = "S"
	case a.Has("local"):
		code = "L"
	}
	if err := sixTable(x, vrf); err != nil {
		return nil, err
	}
	return show.IPv6RoutesOf(x.d.IPv6(vrf).Routes, vrf, code), nil
}

// sixTable refuses a VRF that is not there.
func sixTable(x *exec, vrf string) error {
	if vrf != "" && !isVRF(x, vrf) {
		return syntax.Refuse("%% IPv6 routing table vrf %s does not exist", vrf)
	}
	return nil
}

func sixRoute(x *exec, a args) (show.Screen, error) {
	vrf := a.Word("vrf")
	if err := sixTable(x, vrf); err != nil {
		return nil, err
	}
	list := x.d.IPv6(vrf).Routes
	if a.Given("net") {
		return show.IPv6RouteIn(list, a.Prefix("net")), nil
	}
	return show.IPv6RouteTo(list, a.Addr("to")), nil
}
