package script

import (
	"fmt"
	"io"
	"strings"
	"time"

	"ikelab/router"
	"ikelab/topologies/lab"
)

// Driver lets virtual time pass: netsim's Sim as fast as possible, or one that
// follows the wall clock.
type Driver interface {
	// RunUntil runs until cond holds, or until limit; it reports whether cond
	// holds.
	RunUntil(cond func() bool, limit time.Time) bool
}

// Command is one argument of `ikelab exec`: a line for a router, or a wait.
type Command struct {
	Node string // "": wait
	Line string
	Wait time.Duration
}

// ParseCommand reads "R1: show version" or "wait 10s".
func ParseCommand(text string) (Command, error) {
	if word, rest, _ := strings.Cut(strings.TrimSpace(text), " "); word == "wait" {
		d, err := time.ParseDuration(strings.TrimSpace(rest))
		if err != nil || d < 0 {
			return Command{}, fmt.Errorf("%q: wait needs a duration such as 10s", text)
		}
		return Command{Wait: d}, nil
	}
	node, line, found := strings.Cut(text, ":")
	if !found || strings.TrimSpace(node) == "" {
		return Command{}, fmt.Errorf("%q is neither `NODE: command` nor `wait DURATION`", text)
	}
	return Command{Node: strings.TrimSpace(node), Line: strings.TrimSpace(line)}, nil
}

// Result is what a command printed.
type Result struct {
	Node    string    `json:"node,omitempty"` // none for a wait
	Time    time.Time `json:"time"`           // virtual, when the command began
	Command string    `json:"command"`
	Output  string    `json:"output"`
	Prompt  string    `json:"-"`
	Refused bool      `json:"refused,omitempty"` // a `%` syntax error
}

// Runner types commands at the consoles of a lab's routers.
type Runner struct {
	lab      *lab.Lab
	driver   Driver
	consoles map[*lab.Router]*console
}

// console is one router's console as a script sees it: what a command prints
// is kept, and everything goes to the log.
type console struct {
	*lab.Router
	session *router.Session
	output  strings.Builder // of the command that runs
	log     io.Writer
	midLine bool // the log's last line has not ended
	err     error
}

// NewRunner opens the consoles. log gives the writer for all that a router's
// console shows; nil: nobody reads it.
func NewRunner(l *lab.Lab, d Driver, log func(node string) (io.Writer, error)) (*Runner, error) {
	r := &Runner{lab: l, driver: d, consoles: map[*lab.Router]*console{}}
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

// open begins a session: the first in privileged EXEC, as a console without an
// enable secret lets a script get there anyway.
func (c *console) open(privileged bool) {
	c.session = c.NewSession(router.SessionOptions{
		Console: true, Privileged: privileged, Script: true, Out: c.out, Log: c.async,
	})
}

func (c *console) out(text string) {
	c.output.WriteString(text)
	c.write(text)
}

// async logs a line that came by itself; one that comes into the middle of
// what a command prints begins a line of its own.
func (c *console) async(line string) {
	if c.midLine {
		line = "\n" + line
	}
	c.write(line + "\n")
}

func (c *console) write(text string) {
	if text == "" {
		return
	}
	c.midLine = text[len(text)-1] != '\n'
	if _, err := io.WriteString(c.log, text); err != nil && c.err == nil {
		c.err = fmt.Errorf("script: console of %s: %w", c.Name(), err)
	}
}

// longest is how long a single command may take: a traceroute with every
// probe unanswered takes minutes.
const longest = time.Hour

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
	if c.Node == "" {
		at := r.lab.Sim.Now()
		r.driver.RunUntil(func() bool { return false }, at.Add(c.Wait))
		return Result{Time: at, Command: "wait " + c.Wait.String()}, nil
	}
	node := r.lab.Router(c.Node)
	if node == nil {
		return Result{}, fmt.Errorf("there is no router %q in %s", c.Node, r.lab.Topology.Name)
	}
	return r.consoles[node].do(r, c.Line)
}

func (c *console) do(r *Runner, line string) (Result, error) {
	if !c.Device.Started() {
		r.driver.RunUntil(c.Device.Started, c.Device.StartsAt())
	}
	now := r.lab.Sim.Now()
	res := Result{Node: c.Name(), Time: now, Command: line, Prompt: c.session.Prompt()}
	c.write(res.Prompt + line + "\n")
	c.output.Reset()
	c.Enter(c.session, line)
	if c.session.Busy() && !r.driver.RunUntil(func() bool { return !c.session.Busy() }, now.Add(longest)) {
		c.Interrupt(c.session)
	}
	res.Refused = c.session.Refused()
	if c.session.Closed() {
		c.out(ConsoleFree(c.Hostname()))
		c.open(false)
	}
	res.Output = c.output.String()
	return res, c.err
}

// ConsoleFree is what a console shows when its user has left: the next who
// comes begins in user EXEC.
func ConsoleFree(hostname string) string {
	return "\n" + hostname + " con0 is now available\n\nPress RETURN to get started.\n\n"
}

// Err is the first error in writing a console's log.
func (r *Runner) Err() error {
	for _, c := range r.consoles {
		if c.err != nil {
			return c.err
		}
	}
	return nil
}
