package netsim

import "time"

// job is a computation with a modelled duration, which its device knows by id.
type job struct {
	device *Device
	id     uint64
	wait   func() // for a worker that was given it; nil: computed when due
}

// job is what Attach hands to the node.
func (d *Device) job(cost time.Duration, id uint64) {
	s := d.sim
	j := job{device: d, id: id}
	if s.workers != nil {
		if work := d.node.Work(id); work != nil {
			j.wait = s.workers.Go(work)
		}
	}
	s.schedule(s.after(cost), kindJob, s.jobs.put(j))
}

// finish delivers a job's result at its instant.
func (s *Sim) finish(index uint32) {
	j := s.jobs.take(index)
	if j.wait != nil {
		j.wait()
	} else if work := j.device.node.Work(j.id); work != nil {
		work()
	}
	if !j.device.started {
		return // it was for a device that has lost its power
	}
	s.enter(j.device)
	j.device.node.Deliver(s.now, j.id)
	s.leave(j.device)
}
