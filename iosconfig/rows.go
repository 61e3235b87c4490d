package iosconfig

import (
	"strconv"

	"ikelab/iosconfig/syntax"
)

// Rows that many modes have.

// number is a line of running-config for a number that is 0 by default.
func number(command string, n int) []string {
	return when(n != 0, command+" "+strconv.Itoa(n))
}

// word is a line of running-config for a text that is empty by default.
func word(command, text string) []string {
	return when(text != "", command+" "+text)
}

// numberRow is `COMMAND <N>`, where 0 stands for not configured.
func numberRow(command, limits, help string, field func(*edit) *int) syntax.Command[edit] {
	return syntax.Command[edit]{
		Syntax: command + " / <n:" + limits + ">",
		Help:   help,
		Set:    func(e *edit, a syntax.Args) error { *field(e) = a.Int("n"); return nil },
		Clear:  func(e *edit, _ syntax.Args) error { *field(e) = 0; return nil },
		Show:   func(e *edit) []string { return number(command, *field(e)) },
	}
}

// wordRow is `COMMAND <TEXT>`, where "" stands for not configured; typ is
// word or line.
func wordRow(command, typ, help string, field func(*edit) *string) syntax.Command[edit] {
	return syntax.Command[edit]{
		Syntax: command + " / <text:" + typ + ">",
		Help:   help,
		Set:    func(e *edit, a syntax.Args) error { *field(e) = a.Word("text"); return nil },
		Clear:  func(e *edit, _ syntax.Args) error { *field(e) = ""; return nil },
		Show:   func(e *edit) []string { return word(command, *field(e)) },
	}
}

// switchRow is a command without arguments that is off by default.
func switchRow(command, help string, field func(*edit) *bool) syntax.Command[edit] {
	return syntax.Command[edit]{
		Syntax: command,
		Help:   help,
		Set:    func(e *edit, _ syntax.Args) error { *field(e) = true; return nil },
		Clear:  func(e *edit, _ syntax.Args) error { *field(e) = false; return nil },
		Show:   func(e *edit) []string { return when(*field(e), command) },
	}
}

// noEffect marks a row whose value nothing acts on yet.
func noEffect(c syntax.Command[edit]) syntax.Command[edit] {
	c.NoEffect = true
	return c
}
