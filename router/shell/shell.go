package shell

import (
	"slices"
	"time"

	"ikelab/router/debug"
	"ikelab/router/operator"
	"ikelab/router/record"
)

// Shell is the terminals of one router, and what they share: the debugs that
// are on and the logging buffer.
type Shell struct {
	device     Device
	records    *record.Emitter
	commands   *Commands
	guide      Guide // nil: there is none
	consoles   []*Session
	vtys       []*Session // by their numbers; nil: nobody is there
	freeFrom   int        // no vty below it is free
	switches   debug.Switches
	conditions *debug.Conditions // nil: there are none
	log        logs
	shutdown   *shutdown // the reload that is to come; nil: there is none
	saved      saved
}

// Guide answers what no router knows: why a tunnel is down, and what the task of a lab is. Whoever
// runs the lab gives it to a shell; without one the commands are as unknown as they are to IOS.
type Guide interface {
	Task() bool                // the lab has one
	Answer(line string) string // of a whole command, such as "why Tunnel0 10" or "lab hint"
}

// SetGuide has sessions know the commands that a guide answers; nil: none any more.
func (sh *Shell) SetGuide(g Guide) { sh.guide = g }

// New makes the shell of a device with its commands (EXEC), which listens to the
// device's records from now on.
func New(d Device, records *record.Emitter, c *Commands) *Shell {
	sh := &Shell{device: d, records: records, commands: c}
	records.ListenTo(sh.take, func() bool { return sh.switches.Details() })
	word, which := sh.switches.PerPacket()
	records.Watch(sh.take, word, which)
	return sh
}

// Open opens a terminal.
func (sh *Shell) Open(o Options) *Session {
	s := &Session{
		sh: sh, options: o, privileged: o.Privileged, settings: newSettings(sh.device), task: task{over: o.Over},
	}
	if o.Console {
		sh.consoles = append(sh.consoles, s)
	} else {
		sh.enter(s)
	}
	return s
}

// enter puts a session on the lowest vty that nobody uses.
func (sh *Shell) enter(s *Session) {
	n := sh.freeFrom
	for n < len(sh.vtys) && sh.vtys[n] != nil {
		n++
	}
	if n == len(sh.vtys) {
		sh.vtys = append(sh.vtys, nil)
	}
	s.vty, sh.vtys[n], sh.freeFrom = n, s, n+1
}

// leave takes a session off its line. Who goes through the sessions meanwhile is
// not disturbed.
func (sh *Shell) leave(s *Session) {
	if s.vty >= 0 {
		sh.vtys[s.vty], sh.freeFrom = nil, min(sh.freeFrom, s.vty)
		return
	}
	if i := slices.Index(sh.consoles, s); i >= 0 {
		sh.consoles = slices.Concat(sh.consoles[:i], sh.consoles[i+1:])
	}
}

// all are the sessions.
func (sh *Shell) all(yield func(*Session) bool) {
	for _, list := range [][]*Session{sh.consoles, sh.vtys} {
		for _, s := range list {
			if s != nil && !yield(s) {
				return
			}
		}
	}
}

// Restart puts every terminal back to where a booted router begins; the log
// and the debugs are gone.
func (sh *Shell) Restart(now time.Time) {
	for s := range sh.all {
		sh.restart(s)
	}
	sh.switches, sh.conditions, sh.log = debug.Switches{}, nil, logs{}
	sh.shutdown = nil
}

// restart puts the console back to where a booted router begins; who came over
// the network is gone.
func (sh *Shell) restart(s *Session) {
	if s.vty >= 0 {
		s.Close()
		return
	}
	if s.task.runs() {
		s.task.stop()
		s.task.ended()
	}
	s.editor, s.asked = nil, nil
	s.pager.drop()
	s.privileged, s.monitor = s.options.Privileged, false
	s.opened, s.history = time.Time{}, history{size: unset}
}

// reload is `reload`, confirmed: a power cycle.
func (sh *Shell) reload(now time.Time, by, reason string) {
	sh.records.Emit(operator.ReloadRequested{By: by, Reason: reason})
	sh.Restart(now)
	sh.device.Reload(now)
	sh.records.Emit(operator.Restarted{})
}

// Deadline is when Advance must next be called: at a warning, or at a reload that is
// to come; zero: never.
func (sh *Shell) Deadline() time.Time { return sh.shutdown.due() }

// Advance warns of the reload that is scheduled, or carries it out.
func (sh *Shell) Advance(now time.Time) {
	due := sh.Deadline()
	if due.IsZero() || now.Before(due) {
		return
	}
	sh.records.Begin(now, 0, 0)
	if !now.Before(sh.shutdown.at) {
		sh.reload(now, sh.shutdown.by, sh.shutdown.reason)
		return
	}
	sh.tell(sh.shutdown.warning(now))
	sh.shutdown.warnFrom(now.Add(1))
}

// tell shows a line to all terminals between two of stars.
func (sh *Shell) tell(text string) {
	for s := range sh.all {
		for _, l := range []string{"", "", "***", text, "***"} {
			s.async(l)
		}
	}
}

// shows is what the device's clock does.
func (sh *Shell) shows(now time.Time) time.Time { return sh.device.Clock().At(now) }

// ClockMoved has a reload that goes by the clock follow it.
func (sh *Shell) ClockMoved(now time.Time) {
	if s := sh.shutdown; s != nil && !s.wall.IsZero() {
		s.at = now.Add(max(0, s.wall.Sub(sh.shows(now))))
		s.warnFrom(now)
	}
}
