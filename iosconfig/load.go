package iosconfig

import (
	"errors"
	"fmt"
	"strings"

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

// Load reads a configuration file. It reports every wrong line; then the
// configuration is nil. What is indented below a wrong line belongs to it and
// is passed over, since the mode that it needs was not entered.
func Load(text string) (*Config, []FileError) {
	c := New()
	ed := NewEditor(c)
	var errs []FileError
	skip := false // inside the section of a wrong line
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSuffix(line, "\r")
		indented := strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t")
		if showHeader(line) || skip && indented {
			continue
		}
		result, err := ed.Enter(line)
		skip = err != nil && !indented
		if err != nil {
			errs = append(errs, fileError(n+1, line, err))
		}
		if result.Left {
			ed.edit.leave(1)
		}
	}
	if len(errs) > 0 {
		return nil, errs
	}
	return c, nil
}

// showHeader says whether a line is what `show running-config` prints before
// the configuration, which people paste with it.
func showHeader(line string) bool {
	return line == "Building configuration..." || strings.HasPrefix(line, "Current configuration : ")
}

// fileError turns an error of Enter into one of a file.
func fileError(number int, line string, err error) FileError {
	var invalid syntax.ErrInvalid
	var do ErrDo
	if errors.As(err, &do) { // there is no session that could run it
		err = syntax.ErrInvalid{Offset: len(line) - len(strings.TrimLeft(line, " \t"))}
	}
	e := FileError{Line: number, Column: 1 + len(line) - len(strings.TrimLeft(line, " \t")), Text: line}
	switch {
	case errors.As(err, &invalid):
		e.Column, e.Msg = invalid.Offset+1, syntax.MsgInvalid
	case errors.Is(err, syntax.ErrIncomplete):
		e.Column, e.Msg = len(strings.TrimRight(line, " \t"))+1, syntax.MsgIncomplete
	default:
		e.Msg = strings.TrimSpace(strings.Join(syntax.Refusal(err, 0), " "))
	}
	return e
}
