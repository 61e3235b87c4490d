package phrase

import (
	"iter"
	"strings"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// cells counts columns the same way on every machine, whatever its locale.
var cells = &runewidth.Condition{}

// Width is how many columns of a terminal a text takes: two for a kanji.
func Width(text string) int {
	if plain(text) {
		return len(text)
	}
	return cells.StringWidth(text)
}

// plain says whether each octet of a text takes a column.
func plain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

// neverFirst are the signs that Japanese does not begin a line with.
const neverFirst = "、。，．・：；？！）」』】〉》ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ%),.:;?!"

// Wrap breaks a text into lines of at most so many columns: between words, and between
// any two wide characters where Japanese allows that. A word longer than a line has a line of its own.
func Wrap(text string, columns int) []string {
	if len(text) <= columns && plain(text) { // almost all
		return []string{strings.TrimRight(text, " ")}
	}
	text = strings.ToValidUTF8(text, "\uFFFD")
	var lines []string
	begin, end, width := 0, 0, 0 // of the line so far
	for a := range atoms(text) {
		shown := strings.TrimRight(a, " ")
		w := Width(shown)
		if end > begin && width+w > columns {
			lines = append(lines, strings.TrimRight(text[begin:end], " "))
			begin, width = end, 0
		}
		end, width = end+len(a), width+w+len(a)-len(shown)
	}
	return append(lines, strings.TrimRight(text[begin:], " "))
}

// atoms are what a line is not broken within, each with the blanks behind it.
func atoms(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		begin, last := 0, rune(0)
		for i, r := range text {
			if i > begin && breaks(last, r) {
				if !yield(text[begin:i]) {
					return
				}
				begin = i
			}
			last = r
		}
		if begin < len(text) {
			yield(text[begin:])
		}
	}
}

// breaks says whether a line may end between two characters.
func breaks(before, after rune) bool {
	if before < utf8.RuneSelf && after < utf8.RuneSelf && before != ' ' {
		return false // soon
	}
	if after == ' ' || strings.ContainsRune(neverFirst, after) || strings.ContainsRune("（「『【〈《", before) {
		return false
	}
	return before == ' ' || cells.RuneWidth(before) == 2 || cells.RuneWidth(after) == 2
}

// Fold is Wrap which cuts what is longer than a line.
func Fold(text string, columns int) (list []string) {
	columns = max(columns, 2)
	for _, l := range Wrap(text, columns) {
		for Width(l) > columns {
			var head string
			head, l = cut(l, columns)
			list = append(list, head)
		}
		list = append(list, l)
	}
	return list
}

// cut divides a text so that the first part takes so many columns at most.
func cut(text string, columns int) (head, rest string) {
	width := 0
	for i, r := range text {
		if width += cells.RuneWidth(r); width > columns && i > 0 {
			return text[:i], text[i:]
		}
	}
	return text, ""
}
