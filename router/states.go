package router

import (
	"cmp"
	"net/netip"
	"slices"

	"ikelab/iosconfig"
	"ikelab/ipsec/spd"
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/router/show"
	tunnelstate "ikelab/router/tunnel"
)

// The states that screens show, taken from the router here and nowhere else.

// interfaceStates are the interfaces in the order of the screens.
func (r *Router) interfaceStates() []show.Interface {
	configured := make(map[string]*iosconfig.Interface, len(r.config.Interfaces))
	for _, c := range r.config.Interfaces {
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
	if s.Type != string(iosconfig.Tunnel) {
		return v
	}
	c := r.tunnelByName(s.Name).config
	v.Tunnel = &tunnelstate.State{
		Source: c.Source, SourceInterface: c.SourceInterface, Destination: c.Destination, Mode: c.Mode,
		TTL: cmp.Or(c.TTL, ip.DefaultTTL), Protection: c.Protection,
	}
	if c.SourceInterface != "" {
		v.Tunnel.Source = r.interfaceAddress(c.SourceInterface)
	}
	return v
}

// interfaceAddress is the primary address configured on an interface.
func (r *Router) interfaceAddress(name string) netip.Addr {
	for _, ifc := range r.config.Interfaces {
		if ifc.Name() == name {
			return ifc.Address.Addr()
		}
	}
	return netip.Addr{}
}

// hasPort says whether the router has a physical port of that name.
func (r *Router) hasPort(name string) bool { return slices.Contains(r.options.Ports, name) }

// flowStates are the protected tunnels in the order of their interfaces.
func (r *Router) flowStates() []crypto.FlowState {
	list := []crypto.FlowState{}
	for _, t := range r.tunnels() {
		v := crypto.FlowState{
			Interface: t.iface.Name, OutInterface: t.config.SourceInterface, PathMTU: t.outerMTU(),
			Encaps: t.count.encaps, Decaps: t.count.decaps, SendErrors: t.count.sendErrors, RecvErrors: t.count.recvErrors,
			UpSince: t.since, Local: t.local, Remote: t.config.Destination, Pairs: []crypto.Pair{},
		}
		if e := r.ip.Table.Lookup(t.remote); e.Out != nil {
			v.OutInterface = e.Out.Name
		}
		if t.sending != nil {
			v.Sending = t.sending.child.Out.SPI
		}
		for _, p := range t.pairs {
			v.Pairs = append(v.Pairs, p.state())
		}
		list = append(list, v)
	}
	return list
}

func (p *saPair) state() crypto.Pair {
	side := func(s crypto.Params, id int, used uint64) crypto.SAState {
		return crypto.SAState{SPI: s.SPI, ConnID: id, Encr: s.Encr, Integ: s.Integ, Window: s.Window, Kilobytes: left(p.hard, used)}
	}
	return crypto.Pair{
		In: side(p.child.In, p.inID, p.received), Out: side(p.child.Out, p.outID, p.sent), PFS: p.child.PFS, Expires: p.child.Expires,
		Local: selectorStates(p.child.In.Local), Remote: selectorStates(p.child.In.Remote),
	}
}

func selectorStates(list []spd.Selector) []crypto.Selector {
	out := []crypto.Selector{}
	for _, s := range list {
		out = append(out, crypto.Selector{Proto: s.Proto, StartPort: s.StartPort, EndPort: s.EndPort, Start: s.Start, End: s.End})
	}
	return out
}

// left is what remains of a limit, in kilobytes.
func left(limit, used uint64) uint64 {
	if used > limit {
		return 0
	}
	return (limit - used) / kilobyte
}
