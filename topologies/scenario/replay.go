package scenario

import (
	"errors"
	"fmt"

	"ikelab/topologies/script"
)

// Replay begins a lab and does again what a log says, to its end. The lab goes
// on as the first one would have.
func (r *Runner) Replay(l *Log) error {
	r.replaying = true
	defer func() { r.replaying = false }()
	var steps []*Step
	for _, d := range l.Steps {
		s, err := d.did().again()
		if err != nil {
			return err
		}
		steps = append(steps, s)
	}
	if err := r.Prepare(steps...); err != nil {
		return err
	}
	r.Begin()
	for i, s := range steps {
		if err := r.reach(l.Steps[i].Moment); err != nil {
			return err
		}
		var failed *Failure // which it was the first time, too
		if _, err := r.Do(s); err != nil && !errors.As(err, &failed) {
			return fmt.Errorf("%v after power-on: %w", l.Steps[i].At, err)
		}
	}
	return r.reach(l.End)
}

// did is what was done, as a step.
func (d Done) did() *Step {
	in := d.typed
	switch {
	case d.step != nil:
		return d.step
	case in.Break:
		return Break(in.Node.Name())
	}
	return typing(&typed{node: in.Node.Name(), line: in.Line, page: in.Page, password: in.Password})
}

// again is the same step, not yet prepared.
func (s *Step) again() (*Step, error) {
	switch a := s.action.(type) {
	case *typed:
		return typing(&typed{node: a.node, line: a.line, page: a.page, password: a.password}), nil
	case *broken:
		return Break(a.node), nil
	}
	return ParseLine(s.Text)
}

// reach lets time pass up to a moment. Where the events before it are not as
// many as they were, the lab does not go the way of the log.
func (r *Runner) reach(m Moment) error {
	sim, at := r.lab.Sim, r.lab.Topology.Clock.Add(m.At)
	stopped := !r.RunUntil(func() bool { return m.Events > 0 && sim.Events() >= m.Events }, at) && sim.Now().Before(at)
	if !stopped && sim.Now().Before(at) {
		r.RunUntil(func() bool { return false }, at)
		stopped = sim.Now().Before(at)
	}
	switch {
	case stopped:
		return script.ErrStopped
	case m.Events > 0 && sim.Events() != m.Events || sim.Now().After(at):
		return fmt.Errorf("%v after power-on: the lab does not go the way of the log", m.At)
	}
	return nil
}
