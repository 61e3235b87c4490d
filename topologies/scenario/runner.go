package scenario

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"ikelab/topologies/condition"
	"ikelab/topologies/lab"
	"ikelab/topologies/script"
	"ikelab/topologies/why"
)

// Settings are how steps are carried out.
type Settings struct {
	Driver     script.Driver                         // nil: as fast as possible
	Console    func(node string) (io.Writer, error)  // nil: nobody reads what consoles show
	Limit      time.Duration                         // of a single command; 0: script's
	Folder     func(name string) (lab.Folder, error) // for captures; nil: there are none
	Paged      bool                                  // somebody turns the pages of consoles
	Captured   bool                                  // everything is captured anyhow: a capture step does nothing
	Lenient    bool                                  // a refused line, or a question left open, is no failure
	Stop       func() bool                           // asked now and then; nil: nobody wants to
	Themselves bool                                  // of echoes to a host's address no other device may answer one
	Update     bool                                  // a screen that is another one is no failure, and noted
}

// Runner carries out steps in a lab.
type Runner struct {
	settings  Settings
	lab       *lab.Lab
	driver    script.Driver
	consoles  *script.Consoles
	world     *condition.World
	witness   *why.Witness // nil: nobody asks
	vigils    []*vigil
	faults    []*breakage // that have begun
	flows     []*traffic  // that have begun
	ear       ear
	capture   *lab.Capture
	violated  *Failure
	last      condition.Output // of the last line that was run
	updates   []Update
	done      []Done // from outside
	replaying bool
	asked     uint64 // how often somebody could have been whether to stop
}

// NewRunner makes a runner of a lab that has not started.
func NewRunner(l *lab.Lab, s Settings) (*Runner, error) {
	r := &Runner{settings: s, lab: l, driver: s.Driver, world: condition.NewWorld(l)}
	if r.driver == nil {
		r.driver = l.Sim
	}
	var err error
	if r.consoles, err = script.Open(l, r, s.Console, s.Paged); err != nil {
		return nil, err
	}
	r.consoles.Heard, r.consoles.Shown = r.hear, r.world.Shown
	if s.Limit > 0 {
		r.consoles.Limit = s.Limit
	}
	return r, nil
}

// Prepare has steps find what they name. All that will be carried out are
// prepared before the first.
func (r *Runner) Prepare(steps ...*Step) error {
	for _, s := range steps {
		switch a := s.action.(type) {
		case *breakage:
			a.step = s
		case *traffic:
			a.step = s
		}
		if err := s.action.prepare(r); err != nil {
			return s.blame(r, err)
		}
		s.prepared = true
	}
	return nil
}

// Begin is the lab's power-on.
func (r *Runner) Begin() { r.consoles.Begin() }

// Do carries out a step: the one door for what is done to a lab from outside.
// One that was not prepared before power-on is now. An error of type *Failure is
// one of the lab; any other stops the run.
func (r *Runner) Do(s *Step) ([]script.Result, error) {
	if !s.prepared {
		if err := r.Prepare(s); err != nil {
			return nil, err
		}
	}
	r.note(s)
	began := r.lab.Sim.Now()
	if s.Name != "" {
		r.world.Mark(s.Name)
	}
	results, err := s.action.do(r)
	if len(results) == 0 {
		results = []script.Result{{Time: began, Command: s.Text}}
	}
	if r.look(); r.violated != nil {
		f := *r.violated
		f.Message += " during " + s.Text
		return results, &f
	}
	if err != nil {
		return results, s.blame(r, err)
	}
	return results, nil
}

// End is the end of the run: nothing more will be done.
func (r *Runner) End() error {
	err := r.unfired()
	if r.capture != nil {
		err = errors.Join(err, r.capture.Stop())
	}
	return errors.Join(err, r.consoles.Err())
}

// Consoles are those that steps type at.
func (r *Runner) Consoles() *script.Consoles { return r.consoles }

// Unanswered lists the questions that are still pending.
func (r *Runner) Unanswered() []string { return r.consoles.Unanswered() }

// blame gives a failure its step and instant.
func (s *Step) blame(r *Runner, err error) error {
	var f *Failure
	if !errors.As(err, &f) {
		if s.File == "" {
			return err
		}
		return fmt.Errorf("%v: %w", s.Place, err)
	}
	if f.Step == "" {
		f.Place, f.Step, f.At = s.Place, s.Text, r.lab.Sim.Now()
	}
	return f
}

// RunUntil lets time pass; a violated never ends it early. It makes a Runner a
// script.Driver.
func (r *Runner) RunUntil(cond func() bool, limit time.Time) (holds bool) {
	r.driver.RunUntil(func() bool {
		holds = cond()
		r.look()
		return holds || r.violated != nil || r.stopped()
	}, limit)
	return holds
}

// often is between how many events somebody is asked whether to stop.
const often = 256

func (r *Runner) stopped() bool {
	r.asked++
	return r.settings.Stop != nil && r.asked%often == 0 && r.settings.Stop()
}

// look looks at what must never hold.
func (r *Runner) look() {
	for _, v := range r.vigils {
		if r.violated != nil {
			return
		}
		if f := v.watch.Look(); f.Holds {
			r.violated = &Failure{Place: v.step, Step: v.text, At: r.lab.Sim.Now(), Message: "it holds", Findings: []condition.Finding{f}}
			r.violated.Findings[0].Want = "never " + f.Want
		}
	}
}

// Moment is an instant of virtual time, between two events.
type Moment struct {
	At     time.Duration // since power-on
	Events uint64        // that have happened; 0: all up to then
}

// Done is a step that was done, which was written on one line, or what was typed
// at a console.
type Done struct {
	Moment
	step  *Step // nil: typed
	typed script.Input
}

// quiet are the kinds of steps that change nothing in a lab, and those whose
// lines are logged as they are typed.
var quiet = []string{"help", "run", "configure", "type", "break", "wait", "expect", "never", "end", "result", "why", "capture", "include"}

// moment is now.
func (r *Runner) moment() Moment {
	return Moment{At: r.lab.Sim.Now().Sub(r.lab.Topology.Clock), Events: r.lab.Sim.Events()}
}

// note logs a step that is about to be done.
func (r *Runner) note(s *Step) {
	if !slices.Contains(quiet, s.Kind) {
		r.done = append(r.done, Done{Moment: r.moment(), step: s})
	}
}

// hear logs what is about to be typed.
func (r *Runner) hear(in script.Input) {
	r.done = append(r.done, Done{Moment: r.moment(), typed: in})
}
