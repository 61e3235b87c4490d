package editor

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/syntax"
)

// FileError is one wrong line of a configuration file.
type FileError struct {
	Line, Column int    // both begin with 1; the column counts octets
	Text         string // the line
	Public       string // the line up to what may be a secret
	Msg          string // what IOS says
	Passed       int    // how many lines of its block were passed over with it
	Below        string // the name of the object whose mode it was read in; "": none
}

// hints are parts of words that a line with a secret has, misspelt as it may be.
var hints = []string{"key", "pass", "secr", "commun", "psk", "auth", "shared", "md5", "priv", "snmp", "://", "pem", "pkcs"}

// Shown is the line as far as it may be told: one that may hold a secret up to the wrong
// word, or to the secret.
func (e FileError) Shown() string {
	hinted := func(hint string) bool { return strings.Contains(strings.ToLower(e.Text), hint) }
	if e.Public == e.Text || !slices.ContainsFunc(hints, hinted) {
		return e.Text
	}
	end := min(e.Column-1, len(e.Text))
	if blank := strings.IndexAny(e.Text[end:], " \t"); blank >= 0 {
		end += blank
	} else {
		end = len(e.Text)
	}
	shown := syntax.PublicText(e.Text[:end])
	if len(shown) == end && end < len(e.Text) {
		shown += " " + syntax.Removed
	}
	odd := func(r rune) bool { return r < ' ' || r > '~' } // which ends all reading
	if len(e.Public) > len(shown) || strings.ContainsFunc(shown, odd) {
		return e.Public
	}
	return shown
}

func (e FileError) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Msg) }

// Loaded is what came of a file.
type Loaded struct {
	Commit   iosconfig.Commit // of the lines that were understood
	Refused  []FileError
	Warnings []FileError // of lines that are right but do not do what they seem to
	Kept     []Kin       // of lines that nothing acts on
}

// Kin are the lines that the same command words begin.
type Kin struct {
	Head  string
	Lines int
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
