package router

import (
	"slices"

	"ikelab/iosconfig"
	"ikelab/router/ip"
)

// carries says whether packets can cross an interface: others are only kept.
func carries(i *iosconfig.Interface) bool {
	if i.Type.Wired() {
		return true
	}
	return !i.Subinterface() && (i.Type == iosconfig.Loopback || tunnels(i))
}

// tunnels says whether an interface is a tunnel, configured or cloned.
func tunnels(i *iosconfig.Interface) bool {
	return i.Type == iosconfig.Tunnel || i.Type == iosconfig.VirtualAccess
}

// ports are the physical ports, by their numbers.
func (o *Options) ports() []ip.Port {
	list := make([]ip.Port, 0, len(o.Ports))
	for _, name := range o.Ports {
		list = append(list, ip.Port{Name: name, Kind: string(iosconfig.TypeOf(name))})
	}
	return list
}

// hasPort says whether the router has a physical port of that name.
func (o *Options) hasPort(name string) bool { return slices.Contains(o.Ports, name) }

// withPorts names the router and adds the ports that a configuration does not
// mention: they are shut down, as IOS has them.
func (o *Options) withPorts(c *iosconfig.Config) *iosconfig.Config {
	next := *c
	if o.Hostname != "" && next.Hostname == iosconfig.DefaultHostname {
		next.Hostname = o.Hostname
	}
	for _, name := range o.Ports {
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
	if i == nil || i.Name() != name || !i.Type.Wired() || i.Subinterface() {
		return nil, false
	}
	i.Shutdown = true
	return i, true
}
