package editor

import (
	"iter"
	"reflect"
	"slices"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/syntax"
)

// Table is where objects of one type are kept.
type Table[O any] interface {
	Get(name string) *O
	Put(name string, o *O)
	Remove(name string)
	All() iter.Seq[*O]
}

// Section is the row that makes objects and opens their mode: in a P, those
// of type O.
type Section[P, O any] struct {
	Syntax, Help string // with the argument <name:…>
	Mode         *Mode[O]
	ModeOf       func(*O) *Mode[O] // where the mode depends on the object; may be nil
	In           func(*P) Table[O]
	NameOf       func(*O) string
	Head         func(*O) string                     // its line of running-config
	Make         func(*At[P], *O, syntax.Args) error // sets what the line itself says; may be nil
	Remind       func(*At[P], *O) []string           // what an incomplete object is told; may be nil
	Keep         func(e *At[P], name string) error   // why it cannot go, of whatever is no smart default; may be nil
	Smart        func(iosconfig.Generation) *O       // the smart default; nil: there is none
	Off          func(*P) *bool                      // whether it was taken away
	Marks        Marks
}

// Marks is where running-config puts a "!" among objects.
type Marks uint8

// The places of a "!".
const (
	MarkEach Marks = iota
	MarkBetween
	MarkEnd
	MarkNone
)

// Row is the section as a row.
func (s Section[P, O]) Row() Row[P] {
	row := Row[P]{
		Syntax: s.Syntax, Help: s.Help, Set: s.set, Show: s.show,
		Clear: func(e *At[P], a syntax.Args) error { return s.remove(e, a, true) },
	}
	if s.Smart != nil {
		row.Default = func(e *At[P], a syntax.Args) error { return s.remove(e, a, false) }
	}
	return row
}

// Restore is `default …` of the section without a name, which means the smart default; whatever
// else has no name is not complete.
func (s Section[P, O]) Restore() Row[P] {
	head, _, _ := strings.Cut(s.Syntax, " <")
	nameless := func(*At[P], syntax.Args) error { return syntax.ErrIncomplete }
	return Row[P]{
		Syntax: head, Hidden: true, Set: nameless, Clear: nameless,
		Default: func(e *At[P], _ syntax.Args) error { return s.restore(e, iosconfig.DefaultName, false) },
	}
}

// path is that of an object below where the row is carried out.
func path[P any](e *At[P], name string) []string { return append(slices.Clip(e.Path), name) }

// object returns a copy of what the name stands for.
func (s Section[P, O]) object(e *At[P], name string) (o *O, fresh bool) {
	if o = s.In(e.It).Get(name); o != nil {
		next := *o
		return &next, false
	}
	if s.Smart != nil && name == iosconfig.DefaultName {
		return s.Smart(e.Config.Generation), false
	}
	return s.Mode.New(e.Config.Generation, name), true
}

func (s Section[P, O]) modeOf(o *O) *Mode[O] {
	if s.ModeOf != nil {
		return s.ModeOf(o)
	}
	return s.Mode
}

func (s Section[P, O]) set(e *At[P], a syntax.Args) error {
	name := a.Word("name")
	o, fresh := s.object(e, name)
	if s.Make != nil {
		if err := s.Make(e, o, a); err != nil {
			return err
		}
	}
	if s.Off != nil && name == iosconfig.DefaultName {
		*s.Off(e.It) = false
	}
	if fresh || s.Make != nil {
		s.put(e, name, o)
	}
	if s.Remind != nil {
		e.Say(s.Remind(e, o)...)
	}
	e.Changed(s.Mode.Kind, strings.Join(path(e, name), " "))
	Enter(e.Line, s.modeOf(o), path(e, name))
	return nil
}

// put keeps a smart default out of the configuration while it is what it was.
func (s Section[P, O]) put(e *At[P], name string, o *O) {
	if s.Smart != nil && name == iosconfig.DefaultName {
		PutSmart(s.In(e.It), o, s.Smart(e.Config.Generation))
		return
	}
	s.In(e.It).Put(name, o)
}

// remove takes an object away; with off, the smart default of its name too.
func (s Section[P, O]) remove(e *At[P], a syntax.Args, off bool) error {
	return s.restore(e, a.Word("name"), off)
}

func (s Section[P, O]) restore(e *At[P], name string, off bool) error {
	if s.Keep != nil && (s.Smart == nil || name != iosconfig.DefaultName) {
		if err := s.Keep(e, name); err != nil {
			return err
		}
	}
	s.In(e.It).Remove(name)
	if s.Off != nil && name == iosconfig.DefaultName {
		*s.Off(e.It) = off
	}
	e.Changed(s.Mode.Kind, strings.Join(path(e, name), " "))
	return nil
}

func (s Section[P, O]) show(e *At[P]) []string {
	var lines []string
	if s.Off != nil && *s.Off(e.It) {
		head, _, _ := strings.Cut(s.Syntax, " <")
		lines = []string{"no " + head + " " + iosconfig.DefaultName}
	}
	first := true
	for o := range s.told(e) {
		if s.Marks == MarkBetween && !first {
			lines = append(lines, "!")
		}
		lines = append(lines, s.modeOf(o).Indented(s.Head(o), e.Line, o, path(e, s.NameOf(o)))...)
		if first = false; s.Marks == MarkEach {
			lines = append(lines, "!")
		}
	}
	if s.Marks == MarkEnd {
		lines = append(lines, "!")
	}
	return lines
}

// told are the objects that running-config has, with all defaults the smart one before
// them where it is what it was.
func (s Section[P, O]) told(e *At[P]) iter.Seq[*O] {
	all := s.In(e.It)
	return func(yield func(*O) bool) {
		if e.All && s.Smart != nil && !*s.Off(e.It) && all.Get(iosconfig.DefaultName) == nil && !yield(s.Smart(e.Config.Generation)) {
			return
		}
		all.All()(yield)
	}
}

// PutSmart keeps a smart default out of its table while it is what it was.
func PutSmart[O any](t Table[O], o, smart *O) {
	if reflect.DeepEqual(o, smart) {
		t.Remove(iosconfig.DefaultName)
		return
	}
	t.Put(iosconfig.DefaultName, o)
}
