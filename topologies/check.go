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
	n := &Node{ConfigFile: file, ConfigLine: 1, ConfigColumn: 1}
	return n.ConfigProblems(errs), n.ConfigWarnings(notes)
}

// ConfigWarnings places the warnings of a node's configuration in its file.
func (n *Node) ConfigWarnings(notes []editor.FileError) form.Problems {
	list := n.ConfigProblems(notes)
	for i := range list {
		list[i].Message, list[i].Caret = "warning: "+strings.TrimPrefix(list[i].Message, "% "), ""
	}
	return list
}

// ConfigProblems places the errors of a node's configuration in its file.
func (n *Node) ConfigProblems(errs []editor.FileError) form.Problems {
	var list form.Problems
	for _, e := range errs {
		list = append(list, form.Problem{
			File: n.ConfigFile, Line: e.Line + n.ConfigLine - 1, Column: e.Column + n.ConfigColumn - 1,
			Message: e.Msg, Caret: form.Caret(e.Text, e.Column),
		})
	}
	return list
}
