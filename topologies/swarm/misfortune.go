package swarm

import (
	"fmt"
	"slices"
	"time"

	"ikelab/netsim"
	"ikelab/topologies/fault"
)

// misfortunes draws what happens: sometimes a little, sometimes all at once.
func (d *drawing) misfortunes() {
	n := d.within(1, 1+int(d.Length/time.Minute))
	at := time.Duration(0)
	for range n {
		if !d.oneIn(4) {
			at = d.between(0, d.Length-time.Second)
		}
		d.Faults = append(d.Faults, d.misfortune(at))
	}
	slices.SortStableFunc(d.Faults, func(a, b Fault) int { return int(a.At - b.At) })
}

// kinds are drawn from as often as they stand here.
var kinds = []Kind{
	Loss, Duplication, Reordering, Corruption, Delay, Storm, LinkDown, Partition, Crash, Reload, Clear, Clear, Clear, Clear, Edit, Edit, Edit, Packet, Packet,
}

func (d *drawing) misfortune(at time.Duration) Fault {
	t := pick(d, d.Tunnels)
	f := Fault{Kind: pick(d, kinds), At: at, Tunnel: t.Number, Router: pick(d, []int{t.A, t.B})}
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
	case Edit:
		f.Lines, f.Undo = d.edit(&t, d.router(f.Router))
	case Packet:
		f.Packet = &Strike{What: pick(d, strikes), Nth: d.within(1, 20), Times: d.within(1, 5), By: d.between(10*time.Millisecond, 5*time.Second)}
	}
	f.For = min(f.For, d.Length-f.At)
	return f
}

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

// clearing is a line that clears something.
func (d *drawing) clearing(t *Tunnel, near int) string {
	far := t.outer(t.far(near))
	return pick(d, []string{
		"clear crypto session", "clear crypto ikev2 sa", "clear crypto sa", fmt.Sprintf("clear crypto session remote %v", far),
		fmt.Sprintf("clear crypto ikev2 sa remote %v", far), fmt.Sprintf("clear crypto sa peer %v", far), "clear crypto sa counters",
	})
}

// edit draws lines of configuration, and those that undo them.
func (d *drawing) edit(t *Tunnel, r *Router) (lines, undo []string) {
	profile, tunnel := fmt.Sprintf("crypto ipsec profile P%d", t.Number), "interface "+t.name()
	edits := [][2][]string{
		{{tunnel, "shutdown"}, {tunnel, "no shutdown"}},
		{{"interface " + t.port(), "shutdown"}, {"interface " + t.port(), "no shutdown"}},
		{{profile, "set pfs " + pick(d, groups[3:])}, {profile, t.pfs()}},
		{{profile, "set security-association lifetime seconds 150"}, {profile, r.seconds()}},
		{{"crypto ikev2 profile P", "lifetime 130"}, {"crypto ikev2 profile P", r.lifetime()}},
		{{"crypto ikev2 keyring K", "peer ANY", "pre-shared-key remote wrong"}, {"crypto ikev2 keyring K", "peer ANY", "pre-shared-key remote " + key}},
		{{tunnel, "no tunnel destination"}, {tunnel, t.destination(r.Number)}},
		{{fmt.Sprintf("crypto ipsec transform-set T%d %s", t.Number, pick(d, transforms))}, {t.transform()}},
		{{"crypto ikev2 proposal P", "group 14"}, {"crypto ikev2 proposal P", d.IKE[len(d.IKE)-1]}},
	}
	if !r.DefaultRoute { // by which it would rightly go in clear
		edits = append(edits, [2][]string{{"no " + route(t.far(r.Number), t)}, {route(t.far(r.Number), d.first(r.Number)[t.far(r.Number)])}},
			[2][]string{{tunnel, fmt.Sprintf("no tunnel protection ipsec profile P%d", t.Number)}, {tunnel, fmt.Sprintf("tunnel protection ipsec profile P%d", t.Number)}})
	}
	e := pick(d, edits)
	return e[0], e[1]
}
