package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"ikelab/cmd/ikelab/internal/seat"
	"ikelab/cmd/ikelab/internal/terminal"
	"ikelab/router/shell"
	"ikelab/topologies/lab"
	"ikelab/topologies/scenario"
	"ikelab/topologies/why"
)

// deskConsole is one router's console, in whatever run of the lab. What it shows
// while nobody is there is kept for who comes.
type deskConsole struct {
	node string
	desk *desk
	seat *seat.Seat

	// The driver's:
	*lab.Router
	missed backlog
	user   *user         // who sits there; nil: nobody
	left   chan struct{} // closed when he has left
	over   chan struct{} // closed when the command that he waits for is over; nil: he waits for none
}

// user is somebody who sits at consoles.
type user struct {
	terminal terminal.Terminal
	where    string // for people
	leaving  string // how he leaves
}

// dismissal is how long one waits for another to leave.
const dismissal = 5 * time.Second

// sit has somebody sit down; with take, whoever sits there has to leave. welcome
// is called by the driver just before anything is shown.
func (c *deskConsole) sit(u *user, take bool, welcome func()) error {
	for {
		var held *user
		var left chan struct{}
		c.In(func() {
			switch held, left = c.user, c.left; {
			case held == nil:
				c.user, c.left = u, make(chan struct{})
				welcome()
				u.terminal.Write(c.missed.take())
			case take:
				held.terminal.Notice(fmt.Sprintf("[The console of %s is taken over, at %s]", c.node, u.where))
				held.terminal.Dismiss(true)
			}
		})
		switch {
		case held == nil:
			return nil
		case !take:
			return fmt.Errorf("the console of %s is in use, at %s; connect %s take, or ikelab attach --take, takes it over", c.node, held.where, c.node)
		}
		select {
		case <-left:
		case <-time.After(dismissal):
			return fmt.Errorf("the console of %s is in use, at %s, who does not leave", c.node, held.where)
		}
	}
}

// leave is when he goes.
func (c *deskConsole) leave() {
	c.In(func() {
		c.user.terminal.Dismiss(false)
		close(c.left)
		c.user, c.over = nil, nil
	})
}

// Write takes what commands show at the console.
func (c *deskConsole) Write(text []byte) (int, error) {
	if c.user != nil && !c.desk.muted {
		c.user.terminal.Write(string(text))
	} else {
		c.missed.add(string(text))
	}
	return len(text), nil
}

// Notice takes a line that comes by itself. Who has gone to the lab prompt for a
// moment sees it there.
func (c *deskConsole) Notice(line string) {
	switch d := c.desk; {
	case d.muted || c.user == nil && d.at != c:
		c.missed.add(line + "\n")
	case c.user == nil:
		d.user.terminal.Notice(line)
	default:
		c.user.terminal.Notice(line)
	}
}

// In makes the console a seat.Line.
func (c *deskConsole) In(f func()) { c.desk.in(f) }

// Session is what stands at the console now.
func (c *deskConsole) Session() *shell.Session { return c.desk.runner.Consoles().Session(c.Router) }

// Enter types a line.
func (c *deskConsole) Enter(line string) {
	if c.aside(line) {
		return
	}
	c.In(func() {
		if !c.Device.Started() {
			c.user.terminal.Write(fmt.Sprintf("%s has not started yet.\n", c.node))
			return
		}
		_, _ = c.desk.runner.Do(scenario.Type(c.node, line, c.Session().Awaits() == shell.Key)) // the console shows what comes of it
	})
}

// Interrupt types Ctrl-C.
func (c *deskConsole) Interrupt() {
	_ = c.desk.do(scenario.Break(c.node))
}

// Await waits while a command runs. The user may break it off, or leave it to
// itself and go (terminal.ErrEscape).
func (c *deskConsole) Await() error {
	over := make(chan struct{})
	var at terminal.Terminal
	c.In(func() {
		at, c.over = c.user.terminal, over
		c.desk.awaited = append(c.desk.awaited, c)
	})
	for {
		switch err := at.AwaitBreak(over); {
		case errors.Is(err, terminal.ErrBreak):
			c.Interrupt()
		case err != nil:
			c.In(func() { c.over = nil })
			return err
		default:
			return nil
		}
	}
}

// look tells who waits for a command that the command is over. It makes the
// console ready for the next user when this one has left.
func (c *deskConsole) look() (waits bool) {
	if c.over == nil {
		return false
	}
	if c.desk.runner.Consoles().Tidy(c.Router) {
		c.user.terminal.Write(c.user.leaving)
	}
	if c.Session().Busy() {
		return true
	}
	close(c.over)
	c.over = nil
	return false
}

// aside takes a line that somebody types at a console and that is not for the router, whatever
// it is abbreviated to.
func (c *deskConsole) aside(line string) bool {
	var whole string
	var columns int
	found := false
	c.In(func() { columns = c.user.terminal.Columns(); whole, found = c.Shell().Aside(c.Session(), line) })
	if !found {
		return false
	}
	typed, words := strings.Fields(line), strings.Fields(whole)
	if last := words[len(words)-1]; last == "solution" && typed[len(typed)-1] != last {
		c.In(func() { c.user.terminal.Write("lab solution gives up all points: type it whole.\n") })
		return true
	}
	text, err := c.answer(words, columns)
	if err != nil {
		text = plain(err) + "\n"
	}
	c.In(func() { c.user.terminal.Write(text) })
	return true
}

// answer carries such a line out.
func (c *deskConsole) answer(words []string, columns int) (text string, err error) {
	switch {
	case words[0] == "why":
		return whyText(c.desk, append([]string{c.node}, words[1:]...), columns)
	case words[1] == "reset":
		_, err = c.desk.instead(c.desk.log().Before(-1))
		return "", err
	}
	return answer(c.desk, words[1], columns)
}

// guide is what a router's shell asks for such a line where it is typed elsewhere, as behind do
// or by who comes over the network. The driver calls it; what is old is not answered.
type guide struct{ *deskConsole }

func (g guide) Task() bool { return g.desk.tutor != nil }

func (g guide) Answer(line string) (text string) {
	words := strings.Fields(line)
	var err error
	switch {
	case g.desk.muted:
	case words[0] == "why":
		text, err = whyOf(g.desk, append([]string{g.node}, words[1:]...), why.PageColumns)
	case words[1] == "reset":
		err = errors.New("lab reset is for the console itself, or the lab prompt")
	default:
		text, err = g.desk.tutor.say(words[1], why.PageColumns)
	}
	if err != nil {
		return plain(err)
	}
	return text
}
