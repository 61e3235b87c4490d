package swarm

import (
	"math/rand/v2"
	"slices"
	"strings"

	"ikelab/netsim"
)

// vrfs draws them, from a stream of its own.
func vrfs(d *drawing) {
	main := d.random
	defer func() { d.random = main }()
	d.random = rand.New(netsim.Seed(d.Seed).Stream("swarm", "vrfs"))
	if !d.oneIn(3) {
		return
	}
	for i := range d.Routers {
		r := &d.Routers[i]
		r.VRF, r.Front = d.oneIn(2), d.oneIn(2)
		r.Front = r.Front && (r.VRF || !d.maps())
	}
	for i := range d.Tunnels {
		t := &d.Tunnels[i]
		t.Front = !t.Shared && d.oneIn(2) && !apart(d.Plan, t)
	}
}

// families draws which tunnels lead over IPv6, from a stream of its own.
func families(d *drawing) {
	main := d.random
	defer func() { d.random = main }()
	d.random = rand.New(netsim.Seed(d.Seed).Stream("swarm", "families"))
	if !d.oneIn(3) {
		return
	}
	d.Both = !d.maps() && d.oneIn(2)
	for i := range d.Tunnels {
		t := &d.Tunnels[i]
		if d.Both { // there is no other kind that does
			t.Mode, t.Transport = "", false
		}
		t.Six = t.Mode == "" && t.Inside == 0 && d.oneIn(2)
	}
}

// flex draws which tunnels are FlexVPN, from a stream of its own. A router is a client of one hub
// at most. Whoever is asked for life on demand, crypto maps and IPv6 do without.
func flex(d *drawing) {
	main := d.random
	defer func() { d.random = main }()
	d.random = rand.New(netsim.Seed(d.Seed).Stream("swarm", "flex"))
	if d.maps() || d.Both || d.Plan.onDemand() || !d.oneIn(3) {
		return
	}
	for i := range d.Tunnels {
		t := &d.Tunnels[i]
		if t.Mode != "" || t.Six || refused(d.Plan, t) || d.oneIn(4) {
			continue
		}
		if client := drawClient(d, t); clientOf(d.Plan, client) == nil {
			t.Client = client
			if r := d.router(client); !strings.HasSuffix(r.DPD, "periodic") { // nobody else can begin
				r.DPD = pick(d, periodic)
			}
			first := served(d.Plan, hub(t))[0] // one template has one transform set
			t.Transform, t.PFS, t.Transport = first.Transform, first.PFS, false
		}
	}
	for i := range d.Routers {
		if n := len(served(d.Plan, d.Routers[i].Number)); n > 0 && d.oneIn(2) {
			d.Routers[i].Pool = max(1, n-d.upTo(1))
		}
	}
	if d.Trust != nil && flexible(d.Plan) {
		d.Trust.Flex = !d.oneIn(4)
	}
}

// client draws the end that is one: whoever is behind a NAT gateway must be.
func drawClient(d *drawing, t *Tunnel) int {
	switch {
	case t.Inside != 0:
		return t.Inside
	case d.Shape == Star && !d.oneIn(8):
		return t.far(1)
	}
	return pick(d, []int{t.A, t.B})
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
