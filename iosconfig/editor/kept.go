package editor

import (
	"slices"
	"strings"

	"ikelab/iosconfig/syntax"
)

// What is accepted without effect is kept as text, so that running-config
// prints it back.

// Begins says whether a line is the command that head names.
func Begins(line, head string) bool {
	line = strings.TrimPrefix(line, "no ")
	return line == head || strings.HasPrefix(line, head+" ")
}

// Keep stores line in place of the one with the same head; "": only forgets.
func (e *At[O]) Keep(head, line string) {
	list := e.mode.Kept(e.It)
	kept := slices.DeleteFunc(slices.Clone(*list), func(l string) bool { return Begins(l, head) })
	if at, found := slices.BinarySearch(kept, line); line != "" && !found {
		kept = slices.Insert(kept, at, line)
	}
	*list = orNil(kept)
}

// Kept is a row for a command that is accepted without effect and is off by
// default.
func Kept[O any](command, help string) Row[O] {
	head := keywordsOf(command)
	return Row[O]{
		Syntax: command, Help: help, NoEffect: true,
		Set:   func(e *At[O], a syntax.Args) error { e.Keep(a.Head(), a.String()); return nil },
		Clear: func(e *At[O], a syntax.Args) error { e.Keep(a.Head(), ""); return nil },
		Show: func(e *At[O]) []string {
			return slices.DeleteFunc(slices.Clone(*e.mode.Kept(e.It)), func(l string) bool { return !Begins(l, head) })
		},
	}
}

// Acted marks a row that keeps its line as it is, and whose line is read.
func Acted[O any](c Row[O]) Row[O] {
	c.NoEffect = false
	return c
}

// KeptOn is one that is on by default, so that its `no` form is kept.
func KeptOn[O any](command, help string) Row[O] {
	c := Kept[O](command, help)
	c.Default = c.Clear
	c.Clear = func(e *At[O], a syntax.Args) error { e.Keep(a.Head(), "no "+a.Head()); return nil }
	if !strings.ContainsAny(command, "/<[{") { // a plain switch: on is the default
		c.Set = c.Default
		c = Usually(c, command)
	}
	return c
}

// Ignored is a row for what running-config always prints and nothing reads.
func Ignored[O any](command, help string) Row[O] {
	nothing := func(*At[O], syntax.Args) error { return nil }
	return Row[O]{Syntax: command, Help: help, NoEffect: true, Set: nothing, Clear: nothing}
}
