package swarm

import "slices"

// In some networks one router serves a second customer, who has a branch with a router of its own.
// He has chosen the addresses that the first one has, at both ends, and what his tunnel protects
// is called by the same words. Nothing of one comes to the other.

const (
	secondVRF     = "OTHER"
	secondPort    = "GigabitEthernet0/1"
	secondProfile = "SECOND"
	secondDomain  = "second.example"
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

// profileOf is the IKEv2 profile of a tunnel at an end.
func profileOf(t *Tunnel, r *Router) string {
	if t.Second && r.Like == 0 {
		return secondProfile
	}
	return "P"
}

// beyond is the network at the other end of his tunnel.
func beyond(p *Plan, t *Tunnel, r *Router) int { return networkNumber(p.router(t.far(r.Number))) }

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
