package swarm

import (
	"slices"
	"time"

	"ikelab/netsim"
	"ikelab/topologies/fault"
)

// misfortunes draws what happens: sometimes a little, sometimes all at once.
func (d *drawing) misfortunes() {
	n := d.within(1, 1+int(d.Length/time.Minute))
	at := time.Duration(0)
	together := 0.25 // strike with the one before
	if d.oneIn(8) {
		together = 0.9
	}
	for i := range n {
		if i == 0 || d.share(1) >= together {
			at = d.between(0, d.Length-time.Second)
		}
		d.Faults = append(d.Faults, d.misfortune(at))
	}
	slices.SortStableFunc(d.Faults, func(a, b Fault) int { return int(a.At - b.At) })
}

// kinds are drawn from as often as they stand here.
var kinds = []Kind{
	Loss, Duplication, Reordering, Corruption, Delay, Storm, LinkDown, Partition, Crash, Reload, Clear, Clear, Clear, Clear, Edit, Edit, Edit, Packet, Packet,
	Move, Save, Clock, Rebind, Rebind,
}

func (d *drawing) misfortune(at time.Duration) Fault {
	t := pick(d, d.Tunnels)
	f := Fault{Kind: pick(d, kinds), At: at, Tunnel: t.Number, Router: pick(d, []int{t.A, t.B})}
	switch {
	case f.Kind == Rebind && t.Inside == 0:
		f.Kind = Packet
	case f.Kind == Move && t.Inside != 0: // the gateway's address is configured at the other end
		f.Kind = Rebind
	}
	f.For = d.between(time.Second, 2*time.Minute)
	if d.oneIn(3) {
		f.For = d.between(10*time.Millisecond, 2*time.Second)
	}
	switch f.Kind {
	case Loss, Duplication, Reordering, Corruption, Delay, Storm:
		f.Impair = d.impairments(f.Kind)
	case Partition:
		for i := range d.Routers {
			if d.oneIn(2) {
				f.Apart = append(f.Apart, d.Routers[i].Number)
			}
		}
	case Clear:
		f.Lines = []string{d.clearing(&t, f.Router)}
	case Clock:
		f.Lines = []string{d.moment()}
	case Save:
		f.Lines = []string{"write memory"}
	case Reload:
		f.Lines = []string{pick(d, []string{"no", "no", "yes"})}
	case Edit:
		f.types(d.edits(&t, f.Router))
	case Move:
		f.types(d.move(&t, f.Router))
	case Rebind:
		ways := []string{ports, ports, flush, address}
		if t.Transport { // its selectors are the addresses themselves
			ways = ways[:3]
		}
		f.How = pick(d, ways)
	case Packet:
		f.Packet = d.strike(d.router(f.Router))
	}
	f.For = min(f.For, d.Length-f.At)
	return f
}

// strike draws what happens to a few packets: of a router that fragments IKE
// messages often to one of their fragments, again and again.
func (d *drawing) strike(r *Router) *Strike {
	s := &Strike{What: pick(d, strikes), Nth: d.within(1, 20), Times: d.within(1, 5), By: d.between(10*time.Millisecond, 5*time.Second)}
	if r.Fragments > 0 && d.oneIn(2) {
		s.Fragment, s.Nth, s.Times = d.within(1, 3), 1, d.within(1, 20)
	}
	return s
}

// What a NAT gateway does to its mappings. With another address it has its own
// again when the fault ends.
const (
	ports   = "ports"
	address = "address"
	flush   = "flush"
)

// strikes are done to packets of a router, whatever they carry. Held ones are let
// go when the fault ends.
var strikes = []fault.What{fault.Drop, fault.Delay, fault.Duplicate, fault.Corrupt, fault.Truncate, fault.Replay, fault.Reorder, fault.Hold}

func (d *drawing) impairments(k Kind) (i netsim.Impairments) {
	all := k == Storm
	i.Delay = d.between(time.Millisecond, 30*time.Millisecond)
	if all || k == Loss {
		i.Loss = d.share(0.5)
	}
	if all || k == Duplication {
		i.Duplicate = d.share(0.5)
		if d.mayLoop() {
			i.Duplicate /= loopDivisor
		}
	}
	if all || k == Reordering {
		i.Reorder = d.share(0.5)
	}
	if all || k == Corruption {
		i.Corrupt = d.share(0.3)
	}
	if k == Delay {
		i.Delay = d.between(0, 3*time.Second)
		i.Jitter = d.between(0, i.Delay+1)
	}
	return i
}

// loopDivisor leaves so little duplication that a packet that goes round until its
// 255 hops are used up comes to dozens, and not to as many as the fabric bears.
const loopDivisor = 32

// mayLoop says whether two default routes may lead to each other.
func (d *drawing) mayLoop() bool {
	n := 0
	for i := range d.Routers {
		if d.Routers[i].DefaultRoute {
			n++
		}
	}
	return n > 1
}
