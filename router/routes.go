package router

import (
	"net/netip"

	"ikelab/iosconfig"
)

const (
	maxRecursion     = 8   // next hops of next hops
	unusableDistance = 255 // IOS never installs such a route
	nullInterface    = "Null0"
)

// route is a route in the table.
type route struct {
	code     byte // L, C or S
	prefix   ifaceAddr
	hop      ip4    // 0: directly connected
	name     string // interface as configured or connected; "" for a recursive route
	distance int
	entry    fibEntry
}

// rebuildFIB works the forwarding table out from addresses, interface states
// and static routes. It is not needed when a tunnel comes up or goes down:
// routes through a protected tunnel stay, and drop while it is down.
func (r *Router) rebuildFIB() {
	list := append(make([]fibRoute, 0, 2*len(r.ifaces)+len(r.config.Routes)+len(constantRoutes)), constantRoutes...)
	r.fib.routes = r.fib.routes[:0]
	for _, i := range r.ifaces {
		if i.routable() {
			list = r.connected(list, i)
		}
	}
	r.fib.flatten(list)
	fixed := len(list)
	for range maxRecursion {
		before := len(list)
		list = r.statics(list[:fixed])
		r.fib.flatten(append([]fibRoute(nil), list...))
		if len(list) == before {
			break
		}
	}
	for _, t := range r.tunnels {
		t.path = tunnelPath{}
	}
}

// routable says whether routes by the interface are in the table. A protected
// tunnel's always are, or what should be encrypted would take another way.
func (i *iface) routable() bool { return i.protocol || i.protected() }

// connected adds an interface's own addresses and networks.
func (r *Router) connected(list []fibRoute, i *iface) []fibRoute {
	for _, a := range i.addrs {
		local := fibEntry{kind: fibLocal, out: i}
		list = append(list, fibRoute{a.addr, 32, local})
		if a.hasBroadcast() {
			list = append(list, fibRoute{a.broadcast(), 32, fibEntry{kind: fibBroadcast, out: i}})
		}
		link := fibEntry{kind: fibLink, out: i}
		if a.bits < 32 {
			list = append(list, fibRoute{a.network(), a.bits, link})
			r.fib.routes = append(r.fib.routes, route{code: 'C', prefix: ifaceAddr{a.network(), a.bits}, name: i.name, entry: link})
		}
		code := byte('L')
		if a.bits == 32 {
			code = 'C'
		}
		r.fib.routes = append(r.fib.routes, route{code: code, prefix: ifaceAddr{a.addr, 32}, name: i.name, entry: local})
	}
	return list
}

// statics adds the static routes that can be used, with next hops looked up
// in the table as it stands. Of several for one prefix the lowest distance
// wins, then the first.
func (r *Router) statics(list []fibRoute) []fibRoute {
	best := map[ifaceAddr]int{} // prefix -> index into found
	var found []route
	for i := range r.config.Routes {
		s, ok := r.static(&r.config.Routes[i])
		if !ok {
			continue
		}
		if at, have := best[s.prefix]; !have {
			best[s.prefix] = len(found)
			found = append(found, s)
		} else if s.distance < found[at].distance {
			found[at] = s
		}
	}
	keep := 0
	for _, old := range r.fib.routes {
		if old.code != 'S' {
			r.fib.routes[keep] = old
			keep++
		}
	}
	r.fib.routes = append(r.fib.routes[:keep], found...)
	for _, s := range found {
		list = append(list, fibRoute{s.prefix.addr, s.prefix.bits, s.entry})
	}
	return list
}

// static resolves one configured route.
func (r *Router) static(c *iosconfig.Route) (route, bool) {
	s := route{code: 'S', hop: ip4Of(c.NextHop), name: c.Interface, distance: c.Distance}
	p, ok := ifaceAddrOf(c.Prefix)
	if !ok || c.Distance >= unusableDistance {
		return s, false
	}
	s.prefix = ifaceAddr{p.network(), p.bits}
	switch {
	case c.Interface == nullInterface:
		return s, s.dropping(true)
	case c.Interface != "":
		out := r.ifaceByName(c.Interface)
		if out == nil || !out.routable() {
			return s, s.dropping(c.Permanent)
		}
		s.entry = fibEntry{kind: fibLink, out: out}
	case s.hop != 0:
		via := r.fib.lookup(s.hop)
		if via.kind != fibLink && via.kind != fibVia || r.throughItself(s.prefix, s.hop) {
			return s, s.dropping(c.Permanent)
		}
		s.entry = *via
		if via.kind == fibVia {
			return s, true
		}
	default:
		return s, false
	}
	if s.hop != 0 {
		s.entry.kind, s.entry.hop = fibVia, s.hop
	}
	return s, true
}

// dropping makes a route one that drops when it is permanent: it stays in the
// table although there is no way.
func (s *route) dropping(permanent bool) bool {
	s.entry = fibEntry{kind: fibNull}
	return permanent
}

// throughItself says whether the next hop would be reached only by the route
// itself: the hop lies within the prefix and nothing more specific covers it.
func (r *Router) throughItself(p ifaceAddr, hop ip4) bool {
	if !p.contains(hop) {
		return false
	}
	for i := range r.fib.routes {
		if q := &r.fib.routes[i]; q.prefix.bits > p.bits && q.prefix.contains(hop) {
			return false
		}
	}
	return true
}

// reach is the entry for a destination, as the screens and sources need it.
func (r *Router) reach(dst netip.Addr) *fibEntry { return r.fib.lookup(ip4Of(dst)) }
