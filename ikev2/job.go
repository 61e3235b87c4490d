package ikev2

import (
	"time"

	"ikelab/ipsec"
)

// Jobs are public-key operations, and waits for another process of the router,
// with their modelled durations (cost.go). They are data: what to compute, on
// what. An exchange pauses in EV_NO_EVENT until its job is delivered.

// Job is what to compute.
type Job struct {
	private *ipsec.PrivateKey // nil: nothing, a wait
	peer    []byte            // nil: the public value
}

// Result is what came of it.
type Result struct {
	Octets []byte
	Err    error
}

// Run computes. It reads nothing but the job and may run on any goroutine.
func (j Job) Run() Result {
	switch {
	case j.private == nil:
		return Result{}
	case j.peer == nil:
		return Result{Octets: j.private.Public()}
	}
	secret, err := j.private.Shared(j.peer)
	return Result{Octets: secret, Err: err}
}

// pending is a job under way and whom it concerns.
type pending struct {
	Job
	ex   *exchange
	in   Input // raised at delivery
	take func(x *exchange, r Result)
}

// Job is the work of a StartJob; the zero Job when it is wanted no more.
func (e *Engine) Job(id uint64) Job {
	if p := e.jobs[id]; p != nil {
		return p.Job
	}
	return Job{}
}

// Deliver hands back the result of a job whose cost has passed.
func (e *Engine) Deliver(now time.Time, id uint64, r Result) Effects {
	e.begin(now)
	if p := e.jobs[id]; p != nil {
		delete(e.jobs, id)
		if x := p.ex; x.job == id {
			x.job = 0
			p.take(x, r)
			e.run(x, p.in)
		}
	}
	return e.end()
}

// start pauses an exchange until in is raised at the job's delivery.
func (e *Engine) job(x *exchange, cost time.Duration, in Input, j Job, take func(*exchange, Result)) {
	e.lastJob++
	x.job = e.lastJob
	e.jobs[x.job] = &pending{Job: j, ex: x, in: in, take: take}
	e.emit(StartJob{ID: x.job, Cost: cost})
}

// The results' places in an exchange.
func takeNothing(*exchange, Result)    {}
func takePublic(x *exchange, r Result) { x.public = r.Octets }
func takeSecret(x *exchange, r Result) { x.secret, x.secretErr = r.Octets, r.Err }
