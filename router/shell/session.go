package shell

import (
	"strings"
	"time"

	"ikelab/iosconfig/syntax"
	"ikelab/router/operator"
)

const (
	configHostname = 20 // octets of the host name in a configuration prompt
	firstVTY       = 2  // number of vty 0 among a router's lines
)

// Options say what a session is connected to.
type Options struct {
	Out        func(text string) // what the terminal shows, line ends included
	Log        func(line string) // lines that come by themselves, without a line end; nil: Out
	Console    bool              // the console: takes part in `logging console`; else a vty
	User       string            // who logged in; "": nobody did
	From       string            // address that the user came from
	Line       VTY               // as it was configured when the user came; zero: the console
	Privileged bool              // begins in privileged EXEC
	Over       func()            // a command that took time is over, or the session is; nil: nobody waits
}

// Session is one terminal on the router. Its methods are called from the
// router's own loop, like the router's.
type Session struct {
	settings
	sh         *Shell
	options    Options
	opened     time.Time
	privileged bool
	monitor    bool
	typedAt    time.Time // when the last line was entered
	pager      pager
	editor     Editor // nil outside configuration mode
	asked      *question
	task       task // the command that is running
	refused    bool
	closed     bool
}

// task is a command that takes time. Its zero value is none.
type task struct {
	stop      func()
	interrupt func(x *exec) // what is shown when somebody ends it
	over      func()        // who waits for its end; nil: nobody
}

// runs says whether there is one.
func (t *task) runs() bool { return t.stop != nil }

// ended tells who waits.
func (t *task) ended() {
	t.stop, t.interrupt = nil, nil
	if t.over != nil {
		t.over()
	}
}

// question is a prompt that waits for an answer before the command goes on.
type question struct {
	prompt string
	secret bool // the answer is a password
	pasted bool // the answer is a line of a text, before which nothing stands
	answer func(x *exec, text string)
}

// Close ends the session; it shows nothing any more.
func (s *Session) Close() {
	if s.closed {
		return
	}
	s.closed = true
	if s.task.runs() {
		s.task.stop()
	}
	s.sh.leave(s)
	s.task.ended()
}

// Closed says whether the user left with `exit` or `logout`, or the router took
// the line away.
func (s *Session) Closed() bool { return s.closed }

// Input is what a session takes next.
type Input uint8

// What may be typed.
const (
	Command  Input = iota // a line, in which `?` and Tab mean something
	Text                  // a line of a banner's text, or of one that is pasted
	Answer                // to the question that Pending is
	Password              // an answer that is neither shown nor kept
	Key                   // at --More--
)

// Awaits is what the session takes next.
func (s *Session) Awaits() Input {
	switch {
	case s.pager.waits() && s.pager.find == "":
		return Key
	case s.asked != nil && s.asked.secret && !s.pager.waits():
		return Password
	case s.asked != nil && s.asked.pasted && !s.pager.waits():
		return Text
	case s.pager.waits() || s.asked != nil:
		return Answer
	case s.editor != nil && s.editor.InText():
		return Text
	}
	return Command
}

// Prompt is what stands before the line that is typed next. A text has none.
func (s *Session) Prompt() string {
	if s.Awaits() == Text {
		return ""
	}
	return s.mode()
}

// mode is the prompt, which says where one is.
func (s *Session) mode() string {
	host := s.sh.device.Running().Hostname
	switch {
	case s.editor != nil:
		return host[:min(len(host), configHostname)] + "(" + s.editor.Mode() + ")#"
	case s.privileged:
		return host + "#"
	}
	return host + ">"
}

// Busy says whether a command is still running; no line is read meanwhile.
func (s *Session) Busy() bool { return s.task.runs() }

// Refused says whether the last line was refused with a `%` syntax error.
func (s *Session) Refused() bool { return s.refused }

// Pending is the question, or the " --More-- ", that the next Enter answers
// instead of being a command; "" when there is none.
func (s *Session) Pending() string {
	switch {
	case s.pager.waits():
		return s.pager.prompt()
	case s.asked != nil:
		return s.asked.prompt
	}
	return ""
}

// Enter takes a line that was typed, without its line end; at --More-- the
// keys that were pressed.
func (s *Session) Enter(now time.Time, line string) {
	if s.opened.IsZero() {
		s.opened = now
	}
	s.typedAt = now
	x := s.exec(now)
	switch {
	case s.closed || s.task.runs():
		return
	case s.pager.waits():
		s.print(s.pager.key(line, s.Length()))
		return
	case s.asked != nil:
		q := s.asked
		s.asked = nil
		q.answer(x, line)
	default:
		s.refused = false
		s.typed(now, line)
		if s.Awaits() != Text {
			s.remember(line, s.editor != nil)
		}
		if s.editor != nil {
			s.configure(x, line)
		} else {
			x.command(line, len(s.Prompt()))
		}
	}
	s.show(x.take())
}

// exec is a command about to be carried out.
func (s *Session) exec(now time.Time) *exec { return &exec{s: s, d: s.sh.device, now: now} }

// typed records a line; what it causes follows from it.
func (s *Session) typed(now time.Time, line string) {
	s.sh.records.Begin(now, 0, 0)
	switch {
	case strings.TrimSpace(line) == "":
	case s.sh.records.Details():
		s.sh.records.Emit(operator.Typed{Line: s.line(), Prompt: s.mode(), Text: public(s, line)})
	default: // nobody reads it
		s.sh.records.Skip(1)
	}
}

// Interrupt is Ctrl-C or the escape sequence: it ends a running command, a
// question, the rest of a long output, or configuration mode.
func (s *Session) Interrupt(now time.Time) {
	x := s.exec(now)
	switch {
	case s.task.runs():
		show := s.task.interrupt
		s.task.stop()
		s.task.ended()
		show(x)
	case s.editor != nil:
		s.sh.records.Begin(now, 0, 0)
		s.leaveConfiguration()
	}
	s.pager.drop()
	s.asked = nil
	s.show(x.take())
}

// table is the commands of the session's level of EXEC.
func (s *Session) table() *syntax.Table[exec] {
	l := s.sh.commands.levels
	switch g := s.sh.guide; {
	case g != nil && g.Task():
		l = s.sh.commands.task
	case g != nil:
		l = s.sh.commands.why
	}
	if s.privileged {
		return l.privileged
	}
	return l.user
}
