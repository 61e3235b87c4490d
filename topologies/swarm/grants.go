package swarm

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"time"

	"ikelab/ikev2"
	"ikelab/router"
	"ikelab/router/ip"
	"ikelab/router/record"
	"ikelab/topologies/lab"
)

// grants holds what FlexVPN hubs have given to clients, and which routes there are by what ends
// have told. A hub gives no address twice, and has it again when the client's SA is gone; routes
// are there as long as the SA is by which they were told.
type grants struct {
	plan     *Plan
	violated func(Invariant, string)
	leased   map[lease]ikev2.Ref
	held     map[door]ikev2.Configured // by interface
	since    map[door]int              // the how manieth telling, which goes on as long as it holds
	told     int
	routes   map[door][]netip.Prefix // static ones, by interface
	why      map[string]string       // a client had no success last
}

// lease is an address that a hub has given.
type lease struct {
	node    string
	address netip.Addr
}

func newGrants(p *Plan, violated func(Invariant, string)) *grants {
	return &grants{p, violated, map[lease]ikev2.Ref{}, map[door]ikev2.Configured{}, map[door]int{}, 0, map[door][]netip.Prefix{}, map[string]string{}}
}

// take listens to the stream.
func (g *grants) take(r record.Record) {
	switch b := r.Body.(type) {
	case ikev2.AddressLeased:
		g.lease(lease{r.Node, b.Address}, &b)
	case ikev2.Configured:
		g.tell(door{r.Node, b.Entry}, &b)
		delete(g.why, r.Node)
	case ikev2.Unconfigured:
		delete(g.held, door{r.Node, b.Entry})
	case ikev2.Failure:
		if t := clientOf(g.plan, numberOf(r.Node)); t != nil && b.Entry == t.name() {
			g.why[r.Node] = b.Reason.String()
		}
	case ip.RouteChanged:
		g.route(r.Node, &b)
	}
}

// tell notes what an interface is told; what it was told before goes on.
func (g *grants) tell(at door, b *ikev2.Configured) {
	if _, goesOn := g.held[at]; !goesOn {
		g.told++
		g.since[at] = g.told
	}
	g.held[at] = *b
}

// elsewhere says whether a network is told by a newer interface of the router: a client has come again,
// from another address, and nobody knows yet that its SA of before is dead.
func (g *grants) elsewhere(at door, to netip.Prefix) bool {
	for other, c := range g.held {
		if other.node == at.node && g.since[other] > g.since[at] && slices.Contains(toldBy(&c), to) {
			return true
		}
	}
	return false
}

func numberOf(node string) (n int) {
	// A name that has no number is no router's.
	_, _ = fmt.Sscanf(node, "R%d", &n)
	return n
}

// lease is an address that is given, or comes back.
func (g *grants) lease(of lease, b *ikev2.AddressLeased) {
	had, is := g.leased[of]
	switch {
	case b.Back && !is:
		g.violated(Given, fmt.Sprintf("%s has %v back, which nobody had", of.node, of.address))
	case !b.Back && is:
		g.violated(Given, fmt.Sprintf("%s gives %v to SA %d, and SA %d has it", of.node, of.address, b.SA.ID, had.ID))
	}
	if g.leased[of] = b.SA; b.Back {
		delete(g.leased, of)
	}
}

// route notes a static route by an interface of FlexVPN.
func (g *grants) route(node string, b *ip.RouteChanged) {
	at, t := door{node, b.Interface}, clientOf(g.plan, numberOf(node))
	if b.Code != "S" || !strings.HasPrefix(b.Interface, "Virtual-Access") && (t == nil || t.name() != b.Interface) {
		return
	}
	if want := within(g.plan.router(numberOf(node))); b.VRF != want {
		g.violated(Told, fmt.Sprintf("%s has the route to %v by %s in VRF %q", node, b.Prefix, b.Interface, b.VRF))
	}
	g.routes[at] = slices.DeleteFunc(g.routes[at], func(p netip.Prefix) bool { return p == b.Prefix })
	if b.Installed {
		g.routes[at] = append(g.routes[at], b.Prefix)
	}
	if len(g.routes[at]) == 0 {
		delete(g.routes, at)
	}
}

// look compares what is given with the SAs, and routes with what is told.
func (g *grants) look(l *lab.Lab) {
	for i := range g.plan.Routers {
		node := l.Router(g.plan.Routers[i].name())
		if !node.Device.Started() || len(served(g.plan, g.plan.Routers[i].Number)) == 0 {
			continue
		}
		sas, _ := node.SAs()
		for _, of := range g.leases(node.Name()) {
			if !slices.ContainsFunc(sas, func(sa ikev2.SAInfo) bool { return sa.Address == of.address && strings.HasPrefix(sa.Profile, serving) }) {
				g.violated(Given, fmt.Sprintf("%s has given %v to SA %d, and there is none that has it", node.Name(), of.address, g.leased[of].ID))
			}
		}
	}
	for _, at := range slices.SortedFunc(maps.Keys(g.either()), func(a, b door) int { return strings.Compare(a.node+a.port, b.node+b.port) }) {
		node := l.Router(at.node)
		var want []netip.Prefix
		if c, is := g.held[at]; is {
			want = slices.DeleteFunc(toldBy(&c), func(to netip.Prefix) bool { return g.elsewhere(at, to) })
		}
		have := slices.SortedFunc(slices.Values(g.routes[at]), netip.Prefix.Compare)
		// While the tunnel is down there may be none: one by it would only drop. Without an address there is none.
		if !slices.Equal(have, want) && (len(have) > 0 || node.Device.Started() && router.Routes4(node.Router, at.port)) {
			g.violated(Told, fmt.Sprintf("%s has routes by %s to %v, and is told %v", at.node, at.port, have, want))
		}
	}
}

// either are the interfaces of which there is anything.
func (g *grants) either() map[door]bool {
	all := map[door]bool{}
	for at := range g.held {
		all[at] = true
	}
	for at := range g.routes {
		all[at] = true
	}
	return all
}

// toldBy are the networks to which there are routes by what an end was told.
func toldBy(c *ikev2.Configured) []netip.Prefix {
	list := slices.Clone(c.Subnets)
	if !c.Initiator && c.Address.IsValid() {
		list = append(list, netip.PrefixFrom(c.Address, c.Address.BitLen()))
	}
	slices.SortFunc(list, netip.Prefix.Compare)
	return slices.Compact(list)
}

// leases are the addresses that a hub has given.
func (g *grants) leases(node string) (list []lease) {
	for of := range g.leased {
		if of.node == node {
			list = append(list, of)
		}
	}
	slices.SortFunc(list, func(a, b lease) int { return a.address.Compare(b.address) })
	return list
}

// address is what a client has been given; invalid: nothing.
func (g *grants) address(t *Tunnel) netip.Addr {
	return g.held[door{nameOf(t.Client), t.name()}].Address
}

// unserved says whether a tunnel's client has found no address in a pool that is too small.
func (g *grants) unserved(t *Tunnel) bool {
	return t.Client != 0 && g.plan.router(hub(t)).Pool != 0 && !g.address(t).IsValid()
}

// missing says which hub has not given to its clients what it has: an address of its own to each,
// or all that there are.
func (g *grants) missing() (list []string) {
	for i := range g.plan.Routers {
		r := &g.plan.Routers[i]
		clients, given := served(g.plan, r.Number), map[netip.Addr]bool{}
		for _, t := range clients {
			if a := g.address(t); a.Compare(ofPool(r.Number, 1)) >= 0 && a.Compare(ofPool(r.Number, r.size())) <= 0 {
				given[a] = true
			}
		}
		if want := min(len(clients), r.size()); len(given) != want {
			list = append(list, fmt.Sprintf("%s has given %d addresses of %d", r.name(), len(given), want))
		}
		if n := len(g.leases(r.name())); n != len(given) {
			list = append(list, fmt.Sprintf("%s counts %d addresses as given, and clients have %d", r.name(), n, len(given)))
		}
	}
	return list
}

// refusals wants who has found no address to have been told so.
func (g *grants) refusals() {
	for i := range g.plan.Tunnels {
		if t := &g.plan.Tunnels[i]; g.unserved(t) && g.why[nameOf(t.Client)] != ikev2.ReasonNoAddress.String() {
			g.violated(Given, fmt.Sprintf("%s has no address, and was told: %q", nameOf(t.Client), g.why[nameOf(t.Client)]))
		}
	}
}

// emptied wants everything to have come back.
func (g *grants) emptied() {
	for of, to := range g.leased {
		g.violated(LeavesNone, fmt.Sprintf("%s has given %v to SA %d, and has it not back", of.node, of.address, to.ID))
	}
	for at := range g.held {
		g.violated(LeavesNone, fmt.Sprintf("%s has still been told something by %s", at.node, at.port))
	}
}

// lost forgets what a router held that has lost its memory.
func (g *grants) lost(node string) {
	maps.DeleteFunc(g.leased, func(of lease, _ ikev2.Ref) bool { return of.node == node })
	maps.DeleteFunc(g.held, func(at door, _ ikev2.Configured) bool { return at.node == node })
	maps.DeleteFunc(g.routes, func(at door, _ []netip.Prefix) bool { return at.node == node })
}

// pools compares what hubs show of their pools with what was given.
func (g *grants) pools(l *lab.Lab, now time.Time) {
	for i := range g.plan.Routers {
		r := &g.plan.Routers[i]
		if node := l.Router(r.name()); len(served(g.plan, r.Number)) > 0 && node.Device.Started() {
			n := len(g.leases(r.name()))
			if text, _ := node.Shell().Screen(now, "show ip local pool "+pool+" | json"); !strings.Contains(text, fmt.Sprintf(`"in_use": %d`, n)) {
				g.violated(Given, fmt.Sprintf("%s has given %d addresses, and shows %s", r.name(), n, text))
			}
		}
	}
}
