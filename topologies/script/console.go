package script

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"ikelab/router/shell"
	keys "ikelab/router/shell/line"
	"ikelab/topologies/lab"
)

// ErrStopped is when the driver gave up before a command was over.
var ErrStopped = errors.New("stopped")

// console is one router's console as a script sees it: what a command prints
// is kept, and everything goes to the log.
type console struct {
	*lab.Router
	all     *Consoles
	session *shell.Session
	paged   bool
	output  strings.Builder // of the command that runs
	log     io.Writer
	midLine bool // the log's last line has not ended
	err     error
}

// open begins a session: the first in privileged EXEC, as a console without an
// enable secret lets a script get there anyway.
func (c *console) open(privileged bool) {
	c.session = c.Shell().Open(shell.Options{Console: true, Privileged: privileged, Out: c.out, Log: c.async})
	if !c.paged {
		c.session.Resize(c.session.Width(), 0)
	}
}

// tidy makes the console ready for the next user when the last one has left.
func (c *console) tidy() bool {
	if !c.session.Closed() {
		return false
	}
	c.out(consoleFree(c.Hostname()))
	c.open(false)
	return true
}

func (c *console) out(text string) {
	c.shown(text)
	c.output.WriteString(text)
	c.write(text)
}

func (c *console) shown(text string) {
	if c.all.Shown != nil {
		c.all.Shown(c.Router, text)
	}
}

// async logs a line that came by itself; one that comes into the middle of
// what a command prints begins a line of its own.
func (c *console) async(line string) {
	c.shown(line + "\n")
	if n, ok := c.log.(Noticer); ok {
		n.Notice(line)
		return
	}
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
		c.err = fmt.Errorf("console of %s: %w", c.Name(), err)
	}
}

// do types a line: a command, or the answer to the question that is pending.
func (c *console) do(s *Consoles, line string) (Result, error) {
	if !c.Device.Started() && c.Device.StartsAt().Before(s.lab.Sim.Now()) {
		return Result{}, fmt.Errorf("%s is off", c.Name())
	}
	if !c.Device.Started() && !s.driver.RunUntil(c.Device.Started, c.Device.StartsAt()) {
		return Result{}, ErrStopped
	}
	now := s.lab.Sim.Now()
	res := Result{Node: c.Name(), Time: now, Command: line, Prompt: c.session.Prompt(), Question: c.session.Pending()}
	if res.Question != "" {
		res.Prompt = res.Question
	}
	awaits := c.session.Awaits()
	if awaits == shell.Command && strings.ContainsFunc(line, unicode.IsControl) {
		line = keys.Typed(line, c.session)
		res.Command = line
	}
	if awaits == shell.Password {
		res.Command = ""
	}
	c.write(res.Prompt + res.Command + "\n")
	c.output.Reset()
	typed, help := strings.CutSuffix(line, "?")
	var err error
	if help && awaits == shell.Command {
		c.out(c.session.Help(typed) + "\n")
	} else {
		res.Cut, err = c.enter(s, line)
		res.Refused = c.session.Refused()
	}
	c.tidy()
	res.Output = c.output.String()
	return res, errors.Join(err, c.err)
}

// enter carries a line out to its end, page after page. cut says that it took
// longer than the limit and was interrupted.
func (c *console) enter(s *Consoles, line string) (cut bool, err error) {
	limit := s.lab.Sim.Now().Add(s.Limit)
	c.press(s, line)
	for c.session.Busy() || c.session.Awaits() == shell.Key {
		if !c.session.Busy() {
			c.press(s, " ")
			continue
		}
		if !s.driver.RunUntil(c.idle, limit) {
			c.interrupt(s)
			if s.lab.Sim.Now().Before(limit) {
				return false, ErrStopped
			}
			return true, nil
		}
	}
	return false, nil
}

func (c *console) idle() bool { return !c.session.Busy() }

// consoleFree is what a console shows when its user has left: the next who
// comes begins in user EXEC.
func consoleFree(hostname string) string {
	return "\n" + hostname + " con0 is now available\n\nPress RETURN to get started.\n\n"
}

// DefaultLimit is how long a single command may take.
const DefaultLimit = 24 * time.Hour
