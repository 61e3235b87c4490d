package editor

import "fmt"

// ErrDo is `do LINE` in configure mode: the session runs Line, which begins
// Offset octets into what was typed, as an EXEC command.
type ErrDo struct {
	Line   string
	Offset int
}

func (e ErrDo) Error() string { return fmt.Sprintf("editor: exec command %q", e.Line) }
