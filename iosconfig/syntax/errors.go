package syntax

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
	return fmt.Sprintf("syntax: invalid input at offset %d", e.Offset)
}

// ErrIncomplete is a line that ends before its command does.
var ErrIncomplete = errors.New("syntax: incomplete command")

// ErrAmbiguous is a line with a word that abbreviates several keywords.
type ErrAmbiguous struct{ Line string }

func (e ErrAmbiguous) Error() string {
	return fmt.Sprintf("syntax: ambiguous command %q", e.Line)
}

// ErrRefused is a line that parsed but whose values cannot be: Text is what
// IOS says instead of doing it, lines separated by "\n".
type ErrRefused struct{ Text string }

func (e ErrRefused) Error() string { return "syntax: refused: " + e.Text }

// Refuse returns an ErrRefused.
func Refuse(format string, args ...any) error {
	return ErrRefused{Text: fmt.Sprintf(format, args...)}
}

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
		return []string{strings.Repeat(" ", max(0, indent+invalid.Offset)) + "^", MsgInvalid, ""}
	case errors.Is(err, ErrIncomplete):
		return []string{MsgIncomplete, ""}
	case errors.As(err, &ambiguous):
		return []string{fmt.Sprintf("%% Ambiguous command:  %q", ambiguous.Line), ""}
	case errors.As(err, &refused):
		return strings.Split(refused.Text, "\n")
	}
	return []string{"% " + err.Error()}
}

// IOS's words (ios/shell.md section 1).
const (
	MsgInvalid      = "% Invalid input detected at '^' marker."
	MsgIncomplete   = "% Incomplete command."
	MsgUnrecognized = "% Unrecognized command"
)
