package main

import (
	"errors"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/chzyer/readline"
)

// historyLimit is how many lines the arrow keys lead back to.
const historyLimit = 200

// tty is a person's terminal, in raw mode from beginning to end. readline
// edits the line.
type tty struct {
	keyboard *keyboard
	line     *readline.Instance
	cooked   *readline.State // what to put back at the end

	mu      sync.Mutex // the driver shows lines while the user types
	reading bool
	keys    keys
	prompt  string
	midLine bool // the last output did not end its line
}

func newTTY() (*tty, error) {
	t := &tty{keyboard: newKeyboard(readline.Stdin)}
	var err error
	if t.cooked, err = readline.MakeRaw(readline.GetStdin()); err != nil {
		return nil, err
	}
	stay := func() error { return nil }
	t.line, err = readline.NewEx(&readline.Config{
		Stdin:           t.keyboard,
		FuncMakeRaw:     stay,
		FuncExitRaw:     stay,
		AutoComplete:    t,
		Listener:        t,
		HistoryLimit:    historyLimit,
		InterruptPrompt: "\n",
	})
	if err != nil {
		return nil, errors.Join(err, readline.Restore(readline.GetStdin(), t.cooked))
	}
	return t, nil
}

func (t *tty) read(prompt string, k keys) (string, error) {
	t.begin(prompt, k)
	defer t.finish()
	t.line.SetPrompt(prompt)
	line, err := t.line.Readline()
	switch {
	case errors.Is(err, readline.ErrInterrupt):
		err = t.keyboard.endedBy()
		if !errors.Is(err, errEnd) {
			line = ""
		}
		return line, err
	case err != nil:
		return "", io.EOF
	}
	return line, nil
}

func (t *tty) begin(prompt string, k keys) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.reading, t.prompt, t.keys, t.midLine = true, prompt, k, false
}

func (t *tty) finish() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.reading = false
}

// readKey shows the prompt until a key is pressed.
func (t *tty) readKey(prompt string) (rune, error) {
	t.write(prompt)
	b, ok := t.keyboard.key()
	t.write("\r" + strings.Repeat(" ", len(prompt)) + "\r")
	t.mu.Lock()
	t.midLine = false
	t.mu.Unlock()
	if !ok {
		return 0, io.EOF
	}
	return rune(b), nil
}

// write shows what a command prints; nobody is being read meanwhile.
func (t *tty) write(text string) {
	if text == "" {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.midLine = text[len(text)-1] != '\n'
	_, _ = io.WriteString(os.Stdout, strings.ReplaceAll(text, "\n", "\r\n"))
}

// notice shows a line above the one that is being typed, or, in the middle of
// what a command prints, on a line of its own.
func (t *tty) notice(line string) {
	t.mu.Lock()
	reading, midLine := t.reading, t.midLine
	t.mu.Unlock()
	switch {
	case reading:
		_, _ = t.line.Write([]byte(line + "\r\n"))
	case midLine:
		t.write("\n" + line + "\n")
	default:
		t.write(line + "\n")
	}
}

func (t *tty) awaitBreak(over <-chan struct{}) bool { return t.keyboard.awaitBreak(over) }

// close leaves the terminal as it was found.
func (t *tty) close() error {
	return readline.Restore(readline.GetStdin(), t.cooked)
}

// OnChange is called after each key: `?` shows help at once and does not stay
// in the line.
func (t *tty) OnChange(line []rune, pos int, key rune) ([]rune, int, bool) {
	t.mu.Lock()
	prompt, k := t.prompt, t.keys
	t.mu.Unlock()
	if key != '?' || k == nil || pos == 0 || line[pos-1] != '?' {
		return nil, 0, false
	}
	typed := string(line[:pos-1])
	text := prompt + typed + "?\n" + k.help(typed) + "\n"
	_, _ = t.line.Write([]byte(strings.ReplaceAll(text, "\n", "\r\n")))
	return append(append([]rune{}, line[:pos-1]...), line[pos:]...), pos - 1, true
}

// Do completes the last word when it can stand for one word only, as IOS does.
func (t *tty) Do(line []rune, pos int) ([][]rune, int) {
	t.mu.Lock()
	k := t.keys
	t.mu.Unlock()
	if k == nil {
		return nil, 0
	}
	typed := string(line[:pos])
	words := k.complete(typed)
	if len(words) != 1 {
		return nil, 0
	}
	last := typed[strings.LastIndexAny(typed, " \t")+1:]
	if !strings.HasPrefix(strings.ToLower(words[0]), strings.ToLower(last)) {
		return nil, 0
	}
	return [][]rune{[]rune(words[0][len(last):] + " ")}, len([]rune(last))
}
