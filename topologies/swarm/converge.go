package swarm

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"ikelab/router"
	"ikelab/topologies/condition"
	"ikelab/topologies/lab"
)

const (
	healing  = 10 * time.Minute // in which all must have come back
	settling = time.Minute      // that a rekey may last just then
	draining = 5 * time.Minute
	patience = 5 * time.Second // for packets of the stations
	quiet    = time.Minute     // in which nothing is due once nothing is left
	probing  = 100             // octets
)

// probe is a packet of the last test.
type probe struct {
	from, to int
	id       uint16
}

// converge waits until the tunnels have settled and every station has reached every
// other, and looks again when the time is over.
func (r *run) converge() {
	r.heal()
	healed := r.lab.Sim.Now()
	r.attempt(healed)
	r.until(healed.Add(healing))
	if len(r.report.Violations) > 0 {
		return
	}
	if r.report.Converged == 0 {
		r.violated(Converges, r.unsettled())
		return
	}
	for end := r.lab.Sim.Now().Add(settling); r.unsettled() != "" && r.lab.Sim.Now().Before(end); {
		r.pass(r.lab.Sim.Now().Add(time.Second))
	}
	if why := r.unsettled(); why != "" {
		r.violated(Converges, "it does not stay: "+why)
	}
}

// heal gives power to routers that have none yet, and each the configuration that
// it began with. All faults have ended.
func (r *run) heal() {
	for _, node := range r.lab.Routers {
		if !node.Device.Started() {
			node.Device.StartAt(r.lab.Sim.Now())
		}
	}
	r.wire.Part()
	r.lab.Sim.At(r.lab.Sim.Now(), func(time.Time) { revert(r, r.edits) })
}

// unsettled says what the SAs lack.
func (r *run) unsettled() string {
	return strings.Join(condition.Unsettled(r.lab.Routers), "; ")
}

// attempt sends a packet from each station to each other once the SAs have settled,
// and tries again until all have come.
func (r *run) attempt(healed time.Time) {
	if r.unsettled() != "" {
		r.lab.Sim.At(r.lab.Sim.Now().Add(time.Second), func(time.Time) { r.attempt(healed) })
		return
	}
	probes := r.probe()
	r.lab.Sim.At(r.lab.Sim.Now().Add(patience), func(now time.Time) {
		for _, p := range probes {
			if !r.ledger.has(p.from, p.id) {
				r.attempt(healed)
				return
			}
		}
		r.report.Converged = now.Sub(healed)
	})
}

func (r *run) probe() (list []probe) {
	for _, a := range r.plan.Routers {
		for _, to := range slices.Sorted(maps.Keys(r.plan.first(a.Number))) {
			if id, sent := r.hosts[a.Number].packet(to, probing); sent {
				list = append(list, probe{a.Number, to, id})
			}
		}
	}
	return list
}

// drain shuts the tunnels, after which nothing may be left.
func (r *run) drain() {
	for i, node := range r.lab.Routers {
		for _, t := range r.plan.Tunnels {
			if t.has(r.plan.Routers[i].Number) {
				r.configure(node, []string{"interface " + t.name(), "shutdown"})
			}
		}
	}
	r.until(r.lab.Sim.Now().Add(draining))
	if len(r.report.Violations) > 0 {
		return
	}
	for _, node := range r.lab.Routers {
		emptied(node, r.violated)
		for _, p := range node.Device.Ports() {
			if !balanced(p) {
				r.violated(LeavesNone, fmt.Sprintf("frames of %s are on their way: %+v", p.Name(), p.Counters()))
			}
		}
		if due := node.Deadline(); !due.IsZero() && due.Sub(r.lab.Sim.Now()) < quiet {
			r.violated(LeavesNone, fmt.Sprintf("%s has something to do at %v", node.Name(), due))
		}
	}
}

// emptied says whether a router holds nothing more.
func emptied(node *lab.Router, violated func(Invariant, string)) {
	sas, flows := node.SAs()
	pairs := 0
	for _, f := range flows {
		pairs += len(f.Pairs)
	}
	if what := holds(len(sas), pairs, node.Holding()); what != "" {
		violated(LeavesNone, node.Name()+" has "+what)
	}
}

// holds says what there is; "": nothing.
func holds(sas, pairs int, h router.Holding) string {
	var list []string
	for _, c := range []struct {
		n    int
		what string
	}{
		{sas, "IKE SAs"}, {pairs, "pairs"}, {h.ForSA, "packets that wait for an SA"}, {h.ForNeighbour, "packets that wait for a hardware address"},
		{h.Pieces, "octets of datagrams that are not whole"}, {h.Operations, "public-key operations"}, {h.Counted, "IKE SAs counted that there are not"},
	} {
		if c.n != 0 {
			list = append(list, fmt.Sprintf("%d %s", c.n, c.what))
		}
	}
	return strings.Join(list, ", ")
}
