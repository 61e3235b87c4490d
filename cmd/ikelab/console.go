package main

import (
	"errors"
	"fmt"

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
	draft  string // a command that was being typed when the user left
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

// session is what stands at the console now.
func (c *deskConsole) session() *shell.Session { return c.desk.runner.Consoles().Session(c.Router) }

// talk serves the user at the console until he goes to the lab prompt
// (terminal.ErrEscape) or away.
func (c *deskConsole) talk() error {
	c.desk.in(func() { c.desk.terminal.Write(c.missed.take()) })
	for {
		if err := c.await(); err != nil {
			return err
		}
		line, err := c.line()
		switch {
		case errors.Is(err, terminal.ErrBreak), errors.Is(err, terminal.ErrEnd):
			if line != "" && errors.Is(err, terminal.ErrEnd) { // IOS carries out what stands before Ctrl-Z
				c.enter(line)
			}
			c.interrupt()
		case err != nil:
			return err
		default:
			c.enter(line)
		}
	}
}

// line reads what the user types next: a command, the answer to a question,
// or a key at --More--.
func (c *deskConsole) line() (string, error) {
	var awaits shell.Input
	var p terminal.Prompt
	var pending string
	c.desk.in(func() {
		s := c.session()
		awaits, pending = s.Awaits(), s.Pending()
		p = terminal.Prompt{Text: s.Prompt(), Redrawn: s.Synchronous(), Endless: s.Width() == 0}
	})
	switch awaits {
	case shell.Command:
		p.Keys, p.Draft = c, c.draft
		return c.command(p)
	case shell.Text:
	case shell.Key:
		return c.page(pending)
	case shell.Password:
		return c.desk.terminal.ReadPassword(pending)
	default:
		p.Text = pending
	}
	return c.desk.terminal.Read(p)
}

// command reads a command. One that is half typed when the user goes to the lab
// prompt is there when he comes back.
func (c *deskConsole) command(p terminal.Prompt) (line string, err error) {
	line, err = c.desk.terminal.Read(p)
	c.draft = ""
	if errors.Is(err, terminal.ErrEscape) {
		c.draft = line
	}
	return line, err
}

// page reads a key at --More--.
func (c *deskConsole) page(prompt string) (string, error) {
	key, err := c.desk.terminal.ReadKey(prompt)
	switch key {
	case '\r', '\n':
		return "", err
	case ' ', '/', '+', '-', '?':
		return string(key), err
	}
	return "q", err
}

// enter types a line.
func (c *deskConsole) enter(line string) {
	c.desk.in(func() {
		if !c.Device.Started() {
			c.desk.terminal.Write(fmt.Sprintf("%s has not started yet.\n", c.Name()))
			return
		}
		_, _ = c.desk.runner.Do(scenario.Type(c.Name(), line)) // the console shows what comes of it
	})
}

// await waits while a command runs. The user may break it off, or leave it to
// itself and go to the lab prompt (terminal.ErrEscape).
func (c *deskConsole) await() error {
	d := c.desk
	over := make(chan struct{})
	d.in(func() { d.running, d.over = c, over })
	for {
		switch err := d.terminal.AwaitBreak(over); {
		case errors.Is(err, terminal.ErrBreak):
			c.interrupt()
		case err != nil:
			d.in(func() { d.running = nil })
			return err
		default:
			return nil
		}
	}
}

func (c *deskConsole) interrupt() {
	_ = c.desk.do(scenario.Break(c.Name()))
}

// over says whether no command runs any more. It makes the console ready for
// the next user when this one has left.
func (c *deskConsole) over() bool {
	if c.desk.runner.Consoles().Tidy(c.Router) {
		c.desk.terminal.Write(howToLeave)
	}
	return !c.session().Busy()
}

// Help is what `?` shows behind a line.
func (c *deskConsole) Help(line string) (text string) {
	c.desk.in(func() { text = c.session().Help(line) })
	return text
}

// History is where the arrows up and down lead.
func (c *deskConsole) History() (lines []string) {
	c.desk.in(func() { lines = c.session().History() })
	return lines
}

// Complete is what Tab completes.
func (c *deskConsole) Complete(line string) (words []string) {
	c.desk.in(func() { words = c.session().Complete(line) })
	return words
}
