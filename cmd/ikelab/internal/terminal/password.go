package terminal

import (
	"io"
	"unicode/utf8"

	"github.com/chzyer/readline"
)

// longestPassword is what of a password is read, in octets: more than any has.
const longestPassword = 1024

// ReadPassword reads around the editor, which would show the line and remember
// it.
func (t *tty) ReadPassword(prompt string) (string, error) {
	t.ask(prompt)
	defer t.ask("")
	line, err := t.keyboard.password()
	t.Write("\n")
	return line, err
}

// ask sets what stands before a line that is not shown; log lines go above it.
func (t *tty) ask(prompt string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.asking = prompt
	t.print(prompt)
}

// password waits for a line. Its errors are those of endedBy, and io.EOF.
func (k *keyboard) password() (string, error) {
	var line []byte
	var key keySequence
	for {
		b, ok := k.next()
		within := key.escape != 0
		key.take(b)
		switch {
		case !ok:
			return "", io.EOF
		case within || key.escape != 0: // an arrow
		case b == '\r' || b == '\n':
			return string(line), nil
		case b == keyBreak, b == keyBreak2:
			return "", ErrBreak
		case b == keyEnd:
			return "", ErrEnd
		case b == keyEscape:
			return "", ErrEscape
		case b == readline.CharBackspace, b == readline.CharCtrlH:
			_, size := utf8.DecodeLastRune(line)
			line = line[:len(line)-size]
		case b == readline.CharCtrlU, b == keyKillLine:
			line = nil
		case b >= ' ' && len(line) < longestPassword:
			line = append(line, b)
		}
	}
}
