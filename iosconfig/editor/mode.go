package editor

import (
	"net/netip"
	"reflect"
	"slices"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/syntax"
)

// Row is a command of the mode that edits objects of type O.
type Row[O any] = syntax.Command[At[O]]

// At is where a row is carried out: in the mode of one object. On an error
// nothing of it is kept.
type At[O any] struct {
	*Line
	It   *O       // a copy of the object
	Path []string // its name, behind those of what it is part of
	mode *Mode[O]
}

// Line is a line being carried out.
type Line struct {
	Config   *iosconfig.Config // as it was before the line
	Exists   func(name string) bool
	InEffect func(*iosconfig.Config) *iosconfig.Config
	File     bool // it stands in a file, whose later lines may define what it names
	All      bool // running-config has the defaults, too
	Costly   *int // lines of its file that took a while, as hashing a secret must
	messages []string
	notes    []note
	changes  []iosconfig.Object
	entered  *frame
	leave    bool     // one mode
	left     bool     // `end`
	passage  *passage // whose text follows
}

// Overlap is an interface of a VRF whose network has to do with another one's, be it
// leased; "": there is none.
func (l *Line) Overlap(name, vrf string, p netip.Prefix) string {
	c := l.Config
	if l.InEffect != nil {
		c = l.InEffect(c)
	}
	return c.Interfaces.Overlap(name, vrf, p)
}

// Say prints lines although the command was done.
func (l *Line) Say(lines ...string) { l.messages = append(l.messages, lines...) }

// Leave leaves the mode that the line is in.
func (l *Line) Leave() { l.leave = true }

// Changed tells of an object that the line changed; without it a row's change
// counts as one of its mode's object.
func (l *Line) Changed(kind iosconfig.Kind, name string) {
	l.changes = append(l.changes, iosconfig.Object{Kind: kind, Name: name})
}

// CheckPhysical refuses the name of a physical interface that the device does
// not have.
func (l *Line) CheckPhysical(a syntax.Args, arg string) error {
	if a.Given(arg) && l.Lacks(a.Word(arg)) {
		return a.Invalid(arg)
	}
	return nil
}

// Lacks says whether an interface would be a physical one that the device does not
// have.
func (l *Line) Lacks(name string) bool {
	port, _, _ := strings.Cut(name, ".")
	return iosconfig.TypeOf(port).Physical() && l.Exists != nil && !l.Exists(port)
}

// Mode is a configuration mode. An object that is edited is a copy: Put says
// where it goes.
type Mode[O any] struct {
	Name, Title string // the prompt's, and the head of `?`
	Kind        iosconfig.Kind
	Get         func(c *iosconfig.Config, path []string) *O // nil: there is none
	New         func(g iosconfig.Generation, name string) *O
	Put         func(c *iosconfig.Config, path []string, o *O)
	Kept        func(o *O) *[]string // the lines without effect
	// Guard refuses a change of what stands now; nil: it is gone, another session has deleted it.
	// Without a guard such an object is made anew.
	Guard func(l *Line, now *O) error
	free  func(line string) command // keeps any line as text; nil: a line must be a row's
	table *syntax.Table[At[O]]
}

// NewMode compiles the rows of a mode and adds those that every mode has.
func NewMode[O any](m Mode[O], rows ...[]Row[O]) *Mode[O] {
	m.table = syntax.NewTable(m.Title, slices.Concat(rows...), verbs[O]())
	return &m
}

// The Syntax of the rows that stand for all rows behind them.
const (
	verbNo      = "no <command:line>"
	verbDefault = "default <command:line>"
	verbDo      = "do <command:line>"
)

// verbs are the commands of every mode.
func verbs[O any]() []Row[O] {
	return []Row[O]{
		{Syntax: verbNo, Help: "Negate a command or set its defaults|Command"},
		{Syntax: verbDefault, Help: "Set a command to its defaults|Command"},
		{Syntax: verbDo, Help: "To run exec commands in config mode|Exec command"},
		{Syntax: "exit", Help: "Exit from configure mode", Set: func(e *At[O], _ syntax.Args) error { e.leave = true; return nil }},
		{Syntax: "end", Help: "Exit from configure mode", Set: func(e *At[O], _ syntax.Args) error { e.left = true; return nil }},
	}
}

// anyMode is a mode whatever it edits.
type anyMode interface {
	name() string
	parse(line string, memory *syntax.Memory) (command, error)
	verb(word string) string
	begins(word string) bool
	claims(word string) bool
	mayEnter(line string) bool
	textual() bool
	family(path []string) string
	below(line string, memory *syntax.Memory) command
	public(line string, f syntax.Form) string
	help(line string, f syntax.Form) ([]string, error)
	complete(line string, f syntax.Form) []string
	show(c *iosconfig.Config, path []string) []string
}

// command is a line that was parsed.
type command interface {
	do(l *Line, path []string) error
	no() bool
	kept() string
	exact(line string) bool // no word of it is abbreviated
	text() bool
	keywords() int // by how many words, `no` and `default` among them, a text is known
	public(line string) string
}

func (m *Mode[O]) name() string { return m.Name }

func (m *Mode[O]) help(line string, f syntax.Form) ([]string, error) {
	return m.table.HelpForm(line, f)
}

func (m *Mode[O]) public(line string, f syntax.Form) string { return m.table.Public(line, f) }

func (m *Mode[O]) complete(line string, f syntax.Form) []string { return m.table.CompleteForm(line, f) }

// verb is the Syntax of the row that a first word stands for.
func (m *Mode[O]) verb(word string) string {
	if match, err := m.table.Parse(word + " x"); err == nil {
		return match.Command.Syntax
	}
	return ""
}

// object is what a change at a path counts as one of: below a text, that which
// the text is part of.
func (m *Mode[O]) object(path []string) string {
	if m.textual() {
		return path[0]
	}
	return strings.Join(path, " ")
}

// family are the words by which a line of a text is counted.
func (m *Mode[O]) family(path []string) string {
	if m.Kind == iosconfig.KindInterface {
		return path[1]
	}
	return path[0]
}

// begins says whether a command of the mode begins with a word.
func (m *Mode[O]) begins(word string) bool { return m.table.Begins(word) }

// textual says whether the mode is one of text that is kept.
func (m *Mode[O]) textual() bool { return m.free != nil }

// below is a line that is part of a text, whatever it says. A word that
// only begins like one that is known may be another.
func (m *Mode[O]) below(line string, memory *syntax.Memory) command {
	if cmd, err := m.parse(line, memory); err == nil && cmd.exact(line) {
		return cmd
	}
	return m.free(line)
}

// parse reads a command in its plain, `no` or `default` form.
func (m *Mode[O]) parse(line string, memory *syntax.Memory) (command, error) {
	match, err := m.table.ParseForm(line, syntax.Form{}, memory)
	if err != nil {
		return nil, err
	}
	at := match.Args.Offset("command")
	switch match.Command.Syntax {
	case verbDo:
		return nil, ErrDo{Line: match.Args.Word("command"), Offset: at}
	case verbNo, verbDefault:
		negated, err := m.table.ParseForm(line, syntax.Form{From: at, Negated: true}, memory)
		negated.Args.No, negated.Args.Default = match.Command.Syntax == verbNo, match.Command.Syntax == verbDefault
		return found[O]{m, negated}, err
	}
	return found[O]{m, match}, nil
}

// found is a row of a mode, with its arguments.
type found[O any] struct {
	mode  *Mode[O]
	match syntax.Match[At[O]]
}

func (f found[O]) no() bool { return f.match.Args.No }

func (f found[O]) exact(line string) bool {
	return f.match.Args.Exact(line)
}

// text says whether the line is kept as it is typed.
func (f found[O]) text() bool { return keepsText(f.match.Command.Syntax) }

func (f found[O]) keywords() int {
	known := len(strings.Fields(keywordsOf(f.match.Command.Syntax)))
	if f.match.Args.No || f.match.Args.Default {
		known++
	}
	return known
}

// kept are the words of a command that nothing acts on; "" of any other.
func (f found[O]) kept() string {
	if !f.match.Command.NoEffect {
		return ""
	}
	words := strings.Fields(keywordsOf(f.match.Command.Syntax))
	return strings.Join(words[:min(len(words), keptWords)], " ")
}

// keptWords is how many words of commands without effect tell them apart.
const keptWords = 2

func (f found[O]) public(line string) string { return f.match.Args.Public(line) }

// do carries the line out on a copy of the object, made anew when it is gone,
// and puts the copy when it differs.
func (f found[O]) do(l *Line, path []string) error {
	m := f.mode
	now := m.Get(l.Config, path)
	old := now
	if old == nil { // another session has deleted it: it is made anew
		old = m.New(l.Config.Generation, path[len(path)-1])
	}
	it := *old
	if err := f.run(&At[O]{Line: l, It: &it, Path: path, mode: m}); err != nil {
		return err
	}
	if m.same(&it, old) {
		l.changes = nil
		return nil
	}
	if m.Guard != nil {
		if err := m.Guard(l, now); err != nil {
			return err
		}
	}
	m.Put(l.Config, path, &it)
	switch {
	case len(l.changes) > 0:
	case m.Kind == iosconfig.KindGlobal:
		l.Changed(m.Kind, f.match.Args.Head())
	default:
		l.Changed(m.Kind, m.object(path))
	}
	return nil
}

// same is reflect.DeepEqual of two objects, of which one was made from a copy of the other. Of a
// whole configuration a line has touched little, and what is shared is seen to be so without a look
// inside; for anything smaller the two copies that this takes cost more than they save.
func (m *Mode[O]) same(a, b *O) bool {
	if m.Kind != iosconfig.KindGlobal {
		return reflect.DeepEqual(a, b)
	}
	x, y := reflect.ValueOf(*a), reflect.ValueOf(*b)
	for i := range x.NumField() {
		v, w := x.Field(i).Interface(), y.Field(i).Interface()
		if !(x.Field(i).Type().Comparable() && v == w) && !reflect.DeepEqual(v, w) {
			return false
		}
	}
	return true
}

// run runs the row's function for the form of the line.
func (f found[O]) run(at *At[O]) error {
	c, a := f.match.Command, f.match.Args
	switch {
	case a.Default && c.Default != nil:
		return c.Default(at, a)
	case a.Default || a.No:
		return c.Clear(at, a)
	}
	return c.Set(at, a)
}

// show returns the lines of running-config of all rows of a mode.
func (m *Mode[O]) show(c *iosconfig.Config, path []string) []string {
	return m.lines(&Line{Config: c}, m.Get(c, path), path)
}

// lines are those of an object that is at hand.
func (m *Mode[O]) lines(l *Line, o *O, path []string) []string {
	at := &At[O]{Line: l, It: o, Path: path, mode: m}
	var lines []string
	for i := range m.table.Commands {
		lines = append(lines, shown(at, &m.table.Commands[i])...)
	}
	return lines
}

// shown are the lines of one row.
func shown[O any](at *At[O], row *Row[O]) (lines []string) {
	if row.Show != nil {
		lines = row.Show(at)
	}
	if len(lines) == 0 && at.All && row.Usual != nil {
		lines = row.Usual(at)
	}
	return lines
}

// Indented is a section of running-config: its head and the mode's lines.
func (m *Mode[O]) Indented(head string, l *Line, o *O, path []string) []string {
	lines := []string{head}
	for _, text := range m.lines(l, o, path) {
		lines = append(lines, " "+text)
	}
	return lines
}

// NoEffect lists the syntax of the commands that are accepted and printed
// back but that nothing acts on yet.
func (m *Mode[O]) NoEffect() []string {
	var list []string
	for _, c := range m.table.Commands {
		if line := "(" + m.Name + ") " + c.Syntax; c.NoEffect && !keepsText(c.Syntax) && !slices.Contains(list, line) {
			list = append(list, line)
		}
	}
	return list
}

// Families lists the words of the commands that are kept as text.
func (m *Mode[O]) Families() []string {
	var list []string
	for _, c := range m.table.Commands {
		if words, _, _ := strings.Cut(c.Syntax, " /"); c.NoEffect && keepsText(c.Syntax) {
			list = append(list, words)
		}
	}
	return list
}

// keepsText says whether a row is one of a family of text.
func keepsText(syntax string) bool {
	return strings.Contains(syntax, "<kept:text>") || strings.Contains(syntax, " / [<kept:secret-line>]")
}

// EnterRange opens the mode of several objects, whose names there are; the prompt says
// so.
func EnterRange[O any](l *Line, m *Mode[O], names []string) {
	f := frame{mode: m, path: names[:1], prompt: m.Name + "-range"}
	for _, name := range names[1:] {
		f.more = append(f.more, []string{name})
	}
	l.entered = &f
}

// Enter opens the mode of an object below the current one.
func Enter[O any](l *Line, m *Mode[O], path []string) { l.entered = &frame{mode: m, path: path} }

// keywordsOf returns the keywords with which a syntax begins.
func keywordsOf(command string) string {
	end := strings.IndexAny(command, "/<[{")
	if end < 0 {
		end = len(command)
	}
	return strings.TrimSpace(command[:end])
}
