package iosconfig

import (
	"slices"

	"ikelab/iosconfig/syntax"
)

// edit is what a configuration command works on: the configuration, and the
// object whose mode it was typed in.
type edit struct {
	*Config
	exists   func(name string) bool // see Editor.Exists
	stack    []frame                // modes, global first; what they edit is below
	messages []string
	changed  bool
	left     bool   // `end`
	banner   string // what ends the banner whose lines are being read; "": none

	target // of the command's mode
}

// target is the object that a sub-mode edits; all but the mode's own are nil.
type target struct {
	iface     *Interface
	section   *Section
	proposal  *Proposal
	policy    *Policy
	keyring   *Keyring
	peer      *KeyringPeer
	profile   *Profile
	transform *TransformSet
	ipsec     *IPsecProfile
}

// frame is a mode that was entered, and its object.
type frame struct {
	mode   *mode
	target target
}

// mode is a configuration mode.
type mode struct {
	name  string // stands in the prompt
	table *syntax.Table[edit]
}

func newMode(name, title string, rows ...[]syntax.Command[edit]) *mode {
	return &mode{name: name, table: syntax.NewTable(title, slices.Concat(rows...), verbs)}
}

// The Syntax of the rows that stand for all rows behind them.
const (
	verbNo      = "no <command:line>"
	verbDefault = "default <command:line>"
	verbDo      = "do <command:line>"
)

// verbs are the commands of every mode.
var verbs = []syntax.Command[edit]{
	{Syntax: verbNo, Help: "Negate a command or set its defaults|Command"},
	{Syntax: verbDefault, Help: "Set a command to its defaults|Command"},
	{Syntax: verbDo, Help: "To run exec commands in config mode|Exec command"},
	{Syntax: "exit", Help: "Exit from configure mode", Set: func(e *edit, _ syntax.Args) error { e.exit(); return nil }},
	{Syntax: "end", Help: "Exit from configure mode", Set: func(e *edit, _ syntax.Args) error { e.end(); return nil }},
}

// enter pushes a sub-mode.
func (e *edit) enter(m *mode, t target) {
	e.stack = append(e.stack, frame{mode: m, target: t})
	e.target = t
}

func (e *edit) exit() {
	if len(e.stack) == 1 {
		e.left = true
		return
	}
	e.leave(len(e.stack) - 1)
}

func (e *edit) end() {
	e.leave(1)
	e.left = true
}

// leave keeps the lowest n modes.
func (e *edit) leave(n int) {
	e.stack = e.stack[:n:n] // entering a mode must not write into a stack that was saved
	e.target = e.stack[n-1].target
}

// say prints a line although the command was done.
func (e *edit) say(lines ...string) { e.messages = append(e.messages, lines...) }

// show returns the lines of running-config of all rows of a mode, for the
// object t.
func (e *edit) show(m *mode, t target) []string {
	at := &edit{Config: e.Config, target: t}
	var lines []string
	for _, c := range m.table.Commands {
		if c.Show != nil {
			lines = append(lines, c.Show(at)...)
		}
	}
	return lines
}

// sectionLines is a section of running-config: its head and, indented, its
// mode's lines.
func (e *edit) sectionLines(head string, m *mode, t target) []string {
	lines := []string{head}
	for _, l := range e.show(m, t) {
		lines = append(lines, " "+l)
	}
	return lines
}

// find returns the first element of a list that has the name.
func find[T any](list []*T, name string, nameOf func(*T) string) *T {
	for _, x := range list {
		if nameOf(x) == name {
			return x
		}
	}
	return nil
}

// remove returns the list without the elements of that name.
func remove[T any](list []*T, name string, nameOf func(*T) string) []*T {
	return nilIfEmpty(slices.DeleteFunc(slices.Clone(list), func(x *T) bool { return nameOf(x) == name }))
}

// nilIfEmpty lets "none" have one representation, so that configurations can
// be compared.
func nilIfEmpty[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

// without returns list without the given elements.
func without[T comparable](list, gone []T) []T {
	return nilIfEmpty(slices.DeleteFunc(slices.Clone(list), func(x T) bool { return slices.Contains(gone, x) }))
}

// when returns a line if cond holds.
func when(cond bool, line string) []string {
	if cond {
		return []string{line}
	}
	return nil
}
