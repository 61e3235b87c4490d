package terminal

import (
	"errors"
	"io"
	"os"

	"golang.org/x/term"

	"ikelab/router/shell/line"
)

// Terminal is what a person sits at, or a pipe.
type Terminal interface {
	// Read waits for a line. ErrEscape: Ctrl-], ErrBreak: Ctrl-C, ErrEnd:
	// Ctrl-Z, each with what stood before it, io.EOF: the user is gone.
	Read(p Prompt) (string, error)
	// ReadPassword is Read for a line that is neither shown nor kept.
	ReadPassword(prompt string) (string, error)
	// ReadKey waits for one key. Ctrl-] is ErrEscape.
	ReadKey(prompt string) (rune, error)
	Columns() int       // that a line has
	Write(text string)  // output of a command
	Notice(line string) // a line that comes by itself
	// AwaitBreak waits for Ctrl-C or Ctrl-Shift-6 (ErrBreak) or Ctrl-]
	// (ErrEscape); nil: over came first.
	AwaitBreak(over <-chan struct{}) error
	// Dismiss has one of these three return ErrEscape, or the next; false: not
	// any more.
	Dismiss(yes bool)
	Close() error
}

// Prompt is what stands before a line, and what keys mean while it is typed.
type Prompt struct {
	Text    string
	Draft   string    // typed already
	Keys    line.Keys // nil: `?` and Tab mean nothing
	Redrawn bool      // behind a line that comes by itself, as `logging synchronous` has it
	Endless bool      // the terminal has lines of any length
	Leaves  bool      // Ctrl-D on an empty line is io.EOF; else it does nothing
}

// How a line ends other than by Enter.
var (
	ErrEscape = errors.New("escape to the lab prompt")
	ErrBreak  = errors.New("break")
	ErrEnd    = errors.New("end of configuration")
)

// Open is a person's terminal when in and out are one, else a pipe. seen has a
// copy of what a terminal is sent; nil: nobody wants it.
func Open(in io.Reader, out, seen io.Writer) (Terminal, error) {
	if in == os.Stdin && out == os.Stdout && term.IsTerminal(int(os.Stdin.Fd())) && term.IsTerminal(int(os.Stdout.Fd())) {
		return newTTY(seen)
	}
	p := newPipe(in, out)
	p.seen = seen
	return p, nil
}
