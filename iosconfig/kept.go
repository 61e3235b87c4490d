package iosconfig

import (
	"slices"
	"strings"

	"ikelab/iosconfig/syntax"
)

// What is accepted without effect is kept as text, so that running-config
// prints it back.

// keptList returns where the current mode keeps such lines.
func (e *edit) keptList() *[]string {
	switch {
	case e.iface != nil:
		return &e.iface.Kept
	case e.section != nil:
		return &e.section.Kept
	case e.profile != nil:
		return &e.profile.Kept
	case e.ipsec != nil:
		return &e.ipsec.Kept
	}
	return &e.Config.Kept
}

// begins says whether a line is the command that head names.
func begins(line, head string) bool {
	line = strings.TrimPrefix(line, "no ")
	return line == head || strings.HasPrefix(line, head+" ")
}

// keep stores line in place of the one with the same head; "": only forgets.
func (e *edit) keep(head, line string) {
	list := e.keptList()
	kept := slices.DeleteFunc(slices.Clone(*list), func(l string) bool { return begins(l, head) })
	if line != "" {
		kept = append(kept, line)
		slices.Sort(kept)
	}
	*list = nilIfEmpty(kept)
}

// kept is a row for a command that is accepted without effect and is off by
// default.
func kept(command, help string) syntax.Command[edit] {
	head := keywordsOf(command)
	forget := func(e *edit, a syntax.Args) error { e.keep(a.Head(), ""); return nil }
	return syntax.Command[edit]{
		Syntax: command, Help: help, NoEffect: true,
		Set:   func(e *edit, a syntax.Args) error { e.keep(a.Head(), a.String()); return nil },
		Clear: forget,
		Show: func(e *edit) []string {
			return slices.DeleteFunc(slices.Clone(*e.keptList()), func(l string) bool { return !begins(l, head) })
		},
	}
}

// keptOn is one that is on by default, so that its `no` form is kept.
func keptOn(command, help string) syntax.Command[edit] {
	c := kept(command, help)
	c.Default = c.Clear
	c.Clear = func(e *edit, a syntax.Args) error { e.keep(a.Head(), "no "+a.Head()); return nil }
	if !strings.ContainsAny(command, "/<[{") { // a plain switch: on is the default
		c.Set = c.Default
	}
	return c
}

// keywordsOf returns the keywords with which a syntax begins.
func keywordsOf(command string) string {
	end := strings.IndexAny(command, "/<[{")
	if end < 0 {
		end = len(command)
	}
	return strings.TrimSpace(command[:end])
}

// NoEffect lists the syntax of the commands that are accepted and printed
// back but that nothing acts on yet, by mode.
func NoEffect() []string {
	var list []string
	for _, m := range allModes() {
		for _, c := range m.table.Commands {
			if line := "(" + m.name + ") " + c.Syntax; c.NoEffect && !slices.Contains(list, line) {
				list = append(list, line)
			}
		}
	}
	return list
}

func allModes() []*mode {
	return []*mode{configMode, interfaceMode, tunnelMode, lineMode, controlPlaneMode,
		proposalMode, policyMode, keyringMode, peerMode, profileMode, transformMode, ipsecProfileMode}
}
