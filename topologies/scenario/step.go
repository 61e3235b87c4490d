package scenario

import (
	"fmt"
	"strings"
	"time"

	"ikelab/topologies/condition"
	"ikelab/topologies/form"
	"ikelab/topologies/script"
)

// Step is one step of a scenario, or one line of a script.
type Step struct {
	form.Place
	Kind     string
	Name     string // by which other steps refer to it; "": none do
	Text     string // on one line, for people
	action   action
	prepared bool
}

// action is what a kind of step does.
type action interface {
	keys() []form.Key // the first is the kind's own
	// prepare is called before power-on.
	prepare(r *Runner) error
	do(r *Runner) ([]script.Result, error)
}

// Outcome is what has come by now of what a step has begun in the background, and whether
// that is all; of a step that is waited for nothing more will.
func (s *Step) Outcome(now time.Time) (shown string, all bool) {
	if a, ok := s.action.(interface {
		outcome(now time.Time) (shown string, all bool)
	}); ok {
		return a.outcome(now)
	}
	return "", true
}

// Failure is a step that did not go as it must.
type Failure struct {
	form.Place
	Step     string
	At       time.Time
	Message  string
	Findings []condition.Finding
}

// Error is the message with its place.
func (f *Failure) Error() string {
	text := fmt.Sprintf("%s: %s", f.Step, f.Message)
	if f.File != "" {
		text = f.Place.String() + ": " + text
	}
	for _, found := range f.Findings {
		want, _, _ := strings.Cut(found.Want, "\n")
		text += "\n  expected " + want
	}
	return text
}

// failed makes a failure of what was found.
func failed(message string, found ...condition.Finding) *Failure {
	return &Failure{Message: message, Findings: found}
}
