package ikev2

import (
	"net/netip"
	"slices"
)

// leases are the addresses of one pool that peers have. Addresses that nobody had yet
// come first, in the order of the ranges; then those that were given back, the one that
// has rested longest before the others.
type leases struct {
	ranges []AddrRange // for which place and at hold
	place  int
	at     netip.Addr // the next one that nobody had; invalid: the first of the range
	taken  map[netip.Addr]bool
	back   []netip.Addr
}

// leasesOf are those of a pool.
func (d *database) leasesOf(pool string) *leases {
	l := d.leases[pool]
	if l == nil {
		l = &leases{taken: map[netip.Addr]bool{}}
		if d.leases == nil {
			d.leases = map[string]*leases{}
		}
		d.leases[pool] = l
	}
	return l
}

// take takes an address, the wanted one if it is free; false: there is none.
func (l *leases) take(p *Pool, wanted netip.Addr) (netip.Addr, bool) {
	if p == nil {
		return netip.Addr{}, false
	}
	a, ok := wanted, p.has(wanted) && !l.taken[wanted]
	if !ok {
		a, ok = l.fresh(p)
	}
	for !ok && len(l.back) > 0 {
		a, l.back = l.back[0], l.back[1:]
		ok = p.has(a) && !l.taken[a]
	}
	if ok {
		l.taken[a] = true
	}
	return a, ok
}

// fresh is the next address that nobody had.
func (l *leases) fresh(p *Pool) (netip.Addr, bool) {
	if !slices.Equal(l.ranges, p.Ranges) {
		l.ranges, l.place, l.at = p.Ranges, 0, netip.Addr{}
	}
	for l.place < len(l.ranges) {
		r := l.ranges[l.place]
		if !l.at.IsValid() {
			l.at = r.First
		}
		a := l.at
		if l.at = a.Next(); a == r.Last || !l.at.IsValid() {
			l.place, l.at = l.place+1, netip.Addr{}
		}
		if !l.taken[a] && r.has(a) {
			return a, true
		}
	}
	return netip.Addr{}, false
}

// release gives an address back.
func (l *leases) release(a netip.Addr) {
	delete(l.taken, a)
	l.back = append(l.back, a)
}

// within is how many addresses of a range somebody has.
func (l *leases) within(r AddrRange) (n int) {
	if l != nil {
		for a := range l.taken {
			if r.has(a) {
				n++
			}
		}
	}
	return n
}

func (r AddrRange) has(a netip.Addr) bool { return r.First.Compare(a) <= 0 && a.Compare(r.Last) <= 0 }

func (p *Pool) has(a netip.Addr) bool {
	return slices.ContainsFunc(p.Ranges, func(r AddrRange) bool { return a.IsValid() && r.has(a) })
}

// PoolState is how a pool of addresses stands.
type PoolState struct {
	Name   string
	Ranges []RangeState
}

// RangeState is that of one range.
type RangeState struct {
	AddrRange
	InUse int
}

// poolStates are the pools of a configuration.
func poolStates(c *Global, of map[string]*leases) []PoolState {
	list := make([]PoolState, 0, len(c.Pools))
	for _, p := range c.Pools {
		s := PoolState{Name: p.Name}
		for _, r := range p.Ranges {
			s.Ranges = append(s.Ranges, RangeState{r, of[p.Name].within(r)})
		}
		list = append(list, s)
	}
	return list
}
