package ikev2

import (
	"time"

	"ikelab/ikev2/keys"
)

// Jobs are public-key operations, and waits for another process of the router,
// with their modelled durations (cost.go). They are data: what to compute, on
// what. An exchange pauses in EV_NO_EVENT until its job is delivered.

// pending is a job under way and whom it concerns.
type pending struct {
	keys.Job
	ex   *exchange
	in   Input // raised at delivery
	take func(e *Engine, x *exchange, r keys.Result)
}

// Deliver hands back the result of a job whose cost has passed.
func (e *Engine) Deliver(now time.Time, id uint64, r keys.Result) Effects {
	e.begin(now)
	if p := e.waiting[id]; p != nil {
		delete(e.waiting, id)
		if x := p.ex; x.job == id {
			x.job = 0
			p.take(e, x, r)
			e.run(x, p.in)
		}
	}
	return e.end()
}

// job pauses an exchange until in is raised at the job's delivery.
func (e *Engine) job(x *exchange, cost time.Duration, in Input, j keys.Job, take func(*Engine, *exchange, keys.Result)) {
	e.last++
	x.job = e.last
	e.waiting[x.job] = &pending{Job: j, ex: x, in: in, take: take}
	e.emit(StartJob{ID: x.job, Cost: cost})
}

// jobs are those under way.
type jobs struct {
	waiting map[uint64]*pending
	last    uint64
}

// Job is the work of a StartJob; the zero Job when it is wanted no more.
func (j *jobs) Job(id uint64) keys.Job {
	if p := j.waiting[id]; p != nil && p.ex.job == id {
		return p.Job
	}
	return keys.Job{}
}
