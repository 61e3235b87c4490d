package topologies

import (
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/rows"
	"ikelab/topologies/form"
)

// CheckConfig finds every error of a router configuration, and what is
// accepted but does not do what it seems to.
func CheckConfig(file, text string) (errors, warnings form.Problems) {
	if len(text) > form.MaxFile {
		return form.Problems{{File: file, Message: form.ErrTooLarge.Error()}}, nil
	}
	errs, notes := rows.Check(text, iosconfig.IOS151)
	for _, e := range errs {
		errors = append(errors, configProblem(file, e))
	}
	for _, e := range notes {
		p := configProblem(file, e)
		p.Message, p.Caret = "warning: "+strings.TrimPrefix(p.Message, "% "), ""
		warnings = append(warnings, p)
	}
	return errors, warnings
}

// ConfigProblems places the errors of a node's configuration in its file.
func (n *Node) ConfigProblems(errs []editor.FileError) form.Problems {
	var list form.Problems
	for _, e := range errs {
		p := configProblem(n.ConfigFile, e)
		p.Line, p.Column = p.Line+n.ConfigLine-1, p.Column+n.ConfigColumn-1
		list = append(list, p)
	}
	return list
}

func configProblem(file string, e editor.FileError) form.Problem {
	return form.Problem{File: file, Line: e.Line, Column: e.Column, Message: e.Msg, Caret: strings.Join(e.Caret(), "\n")}
}
