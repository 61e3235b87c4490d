package ip

import (
	"slices"
	"strconv"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

var (
	routeRow    = staticRow("ip route", "Global IP configuration subcommands|Establish static routes")
	vrfRouteRow = staticRow("ip route vrf <vrf:word>", "||Configure static route for a VPN Routing/Forwarding instance|VPN Routing/Forwarding instance name")
)

// staticRow is a static route of the global table, or of a VRF.
func staticRow(command, help string) editor.Row[iosconfig.Config] {
	return editor.Row[iosconfig.Config]{
		Syntax: command + " <prefix:ip> <mask:mask> / {<nexthop:ip>|<interface:interface> [<nexthop:ip>]}" +
			" [{<distance:1-255>|name <name:word>|permanent|tag <tag:1-4294967295>|track <track:1-1000>|global|multicast}...]",
		Help: help + "|Destination prefix|Destination prefix mask|Forwarding router's address" +
			"|Interface name|Forwarding router's address|Distance metric for this route|Specify name of the next hop|Name of the next hop|permanent route|Set tag for this route|Tag value|Install route depending on tracked item|tracked object number|Next hop address is global|multicast route",
		Set:   setRoute,
		Clear: clearRoute,
		Show: func(e *global) []string {
			return routeLines(e, func(r iosconfig.Route) bool { return r.Prefix.Addr().Is4() && (r.VRF != "") == (command != "ip route") })
		},
	}
}

func setRoute(e *global, a syntax.Args) error {
	r, err := routeArgs(e, a)
	if err != nil {
		return err
	}
	if own(e.Config, r) {
		return syntax.Refuse("%%Invalid next hop address (it's this router)")
	}
	e.It.Routes.Put(r)
	e.Changed(iosconfig.KindRoute, r.Object())
	noteTrack(e, r)
	noteNowhere(e, r)
	return nil
}

// own says whether a route leads to the router itself: to an address that an interface of the table
// has in which the next hop is looked for.
func own(c *iosconfig.Config, r iosconfig.Route) bool {
	vrf := r.VRF
	if r.Global {
		vrf = ""
	}
	return c.Interfaces.Owner(vrf, r.NextHop) != nil
}

// noteNowhere tells that a route leads to an interface that there is not. What is physical is the
// device's, whether a configuration speaks of it or not, every device has Null0, and what is cloned
// from a template stands in no configuration.
func noteNowhere(e *global, r iosconfig.Route) {
	typ := iosconfig.TypeOf(r.Interface)
	if !typ.Logical() || typ == iosconfig.Null || typ == iosconfig.VirtualAccess {
		return
	}
	e.Note("% "+r.String()+": interface "+r.Interface+" does not exist: the route is not used", func(c *iosconfig.Config) bool {
		return c.Routes.Has(r) && c.Interface(r.Interface) == nil
	})
}

// noteTrack tells that a route depends on nothing.
func noteTrack(e *global, r iosconfig.Route) {
	if line := r.String(); r.Track != 0 {
		e.Note("% "+line+": Track object "+strconv.Itoa(r.Track)+" does not exist: the route is not used", func(c *iosconfig.Config) bool {
			return c.Routes.Has(r) && c.Tracking.Objects.At(r.Track) == nil
		})
	}
}

func clearRoute(e *global, a syntax.Args) error {
	r, err := routeArgs(e, a)
	if err != nil {
		return err
	}
	if a.Given("nexthop") || a.Given("interface") {
		e.It.Routes.Remove(r)
	} else {
		for x := range e.Config.Routes.To(r.VRF, r.Prefix) {
			e.It.Routes.Remove(x)
		}
	}
	if e.It.Routes.Len() == e.Config.Routes.Len() && !e.File {
		e.Say("%No matching route to delete")
	}
	e.Changed(iosconfig.KindRoute, r.Object())
	return nil
}

// leasedRouteRow is a route to whom a DHCP server names.
var leasedRouteRow = editor.Acted(editor.Kept[iosconfig.Config]("ip route <prefix:ip> <mask:mask> dhcp / [<distance:1-254>]",
	"|||Destination prefix mask|Default gateway obtained from DHCP|Distance metric for this route"))

// leasedVRFRouteRow is one in a VRF, which no lease brings.
var leasedVRFRouteRow = editor.Refers(editor.Warns(editor.Kept[iosconfig.Config]("ip route vrf <vrf:word> <prefix:ip> <mask:mask> dhcp / [<distance:1-254>]",
	"|||VPN Routing/Forwarding instance name|Destination prefix|Destination prefix mask|Default gateway obtained from DHCP|Distance metric for this route"), nil), editor.VRF("vrf"))

// routeArgs reads a route.
func routeArgs(e *global, a syntax.Args) (iosconfig.Route, error) {
	if vrf := a.Word("vrf"); vrf != "" && e.Config.VRFs.Get(vrf) == nil {
		return iosconfig.Route{}, syntax.Refuse(noSuchVRF, vrf)
	}
	p, ok := iosconfig.ParseNet(a.Addr("prefix"), a.Addr("mask"))
	if !ok || p != p.Masked() {
		return iosconfig.Route{}, syntax.Refuse("%%Inconsistent address and mask")
	}
	if err := e.CheckPhysical(a, "interface"); a.Given("interface") && err != nil {
		return iosconfig.Route{}, err
	}
	return iosconfig.Route{
		VRF: a.Word("vrf"), Global: a.Has("global") && a.Given("vrf"), Prefix: p, Interface: a.Word("interface"), NextHop: a.Addr("nexthop"),
		Distance: max(1, a.Int("distance")), Name: a.Word("name"), Permanent: a.Has("permanent"),
		Tag: a.Int("tag"), Track: a.Int("track"),
	}, nil
}

// Rows are the global commands of IP, in running-config's order.
var Rows = slices.Concat(
	[]editor.Row[iosconfig.Config]{forwardRow, sectionRow(), rangeRow},
	routingRows,
	natRows,
	[]editor.Row[iosconfig.Config]{poolRow, routeRow, vrfRouteRow, leasedRouteRow, leasedVRFRouteRow, sixRouteRow, sixVRFRouteRow},
	accessRows,
	staticTexts,
	filterRows,
)

// HeadRows stand before all that names what they define.
var HeadRows = vrfRows

// Families lists the words of what is kept as text below interfaces.
func Families() []string {
	return slices.Concat(interfaceMode.Families(), tunnelMode.Families(), subMode.Families(), lineMode.Families())
}

// NoEffect lists the commands without effect of all modes.
func NoEffect() [][]string {
	return [][]string{interfaceMode.NoEffect(), tunnelMode.NoEffect(), subMode.NoEffect()}
}
