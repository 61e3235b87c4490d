package editor

import (
	"slices"
	"strings"
)

// misplaced begin commands of EXEC that hands type in configure mode: none is part of a text.
var misplaced = strings.Fields("show sh ping traceroute trace write wr copy clear debug undebug configure conf reload telnet ssh")

// pasted says whether a line stands further in than the head of the text that a person is in.
func (ed *Editor) pasted(line string) bool {
	return !ed.file && ed.top().mode.textual() && indent(line) > ed.top().indent
}

// meant says whether a line that no mode knows is part of the text that a person is in: what was
// pasted below its head, and else what begins like no command of the modes there, written right or
// nearly so.
func (ed *Editor) meant(line string) bool {
	if ed.pasted(line) {
		return true
	}
	words := strings.Fields(line)
	if len(words) > 1 && (words[0] == "no" || words[0] == "default") {
		words = words[1:]
	}
	return !slices.Contains(misplaced, words[0]) && !slices.ContainsFunc(ed.stack, func(f frame) bool { return f.mode.claims(words[0]) })
}

// claims says whether a word begins a command of the mode, or would but for a slip of the hand.
func (m *Mode[O]) claims(word string) bool {
	return m.begins(word) || slices.ContainsFunc(m.table.Commands, func(c Row[O]) bool {
		first, _, _ := strings.Cut(c.Syntax, " ")
		return slipped(word, first)
	})
}

// leastSlip is how long a word is that is known again with a slip: short ones are too much alike.
const leastSlip = 5

// slipped says whether a letter is missing, too many or another one, or two have changed places.
func slipped(word, meant string) bool {
	if min(len(word), len(meant)) < leastSlip {
		return false
	}
	same := commonPrefix(word, meant)
	a, b := word[same:], meant[same:]
	for a != "" && b != "" && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return len(a) <= 1 && len(b) <= 1 || len(a) == 2 && len(b) == 2 && a[0] == b[1] && a[1] == b[0]
}

// commonPrefix counts the octets with which both begin.
func commonPrefix(a, b string) (n int) {
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}
