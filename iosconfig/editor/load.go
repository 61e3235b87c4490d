package editor

import (
	"errors"
	"fmt"
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

// Caret returns the line and, below it, the caret under the column.
func (e FileError) Caret() []string {
	blank := func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}
	before := e.Text[:min(e.Column-1, len(e.Text))]
	return []string{e.Text, strings.Map(blank, before) + "^"}
}

// Load reads a configuration file as one commit. It reports every wrong line;
// then there is none. What is indented below a wrong line belongs to it and is
// passed over, since the mode that it needs was not entered. Warnings are of
// lines that are right but do not do what they seem to.
func Load(text string, from *iosconfig.Config, global *Mode[iosconfig.Config]) (commit iosconfig.Commit, errs, warnings []FileError) {
	ed := New(iosconfig.NewStore(from), global)
	ed.file = true
	r := reader{ed: ed, commit: iosconfig.Commit{Before: from}}
	text = strings.TrimPrefix(text, "\ufeff") // a byte order mark
	number := 0
	for line := range strings.SplitSeq(text, "\n") {
		number++
		r.read(number, strings.TrimSuffix(line, "\r"))
	}
	if ed.banner != nil {
		r.errs = append(r.errs, FileError{Line: r.bannerLine, Column: 1, Text: ed.banner.line,
			Msg: "% The banner's text does not end: no " + strconv.Quote(ed.banner.delimiter) + " follows"})
	}
	if len(r.errs) > 0 {
		return iosconfig.Commit{}, r.errs, r.warnings()
	}
	r.commit.After = ed.store.Running()
	return r.commit, nil, r.warnings()
}

// reader is a file being read.
type reader struct {
	ed         *Editor
	commit     iosconfig.Commit
	errs       []FileError
	notes      []warning
	skip       bool // inside the section of a wrong line
	bannerLine int  // where the last banner began
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
