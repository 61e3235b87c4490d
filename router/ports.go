package router

import (
	"slices"

	"ikelab/iosconfig"
	"ikelab/router/ip"
)

// kinds are the types of interfaces that carry packets.
func (m *machine) kinds() map[string]ip.Kind {
	kinds := map[string]ip.Kind{
		string(iosconfig.Loopback): {},
		string(iosconfig.Tunnel):   {Output: func(i *ip.Interface) ip.Output { return m.tunnels.Bind(i) }},
	}
	for _, t := range cabled {
		kinds[string(t)] = ip.Kind{Port: true}
	}
	return kinds
}

// cabled are the types of interfaces that cables are plugged into.
var cabled = []iosconfig.InterfaceType{
	iosconfig.Ethernet, iosconfig.FastEthernet, iosconfig.GigabitEthernet, iosconfig.TenGigabitEthernet,
}

// carries says whether packets can cross an interface: others are only kept.
func carries(i *iosconfig.Interface) bool {
	return !i.Subinterface() && (i.Type == iosconfig.Loopback || i.Type == iosconfig.Tunnel || slices.Contains(cabled, i.Type))
}

// ports are the physical ports, by their numbers.
func (r *Router) ports() []ip.Port {
	list := make([]ip.Port, 0, len(r.options.Ports))
	for _, name := range r.options.Ports {
		list = append(list, ip.Port{Name: name, Kind: string(iosconfig.TypeOf(name))})
	}
	return list
}

// hasPort says whether the router has a physical port of that name.
func (r *Router) hasPort(name string) bool { return slices.Contains(r.options.Ports, name) }

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
	if i == nil || i.Name() != name || !slices.Contains(cabled, i.Type) || i.Subinterface() {
		return nil, false
	}
	i.Shutdown = true
	return i, true
}
