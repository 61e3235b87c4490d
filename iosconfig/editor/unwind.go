package editor

import (
	"slices"
	"strings"
)

// comment takes a comment, which ends the texts of a file that it is not indented
// below.
func (ed *Editor) comment(line string) {
	ed.parted = strings.HasPrefix(line, "!")
	for n := len(ed.stack); ed.file && n > 1 && strings.HasPrefix(line, "!") && ed.top().mode.textual(); n-- {
		ed.stack = ed.stack[: n-1 : n-1]
	}
}

// unwind leaves the sections of a file that a line does not stand below, and notes
// whether it is indented further than the head of the one that it may be part of:
// where a section is indented, what is not is none of it. Where nothing is
// indented, `exit` and commands that others know end one. A file that indents one
// section indents all: in it, what others know too is none of a section without lines, where a
// comment parts the two. Without one IOS takes the line where it is, and so do we.
func (ed *Editor) unwind(line string) {
	if !ed.file {
		return
	}
	n, depth := len(ed.stack), indent(line)
	for ; n > 1; n-- {
		f := ed.stack[n-1]
		if depth > f.indent || !f.nested && !f.leaf && f.indent == 0 && !(ed.indents && ed.parted && ed.knows(n-1, line)) || !f.mode.textual() && !ed.knows(n-1, line) {
			break
		}
	}
	ed.stack, ed.parted = ed.stack[:n:n], false
	if top := ed.top(); n > 1 && depth > top.indent && !top.nested {
		ed.indents = true
		ed.stack = slices.Clone(ed.stack)
		ed.stack[n-1].nested = true
	}
}

// knows says whether a line is a command of the modes below a level.
func (ed *Editor) knows(level int, line string) bool {
	for _, f := range ed.stack[:level] {
		if _, err := f.mode.parse(line, ed.memory); err == nil {
			return true
		}
	}
	return false
}

// do carries a line out on what the mode edits: all of a range, or nothing. A mode
// that it enters is that of all of them, too.
func (f *frame) do(cmd command, l *Line) error {
	if err := cmd.do(l, f.path); err != nil {
		return err
	}
	for _, path := range f.more {
		changes, first := l.changes, l.entered
		l.changes, l.entered = nil, nil
		if err := cmd.do(l, path); err != nil {
			return err
		}
		l.changes = append(changes, l.changes...)
		if first != nil && l.entered != nil {
			first.more = append(first.more, l.entered.path)
		}
		l.entered = first
	}
	return nil
}
