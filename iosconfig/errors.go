package iosconfig

import (
	"errors"
	"fmt"
	"strings"
)

// ErrInvalid is a word that fits no command at its place. Offset is the octet
// of the line under which IOS puts the caret: the first character that fits no
// command.
type ErrInvalid struct{ Offset int }

func (e ErrInvalid) Error() string {
	return fmt.Sprintf("iosconfig: invalid input at offset %d", e.Offset)
}

// ErrIncomplete is a line that ends before its command does.
var ErrIncomplete = errors.New("iosconfig: incomplete command")

// ErrAmbiguous is a line with a word that abbreviates several keywords.
type ErrAmbiguous struct{ Line string }

func (e ErrAmbiguous) Error() string {
	return fmt.Sprintf("iosconfig: ambiguous command %q", e.Line)
}

// ErrRefused is a line that parsed but whose values cannot be: Text is what
// IOS says instead of doing it, lines separated by "\n".
type ErrRefused struct{ Text string }

func (e ErrRefused) Error() string { return "iosconfig: refused: " + e.Text }

// Refuse returns an ErrRefused.
func Refuse(format string, args ...any) error {
	return ErrRefused{Text: fmt.Sprintf(format, args...)}
}

// ErrDo is `do LINE` in configure mode: the session runs Line, which begins
// Offset octets into what was typed, as an EXEC command.
type ErrDo struct {
	Line   string
	Offset int
}

func (e ErrDo) Error() string { return fmt.Sprintf("iosconfig: exec command %q", e.Line) }

// Refusal is what the console prints for an error of this package; indent is
// the length of the prompt (and of anything else before the line), where the
// caret's count begins.
func Refusal(err error, indent int) []string {
	var invalid ErrInvalid
	var ambiguous ErrAmbiguous
	var refused ErrRefused
	switch {
	case err == nil:
		return nil
	case errors.As(err, &invalid):
		return []string{strings.Repeat(" ", indent+invalid.Offset) + "^", msgInvalid, ""}
	case errors.Is(err, ErrIncomplete):
		return []string{msgIncomplete, ""}
	case errors.As(err, &ambiguous):
		return []string{fmt.Sprintf("%% Ambiguous command:  %q", ambiguous.Line), ""}
	case errors.As(err, &refused):
		return strings.Split(refused.Text, "\n")
	}
	return []string{"% " + err.Error()}
}

// IOS's words (ios/shell.md section 1).
const (
	msgInvalid      = "% Invalid input detected at '^' marker."
	msgIncomplete   = "% Incomplete command."
	msgUnrecognized = "% Unrecognized command"
)
