package editor

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/syntax"
)

// FileError is one wrong line of a configuration file.
type FileError struct {
	Line, Column int    // both begin with 1; the column counts octets
	Text         string // the line
	Msg          string // what IOS says
}

func (e FileError) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Msg) }

// Loader reads configuration files, one after the other. What a file begins
// with as the one before it did is not read again: configurations do not
// change, so both share what those lines have made.
type Loader struct {
	lines []string // of the file before
	marks []reader // marks[i]: the reader when it had read the first i of them
}

// sharedLines is how far into a file a Loader looks for what it has read
// already: to keep all that a long file was, line by line, would cost more.
const sharedLines = 256

// NewLoader makes one for files that change a configuration.
func NewLoader(from *iosconfig.Config, global *Mode[iosconfig.Config]) *Loader {
	ed := New(iosconfig.NewStore(from), global)
	ed.file = true
	return &Loader{marks: []reader{{ed: *ed, commit: iosconfig.Commit{Before: from}}}}
}

// Load reads a file as one commit. It reports every wrong line; then there is
// none. What is indented below a wrong line belongs to it and is passed over,
// since the mode that it needs was not entered. Warnings are of lines that are
// right but do not do what they seem to.
func (l *Loader) Load(text string) (commit iosconfig.Commit, errs, warnings []FileError) {
	lines := strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n") // without a byte order mark
	known := l.known(lines)
	l.lines, l.marks = lines, slices.Grow(l.marks[:known+1], min(len(lines), sharedLines)-known)
	r := l.marks[known].copy()
	for i := known; i < len(lines); i++ {
		r.read(i+1, strings.TrimSuffix(lines[i], "\r"))
		if i < sharedLines {
			l.marks = append(l.marks, r.copy())
		}
	}
	return r.end()
}

// known is how many lines need not be read. A banner's text is read as a whole.
func (l *Loader) known(lines []string) int {
	n := 0
	for n < min(len(l.lines), len(lines), len(l.marks)-1) && lines[n] == l.lines[n] {
		n++
	}
	for l.marks[n].ed.banner != nil {
		n--
	}
	return n
}

// reader is a file being read.
type reader struct {
	ed         Editor
	commit     iosconfig.Commit
	errs       []FileError
	notes      []warning
	skip       bool // inside the section of a wrong line
	bannerLine int  // where the last banner began
}

// copy is a reader that goes on from here on its own.
func (r *reader) copy() reader {
	c := *r
	c.ed.store = iosconfig.NewStore(r.ed.store.Running())
	c.commit.Changes, c.errs, c.notes = slices.Clip(r.commit.Changes), slices.Clip(r.errs), slices.Clip(r.notes)
	return c
}

// end is what has come of the file.
func (r *reader) end() (commit iosconfig.Commit, errs, warnings []FileError) {
	if b := r.ed.banner; b != nil {
		r.errs = append(r.errs, FileError{Line: r.bannerLine, Column: 1, Text: b.line,
			Msg: "% The banner's text does not end: no " + strconv.Quote(b.delimiter) + " follows"})
	}
	if len(r.errs) > 0 {
		return iosconfig.Commit{}, r.errs, r.warnings()
	}
	r.commit.After = r.ed.store.Running()
	return r.commit, nil, r.warnings()
}

func (r *reader) read(number int, line string) {
	if r.ed.banner != nil {
		_, _ = r.ed.Enter(line) // no error: a banner's text is not read as commands
		return
	}
	indented := strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t")
	if showHeader(line) || r.skip && indented {
		return
	}
	result, err := r.ed.Enter(line)
	r.skip = err != nil && !indented
	if err != nil {
		r.errs = append(r.errs, fileError(number, line, err))
	}
	for _, n := range result.notes {
		at := FileError{Line: number, Column: 1 + indent(line), Text: line, Msg: n.text}
		r.notes = append(r.notes, warning{at, n})
	}
	r.commit.Changes = append(r.commit.Changes, result.Commit.Changes...)
	r.bannerLine = number
}

// showHeader says whether a line is what `show running-config` prints before
// the configuration, which people paste with it.
func showHeader(line string) bool {
	return line == "Building configuration..." || strings.HasPrefix(line, "Current configuration : ")
}

// indent is how many octets of blanks a line begins with.
func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }

// fileError turns an error of Enter into one of a file.
func fileError(number int, line string, err error) FileError {
	var invalid syntax.ErrInvalid
	var do ErrDo
	if errors.As(err, &do) { // there is no session that could run it
		err = syntax.ErrInvalid{Offset: indent(line)}
	}
	e := FileError{Line: number, Column: 1 + indent(line), Text: line}
	switch {
	case errors.As(err, &invalid):
		e.Column, e.Msg = min(invalid.Offset, len(line))+1, syntax.MsgInvalid
	case errors.Is(err, syntax.ErrIncomplete):
		e.Column, e.Msg = len(strings.TrimRight(line, " \t"))+1, syntax.MsgIncomplete
	default:
		e.Msg = strings.TrimSpace(strings.Join(syntax.Refusal(err, 0), " "))
	}
	return e
}
