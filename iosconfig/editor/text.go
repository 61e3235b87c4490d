package editor

import (
	"cmp"
	"slices"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/syntax"
)

// Commands that cannot matter to a tunnel are kept as text: told apart by the
// words that they begin with, in the order in which they were typed, with what
// stands below them.

// Family is the commands that begin with the same words.
type Family struct {
	Words  string
	As     string // the newer spelling, under which it is kept; "": Words
	Help   string // for each word, behind those that other rows help with
	Rest   string // "": anything may follow; "none": nothing may; "needed": something must; "secret": nobody is told
	Key    int    // 1: there is one such line, 2: one for each next word, and so on; 0: as many as one likes
	Ends   string // the line that ends the text which follows; "": none does
	Acted  bool   // it has an effect all the same
	On     bool   // on by default: its `no` form is kept
	Enters *Mode[iosconfig.Text]
	Within string                                              // the word with which a line enters that mode; "": each does
	Says   func(c *iosconfig.Config, t *iosconfig.Text) string // what a person is told; nil: nothing
	Refers []Reference
}

// text is a family whose lines are kept in an O.
type text[O any] struct {
	Family
	of func(*O) *iosconfig.Texts
}

// Worded are families of which there is no more to say, as "word=help|two words=help > help".
func Worded(list string) []Family {
	var families []Family
	for item := range strings.SplitSeq(list, "|") {
		words, help, _ := strings.Cut(item, "=")
		families = append(families, Family{Words: words, Help: strings.ReplaceAll(help, " > ", "|")})
	}
	return families
}

// TextRows are families as rows.
func TextRows[O any](of func(*O) *iosconfig.Texts, families ...Family) []Row[O] {
	rows := make([]Row[O], 0, len(families))
	for _, f := range families {
		rows = append(rows, text[O]{f, of}.row())
	}
	return rows
}

// GlobalTexts are families of global configuration.
func GlobalTexts(families ...Family) []Row[iosconfig.Config] {
	return TextRows(func(c *iosconfig.Config) *iosconfig.Texts { return &c.Texts }, families...)
}

// textRest is the syntax of what follows the words of a family.
var textRest = map[string]string{"": " / [<kept:text>]", "needed": " / <kept:text>", "none": "", "secret": " / [<kept:secret-line>]"}

func (f text[O]) row() Row[O] {
	words := strings.Count(f.Words, " ")
	help := f.Help
	if missing := words - strings.Count(help, "|"); missing > 0 {
		help = strings.Repeat("|", missing) + help
	}
	if f.Rest != "none" {
		help += "|Kept as it is typed"
	}
	show := f.show
	if f.As != "" { // the row of that spelling shows it
		show = nil
	}
	return Row[O]{
		Syntax: f.Words + textRest[f.Rest], Help: help, NoEffect: !f.Acted, Enters: f.Enters != nil,
		Set: f.set, Clear: f.clear, Default: f.reset, Show: show,
	}
}

// name is the words under which lines are kept.
func (f text[O]) name() string { return cmp.Or(f.As, f.Words) }

// line is what is kept of a line.
func (f text[O]) line(a syntax.Args) string {
	return f.name() + strings.TrimPrefix(a.String(), f.Words)
}

func (f text[O]) set(e *At[O], a syntax.Args) error {
	line := f.line(a)
	list := f.of(e.It).Family(f.name())
	list.Remove("no " + line)
	f.replace(&list, line)
	standard := f.On && line == f.name() && !e.File // goes without saying
	if list.Get(line) == nil && !standard {
		list.Put(line, &iosconfig.Text{Line: line})
	}
	f.put(e, list)
	path := []string{f.name(), line}
	switch at := slices.Concat(e.Path, path); {
	case f.enters(line):
		Enter(e.Line, f.Enters, at)
	case e.File:
		keepUnread(e.Line, e.mode.Kind, at)
	}
	if f.Ends != "" {
		e.passage = textUntil(f.Ends, path)
	}
	if f.Says != nil {
		e.tell(func(c *iosconfig.Config) string { return f.told(e, c, path) })
	}
	e.refer(line, f.Refers, func(c *iosconfig.Config) bool { return f.at(e, c, path) != nil })
	return nil
}

// enters says whether a line has a mode of its own.
func (f text[O]) enters(line string) bool {
	return f.Enters != nil && (f.Within == "" || slices.Contains(strings.Fields(line), f.Within))
}

// told is what is said of a line while it is there.
func (f text[O]) told(e *At[O], c *iosconfig.Config, path []string) string {
	if t := f.at(e, c, path); t != nil {
		return f.Says(c, t)
	}
	return ""
}

// at is a line that is kept; nil: it has gone.
func (f text[O]) at(e *At[O], c *iosconfig.Config, path []string) *iosconfig.Text {
	if o := e.mode.Get(c, e.Path); o != nil {
		return f.of(o).TextAt(path)
	}
	return nil
}

// put keeps the lines of the family.
func (f text[O]) put(e *At[O], list iosconfig.List[iosconfig.Text]) {
	f.of(e.It).SetFamily(f.name(), list)
	if e.mode.Kind == iosconfig.KindGlobal {
		e.Changed(iosconfig.KindText, f.name())
	}
}

// replace takes away what another line takes the place of.
func (f text[O]) replace(list *iosconfig.List[iosconfig.Text], line string) {
	words := strings.Fields(line)
	if n := strings.Count(f.name(), " ") + f.Key; f.Key > 0 && len(words) >= n {
		head := strings.Join(words[:n], " ")
		forget(list, func(old string) bool { return old != line && Begins(old, head) }, head, "no "+head)
	}
}

// forget takes lines away, and says whether there was one. It looks at those that begin with
// certain texts; without any: at all.
func forget(list *iosconfig.List[iosconfig.Text], which func(line string) bool, texts ...string) (found bool) {
	if len(texts) == 0 {
		texts = []string{""}
	}
	for _, text := range texts {
		for t := range iosconfig.Beginning(list, text) {
			if which(t.Line) {
				list.Remove(t.Line)
				found = true
			}
		}
	}
	return found
}

// clear takes away what begins with the line. What was not there is kept as
// switched off, as it may be on by default: but nobody who types has to be told that an
// object that has a mode is not there.
func (f text[O]) clear(e *At[O], a syntax.Args) error {
	line, list := f.line(a), f.of(e.It).Family(f.name())
	gone := forget(&list, func(old string) bool { return old == line || strings.HasPrefix(old, line+" ") }, line)
	if off := "no " + line; f.On || !gone && (e.File || f.Enters == nil) {
		list.Put(off, &iosconfig.Text{Line: off})
		if f.On && f.Says != nil {
			e.tell(func(c *iosconfig.Config) string { return f.told(e, c, []string{f.name(), off}) })
		}
	}
	f.put(e, list)
	return nil
}

// reset takes away what begins with the line, switched on or off.
func (f text[O]) reset(e *At[O], a syntax.Args) error {
	list := f.of(e.It).Family(f.name())
	forget(&list, func(old string) bool { return Begins(old, f.line(a)) }, f.line(a), "no "+f.line(a))
	f.put(e, list)
	return nil
}

func (f text[O]) show(e *At[O]) []string {
	var lines []string
	list := f.of(e.It).Family(f.name())
	for t := range list.All() {
		lines = append(lines, t.Line)
		lines = appendBelow(lines, t, f.margin())
		if word, _, _ := strings.Cut(t.Line, " "); f.enters(t.Line) && closings[word] != "" {
			lines = append(lines, f.margin()+closings[word])
		}
		if f.enters(t.Line) && f.Enters.Kind == iosconfig.KindText {
			lines = append(lines, "!")
		}
	}
	return lines
}

// margin stands before what is below a line; a text is not indented.
func (f text[O]) margin() string {
	if f.Ends != "" {
		return ""
	}
	return " "
}

// closings are the lines behind sections in a text.
var closings = map[string]string{
	"address-family": "exit-address-family", "service-family": "exit-service-family",
	"af-interface": "exit-af-interface", "topology": "exit-af-topology", "vrrp": "exit-vrrp",
}

// appendBelow adds what stands below a line.
func appendBelow(lines []string, t *iosconfig.Text, margin string) []string {
	for below := range t.Below.All() {
		for l := range strings.SplitSeq(below.Line, "\n") {
			lines = append(lines, margin+l)
		}
		lines = appendBelow(lines, below, margin+" ")
		word, _, _ := strings.Cut(below.Line, " ")
		if end, closes := closings[word]; closes {
			lines = append(lines, margin+end)
		}
	}
	return lines
}
