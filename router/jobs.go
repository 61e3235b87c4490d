package router

import (
	"time"

	"ikelab/ikev2/keys"
	"ikelab/router/record"
)

// jobs are the public-key operations that run, by the router's number of them:
// the engine's begins anew with a reload.
type jobs struct {
	ask     func(cost time.Duration, id uint64)
	last    uint64
	running map[uint64]*job
}

// job is one of them.
type job struct {
	id     uint64    // the engine's
	cause  record.ID // the record that it follows from
	data   keys.Job
	result keys.Result
}

// start has a job done.
func (j *jobs) start(cost time.Duration, next *job) {
	if j.running == nil {
		j.running = map[uint64]*job{}
	}
	j.last++
	j.running[j.last] = next
	j.ask(cost, j.last)
}

// work is what a job computes; nil when it was forgotten.
func (j *jobs) work(id uint64) func() {
	if next := j.running[id]; next != nil {
		return func() { next.result = next.data.Run() }
	}
	return nil
}

// take ends a job; nil when it was forgotten.
func (j *jobs) take(id uint64) *job {
	next := j.running[id]
	delete(j.running, id)
	return next
}

// forget has nobody wait for what runs.
func (j *jobs) forget() { j.running = nil }
