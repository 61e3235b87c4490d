package topologies

import (
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/rows"
)

// CheckConfig finds every error of a router configuration.
func CheckConfig(file, text string) Problems {
	if len(text) > MaxFile {
		return Problems{{File: file, Message: errTooLarge.Error()}}
	}
	_, errs := rows.Load(text, iosconfig.IOS151)
	var list Problems
	for _, e := range errs {
		list = append(list, configProblem(file, e))
	}
	return list
}

// ConfigProblems places the errors of a node's configuration in its file.
func (n *Node) ConfigProblems(errs []editor.FileError) Problems {
	var list Problems
	for _, e := range errs {
		p := configProblem(n.ConfigFile, e)
		p.Line, p.Column = p.Line+n.ConfigLine-1, p.Column+n.ConfigColumn-1
		list = append(list, p)
	}
	return list
}

func configProblem(file string, e editor.FileError) Problem {
	return Problem{File: file, Line: e.Line, Column: e.Column, Message: e.Msg, Caret: strings.Join(e.Caret(), "\n")}
}
