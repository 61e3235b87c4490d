package ip

import (
	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
	"slices"
)

var routeRow = editor.Row[iosconfig.Config]{
	Syntax: "ip route <prefix:ip> <mask:mask> / {<nexthop:ip>|<interface:interface> [<nexthop:ip>]}" +
		" [{<distance:1-255>|name <name:word>|permanent|tag <tag:1-4294967295>|track <track:1-1000>|global|multicast}...]",
	Help: "Global IP configuration subcommands|Establish static routes|Destination prefix|Destination prefix mask|Forwarding router's address" +
		"|Interface name|Forwarding router's address|Distance metric for this route|Specify name of the next hop|Name of the next hop|permanent route|Set tag for this route|Tag value|Install route depending on tracked item|tracked object number|Next hop address is global|multicast route",
	Set: func(e *global, a syntax.Args) error {
		r, err := routeArgs(e, a)
		if err != nil {
			return err
		}
		e.It.Routes.Put(r)
		e.Changed(iosconfig.KindRoute, r.Prefix.String())
		if line := r.String(); r.Track != 0 {
			e.Note("% "+line+": the route stays, as nothing is tracked here", func(c *iosconfig.Config) bool { return c.Routes.Has(r) })
		}
		return nil
	},
	Clear: func(e *global, a syntax.Args) error {
		r, err := routeArgs(e, a)
		if err != nil {
			return err
		}
		if a.Given("nexthop") || a.Given("interface") {
			e.It.Routes.Remove(r)
		} else {
			for x := range e.Config.Routes.To(r.Prefix) {
				e.It.Routes.Remove(x)
			}
		}
		e.Changed(iosconfig.KindRoute, r.Prefix.String())
		return nil
	},
	Show: func(e *global) []string { return routeLines(e, false) },
}

// leasedRouteRow is a route to whom a DHCP server names.
var leasedRouteRow = editor.Acted(editor.Kept[iosconfig.Config]("ip route <prefix:ip> <mask:mask> dhcp / [<distance:1-254>]",
	"|||Destination prefix mask|Default gateway obtained from DHCP|Distance metric for this route"))

// routeArgs reads a route.
func routeArgs(e *global, a syntax.Args) (iosconfig.Route, error) {
	p, ok := iosconfig.ParseNet(a.Addr("prefix"), a.Addr("mask"))
	if !ok || p != p.Masked() {
		return iosconfig.Route{}, syntax.Refuse("%%Inconsistent address and mask")
	}
	if err := e.CheckPhysical(a, "interface"); a.Given("interface") && err != nil {
		return iosconfig.Route{}, err
	}
	return iosconfig.Route{
		Prefix: p, Interface: a.Word("interface"), NextHop: a.Addr("nexthop"),
		Distance: max(1, a.Int("distance")), Name: a.Word("name"), Permanent: a.Has("permanent"),
		Tag: a.Int("tag"), Track: a.Int("track"),
	}, nil
}

// Rows are the global commands of IP, in running-config's order.
var Rows = slices.Concat(
	[]editor.Row[iosconfig.Config]{forwardRow, sectionRow(), rangeRow},
	routingRows,
	natRows,
	[]editor.Row[iosconfig.Config]{poolRow, routeRow, leasedRouteRow, sixRouteRow},
	accessRows,
	staticTexts,
	filterRows,
)

// HeadRows stand before all that names what they define.
var HeadRows = vrfRows

// Families lists the words of what is kept as text below interfaces.
func Families() []string { return slices.Concat(tunnelMode.Families(), subMode.Families()) }

// NoEffect lists the commands without effect of all modes.
func NoEffect() [][]string {
	return [][]string{interfaceMode.NoEffect(), tunnelMode.NoEffect(), subMode.NoEffect()}
}
