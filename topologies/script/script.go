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

// Result is what a line printed.
type Result struct {
	Node     string    `json:"node,omitempty"` // none but for a line typed at a router
	Time     time.Time `json:"time"`           // virtual, when the command began
	Question string    `json:"question,omitempty"`
	Command  string    `json:"command"` // or the answer to the question; "" for a password
	Output   string    `json:"output"`
	Prompt   string    `json:"-"`
	Refused  bool      `json:"refused,omitempty"` // a `%` syntax error
	Cut      bool      `json:"cut,omitempty"`     // interrupted at the limit
}

// Consoles are those of a lab's routers, with somebody who types at them.
type Consoles struct {
	Limit    time.Duration                       // of virtual time that a single command may take
	Heard    func(Input)                         // told of each line before it is entered; nil: nobody listens
	Shown    func(node *lab.Router, text string) // told of what a console shows, what is typed aside; nil: nobody listens
	lab      *lab.Lab
	driver   Driver
	consoles map[*lab.Router]*console
}

// Open opens the consoles. log gives the writer for all that a router's console
// shows; nil: nobody reads it. Of a console with pages somebody turns them.
func Open(l *lab.Lab, d Driver, log func(node string) (io.Writer, error), paged bool) (*Consoles, error) {
	s := &Consoles{Limit: DefaultLimit, lab: l, driver: d, consoles: map[*lab.Router]*console{}}
	for _, node := range l.Routers {
		c := &console{Router: node, all: s, log: io.Discard, paged: paged}
		if log != nil {
			w, err := log(node.Name())
			if err != nil {
				return nil, err
			}
			c.log = w
		}
		c.open(true)
		s.consoles[node] = c
	}
	return s, nil
}

// Begin switches the routers on. Those without a startup delay have their
// configuration then, and no packet has moved yet.
func (s *Consoles) Begin() {
	begun := false
	epoch := s.lab.Topology.Clock
	s.lab.Sim.At(epoch, func(time.Time) { begun = true })
	s.driver.RunUntil(func() bool { return begun }, epoch)
}

// Type types a line: a command, or the answer to the question that is pending.
func (s *Consoles) Type(node *lab.Router, line string) (Result, error) {
	return s.consoles[node].do(s, line)
}

// Question is what a router's console waits to have answered; "": nothing.
func (s *Consoles) Question(node *lab.Router) string { return s.consoles[node].session.Pending() }

// Pass lets virtual time pass.
func (s *Consoles) Pass(d time.Duration) error {
	until := s.lab.Sim.Now().Add(d)
	s.driver.RunUntil(func() bool { return false }, until)
	if s.lab.Sim.Now().Before(until) {
		return ErrStopped
	}
	return nil
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
		if n := l.Topology.Node(name); n != nil {
			return nil, fmt.Errorf("%s is a %s and has no console: `ping %s ADDRESS` has it send echoes", name, n.Kind, name)
		}
		return nil, fmt.Errorf("there is no router %q in %s", name, l.Topology.Name)
	case 1:
		return l.Router(found[0]), nil
	}
	return nil, fmt.Errorf("%q is the host name of %s: say which", name, strings.Join(found, " and "))
}

// Unanswered lists the questions that are still pending, for people.
func (s *Consoles) Unanswered() (list []string) {
	for _, node := range s.lab.Routers {
		if q := s.Question(node); q != "" {
			list = append(list, fmt.Sprintf("%s: nobody answered %q", node.Name(), strings.TrimSpace(q)))
		}
	}
	return list
}

// Err is the first error in writing a console's log.
func (s *Consoles) Err() error {
	for _, node := range s.lab.Routers {
		if err := s.consoles[node].err; err != nil {
			return err
		}
	}
	return nil
}
