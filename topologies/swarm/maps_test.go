package swarm

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/topologies/lab"
)

// mapPlan is three routers in a row, of whom the second has a crypto map towards
// each of the others.
func mapPlan(shared bool) *Plan {
	p := quietPlan()
	p.Routers = append(p.Routers, Router{Number: 3, Lifetime: 900, Seconds: 900, DPD: "10 2 periodic"})
	p.Tunnels = append(p.Tunnels, Tunnel{Number: 2, A: 2, B: 3, Delay: time.Millisecond, Transform: "esp-aes esp-sha256-hmac"})
	for i := range p.Tunnels {
		p.Tunnels[i].Mode, p.Tunnels[i].Shared = byMap, shared
	}
	p.Flows = append(p.Flows, Flow{From: 3, To: 1, Begin: time.Minute, End: 3 * time.Minute, Period: time.Second, Burst: 1, Bytes: 1500})
	return p
}

// TestMaps: whatever lists say, all that goes by crypto maps arrives but what is
// dropped while SAs are made.
func TestMaps(t *testing.T) {
	for _, shared := range []bool{false, true} {
		for _, change := range []func(e *Tunnel){
			func(*Tunnel) {},
			func(e *Tunnel) { e.Lists = [2]list{halves, protocols} },
			func(e *Tunnel) { e.Lists = [2]list{protocols, networks} },
			func(e *Tunnel) { e.Split, e.PerHost = true, e.A },
			func(e *Tunnel) { e.Transport, e.Lists[1] = true, halves },
			func(e *Tunnel) { e.Reverse = [2]string{"reverse-route", "reverse-route static"} },
			func(e *Tunnel) {
				e.Reverse, e.Lists = [2]string{"reverse-route static", "reverse-route"}, [2]list{halves, networks}
			},
		} {
			p := mapPlan(shared)
			change(&p.Tunnels[0])
			change(&p.Tunnels[1])
			require.NoError(t, p.Check())
			r := Run(p, Options{})
			require.Empty(t, r.Violations, "%+v", p.Tunnels)
			require.Less(t, r.Sent-r.Arrived, 30, "%+v", p.Tunnels)
		}
	}
	p := mapPlan(false)
	p.Tunnels[0].Lists, p.Tunnels[1].Lists = [2]list{whole, whole}, [2]list{whole, networks}
	require.Empty(t, Run(p, Options{}).Violations)
}

// TestMapWays: answers go the way that they came, so that both ends of each tunnel
// protect the same.
func TestMapWays(t *testing.T) {
	n := 0
	for seed := range uint64(200) {
		p := Draw(seed)
		for i := range p.Tunnels {
			e := &p.Tunnels[i]
			if !e.mapped() {
				continue
			}
			n++
			var mirrored [][2]int
			for _, pair := range p.crossing(e, e.A) {
				mirrored = append(mirrored, [2]int{pair[1], pair[0]})
			}
			require.ElementsMatch(t, mirrored, p.crossing(e, e.B))
			require.Contains(t, mirrored, [2]int{networkNumber(p.router(e.B)), networkNumber(p.router(e.A))})
		}
	}
	require.Greater(t, n, 50)
}

// opened is a plan in which an end protects nothing for half a minute.
func opened(lines, undo string) *Plan {
	p := mapPlan(false)
	p.Faults = []Fault{{Kind: Edit, At: 90 * time.Second, For: 30 * time.Second, Router: 1, Tunnel: 1, Opens: true,
		Lines: []string{"interface Ethernet1/1", lines}, Undo: []string{"interface Ethernet1/1", undo}}}
	return p
}

// TestMapOpened: what rightly goes in clear is stopped at the other end; a mutant
// lets it in; and none may go in clear later.
func TestMapOpened(t *testing.T) {
	p := opened("no crypto map LINK1", "crypto map LINK1")
	r := Run(p, Options{})
	require.Empty(t, r.Violations)
	require.Equal(t, 1, r.Faults[Edit])
	require.Less(t, r.Arrived, r.Sent-40)

	meddle := func(after time.Duration, router string, port string) Options {
		return Options{Opened: func(l *lab.Lab) error {
			at(l, after, func() {
				(&run{lab: l}).configure(l.Router(router), []string{"interface " + port, "no crypto map"})
			})
			return nil
		}}
	}
	p.Flows = p.Flows[:1] // R2 itself sends nothing
	r = Run(p, meddle(80*time.Second, "R2", "Ethernet1/1"))
	require.Equal(t, Stopped, r.Violations[0].Invariant, "the other end has let it in")
	r = Run(opened("no crypto map LINK1", "crypto map LINK1"), meddle(80*time.Second, "R2", "Ethernet1/2"))
	require.Equal(t, Protected, r.Violations[0].Invariant, "another port")
	r = Run(opened("description none", "no crypto map LINK1"), Options{})
	require.Equal(t, Protected, r.Violations[0].Invariant, "the edit is over")
}

// TestOpenings: what was saved may be open until the network heals.
func TestOpenings(t *testing.T) {
	d, then := door{"R1", sharedPort}, time.Unix(100, 0)
	o := newOpenings()
	require.False(t, o.since(d, then))
	o.begin(d)
	require.True(t, o.has(d))
	o.end(d, then.Add(time.Second))
	require.False(t, o.has(d))
	require.True(t, o.since(d, then))
	require.False(t, o.since(d, then.Add(2*time.Second)))
	o.begin(d)
	o.saved("R2")
	o.saved("R1")
	o.end(d, then)
	require.True(t, o.has(d))
	o.heal(then.Add(3 * time.Second))
	require.False(t, o.has(d))
	require.True(t, o.since(d, then.Add(2*time.Second)))
}

// TestOpenedWhileAway: what a port has let out may wait until its neighbour is there again, longer
// than the port is open.
func TestOpenedWhileAway(t *testing.T) {
	p := opened("no crypto map LINK1", "crypto map LINK1")
	at := p.Faults[0].At
	p.Faults = append(p.Faults, Fault{Kind: Crash, At: at - time.Second, For: 65 * time.Second, Router: 2, Tunnel: 1}, Fault{Kind: Reload, At: at, Router: 1, Tunnel: 1, Lines: []string{"no"}})
	slices.SortStableFunc(p.Faults, func(a, b Fault) int { return cmp.Compare(a.At, b.At) })
	p.Faults[1], p.Faults[2] = p.Faults[2], p.Faults[1] // the edit comes after the reload
	require.Empty(t, Run(p, Options{}).Violations)
}
