package scenario

import (
	"fmt"
	"slices"
	"strings"

	"ikelab/topologies/condition"
	"ikelab/topologies/form"
	"ikelab/topologies/lab"
	"ikelab/topologies/script"
)

// run types lines at a console.
type run struct {
	node    string
	lines   []string
	answers []string
	checks  condition.Checks
	router  *lab.Router
}

func (a *run) keys() []form.Key {
	return []form.Key{
		{Name: "run", Help: "a line; several, as one text or as a list, are typed one after the other, and what the last one shows is looked at", Value: form.Texts(&a.lines, "run")},
		{Name: "node", Help: "a router, by its name or its host name", Value: form.Word(&a.node, "node")},
		{Name: "answers", Help: "to its questions, in order; an empty one takes the default", Value: form.Texts(&a.answers, "answers")},
		{Name: "expect", Help: "of what it shows; one text or more, or checks", Value: condition.ChecksValue(&a.checks)},
	}
}

func (a *run) prepare(r *Runner) (err error) {
	a.router, err = r.world.Router(a.node)
	return err
}

func (a *run) do(r *Runner) (results []script.Result, err error) {
	lines := linesOf(a.lines)
	for i, line := range lines {
		var more []script.Result
		more, err = r.typed(a.router, line, a.answers, i == len(lines)-1)
		if results = append(results, more...); err != nil {
			return results, err
		}
	}
	if len(results) == 0 {
		return nil, nil
	}
	last := results[len(results)-1]
	var shown strings.Builder
	for _, res := range results[len(results)-1-min(len(a.answers), len(results)-1):] {
		shown.WriteString(res.Output)
	}
	r.last = condition.Output{Text: shown.String(), Refused: last.Refused, JSON: func() (string, bool) {
		text, refused := a.router.Shell().Screen(r.lab.Sim.Now(), last.Command+" | json")
		return text, !refused
	}}
	if last.Refused != a.checks.Refusal() && !r.settings.Lenient {
		message, want := "it is refused", "that it is carried out"
		if a.checks.Refusal() {
			message, want = "it is carried out", "that it is refused"
		}
		return results, failed(message, condition.Finding{Want: want, Got: last.Output})
	}
	if found := r.update(a.checks.Judge(r.last)); len(found) > 0 {
		return results, failed("what "+a.router.Name()+" shows is not as expected", found...)
	}
	return results, nil
}

// typed types a line and answers its questions, if it is the last one.
func (r *Runner) typed(node *lab.Router, line string, answers []string, last bool) ([]script.Result, error) {
	res, err := r.consoles.Type(node, line)
	results := []script.Result{res}
	if err != nil || r.settings.Lenient {
		return results, err
	}
	if res.Cut {
		return results, failed(fmt.Sprintf("%q was cut off after %v", line, r.consoles.Limit))
	}
	if !last && res.Refused {
		return results, failed("it is refused", condition.Finding{Want: fmt.Sprintf("that %q is accepted", line), Got: res.Output})
	}
	if last {
		for _, answer := range answers {
			if r.consoles.Question(node) == "" {
				return results, failed(fmt.Sprintf("nobody asked for the answer %q", answer))
			}
			if res, err = r.consoles.Type(node, answer); err != nil {
				return append(results, res), err
			}
			results = append(results, res)
		}
	}
	if q := r.consoles.Question(node); q != "" {
		return results, failed(fmt.Sprintf("%q waits for an answer", strings.TrimSpace(q)))
	}
	return results, nil
}

// configure types lines in configuration mode.
type configure struct {
	node   string
	lines  []string
	router *lab.Router
}

func (a *configure) keys() []form.Key {
	return []form.Key{
		{Name: "configure", Help: "lines, as one text or as a list", Value: form.Texts(&a.lines, "configure")},
		{Name: "node", Help: "a router", Value: form.Word(&a.node, "node")},
	}
}

func (a *configure) prepare(r *Runner) (err error) {
	a.router, err = r.world.Router(a.node)
	return err
}

func (a *configure) do(r *Runner) (results []script.Result, err error) {
	for _, line := range slices.Concat([]string{"configure terminal"}, linesOf(a.lines), []string{"end"}) {
		res, err := r.consoles.Type(a.router, line)
		if results = append(results, res); err != nil {
			return results, err
		}
		if res.Refused && !r.settings.Lenient {
			return results, failed("it is refused", condition.Finding{Want: fmt.Sprintf("that %q is accepted", strings.TrimSpace(line)), Got: res.Output})
		}
	}
	return results, nil
}

// linesOf are the lines of texts, each of which may be a block of several.
func linesOf(texts []string) (lines []string) {
	for _, text := range texts {
		lines = append(lines, strings.Split(strings.TrimRight(text, "\r\n"), "\n")...)
	}
	return lines
}

// help is `?`.
type help struct{ text string }

func (a *help) keys() []form.Key { return nil }

func (a *help) prepare(*Runner) error { return nil }

func (a *help) do(r *Runner) ([]script.Result, error) {
	return []script.Result{{Time: r.lab.Sim.Now(), Command: "?", Output: a.text}}, nil
}
