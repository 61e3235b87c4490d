package ikev2

import (
	"time"

	"ikelab/ikev2/keys"
	"ikelab/ipsec/few"
)

// Jobs are public-key operations, and waits for another process of the router,
// with their modelled durations (cost.go). They are data: what to compute, on
// what. An exchange pauses in EV_NO_EVENT until its job is delivered.

// Deliver hands back the result of a job whose cost has passed.
func (e *Engine) Deliver(now time.Time, id uint64, r keys.Result) Effects {
	e.begin(now)
	if x := e.waiting.Get(id); x != nil {
		e.waiting.Delete(id)
		if p := x.pending; p.job == id {
			x.pending = pending{}
			p.take(x, r)
			e.run(x, p.then)
		}
	}
	return e.end()
}

// job pauses an exchange until in is raised at the job's delivery.
func (e *Engine) job(x *exchange, cost time.Duration, in Input, j keys.Job, take func(*exchange, keys.Result)) {
	e.last++
	x.pending = pending{job: e.last, work: j, then: in, take: take}
	e.waiting.Put(x.job, x)
	e.emit(StartJob{ID: x.job, Cost: cost})
}

// jobs are those under way.
type jobs struct {
	waiting few.Map[uint64, *exchange]
	last    uint64
}

// Job is the work of a StartJob; the zero Job when it is wanted no more.
func (j *jobs) Job(id uint64) keys.Job {
	if x := j.waiting.Get(id); x != nil && x.job == id {
		return x.work
	}
	return keys.Job{}
}
