package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"ikelab/router"
	"ikelab/topologies"
)

// terminal is what a person sits at, or a pipe.
type terminal interface {
	// read waits for a line at a prompt. errEscape: Ctrl-], errBreak: Ctrl-C,
	// errEnd: Ctrl-Z, io.EOF: the user is gone. keys may be nil.
	read(prompt string, keys keys) (string, error)
	// readKey waits for one key.
	readKey(prompt string) (rune, error)
	write(text string)       // output of a command
	notice(line string)      // a line that comes by itself
	breaks() <-chan struct{} // Ctrl-C while a command runs
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
	*topologies.Router
	session *router.Session
	desk    *desk
}

func newDesk(l *runningLab, t terminal) *desk {
	d := &desk{lab: l, terminal: t, consoles: map[string]*deskConsole{}}
	for _, r := range l.Routers {
		c := &deskConsole{Router: r, desk: d}
		c.session = r.NewSession(router.SessionOptions{
			Console: true, Privileged: true,
			Out: func(text string) {
				if d.at == c {
					t.write(text)
				}
			},
			Log: func(line string) {
				if d.at == c {
					t.notice(line)
				}
			},
		})
		d.consoles[r.Name()] = c
	}
	if len(l.Routers) > 0 {
		d.at = d.consoles[l.Routers[0].Name()]
	}
	return d
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
	started := false
	d.in(func() {
		if started = c.Device.Started(); started {
			c.Enter(c.session, line)
		}
	})
	if !started {
		d.terminal.write(fmt.Sprintf("%s has not started yet.\n", c.Name()))
		return
	}
	for c.busy() {
		select {
		case <-d.terminal.breaks():
			d.in(func() { c.Interrupt(c.session) })
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (c *deskConsole) busy() (busy bool) {
	c.desk.in(func() { busy = c.session.Busy() })
	return busy
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

// startCapture begins a capture at the lab prompt.
func (d *desk) startCapture(into string) (*topologies.Capture, error) {
	c, err := d.lab.StartCapture(folder(into))
	if err != nil {
		return d.lab.capture, err
	}
	return c, nil
}
