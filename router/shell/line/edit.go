package line

import (
	"slices"
	"unicode"
)

// The keys that edit, as Cisco's "Using the Command-Line Interface" lists them.

// mostKilled is how many deletions Esc-Y goes back to.
const mostKilled = 10

// control takes a control key; those that mean nothing do nothing.
func (l *Line) control(r rune) End {
	switch r {
	case '\r', '\n':
		return l.end(Enter, "")
	case 0x03, 0x1e: // Ctrl-C; Ctrl-^, which IOS takes for Ctrl-Shift-6
		return l.end(Break, "")
	case 0x1a: // Ctrl-Z
		return l.end(Finish, "^Z")
	case 0x1d: // Ctrl-]
		return l.end(Escape, "")
	case 0x04: // Ctrl-D
		if len(l.text) == 0 {
			return Gone
		}
		l.remove(l.at, l.at+1, false)
	case '\t':
		l.complete()
	case 0x16, 0x11: // Ctrl-V, Ctrl-Q
		l.literal = true
	case 0x0c, 0x12: // Ctrl-L, Ctrl-R
		l.out.WriteByte('\n')
		l.redraw()
	default:
		l.edit(r)
	}
	return Going
}

// edit takes a control key that moves the cursor or changes the line.
func (l *Line) edit(r rune) {
	switch r {
	case 0x01: // Ctrl-A
		l.at = 0
	case 0x05: // Ctrl-E
		l.at = len(l.text)
	case 0x02: // Ctrl-B
		l.at = max(0, l.at-1)
	case 0x06: // Ctrl-F
		l.at = min(len(l.text), l.at+1)
	case 0x08, 0x7f: // Backspace
		l.remove(l.at-1, l.at, false)
	case 0x0b: // Ctrl-K
		l.remove(l.at, len(l.text), true)
	case 0x15, 0x18: // Ctrl-U, Ctrl-X
		l.remove(0, l.at, true)
	case 0x17: // Ctrl-W
		l.remove(wordBefore(l.text, l.at), l.at, true)
	case 0x14: // Ctrl-T
		l.transpose()
	case 0x19: // Ctrl-Y
		l.recall = 0
		l.yank()
	case 0x10: // Ctrl-P
		l.recallLine(l.back + 1)
	case 0x0e: // Ctrl-N
		l.recallLine(l.back - 1)
	}
}

// named takes a key that sends a sequence, by its last octet; '3' is Delete.
func (l *Line) named(r rune) {
	if key, ok := map[rune]rune{'A': 0x10, 'B': 0x0e, 'C': 0x06, 'D': 0x02, 'H': 0x01, '1': 0x01, '7': 0x01, 'F': 0x05, '4': 0x05, '8': 0x05}[r]; ok {
		l.edit(key)
	} else if r == '3' {
		l.remove(l.at, l.at+1, false)
	}
}

// meta takes a key behind Escape.
func (l *Line) meta(r rune) {
	switch unicode.ToLower(r) {
	case 'b':
		l.at = wordBefore(l.text, l.at)
	case 'f':
		l.at = wordBehind(l.text, l.at)
	case 'd':
		l.remove(l.at, wordBehind(l.text, l.at), true)
	case 'c':
		l.change(func(i int, r rune) rune {
			if i == 0 {
				return unicode.ToUpper(r)
			}
			return unicode.ToLower(r)
		})
	case 'l':
		l.change(func(_ int, r rune) rune { return unicode.ToLower(r) })
	case 'u':
		l.change(func(_ int, r rune) rune { return unicode.ToUpper(r) })
	case 'y':
		l.yankBefore()
	case 0x08, 0x7f:
		l.remove(wordBefore(l.text, l.at), l.at, true)
	}
}

// remove deletes characters; kept is what Ctrl-Y brings back.
func (l *Line) remove(from, to int, kept bool) {
	from, to = max(0, from), min(len(l.text), to)
	if from >= to {
		return
	}
	if kept {
		l.killed = append(l.killed, slices.Clone(l.text[from:to]))
		l.killed = l.killed[max(0, len(l.killed)-mostKilled):]
	}
	l.text = slices.Delete(l.text, from, to)
	l.at = from
}

// yank types what was deleted last.
func (l *Line) yank() {
	if len(l.killed) == 0 {
		return
	}
	what := l.killed[len(l.killed)-1-l.recall]
	before := l.at
	l.insert(what...)
	l.yanked = l.at - before
}

// yankBefore puts an older deletion in the place of what was yanked.
func (l *Line) yankBefore() {
	if l.yanked == 0 {
		return
	}
	l.remove(l.at-l.yanked, l.at, false)
	l.recall = (l.recall + 1) % len(l.killed)
	l.yank()
}

// transpose changes the places of the characters before and below the cursor,
// or of the last two.
func (l *Line) transpose() {
	at := l.at
	if at == len(l.text) {
		at--
	}
	if at < 1 {
		return
	}
	l.text[at-1], l.text[at] = l.text[at], l.text[at-1]
	l.at = at + 1
}

func wordBefore(text []rune, at int) int {
	for at > 0 && !inWord(text[at-1]) {
		at--
	}
	for at > 0 && inWord(text[at-1]) {
		at--
	}
	return at
}

func wordBehind(text []rune, at int) int {
	for at < len(text) && !inWord(text[at]) {
		at++
	}
	for at < len(text) && inWord(text[at]) {
		at++
	}
	return at
}

func inWord(r rune) bool { return !unicode.IsSpace(r) }

// change rewrites the characters up to the end of the word.
func (l *Line) change(to func(i int, r rune) rune) {
	end, n := wordBehind(l.text, l.at), 0
	for ; l.at < end; l.at++ {
		if inWord(l.text[l.at]) {
			l.text[l.at] = to(n, l.text[l.at])
			n++
		}
	}
}

// recallLine goes to the line that is so many back in the history; 0 is the one
// that was left for it.
func (l *Line) recallLine(back int) {
	if l.o.Keys == nil {
		return
	}
	if l.back == 0 {
		l.history, l.draft = l.o.Keys.History(), slices.Clone(l.text)
	}
	if back < 0 || back > len(l.history) {
		return
	}
	l.back, l.text = back, slices.Clone(l.draft)
	if back > 0 {
		l.text = []rune(l.history[len(l.history)-back])
	}
	l.at = len(l.text)
}
