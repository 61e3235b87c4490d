package iosconfig

import (
	"errors"
	"strings"

	"ikelab/iosconfig/syntax"
)

// Editor is a person, or a file, in configure mode: it edits a Config in
// place, each line entirely or not at all.
type Editor struct {
	// Exists says whether the device has the physical interface of that full
	// name. Nil: it has all.
	Exists func(name string) bool
	edit   edit
}

// Result is what a line that was accepted did.
type Result struct {
	Messages []string // lines to print: reminders and notes
	Left     bool     // configure mode was left (`end`, `exit` of its first level)
	Changed  bool     // the configuration may have changed
}

// NewEditor begins in global configuration mode.
func NewEditor(c *Config) *Editor {
	return &Editor{edit: edit{Config: c, stack: []frame{{mode: configMode}}}}
}

// Mode is what stands in the prompt: "config", "config-if".
func (ed *Editor) Mode() string { return ed.top().mode.name }

func (ed *Editor) top() frame { return ed.edit.stack[len(ed.edit.stack)-1] }

// Enter takes one line. Its errors are syntax.ErrInvalid, syntax.ErrIncomplete,
// syntax.ErrAmbiguous, syntax.ErrRefused, and ErrDo for a line that the session has to run;
// an error leaves the configuration as it was.
func (ed *Editor) Enter(line string) (Result, error) {
	line = strings.TrimRight(line, "\r\n")
	if end := ed.edit.banner; end != "" {
		if strings.Contains(line, end) {
			ed.edit.banner = ""
		}
		return Result{}, nil
	}
	if text := strings.TrimLeft(line, " \t"); text == "" || text[0] == '!' {
		return Result{}, nil
	}
	found, err := ed.parse(line)
	if err != nil {
		return Result{}, err
	}
	e := &ed.edit
	e.exists, e.messages, e.left, e.changed = ed.Exists, nil, false, true
	stack := e.stack
	e.leave(found.level + 1)
	if err := found.do(e); err != nil {
		e.stack = stack // the mode too is as it was
		e.leave(len(stack))
		return Result{}, err
	}
	e.settle(stack[found.level].target)
	e.settle(e.target)
	return Result{Messages: e.messages, Left: e.left, Changed: e.changed}, nil
}

// command is a line that was parsed: its row, and in which of the modes that
// are open it was found.
type command struct {
	syntax.Match[edit]
	level int
}

// do runs the row's function for the form of the line.
func (c command) do(e *edit) error {
	switch {
	case c.Args.Default && c.Command.Default != nil:
		return c.Command.Default(e, c.Args)
	case c.Args.Default || c.Args.No:
		return c.Command.Clear(e, c.Args)
	}
	return c.Command.Set(e, c.Args)
}

// parse looks a line up in the current mode, then in those around it: a
// global command in a sub-mode leaves the sub-mode. Of several errors the one
// that got farthest is told.
func (ed *Editor) parse(line string) (command, error) {
	var worst error
	for level := len(ed.edit.stack) - 1; level >= 0; level-- {
		m, err := parseForm(ed.edit.stack[level].mode.table, line)
		var do ErrDo
		if err == nil || errors.As(err, &do) {
			return command{Match: m, level: level}, err
		}
		worst = farther(worst, err)
	}
	return command{}, worst
}

// farther chooses between the errors of two modes, the inner one first: what
// is not invalid was understood best.
func farther(a, b error) error {
	var ia, ib syntax.ErrInvalid
	switch {
	case a == nil:
		return b
	case !errors.As(a, &ia):
		return a
	case errors.As(b, &ib) && ib.Offset <= ia.Offset:
		return a
	}
	return b
}

// parseForm reads a command in its plain, `no` or `default` form.
func parseForm(t *syntax.Table[edit], line string) (syntax.Match[edit], error) {
	m, err := t.Parse(line)
	if err != nil {
		return m, err
	}
	at := m.Args.Offset("command")
	switch m.Command.Syntax {
	case verbDo:
		return m, ErrDo{Line: m.Args.Word("command"), Offset: at}
	case verbNo, verbDefault:
		negated, err := t.ParseForm(line, syntax.Form{From: at, Negated: true})
		negated.Args.No, negated.Args.Default = m.Command.Syntax == verbNo, m.Command.Syntax == verbDefault
		return negated, err
	}
	return m, nil
}

// settle keeps the smart defaults out of the configuration while they are
// what they were.
func (e *edit) settle(t target) {
	switch {
	case t.proposal != nil:
		e.IKEv2.Proposals = settle(e.IKEv2.Proposals, t.proposal, DefaultProposal(), (*Proposal).name)
	case t.policy != nil:
		e.IKEv2.Policies = settle(e.IKEv2.Policies, t.policy, DefaultPolicy(), (*Policy).name)
	case t.ipsec != nil:
		e.IPsec.Profiles = settle(e.IPsec.Profiles, t.ipsec, DefaultIPsecProfile(), (*IPsecProfile).name)
	case t.transform != nil:
		e.IPsec.TransformSets = settle(e.IPsec.TransformSets, t.transform, DefaultTransformSet(), (*TransformSet).name)
	}
}

// Help is what `?` prints behind line; for `do …` the error is ErrDo.
func (ed *Editor) Help(line string) ([]string, error) {
	t := ed.top().mode.table
	form, err := ed.form(line)
	if err != nil {
		return nil, err
	}
	if form.Negated {
		return t.HelpForm(line, form)
	}
	lines, err := t.Help(line)
	if err != nil || len(lines) == 1 && lines[0] == syntax.MsgUnrecognized {
		if outer, outerErr := configMode.table.Help(line); outerErr == nil {
			return outer, nil
		}
	}
	return lines, err
}

// Complete returns the keywords which the last word of line abbreviates.
func (ed *Editor) Complete(line string) []string {
	form, err := ed.form(line)
	if err != nil {
		return nil
	}
	words := ed.top().mode.table.CompleteForm(line, form)
	if len(words) == 0 {
		words = configMode.table.CompleteForm(line, form)
	}
	return words
}

// form says whether line begins with `no` or `default` and a blank, and where
// its command then begins.
func (ed *Editor) form(line string) (syntax.Form, error) {
	first := strings.TrimLeft(line, " \t")
	end := strings.IndexAny(first, " \t")
	if end < 0 {
		return syntax.Form{}, nil
	}
	m, err := ed.top().mode.table.Parse(first[:end] + " x")
	if err != nil {
		return syntax.Form{}, nil
	}
	from := len(line) - len(first) + end + 1
	switch m.Command.Syntax {
	case verbDo:
		text := strings.TrimLeft(line[from:], " \t")
		return syntax.Form{}, ErrDo{Line: text, Offset: len(line) - len(text)}
	case verbNo, verbDefault:
		return syntax.Form{From: from, Negated: true}, nil
	}
	return syntax.Form{}, nil
}
