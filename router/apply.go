package router

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/router/policy"
)

// kinds are the types of interfaces that carry packets.
func (r *Router) kinds() map[string]ip.Kind {
	return map[string]ip.Kind{
		string(iosconfig.Ethernet): {Port: true}, string(iosconfig.FastEthernet): {Port: true}, string(iosconfig.GigabitEthernet): {Port: true},
		string(iosconfig.Loopback): {}, string(iosconfig.Tunnel): {Output: r.newTunnel},
	}
}

func isPhysical(t iosconfig.InterfaceType) bool {
	return t == iosconfig.Ethernet || t == iosconfig.FastEthernet || t == iosconfig.GigabitEthernet
}

// blankConfig is the configuration of a router without a startup-config.
func (r *Router) blankConfig() *iosconfig.Config { return r.withPorts(iosconfig.New()) }

// withPorts names the router and adds the ports that a configuration does not
// mention: they are shut down, as IOS has them.
func (r *Router) withPorts(c *iosconfig.Config) *iosconfig.Config {
	if r.options.Hostname != "" && c.Hostname == iosconfig.New().Hostname {
		c.Hostname = r.options.Hostname
	}
	configured := make(map[string]bool, len(c.Interfaces))
	for _, i := range c.Interfaces {
		configured[i.Name()] = true
	}
	for _, name := range r.options.Ports {
		if kind, number, ok := splitName(name); ok && !configured[name] {
			c.Interfaces = append(c.Interfaces, &iosconfig.Interface{Type: kind, Number: number, Shutdown: true})
		}
	}
	return c
}

// splitName cuts "Ethernet0/0" where its number begins.
func splitName(name string) (iosconfig.InterfaceType, string, bool) {
	at := strings.IndexAny(name, "0123456789")
	if at <= 0 || !isPhysical(iosconfig.InterfaceType(name[:at])) {
		return "", "", false
	}
	return iosconfig.InterfaceType(name[:at]), name[at:], true
}

// applyConfig makes a configuration the running one and puts what changed
// into effect. Interfaces and tunnels whose settings are as before keep their
// state, and so do SAs that the configuration still allows.
func (r *Router) applyConfig(now time.Time, c *iosconfig.Config) {
	r.config = r.withPorts(c)
	if !r.on {
		return
	}
	changed := r.applyInterfaces(now)
	r.applyRoutes(now)
	before := r.flows
	r.applyEntries(now)
	r.switched(len(before), len(r.flows))
	if given := policy.IKE(r.config, r.generation().Software()); !reflect.DeepEqual(given, r.policy) {
		r.policy = given
		r.apply(now, r.engine.Configure(now, &given))
		changed = true
	}
	changed = r.protect(now, before, r.flows) || changed
	if changed {
		for _, e := range r.entries() {
			e.Retry(now)
		}
	}
}

// switched tells that the first tunnel wants IKE, or that none does any more.
func (r *Router) switched(before, after int) {
	if (before > 0) != (after > 0) {
		r.records.Emit(crypto.Switched{On: after > 0})
	}
}

// applyInterfaces brings the interfaces in line with the configuration and
// reports whether any setting changed.
func (r *Router) applyInterfaces(now time.Time) bool {
	changed := false
	configured := make(map[string]bool, len(r.config.Interfaces))
	for _, c := range r.config.Interfaces {
		configured[c.Name()] = true
	}
	for _, i := range slices.Clone(r.ip.Interfaces.All()) {
		if !configured[i.Name] {
			r.removeInterface(now, i)
			changed = true
		}
	}
	for _, c := range r.config.Interfaces {
		changed = r.applyInterface(now, c) || changed
	}
	return changed
}

// applyInterface gives one interface its settings and reports whether they
// differ from those before.
func (r *Router) applyInterface(now time.Time, c *iosconfig.Interface) bool {
	set, i := policy.Interface(c), r.ip.Interfaces.Get(c.Name())
	changed := i == nil || !i.Settings.Equal(&set)
	r.ip.SetInterface(now, set)
	return changed
}

// removeInterface takes away an interface that is not configured any more.
func (r *Router) removeInterface(now time.Time, i *ip.Interface) {
	if e := r.crypto.Entry(i.Name); e != nil {
		e.Remove(now)
	}
	r.ip.RemoveInterface(now, i.Name)
}

// applyRoutes brings the static routes in line with the configuration.
func (r *Router) applyRoutes(now time.Time) {
	left := make(map[ip.StaticRoute]int, len(r.routes))
	for _, s := range r.routes {
		left[s]++
	}
	routes := make([]ip.StaticRoute, 0, len(r.config.Routes))
	var add, remove []ip.StaticRoute
	for _, c := range r.config.Routes {
		s := policy.Route(c)
		routes = append(routes, s)
		if left[s]--; left[s] < 0 {
			add = append(add, s)
		}
	}
	for _, s := range r.routes {
		if left[s] > 0 {
			left[s]--
			remove = append(remove, s)
		}
	}
	r.routes = routes
	r.ip.SetRoutes(now, add, remove)
}

// applyEntries gives the tunnels their settings, and works out what the engine
// is asked for.
func (r *Router) applyEntries(now time.Time) {
	r.flows = map[string]ikev2.ChildPolicy{}
	for _, c := range r.config.Interfaces {
		e := r.crypto.Entry(c.Name())
		if e == nil {
			continue
		}
		s, demand := policy.Entry(r.config, c)
		if s.Active {
			r.flows[demand.Entry] = demand
		}
		e.Set(now, s)
	}
}

// protect tells the engine which demands are new, changed or gone.
func (r *Router) protect(now time.Time, before, after map[string]ikev2.ChildPolicy) (changed bool) {
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if _, kept := after[name]; !kept {
			changed = true
			r.apply(now, r.engine.Unprotect(now, name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if !reflect.DeepEqual(before[name], after[name]) {
			changed = true
			r.apply(now, r.engine.Protect(now, after[name]))
		}
	}
	return changed
}
