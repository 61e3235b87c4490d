package terminal

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"golang.org/x/term"

	"ikelab/router/shell/line"
)

const (
	// defaultWidth is that of a terminal that does not know its own.
	defaultWidth = 80
	// mostWaiting is how many lines wait for a terminal that shows them more
	// slowly than they come; the oldest of more are dropped.
	mostWaiting = 10000
)

// tty is a person's terminal, in raw mode from beginning to end.
type tty struct {
	keyboard *keyboard
	out      io.Writer
	columns  func() int
	crowded  func() bool // too much waits to be read; nil: never
	cooked   *term.State // what to put back at the end
	closing  sync.Once

	mu      sync.Mutex // the driver shows lines while the user types
	reading bool
	midLine bool     // the last output did not end its line
	waiting []string // lines to be shown above the one that is typed
	dropped int      // older ones
}

func newTTY(seen io.Writer) (*tty, error) {
	cooked, err := term.MakeRaw(int(os.Stdin.Fd()))
	if err != nil {
		return nil, err
	}
	var out io.Writer = os.Stdout
	if seen != nil {
		out = io.MultiWriter(out, seen)
	}
	return &tty{keyboard: newKeyboard(os.Stdin), out: out, columns: columns, cooked: cooked}, nil
}

// columns is the width of the terminal; one that nobody told its size has 0.
func columns() int {
	if w, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil && w > 0 {
		return w
	}
	return defaultWidth
}

// Columns follow the window.
func (t *tty) Columns() int { return t.columns() }

// Close leaves the terminal as it was found.
func (t *tty) Close() (err error) {
	t.closing.Do(func() { err = term.Restore(int(os.Stdin.Fd()), t.cooked) })
	return err
}

func (t *tty) Read(p Prompt) (string, error) {
	o := line.Options{Prompt: p.Text, Text: p.Draft, Keys: p.Keys, Width: t.columns()}
	if p.Endless {
		o.Width = 0
	}
	return t.read(line.New(o), p)
}

// ReadPassword is Read without an echo.
func (t *tty) ReadPassword(prompt string) (string, error) {
	return t.read(line.New(line.Options{Prompt: prompt, Secret: true}), Prompt{Redrawn: true})
}

// read edits a line until it ends. The line belongs to this goroutine; what
// comes by itself waits for it.
func (t *tty) read(l *line.Line, p Prompt) (string, error) {
	t.begin()
	defer t.finish()
	for {
		t.Write(l.Shown())
		b, woken, ok := t.keyboard.next()
		switch {
		case !ok:
			return l.Text(), io.EOF
		case woken:
			t.catchUp(l, p.Redrawn)
			continue
		}
		if !p.Endless {
			l.SetWidth(t.columns())
		}
		end := l.Key(b)
		if end == line.Going || end == line.Gone && !p.Leaves {
			continue
		}
		t.Write(l.Shown())
		return l.Text(), ends[end]
	}
}

// ends are how a line ends other than by Enter.
var ends = map[line.End]error{line.Break: ErrBreak, line.Finish: ErrEnd, line.Escape: ErrEscape, line.Gone: io.EOF}

// catchUp shows the lines that wait.
func (t *tty) catchUp(l *line.Line, redrawn bool) {
	t.mu.Lock()
	text := t.takeWaiting()
	t.mu.Unlock()
	switch {
	case text == "":
	case redrawn:
		l.Above(text)
	default:
		l.Between(text)
	}
}

func (t *tty) begin() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.reading = true
}

// finish shows what came after the line had looked for the last time.
func (t *tty) finish() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.reading = false
	t.print(t.takeWaiting())
}

// ReadKey shows the prompt until a key is pressed, and wipes it out as IOS does.
func (t *tty) ReadKey(prompt string) (rune, error) {
	t.Write(prompt)
	b, ok := t.keyboard.press()
	back := strings.Repeat("\b", len(prompt))
	t.Write(back + strings.Repeat(" ", len(prompt)) + back)
	t.mu.Lock()
	t.midLine = false
	t.mu.Unlock()
	switch {
	case !ok:
		return 0, io.EOF
	case b == keyEscape:
		return 0, ErrEscape
	}
	return rune(b), nil
}

// Write shows text.
func (t *tty) Write(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.print(text)
}

func (t *tty) print(text string) {
	if text == "" {
		return
	}
	t.midLine = text[len(text)-1] != '\n'
	_, _ = io.WriteString(t.out, crlf(text))
}

// Notice shows a line above the one that is being typed, or, in the middle of
// what a command prints, on a line of its own.
func (t *tty) Notice(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.crowded != nil && t.crowded():
		t.dropped++
	case t.reading:
		if len(t.waiting) == mostWaiting {
			t.waiting, t.dropped = t.waiting[1:], t.dropped+1
		}
		t.waiting = append(t.waiting, line)
		t.keyboard.wakeUp()
	default:
		if t.midLine {
			t.print("\n")
		}
		t.waiting = append(t.waiting, line)
		t.print(t.takeWaiting())
	}
}

// takeWaiting hands out the lines that wait.
func (t *tty) takeWaiting() string {
	lines := t.waiting
	if t.dropped > 0 {
		lines = append([]string{fmt.Sprintf("[%d lines came faster than this terminal shows them]", t.dropped)}, lines...)
	}
	t.waiting, t.dropped = nil, 0
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n") + "\n"
}

// Dismiss has who sits here leave.
func (t *tty) Dismiss(yes bool) { t.keyboard.dismiss(yes) }

func (t *tty) AwaitBreak(over <-chan struct{}) error { return t.keyboard.awaitBreak(over) }

func crlf(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") }
