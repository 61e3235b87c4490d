package syntax

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// maxLine is the longest line that is read, in octets; what is longer is
// invalid input at its end.
const maxLine = 1024

// Command is one row of a command table; see the package comment for Syntax
// and Help.
type Command[T any] struct {
	Syntax   string
	Help     string
	Hidden   bool                 // understood but not offered by `?` and Tab
	NoEffect bool                 // accepted, stored and printed, but nothing acts on it yet
	Enters   bool                 // it may enter a mode
	Set      func(*T, Args) error // does it; on an error it has changed nothing
	Clear    func(*T, Args) error // `no` form; nil: there is none
	Default  func(*T, Args) error // `default` form; nil: as Clear
	Show     func(*T) []string    // its lines of running-config
	Usual    func(*T) []string    // what holds where Show has none, as a line; nil: nothing is told of it
}

// Table is the commands of one mode.
type Table[T any] struct {
	Title    string // heads the mode's first-level `?`: "Exec commands:"
	Commands []Command[T]
	Filtered []string // the first words of commands whose output may be filtered; `?` offers the bar
	grammar  grammar
}

// NewTable compiles rows. It panics on a row whose Syntax or Help is wrong:
// rows are ours, not the user's.
func NewTable[T any](title string, rows ...[]Command[T]) *Table[T] {
	t := &Table[T]{Title: title, Commands: slices.Concat(rows...)}
	for _, c := range t.Commands {
		s, err := compile(c.Syntax, c.Help)
		if err != nil {
			panic(err)
		}
		begin := thread{row: len(t.grammar.rows), at: -1}
		t.grammar.start.threads = append(t.grammar.start.threads, begin)
		if c.Clear != nil || c.Default != nil {
			t.grammar.startNegated.threads = append(t.grammar.startNegated.threads, begin)
		}
		t.grammar.rows = append(t.grammar.rows, s)
		t.grammar.offered = append(t.grammar.offered, !c.Hidden)
	}
	t.grammar.start.split(&t.grammar)
	t.grammar.startNegated.split(&t.grammar)
	return t
}

// Match is a parsed line.
type Match[T any] struct {
	Command *Command[T]
	Args    Args
}

// Parse reads a line that holds a command. Its errors are ErrInvalid,
// ErrIncomplete (also for a blank line) and ErrAmbiguous.
func (t *Table[T]) Parse(line string) (Match[T], error) {
	return t.ParseForm(line, Form{}, new(Memory))
}

// Form says where in a line a command begins, and whether it is its `no` or
// `default` form, which may be shorter.
type Form struct {
	From    int // octets
	Negated bool
}

// Memory is what the reading of a line needs and the next one can use again.
// The zero value is ready; what was read does not depend on it.
type Memory struct {
	fields []field
	taken  []taken
	room   [2][]thread // a word's threads lie in one; the next word's go to the other
}

// ParseForm is Parse for a command in a form.
func (t *Table[T]) ParseForm(line string, f Form, m *Memory) (Match[T], error) {
	row, args, err := t.grammar.match(line, f, m)
	if err != nil {
		return Match[T]{}, err
	}
	return Match[T]{Command: &t.Commands[row], Args: args}, nil
}

// grammar is a table without what its commands do.
type grammar struct {
	rows         []*syntax
	offered      []bool
	start        stand // before all rows
	startNegated stand // before those that have a `no` form
}

// thread is one way to read the words so far.
type thread struct {
	row, at int // at: the token matched last; -1: none yet
	last    int // the last of its words in walk.taken, counted from 1
	words   int
	head    int    // words up to the last "/" that was passed
	seen    uint64 // keywords that were used of groups that go on, by their bits
}

// taken is a word as a thread took it. Threads share the words before.
type taken struct {
	argument
	before int // counted from 1; 0: it is the first
}

// walk is the reading of a line.
type walk struct {
	g       *grammar
	line    string
	negated bool
	at      *stand // nil: what may follow was not worked out before
	threads []thread
	*Memory
	words     int  // words read
	ambiguous bool // a word abbreviated several keywords
	done      bool // an argument took the rest of the line
}

// begin stands before the first word.
func (g *grammar) begin(line string, negated bool, m *Memory) *walk {
	m.taken = m.taken[:0]
	w := &walk{g: g, line: line, negated: negated, at: &g.start, Memory: m}
	if negated {
		w.at = &g.startNegated
	}
	w.threads = w.at.threads
	return w
}

// next returns what may follow a thread.
func (g *grammar) next(t thread) []int {
	if t.at < 0 {
		return g.rows[t.row].first
	}
	return g.rows[t.row].follow[t.at]
}

// accepts says whether the command may end after the thread.
func (w *walk) accepts(t thread) bool {
	if t.at < 0 {
		return false
	}
	s := w.g.rows[t.row]
	return s.end[t.at] || w.negated && s.slash[t.at]
}

// step reads one word, or returns ErrInvalid when nothing takes it.
func (w *walk) step(word field) error {
	if w.done || w.along(word) {
		return nil
	}
	best := rank(0)
	fits, before := w.room[w.words%2][:0], len(w.taken)
	first, several, types := "", false, false // keywords that fit best; all are types of interfaces
	for _, t := range w.threads {
		for _, p := range w.g.next(t) {
			tok := &w.g.rows[t.row].tokens[p]
			r, ok := tok.fits(word.text)
			if !ok || r < best || t.used(tok) {
				continue
			}
			if r > best {
				best, fits, first, several, types = r, fits[:0], tok.keyword, false, tok.typ
				w.taken = w.taken[:before]
			}
			several = several || tok.keyword != first && !(tok.typ && types)
			types = types && tok.typ
			if !reached(fits, t.row, p) {
				fits = append(fits, w.take(t, p, tok, word, r))
			}
		}
	}
	w.room[w.words%2] = fits
	if len(fits) == 0 {
		return ErrInvalid{Offset: word.offset + w.wrong(word)}
	}
	w.threads = fits
	w.words++
	w.ambiguous = w.ambiguous || best == rankPrefix && several
	w.done = best == rankLine
	return nil
}

// reached says whether one of the threads, the last of which are the row's,
// stands at one of its tokens. One way to a place is enough: words that fit in
// several orders would otherwise multiply the threads.
func reached(threads []thread, row, at int) bool {
	for i := len(threads) - 1; i >= 0 && threads[i].row == row; i-- {
		if threads[i].at == at {
			return true
		}
	}
	return false
}

// wrong counts the octets of a word that some keyword begins with.
func (w *walk) wrong(word field) (n int) {
	for _, t := range w.threads {
		for _, p := range w.g.next(t) {
			if tok := &w.g.rows[t.row].tokens[p]; !t.used(tok) {
				n = max(n, commonPrefix(tok.keyword, word.text))
			}
		}
	}
	return n
}

// commonPrefix counts the octets with which both begin, in any case: the
// caret stands under the first character that fits no command.
func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && strings.EqualFold(a[n:n+1], b[n:n+1]) {
		n++
	}
	return n
}

// used says whether the thread has passed the keyword already: a repeated
// group takes none twice.
func (t thread) used(tok *token) bool { return t.seen&tok.once != 0 }

// take moves a thread over a word.
func (w *walk) take(t thread, p int, tok *token, word field, r rank) thread {
	took := taken{tok.takes(word), t.last}
	next := w.g.over(t, p)
	switch {
	case tok.keyword != "":
	case r == rankLine:
		took.text = w.line[word.offset:]
	case tok.kind.name == "interface":
		took.text = InterfaceName(word.text)
	case tok.number:
		typ := w.taken[t.last-1]
		took.text, took.offset, took.before = typ.text+normalNumber(word.text), typ.offset, typ.before
	}
	if n := len(w.taken); n == 0 || w.taken[n-1] != took { // rows begin with the same words
		w.taken = append(w.taken, took)
	}
	next.last = len(w.taken)
	return next
}

// takes is a word as a token takes it.
func (t *token) takes(word field) argument {
	a := argument{name: t.name, text: word.text, offset: word.offset, secret: t.kind.secret, part: t.kind.part}
	if t.keyword != "" {
		a.text, a.keyword = t.keyword, true
	}
	return a
}

// over is a thread that has been moved over a token, but for where its words lie.
func (g *grammar) over(t thread, p int) thread {
	s := g.rows[t.row]
	next := thread{row: t.row, at: p, words: t.words + 1, head: t.head, seen: t.seen}
	switch tok := &s.tokens[p]; {
	case tok.keyword != "":
		next.seen |= tok.once
	case tok.number: // one with the type before it
		next.words--
	}
	if s.slash[p] || s.end[p] && t.head == 0 {
		next.head = next.words
	}
	return next
}

// args are the words of a thread.
func (w *walk) args(t thread) Args {
	a := Args{words: make([]argument, t.words), head: t.head}
	for i, at := t.words-1, t.last; i >= 0; i-- {
		a.words[i], at = w.taken[at-1].argument, w.taken[at-1].before
	}
	return a
}

// fits says whether, and how well, a token takes a word.
func (t *token) fits(word string) (rank, bool) {
	switch {
	case t.keyword == "":
		return t.kind.rank, t.kind.check(word)
	case word[0]|blankBit != t.keyword[0]|blankBit:
		return 0, false // most are told apart by their first letter
	case strings.EqualFold(t.keyword, word):
		return rankExact, true
	}
	return rankPrefix, !t.whole && hasPrefixFold(t.keyword, word)
}

// blankBit is what an ASCII letter and its capital differ in.
const blankBit = ' '

// match reads a command.
func (g *grammar) match(line string, f Form, m *Memory) (row int, args Args, err error) {
	end, err := m.split(line, f.From)
	if err != nil {
		return 0, Args{}, err
	}
	w := g.begin(line[:end], f.Negated, m)
	for _, word := range m.fields {
		if err := w.step(word); err != nil {
			return 0, Args{}, err
		}
	}
	if w.ambiguous {
		return 0, Args{}, ErrAmbiguous{Line: line}
	}
	for _, t := range w.threads {
		if w.accepts(t) {
			return t.row, w.args(t), nil
		}
	}
	return 0, Args{}, ErrIncomplete
}

// field is a word of a line and where it begins.
type field struct {
	text   string
	offset int
}

// split cuts a line into fields, beginning at octet from; end is where the
// last one ends. Control characters and broken UTF-8 are invalid input.
func (m *Memory) split(line string, from int) (end int, err error) {
	if len(line) > maxLine {
		return 0, ErrInvalid{Offset: maxLine}
	}
	start, fields, quoted := -1, m.fields[:0], 0
	for i, r := range line {
		blank := (r == ' ' || r == '\t') && i >= quoted
		switch {
		case r < ' ' && r != '\t', r == 0x7f, r == utf8.RuneError:
			return 0, ErrInvalid{Offset: i}
		case i < from:
		case blank && start >= 0:
			fields = append(fields, field{line[start:i], start})
			start, end = -1, i
		case !blank && start < 0:
			if start = i; r == '"' {
				quoted = i + quotedWord(line[i:])
			}
		}
	}
	if start >= 0 {
		fields, end = append(fields, field{line[start:], start}), len(line)
	}
	m.fields = fields
	return max(end, from), nil
}

// Begins says whether a command begins with a word, or with what it abbreviates.
func (t *Table[T]) Begins(word string) bool {
	m := new(Memory)
	if _, err := m.split(word, 0); err != nil || len(m.fields) == 0 {
		return false
	}
	return t.grammar.begin(word, false, m).step(m.fields[0]) == nil
}

// MayEnter says whether a line, as far as it is understood, may be a command that enters a mode.
func (t *Table[T]) MayEnter(line string) bool {
	m := new(Memory)
	if _, err := m.split(line, 0); err != nil {
		return true
	}
	w := t.grammar.begin(line, false, m)
	for _, word := range m.fields {
		if w.step(word) != nil {
			break
		}
	}
	return slices.ContainsFunc(w.threads, func(at thread) bool { return t.Commands[at.row].Enters })
}

// quotedWord is how long a word is that begins with a quotation mark, with the
// blanks within; 0: no mark ends it.
func quotedWord(text string) int {
	end := strings.IndexByte(text[1:], '"') + 2
	if end < 2 || end < len(text) && text[end] != ' ' && text[end] != '\t' {
		return 0
	}
	return end
}
