package explain

import (
	"strings"

	"ikelab/topologies/phrase"
)

// Widths of text, in columns.
const (
	sideBySide = 120 // from this width on both ends stand beside each other
	narrowest  = 24  // what a narrower terminal gets
	between    = " | "
)

// Text is stories for a terminal: no line is wider than it.
func Text(list []*Story, p Page) string {
	t := &text{Page: p}
	t.Width = max(t.Width, narrowest)
	for i, s := range list {
		if i > 0 {
			t.line("")
		}
		t.story(s)
	}
	return t.b.String()
}

// text is a text that is being written.
type text struct {
	Page
	b strings.Builder
}

func (t *text) line(s string) { t.b.WriteString(strings.TrimRight(harmless(s), " ") + "\n") }

// lines writes a paragraph, indented.
func (t *text) lines(indent, s string) {
	for _, l := range phrase.Fold(harmless(s), t.Width-len(indent)) {
		t.line(indent + l)
	}
}

// heading writes a heading and underlines it.
func (t *text) heading(s, under string) {
	longest := 0
	for _, l := range phrase.Fold(harmless(s), t.Width) {
		t.line(l)
		longest = max(longest, phrase.Width(l))
	}
	t.line(strings.Repeat(under, longest))
}

func (t *text) story(s *Story) {
	t.heading(s.Title.In(t.Lang), "=")
	t.line("")
	if len(s.Intro) > 0 {
		t.lines("", t.all(s.Intro))
		t.line("")
	}
	for i := range s.Steps {
		t.step(s, i)
	}
	if len(s.Outcome) > 0 {
		t.heading(t.say("tour.outcome"), "-")
		t.line("")
		t.items("", s.Outcome)
		t.line("")
	}
	if len(s.Screens) > 0 {
		t.heading(t.say("tour.screens"), "-")
		t.line("")
		for i := range s.Screens {
			t.screen(s, &s.Screens[i])
		}
	}
}

func (t *text) step(story *Story, i int) {
	s := &story.Steps[i]
	t.heading(t.title(i+1, s), "-")
	t.lines("", t.about(story, s))
	t.line("")
	if s.Message != nil {
		t.arrow(story, s)
		t.line("")
	}
	if len(s.Text) > 0 {
		t.lines("", t.all(s.Text))
		t.line("")
	}
	if len(s.Payloads) > 0 {
		t.lines("", t.say("tour.payloads"))
		for _, p := range s.Payloads {
			t.payload(p)
		}
		t.line("")
	}
	t.sides(story, s)
}

func (t *text) payload(p Payload) {
	head := p.Name
	if holds := t.holds(p); holds != "" {
		head += ": " + holds
	}
	t.hang("  ", "    ", head)
	t.lines("      ", p.For.In(t.Lang))
}

// arrow draws the message between the names of the ends.
func (t *text) arrow(story *Story, s *Step) {
	left, right := harmless(story.Ends[0].Name), harmless(story.Ends[1].Name)
	label := " " + harmless(t.label(s.Message)) + " "
	room := min(t.Width, 78) - phrase.Width(left) - phrase.Width(right) - 8
	if room < phrase.Width(label) {
		from, to := story.Ends[s.Message.From].Name, story.Ends[1-s.Message.From].Name
		t.lines("", from+" -> "+to+":"+strings.TrimRight(label, " "))
		return
	}
	dashes := room - phrase.Width(label)
	line := strings.Repeat("-", dashes/2) + label + strings.Repeat("-", dashes-dashes/2)
	switch {
	case s.Message.From == 0 && s.Message.Lost:
		line = line[:len(line)-1] + "x "
	case s.Message.Lost:
		line = " x" + line[1:]
	case s.Message.From == 0:
		line += ">"
	default:
		line = "<" + line
	}
	t.line("  " + left + " " + line + " " + right)
}

// sides writes what both ends have to do with a step: beside each other, or one
// below the other.
func (t *text) sides(story *Story, s *Step) {
	var columns [2][]string
	width := t.Width - 2
	beside := t.Width >= sideBySide
	if beside {
		width = (t.Width - len(between)) / 2
	}
	for end := range s.Sides {
		if !s.Sides[end].empty() {
			columns[end] = append([]string{"[" + story.Ends[end].Name + "]"}, t.side(&s.Sides[end], width)...)
		}
	}
	switch {
	case columns[0] == nil && columns[1] == nil:
	case beside:
		t.columns(columns, width)
		t.line("")
	default:
		for _, c := range columns {
			for i, l := range c {
				if i > 0 {
					l = "  " + l
				}
				t.line(l)
			}
			if c != nil {
				t.line("")
			}
		}
	}
}

// columns writes two columns of such a width.
func (t *text) columns(c [2][]string, width int) {
	for i := range max(len(c[0]), len(c[1])) {
		left, right := "", ""
		if i < len(c[0]) {
			left = c[0][i]
		}
		if i < len(c[1]) {
			right = c[1][i]
		}
		t.line(left + strings.Repeat(" ", width-phrase.Width(left)) + between + right)
	}
}

// side are the lines of one end, of at most such a width.
func (t *text) side(s *Side, width int) []string {
	in := &text{Page: t.Page}
	in.Width = width
	in.items("", s.Facts)
	if len(s.Config) > 0 {
		in.lines("", t.say("tour.configuration"))
		for _, b := range s.Config {
			for _, l := range b.Lines {
				in.hang("  ", "      ", l)
			}
			if b.Note.Key != "" {
				in.lines("    ", b.Note.In(t.Lang))
			}
		}
	}
	if shown, more := t.debug(s.Debug); len(s.Debug) > 0 {
		in.lines("", t.say("tour.debug"))
		for _, l := range shown {
			in.hang("  ", "      ", l)
		}
		if more > 0 {
			in.lines("  ", t.say("tour.more", "n", more))
		}
	}
	return strings.Split(strings.TrimSuffix(in.b.String(), "\n"), "\n")
}

// items writes sentences, each with a dash before it.
func (t *text) items(indent string, list []phrase.Phrase) {
	for _, s := range list {
		t.hang(indent+"- ", indent+"  ", s.In(t.Lang))
	}
}

// hang writes a text whose further lines are indented deeper than the first.
func (t *text) hang(first, further, s string) {
	for i, l := range phrase.Fold(harmless(s), t.Width-len(further)) {
		if i == 0 {
			t.line(first + l)
		} else {
			t.line(further + strings.TrimLeft(l, " "))
		}
	}
}

func (t *text) screen(story *Story, s *Screen) {
	t.lines("", story.Ends[s.End].Name+"# "+s.Command)
	for _, l := range s.Lines {
		t.hang("  ", "      ", l)
	}
	t.line("")
	for _, p := range s.Points {
		t.hang("  ", "      ", strings.TrimSpace(p.Line))
		t.lines("      ", p.Says.In(t.Lang))
	}
	t.line("")
}
