package router

import (
	"time"

	"ikelab/ikev2"
)

// ike is the engine, told what its events are wanted for.
func (r *Router) ike() *ikev2.Engine {
	r.traceWanted()
	return r.engine
}

// traceWanted has the engine emit what only a debug renders while one is on.
func (r *Router) traceWanted() {
	if r.engine != nil {
		r.engine.Trace = r.options.Trace || r.debugging()
	}
}

// apply does what the engine wants done, in the order that it asks for.
func (r *Router) apply(now time.Time, fx ikev2.Effects) {
	for _, ev := range fx.Events {
		r.trace(now, ev)
		switch ev := ev.(type) {
		case ikev2.FlowUp:
			r.flowUp(ev.Flow)
		case ikev2.FlowDown:
			r.flowDown(now, ev)
		}
	}
	for _, c := range fx.Add {
		r.addChild(now, c)
	}
	for _, d := range fx.Delete {
		r.deleteChild(now, d)
	}
	for _, d := range fx.Send {
		r.originate(now, datagram(d.Local, d.Remote, defaultTTL, d.Data))
	}
	for _, j := range fx.Jobs {
		r.start(j)
	}
}

// jobs are the public-key operations that run, by their number.
type jobs struct {
	last    uint64
	running map[uint64]*ikev2.Job // those that were asked for before a reload are forgotten
}

// start has a public-key operation done.
func (r *Router) start(j *ikev2.Job) {
	if r.jobs.running == nil {
		r.jobs.running = map[uint64]*ikev2.Job{}
	}
	r.jobs.last++
	r.jobs.running[r.jobs.last] = j
	r.job(j.Cost, r.jobs.last)
}

// Work is what a job computes; nil when the router was reloaded meanwhile.
func (r *Router) Work(id uint64) func() {
	if j := r.jobs.running[id]; j != nil {
		return j.Compute
	}
	return nil
}

// Deliver hands a job's result to the engine.
func (r *Router) Deliver(now time.Time, id uint64) {
	j := r.jobs.running[id]
	if j == nil {
		return
	}
	delete(r.jobs.running, id)
	r.apply(now, r.ike().Deliver(now, j))
}

// flow is a flow as the engine was told.
func (r *Router) flow(name string) *ikev2.Flow {
	for i := range r.policy.Flows {
		if r.policy.Flows[i].Name == name {
			return &r.policy.Flows[i]
		}
	}
	return nil
}
