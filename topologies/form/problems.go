package form

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one finding in a file. Line and Column count from 1; 0 means the
// file as a whole.
type Problem struct {
	File         string
	Line, Column int
	Message      string
	Caret        string // the line and a caret under the place, "" without
}

// longest is what is shown of a message, in octets.
const longest = 500

// Error is "file:line:column: message", followed by the caret if there is one:
// text that a terminal can be shown.
func (p Problem) Error() string {
	file, message := printable(p.File), cut(printable(p.Message), longest)
	text := file + ": " + message
	if p.Line > 0 {
		text = fmt.Sprintf("%s:%d:%d: %s", file, p.Line, p.Column, message)
	}
	if p.Caret != "" {
		text += "\n" + p.Caret
	}
	return text
}

// Problems is every finding of a file, as one error.
type Problems []Problem

// Error has one finding a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Err is ps as an error, nil when there is none.
func (ps Problems) Err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}

// sorted has the findings in the order of their places, file by file.
func (ps Problems) sorted() Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), a.Line-b.Line, a.Column-b.Column)
	})
	return ps
}
