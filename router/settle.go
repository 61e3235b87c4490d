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

// settle puts into effect what depends on what was touched: the tunnels, then
// the engine's policy, then what it is asked for.
func (m *machine) settle(now time.Time, t *touched) {
	before := len(m.demands)
	var gone []string
	var asked []ikev2.ChildPolicy
	for _, name := range slices.Sorted(maps.Keys(t.tunnels)) {
		switch demand, changed := m.settleTunnel(now, name); {
		case changed && demand.Entry == "":
			gone = append(gone, name)
			delete(m.demands, name)
		case changed:
			asked = append(asked, demand)
			m.demands[name] = demand
			t.retry[name] = true
		}
	}
	if t.maps {
		more, less := m.maps.settle(now, m.running(), m.lists.four, m.demands)
		asked, gone = append(asked, more...), append(gone, less...)
	}
	if t.nat {
		m.nat.settle(m.running(), m.lists.four)
	}
	m.flex.cluster.Configure(now, policy.Cluster(m.running()))
	m.switched(before, len(m.demands))
	if t.ike {
		m.settleIKE(now, t)
	}
	for _, name := range gone {
		m.apply(now, m.engine.Unprotect(now, name))
	}
	for _, demand := range asked {
		m.apply(now, m.engine.Protect(now, demand))
	}
	for _, name := range slices.Sorted(maps.Keys(t.retry)) {
		if tunnel := m.tunnels.Get(name); tunnel != nil {
			tunnel.Retry(now)
		}
	}
}

// settleTunnel gives one tunnel its settings. demand is what the engine is to
// be asked for, if that has changed; one without an entry: nothing any more.
func (m *machine) settleTunnel(now time.Time, name string) (demand ikev2.ChildPolicy, changed bool) {
	before, had := m.demands[name]
	c, tunnel := m.running().Interface(name), m.tunnels.Get(name)
	if c == nil || tunnel == nil {
		m.users.set(name, "")
		return demand, had
	}
	m.users.set(name, c.Tunnel.Protection)
	set, demand := policy.Tunnel(m.running(), c)
	if made, ok := m.flex.clones[name]; ok {
		demand.Profile, demand.Made = made.profile, true // whatever the IPsec profile says
	}
	tunnel.Set(now, set)
	if !set.Entry.Active {
		return ikev2.ChildPolicy{}, had
	}
	return demand, !had || !reflect.DeepEqual(before, demand)
}

// settleIKE gives the engine its policy, if that is another one than before:
// then every tunnel has a new chance.
func (m *machine) settleIKE(now time.Time, t *touched) {
	given := policy.IKE(m.running(), m.certified.papers(m.running()))
	if reflect.DeepEqual(given, m.policy) {
		return
	}
	m.policy = given
	given.Choose = m.flex.gatewayFor
	m.apply(now, m.engine.Configure(now, &given))
	for name := range m.demands {
		t.retry[name] = true
	}
}

// switched tells that the first tunnel wants IKE, or that none does any more.
func (m *machine) switched(before, after int) {
	if (before > 0) != (after > 0) {
		m.records.Emit(crypto.Switched{On: after > 0})
	}
}

// routesTo are the static routes to a prefix, behind a VRF and a blank if it is in one.
func routesTo(c *iosconfig.Config, name string) (list []ip.StaticRoute) {
	for r := range routesOf(c, name) {
		list = append(list, policy.Route(c, r))
	}
	return list
}

// users are the tunnels by the IPsec profile that protects them, or whatever stands so
// to something else.
type users struct {
	profile map[string]string // by tunnel
	tunnels map[string]map[string]bool
}

// set notes what protects a tunnel; "": nothing.
func (u *users) set(tunnel, profile string) {
	if u.profile == nil {
		u.profile, u.tunnels = map[string]string{}, map[string]map[string]bool{}
	}
	before := u.profile[tunnel]
	if before == profile {
		return
	}
	delete(u.tunnels[before], tunnel)
	delete(u.profile, tunnel)
	if profile == "" {
		return
	}
	u.profile[tunnel] = profile
	if u.tunnels[profile] == nil {
		u.tunnels[profile] = map[string]bool{}
	}
	u.tunnels[profile][tunnel] = true
}

// of are those that use something.
func (u *users) of(profile string) []string { return slices.Sorted(maps.Keys(u.tunnels[profile])) }

// addTo adds the tunnels that a profile protects to a set.
func (u *users) addTo(set map[string]bool, profile string) { maps.Copy(set, u.tunnels[profile]) }

// addAll adds all of them.
func (u *users) addAll(set map[string]bool) {
	for tunnel := range u.profile {
		set[tunnel] = true
	}
}
