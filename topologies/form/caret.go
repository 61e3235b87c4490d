package form

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Files are shown at terminals: what they hold must not act there, nor fill
// the screen.

// around is how many characters are shown on either side of a place.
const around = 60

// Caret is a line and, below it, the caret under a column, which counts octets
// from 1: of a long line what stands around that.
func Caret(line string, column int) string {
	at := min(column-1, len(line))
	before, after := printable(line[:at]), printable(line[at:])
	if from := len(before) - around; from > 0 {
		for !utf8.RuneStart(before[from]) {
			from++
		}
		before = cutMark + before[from:]
	}
	return before + cut(after, around) + "\n" + strings.Map(blank, before) + "^"
}

// cutMark stands for what is not shown.
const cutMark = "..."

func blank(r rune) rune {
	if r == '\t' {
		return r
	}
	return ' '
}

// cut is a text up to so many octets.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most] + cutMark
}

// printable is a text with what a terminal would act on written as escapes; a
// tab stays.
func printable(text string) string {
	acts := func(r rune) bool { return r == utf8.RuneError || r != '\t' && !unicode.IsPrint(r) }
	if !strings.ContainsFunc(text, acts) {
		return text
	}
	var b strings.Builder
	for i, r := range text {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], string(utf8.RuneError)):
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case !acts(r):
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}
