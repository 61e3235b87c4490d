package editor

import (
	"slices"
	"strings"
)

// block is what a wrong line takes along: the lines that belong to it have no
// mode to be entered in. Those that are indented further than it, or, where
// nothing is indented and the line may have been one that enters a mode, those up to
// what is a command of its own.
type block struct {
	indent    int
	flat      bool   // nothing is indented below it
	delimiter string // of a text that it begins; "": it begins none
	error     int    // its place among the errors
}

// passes says whether a line belongs to the block that is passed over.
func (r *reader) passes(line string) bool {
	b := r.block
	if b == nil {
		return false
	}
	if b.delimiter == "" && !r.within(b, line) {
		r.block = nil
		return false
	}
	r.refused[b.error].Passed++
	switch word := strings.TrimSpace(line); {
	case b.delimiter != "":
		if strings.Contains(line, b.delimiter) {
			r.block = nil
		}
	case b.flat && word == "exit":
		r.block = nil
	}
	return true
}

func (r *reader) within(b *block, line string) bool {
	text := strings.TrimSpace(line)
	if text == "" || text[0] == '!' && indent(line) <= b.indent {
		return false
	}
	if indent(line) > b.indent || !b.flat {
		return indent(line) > b.indent
	}
	cmd, err := r.ed.stack[0].mode.parse(line, r.ed.memory)
	return err != nil || cmd.text() && !cmd.exact(line) // what is kept whatever it says is no proof
}

// begins says whether a line that is wrong would begin a block of its own,
// instead of belonging to the one before it.
func (r *reader) begins(line string) bool {
	if indent(line) > 0 || len(r.ed.stack) == 1 || r.section.indented || r.section.ended {
		return indent(line) == 0
	}
	word, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	return r.ed.stack[0].mode.begins(word) && !r.ed.top().mode.begins(word)
}

// mayEnter says whether a line may be a command of the mode that enters another one, by its words
// that are understood.
func (m *Mode[O]) mayEnter(line string) bool { return m.table.MayEnter(line) }

// mostParagraph is how far one looks for the end of a paragraph.
const mostParagraph = 100

// paragraph is how many lines follow until a comment, a blank line or the end,
// and whether one of them is indented.
func paragraph(lines []string) (end int, indented bool) {
	for end < min(len(lines), mostParagraph) {
		text := strings.TrimSpace(lines[end])
		if text == "" || text[0] == '!' {
			break
		}
		indented = indented || indent(lines[end]) > 0
		end++
	}
	return end, indented
}

// textWords begin the commands behind which a text stands that is not read.
var textWords = []string{"banner", "macro", "certificate"}

// mayBeginText says whether a line looks like a command that a text follows.
func mayBeginText(line string) bool {
	word, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	return word != "" && slices.ContainsFunc(textWords, func(w string) bool { return strings.HasPrefix(w, strings.ToLower(word)) })
}

// openText is the delimiter of a text that a wrong line begins and that goes on
// below it: `banner WHICH ^C`, or `macro name WHICH`, which @ ends.
func openText(line string) string {
	words := strings.Fields(line)
	switch {
	case !mayBeginText(line) || len(words) < 3:
		return ""
	case strings.HasPrefix("macro", strings.ToLower(words[0])):
		if strings.HasPrefix("name", strings.ToLower(words[1])) {
			return "@"
		}
		return ""
	}
	delimiter, rest := cutDelimiter(words[2])
	if strings.Contains(rest+strings.Join(words[3:], " "), delimiter) {
		return ""
	}
	return delimiter
}
