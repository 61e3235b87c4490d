package editor

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"ikelab/iosconfig"
)

// reader is a file being read.
type reader struct {
	ed      Editor
	commit  iosconfig.Commit
	refused []FileError
	notes   []warning
	kept    []string // the command words of the lines without effect
	block   *block   // that is passed over; nil: none is
	section section
	looked  int // how many lines of the file had a say in what has come so far
}

// section is how the lines below the last head of a block are written.
type section struct {
	indented bool // one of them is
	ended    bool // a comment or a blank line followed
}

// copy is a reader that goes on from here on its own.
func (r *reader) copy() reader {
	c := *r
	c.ed.store = iosconfig.NewStore(r.ed.store.Running())
	c.commit.Changes, c.refused, c.notes = slices.Clip(r.commit.Changes), slices.Clone(r.refused), slices.Clip(r.notes)
	c.kept = slices.Clip(r.kept)
	if r.block != nil {
		b := *r.block
		c.block = &b
	}
	return c
}

// end is what has come of the file.
func (r *reader) end() Loaded {
	r.commit.After = r.ed.store.Running()
	l := Loaded{Commit: r.commit, Refused: r.refused, Warnings: r.warnings()}
	at := map[string]int{}
	for _, head := range r.kept {
		i, known := at[head]
		if !known {
			i, at[head] = len(l.Kept), len(l.Kept)
			l.Kept = append(l.Kept, Kin{Head: head})
		}
		l.Kept[i].Lines++
	}
	return l
}

// read takes the line of an index.
func (r *reader) read(lines []string, i int) {
	line := lines[i]
	switch {
	case r.ed.passage != nil:
		_, _ = r.ed.Enter(line) // no error: a text is not read as commands
		return
	case r.passes(line) || showHeader(line):
		return
	}
	if r.unended(lines, i) {
		return
	}
	result, err := r.ed.Enter(line)
	if err != nil {
		r.refuse(lines, i, err)
		return
	}
	r.note(i, line, result)
}

// note keeps what a line that was accepted has done.
func (r *reader) note(i int, line string, result Result) {
	blank := strings.Trim(line, " \t")
	switch {
	case blank == "" || blank[0] == '!':
		r.section.ended = r.section.ended || indent(line) == 0
	case indent(line) > 0:
		r.section.indented = true
	case len(r.ed.stack) == 1 || result.entered:
		r.section = section{}
	}
	for _, n := range result.notes {
		at := FileError{Line: i + 1, Column: 1 + indent(line), Text: line, Public: told(line, result.Commit.Changes)}
		r.notes = append(r.notes, warning{at, n})
	}
	if result.kept != "" && len(result.notes) == 0 {
		r.kept = append(r.kept, result.kept)
	}
	r.commit.Changes = append(r.commit.Changes, result.Commit.Changes...)
}

// told is what may be told of a line, as its changes say.
func told(line string, changes []iosconfig.Change) string {
	for _, c := range changes {
		if c.Public != c.Line {
			return c.Public
		}
	}
	return line
}

// mostText is how many lines the text of a banner has at most: what is longer
// has lost its delimiter.
const mostText = 1000

// unended refuses a line with which a text begins that does not end, instead of
// taking the rest of the file for it.
func (r *reader) unended(lines []string, i int) bool {
	probe := *r
	probe.ed.store = iosconfig.NewStore(r.ed.store.Running())
	if !mayBeginText(lines[i]) {
		return false
	}
	if _, err := probe.ed.Enter(lines[i]); err != nil || probe.ed.passage == nil {
		return false
	}
	p := probe.ed.passage
	end := slices.IndexFunc(lines[i+1:min(len(lines), i+1+mostText)], p.ends)
	r.look(lines, i+1+end, end < 0)
	if end >= 0 {
		return false
	}
	e := FileError{Line: i + 1, Column: 1, Text: lines[i], Public: lines[i], Msg: "% The text does not end: no " + strconv.Quote(p.delimiter) + " follows"}
	r.refused = append(r.refused, e)
	return true
}

// look notes that the lines up to an index, or all that may follow, had a say.
func (r *reader) look(lines []string, upTo int, all bool) {
	if r.looked = max(r.looked, upTo+1); all {
		r.looked = math.MaxInt
	}
}

// refuse keeps what is wrong with a line, and has its block passed over.
func (r *reader) refuse(lines []string, i int, err error) {
	line := lines[i]
	e := fileError(i+1, line, err)
	e.Public = r.ed.Public(line)
	e.Below = strings.Join(r.ed.top().path, " ")
	r.refused = append(r.refused, e)
	r.block = &block{indent: indent(line), error: len(r.refused) - 1, delimiter: openText(line)}
	if r.begins(line) {
		r.ed.stack = r.ed.stack[:1:1]
		end, indented := paragraph(lines[i+1:])
		r.look(lines, i+1+end, i+1+end == len(lines))
		r.block.flat = !indented && r.ed.top().mode.mayEnter(line)
	}
}

// warning is a note of a file's line.
type warning struct {
	at FileError
	note
}

// warnings are those that hold of the whole file, each once.
func (r *reader) warnings() []FileError {
	var list []FileError
	said := map[string]bool{}
	for _, w := range r.notes {
		w.at.Msg = w.says(r.ed.store.Running())
		if w.at.Msg != "" && !said[w.at.Msg] {
			list = append(list, w.at)
		}
		said[w.at.Msg] = true
	}
	return list
}
