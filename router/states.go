package router

import (
	"net/netip"
	"slices"

	"ikelab/iosconfig"
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/router/show"
)

// The states that screens show, taken from the router here and nowhere else.

// interfaceStates are the interfaces in the order of the screens.
func (r *Router) interfaceStates() []show.Interface {
	configured := make(map[string]*iosconfig.Interface, r.running().Interfaces.Len())
	for c := range r.running().Interfaces.All() {
		configured[c.Name()] = c
	}
	list := make([]show.Interface, 0, len(configured))
	for _, i := range r.ip.Interfaces.All() {
		s := i.State()
		if c := configured[i.Name]; c != nil {
			s.Description, s.Bandwidth, s.Delay = c.Description, c.Bandwidth, c.Delay*10
		}
		list = append(list, r.showInterface(s))
	}
	return list
}

// showInterface adds what a tunnel interface has beyond an ordinary one.
func (r *Router) showInterface(s ip.InterfaceState) show.Interface {
	v := show.Interface{InterfaceState: s}
	if t := r.tunnels.Get(s.Name); t != nil {
		state := t.State()
		v.Tunnel = &state
	}
	return v
}

// interfaceAddress is the primary address configured on an interface.
func (r *Router) interfaceAddress(name string) netip.Addr {
	if i := r.running().Interface(name); i != nil {
		return i.Address.Addr()
	}
	return netip.Addr{}
}

// hasPort says whether the router has a physical port of that name.
func (r *Router) hasPort(name string) bool { return slices.Contains(r.options.Ports, name) }

// flowStates are the protected tunnels in the order of their interfaces.
func (r *Router) flowStates() []crypto.FlowState {
	list := []crypto.FlowState{}
	for _, e := range r.entries() {
		s := e.State()
		if s.OutInterface == "" {
			s.OutInterface = r.tunnelConfig(s.Interface).SourceInterface
		}
		list = append(list, s)
	}
	return list
}

// tunnelConfig is the configuration of a tunnel interface.
func (r *Router) tunnelConfig(name string) (c iosconfig.TunnelConfig) {
	if i := r.running().Interface(name); i != nil {
		c = i.Tunnel
	}
	return c
}
