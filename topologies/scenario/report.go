package scenario

import (
	"errors"
	"io"
	"time"

	"ikelab/netsim"
	"ikelab/topologies"
	"ikelab/topologies/lab"
	"ikelab/topologies/script"
)

// Options are how a scenario is run.
type Options struct {
	Settings
	Seed    uint64
	Strict  bool      // no router may have a configuration that is not understood whole
	Random  io.Reader // what a lab with a link to a real network draws from; nil: the seed
	Workers netsim.Executor
	Connect func(l *lab.Lab) (d script.Driver, close func() error, err error) // joins links to a real network; nil: there are none
	Opened  func(l *lab.Lab) error                                            // has files opened before power-on; nil: there are none
}

// Report is how a run went.
type Report struct {
	Virtual time.Duration // that has passed
	Steps   int           // that were carried out
	Updates []Update      // of screens, if they were wanted
	Err     error         // nil: all is as it must be; a *Failure, or what kept it from being run
}

// Failure is the step that went wrong; nil: none did.
func (r Report) Failure() *Failure {
	var f *Failure
	if errors.As(r.Err, &f) {
		return f
	}
	return nil
}

// Run builds the lab and carries the steps out, to the first that fails.
func Run(s *Scenario, t *topologies.Topology, o Options) (report Report) {
	l, err := lab.Build(t, lab.Options{Seed: o.Seed, Strict: o.Strict, Workers: o.Workers, Random: o.Random, Predictable: o.Random == nil})
	if err != nil {
		return Report{Err: err}
	}
	if o.Opened != nil {
		if err := o.Opened(l); err != nil {
			return Report{Err: err}
		}
	}
	if o.Connect != nil {
		driver, close, err := o.Connect(l)
		if err != nil {
			return Report{Err: err}
		}
		o.Driver = driver
		defer func() { report.Err = errors.Join(report.Err, close()) }()
	}
	defer func() { report.Virtual = l.Sim.Now().Sub(t.Clock) }()
	r, err := NewRunner(l, o.Settings)
	if err == nil {
		err = r.Prepare(s.Steps...)
	}
	if err != nil {
		return Report{Err: err}
	}
	r.Begin()
	for _, step := range s.Steps {
		if o.Stop != nil && o.Stop() {
			report.Err = script.ErrStopped
			break
		}
		if _, err := r.Do(step); err != nil {
			report.Err = err
			break
		}
		report.Steps++
	}
	report.Updates = r.updates
	if err := r.End(); report.Err == nil {
		report.Err = err
	}
	return report
}
