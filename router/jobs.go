package router

import (
	"time"

	"ikelab/ikev2/keys"
	"ikelab/ipsec/few"
	"ikelab/router/record"
)

// jobs are the public-key operations that run, by the router's number of them:
// the engine's begins anew with a reload.
type jobs struct {
	ask     func(cost time.Duration, id uint64)
	last    uint64
	load    load
	running few.Map[uint64, *job]
}

// job is one of them.
type job struct {
	id     uint64    // the engine's
	cause  record.ID // the record that it follows from
	result keys.Result
}

// start has a job done.
func (j *jobs) start(cost time.Duration, next *job) {
	j.last++
	j.running.Put(j.last, next)
	j.ask(cost, j.last)
}

// work is what a job computes, by the engine's number; nil when it was forgotten
// or the engine wants it no more: a flood of requests costs no public-key
// operation for those that have yielded already.
func (j *jobs) work(id uint64, ofEngine func(id uint64) keys.Job) func() {
	next := j.running.Get(id)
	if next == nil {
		return nil
	}
	data := ofEngine(next.id)
	if data.Idle() {
		return nil
	}
	return func() { next.result = data.Run() }
}

// take ends a job; nil when it was forgotten.
func (j *jobs) take(id uint64) *job {
	next := j.running.Get(id)
	j.running.Delete(id)
	return next
}

// forget has nobody wait for what runs.
func (j *jobs) forget() { j.running, j.load = few.Map[uint64, *job]{}, load{} }
