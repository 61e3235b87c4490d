package syntax

import (
	"maps"
	"slices"
	"strings"
)

// Option is one entry of a `?` list.
type Option struct {
	Word, Help string
	Argument   bool // Word is a placeholder, not a keyword
}

const carriageReturn = "<cr>"

// Help is what `?` prints behind line: the keywords that its last word
// abbreviates, or, when it ends with a blank, what may come next. An error is
// one of Parse's.
func (t *Table[T]) Help(line string) ([]string, error) { return t.HelpForm(line, Form{}) }

// HelpForm is Help for a command in a form.
func (t *Table[T]) HelpForm(line string, f Form) ([]string, error) {
	lines, err := t.grammar.help(line, f, t.Filtered)
	if err == nil && strings.TrimSpace(line) == "" && t.Title != "" {
		lines = append([]string{t.Title}, lines...)
	}
	return lines, err
}

// Complete returns the keywords which the last word of line abbreviates; Tab
// completes when there is exactly one. After a blank there is nothing to
// complete.
func (t *Table[T]) Complete(line string) []string { return t.CompleteForm(line, Form{}) }

// CompleteForm is Complete for a command in a form.
func (t *Table[T]) CompleteForm(line string, f Form) []string { return t.grammar.complete(line, f) }

func (g *grammar) help(line string, f Form, filtered []string) ([]string, error) {
	w, last, err := g.walkTo(line, f)
	if err != nil {
		return nil, err
	}
	options := w.options(last.text)
	switch {
	case last.text == "" && w.ambiguous:
		return nil, ErrAmbiguous{Line: line}
	case last.text == "":
		return Columns(withBar(options, slices.Contains(filtered, w.first()))), nil
	case len(options) == 0:
		return []string{MsgUnrecognized}, nil
	}
	words := make([]string, len(options))
	for i, o := range options {
		if o.Argument {
			return Columns(options), nil
		}
		words[i] = o.Word
	}
	return wordRow(words), nil
}

// first is the keyword that the line begins with; "": there is none.
func (w *walk) first() string {
	for _, t := range w.threads {
		if t.last > 0 {
			at := w.taken[t.last-1]
			for at.before > 0 {
				at = w.taken[at.before-1]
			}
			return at.text
		}
	}
	return ""
}

// withBar offers the bar before the end of a command whose output may be
// filtered.
func withBar(options []Option, filtered bool) []Option {
	n := len(options) - 1
	if !filtered || n < 0 || options[n].Word != carriageReturn {
		return options
	}
	return append(options[:n:n], Option{Word: "|", Help: "Output modifiers"}, options[n])
}

func (g *grammar) complete(line string, f Form) []string {
	w, last, err := g.walkTo(line, f)
	if err != nil || last.text == "" {
		return nil
	}
	var words []string
	for _, o := range w.options(last.text) {
		if !o.Argument {
			words = append(words, o.Word)
		}
	}
	return words
}

// walkTo reads all words but the one that the cursor stands in; last is that
// one, empty after a blank.
func (g *grammar) walkTo(line string, f Form) (*walk, field, error) {
	m := new(Memory)
	end, err := m.split(line, f.From)
	if err != nil {
		return nil, field{}, err
	}
	fields, last := m.fields, field{}
	if n := len(fields); n > 0 && end == len(line) {
		fields, last = fields[:n-1], fields[n-1]
	}
	w := g.begin(line[:end], f.Negated, m)
	for _, word := range fields {
		if err := w.step(word); err != nil {
			return nil, field{}, err
		}
	}
	return w, last, nil
}

// options lists what may come next and begins with (or takes) prefix.
func (w *walk) options(prefix string) []Option {
	found := map[string]Option{}
	for _, t := range w.threads {
		if !w.g.offered[t.row] {
			continue
		}
		if prefix == "" && w.accepts(t) {
			found[carriageReturn] = Option{Word: carriageReturn, Argument: true}
		}
		if w.done {
			continue
		}
		for _, p := range w.g.next(t) {
			tok := &w.g.rows[t.row].tokens[p]
			if t.used(tok) || tok.kind.name == "interface" || prefix != "" && !tok.mayTake(prefix) {
				continue
			}
			if word := tok.show(); found[word].Help == "" {
				found[word] = Option{word, tok.help, tok.keyword == ""}
			}
		}
	}
	return sortedOptions(found)
}

// mayTake says whether a word that begins with prefix can stand here.
func (t *token) mayTake(prefix string) bool {
	if t.keyword != "" {
		return hasPrefixFold(t.keyword, prefix)
	}
	return t.kind.rank != rankNarrow || t.kind.check(prefix)
}

func (t *token) show() string {
	if t.keyword != "" {
		return t.keyword
	}
	return t.kind.show
}

func sortedOptions(found map[string]Option) []Option {
	options := slices.Collect(maps.Values(found))
	slices.SortFunc(options, func(a, b Option) int {
		if last := carriageReturn; a.Word == last || b.Word == last {
			return boolInt(a.Word == last) - boolInt(b.Word == last)
		}
		return strings.Compare(a.Word, b.Word)
	})
	return options
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Columns prints a `?` list: two blanks, the word padded to the longest, two
// blanks, its help.
func Columns(options []Option) []string {
	width := 0
	for _, o := range options {
		width = max(width, len(o.Word))
	}
	lines := make([]string, len(options))
	for i, o := range options {
		line := "  " + o.Word
		if o.Help != "" {
			line += strings.Repeat(" ", width-len(o.Word)+2) + o.Help
		}
		lines[i] = line
	}
	return lines
}

// wordRowWidth is the terminal's width that word help fills.
const wordRowWidth = 78

// wordRow prints word help (`sh?`): words in columns, without their help.
func wordRow(words []string) []string {
	width := 0
	for _, word := range words {
		width = max(width, len(word)+2)
	}
	perLine := max(1, wordRowWidth/max(1, width))
	var lines []string
	for row := range slices.Chunk(words, perLine) {
		var b strings.Builder
		for _, word := range row {
			b.WriteString(word + strings.Repeat(" ", width-len(word)))
		}
		lines = append(lines, strings.TrimRight(b.String(), " "))
	}
	return lines
}
