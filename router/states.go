package router

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/router/show"
)

// The states that screens show, taken from the router here and nowhere else.

// SAs are the IKE SAs that there are, and the protected tunnels with their pairs.
func (r *Router) SAs() ([]ikev2.SAInfo, []crypto.FlowState) {
	return r.machine.engine.SAs(), r.machine.flowStates(show.Which{})
}

// Holding is what a router keeps for a while besides SAs, and what it counts of
// those.
type Holding struct {
	ForSA        int // packets that wait for their SAs
	ForNeighbour int // packets that wait for a hardware address
	Pieces       int // octets of datagrams that are not whole
	Operations   int // public-key operations that run
	Counted      int // IKE SAs that are negotiated or active, says admission control
}

// Holding is what the router keeps now.
func (r *Router) Holding() Holding {
	h := Holding{ForSA: r.machine.crypto.Waiting(), Operations: r.jobs.running.Len()}
	h.ForNeighbour, h.Pieces = ip.Waiting(r.machine.ip)
	stats := r.machine.engine.Stats()
	for _, c := range []ikev2.Count{stats.Incoming, stats.Outgoing} {
		h.Counted += c.Negotiating + c.Active
	}
	return h
}

// Routes4 says whether routes of IPv4 may lead by an interface: it is up, and processes IP.
func Routes4(r *Router, name string) bool {
	i := r.machine.ip.Interfaces.Get(name)
	return i != nil && i.Protocol && i.Settings.SpeaksFour()
}

// Way is the interface that packets of a VRF to an address leave by, as routes are now; "": none.
func Way(r *Router, vrf string, to netip.Addr) string {
	number := iosconfig.VRFNumber(r.machine.running(), vrf)
	if number < 0 {
		return ""
	}
	if e := r.machine.ip.VRF(number).Lookup(to); e.Out != nil && e.Kind != ip.Local {
		return e.Out.Name
	}
	return ""
}

// Address is the one of IPv4 that an interface has, whether configured, given to it or lent; invalid: none.
func Address(r *Router, name string) netip.Prefix {
	i := r.machine.ip.Interfaces.Get(name)
	switch {
	case i == nil:
		return netip.Prefix{}
	case len(i.Settings.Addresses) == 0:
		return i.Settings.Lent
	}
	return i.Settings.Addresses[0]
}

// interfaceStates is the interface with a name, if there is one; "": all of them in the
// order of the screens, each with its subinterfaces, then those of other types that carry
// nothing.
func (m *machine) interfaceStates(name string) []show.Interface {
	if name != "" {
		return interfaceNamed(m, name)
	}
	list := make([]show.Interface, 0, len(m.ip.Interfaces.All()))
	idle := idleInterfaces(m.running(), &m.ip.Interfaces)
	for _, i := range m.ip.Interfaces.All() {
		if !i.Whole() {
			continue
		}
		for _, part := range append([]*ip.Interface{i}, i.Parts()...) {
			list = append(list, m.interfaceState(part))
		}
		list = append(list, idle[i.Name]...)
		delete(idle, i.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(idle)) {
		list = append(list, idle[name]...)
	}
	return list
}

func interfaceNamed(m *machine, name string) []show.Interface {
	i, c := m.ip.Interfaces.Get(name), m.running().Interface(name)
	switch {
	case i != nil:
		return []show.Interface{m.interfaceState(i)}
	case name == nullName:
		return []show.Interface{null}
	case c != nil && !carries(c):
		return []show.Interface{idleInterface(m.running(), &m.ip.Interfaces, c)}
	}
	return nil
}

// interfaceState is an interface, with what a tunnel has beyond an ordinary one.
func (m *machine) interfaceState(i *ip.Interface) show.Interface {
	v := show.Interface{InterfaceState: i.State()}
	s := &v.InterfaceState
	if c := m.running().Interface(i.Name); c != nil {
		describe(s, c)
		s.LinkMTU, v.VRF = m.running().LinkMTUOf(c), c.VRF
	}
	v.Six = ip.SixOf(i)
	if t := m.tunnels.Get(s.Name); t != nil {
		state := t.State()
		v.Tunnel = &state
	}
	return v
}

// describe is what only the configuration says of an interface.
func describe(s *ip.InterfaceState, c *iosconfig.Interface) {
	s.Description, s.Bandwidth, s.Delay, s.DHCP = c.Description, c.Bandwidth, c.Delay*10, c.DHCP.On
}

// idleInterfaces are those that are configured and carry nothing, by the
// interface that they are part of. They are down, but for Null0, which every
// router has.
func idleInterfaces(running *iosconfig.Config, all *ip.Interfaces) map[string][]show.Interface {
	idle := map[string][]show.Interface{}
	for c := range running.Interfaces.All() {
		if !carries(c) {
			main, _, _ := strings.Cut(c.Name(), ".")
			idle[main] = append(idle[main], idleInterface(running, all, c))
		}
	}
	idle[nullName] = []show.Interface{null}
	return idle
}

func idleInterface(running *iosconfig.Config, all *ip.Interfaces, c *iosconfig.Interface) show.Interface {
	s := ip.InterfaceState{Name: c.Name(), Type: string(c.Type), Address: c.Address, Shutdown: c.Shutdown, MTU: cmp.Or(c.MTU, running.LinkMTUOf(c), ip.EthernetMTU), VLAN: c.VLAN}
	describe(&s, c)
	if lender := all.Get(c.Unnumbered); lender != nil { // a template is never up, and shows whose address its clones will have
		s.Lender, s.Address = c.Unnumbered, lender.State().Address
	}
	main, _, _ := strings.Cut(c.Name(), ".")
	if i := all.Get(main); i != nil {
		s.MAC, s.Shutdown = i.MAC, c.Shutdown || i.Settings.Shutdown
	}
	return show.Interface{InterfaceState: s}
}

const nullName = string(iosconfig.Null) + "0"

// null is what there is of Null0.
var null = show.Interface{InterfaceState: ip.InterfaceState{Name: nullName, Type: string(iosconfig.Null), Up: true, Protocol: true, MTU: ip.EthernetMTU}}

// flowStates are flows of protected tunnels in the order of their interfaces.
func (m *machine) flowStates(of show.Which) []crypto.FlowState {
	list := []crypto.FlowState{}
	for _, e := range m.entries(of.Interface) {
		if f := crypto.Outline(e); !of.Has(&f) {
			continue
		}
		for _, s := range e.States() {
			if s.OutInterface == "" {
				s.OutInterface = m.tunnelConfig(s.Interface).SourceInterface
			}
			list = append(list, s)
		}
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

// entries are those of protected interfaces in their order, or of the one with a name.
func (m *machine) entries(name string) []*crypto.Entry {
	var list []*crypto.Entry
	all := m.ip.Interfaces.All()
	if i := m.ip.Interfaces.Get(name); i != nil {
		all = []*ip.Interface{i}
	}
	for _, i := range all {
		if e := m.crypto.Entry(i.Name); e != nil && e.Holds() {
			list = append(list, e)
		}
		list = append(list, m.maps.Entries(i)...)
	}
	return list
}
