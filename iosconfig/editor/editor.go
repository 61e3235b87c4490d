package editor

import (
	"cmp"
	"errors"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/syntax"
)

// Editor is a person, or a file, in configure mode. Each line is a commit:
// it takes effect entirely or not at all. Several editors may share a store.
type Editor struct {
	// Exists says whether the device has the physical interface of that full
	// name. Nil: it has all.
	Exists func(name string) bool
	// InEffect is a configuration with what is not configured: addresses that were
	// leased. Nil: there is nothing.
	InEffect func(*iosconfig.Config) *iosconfig.Config
	file     bool // its lines are a file's
	indents  bool // which stand below their heads, indented
	parted   bool // a comment stands before the line that comes
	costly   int  // of these, see Line
	store    *iosconfig.Store
	stack    []frame  // modes, global first
	passage  *passage // whose lines are being read; nil: none
	memory   *syntax.Memory
}

// frame is a mode that was entered, and the names of what it edits.
type frame struct {
	mode   anyMode
	path   []string
	more   [][]string // of other objects, to which its lines apply too
	prompt string     // instead of the mode's name; "": that
	indent int        // of the line that entered it
	nested bool       // lines below it are indented further
	leaf   bool       // its line is kept text and has no mode of its own
	last   bool       // only what no mode knows is its
}

// Result is what a line that was accepted did.
type Result struct {
	Messages []string // lines to print: reminders and notes
	Left     bool     // configure mode was left (`end`, `exit` of its first level)
	Commit   iosconfig.Commit
	notes    []note
	kept     string // the command words, where nothing acts on the line; "": something does
	entered  bool   // a mode was
}

// New begins in global configuration mode.
func New(store *iosconfig.Store, global *Mode[iosconfig.Config]) *Editor {
	return &Editor{store: store, stack: []frame{{mode: global}}, memory: new(syntax.Memory)}
}

// FromFile has the lines that come be those of a file, in which "no" of what is not
// there says something.
func (ed *Editor) FromFile() { ed.file = true }

// Mode is what stands in the prompt: "config", "config-if".
func (ed *Editor) Mode() string { return cmp.Or(ed.top().prompt, ed.top().mode.name()) }

func (ed *Editor) top() frame { return ed.stack[len(ed.stack)-1] }

// Enter takes one line. Its errors are syntax.ErrInvalid, ErrIncomplete,
// ErrAmbiguous and ErrRefused, and ErrDo for a line that the session has to
// run; an error leaves the configuration and the mode as they were.
func (ed *Editor) Enter(line string) (Result, error) {
	line = strings.ReplaceAll(strings.TrimRight(line, "\r\n"), "\x03", "^C")
	if ed.passage != nil {
		return ed.readText(line), nil
	}
	text := strings.Trim(line, " \t")
	if text == "" || text[0] == '!' {
		ed.comment(line)
		return Result{}, nil
	}
	ed.unwind(line)
	cmd, level, err := ed.parse(line)
	if err != nil {
		return Result{}, err
	}
	next := *ed.store.Running()
	l := &Line{Config: &next, Exists: ed.Exists, InEffect: ed.InEffect, File: ed.file, Costly: &ed.costly}
	if err := ed.stack[level].do(cmd, l); err != nil {
		return Result{}, err
	}
	kept := ed.kept(cmd, level)
	ed.move(l, level, indent(line))
	if ed.passage = l.passage; ed.passage != nil {
		ed.passage.line = text
	}
	r := Result{Messages: l.told(), Left: ed.left(l, level), notes: l.notes, kept: kept, entered: l.entered != nil}
	r.Commit = ed.commit(l, entered{text, strings.Trim(cmd.public(line), " \t"), cmd.no()})
	return r, nil
}

// kept are the words by which a line without effect is counted; "" of any other.
func (ed *Editor) kept(cmd command, level int) string {
	if f := ed.stack[level]; f.mode.textual() {
		return f.mode.family(f.path)
	}
	return cmd.kept()
}

// entered is a line as it was typed, and without its secret.
type entered struct {
	text, public string
	no           bool
}

// commit makes what a line has made the running configuration.
func (ed *Editor) commit(l *Line, as entered) iosconfig.Commit {
	c := iosconfig.Commit{Before: ed.store.Running(), After: ed.store.Running()}
	if len(l.changes) == 0 {
		return c
	}
	c.After = l.Config
	ed.store.Replace(c.After)
	for _, o := range l.changes {
		c.Changes = append(c.Changes, iosconfig.Change{Line: as.text, Public: as.public, No: as.no, Object: o})
	}
	return c
}

// move goes to the mode in which the line leaves the editor.
func (ed *Editor) move(l *Line, level, indent int) {
	keep := level + 1
	switch {
	case l.left:
		keep = 1
	case l.leave:
		keep = max(1, level)
	}
	ed.stack = ed.stack[:keep:keep]
	if l.entered != nil {
		l.entered.indent = indent
		ed.stack = append(ed.stack, *l.entered)
	}
}

func (ed *Editor) left(l *Line, level int) bool { return l.left || l.leave && level == 0 }

// parse looks a line up in the current mode, then in those around it: a
// global command in a sub-mode leaves the sub-mode. Of several errors the one
// that got farthest is told.
func (ed *Editor) parse(line string) (command, int, error) {
	top, last := ed.top(), len(ed.stack)-1
	if ed.file && top.mode.textual() && !top.last && indent(line) > top.indent { // whatever others make of it
		return top.mode.below(line, ed.memory), last, nil
	}
	var worst error
	for level := len(ed.stack) - 1; level >= 0; level-- {
		cmd, err := ed.stack[level].mode.parse(line, ed.memory)
		if err == nil && cmd.text() && ed.open(line, cmd, worst) {
			break // no text of an outer mode is meant
		}
		if err == nil && ed.file && ed.stack[level].mode.textual() && !cmd.exact(line) {
			continue // it may be another word of theirs
		}
		if err == nil {
			cmd, level = ed.rather(cmd, level, line)
			return cmd, level, nil
		}
		if _, do := errors.AsType[ErrDo](err); do {
			return nil, level, err
		}
		if !ed.sooner(ed.stack[level].mode, line, err, worst) {
			worst = farther(worst, err)
		}
	}
	if ed.file && top.mode.textual() {
		return top.mode.below(line, ed.memory), last, nil
	}
	return nil, 0, worst
}

// sooner says whether an outer mode stumbles over a word that an inner one has understood: of what
// is several things there, `nat` of `nat64` and `nat66`, nobody at the inner one speaks.
func (ed *Editor) sooner(outer anyMode, line string, err, inner error) bool {
	invalid, refused := errors.AsType[syntax.ErrInvalid](inner)
	if _, ambiguous := errors.AsType[syntax.ErrAmbiguous](err); !ambiguous || !refused {
		return false
	}
	_, err = outer.parse(line[:invalid.Offset], ed.memory)
	_, ambiguous := errors.AsType[syntax.ErrAmbiguous](err)
	return ambiguous
}

// open says whether a line that an inner mode has refused may be that mode's all the same: it is
// several things there, the beginning of one, or one whose words are more than those that the text is known by.
func (ed *Editor) open(line string, text command, refused error) bool {
	if _, ambiguous := errors.AsType[syntax.ErrAmbiguous](refused); ambiguous {
		return !text.exact(line)
	}
	if invalid, is := errors.AsType[syntax.ErrInvalid](refused); is {
		return len(strings.Fields(line[:invalid.Offset])) > text.keywords() && strings.HasSuffix(line[:invalid.Offset], " ")
	}
	return errors.Is(refused, syntax.ErrIncomplete) && !(ed.file && indent(line) == 0)
}

// rather is another mode's command where a text's words are only abbreviated by a
// line, or fewer: `ip route …` is no `ip route-cache …`, `router bgp …` no `router-id bgp …`,
// `key chain …` no `key …`.
func (ed *Editor) rather(cmd command, level int, line string) (command, int) {
	kept, most := ed.stack[level].mode.textual(), 0 // of a kept mode, where a text stands for it as well as the inner one
	if cmd.exact(line) {
		most = cmd.keywords()
	}
	if !cmd.text() || most > 0 && !kept {
		return cmd, level
	}
	for outer := level - 1; outer >= 0; outer-- {
		other, err := ed.stack[outer].mode.parse(line, ed.memory)
		if err == nil && (kept || !other.text()) && other.exact(line) && other.keywords() > most {
			cmd, level, most = other, outer, other.keywords()
		}
	}
	return cmd, level
}

// farther chooses between the errors of two modes, the inner one first: what
// is not invalid was understood best.
func farther(a, b error) error {
	if a == nil {
		return b
	}
	inner, invalid := errors.AsType[syntax.ErrInvalid](a)
	outer, worse := errors.AsType[syntax.ErrInvalid](b)
	if !invalid || worse && outer.Offset <= inner.Offset {
		return a
	}
	return b
}

// InText says whether the lines that come are a banner's text.
func (ed *Editor) InText() bool { return ed.passage != nil }

// Public is what may be told of a line that is about to be entered: nothing of a
// secret, and of what is no command only the words that begin like one.
func (ed *Editor) Public(line string) string {
	if ed.passage != nil {
		return syntax.Removed
	}
	if cmd, _, err := ed.parse(line); err == nil {
		return cmd.public(line)
	}
	form, err := ed.form(line)
	if err != nil { // `do`, which is for the session to judge
		return syntax.Removed
	}
	return ed.top().mode.public(line, form)
}

// Help is what `?` prints behind line; for `do …` the error is ErrDo.
func (ed *Editor) Help(line string) ([]string, error) {
	form, err := ed.form(line)
	if err != nil {
		return nil, err
	}
	lines, err := ed.top().mode.help(line, form)
	if !form.Negated && (err != nil || len(lines) == 1 && lines[0] == syntax.MsgUnrecognized) {
		if outer, outerErr := ed.stack[0].mode.help(line, form); outerErr == nil {
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
	words := ed.top().mode.complete(line, form)
	if len(words) == 0 {
		words = ed.stack[0].mode.complete(line, form)
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
	from := len(line) - len(first) + end + 1
	switch ed.top().mode.verb(first[:end]) {
	case verbDo:
		text := strings.TrimLeft(line[from:], " \t")
		return syntax.Form{}, ErrDo{Line: text, Offset: len(line) - len(text)}
	case verbNo, verbDefault:
		return syntax.Form{From: from, Negated: true}, nil
	}
	return syntax.Form{}, nil
}
