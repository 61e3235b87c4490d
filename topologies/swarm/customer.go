package swarm

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"

	"ikelab/netsim"
)

// In some networks one router serves a second customer, who has a branch with a router of its own.
// He has chosen the addresses that the first one has, at both ends, and what his tunnel protects
// is called by the same words. Nothing of one comes to the other.

const (
	secondVRF     = "OTHER"
	secondPort    = "GigabitEthernet0/1"
	secondProfile = "SECOND"
	secondDomain  = "second.example"
	secondFrom    = 100 // numbers of his stations: those of the first one's, and this
)

// networkNumber is the number of the network behind a router.
func networkNumber(r *Router) int {
	if r.Like != 0 {
		return r.Like
	}
	return r.Number
}

// serves is the tunnel to the second customer's branch, at the router that serves him; nil: at any other.
func serves(p *Plan, r *Router) *Tunnel {
	if i := slices.IndexFunc(p.Tunnels, func(t Tunnel) bool { return t.Second && t.has(r.Number) && r.Like == 0 }); i >= 0 {
		return &p.Tunnels[i]
	}
	return nil
}

// second is his tunnel; nil: there is no second customer.
func second(p *Plan) *Tunnel {
	if i := slices.IndexFunc(p.Tunnels, func(t Tunnel) bool { return t.Second }); i >= 0 {
		return &p.Tunnels[i]
	}
	return nil
}

// innerVRF is the VRF of what goes by a tunnel at an end.
func innerVRF(t *Tunnel, r *Router) string {
	if t.Second && r.Like == 0 {
		return secondVRF
	}
	return within(r)
}

// profileOf is the IKEv2 profile of a tunnel at an end.
func profileOf(t *Tunnel, r *Router) string {
	if t.Second && r.Like == 0 {
		return secondProfile
	}
	return "P"
}

// beyond is the network at the other end of his tunnel.
func beyond(p *Plan, t *Tunnel, r *Router) int { return networkNumber(p.router(t.far(r.Number))) }

// writeSecond is what a router has of the second customer, behind all tunnels.
func writeSecond(p *Plan, b *strings.Builder, r *Router) {
	t := second(p)
	if t == nil || !t.has(r.Number) {
		return
	}
	if r.Like == 0 {
		fmt.Fprintf(b, "interface %s\n%s ip address %v 255.255.255.0\n", secondPort, forwarding(secondVRF), gateway(r.Number))
	}
	fmt.Fprintf(b, "%s\n", secondRoute(p, t, r, t.hop(r.Number)))
	if t.mapped() {
		fmt.Fprintf(b, "%s 250\n", inTable(innerVRF(t, r), route(beyond(p, t, r), "Null0")))
	}
}

// secondRoute leads to the other end's network, by a neighbour if there is a crypto map.
func secondRoute(p *Plan, t *Tunnel, r *Router, hop netip.Addr) string {
	if t.mapped() {
		return inTable(innerVRF(t, r), route(beyond(p, t, r), by(t, hop)))
	}
	return inTable(innerVRF(t, r), route(beyond(p, t, r), t.name()))
}

// writeSecondProfile is that by which his branch is served: it knows him by his name.
func writeSecondProfile(b *strings.Builder, t *Tunnel, r *Router) {
	fmt.Fprintf(b, "crypto ikev2 profile %s\n match identity remote fqdn domain %s\n match fvrf any\n authentication remote pre-share\n authentication local pre-share\n keyring local K\n %s\n",
		secondProfile, secondDomain, r.lifetime())
	if t.mapped() {
		fmt.Fprintf(b, " ivrf %s\n", secondVRF)
	}
	if r.DPD != "" {
		fmt.Fprintf(b, " dpd %s\n", r.DPD)
	}
	if r.Encap {
		fmt.Fprintln(b, " "+encap)
	}
}

// secondEdits are edits of an end of his tunnel, through which the same is protected.
func secondEdits(d *drawing, t *Tunnel, r *Router) []change {
	if t.mapped() {
		return ofMap(d, t, r)
	}
	return d.ofTunnel(t, r)
}

// customers draws a second one, from a stream of its own, and what he sends and what befalls him besides.
func customers(d *drawing) {
	main := d.random
	defer func() { d.random = main }()
	d.random = rand.New(netsim.Seed(d.Seed).Stream("swarm", "customers"))
	if d.Both || d.Trust != nil || !d.oneIn(3) {
		return
	}
	t := pick(d, d.Tunnels)
	at := pick(d, []int{t.A, t.B})
	branch := d.oneRouter(len(d.Routers) + 1)
	branch.Like = t.far(at)
	u := Tunnel{
		Number: len(d.Tunnels) + 1, A: at, B: branch.Number, Second: true, Shared: t.Shared, Delay: t.Delay, Transform: pick(d, transforms),
		PFS: t.PFS, Mode: t.Mode, Transport: t.Transport && t.Mode != "", Front: t.Front && !t.mapped(),
	}
	d.Routers = append(d.Routers, branch)
	if !t.mapped() && !u.Shared && (u.Mode == "" || u.Transport) && d.oneIn(3) {
		d.Tunnels = append(d.Tunnels, u)
		d.inside(&d.Tunnels[len(d.Tunnels)-1])
	} else {
		d.Tunnels = append(d.Tunnels, u)
	}
	for range d.within(1, 2) {
		d.flow()
		f := &d.Flows[len(d.Flows)-1]
		f.Second, f.From, f.To = true, at, branch.Like
		if d.oneIn(2) {
			f.From, f.To = f.To, f.From
		}
	}
	for range d.upTo(4) {
		d.Faults = append(d.Faults, d.misfortune(d.between(0, d.Length-1e9)))
	}
	slices.SortStableFunc(d.Faults, func(a, b Fault) int { return int(a.At - b.At) })
}

// secondStations are those of the second customer: their numbers, and where they are.
func secondStations(p *Plan) map[int]door {
	list := map[int]door{}
	t := second(p)
	if t == nil {
		return list
	}
	for _, end := range []int{t.A, t.B} {
		r := p.router(end)
		if r.Like == 0 {
			list[secondFrom+end] = door{nameOf(end), secondPort}
		} else {
			list[secondFrom+r.Like] = door{nameOf(end), lanPort}
		}
	}
	return list
}

// stations are the numbers of the stations between which a flow goes.
func (f *Flow) stations() (from, to int) {
	if f.Second {
		return secondFrom + f.From, secondFrom + f.To
	}
	return f.From, f.To
}

// possible says whether there is a way between the stations of a flow.
func possible(p *Plan, f *Flow) bool {
	if !f.Second {
		return p.first(f.From)[f.To] != nil
	}
	from, to := f.stations()
	all := secondStations(p)
	return from != to && all[from] != door{} && all[to] != door{}
}

// owner is the station that has sent a piece: two have one address where there is a second customer, and what
// a packet carries tells which.
func owner(this piece, data []byte) int {
	if n := len(data); n > 0 && data[n-1] == octet(secondFrom+this.from, this.id, this.offset+n-1) && data[n-1] != octet(this.from, this.id, this.offset+n-1) {
		return secondFrom + this.from
	}
	return this.from
}

// customerOf is whose a station is.
func customerOf(station int) int { return station / secondFrom }
