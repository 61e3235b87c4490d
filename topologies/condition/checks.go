package condition

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"ikelab/topologies/form"
)

// Checks are what is expected of a text that a router showed.
type Checks struct {
	texts, noTexts     []string
	lines, noLines     []string
	matches, noMatches []string
	counts             []count
	fields             []field
	screen             *Screen
	hide               []string
	refused            bool
}

// Screen is a whole screen as it must be.
type Screen struct {
	Text string
	form.Place
}

// count is how often something occurs.
type count struct {
	match string
	is    Comparison
}

// Output is a text that a router showed.
type Output struct {
	Text    string
	Refused bool
	JSON    func() (text string, ok bool) // of the same screen
}

// Keys are what may be checked.
func (c *Checks) keys() []form.Key {
	patterns := func(dst *[]string, name string) form.Value {
		return form.OneOrMore(name, "regular expression", func() form.Value {
			return form.Parsed(new(string), name, "regular expression", func(s string) (string, error) {
				_, err := compile(s)
				*dst = append(*dst, s)
				return s, err
			})
		})
	}
	return []form.Key{
		{Name: "text", Help: "occurs", Value: form.Texts(&c.texts, "text")},
		{Name: "no-text", Help: "does not occur", Value: form.Texts(&c.noTexts, "no-text")},
		{Name: "line", Help: "is a line, but for space around it", Value: form.Texts(&c.lines, "line")},
		{Name: "no-line", Help: "is no line", Value: form.Texts(&c.noLines, "no-line")},
		{Name: "match", Help: "matches; ^ and $ stand at lines", Value: patterns(&c.matches, "match")},
		{Name: "no-match", Help: "does not match", Value: patterns(&c.noMatches, "no-match")},
		{Name: "count", Help: "how often something matches", Value: form.OneOrMore("count", "a count", func() form.Value {
			c.counts = append(c.counts, count{})
			return c.counts[len(c.counts)-1].value(c, len(c.counts)-1)
		})},
		{Name: "fields", Help: "fields of the screen's `| json`, by paths such as ike_sas.0.status or ike_sas.#", Value: fieldsValue(&c.fields, nil)},
		{Name: "screen", Help: "is the whole screen; `ikelab test --update` writes it", Value: c.screenValue()},
		{Name: "hide", Help: "what matches is left out of both screens", Value: patterns(&c.hide, "hide")},
		{Name: "refused", Help: "the command is refused", Value: form.Flag(&c.refused, "refused")},
	}
}

func (*count) value(c *Checks, i int) form.Value {
	return form.Object("a count", []form.Key{
		{Name: "match", Help: "a regular expression", Required: true, Value: form.Parsed(new(string), "match", "regular expression", func(s string) (string, error) {
			_, err := compile(s)
			c.counts[i].match = s
			return s, err
		})},
		{Name: "is", Help: "how often", Required: true, Value: form.Parsed(new(string), "is", comparing, func(s string) (string, error) {
			is, err := ParseComparison(s)
			c.counts[i].is = is
			return s, err
		})},
	})
}

func (c *Checks) screenValue() form.Value {
	s := &Screen{}
	return form.Then(form.Text(&s.Text, "screen"), func(r *form.Reader, n *yaml.Node) {
		s.Place, c.screen = r.Place(n), s
	})
}

// ChecksValue reads checks; a single text is one that must occur.
func ChecksValue(c *Checks) form.Value {
	return form.Either(form.Texts(&c.texts, "expect"), form.Object("checks", c.keys()))
}

// Refusal says whether the checks want a refused command.
func (c *Checks) Refusal() bool { return c.refused }

// Judge lists what is not as it must be.
func (c *Checks) Judge(o Output) []Finding {
	j := &judge{Output: o}
	for _, t := range c.texts {
		j.want(strings.Contains(o.Text, t), "the text %q", t)
	}
	for _, t := range c.noTexts {
		j.want(!strings.Contains(o.Text, t), "no text %q", t)
	}
	lines := trimmed(o.Text)
	for _, t := range c.lines {
		j.want(slices.Contains(lines, strings.TrimSpace(t)), "the line %q", t)
	}
	for _, t := range c.noLines {
		j.want(!slices.Contains(lines, strings.TrimSpace(t)), "no line %q", t)
	}
	for _, p := range c.matches {
		j.want(matched(p, o.Text) > 0, "a match of %q", p)
	}
	for _, p := range c.noMatches {
		j.want(matched(p, o.Text) == 0, "no match of %q", p)
	}
	for _, n := range c.counts {
		found := matched(n.match, o.Text)
		j.want(n.is.Holds(fmt.Sprint(found)), "matches of %q: %v (there are %d)", n.match, n.is, found)
	}
	c.judgeFields(j)
	c.judgeScreen(j)
	return j.list
}

type judge struct {
	Output
	list []Finding
}

func (j *judge) want(holds bool, format string, args ...any) {
	if !holds {
		j.list = append(j.list, Finding{Want: fmt.Sprintf(format, args...), Got: j.Text})
	}
}

func (c *Checks) judgeFields(j *judge) {
	if len(c.fields) == 0 {
		return
	}
	text, ok := j.JSON()
	if !ok {
		j.list = append(j.list, Finding{Want: "a screen that has `| json`", Got: text})
		return
	}
	for _, f := range c.fields {
		if have, ok := f.holds(text, ""); !ok {
			j.list = append(j.list, Finding{Want: f.String(), Got: f.path + ": " + have})
		}
	}
}

func (c *Checks) judgeScreen(j *judge) {
	if c.screen == nil {
		return
	}
	want, got := c.hidden(c.screen.Text), c.hidden(j.Text)
	if want != got {
		j.list = append(j.list, Finding{Want: want, Got: got, Screen: c.screen})
	}
}

// hidden is a screen without what varies and without space at the ends of lines.
func (c *Checks) hidden(text string) string {
	for _, p := range c.hide {
		if re, err := compile(p); err == nil {
			text = re.ReplaceAllString(text, "…")
		}
	}
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t\r")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n") + "\n"
}

// Occurs looks for a text, /or a regular expression/; nil: it is there.
func Occurs(text, in string) *Finding {
	if len(text) > 2 && text[0] == '/' && text[len(text)-1] == '/' {
		if matched(text[1:len(text)-1], in) > 0 {
			return nil
		}
	} else if strings.Contains(in, text) {
		return nil
	}
	return &Finding{Want: fmt.Sprintf("the text %q", text), Got: in}
}

func trimmed(text string) []string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return lines
}

func matched(pattern, text string) int {
	re, err := regexp.Compile("(?m)" + pattern)
	if err != nil {
		return 0
	}
	return len(re.FindAllString(text, -1))
}
