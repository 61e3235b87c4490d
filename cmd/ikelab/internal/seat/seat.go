package seat

import (
	"errors"
	"io"

	"ikelab/cmd/ikelab/internal/terminal"
	"ikelab/router/shell"
)

// Line is a router's line that somebody sits at.
type Line interface {
	In(f func())             // has f called by who owns the lab, and waits
	Session() *shell.Session // who owns the lab asks
	Enter(text string)       // types a line, an answer, or a key at --More--
	Interrupt()              // types Ctrl-C
	// Await waits until no command runs. Its error ends the seat: io.EOF where
	// the session is over, or what AwaitBreak of the terminal said.
	Await() error
}

// Seat is where one user sits, and then another.
type Seat struct {
	terminal terminal.Terminal
	line     Line
	draft    string // half typed when the user went away
}

// New makes the seat at a line.
func New(l Line) *Seat { return &Seat{line: l} }

// Serve hands on what somebody types at a terminal, from one key to the last.
func (s *Seat) Serve(t terminal.Terminal) error {
	s.terminal = t
	for {
		if err := s.line.Await(); err != nil {
			return err
		}
		text, err := s.read()
		switch {
		case errors.Is(err, terminal.ErrBreak), errors.Is(err, terminal.ErrEnd):
			if text != "" && errors.Is(err, terminal.ErrEnd) { // IOS carries out what stands before Ctrl-Z
				s.line.Enter(text)
			}
			s.line.Interrupt()
		case err != nil:
			return err
		default:
			s.line.Enter(text)
		}
	}
}

// read reads what the user types next: a command, the answer to a question, or
// a key at --More--.
func (s *Seat) read() (string, error) {
	var awaits shell.Input
	var p terminal.Prompt
	var pending string
	width := 0
	s.line.In(func() {
		at := s.line.Session()
		awaits, pending, width = at.Awaits(), at.Pending(), at.Width()
		p = terminal.Prompt{Text: at.Prompt(), Redrawn: at.Synchronous(), Endless: at.Width() == 0}
	})
	if t, ok := s.terminal.(interface{ Fit(columns int) }); ok {
		t.Fit(width)
	}
	switch awaits {
	case shell.Command:
		p.Keys, p.Draft = keys{s.line}, s.draft
		return s.command(p)
	case shell.Text:
	case shell.Key:
		return s.page(pending)
	case shell.Password:
		return s.terminal.ReadPassword(pending)
	default:
		p.Text = pending
	}
	return s.terminal.Read(p)
}

// command reads a command. One that is half typed when the user goes away is
// there when he comes back.
func (s *Seat) command(p terminal.Prompt) (text string, err error) {
	text, err = s.terminal.Read(p)
	s.draft = ""
	if errors.Is(err, terminal.ErrEscape) || errors.Is(err, io.EOF) {
		s.draft = text
	}
	return text, err
}

// page reads a key at --More--.
func (s *Seat) page(prompt string) (string, error) {
	key, err := s.terminal.ReadKey(prompt)
	switch key {
	case 0: // nobody is there any more
		return "", err
	case '\r', '\n':
		return "", err
	case ' ', '/', '+', '-', '?':
		return string(key), err
	}
	return "q", err
}

// keys are what keys mean at a line before it is complete.
type keys struct{ at Line }

// Help is what `?` shows behind a line.
func (k keys) Help(line string) (text string) {
	k.at.In(func() { text = k.at.Session().Help(line) })
	return text
}

// History is where the arrows up and down lead.
func (k keys) History() (lines []string) {
	k.at.In(func() { lines = k.at.Session().History() })
	return lines
}

// Complete is what Tab completes.
func (k keys) Complete(line string) (words []string) {
	k.at.In(func() { words = k.at.Session().Complete(line) })
	return words
}
