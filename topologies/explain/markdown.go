package explain

import (
	"fmt"
	"strings"

	"ikelab/topologies/phrase"
)

// Markdown is stories as Markdown.
func Markdown(list []*Story, p Page) string {
	m := &markdown{Page: p}
	for _, s := range list {
		m.story(s)
	}
	return m.b.String()
}

// markdown is a page that is being written.
type markdown struct {
	Page
	b strings.Builder
}

func (m *markdown) para(text string) {
	if text != "" {
		m.b.WriteString(text + "\n\n")
	}
}

// fenced writes lines as they are, between fences that none of them closes.
func (m *markdown) fenced(lines []string) {
	text := ""
	for _, l := range lines {
		text += harmless(l) + "\n"
	}
	fence := ticks(text, 3)
	m.para(fence + "text\n" + text + fence)
}

// code is a text within a line, as it is.
func code(text string) string {
	text = harmless(text)
	t := ticks(text, 1)
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " "
	}
	return t + text + t
}

// ticks are so many backquotes, or more, that a text has none as long.
func ticks(text string, least int) string {
	for strings.Contains(text, strings.Repeat("`", least)) {
		least++
	}
	return strings.Repeat("`", least)
}

func (m *markdown) items(list []phrase.Phrase) {
	for _, s := range list {
		m.b.WriteString("- " + escaped(s.In(m.Lang)) + "\n")
	}
	if len(list) > 0 {
		m.b.WriteByte('\n')
	}
}

func (m *markdown) story(s *Story) {
	m.para("# " + escaped(s.Title.In(m.Lang)))
	m.para(escaped(m.all(s.Intro)))
	for i := range s.Steps {
		m.step(s, i)
	}
	if len(s.Outcome) > 0 {
		m.para("## " + m.say("tour.outcome"))
		m.items(s.Outcome)
	}
	if len(s.Screens) > 0 {
		m.para("## " + m.say("tour.screens"))
	}
	for _, c := range s.Screens {
		m.fenced(append([]string{s.Ends[c.End].Name + "# " + c.Command}, c.Lines...))
		for _, p := range c.Points {
			fmt.Fprintf(&m.b, "- %s: %s\n", code(strings.TrimSpace(p.Line)), escaped(p.Says.In(m.Lang)))
		}
		m.b.WriteByte('\n')
	}
}

func (m *markdown) step(story *Story, i int) {
	s := &story.Steps[i]
	m.para("## " + escaped(m.title(i+1, s)))
	if about := m.about(story, s); about != "" {
		m.para("*" + about + "*")
	}
	if msg := s.Message; msg != nil {
		m.para(escaped(story.Ends[msg.From].Name + " → " + story.Ends[1-msg.From].Name + ": " + m.label(msg)))
	}
	m.para(escaped(m.all(s.Text)))
	if len(s.Payloads) > 0 {
		m.para(m.say("tour.payloads"))
		for _, p := range s.Payloads {
			head := "**" + escaped(p.Name) + "**"
			if holds := m.holds(p); holds != "" {
				head += " " + code(holds)
			}
			m.b.WriteString("- " + head + ": " + escaped(p.For.In(m.Lang)) + "\n")
		}
		m.b.WriteByte('\n')
	}
	for end := range s.Sides {
		m.side(story.Ends[end].Name, &s.Sides[end])
	}
}

func (m *markdown) side(name string, s *Side) {
	if s.empty() {
		return
	}
	m.para("### " + escaped(name))
	m.items(s.Facts)
	if len(s.Config) > 0 {
		m.para(m.say("tour.configuration"))
		for _, b := range s.Config {
			m.fenced(b.Lines)
			if b.Note.Key != "" {
				m.para(escaped(b.Note.In(m.Lang)))
			}
		}
	}
	if shown, more := m.debug(s.Debug); len(shown) > 0 {
		m.para(m.say("tour.debug"))
		m.fenced(shown)
		if more > 0 {
			m.para(m.say("tour.more", "n", more))
		}
	}
}

// escaped has signs that Markdown reads stand for themselves.
var escapes = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "<", "&lt;", "&", "&amp;", "|", `\|`, "~", `\~`, "#", `\#`, "[", `\[`)

func escaped(text string) string { return escapes.Replace(harmless(text)) }
