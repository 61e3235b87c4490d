package line

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// view is what the terminal shows of a line behind its prompt.
type view struct {
	from int    // of the line, is the first character
	text []rune // with "$" where the line goes on
	at   int    // the cursor
}

const (
	leastRoom = 10 // a terminal without that many columns behind the prompt wraps as it likes
	scrolled  = 10 // columns that a long line moves by
)

// draw shows what has changed.
func (l *Line) draw() {
	if l.o.Secret {
		return
	}
	old := l.view
	l.view = l.looks()
	same := 0
	for same < min(len(old.text), len(l.view.text)) && old.text[same] == l.view.text[same] {
		same++
	}
	at := old.at
	if same < max(len(old.text), len(l.view.text)) {
		move(&l.out, old.text, at, same)
		write(&l.out, l.view.text[same:])
		at = len(l.view.text)
		if gone := len(old.text) - at; gone > 0 {
			l.out.WriteString(strings.Repeat(" ", gone) + strings.Repeat("\b", gone))
		}
	}
	move(&l.out, l.view.text, at, l.view.at)
}

// move moves the cursor of the terminal: back by backspaces, on by what stands
// there.
func move(out *strings.Builder, text []rune, from, to int) {
	if to < from {
		out.WriteString(strings.Repeat("\b", from-to))
		return
	}
	write(out, text[from:to])
}

// write shows characters; a control character is shown as a dot, which takes one
// column too.
func write(out *strings.Builder, text []rune) {
	for _, r := range text {
		if unicode.IsControl(r) || r == utf8.RuneError {
			r = '.'
		}
		out.WriteRune(r)
	}
}

// looks is how the line looks now.
func (l *Line) looks() view {
	room := l.o.Width - utf8.RuneCountInString(l.o.Prompt) - 1
	if l.o.Width == 0 || room < leastRoom {
		return view{text: append([]rune(nil), l.text...), at: l.at}
	}
	from, size := l.view.from, len(l.text)
	step := min(scrolled, room/2)
	if l.at <= from {
		from = max(0, l.at-step)
	}
	if l.at-from >= room {
		from = l.at - room + step
	}
	if from+room < size && l.at-from == room-1 { // not upon the sign
		from += step
	}
	to := min(size, from+room)
	v := view{from: from, text: append([]rune(nil), l.text[from:to]...), at: l.at - from}
	if from > 0 && len(v.text) > 0 {
		v.text[0] = '$'
	}
	if to < size {
		v.text[len(v.text)-1] = '$'
	}
	return v
}
