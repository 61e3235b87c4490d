package swarm

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"time"

	"ikelab/router"
	"ikelab/router/crypto"
	"ikelab/router/shell"
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
		r.violated(Converges, cmp.Or(strings.Join(r.missing, "; "), r.unsettled()))
		return
	}
	r.judge.refusals()
	r.grants.refusals()
	r.grants.pools(r.lab, r.lab.Sim.Now())
	if r.plan.onDemand() || r.plan.maps() {
		reach(r)
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
	r.lab.Sim.At(r.lab.Sim.Now(), func(now time.Time) {
		revert(r, r.edits)
		certain(r)
		r.opened.heal(now)
	})
}

// certain has clocks be right again, and certificates that may have ended be others.
func certain(r *run) {
	if r.plan.Trust == nil {
		return
	}
	for i, node := range r.lab.Routers {
		r.enter(node, []string{r.lab.Sim.Now().Format("clock set 15:04:05 2 January 2006")})
		if p := r.plan.Routers[i].Proof; p.By == short || r.judge.taken.again(node.Name()) {
			enrol(r, node)
		}
	}
}

// reach wants every station and every tunnel to be reached once more.
func reach(r *run) {
	had := r.report.Converged
	r.report.Converged = 0
	r.attempt(r.lab.Sim.Now())
	for end := r.lab.Sim.Now().Add(settling); r.report.Converged == 0 && r.lab.Sim.Now().Before(end); {
		r.pass(r.lab.Sim.Now().Add(time.Second))
	}
	if r.report.Converged == 0 {
		r.violated(Converges, "it does not stay: "+strings.Join(r.missing, "; "))
	}
	r.report.Converged = had
}

// unsettled says what the SAs lack, where that is promised.
func (r *run) unsettled() string {
	if r.plan.onDemand() {
		return ""
	}
	return strings.Join(condition.Unsettled(r.lab.Routers, func(f *crypto.FlowState) bool { return excused(r, f) }), "; ")
}

// excused says of a flow that it must not come up.
func excused(r *run, f *crypto.FlowState) bool {
	return slices.ContainsFunc(r.plan.Tunnels, func(t Tunnel) bool { return t.name() == f.Interface && closed(r, &t) })
}

// closed says whether a tunnel is not to come up.
func closed(r *run, t *Tunnel) bool { return refused(r.plan, t) || r.grants.unserved(t) }

// ended says whether packets from a station to another go by a tunnel that is not to come up.
func ended(r *run, from, to int) bool {
	for at := from; at != to; {
		t := r.plan.first(at)[to]
		if t == nil || r.grants.unserved(t) {
			return true
		}
		at = t.far(at)
	}
	return false
}

// attempt sends a packet from each station to each other once the SAs have settled,
// and tries again until all have come. By crypto maps there is nothing to settle
// before: only packets ask for SAs.
func (r *run) attempt(healed time.Time) {
	if r.unsettled() != "" && !r.plan.maps() {
		r.lab.Sim.At(r.lab.Sim.Now().Add(time.Second), func(time.Time) { r.attempt(healed) })
		return
	}
	probes, unanswered := r.probe(), echoes(r)
	r.lab.Sim.At(r.lab.Sim.Now().Add(patience), func(now time.Time) {
		r.missing = append(unanswered(), r.grants.missing()...)
		if why := r.unsettled(); why != "" {
			r.missing = append(r.missing, why)
		}
		for _, p := range probes {
			if !r.ledger.has(p.from, p.id) {
				r.missing = append(r.missing, fmt.Sprintf("no packet from %v to %v", station(p.from), station(p.to)))
			}
		}
		if len(r.missing) > 0 {
			r.attempt(healed)
			return
		}
		r.report.Converged = now.Sub(healed)
	})
}

// echoes has both ends of each tunnel that is used on demand send one through it,
// and says later of which there was no answer.
func echoes(r *run) (unanswered func() []string) {
	var open []string
	if r.plan.onDemand() {
		for i := range r.plan.Tunnels {
			t := &r.plan.Tunnels[i]
			if refused(r.plan, t) {
				continue
			}
			for _, near := range []int{t.A, t.B} {
				what := fmt.Sprintf("no echo from %s through %s", nameOf(near), t.name())
				open = append(open, what)
				node := r.lab.Router(nameOf(near))
				node.Call(func(now time.Time) {
					node.Ping(now, shell.PingRequest{VRF: innerVRF(t, r.plan.router(near)), Destination: answers(r.plan, t, t.far(near)), Source: answers(r.plan, t, near), Repeat: 1, Size: probing, Timeout: patience - time.Second,
						Report: func(_ time.Time, e shell.Echo) {
							if e.Answered {
								open = slices.DeleteFunc(open, func(s string) bool { return s == what })
							}
						}, Done: func(time.Time) {}})
				})
			}
		}
	}
	return func() []string { return open }
}

// answers is the address of an end that the other reaches through the tunnel.
func answers(p *Plan, t *Tunnel, near int) netip.Addr {
	if t.mapped() {
		return gateway(networkNumber(p.router(near)))
	}
	return t.inner(near)
}

func (r *run) probe() (list []probe) {
	others := slices.Sorted(maps.Keys(secondStations(r.plan)))
	for _, from := range others {
		for _, to := range others {
			if from == to {
				continue
			}
			if id, sent := r.hosts[from].packet(to, probing); sent {
				list = append(list, probe{from, to, id})
			}
		}
	}
	for _, a := range r.plan.Routers {
		for _, to := range slices.Sorted(maps.Keys(r.plan.first(a.Number))) {
			if a.bad() || r.plan.router(to).bad() || flexible(r.plan) && ended(r, a.Number, to) {
				continue
			}
			if id, sent := r.hosts[a.Number].packet(to, probing); sent {
				list = append(list, probe{a.Number, to, id})
			}
			if !r.plan.Both {
				continue
			}
			if id, sent := r.hosts[a.Number].packet6(to, probing); sent {
				list = append(list, probe{a.Number, to, id})
			}
		}
	}
	return list
}

// drain shuts the tunnels, after which nothing may be left.
func (r *run) drain() {
	for i, node := range r.lab.Routers {
		r.configure(node, unenrolled(r.plan, &r.plan.Routers[i]))
		for _, t := range r.plan.Tunnels {
			switch {
			case !t.has(r.plan.Routers[i].Number), t.Client != 0 && t.Client != r.plan.Routers[i].Number:
			case t.mapped():
				r.configure(node, []string{"interface " + t.port(), "no crypto map " + t.mapName()})
			default:
				r.configure(node, []string{"interface " + t.name(), "shutdown"})
			}
		}
	}
	r.until(r.lab.Sim.Now().Add(draining))
	if len(r.report.Violations) > 0 {
		return
	}
	r.couples.emptied()
	r.grants.emptied()
	r.grants.pools(r.lab, r.lab.Sim.Now())
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
