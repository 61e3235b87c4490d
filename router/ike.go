package router

import (
	"errors"
	"time"

	"ikelab/ikev2"
	"ikelab/ikev2/keys"
	"ikelab/router/ip"
	"ikelab/router/record"
)

const (
	portIKE  = 500
	portNATT = 4500 // RFC 3948
)

var errNATT = errors.New("router: udp port 4500 is not served, there is no nat traversal")

// apply does what the engine wants done, in the order that it asks for.
func (r *Router) apply(now time.Time, fx ikev2.Effects) {
	for _, ev := range fx {
		r.records.Emit(ev)
		switch ev := ev.(type) {
		case ikev2.Send:
			r.ip.UDP.Send(now, ip.Datagram{Local: ev.Local, Remote: ev.Remote, Data: ev.Data}, ip.DefaultTTL)
		case ikev2.StartJob:
			r.start(ev)
		case ikev2.AddChild:
			r.install(now, ev.ChildSA)
		case ikev2.DeleteChild:
			r.crypto.Delete(now, ev.In)
		case ikev2.EntryDown:
			r.entryDown(now, ev)
		}
	}
}

// jobs are the public-key operations that run, by the router's number of them:
// the engine's begins anew with a reload.
type jobs struct {
	last    uint64
	running map[uint64]*job // those that were asked for before a reload are forgotten
}

// job is one of them.
type job struct {
	id     uint64    // the engine's
	cause  record.ID // the record that it follows from
	work   keys.Job
	result keys.Result
}

// start has a public-key operation done.
func (r *Router) start(j ikev2.StartJob) {
	if r.jobs.running == nil {
		r.jobs.running = map[uint64]*job{}
	}
	r.jobs.last++
	r.jobs.running[r.jobs.last] = &job{id: j.ID, cause: r.records.Last(), work: r.engine.Job(j.ID)}
	r.job(j.Cost, r.jobs.last)
}

// Work is what a job computes; nil when the router was reloaded meanwhile.
func (r *Router) Work(id uint64) func() {
	if j := r.jobs.running[id]; j != nil {
		return func() { j.result = j.work.Run() }
	}
	return nil
}

// Deliver hands a job's result to the engine.
func (r *Router) Deliver(now time.Time, id uint64) {
	if j := r.jobs.running[id]; j != nil {
		delete(r.jobs.running, id)
		r.records.Begin(now, j.cause, 0)
		r.apply(now, r.engine.Deliver(now, j.id, j.result))
	}
}

// receiveIKE hands a datagram for UDP port 500 to the engine.
func (r *Router) receiveIKE(now time.Time, d ip.Datagram) {
	r.apply(now, r.engine.Receive(now, ikev2.Datagram{Local: d.Local, Remote: d.Remote, Data: d.Data}))
}

// refuseNATT counts a datagram for UDP port 4500.
func (r *Router) refuseNATT(_ time.Time, d ip.Datagram) {
	r.natt++
	r.records.Emit(ikev2.Refused{From: d.Remote, Reason: errNATT})
}
