package line

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Keys are the keys that need more than the line.
type Keys interface {
	Help(line string) string       // what `?` shows behind it
	Complete(line string) []string // what its last word may be
	History() []string             // the lines before it, oldest first
}

// Options say where a line is typed.
type Options struct {
	Prompt string
	Width  int    // columns of the terminal; 0: no limit
	Text   string // typed already
	Secret bool   // nothing of it is shown
	Keys   Keys   // nil: `?` is a character, Tab and the arrows up and down are nothing
}

// End is how a line has ended.
type End uint8

// The ends of a line.
const (
	Going  End = iota // it has not
	Enter             // to be carried out
	Break             // Ctrl-C, Ctrl-Shift-6
	Finish            // Ctrl-Z: to be carried out, then configuration ends
	Escape            // Ctrl-]
	Gone              // Ctrl-D on an empty line
)

// The longest line, in characters; more is not taken.
const longest = 1 << 11

// Line is a line being typed.
type Line struct {
	o       Options
	text    []rune
	at      int // the cursor stands before text[at]
	key     sequence
	literal bool // the next key is a character, whatever it is

	killed  [][]rune // what was deleted together, the latest last
	yanked  int      // characters before the cursor that Ctrl-Y has put there
	recall  int      // how far Esc-Y has gone back
	history []string // fetched when it is asked for
	back    int      // lines gone back in it
	draft   []rune   // the line that was left for the history

	out  strings.Builder
	view view
}

// New begins a line and shows its prompt.
func New(o Options) *Line {
	l := &Line{o: o, text: []rune(o.Text)}
	l.at = len(l.text)
	l.redraw()
	return l
}

// Text is what has been typed.
func (l *Line) Text() string { return string(l.text) }

// SetWidth tells it of a new width of the terminal.
func (l *Line) SetWidth(columns int) { l.o.Width = columns }

// Shown hands out what the terminal has to show since it was asked last.
func (l *Line) Shown() string {
	text := l.out.String()
	l.out.Reset()
	return text
}

// redraw shows the prompt and the line where the cursor of the terminal is.
func (l *Line) redraw() {
	l.out.WriteString(l.o.Prompt)
	l.view = view{}
	l.draw()
}

// Above shows lines that came by themselves, each with its end, and then the
// line again, as `logging synchronous` does.
func (l *Line) Above(lines string) {
	l.Between(lines)
	l.redraw()
}

// Between shows lines that came by themselves. What is typed goes on below them
// as if nothing were: IOS does no more without `logging synchronous`.
func (l *Line) Between(lines string) { l.out.WriteString("\n" + lines) }

// Key takes an octet from the keyboard.
func (l *Line) Key(b byte) End {
	r, how, whole := l.key.take(b)
	if !whole {
		return Going
	}
	end := l.pressed(r, how)
	if end == Going {
		l.draw()
	}
	return end
}

// pressed takes a whole key.
func (l *Line) pressed(r rune, how kind) End {
	if how != meta || unicode.ToLower(r) != 'y' {
		l.yanked = 0
	}
	switch {
	case how == named:
		l.named(r)
	case how == meta:
		l.meta(r)
	case l.literal:
		l.literal = false
		l.insert(r)
	case r < ' ' || r == 0x7f:
		return l.control(r)
	case r == '?' && l.o.Keys != nil:
		l.help()
	case r != utf8.RuneError:
		l.insert(r)
	}
	return Going
}

// insert types characters.
func (l *Line) insert(runes ...rune) {
	if len(l.text)+len(runes) > longest {
		return
	}
	l.text = slices.Insert(l.text, l.at, runes...)
	l.at += len(runes)
}

// end shows that the line is over.
func (l *Line) end(e End, echo string) End {
	if l.o.Secret {
		echo = ""
	}
	l.out.WriteString(echo + "\n")
	return e
}

// help shows what may come where the cursor stands.
func (l *Line) help() {
	l.out.WriteString("?\n" + l.o.Keys.Help(string(l.text[:l.at])) + "\n")
	l.redraw()
}

// complete completes the last word when it can stand for one word only, on a
// line of its own, as IOS does.
func (l *Line) complete() {
	if l.o.Keys == nil {
		return
	}
	typed := string(l.text[:l.at])
	words := l.o.Keys.Complete(typed)
	if len(words) != 1 {
		return
	}
	last := typed[strings.LastIndexAny(typed, " \t")+1:]
	if !strings.HasPrefix(strings.ToLower(words[0]), strings.ToLower(last)) {
		return
	}
	l.insert([]rune(words[0][len(last):] + " ")...)
	l.out.WriteByte('\n')
	l.redraw()
}

// Typed is the line that somebody has typed who typed these octets, up to the
// first key that ends it. `?` is a character of it, and so is a Tab that completes
// nothing: a blank.
func Typed(octets string, k Keys) string {
	l := New(Options{Keys: k})
	for i := range len(octets) {
		l.literal = l.literal || octets[i] == '?'
		before, literal := len(l.text), l.literal
		if l.Key(octets[i]) != Going {
			break
		}
		if octets[i] == '\t' && !literal && len(l.text) == before {
			l.insert(' ')
		}
	}
	return l.Text()
}
