package terminal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/chzyer/readline"
)

const (
	// historyLimit is how many lines the arrow keys lead back to.
	historyLimit = 200
	// defaultWidth is that of a terminal that does not know its own.
	defaultWidth = 80
	// mostWaiting is how many lines wait for a terminal that shows them more
	// slowly than they come; the oldest of more are dropped.
	mostWaiting = 10000
)

// tty is a person's terminal, in raw mode from beginning to end. readline
// edits the line.
type tty struct {
	keyboard *keyboard
	line     *readline.Instance
	cooked   *readline.State // what to put back at the end
	closing  sync.Once

	mu      sync.Mutex // the driver shows lines while the user types
	reading bool
	at      Prompt
	empty   bool     // nothing is typed yet
	midLine bool     // the last output did not end its line
	asking  string   // stands before a password that is being typed
	waiting []string // lines for the editor to show above its own
	dropped int      // older ones
	resize  func()   // for the editor to call when the width has changed
}

func newTTY() (*tty, error) {
	t := &tty{keyboard: newKeyboard(readline.Stdin)}
	var err error
	if t.cooked, err = readline.MakeRaw(readline.GetStdin()); err != nil {
		return nil, err
	}
	stay := func() error { return nil }
	t.line, err = readline.NewEx(&readline.Config{
		Stdin:                  t.keyboard,
		FuncMakeRaw:            stay,
		FuncExitRaw:            stay,
		FuncGetWidth:           width,
		FuncOnWidthChanged:     func(f func()) { readline.DefaultOnWidthChanged(func() { t.resized(f) }) },
		FuncFilterInputRune:    t.filter,
		DisableAutoSaveHistory: true,
		AutoComplete:           t,
		Listener:               t,
		HistoryLimit:           historyLimit,
		InterruptPrompt:        "\n",
		EOFPrompt:              "\n",
	})
	if err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return t, nil
}

// width is never 0, which a terminal reports that nobody told its size:
// readline would count lines for ever.
func width() int {
	if w := readline.GetScreenWidth(); w > 0 {
		return w
	}
	return defaultWidth
}

// Close leaves the terminal as it was found.
func (t *tty) Close() (err error) {
	t.closing.Do(func() { err = readline.Restore(readline.GetStdin(), t.cooked) })
	return err
}

func (t *tty) Read(p Prompt) (string, error) {
	t.begin(p)
	defer t.finish()
	t.line.SetPrompt(p.Text)
	line, err := t.line.Readline()
	switch {
	case errors.Is(err, readline.ErrInterrupt):
		err = t.keyboard.endedBy()
		if !errors.Is(err, ErrEnd) {
			line = ""
		}
		return line, err
	case err != nil:
		return "", io.EOF
	}
	t.remember(p, line)
	return line, nil
}

// remember keeps a command for the arrow keys; an answer is not to be repeated.
func (t *tty) remember(p Prompt, line string) {
	if p.Keys == nil {
		line = "" // forgets what the editor kept while it was typed
	}
	_ = t.line.SaveHistory(line) // there is no file that could fail
}

func (t *tty) begin(p Prompt) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.reading, t.at, t.empty, t.midLine = true, p, true, false
	if t.resize != nil {
		t.keyboard.wakeUp()
	}
}

// finish shows what came after the editor had looked for the last time.
func (t *tty) finish() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.reading = false
	t.print(t.takeWaiting())
}

// ReadKey shows the prompt until a key is pressed.
func (t *tty) ReadKey(prompt string) (rune, error) {
	t.Write(prompt)
	b, ok := t.keyboard.press()
	t.Write("\r" + strings.Repeat(" ", len(prompt)) + "\r")
	t.mu.Lock()
	t.midLine = false
	t.mu.Unlock()
	if !ok {
		return 0, io.EOF
	}
	return rune(b), nil
}

// Write shows what a command prints; nobody is being read meanwhile.
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
	_, _ = io.WriteString(os.Stdout, crlf(text))
}

// Notice shows a line above the one that is being typed, or, in the middle of
// what a command prints, on a line of its own.
func (t *tty) Notice(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.reading:
		if len(t.waiting) == mostWaiting {
			t.waiting, t.dropped = t.waiting[1:], t.dropped+1
		}
		t.waiting = append(t.waiting, line)
		t.keyboard.wakeUp()
	case t.midLine:
		t.print("\n" + line + "\n" + t.asking)
	default:
		t.print(line + "\n")
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

// resized is called when the window has another width.
func (t *tty) resized(tell func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.resize = tell
	t.keyboard.wakeUp()
}

func (t *tty) AwaitBreak(over <-chan struct{}) error { return t.keyboard.awaitBreak(over) }

func crlf(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") }
