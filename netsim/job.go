package netsim

import "time"

// job is a computation with a modelled duration.
type job struct {
	device *Device
	work   func() // compute itself, or what waits for a worker to have computed
	done   func(now time.Time)
}

// job is what Attach hands to the node.
func (d *Device) job(cost time.Duration, compute func(), done func(now time.Time)) {
	s := d.sim
	work := compute
	if s.workers != nil {
		work = s.workers.Go(compute)
	}
	s.schedule(s.after(cost), kindJob, s.jobs.put(job{d, work, done}))
}

// finish delivers a job's result at its instant.
func (s *Sim) finish(index uint32) {
	j := s.jobs.take(index)
	j.work()
	s.enter(j.device)
	j.done(s.now)
	s.leave(j.device)
}
