package shell

import (
	"fmt"
	"slices"
	"strings"
)

// How a session shows things, and what it is called.

// show prints lines, a page at a time.
func (s *Session) show(lines []string) { s.print(s.pager.show(lines, s.Length())) }

func (s *Session) print(text string) {
	if text != "" && s.options.Out != nil && !s.closed {
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

// line is the router's line that the session is on: "console", "vty0".
func (s *Session) line() string {
	if s.vty < 0 {
		return "console"
	}
	return fmt.Sprintf("vty%d", s.vty)
}

// name is who acts, as messages name him: "console", "vty0", "cisco on vty1
// (192.0.2.7)".
func (s *Session) name() string {
	text := s.line()
	if s.options.User != "" {
		text = s.options.User + " on " + text
	}
	if s.options.From != "" {
		text += " (" + s.options.From + ")"
	}
	return text
}

// join makes a text of lines.
func join(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n") + "\n"
}

// History is the lines that were typed before in this mode, oldest first.
func (s *Session) History() []string { return slices.Clone(*s.history.of(s.editor != nil)) }

// vtyName is the line as `show users` has it: "vty 0".
func (t *settings) vtyName() string { return fmt.Sprintf("vty %d", t.vty) }
