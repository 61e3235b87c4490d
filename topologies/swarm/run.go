package swarm

import (
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"time"

	"ikelab/netsim"
	"ikelab/topologies/fault"
	"ikelab/topologies/lab"
)

// Options are how a plan is carried out. None of them may change what happens.
type Options struct {
	Step    time.Duration          // of virtual time at once; 0: a minute
	Trace   bool                   // sum up all that happens
	Workers netsim.Executor        // nil: one after the other
	Debug   bool                   // at each router
	Opened  func(l *lab.Lab) error // somebody who looks on, such as a capture; nil: nobody does
	Closed  func()                 // what follows when the run is over
}

// Report is how a run went.
type Report struct {
	Seed       uint64
	Virtual    time.Duration
	Converged  time.Duration // after the network healed
	Faults     map[Kind]int
	Sent       int // packets of stations
	Arrived    int
	Violations []Violation // the first ones
	Trace      uint64
}

// run is a plan that is being carried out.
type run struct {
	plan    *Plan
	options Options
	lab     *lab.Lab
	wire    *fault.Wire
	reuse   *fault.Reuse
	couples *couples
	spans   *spans
	ledger  *ledger
	judge   *judge
	grants  *grants
	opened  *openings
	hosts   map[int]*host
	trace   *trace
	start   time.Time
	edits   []Typing // that were made
	missing []string // what the last attempt did not reach
	report  Report
}

// violationsMost is how many violations are kept: one leads to others.
const violationsMost = 5

func (r *run) violated(i Invariant, what string) {
	if len(r.report.Violations) < violationsMost {
		r.report.Violations = append(r.report.Violations, Violation{i, r.lab.Sim.Now().Sub(r.start), what})
	}
}

// Run carries out a plan. A panic is a violation like any other.
func Run(p *Plan, o Options) (report Report) {
	r := &run{plan: p, options: o, hosts: map[int]*host{}, report: Report{Seed: p.Seed, Faults: map[Kind]int{}}}
	defer func() {
		if cause := recover(); cause != nil {
			r.report.Violations = append(r.report.Violations, Violation{Endures, 0, fmt.Sprintf("%v\n%s", cause, debug.Stack())})
		}
		report = r.report
		if o.Closed != nil {
			o.Closed()
		}
	}()
	if err := r.build(); err != nil {
		r.report.Violations = []Violation{{Accepted, 0, err.Error()}}
		return r.report
	}
	for _, part := range []func(){r.suffer, r.converge, r.drain} {
		if part(); len(r.report.Violations) > 0 {
			break
		}
	}
	r.report.Virtual = r.lab.Sim.Now().Sub(r.start)
	r.report.Arrived = r.ledger.arrived
	for _, list := range r.ledger.sent {
		r.report.Sent += len(list)
	}
	if r.trace != nil {
		r.report.Trace = r.trace.sum.Sum64()
	}
	return r.report
}

// build makes the lab with its stations and watchers.
func (r *run) build() (err error) {
	if r.lab, err = lab.Build(r.plan.topology(), lab.Options{Strict: true, Seed: r.plan.Seed, Workers: r.options.Workers}); err != nil {
		return err
	}
	r.start = r.lab.Sim.Now()
	r.opened = newOpenings()
	r.ledger = newLedger(r.opened.since, r.lab.Sim.Now, r.violated)
	at := secondStations(r.plan)
	r.ledger.two = len(at) > 0
	for _, p := range r.plan.Routers {
		if p.Like == 0 {
			at[p.Number] = door{p.name(), lanPort}
		}
	}
	for _, number := range slices.Sorted(maps.Keys(at)) {
		by := at[number]
		node := r.lab.Router(by.node)
		h := &host{number: number, ledger: r.ledger, router: func() [6]byte { return node.MAC(by.port) }}
		r.hosts[number] = h
		if err := attach(r.lab.Sim, h, by); err != nil {
			return err
		}
	}
	r.watch()
	expiring(r)
	r.schedule()
	r.traffic()
	return r.onlookers()
}

// watch has all watchers listen.
func (r *run) watch() {
	r.wire = fault.NewWire(r.lab)
	r.reuse = fault.NewReuse(r.wire)
	r.wire.Look(func(p *fault.Packet) { watchClear(r, p) })
	r.couples = newCouples(r.plan.behind, r.violated)
	r.lab.Stream.Listen(r.couples.take)
	r.spans = newSpans(r.violated)
	r.lab.Stream.Listen(r.spans.take)
	r.judge = newJudge(r.plan, r.violated)
	if r.plan.Trust != nil {
		r.lab.Stream.Listen(r.judge.take)
	}
	r.grants = newGrants(r.plan, r.violated)
	if flexible(r.plan) {
		r.lab.Stream.Listen(r.grants.take)
	}
	if r.options.Trace {
		r.trace = traced(r.lab, r.wire)
	}
}

// onlookers are those who must not matter.
func (r *run) onlookers() error {
	if r.options.Debug {
		for i, node := range r.lab.Routers {
			at := r.start.Add(r.plan.Routers[i].Delay + time.Second)
			r.lab.Sim.At(at, func(time.Time) {
				r.enter(node, []string{"debug crypto ikev2", "debug crypto ikev2 internal", "debug crypto ipsec"})
			})
		}
	}
	if r.options.Opened == nil {
		return nil
	}
	return r.options.Opened(r.lab)
}

// traffic has the stations send.
func (r *run) traffic() {
	for i := range r.plan.Flows {
		f := &r.plan.Flows[i]
		if f.Begin > r.plan.Length {
			continue
		}
		r.lab.Sim.At(r.start.Add(f.Begin), func(now time.Time) { r.send(now, f) })
	}
}

// send sends a burst, and the next one later.
func (r *run) send(now time.Time, f *Flow) {
	for range f.Burst {
		if f.Six {
			r.hosts[f.From].packet6(f.To, f.Bytes)
		} else {
			from, to := f.stations()
			r.hosts[from].packet(to, f.Bytes)
		}
	}
	if next := now.Add(f.Period); !next.After(r.start.Add(min(f.End, r.plan.Length))) {
		r.lab.Sim.At(next, func(now time.Time) { r.send(now, f) })
	}
}

// suffer is the time in which faults strike.
func (r *run) suffer() { r.until(r.start.Add(r.plan.Length)) }

// until lets time pass while nothing is violated.
func (r *run) until(limit time.Time) {
	step := r.options.Step
	if step == 0 {
		step = time.Minute
	}
	for now := r.lab.Sim.Now(); now.Before(limit) && len(r.report.Violations) == 0; now = r.lab.Sim.Now() {
		next := now.Add(step)
		if next.After(limit) {
			next = limit
		}
		r.pass(next)
		r.look()
	}
}

// eventsMost is what may happen in a minute of virtual time: a hundred times what
// does. More is a storm, in which a run would never end.
const eventsMost = 3_000_000

// pass lets time pass, unless a storm breaks out.
func (r *run) pass(until time.Time) {
	sim := r.lab.Sim
	most := sim.Events() + eventsMost
	if sim.RunUntil(func() bool { return sim.Events() > most }, until) {
		r.violated(Calm, fmt.Sprintf("%d events since %v", eventsMost, sim.Now().Sub(r.start)))
	}
}

// look is at what no record tells.
func (r *run) look() {
	r.couples.look(r.lab.Sim.Now())
	r.spans.look(r.lab.Sim.Now())
	r.grants.look(r.lab)
	held(r.lab.Routers, heldMost, r.violated)
	if r.reuse.Found != "" {
		r.violated(Reused, r.reuse.Found)
	}
}
