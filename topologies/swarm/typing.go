package swarm

import (
	"fmt"
	"net/netip"
	"slices"
)

// clearing is a line that clears something.
func (d *drawing) clearing(t *Tunnel, near int) string {
	far := t.leads(near)
	list := []string{
		"clear crypto session", "clear crypto ikev2 sa", "clear crypto sa", fmt.Sprintf("clear crypto session remote %v", far),
		fmt.Sprintf("clear crypto ikev2 sa remote %v", far), fmt.Sprintf("clear crypto sa peer %v", far), "clear crypto sa counters",
	}
	if t.Six { // these lines know IPv4 only
		list = []string{"clear crypto session", "clear crypto ikev2 sa", "clear crypto sa", "clear crypto sa counters"}
	}
	if t.mapped() {
		list = append(list, "clear crypto sa map "+t.mapName())
	}
	return pick(d, list)
}

// moment is a line that sets the clock, forwards or back.
func (d *drawing) moment() string {
	months := []string{"jan", "feb", "jul", "nov"}
	return fmt.Sprintf("clock set %02d:%02d:%02d %d %s %d", d.upTo(23), d.upTo(59), d.upTo(59), d.within(1, 28), pick(d, months), d.within(1993, 2035))
}

// types has a fault type at several routers, its own first.
func (f *Fault) types(list []Typing) {
	f.Lines, f.Undo, f.Opens = list[0].Lines, list[0].Undo, list[0].Opens
	f.Also = append(f.Also, list[1:]...)
}

// edits draws lines for one end of a tunnel, or for both at once.
func (d *drawing) edits(t *Tunnel, near int) []Typing {
	which := d.random.Uint64()
	list := []Typing{d.edit(t, d.router(near), which)}
	if d.oneIn(3) {
		list = append(list, d.edit(t, d.router(t.far(near)), which))
	}
	return list
}

// move gives a port another address: one of the segment, or both ends of a link.
// Each tunnel to it is led there.
func (d *drawing) move(t *Tunnel, near int) []Typing {
	list := []Typing{{Router: near}}
	at := func(router int, lines, undo []string) {
		i := slices.IndexFunc(list, func(y Typing) bool { return y.Router == router })
		if i < 0 {
			i, list = len(list), append(list, Typing{Router: router})
		}
		list[i].Lines, list[i].Undo = append(list[i].Lines, lines...), append(list[i].Undo, undo...)
	}
	ends := []int{near, t.far(near)}
	if t.Shared {
		ends = ends[:1]
	}
	for _, end := range ends {
		here, there := t.outer(end), t.moved(end)
		at(end, readdress(t, end, here, there), readdress(t, end, there, here))
		for i := range d.Tunnels {
			if u := &d.Tunnels[i]; u.has(end) && (u.Number == t.Number || t.Shared && u.Shared && t.Six == u.Six) {
				at(u.far(end), d.leading(u, end, u.outer(end), u.moved(end)), d.leading(u, end, u.moved(end), u.outer(end)))
			}
		}
	}
	return list
}

// leading leads the other end of a tunnel from one address of an end to another. For
// a crypto map the routes follow.
func (p *Plan) leading(t *Tunnel, end int, from, to netip.Addr) []string {
	if t.Client == end { // nobody knows where it is
		return nil
	}
	if !t.mapped() {
		return []string{"interface " + t.name(), leadsTo(to)}
	}
	var lines []string
	for _, sequence := range p.sequences(t) {
		lines = append(lines, t.entry(sequence), fmt.Sprintf("no set peer %v", from), fmt.Sprintf("set peer %v", to))
	}
	ways := p.first(t.far(end))
	for i := range p.Routers {
		if n := p.Routers[i].Number; ways[n] != nil && ways[n].Number == t.Number {
			vrf := within(p.router(t.far(end)))
			lines = append(lines, "no "+inTable(vrf, route(n, by(t, from))), inTable(vrf, route(n, by(t, to))))
		}
	}
	if r := p.router(t.far(end)); t.Second {
		lines = append(lines, "no "+secondRoute(p, t, r, from), secondRoute(p, t, r, to))
	}
	return lines
}

// edit is one at an end of a tunnel.
func (d *drawing) edit(t *Tunnel, r *Router, which uint64) Typing {
	if t.Second {
		list := slices.Concat(secondEdits(d, t, r), d.ofRouter(r))
		i := int(which % uint64(len(list)))
		return Typing{r.Number, list[i].lines, list[i].undo, false}
	}
	list := slices.Concat(d.ofTunnel(t, r), d.ofRouter(r), ofProof(d, r), d.ofProtection(t, r))
	closed := len(list)
	if t.Client != 0 {
		list = slices.Concat(ofFlex(d.Plan, t, r, pick(d, transforms), pick(d, groups)), d.ofRouter(r), ofProof(d, r))
		closed = len(list)
	}
	if t.mapped() {
		list = slices.Concat(ofMap(d, t, r), d.ofRouter(r), ofProof(d, r))
		closed = len(list)
		list = append(list, opening(d, t, r)...)
	}
	i := int(which % uint64(len(list)))
	return Typing{r.Number, list[i].lines, list[i].undo, i >= closed}
}

func (d *drawing) ofTunnel(t *Tunnel, r *Router) []change {
	profile, tunnel := fmt.Sprintf("crypto ipsec profile P%d", t.Number), "interface "+t.name()
	return []change{
		{[]string{tunnel, "shutdown"}, []string{tunnel, "no shutdown"}},
		{[]string{"interface " + t.port(), "shutdown"}, []string{"interface " + t.port(), "no shutdown"}},
		{[]string{profile, "set pfs " + pick(d, groups)}, []string{profile, t.pfs()}},
		{[]string{profile, "set security-association lifetime seconds 150"}, []string{profile, r.seconds()}},
		{[]string{tunnel, "no tunnel destination"}, []string{tunnel, t.destination(r.Number)}},
		{[]string{fmt.Sprintf("crypto ipsec transform-set T%d %s", t.Number, pick(d, transforms)), t.carrying()}, []string{t.transform(), t.carrying()}},
	}
}

func (d *drawing) ofRouter(r *Router) []change {
	const profile = "crypto ikev2 profile P"
	claim := encap
	if !r.Encap {
		claim = "no " + encap
	}
	return []change{
		{[]string{profile, "lifetime 130"}, []string{profile, r.lifetime()}},
		{[]string{profile, encap}, []string{profile, claim}},
		{[]string{"crypto ikev2 keyring K", "peer ANY", "pre-shared-key remote wrong"}, []string{"crypto ikev2 keyring K", "peer ANY", "pre-shared-key remote " + key}},
		{[]string{"crypto ikev2 proposal P", "group 14"}, []string{"crypto ikev2 proposal P", d.IKE[len(d.IKE)-1]}},
		{[]string{"crypto ikev2 proposal P", pick(d, []string{"pqc mlkem768", "no pqc"})}, []string{"crypto ikev2 proposal P", r.pqc()}},
		{[]string{fmt.Sprintf("crypto ikev2 fragmentation mtu %d", d.within(fragmentsLeast, fragmentsMost))}, []string{r.fragments()}},
		{[]string{fmt.Sprintf("crypto ikev2 cookie-challenge %d", d.within(1, cookiesMost))}, []string{r.cookies()}},
	}
}

// ofProtection is what takes a tunnel's protection away, where nothing would
// rightly go in clear then: by a default route, or as GRE and IPIP do. Their mode
// is another.
func (d *drawing) ofProtection(t *Tunnel, r *Router) []change {
	tunnel := "interface " + t.name()
	switch {
	case t.Mode != "":
		other := map[bool]string{true: "mode tunnel", false: "mode transport"}[t.Transport]
		return []change{{[]string{t.transform(), other}, []string{t.transform(), t.carrying()}}}
	case r.DefaultRoute:
		return nil
	}
	protection := fmt.Sprintf("tunnel protection ipsec profile P%d", t.Number)
	return []change{
		{[]string{"no " + inTable(within(r), route(t.far(r.Number), t.name()))}, []string{d.routeTo(r, t.far(r.Number))}},
		{[]string{tunnel, "no " + protection}, []string{tunnel, protection}},
	}
}

// secondEdits are edits of an end of his tunnel, through which the same is protected.
func secondEdits(d *drawing, t *Tunnel, r *Router) []change {
	if t.mapped() {
		return ofMap(d, t, r)
	}
	return d.ofTunnel(t, r)
}
