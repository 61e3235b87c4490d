package router

import (
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/crypto"
	"ikelab/router/ip"
)

const modeIPsec = "ipsec ipv4"

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
	r.applyTunnels(now)
	policy, before := r.enginePolicy(), r.flows
	r.flows = r.flowsNow()
	r.switched(len(before), len(r.flows))
	if !reflect.DeepEqual(policy, r.policy) {
		r.policy = policy
		given := r.policy
		r.apply(now, r.engine.Configure(now, &given))
		changed = true
	}
	changed = r.protect(now, before, r.flows) || changed
	if changed {
		for _, t := range r.tunnels() {
			t.retry(now)
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
	set, i := settingsOf(c), r.ip.Interfaces.Get(c.Name())
	changed := i == nil || !i.Settings.Equal(&set)
	if t := tunnelOf(i); t != nil && t.config != c.Tunnel {
		changed = true
	}
	r.ip.SetInterface(now, set)
	return changed
}

// removeInterface takes away an interface that is not configured any more.
func (r *Router) removeInterface(now time.Time, i *ip.Interface) {
	if t := tunnelOf(i); t != nil {
		t.vanish()
	}
	r.ip.RemoveInterface(now, i.Name)
}

func settingsOf(c *iosconfig.Interface) ip.InterfaceSettings {
	s := ip.InterfaceSettings{Name: c.Name(), Kind: string(c.Type), Shutdown: c.Shutdown, MTU: c.MTU}
	for _, p := range append([]netip.Prefix{c.Address}, c.Secondary...) {
		if p.IsValid() {
			s.Addresses = append(s.Addresses, p)
		}
	}
	return s
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
		s := ip.StaticRoute{Prefix: c.Prefix, NextHop: c.NextHop, Interface: c.Interface, Distance: c.Distance, Permanent: c.Permanent}
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

// applyTunnels gives the tunnels their settings. The source's address may have
// changed with another interface.
func (r *Router) applyTunnels(now time.Time) {
	for _, c := range r.config.Interfaces {
		if t := r.tunnelByName(c.Name()); t != nil {
			t.set(now, c)
		}
	}
}
