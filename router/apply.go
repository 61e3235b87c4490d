package router

import (
	"maps"
	"reflect"
	"slices"
	"time"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/router/policy"
)

// applied is what a step of the configuration has touched.
type applied struct {
	tunnels map[string]bool // whose settings have to be worked out anew
	retry   map[string]bool // and those that forget their failures
	ike     bool            // the engine's policy has to be
}

// applyConfig puts what has changed in the running configuration into
// effect. Interfaces and tunnels whose settings are as before keep their
// state, and so do SAs that the configuration still allows.
func (r *Router) applyConfig(now time.Time) {
	c := r.running()
	if !r.on {
		return
	}
	a := &applied{tunnels: map[string]bool{}, retry: map[string]bool{}, ike: true}
	configured := make(map[string]bool, c.Interfaces.Len())
	for i := range c.Interfaces.All() {
		configured[i.Name()] = true
	}
	for _, i := range slices.Clone(r.ip.Interfaces.All()) {
		if !configured[i.Name] {
			r.removeInterface(now, i.Name, a)
		}
	}
	for i := range c.Interfaces.All() {
		if r.carries(i) {
			r.applyInterface(now, i, a)
		}
	}
	r.applyRoutes(now)
	for i := range c.Interfaces.All() {
		a.tunnels[i.Name()] = true
	}
	r.settle(now, a)
}

// applyInterface gives one interface its settings. Tunnels that have it as
// their source depend on its address.
func (r *Router) applyInterface(now time.Time, c *iosconfig.Interface, a *applied) {
	set, i := policy.Interface(c), r.ip.Interfaces.Get(c.Name())
	if i != nil && i.Settings.Equal(&set) {
		return
	}
	r.ip.Interfaces.Set(now, set)
	r.touch(c.Name(), a)
}

// removeInterface takes away an interface that is not configured any more.
func (r *Router) removeInterface(now time.Time, name string, a *applied) {
	if t := r.tunnels.Get(name); t != nil {
		t.Remove(now)
	}
	r.ip.Interfaces.Remove(now, name)
	r.touch(name, a)
}

// touch notes what depends on an interface that has changed: tunnels, and
// IKEv2 profiles that match its address.
func (r *Router) touch(name string, a *applied) {
	for _, n := range append(r.tunnels.From(name), name) {
		a.tunnels[n], a.retry[n] = true, true
	}
	for p := range r.running().IKEv2.Profiles.All() {
		a.ike = a.ike || p.MatchLocalIface == name
	}
}

// applyRoutes brings the static routes in line with the configuration.
func (r *Router) applyRoutes(now time.Time) {
	left := make(map[ip.StaticRoute]int, len(r.routes))
	for _, s := range r.routes {
		left[s]++
	}
	routes := make([]ip.StaticRoute, 0, r.running().Routes.Len())
	var add, remove []ip.StaticRoute
	for c := range r.running().Routes.All() {
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
	r.ip.Table.Set(now, add, remove)
}

// settle puts into effect what depends on what was touched: the tunnels, then
// the engine's policy, then what it is asked for.
func (r *Router) settle(now time.Time, a *applied) {
	before := len(r.flows)
	var gone []string
	var asked []ikev2.ChildPolicy
	for _, name := range slices.Sorted(maps.Keys(a.tunnels)) {
		switch demand, changed := r.applyTunnel(now, name); {
		case changed && demand.Entry == "":
			gone = append(gone, name)
			delete(r.flows, name)
		case changed:
			asked = append(asked, demand)
			r.flows[name] = demand
			a.retry[name] = true
		}
	}
	r.switched(before, len(r.flows))
	if a.ike {
		r.applyIKE(now, a)
	}
	for _, name := range gone {
		r.apply(now, r.engine.Unprotect(now, name))
	}
	for _, demand := range asked {
		r.apply(now, r.engine.Protect(now, demand))
	}
	for _, name := range slices.Sorted(maps.Keys(a.retry)) {
		if t := r.tunnels.Get(name); t != nil {
			t.Retry(now)
		}
	}
}

// applyTunnel gives one tunnel its settings. demand is what the engine is to be
// asked for, if that has changed; one without an entry: nothing any more.
func (r *Router) applyTunnel(now time.Time, name string) (demand ikev2.ChildPolicy, changed bool) {
	before, had := r.flows[name]
	c, t := r.running().Interface(name), r.tunnels.Get(name)
	if c == nil || t == nil {
		return demand, had
	}
	set, demand := policy.Tunnel(r.running(), c)
	t.Set(now, set)
	if !set.Entry.Active {
		return ikev2.ChildPolicy{}, had
	}
	return demand, !had || !reflect.DeepEqual(before, demand)
}

// applyIKE gives the engine its policy, if that is another one than before:
// then every tunnel has a new chance.
func (r *Router) applyIKE(now time.Time, a *applied) {
	given := policy.IKE(r.running(), r.generation().Software())
	if reflect.DeepEqual(given, r.policy) {
		return
	}
	r.policy = given
	r.apply(now, r.engine.Configure(now, &given))
	for _, e := range r.entries() {
		a.retry[e.Name()] = true
	}
}

// switched tells that the first tunnel wants IKE, or that none does any more.
func (r *Router) switched(before, after int) {
	if (before > 0) != (after > 0) {
		r.records.Emit(crypto.Switched{On: after > 0})
	}
}
