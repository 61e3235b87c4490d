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
