package main

import (
	"errors"
	"fmt"

	"ikelab/cmd/ikelab/internal/seat"
	"ikelab/cmd/ikelab/internal/terminal"
	"ikelab/router/shell"
	"ikelab/topologies/lab"
	"ikelab/topologies/scenario"
)

const howToLeave = "(Ctrl-] leads to the lab prompt; quit there ends the lab.)\n\n"

// deskConsole is one router's console. What it shows while the user is
// elsewhere is kept for when he comes.
type deskConsole struct {
	*lab.Router
	desk   *desk
	missed backlog
	seat   *seat.Seat
}

// Write takes what commands show at the console.
func (c *deskConsole) Write(text []byte) (int, error) {
	if d := c.desk; d.at == c && !d.atLab && !d.muted {
		d.terminal.Write(string(text))
	} else {
		c.missed.add(string(text))
	}
	return len(text), nil
}

// Notice takes a line that comes by itself.
func (c *deskConsole) Notice(line string) {
	if d := c.desk; d.at == c && !d.muted {
		d.terminal.Notice(line)
	} else {
		c.missed.add(line + "\n")
	}
}

// talk serves the user at the console until he goes to the lab prompt
// (terminal.ErrEscape) or away.
func (c *deskConsole) talk() error {
	c.In(func() { c.desk.terminal.Write(c.missed.take()) })
	return c.seat.Serve()
}

// In makes the console a seat.Line.
func (c *deskConsole) In(f func()) { c.desk.in(f) }

// Session is what stands at the console now.
func (c *deskConsole) Session() *shell.Session { return c.desk.runner.Consoles().Session(c.Router) }

// Enter types a line.
func (c *deskConsole) Enter(line string) {
	c.desk.in(func() {
		if !c.Device.Started() {
			c.desk.terminal.Write(fmt.Sprintf("%s has not started yet.\n", c.Name()))
			return
		}
		_, _ = c.desk.runner.Do(scenario.Type(c.Name(), line)) // the console shows what comes of it
	})
}

// Interrupt types Ctrl-C.
func (c *deskConsole) Interrupt() {
	_ = c.desk.do(scenario.Break(c.Name()))
}

// Await waits while a command runs. The user may break it off, or leave it to
// itself and go to the lab prompt (terminal.ErrEscape).
func (c *deskConsole) Await() error {
	d := c.desk
	over := make(chan struct{})
	d.in(func() { d.running, d.over = c, over })
	for {
		switch err := d.terminal.AwaitBreak(over); {
		case errors.Is(err, terminal.ErrBreak):
			c.Interrupt()
		case err != nil:
			d.in(func() { d.running = nil })
			return err
		default:
			return nil
		}
	}
}

// over says whether no command runs any more. It makes the console ready for
// the next user when this one has left.
func (c *deskConsole) over() bool {
	if c.desk.runner.Consoles().Tidy(c.Router) {
		c.desk.terminal.Write(howToLeave)
	}
	return !c.Session().Busy()
}
