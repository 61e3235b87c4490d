package swarm

import (
	"math/rand/v2"

	"ikelab/netsim"
)

// vrfs draws them, from a stream of its own. Crypto maps do without.
func vrfs(d *drawing) {
	main := d.random
	defer func() { d.random = main }()
	d.random = rand.New(netsim.Seed(d.Seed).Stream("swarm", "vrfs"))
	if d.maps() || !d.oneIn(3) {
		return
	}
	for i := range d.Routers {
		r := &d.Routers[i]
		r.VRF, r.Front = d.oneIn(2), d.oneIn(2)
	}
	for i := range d.Tunnels {
		t := &d.Tunnels[i]
		t.Front = !t.Shared && d.oneIn(2)
	}
}

// families draws which tunnels lead over IPv6, from a stream of its own.
func families(d *drawing) {
	main := d.random
	defer func() { d.random = main }()
	d.random = rand.New(netsim.Seed(d.Seed).Stream("swarm", "families"))
	if divided(d.Plan) || !d.oneIn(3) {
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
