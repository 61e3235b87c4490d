package editor

import (
	"slices"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/syntax"
)

// unread has what stands further in than a text that has no mode, and is no command
// of those around it.
var (
	unread          = TextMode("config", "Commands:")
	unreadInterface = InterfaceTextMode("config-if", "Commands:")
)

// keepUnread keeps what a file has below a line and nobody knows.
func keepUnread(l *Line, kind iosconfig.Kind, path []string) {
	switch kind {
	case iosconfig.KindGlobal:
		l.entered = &frame{mode: unread, path: path, leaf: true, last: true}
	case iosconfig.KindInterface:
		l.entered = &frame{mode: unreadInterface, path: path, leaf: true, last: true}
	}
}

// Below is a command of a text's mode.
type Below struct {
	Word, Help string
	Secret     bool                  // what follows is one
	Ends       string                // the line that ends the text which follows; "": none does
	Enters     *Mode[iosconfig.Text] // nil: it has no mode of its own
	Refers     []Reference
}

// Words are commands without modes of their own, as "word=help|word=help"; "!"
// before one: a secret follows.
func Words(list string) []Below {
	var all []Below
	for item := range strings.SplitSeq(list, "|") {
		word, help, _ := strings.Cut(item, "=")
		word, secret := strings.CutPrefix(word, "!")
		all = append(all, Below{Word: word, Help: help, Secret: secret})
	}
	return all
}

// TextMode is the mode of commands that are kept: the words are what `?` offers. In a file everything
// below is kept, and of what is typed whatever is no other mode's (see meant).
func TextMode(name, title string, commands ...[]Below) *Mode[iosconfig.Text] {
	return textMode(Mode[iosconfig.Text]{
		Name: name, Title: title, Kind: iosconfig.KindText,
		Get: func(c *iosconfig.Config, path []string) *iosconfig.Text { return c.Texts.TextAt(path) },
		Put: func(c *iosconfig.Config, path []string, t *iosconfig.Text) { c.Texts.PutText(path, t) },
	}, commands)
}

// InterfaceTextMode is one of what stands below a line of an interface, whose name
// comes first in the path.
func InterfaceTextMode(name, title string, commands ...[]Below) *Mode[iosconfig.Text] {
	return textMode(Mode[iosconfig.Text]{
		Name: name, Title: title, Kind: iosconfig.KindInterface,
		Get: func(c *iosconfig.Config, path []string) *iosconfig.Text {
			if i := c.Interface(path[0]); i != nil {
				return i.Texts.TextAt(path[1:])
			}
			return nil
		},
		Put: func(c *iosconfig.Config, path []string, t *iosconfig.Text) {
			next := iosconfig.NewInterface(path[0])
			if i := c.Interface(path[0]); i != nil {
				*next = *i
			}
			next.Texts.PutText(path[1:], t)
			c.Interfaces.Put(path[0], next)
		},
	}, commands)
}

func textMode(m Mode[iosconfig.Text], commands [][]Below) *Mode[iosconfig.Text] {
	m.New = func(_ iosconfig.Generation, line string) *iosconfig.Text { return &iosconfig.Text{Line: line} }
	var rows []Row[iosconfig.Text]
	for _, list := range commands {
		for _, b := range list {
			rows = append(rows, b.row())
		}
	}
	mode := NewMode(m, rows)
	secrets := slices.ContainsFunc(slices.Concat(commands...), func(b Below) bool { return b.Secret })
	mode.free = func(line string) command { return freeLine{mode, strings.TrimSpace(line), secrets} }
	return mode
}

func (b Below) row() Row[iosconfig.Text] {
	if strings.HasPrefix(b.Word, "exit-") { // ends a section, which may have ended already
		return Row[iosconfig.Text]{Syntax: b.Word, Help: b.Help, Set: func(e *At[iosconfig.Text], _ syntax.Args) error {
			word, _, _ := strings.Cut(e.It.Line, " ")
			e.leave = closings[word] == b.Word
			return nil
		}}
	}
	rest := " / [<kept:text>]"
	if b.Secret {
		rest = " / [<kept:secret-line>]"
	}
	return Row[iosconfig.Text]{
		Syntax: b.Word + rest, Help: b.Help + "|Kept as it is typed", NoEffect: true,
		Set: func(e *At[iosconfig.Text], a syntax.Args) error {
			line, at := a.String(), path(e, a.String())
			keepBelow(e, line, b.Enters)
			e.refer(line, b.Refers, func(c *iosconfig.Config) bool { return c.Texts.TextAt(at) != nil })
			if b.Ends != "" {
				e.entered, e.passage = nil, textUntil(b.Ends, at)
			}
			return nil
		},
		Clear: func(e *At[iosconfig.Text], a syntax.Args) error {
			line := a.String()
			if !forget(&e.It.Below, func(old string) bool { return old == line || strings.HasPrefix(old, line+" ") }) {
				keepBelow(e, "no "+line, nil)
			}
			return nil
		},
		Default: func(e *At[iosconfig.Text], a syntax.Args) error {
			forget(&e.It.Below, func(old string) bool { return Begins(old, a.String()) })
			return nil
		},
	}
}

// keepBelow keeps a line of a text.
func keepBelow(e *At[iosconfig.Text], line string, own *Mode[iosconfig.Text]) {
	e.It.Below.Remove("no " + line)
	e.It.Below.Remove(strings.TrimPrefix(line, "no "))
	if e.It.Below.Get(line) == nil {
		e.It.Below.Put(line, &iosconfig.Text{Line: line})
	}
	switch at := path(e, line); {
	case own != nil:
		Enter(e.Line, own, at)
	case e.File: // what is indented further stands below it
		e.entered = &frame{mode: e.mode, path: at, leaf: true}
	}
}

// textUntil is what follows a line of the configuration until a line comes that
// says nothing but end, which belongs to it.
func textUntil(end string, at []string) *passage {
	return &passage{delimiter: end, alone: true, set: func(l *Line, text string) {
		l.Config.Texts.PutText(append(at, text), &iosconfig.Text{Line: text})
		l.Changed(iosconfig.KindText, at[0])
	}}
}

// freeLine is a line of a text that no word of its mode begins.
type freeLine struct {
	mode    *Mode[iosconfig.Text]
	line    string
	secrets bool // other lines of the mode have some
}

func (f freeLine) no() bool          { return strings.HasPrefix(f.line, "no ") }
func (f freeLine) exact(string) bool { return true }
func (f freeLine) text() bool        { return true }
func (f freeLine) keywords() int     { return len(strings.Fields(f.line)) }
func (f freeLine) kept() string      { return "" }

// public tells nothing behind an unknown word of a mode that has secrets: it may be a key behind a
// misspelt keyword.
func (f freeLine) public(string) string {
	rest := strings.TrimPrefix(strings.TrimPrefix(f.line, "no "), "default ")
	if _, rest, more := strings.Cut(rest, " "); f.secrets && more {
		return strings.TrimSuffix(f.line, rest) + syntax.Removed
	}
	return syntax.PublicText(f.line)
}

func (f freeLine) do(l *Line, at []string) error {
	old := f.mode.Get(l.Config, at)
	if old == nil {
		old = f.mode.New(l.Config.Generation, at[len(at)-1])
	}
	next := *old
	off, isOff := strings.CutPrefix(f.line, "no ")
	usual, isUsual := strings.CutPrefix(f.line, "default ")
	switch {
	case isUsual && forget(&next.Below, func(old string) bool { return Begins(old, usual) }):
	case isOff && forget(&next.Below, func(old string) bool { return old == off || strings.HasPrefix(old, off+" ") }):
	default:
		keepBelow(&At[iosconfig.Text]{Line: l, It: &next, Path: at, mode: f.mode}, f.line, nil)
	}
	f.mode.Put(l.Config, at, &next)
	l.Changed(f.mode.Kind, f.mode.object(at))
	return nil
}
