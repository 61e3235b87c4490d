package editor

import (
	"slices"

	"ikelab/iosconfig"
	"ikelab/iosconfig/syntax"
)

// note is what is said of a line although it is carried out: it names what
// there is not, or nothing acts on it.
type note struct {
	says func(*iosconfig.Config) string // "": nothing
}

// Note tells a person at once. Of a file it is a warning if it holds at the
// end: later lines may settle the matter.
func (l *Line) Note(text string, holds func(*iosconfig.Config) bool) {
	l.tell(func(c *iosconfig.Config) string {
		if holds(c) {
			return text
		}
		return ""
	})
}

// tell is Note where the text depends on the configuration; "": there is nothing to
// say.
func (l *Line) tell(says func(*iosconfig.Config) string) { l.notes = append(l.notes, note{says}) }

// told are the messages of a line: those of its notes that hold behind it.
func (l *Line) told() []string {
	list := l.messages
	for _, n := range l.notes {
		if text := n.says(l.Config); text != "" {
			list = append(list, text)
		}
	}
	return list
}

// Warns marks a row whose value nothing acts on yet although it decides
// whether a tunnel comes up: who enters it is told. Matters says of which
// values that is true; nil: of all.
func Warns[O any](c Row[O], matters func(syntax.Args) bool) Row[O] {
	c.NoEffect = true
	set := c.Set
	c.Set = func(e *At[O], a syntax.Args) error {
		err := set(e, a)
		if err == nil && (matters == nil || matters(a)) {
			e.Note("% "+syntax.PublicText(a.String())+": accepted, but without effect here", func(now *iosconfig.Config) bool { return e.mode.says(now, e.Path, a.String()) })
		}
		return err
	}
	return c
}

// says tells whether a line stands in the running-config of an object.
func (m *Mode[O]) says(c *iosconfig.Config, path []string, line string) bool {
	return m.Get(c, path) != nil && slices.Contains(m.show(c, path), line)
}
