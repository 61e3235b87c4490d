package router

import (
	"iter"
	"net/netip"
	"strings"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/ip"
	"ikelab/router/policy"
	"ikelab/router/record"
	"ikelab/router/standby"
	"ikelab/router/track"
)

// tracked is what is watched, and the static routes and groups of HSRP that depend on it.
type tracked struct {
	objects *track.Objects
	standby *standby.Groups
	booting bool                        // nothing follows an object yet
	names   map[int]map[string]bool     // the routes to which prefixes depend on an object
	routes  map[string][]ip.StaticRoute // those of them that are in effect
}

func newTracked(stack *ip.Stack, timers *ip.Timers, records *record.Emitter, changed func(now time.Time, number int)) tracked {
	interfaces := stack.Interfaces.Changed
	t := tracked{}
	t.objects = track.New(track.Options{
		Stack: stack, Timers: timers, Records: records, Changed: changed,
	})
	stack.Interfaces.Changed = func(now time.Time, i *ip.Interface) {
		interfaces(now, i)
		t.objects.Interface(now, i.Name)
	}
	return t
}

// holds says whether something may be that depends on an object: 0 is none, and one that there is not
// is as if it were down.
func (t *tracked) holds(number int, down bool) bool {
	if number == 0 {
		return true
	}
	up, known := t.objects.Up(number)
	return known && up != down
}

// follow gives the static routes to a prefix that are in effect, and has those that depend on
// objects followed.
func (t *tracked) follow(c *iosconfig.Config, name string) (list []ip.StaticRoute) {
	for number, names := range t.names {
		if delete(names, name); len(names) == 0 {
			delete(t.names, number)
		}
	}
	delete(t.routes, name)
	depends := false
	for r := range routesOf(c, name) {
		if r.Track != 0 {
			depends = true
			names := t.names[r.Track]
			mark(&names, name)
			put(&t.names, r.Track, names)
		}
		if t.holds(r.Track, false) {
			list = append(list, policy.Route(c, r))
		}
	}
	if depends {
		put(&t.routes, name, list)
	}
	return list
}

// routesOf are the configured ones of such a name.
func routesOf(c *iosconfig.Config, name string) iter.Seq[iosconfig.Route] {
	vrf, prefix, in := strings.Cut(name, " ")
	if !in {
		vrf, prefix = "", name
	}
	p, err := netip.ParsePrefix(prefix)
	if err != nil {
		return func(func(iosconfig.Route) bool) {}
	}
	return c.Routes.To(vrf, p)
}
