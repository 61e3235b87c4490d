package router

import (
	"errors"
	"strings"
	"time"

	"ikelab/iosconfig"
)

const (
	defaultTerminalLength = 24 // lines between two --More--
	configPromptHostname  = 20 // octets of the host name in a configuration prompt
	historySize           = 20 // lines that a terminal remembers
)

// shellState is the shell's half of a router: its sessions, what they debug
// and log, and the saved configuration's text.
type shellState struct {
	sessions []*Session
	debug    debugFlags
	log      logState
	echoID   uint16 // of the last ping
	udpPort  uint16 // source port of the last traceroute
}

// SessionOptions say what a session is connected to.
type SessionOptions struct {
	Out        func(text string) // what the terminal shows, line ends included
	Log        func(line string) // lines that come by themselves, without a line end; nil: Out
	Console    bool              // the console: takes part in `logging console`
	Privileged bool              // begins in privileged EXEC
	Script     bool              // never pages, and says yes to every question
}

// Session is one terminal on the router. Its methods are called from the
// router's own loop, like the router's.
type Session struct {
	r          *Router
	options    SessionOptions
	privileged bool
	monitor    bool
	length     int // terminal length; 0: no paging
	width      int
	opened     time.Time
	user       *iosconfig.Table[exec]
	enabled    *iosconfig.Table[exec] // the commands of privileged EXEC
	editor     *iosconfig.Editor      // nil outside configuration mode
	asked      *question
	more       []string // lines that wait behind --More--
	running    task
	refused    bool
	closed     bool
}

// question is a prompt that waits for an answer before the command goes on.
type question struct {
	prompt string
	yes    string // what a script answers
	answer func(x *exec, text string)
}

// task is a command that takes time.
type task interface{ interrupt() }

// NewSession opens a terminal.
func (r *Router) NewSession(o SessionOptions) *Session {
	s := &Session{
		r: r, options: o, privileged: o.Privileged, length: defaultTerminalLength, width: 80,
		user: userTable, enabled: privilegedTable,
	}
	if o.Script {
		s.length = 0
	}
	r.shell.sessions = append(r.shell.sessions, s)
	return s
}

// Close ends the session; it shows nothing any more.
func (s *Session) Close() {
	s.closed = true
	for i, other := range s.r.shell.sessions {
		if other == s {
			s.r.shell.sessions = append(s.r.shell.sessions[:i], s.r.shell.sessions[i+1:]...)
			return
		}
	}
}

// Closed says whether the user left with `exit` or `logout`.
func (s *Session) Closed() bool { return s.closed }

// Prompt is what stands before the line that is typed next.
func (s *Session) Prompt() string {
	host := s.r.Hostname()
	switch {
	case s.editor != nil:
		return host[:min(len(host), configPromptHostname)] + "(" + s.editor.Mode() + ")#"
	case s.privileged:
		return host + "#"
	}
	return host + ">"
}

// Busy says whether a command is still running; no line is read meanwhile.
func (s *Session) Busy() bool { return s.running != nil }

// Refused says whether the last line was refused with a `%` syntax error.
func (s *Session) Refused() bool { return s.refused }

// Pending is the question or the " --More-- " that the next Enter answers
// instead of being a command; "" when there is none. For --More-- an empty
// line shows one more line, one that begins with a blank one more page, and
// any other ends the output.
func (s *Session) Pending() string {
	switch {
	case len(s.more) > 0:
		return " --More-- "
	case s.asked != nil:
		return s.asked.prompt
	}
	return ""
}

// SetLength is `terminal length`: the lines of a page, 0 for no paging.
func (s *Session) SetLength(lines int) { s.length = lines }

// Enter takes a line that was typed, without its line end.
func (s *Session) Enter(now time.Time, line string) {
	if s.opened.IsZero() {
		s.opened = now
	}
	x := &exec{s: s, r: s.r, now: now}
	switch {
	case s.running != nil:
		return
	case len(s.more) > 0:
		s.turnPage(line)
		return
	case s.asked != nil:
		q := s.asked
		s.asked = nil
		q.answer(x, line)
	case s.editor != nil:
		s.refused = false
		s.configure(x, line)
	default:
		s.refused = false
		x.command(line, len(s.Prompt()))
	}
	s.finish(x)
}

// finish shows what a command has printed; a script answers its questions.
func (s *Session) finish(x *exec) {
	s.show(x.take())
	for s.options.Script && s.asked != nil {
		q := s.asked
		s.asked = nil
		s.print(q.prompt + "\n")
		q.answer(x, q.yes)
		s.show(x.take())
	}
}

// Interrupt is Ctrl-C or the escape sequence: it ends a running command, a
// question, the rest of a long output, or configuration mode.
func (s *Session) Interrupt(now time.Time) {
	x := &exec{s: s, r: s.r, now: now}
	switch {
	case s.running != nil:
		task := s.running
		s.running = nil
		task.interrupt()
	case s.editor != nil:
		s.leaveConfiguration(now)
	}
	s.more, s.asked = nil, nil
	s.show(x.take())
}

// table is the commands of the session's level of EXEC.
func (s *Session) table() *iosconfig.Table[exec] {
	if s.privileged {
		return s.enabled
	}
	return s.user
}

// Help is what `?` behind the line prints.
func (s *Session) Help(line string) string {
	lines, err := s.helpLines(line)
	if err != nil {
		lines = iosconfig.Refusal(err, len(s.Prompt()))
	}
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n") + "\n"
}

func (s *Session) helpLines(line string) ([]string, error) {
	if s.editor != nil {
		return s.editor.Help(line)
	}
	if i := strings.Index(line, "|"); i >= 0 && isShow(line) {
		return filterHelp(line[i+1:]), nil
	}
	return s.table().Help(line)
}

// Complete returns the words that the last word of the line may stand for; Tab
// completes it when there is just one.
func (s *Session) Complete(line string) []string {
	switch i := strings.Index(line, "|"); {
	case s.editor != nil:
		return s.editor.Complete(line)
	case i >= 0 && isShow(line):
		return filterWords(line[i+1:])
	}
	return s.table().Complete(line)
}

// configureMode enters configuration mode.
func (s *Session) configureMode() {
	s.editor = iosconfig.NewEditor(s.r.running())
	s.editor.Exists = s.r.hasPort
}

// configure hands a line to the configuration editor.
func (s *Session) configure(x *exec, line string) {
	promptLen := len(s.Prompt())
	result, err := s.editor.Enter(line)
	for _, m := range result.Messages {
		x.line(m)
	}
	if result.Changed {
		s.r.applyConfig(x.now, s.r.running())
	}
	var do iosconfig.ErrDo
	switch {
	case errors.As(err, &do):
		x.command(do.Line, promptLen+do.Offset)
	case err != nil:
		x.refuse(err, promptLen)
	}
	if result.Left {
		s.leaveConfiguration(x.now)
	}
}

func (s *Session) leaveConfiguration(now time.Time) {
	s.editor = nil
	s.r.logf(now, "SYS", severityNotifications, "CONFIG_I", "Configured from console by %s", s.name())
}

func (s *Session) name() string {
	if s.options.Console {
		return "console"
	}
	return "vty0"
}

// show prints lines, a page at a time.
func (s *Session) show(lines []string) {
	if s.length > 0 && len(lines) >= s.length {
		s.more = append(s.more, lines[s.length-1:]...)
		lines = lines[:s.length-1]
	}
	if len(lines) > 0 {
		s.print(strings.Join(lines, "\n") + "\n")
	}
}

func (s *Session) turnPage(key string) {
	lines := s.more
	s.more = nil
	switch {
	case key == "":
		s.more = lines[1:]
		s.print(lines[0] + "\n")
	case strings.HasPrefix(key, " "):
		s.show(lines)
	}
	if len(s.more) == 0 {
		s.more = nil
	}
}

func (s *Session) print(text string) {
	if s.options.Out != nil && !s.closed {
		s.options.Out(text)
	}
}

// async shows a line that came by itself.
func (s *Session) async(line string) {
	if s.options.Log != nil {
		s.options.Log(line)
		return
	}
	s.print(line + "\n")
}

// restartSessions puts every terminal back to where a booted router begins.
func (r *Router) restartSessions() {
	for _, s := range r.shell.sessions {
		s.editor, s.asked, s.more, s.running = nil, nil, nil, nil
		s.privileged = s.options.Privileged
		s.monitor = false
	}
	r.shell.debug = debugFlags{}
	r.shell.log = logState{}
}
