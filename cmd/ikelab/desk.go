package main

import (
	"errors"
	"io"
	"slices"
	"strings"

	"ikelab/cmd/ikelab/internal/attach"
	"ikelab/cmd/ikelab/internal/seat"
	"ikelab/cmd/ikelab/internal/terminal"
	"ikelab/topologies/exercise"
	"ikelab/topologies/scenario"
	"ikelab/topologies/why"
)

// desk connects a terminal to the consoles of a lab. Everything that touches
// the lab is handed to the goroutine that drives it.
type desk struct {
	lab      *runningLab
	flags    *labFlags
	runner   *scenario.Runner
	terminal terminal.Terminal
	user     *user    // at the terminal
	history  []string // of the lab prompt
	consoles map[string]*deskConsole
	at       *deskConsole // where the user sits when he is not at the lab prompt
	takes    bool         // even if somebody else does
	place    attach.Place // where others come in
	tutor    *tutor       // nil: the lab has no task
	witness  *why.Witness // of the run

	// The driver's:
	awaited []*deskConsole // where somebody waits for a command
	gone    func() bool    // the user has quit
	muted   bool           // what consoles show is old
	rerun   *rerun         // what the user wants run instead; nil: nothing
}

func newDesk(l *runningLab, f *labFlags, t terminal.Terminal) (*desk, error) {
	d := &desk{flags: f, terminal: t, consoles: map[string]*deskConsole{}}
	d.user = &user{terminal: t, where: "the terminal of the lab", leaving: "(Ctrl-] leads to the lab prompt; quit there ends the lab.)\n\n"}
	if err := d.sit(l); err != nil {
		return nil, err
	}
	d.tutor = tutored(d, l.task)
	if len(l.Routers) > 0 {
		d.at = d.consoles[l.Routers[0].Name()]
	}
	return d, nil
}

// sit makes the consoles those of a lab that has not started.
func (d *desk) sit(l *runningLab) (err error) {
	d.lab, d.witness = l, why.Watch(l.Lab)
	for _, r := range l.Routers {
		c := d.consoles[r.Name()]
		if c == nil {
			c = &deskConsole{node: r.Name(), desk: d}
			c.seat = seat.New(c)
			d.consoles[r.Name()] = c
		}
		if c.over != nil { // what he waited for is no more
			close(c.over)
		}
		c.Router, c.missed, c.over = r, backlog{}, nil
		r.Shell().SetGuide(guide{c})
	}
	d.awaited = nil
	d.runner, err = scenario.NewRunner(l.Lab, scenario.Settings{Driver: l, Paged: true, Lenient: true, Console: func(node string) (io.Writer, error) {
		return d.consoles[node], nil
	}})
	return err
}

// do does something to the lab from outside.
func (d *desk) do(step *scenario.Step) (err error) {
	d.in(func() { _, err = d.runner.Do(step) })
	return err
}

// in has f called by the driver and waits for it.
func (d *desk) in(f func()) {
	done := make(chan struct{})
	d.lab.pacer.Do(func() { f(); close(done) })
	<-done
}

// look is called by the driver between two events: it tells who waits for a
// command that the command is over.
func (d *desk) look() {
	if len(d.awaited) > 0 {
		d.awaited = slices.DeleteFunc(d.awaited, func(c *deskConsole) bool { return !c.look() })
	}
}

// talk serves the user until he leaves.
func (d *desk) talk() error {
	var err error
	for err == nil {
		err = terminal.ErrEscape
		if d.at != nil {
			err = d.console()
		}
		if errors.Is(err, terminal.ErrEscape) {
			err = d.labPrompt()
		}
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// console serves the user at a router's console until he goes to the lab prompt
// (terminal.ErrEscape) or away.
func (d *desk) console() error {
	take := d.takes
	d.takes = false
	if err := d.at.sit(d.user, take, func() {}); err != nil {
		d.terminal.Write(err.Error() + ".\n")
		return terminal.ErrEscape
	}
	defer d.at.leave()
	return d.at.seat.Serve(d.terminal)
}

// mostHistory is how many lines the lab prompt remembers.
const mostHistory = 200

// labPrompt serves the lab prompt. Its error is io.EOF when the user quits, and
// nil when he goes to a console.
func (d *desk) labPrompt() error {
	for {
		line, err := d.terminal.Read(terminal.Prompt{Text: "ikelab> ", Keys: labKeys{d}, Redrawn: true, Leaves: true})
		words := strings.Fields(line)
		switch {
		case errors.Is(err, terminal.ErrEscape) && d.at != nil:
			return nil
		case errors.Is(err, terminal.ErrEscape), errors.Is(err, terminal.ErrBreak), errors.Is(err, terminal.ErrEnd), err == nil && len(words) == 0:
			continue
		case errors.Is(err, io.EOF):
			words, line = []string{"quit"}, "quit"
		case err != nil:
			return err
		}
		d.history = append(d.history, line)
		d.history = d.history[max(0, len(d.history)-mostHistory):]
		to, err := runLabCommand(d, words)
		if err != nil {
			d.terminal.Write(plain(err) + "\n")
		}
		switch to {
		case console:
			return nil
		case leave:
			return io.EOF
		}
	}
}

// running is what a router's configuration is now, without the screen's head.
func running(d *desk, name string) (string, bool) {
	r := d.lab.Router(name)
	if r == nil || !r.Powered() {
		return "", false
	}
	text, _ := r.Shell().Screen(d.lab.Sim.Now(), "show running-config")
	if at := strings.Index(text, "\n!"); at >= 0 {
		text = text[at+1:]
	}
	return text, true
}

// tutored is the tutor of a lab that has a task; nil: it has none.
func tutored(d *desk, l *exercise.Lab) *tutor {
	if l == nil {
		return nil
	}
	return &tutor{lab: l, grade: func() (*exercise.Grade, error) {
		configs := map[string]string{}
		for _, name := range l.Routers() {
			if text, ok := running(d, name); ok {
				configs[name] = text
			}
		}
		return l.Grade(configs, nil)
	}}
}
