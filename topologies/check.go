package topologies

import (
	"fmt"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/rows"
	"ikelab/topologies/form"
)

// Checked is what came of a router configuration.
type Checked struct {
	Errors, Warnings form.Problems
	Passed           int          // lines that were passed over with wrong ones
	Kept             []editor.Kin // what is without effect
	Image            string       // that it was read as
}

// CheckConfig finds every error of a router configuration, and what is
// accepted but does not do what it seems to. It is one of an image; of "", of the
// image that its line `version` speaks of.
func CheckConfig(file, text, image string) Checked {
	if len(text) > form.MaxFile {
		return Checked{Errors: form.Problems{{File: file, Message: form.ErrTooLarge.Error()}}, Image: DefaultImage}
	}
	if image == "" {
		image = imageOf(text)
	}
	l := rows.Load(text, iosconfig.Generation(image))
	n := &Node{ConfigFile: file, ConfigLine: 1, ConfigColumn: 1}
	c := Checked{Errors: n.ConfigProblems(l.Refused), Warnings: n.ConfigWarnings(l.Warnings), Kept: l.Kept, Image: image}
	for _, e := range l.Refused {
		c.Passed += e.Passed
	}
	c.Warnings = append(c.Warnings, keyless(file, text, l.Commit.After)...)
	return c
}

// keyless warns of certificates without their keys, which no configuration has.
func keyless(file, text string, c *iosconfig.Config) (list form.Problems) {
	for t := range c.PKI.Trustpoints.All() {
		if _, own := c.Texts.Certificates(t.Name); own == nil || !iosconfig.SignsWith(c, t.Name) {
			continue
		}
		before, _, _ := strings.Cut(text, "certificate chain "+t.Name)
		list = append(list, form.Problem{
			File: file, Line: 1 + strings.Count(before, "\n"), Column: 1,
			Message: "warning: no configuration has the private key of the certificate of trustpoint " + t.Name + ": crypto pki import brings it, crypto pki enroll gets a certificate for another",
		})
	}
	return list
}

// ConfigWarnings places the warnings of a node's configuration in its file.
func (n *Node) ConfigWarnings(notes []editor.FileError) form.Problems {
	list := n.ConfigProblems(notes)
	for i := range list {
		list[i].Message, list[i].Caret = "warning: "+strings.TrimPrefix(list[i].Message, "% "), ""
	}
	return list
}

// ConfigRefused are the errors of a configuration that its node boots with all
// the same.
func (n *Node) ConfigRefused(errs []editor.FileError) form.Problems {
	list := n.ConfigProblems(errs)
	for i := range list {
		list[i].Message = "warning: refused: " + strings.TrimPrefix(list[i].Message, "% ")
	}
	return list
}

// ConfigProblems places the errors of a node's configuration in its file.
func (n *Node) ConfigProblems(errs []editor.FileError) form.Problems {
	var list form.Problems
	for _, e := range errs {
		p := form.Problem{
			File: n.ConfigFile, Line: e.Line + n.ConfigLine - 1, Column: e.Column + n.ConfigColumn - 1,
			Message: e.Msg, Caret: form.Caret(e.Shown(), e.Column),
		}
		switch {
		case e.Passed == 1:
			p.Message += " (the line below it is passed over)"
		case e.Passed > 1:
			p.Message += fmt.Sprintf(" (the %d lines below it are passed over)", e.Passed)
		}
		list = append(list, p)
	}
	return list
}
