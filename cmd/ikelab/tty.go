package main

import (
	"errors"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync"

	"github.com/chzyer/readline"
)

// Control keys.
const (
	keyEscape  = 0x1d // Ctrl-]
	keyEnd     = 0x1a // Ctrl-Z
	keyBreak2  = 0x1e // Ctrl-^, which IOS takes for Ctrl-Shift-6
	clearPrior = "\x1b[1A\x1b[2K\r"
)

// tty is a person's terminal. readline edits the line; a few keys are taken
// before it sees them.
type tty struct {
	line *readline.Instance
	mu   sync.Mutex
	// state of the read under way
	reading bool
	more    bool // one key is wanted
	key     rune
	keys    keys
	prompt  string
	midLine bool // the last output did not end its line
	signals chan os.Signal
	broken  chan struct{}
}

func newTTY() (*tty, error) {
	t := &tty{signals: make(chan os.Signal, 1), broken: make(chan struct{}, 1)}
	var err error
	t.line, err = readline.NewEx(&readline.Config{
		FuncFilterInputRune: t.filter,
		AutoComplete:        t,
		Listener:            t,
		HistoryLimit:        200,
		InterruptPrompt:     "\n",
	})
	if err != nil {
		return nil, err
	}
	signal.Notify(t.signals, os.Interrupt)
	go func() {
		for range t.signals {
			select {
			case t.broken <- struct{}{}:
			default:
			}
		}
	}()
	return t, nil
}

// filter turns the keys that end a read into an interrupt and remembers which.
func (t *tty) filter(r rune) (rune, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.more:
		t.key = r
		return readline.CharEnter, true
	case r == keyEscape, r == keyEnd, r == keyBreak2:
		t.key = r
		return readline.CharInterrupt, true
	}
	return r, true
}

func (t *tty) read(prompt string, k keys) (string, error) {
	t.begin(k, false)
	defer t.finish()
	t.prompt = prompt
	t.line.SetPrompt(prompt)
	line, err := t.line.Readline()
	switch {
	case errors.Is(err, readline.ErrInterrupt):
		return "", t.pressed()
	case err != nil:
		return "", io.EOF
	}
	return line, nil
}

func (t *tty) pressed() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch t.key {
	case keyEscape:
		return errEscape
	case keyEnd:
		return errEnd
	}
	return errBreak
}

func (t *tty) readKey(prompt string) (rune, error) {
	t.begin(nil, true)
	defer t.finish()
	t.line.SetPrompt(prompt)
	t.line.HistoryDisable()
	_, err := t.line.Readline()
	t.line.HistoryEnable()
	if err != nil {
		return 0, io.EOF
	}
	_, err = io.WriteString(os.Stdout, clearPrior)
	return t.key, err
}

func (t *tty) begin(k keys, more bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.reading, t.more, t.key, t.keys = true, more, 0, k
}

func (t *tty) finish() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.reading, t.more = false, false
}

// write shows what a command prints; nobody is being read meanwhile.
func (t *tty) write(text string) {
	if text != "" {
		t.midLine = text[len(text)-1] != '\n'
	}
	_, _ = io.WriteString(os.Stdout, strings.ReplaceAll(text, "\n", "\r\n"))
}

// notice shows a line above the one that is being typed.
func (t *tty) notice(line string) {
	t.mu.Lock()
	reading := t.reading
	t.mu.Unlock()
	if reading {
		_, _ = t.line.Write([]byte(line + "\n"))
		return
	}
	if t.midLine {
		line = "\n" + line
	}
	t.write(line + "\n")
}

func (t *tty) breaks() <-chan struct{} { return t.broken }

func (t *tty) close() error {
	signal.Stop(t.signals)
	return t.line.Close()
}

// OnChange is called after each key: `?` shows help at once and does not stay
// in the line.
func (t *tty) OnChange(line []rune, pos int, key rune) ([]rune, int, bool) {
	if key != '?' || t.keys == nil || pos == 0 || line[pos-1] != '?' {
		return nil, 0, false
	}
	typed := string(line[:pos-1])
	text := t.keys.help(typed)
	_, _ = t.line.Write([]byte(t.prompt + typed + "?\n" + text))
	return append(append([]rune{}, line[:pos-1]...), line[pos:]...), pos - 1, true
}

// Do completes the last word when it can stand for one word only, as IOS does.
func (t *tty) Do(line []rune, pos int) ([][]rune, int) {
	if t.keys == nil {
		return nil, 0
	}
	typed := string(line[:pos])
	words := t.keys.complete(typed)
	if len(words) != 1 {
		return nil, 0
	}
	last := typed[strings.LastIndexAny(typed, " \t")+1:]
	if !strings.HasPrefix(strings.ToLower(words[0]), strings.ToLower(last)) {
		return nil, 0
	}
	return [][]rune{[]rune(words[0][len(last):] + " ")}, len([]rune(last))
}
