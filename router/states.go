package router

import (
	"cmp"
	"net/netip"
	"slices"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/ipsec"
	"ikelab/ipsec/spd"
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/router/show"
	tunnelstate "ikelab/router/tunnel"
)

// The states that screens show, taken from the router here and nowhere else.

// interfaceStates are the interfaces in the order of the screens.
func (r *Router) interfaceStates() []ip.InterfaceState {
	list := make([]ip.InterfaceState, 0, len(r.ifaces))
	for _, i := range r.ifaces {
		c, n := i.config, i.count
		list = append(list, ip.InterfaceState{
			Name: i.name, Type: string(c.Type), Description: c.Description, Address: c.Address, MAC: i.mac,
			Physical: i.physical(), Shutdown: c.Shutdown, Up: i.up, Protocol: i.protocol, MTU: i.mtu,
			Bandwidth: c.Bandwidth, Delay: c.Delay * 10, LastInput: n.lastIn, LastOutput: n.lastOut, Cleared: i.cleared,
			Counters: ip.CounterState{
				InPackets: n.inPackets, InOctets: n.inOctets, InErrors: n.inErrors, InDrops: n.inDrops, Broadcasts: n.inBroadcasts,
				Unknown: n.inUnknown, OutPackets: n.outPackets, OutOctets: n.outOctets, OutErrors: n.outErrors, OutDrops: n.outDrops,
				Resets: n.resets,
			},
		})
	}
	return list
}

// showInterface adds what a tunnel interface has beyond an ordinary one.
func (r *Router) showInterface(s ip.InterfaceState) show.Interface {
	v := show.Interface{InterfaceState: s}
	if s.Type != string(iosconfig.Tunnel) {
		return v
	}
	c := r.ifaceByName(s.Name).config.Tunnel
	v.Tunnel = &tunnelstate.State{
		Source: c.Source, SourceInterface: c.SourceInterface, Destination: c.Destination, Mode: c.Mode,
		TTL: cmp.Or(c.TTL, defaultTTL), Protection: c.Protection,
	}
	if c.SourceInterface != "" {
		v.Tunnel.Source = r.interfaceAddress(c.SourceInterface)
	}
	return v
}

// interfaceAddress is the primary address configured on an interface.
func (r *Router) interfaceAddress(name string) netip.Addr {
	for _, ifc := range r.running().Interfaces {
		if ifc.Name() == name {
			return ifc.Address.Addr()
		}
	}
	return netip.Addr{}
}

// hasPort says whether the router has a physical port of that name.
func (r *Router) hasPort(name string) bool { return slices.Contains(r.options.Ports, name) }

// routeStates are the routes of the table.
func (r *Router) routeStates() []ip.RouteState {
	list := make([]ip.RouteState, 0, len(r.fib.routes))
	for _, e := range r.fib.routes {
		if e.entry.out != nil && !e.entry.out.protocol {
			continue // by a protected tunnel that is down: it only drops
		}
		v := ip.RouteState{Code: string(e.code), Prefix: e.prefix.prefix(), Interface: e.name, Distance: e.distance}
		if e.hop != 0 {
			v.NextHop = e.hop.addr()
		}
		list = append(list, v)
	}
	return list
}

// neighbourStates are our own addresses and the ARP entries, by address.
func (r *Router) neighbourStates() []ip.NeighbourState {
	list := []ip.NeighbourState{}
	for _, i := range r.ifaces {
		if !i.physical() || !i.protocol {
			continue
		}
		for _, a := range i.addrs {
			list = append(list, ip.NeighbourState{Address: a.addr.addr(), MAC: i.mac, Own: true, Complete: true, Interface: i.name})
		}
		for _, e := range i.arp {
			list = append(list, ip.NeighbourState{
				Address: e.addr.addr(), MAC: e.mac, Complete: e.resolved, Learned: e.learned, Interface: i.name,
			})
		}
	}
	slices.SortFunc(list, func(a, b ip.NeighbourState) int {
		return cmp.Or(a.Address.Compare(b.Address), cmp.Compare(a.Interface, b.Interface))
	})
	return list
}

// flowStates are the protected tunnels in the order of their interfaces.
func (r *Router) flowStates() []crypto.FlowState {
	list := make([]crypto.FlowState, 0, len(r.tunnels))
	for _, t := range r.tunnels {
		v := crypto.FlowState{
			Interface: t.iface.name, OutInterface: t.iface.config.Tunnel.SourceInterface, PathMTU: t.outerMTU(r),
			Encaps: t.count.encaps, Decaps: t.count.decaps, SendErrors: t.count.sendErrors, RecvErrors: t.count.recvErrors,
			UpSince: t.since, Remote: t.iface.config.Tunnel.Destination, Pairs: []crypto.Pair{},
		}
		if t.local != 0 {
			v.Local = t.local.addr()
		}
		if e := r.fib.lookup(t.remote); t.remote != 0 && e.out != nil {
			v.OutInterface = e.out.name
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

// ikeSAs are the IKE SAs that keep says; nil: all.
func (r *Router) ikeSAs(keep func(ikev2.SAInfo) bool) []show.IKESA {
	return show.IKESAs(r.engine.SAs(), keep)
}

// connection is the id of an SA that is installed, by the SPI of either
// direction; 0 when there is none.
func (r *Router) connection(spi ipsec.SPI) int {
	for _, t := range r.tunnels {
		for _, p := range t.pairs {
			switch spi {
			case p.child.In.SPI:
				return p.inID
			case p.child.Out.SPI:
				return p.outID
			}
		}
	}
	return 0
}
