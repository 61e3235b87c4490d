package terminal

import (
	"strings"
	"unicode"

	"github.com/chzyer/readline"
)

// What the line editor calls, on its own goroutine.

const keyKillLine = 0x18 // Ctrl-X: IOS deletes to the beginning of the line

// editing are the control keys that edit a line. Others would become part of
// it; Ctrl-R, Ctrl-S and Ctrl-L have no use here: IOS does not search, and the
// line is drawn already.
const editing = "\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\r\x0e\x10\x14\x15\x17\x19\x1b\x7f"

// filter sees each key before the editor does; CharBell is a key that does
// nothing.
func (t *tty) filter(key rune) (rune, bool) {
	switch {
	case key == wake:
		t.catchUp()
		return readline.CharBell, true
	case key == readline.CharDelete && t.ignoresEnd():
		return key, false // lets readline go on, which waits after this key
	case key == keyKillLine:
		return readline.CharCtrlU, true
	case key == readline.MetaTranspose, unicode.IsControl(key) && key != 0 && !strings.ContainsRune(editing, key):
		return readline.CharBell, true
	}
	return key, true
}

// catchUp shows the lines that wait, and learns a new width.
func (t *tty) catchUp() {
	t.mu.Lock()
	text, resize := t.takeWaiting(), t.resize
	t.resize = nil
	t.mu.Unlock()
	if resize != nil {
		resize()
	}
	if text != "" {
		t.above(text)
	}
}

// above writes above the line that is being typed.
func (t *tty) above(text string) { _, _ = t.line.Write([]byte(crlf(text))) }

// ignoresEnd says whether Ctrl-D does nothing: on an empty line, as in IOS.
func (t *tty) ignoresEnd() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.empty && !t.at.Leaves
}

// OnChange is called after each key: `?` shows help at once and does not stay
// in the line.
func (t *tty) OnChange(line []rune, pos int, key rune) ([]rune, int, bool) {
	at, helped := t.asksHelp(line, pos, key)
	if !helped {
		return nil, 0, false
	}
	typed := string(line[:pos-1])
	t.above(at.Text + typed + "?\n" + at.Keys.Help(typed) + "\n")
	return append(append([]rune{}, line[:pos-1]...), line[pos:]...), pos - 1, true
}

// asksHelp says whether the key was `?`, and remembers whether the line is
// empty without it.
func (t *tty) asksHelp(line []rune, pos int, key rune) (Prompt, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	helped := key == '?' && t.at.Keys != nil && pos > 0 && line[pos-1] == '?'
	t.empty = len(line) == 0 || helped && len(line) == 1
	return t.at, helped
}

// Do completes the last word when it can stand for one word only, as IOS does.
func (t *tty) Do(line []rune, pos int) ([][]rune, int) {
	t.mu.Lock()
	k := t.at.Keys
	t.mu.Unlock()
	if k == nil {
		return nil, 0
	}
	typed := string(line[:pos])
	words := k.Complete(typed)
	if len(words) != 1 {
		return nil, 0
	}
	last := typed[strings.LastIndexAny(typed, " \t")+1:]
	if !strings.HasPrefix(strings.ToLower(words[0]), strings.ToLower(last)) {
		return nil, 0
	}
	return [][]rune{[]rune(words[0][len(last):] + " ")}, len([]rune(last))
}
