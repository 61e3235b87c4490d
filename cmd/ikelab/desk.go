package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"ikelab/router"
	"ikelab/topologies/lab"
	"ikelab/topologies/script"
)

// terminal is what a person sits at, or a pipe.
type terminal interface {
	// read waits for a line at a prompt. errEscape: Ctrl-], errBreak: Ctrl-C,
	// errEnd: Ctrl-Z, with what stood before it, io.EOF: the user is gone. keys
	// may be nil.
	read(prompt string, keys keys) (string, error)
	// readKey waits for one key.
	readKey(prompt string) (rune, error)
	write(text string)  // output of a command
	notice(line string) // a line that comes by itself
	// awaitBreak waits for Ctrl-C or Ctrl-Shift-6; false: over came first.
	awaitBreak(over <-chan struct{}) bool
	close() error
}

// keys are the keys that mean something before a line is complete.
type keys interface {
	help(line string) string
	complete(line string) []string
}

var (
	errEscape = errors.New("escape to the lab prompt")
	errBreak  = errors.New("break")
	errEnd    = errors.New("end of configuration")
)

// desk connects a terminal to the consoles of a lab. Everything that touches
// the lab is handed to the goroutine that drives it.
type desk struct {
	lab      *runningLab
	terminal terminal
	consoles map[string]*deskConsole
	at       *deskConsole
}

// deskConsole is one router's console. Only the one that the user is at shows
// anything.
type deskConsole struct {
	*lab.Router
	session *router.Session
	desk    *desk
}

func newDesk(l *runningLab, t terminal) *desk {
	d := &desk{lab: l, terminal: t, consoles: map[string]*deskConsole{}}
	for _, r := range l.Routers {
		c := &deskConsole{Router: r, desk: d}
		c.open(true)
		d.consoles[r.Name()] = c
	}
	if len(l.Routers) > 0 {
		d.at = d.consoles[l.Routers[0].Name()]
	}
	return d
}

// open begins a session at the console: what the router shows is seen while
// the user is here.
func (c *deskConsole) open(privileged bool) {
	show := func(to func(string)) func(string) {
		return func(text string) {
			if c.desk.at == c {
				to(text)
			}
		}
	}
	c.session = c.NewSession(router.SessionOptions{
		Console: true, Privileged: privileged,
		Out: show(c.desk.terminal.write), Log: show(c.desk.terminal.notice),
	})
}

// in has f called by the driver and waits for it.
func (d *desk) in(f func()) {
	done := make(chan struct{})
	d.lab.pacer.do(func() { f(); close(done) })
	<-done
}

// talk serves the user until he leaves.
func (d *desk) talk() {
	if d.at == nil {
		d.labPrompt()
		return
	}
	for {
		line, err := d.at.line()
		switch {
		case errors.Is(err, errEscape):
			if d.labPrompt() {
				return
			}
		case errors.Is(err, errBreak), errors.Is(err, errEnd):
			if line != "" { // IOS carries out what stands before Ctrl-Z
				d.at.enter(line)
			}
			d.in(func() { d.at.Interrupt(d.at.session) })
		case err != nil:
			return
		default:
			d.at.enter(line)
		}
	}
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// line reads what the user types next: a command, the answer to a question,
// or a key at --More--.
func (c *deskConsole) line() (string, error) {
	var prompt, pending string
	c.desk.in(func() { prompt, pending = c.session.Prompt(), c.session.Pending() })
	if pending != " --More-- " {
		if pending != "" {
			prompt = pending
		}
		return c.desk.terminal.read(prompt, c)
	}
	key, err := c.desk.terminal.readKey(pending)
	switch key {
	case '\r', '\n':
		return "", err
	case ' ':
		return " ", err
	}
	return "q", err
}

// enter carries out a line and waits while the command runs.
func (c *deskConsole) enter(line string) {
	d := c.desk
	started, busy := false, false
	d.in(func() {
		if started = c.Device.Started(); started {
			c.Enter(c.session, line)
			busy = c.after()
		}
	})
	if !started {
		d.terminal.write(fmt.Sprintf("%s has not started yet.\n", c.Name()))
		return
	}
	if !busy {
		return
	}
	over := make(chan struct{})
	go func() {
		defer close(over)
		for ; busy; d.in(func() { busy = c.after() }) {
			time.Sleep(busyLook)
		}
	}()
	for d.terminal.awaitBreak(over) {
		d.in(func() { c.Interrupt(c.session) })
	}
}

// busyLook is how often a command that takes time is asked whether it is over.
const busyLook = 20 * time.Millisecond

// after is called when a command may be over: it tells whether it still runs,
// and makes the console ready for the next user when this one has left.
func (c *deskConsole) after() (busy bool) {
	if c.session.Closed() {
		c.desk.terminal.write(script.ConsoleFree(c.Hostname()))
		c.open(false)
	}
	return c.session.Busy()
}

func (c *deskConsole) help(line string) (text string) {
	c.desk.in(func() { text = c.session.Help(line) })
	return text
}

func (c *deskConsole) complete(line string) (words []string) {
	c.desk.in(func() { words = c.session.Complete(line) })
	return words
}

// labPrompt serves the lab prompt; it reports whether the user quits.
func (d *desk) labPrompt() (quit bool) {
	for {
		line, err := d.terminal.read("ikelab> ", nil)
		if errors.Is(err, io.EOF) {
			return true
		}
		words := strings.Fields(line)
		if err != nil || len(words) == 0 {
			if d.at != nil && errors.Is(err, errEscape) {
				return false
			}
			continue
		}
		c := findLabCommand(words[0])
		if c == nil {
			d.terminal.write(fmt.Sprintf("unknown command %q; help lists what there is\n", words[0]))
			continue
		}
		to, err := c.run(d, words[1:])
		if err != nil {
			d.terminal.write(err.Error() + "\n")
		}
		if to != stay {
			return to == leave
		}
	}
}
