package router

import (
	"ikelab/iosconfig"
	"ikelab/router/ip"
)

// kinds are the types of interfaces that carry packets.
func (r *Router) kinds() map[string]ip.Kind {
	return map[string]ip.Kind{
		string(iosconfig.Ethernet): {Port: true}, string(iosconfig.FastEthernet): {Port: true}, string(iosconfig.GigabitEthernet): {Port: true},
		string(iosconfig.TenGigabitEthernet): {Port: true},
		string(iosconfig.Loopback):           {}, string(iosconfig.Tunnel): {Output: r.newTunnel},
	}
}

// carries says whether packets can cross an interface: others are only kept.
func (r *Router) carries(i *iosconfig.Interface) bool {
	_, ok := r.kinds()[string(i.Type)]
	return ok && !i.Subinterface()
}

// blankConfig is the configuration of a router without a startup-config.
func (r *Router) blankConfig() *iosconfig.Config { return r.withPorts(iosconfig.New(r.generation())) }

// withPorts names the router and adds the ports that a configuration does not
// mention: they are shut down, as IOS has them.
func (r *Router) withPorts(c *iosconfig.Config) *iosconfig.Config {
	next := *c
	if r.options.Hostname != "" && next.Hostname == iosconfig.DefaultHostname {
		next.Hostname = r.options.Hostname
	}
	for _, name := range r.options.Ports {
		if i, ok := portOf(name); ok && next.Interface(name) == nil {
			next.Interfaces.Put(name, i)
		}
	}
	return &next
}

// portOf is a port without settings: shut down. False when no cable can be
// plugged into an interface of that name.
func portOf(name string) (*iosconfig.Interface, bool) {
	i := iosconfig.NewInterface(name)
	if i == nil || i.Name() != name || i.Type.Logical() || i.Subinterface() {
		return nil, false
	}
	i.Shutdown = true
	return i, true
}
