package condition

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"ikelab/topologies/form"
	"ikelab/topologies/lab"
)

// consoleTest is lines that a console has shown: what commands print, debug and
// syslog, and not what is typed.
type consoleTest struct {
	node, contains string
	matches        *regexp.Regexp
	count          Comparison
	since          string
}

func (t *consoleTest) keys() []form.Key {
	return []form.Key{
		{Name: "console", Help: "a router", Value: form.Word(&t.node, "console")},
		{Name: "contains", Help: "a text that occurs in a line", Value: form.Word(&t.contains, "contains")},
		{Name: "matches", Help: "what a line matches", Value: form.Parsed(&t.matches, "matches", "regular expression", compile)},
		{Name: "count", Help: "how many lines; without: at least one", Value: form.Parsed(&t.count, "count", comparing, ParseComparison)},
		{Name: "since", Help: "name of the step from which on it counts; without: from power-on", Value: form.Word(&t.since, "since")},
	}
}

func (t *consoleTest) bind(w *World) (probe, error) {
	if t.contains == "" && t.matches == nil {
		return nil, errors.New("a condition on a console needs contains or matches")
	}
	r, err := w.Router(t.node)
	if err != nil {
		return nil, err
	}
	w.listen()
	p := &consoleProbe{world: w, router: r, test: t}
	w.consoles[r] = append(w.consoles[r], p.take)
	return p, nil
}

// consoleProbe keeps which lines fit.
type consoleProbe struct {
	world  *World
	router *lab.Router
	test   *consoleTest
	line   string // that has not ended
	last   string // of those that fit
	tally
}

func (p *consoleProbe) version() uint64 { return uint64(len(p.found)) }

// longest is what is kept of a line.
const longest = 4096

// take looks at what is shown, line by line.
func (p *consoleProbe) take(text string) {
	for {
		line, rest, ended := strings.Cut(text, "\n")
		p.line += line[:min(len(line), longest-len(p.line))]
		if !ended {
			return
		}
		if t := p.test; strings.Contains(p.line, t.contains) && (t.matches == nil || t.matches.MatchString(p.line)) {
			p.found, p.last = append(p.found, p.world.serial), p.line
		}
		p.line, text = "", rest
	}
}

func (p *consoleProbe) look() Finding {
	return p.told(p.world.points[p.test.since], "", func(n int) Finding {
		f := counted(fmt.Sprintf("lines at %s's console %s", p.router.Name(), p.test), p.test.count, n)
		if n > 0 {
			f.Got += ", the last one: " + p.last
		}
		return f
	})
}

// String tells which lines are meant.
func (t *consoleTest) String() string {
	var words []string
	if t.contains != "" {
		words = append(words, fmt.Sprintf("with %q", t.contains))
	}
	if t.matches != nil {
		words = append(words, fmt.Sprintf("that match %q", strings.TrimPrefix(t.matches.String(), "(?m)")))
	}
	return strings.Join(words, " ")
}
