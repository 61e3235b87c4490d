package router

import (
	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/router/show"
)

// The states that screens show, taken from the router here and nowhere else.

// SAs are the IKE SAs that there are, and the protected tunnels with their pairs.
func (r *Router) SAs() ([]ikev2.SAInfo, []crypto.FlowState) {
	return r.machine.engine.SAs(), r.machine.flowStates()
}

// interfaceStates are the interfaces in the order of the screens.
func (m *machine) interfaceStates() []show.Interface {
	list := make([]show.Interface, 0, len(m.ip.Interfaces.All()))
	for _, i := range m.ip.Interfaces.All() {
		s := i.State()
		if c := m.running().Interface(i.Name); c != nil {
			s.Description, s.Bandwidth, s.Delay = c.Description, c.Bandwidth, c.Delay*10
		}
		list = append(list, m.showInterface(s))
	}
	return list
}

// showInterface adds what a tunnel interface has beyond an ordinary one.
func (m *machine) showInterface(s ip.InterfaceState) show.Interface {
	v := show.Interface{InterfaceState: s}
	if t := m.tunnels.Get(s.Name); t != nil {
		state := t.State()
		v.Tunnel = &state
	}
	return v
}

// flowStates are the protected tunnels in the order of their interfaces.
func (m *machine) flowStates() []crypto.FlowState {
	list := []crypto.FlowState{}
	for _, e := range m.entries() {
		s := e.State()
		if s.OutInterface == "" {
			s.OutInterface = m.tunnelConfig(s.Interface).SourceInterface
		}
		list = append(list, s)
	}
	return list
}

// tunnelConfig is the configuration of a tunnel interface.
func (m *machine) tunnelConfig(name string) (c iosconfig.TunnelConfig) {
	if i := m.running().Interface(name); i != nil {
		c = i.Tunnel
	}
	return c
}

// entries are the protected interfaces in their order.
func (m *machine) entries() []*crypto.Entry {
	var list []*crypto.Entry
	for _, i := range m.ip.Interfaces.All() {
		if e := m.crypto.Entry(i.Name); e != nil && e.Holds() {
			list = append(list, e)
		}
	}
	return list
}
