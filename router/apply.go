package router

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"ikelab/iosconfig"
)

// blankConfig is the configuration of a router without a startup-config.
func (r *Router) blankConfig() *iosconfig.Config { return r.withPorts(iosconfig.New()) }

// withPorts names the router and adds the ports that a configuration does not
// mention: they are shut down, as IOS has them.
func (r *Router) withPorts(c *iosconfig.Config) *iosconfig.Config {
	if r.options.Hostname != "" && c.Hostname == iosconfig.New().Hostname {
		c.Hostname = r.options.Hostname
	}
	for _, name := range r.options.Ports {
		if slices.ContainsFunc(c.Interfaces, func(i *iosconfig.Interface) bool { return i.Name() == name }) {
			continue
		}
		if kind, number, ok := splitName(name); ok {
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
	r.rebuildFIB()
	policy, before := r.enginePolicy(), r.flows
	r.flows = r.flowsNow()
	r.logISAKMP(now, len(before), len(r.flows))
	if !reflect.DeepEqual(policy, r.policy) {
		r.policy = policy
		given := r.policy
		r.apply(now, r.engine.Configure(now, &given))
		changed = true
	}
	changed = r.protect(now, before, r.flows) || changed
	r.settleTunnels(now)
	if changed {
		r.retryTunnels(now)
	}
}

// logISAKMP tells that the first tunnel wants IKE, or that none does any more.
func (r *Router) logISAKMP(now time.Time, before, after int) {
	if (before > 0) == (after > 0) {
		return
	}
	state := "OFF"
	if after > 0 {
		state = "ON"
	}
	r.logf(now, "CRYPTO", severityInformational, "ISAKMP_ON_OFF", "ISAKMP is %s", state)
}

// applyInterfaces brings the interfaces in line with the configuration and
// reports whether any setting changed.
func (r *Router) applyInterfaces(now time.Time) bool {
	old := r.ifaces
	r.ifaces = r.ifaces[:0:0]
	for port, name := range r.options.Ports {
		r.keep(old, r.configured(name), port)
	}
	for _, c := range r.config.Interfaces {
		if r.ifaceByName(c.Name()) == nil {
			r.keep(old, c, noPort)
		}
	}
	changed := len(r.ifaces) != len(old)
	for _, i := range old {
		if !slices.Contains(r.ifaces, i) {
			r.vanish(i)
			changed = true
		}
	}
	r.tunnels = r.tunnels[:0]
	var announced []*iface
	for _, i := range r.ifaces {
		if s := settingsOf(i.config); s != i.applied {
			changed = true
			moved := i.applied.address != s.address || i.applied.secondary != s.secondary
			r.settle(now, i, s)
			if moved {
				announced = append(announced, i)
			}
		}
		if i.tunnel != nil {
			r.tunnels = append(r.tunnels, i.tunnel)
		}
	}
	for _, i := range announced {
		r.announce(now, i)
	}
	r.activateTunnels()
	return changed
}

func (r *Router) configured(name string) *iosconfig.Interface {
	for _, c := range r.config.Interfaces {
		if c.Name() == name {
			return c
		}
	}
	kind, number, _ := splitName(name)
	return &iosconfig.Interface{Type: kind, Number: number, Shutdown: true}
}

// keep takes over the interface of that name, or makes it.
func (r *Router) keep(old []*iface, c *iosconfig.Interface, port int) {
	name := c.Name()
	for _, i := range old {
		if i.name == name {
			i.config = c
			r.ifaces = append(r.ifaces, i)
			return
		}
	}
	i := &iface{name: name, config: c, port: port, mtu: ethernetMTU, mac: r.options.macOf(max(port, 0))}
	if port == noPort {
		i.mac[5] ^= 0x80 // no cable will ever be there
	}
	// Unlike any setting, so that a new interface counts as changed.
	i.applied.address = "new"
	r.ifaces = append(r.ifaces, i)
}

// vanish ends what an interface that was taken away still does. Its SAs go
// when the engine learns that the flow is gone.
func (r *Router) vanish(i *iface) {
	i.flushARP()
	i.up, i.protocol = false, false
	if t := i.tunnel; t != nil {
		t.active, t.acquireAt = false, time.Time{}
	}
}

// settle puts the settings of one interface into effect.
func (r *Router) settle(now time.Time, i *iface, s ifaceSettings) {
	if s.address != i.applied.address || s.secondary != i.applied.secondary {
		i.setAddresses()
		i.flushARP()
	}
	i.mtu = ethernetMTU
	if s.mtu > 0 {
		i.mtu = s.mtu
	}
	if c := s.tunnel; i.config.Type == iosconfig.Tunnel {
		switch protected := c.Protection != "" || c.Mode == modeIPsec; {
		case protected && i.tunnel == nil:
			i.tunnel = &tunnel{iface: i}
		case !protected && i.tunnel != nil:
			i.tunnel.active, i.tunnel.acquireAt = false, time.Time{}
			i.tunnel = nil
		}
	}
	wasUp := i.protocol
	r.settleState(now, i)
	i.applied = s
	if i.protocol && !wasUp {
		r.announce(now, i)
	}
}

const modeIPsec = "ipsec ipv4"

// activateTunnels works out which tunnels have all that they need, and their
// ends. The source's address may have changed with another interface.
func (r *Router) activateTunnels() {
	for _, t := range r.tunnels {
		c := t.iface.config
		local := ip4Of(c.Tunnel.Source)
		if c.Tunnel.SourceInterface != "" {
			local = 0
			if i := r.ifaceByName(c.Tunnel.SourceInterface); i != nil {
				local = i.primary()
			}
		}
		remote := ip4Of(c.Tunnel.Destination)
		if local != t.local || remote != t.remote {
			t.local, t.remote, t.path, t.narrow = local, remote, tunnelPath{}, 0
		}
		t.active = !c.Shutdown && local != 0 && remote != 0 && c.Tunnel.Mode == modeIPsec && r.ipsecProfile(c.Tunnel.Protection) != nil
		if !t.active {
			t.acquireAt, t.underlay, t.asleep = time.Time{}, false, false
			continue
		}
		for _, p := range t.pairs {
			e := p.child.Out.Encapsulation
			if _, e.DF, e.TTL = r.espSettings(t); e != p.out.Encapsulation() {
				_ = p.out.Encapsulate(e) // its addresses were good before
			}
		}
		t.idle = r.idleTime(r.ipsecProfile(c.Tunnel.Protection))
		r.tunnelDue = earliest(r.tunnelDue, t.idleAt())
	}
}
