package swarm

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"ikelab/netsim"
)

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
		if client := d.client(t); clientOf(d.Plan, client) == nil {
			t.Client = client
			if r := d.router(client); !strings.HasSuffix(r.DPD, "periodic") { // nobody else can begin
				r.DPD = pick(d, periodic)
			}
			first := served(d.Plan, t.hub())[0] // one template has one transform set
			t.Transform, t.PFS, t.Transport = first.Transform, first.PFS, false
		}
	}
	for i := range d.Routers {
		if n := len(served(d.Plan, d.Routers[i].Number)); n > 0 && d.oneIn(2) {
			d.Routers[i].Pool = max(1, n-d.upTo(1))
		}
	}
}

// client draws the end that is one: whoever is behind a NAT gateway must be.
func (d *drawing) client(t *Tunnel) int {
	switch {
	case t.Inside != 0:
		return t.Inside
	case d.Shape == Star && !d.oneIn(8):
		return t.far(1)
	}
	return pick(d, []int{t.A, t.B})
}

// again has clients come anew, that they be given what they are to have.
const again = "do clear crypto session"

// ofFlex are edits of an end of a FlexVPN tunnel.
func ofFlex(d *drawing, t *Tunnel, r *Router) []change {
	name, tunnel, port := fmt.Sprintf("P%d", t.Number), "interface "+t.name(), "interface "+t.port()
	first := t
	if t.Client != r.Number {
		name, tunnel = servingOf(d.Plan, t), "interface "+template(d.Plan, t)
		for _, u := range served(d.Plan, r.Number) {
			if templateOf(d.Plan, u) == templateOf(d.Plan, t) {
				first = u
				break
			}
		}
	}
	profile := "crypto ipsec profile " + name
	list := []change{
		{[]string{tunnel, "shutdown"}, []string{tunnel, "no shutdown"}},
		{[]string{port, "shutdown"}, []string{port, "no shutdown"}},
		{[]string{profile, "set pfs " + pick(d, groups)}, []string{profile, t.pfs()}},
		{[]string{profile, "set security-association lifetime seconds 150"}, []string{profile, r.seconds()}},
		{[]string{fmt.Sprintf("crypto ipsec transform-set T%d %s", first.Number, pick(d, transforms)), t.carrying()}, []string{first.transform(), t.carrying()}},
	}
	if t.Client == r.Number {
		return append(list, ofClient(t, r)...)
	}
	return append(list, ofHub(d.Plan, t, r)...)
}

func ofClient(t *Tunnel, r *Router) []change {
	const policy, profile = "crypto ikev2 authorization policy " + asking, "crypto ikev2 profile " + asking
	tunnel := "interface " + t.name()
	return []change{
		{[]string{tunnel, "no tunnel destination"}, []string{tunnel, t.destination(r.Number)}},
		{[]string{tunnel, "no ip address"}, []string{tunnel, "ip address negotiated", again}},
		{[]string{policy, "no route set access-list " + asking}, []string{policy, "route set access-list " + asking, again}},
		{[]string{policy, "no route set interface"}, []string{policy, "route set interface", again}},
		{[]string{profile, "lifetime 130"}, []string{profile, r.lifetime()}},
		{[]string{profile, "identity local fqdn stranger.example"}, []string{profile, "identity local fqdn " + flexHost(r.Number)}},
	}
}

func ofHub(p *Plan, t *Tunnel, r *Router) []change {
	const policy = "crypto ikev2 authorization policy " + serving
	profile := "crypto ikev2 profile " + servingOf(p, t)
	cloned := fmt.Sprintf("virtual-template %d", templateOf(p, t))
	elsewhere := fmt.Sprintf("ip local pool %s 172.18.0.1 172.18.0.250", pool)
	return []change{
		{[]string{profile, "no " + cloned}, []string{profile, cloned}},
		{[]string{profile, "lifetime 130"}, []string{profile, r.lifetime()}},
		{[]string{"no " + r.pool()}, []string{r.pool()}},
		{[]string{"no " + r.pool(), elsewhere}, []string{"no " + elsewhere, r.pool(), again}},
		{[]string{policy, "no pool " + pool}, []string{policy, "pool " + pool, again}},
		{[]string{policy, "no " + tellsAll}, []string{policy, tellsAll, again}},
		{[]string{profile, "identity local fqdn stranger.example"}, []string{profile, "identity local fqdn " + flexHost(r.Number)}},
	}
}
