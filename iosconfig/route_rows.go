package iosconfig

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"ikelab/iosconfig/syntax"
)

var routeRow = syntax.Command[edit]{
	Syntax: "ip route <prefix:ip> <mask:mask> / {<nexthop:ip>|<interface:interface> [<nexthop:ip>]}" +
		" [{<distance:1-255>|name <name:word>|permanent}...]",
	Help: "Global IP configuration subcommands|Establish static routes|Destination prefix|Destination prefix mask|Forwarding router's address" +
		"|Interface name|Forwarding router's address|Distance metric for this route|Specify name of the next hop|Name of the next hop|permanent route",
	Set: func(e *edit, a syntax.Args) error {
		r, err := e.routeArgs(a)
		if err != nil {
			return err
		}
		routes := slices.DeleteFunc(slices.Clone(e.Routes), r.samePath)
		at, _ := slices.BinarySearchFunc(routes, r, func(x, r Route) int {
			return cmp.Or(compareRoutes(x, r), -1) // behind its equals
		})
		e.Routes = slices.Insert(routes, at, r)
		return nil
	},
	Clear: func(e *edit, a syntax.Args) error {
		r, err := e.routeArgs(a)
		if err != nil {
			return err
		}
		any := !a.Given("nexthop") && !a.Given("interface")
		e.Routes = nilIfEmpty(slices.DeleteFunc(slices.Clone(e.Routes), func(x Route) bool {
			return r.samePath(x) || any && x.Prefix == r.Prefix
		}))
		return nil
	},
	Show: func(e *edit) []string {
		var lines []string
		for _, r := range e.Routes {
			lines = append(lines, r.String())
		}
		return lines
	},
}

// routeArgs reads a route.
func (e *edit) routeArgs(a syntax.Args) (Route, error) {
	p, ok := parseNet(a.Addr("prefix"), a.Addr("mask"))
	if !ok || p != p.Masked() {
		return Route{}, syntax.Refuse("%%Inconsistent address and mask")
	}
	if err := e.checkPhysical(a, "interface"); a.Given("interface") && err != nil {
		return Route{}, err
	}
	return Route{
		Prefix: p, Interface: a.Word("interface"), NextHop: a.Addr("nexthop"),
		Distance: max(1, a.Int("distance")), Name: a.Word("name"), Permanent: a.Has("permanent"),
	}, nil
}

// samePath says whether x goes the same way to the same place.
func (r Route) samePath(x Route) bool {
	return r.Prefix == x.Prefix && r.Interface == x.Interface && r.NextHop == x.NextHop
}

// compareRoutes is running-config's order.
func compareRoutes(a, b Route) int {
	return cmp.Or(a.Prefix.Addr().Compare(b.Prefix.Addr()), cmp.Compare(a.Prefix.Bits(), b.Prefix.Bits()))
}

// String is the route as in running-config.
func (r Route) String() string {
	words := []string{"ip route", r.Prefix.Addr().String(), maskOf(r.Prefix)}
	if r.Interface != "" {
		words = append(words, r.Interface)
	}
	if r.NextHop.IsValid() {
		words = append(words, r.NextHop.String())
	}
	if r.Distance != 1 {
		words = append(words, strconv.Itoa(r.Distance))
	}
	if r.Name != "" {
		words = append(words, "name "+r.Name)
	}
	if r.Permanent {
		words = append(words, "permanent")
	}
	return strings.Join(words, " ")
}
