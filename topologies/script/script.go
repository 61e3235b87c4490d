package script

import (
	"fmt"
	"io"
	"strings"
	"time"

	"ikelab/topologies/lab"
)

// Driver lets virtual time pass: netsim's Sim as fast as possible, or one that
// follows the wall clock.
type Driver interface {
	// RunUntil runs until cond holds, or until limit; it reports whether cond
	// holds. One that gives up earlier reports false.
	RunUntil(cond func() bool, limit time.Time) bool
}

// Result is what a command printed.
type Result struct {
	Node     string    `json:"node,omitempty"` // none but for a line typed at a router
	Time     time.Time `json:"time"`           // virtual, when the command began
	Question string    `json:"question,omitempty"`
	Command  string    `json:"command"` // or the answer to the question
	Output   string    `json:"output"`
	Prompt   string    `json:"-"`
	Refused  bool      `json:"refused,omitempty"` // a `%` syntax error
	Cut      bool      `json:"cut,omitempty"`     // interrupted at the limit
}

// Runner types commands at the consoles of a lab's routers.
type Runner struct {
	Limit    time.Duration // of virtual time that a single command may take
	lab      *lab.Lab
	driver   Driver
	consoles map[*lab.Router]*console
}

// NewRunner opens the consoles. log gives the writer for all that a router's
// console shows; nil: nobody reads it.
func NewRunner(l *lab.Lab, d Driver, log func(node string) (io.Writer, error)) (*Runner, error) {
	r := &Runner{Limit: DefaultLimit, lab: l, driver: d, consoles: map[*lab.Router]*console{}}
	for _, node := range l.Routers {
		c := &console{Router: node, log: io.Discard}
		if log != nil {
			w, err := log(node.Name())
			if err != nil {
				return nil, err
			}
			c.log = w
		}
		c.open(true)
		r.consoles[node] = c
	}
	return r, nil
}

// Begin switches the routers on. Those without a startup delay have their
// configuration then, and no packet has moved yet.
func (r *Runner) Begin() {
	begun := false
	epoch := r.lab.Topology.Clock
	r.lab.Sim.At(epoch, func(time.Time) { begun = true })
	r.driver.RunUntil(func() bool { return begun }, epoch)
}

// Do carries out one command.
func (r *Runner) Do(c Command) (Result, error) {
	res := Result{Time: r.lab.Sim.Now(), Command: c.String()}
	switch c.Verb {
	case Wait:
		until := res.Time.Add(c.Wait)
		r.driver.RunUntil(func() bool { return false }, until)
		if r.lab.Sim.Now().Before(until) {
			return res, ErrStopped
		}
		return res, nil
	case Link:
		return res, r.lab.PortUp(c.Port, c.Up)
	case Help:
		res.Output = Verbs()
		return res, nil
	}
	node, err := Find(r.lab, c.Node)
	if err != nil {
		return Result{}, err
	}
	return r.consoles[node].do(r, c.Line)
}

// Find is the router that a name stands for: its name in the topology, or its
// host name where only one router has it.
func Find(l *lab.Lab, name string) (*lab.Router, error) {
	if r := l.Router(name); r != nil {
		return r, nil
	}
	var found []string
	for _, r := range l.Routers {
		if strings.EqualFold(r.Hostname(), name) {
			found = append(found, r.Name())
		}
	}
	switch len(found) {
	case 0:
		return nil, fmt.Errorf("there is no router %q in %s", name, l.Topology.Name)
	case 1:
		return l.Router(found[0]), nil
	}
	return nil, fmt.Errorf("%q is the host name of %s: say which", name, strings.Join(found, " and "))
}

// Unanswered lists the questions that are still pending, for people.
func (r *Runner) Unanswered() (list []string) {
	for _, node := range r.lab.Routers {
		if q := r.consoles[node].session.Pending(); q != "" {
			list = append(list, fmt.Sprintf("%s: nobody answered %q", node.Name(), strings.TrimSpace(q)))
		}
	}
	return list
}

// Err is the first error in writing a console's log.
func (r *Runner) Err() error {
	for _, node := range r.lab.Routers {
		if err := r.consoles[node].err; err != nil {
			return err
		}
	}
	return nil
}
