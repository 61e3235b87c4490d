package router

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"ikelab/ikev2"
	"ikelab/iosconfig"
)

// ifaceViews are the interfaces in the order of the screens.
func (r *Router) ifaceViews() []ifaceView {
	list := make([]ifaceView, 0, len(r.ifaces))
	for _, i := range r.ifaces {
		c := i.count
		list = append(list, ifaceView{
			Config: i.config, MAC: i.mac, Physical: i.physical(), Up: i.up, Protocol: i.protocol,
			LastIn: c.lastIn, LastOut: c.lastOut, Cleared: i.cleared, MTU: i.mtu, Resets: c.resets,
			InPackets: c.inPackets, InOctets: c.inOctets, InErrors: c.inErrors, InDrops: c.inDrops, Broadcasts: c.inBroadcasts,
			Unknown: c.inUnknown, OutPackets: c.outPackets, OutOctets: c.outOctets, OutErrors: c.outErrors, OutDrops: c.outDrops,
		})
	}
	return list
}

// hasPort says whether the router has a physical port of that name.
func (r *Router) hasPort(name string) bool { return slices.Contains(r.options.Ports, name) }

// routeViews are the routes of the table.
func (r *Router) routeViews() []routeView {
	list := make([]routeView, 0, len(r.fib.routes))
	for _, e := range r.fib.routes {
		if e.entry.out != nil && !e.entry.out.protocol {
			continue // by a protected tunnel that is down: it only drops
		}
		v := routeView{Code: e.code, Prefix: e.prefix.prefix(), Interface: e.name, Distance: e.distance}
		if e.hop != 0 {
			v.NextHop = e.hop.addr()
		}
		list = append(list, v)
	}
	return list
}

// arpViews are the ARP entries: our own addresses and the neighbours, by
// address.
func (r *Router) arpViews(now time.Time) []arpView {
	var list []arpView
	for _, i := range r.ifaces {
		if !i.physical() || !i.protocol {
			continue
		}
		for _, a := range i.addrs {
			list = append(list, arpView{Addr: a.addr.addr(), MAC: i.mac, Own: true, Interface: i.name})
		}
		for _, e := range i.arp {
			list = append(list, arpView{
				Addr: e.addr.addr(), MAC: e.mac, Incomplete: !e.resolved, Age: now.Sub(e.learned), Interface: i.name,
			})
		}
	}
	slices.SortFunc(list, func(a, b arpView) int { return cmp.Or(a.Addr.Compare(b.Addr), cmp.Compare(a.Interface, b.Interface)) })
	return list
}

// startupHas says whether the saved configuration gives an interface the
// address that it has.
func (r *Router) startupHas(c *iosconfig.Interface) bool {
	saved, _ := iosconfig.Load(r.startupText())
	if saved == nil {
		return false
	}
	return slices.ContainsFunc(saved.Interfaces, func(s *iosconfig.Interface) bool {
		return s.Name() == c.Name() && s.Address == c.Address
	})
}

// engineConfig is the policy database as the engine has it.
func (r *Router) engineConfig() *ikev2.Config { return &r.policy }

func (r *Router) ikeSAs() []ikev2.SAInfo { return r.engine.SAs() }

func (r *Router) ikeStats() ikev2.Stats { return r.engine.Stats() }

// clearIKE deletes the IKE SAs that match, and their children with them.
func (r *Router) clearIKE(now time.Time, match func(ikev2.SAInfo) bool) {
	r.apply(now, r.engine.Clear(now, match))
}

// clearChildren deletes the child SAs with a peer, or all of them.
func (r *Router) clearChildren(now time.Time, peer netip.Addr) {
	for _, t := range r.tunnels {
		if !peer.IsValid() || peer == t.remote.addr() {
			r.apply(now, r.engine.ClearChildren(now, t.iface.name))
		}
	}
}
