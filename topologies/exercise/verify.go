package exercise

import (
	"fmt"
	"slices"
	"strings"

	"ikelab/topologies/scenario"
)

// Verify tries whether a lab keeps what it promises: the network as it is found earns nothing, the
// solution and all right mends everything, each wrong mend fails for its reason, and what hints
// tell people to look at is there. It says what is otherwise.
func (l *Lab) Verify() (problems []string, err error) {
	tell := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	g, err := l.Grade(nil, nil)
	if err != nil {
		return nil, err
	}
	if g.Points > 0 {
		tell("as it is found: %d of %d points", g.Points, g.Of)
	}
	solution := mend{name: "the solution", besides: true}
	for _, m := range append([]mend{solution}, l.right...) {
		if g, err = l.gradeMend(m); err != nil {
			return nil, err
		}
		if !g.Passed() {
			tell("%s does not pass: %s", m.name, strings.Join(g.otherwise(), "; "))
		}
	}
	for _, m := range l.wrong {
		if g, err = l.gradeMend(m); err != nil {
			return nil, err
		}
		if g.Passed() {
			tell("a wrong mend passes: %s", m.name)
			continue
		}
		for _, reason := range m.fails {
			if !slices.ContainsFunc(g.otherwise(), func(what string) bool { return strings.Contains(what, reason) }) {
				tell("a wrong mend, %s, fails for another reason than %q: %s", m.name, reason, strings.Join(g.otherwise(), "; "))
			}
		}
	}
	if what := l.hintsLie(); what != "" {
		tell("hints: %s", what)
	}
	return problems, nil
}

// gradeMend grades the network after a mend.
func (l *Lab) gradeMend(m mend) (*Grade, error) {
	changes := m.changes
	if m.besides {
		changes = slices.Concat(l.Solution, m.changes)
	}
	configs, err := l.after(changes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.name, err)
	}
	return l.Grade(configs, nil)
}

// otherwise is what does not hold, with what is found instead.
func (g *Grade) otherwise() (list []string) {
	for _, item := range g.Items {
		if !item.Holds {
			list = append(list, item.What+": "+item.Found)
		}
	}
	return list
}

// hintsLie looks where the hints tell people to, in the network as it is found and after the
// symptom, and says what is not there.
func (l *Lab) hintsLie() string {
	again, err := l.again()
	if err != nil {
		return err.Error()
	}
	steps := append(again.complaint(), again.Symptom...)
	for _, shows := range again.shows {
		steps = append(steps, shows...)
	}
	report := scenario.Run(&scenario.Scenario{Steps: steps}, again.Topology, scenario.Options{Seed: l.seed})
	if f := report.Failure(); f != nil {
		return found(f)
	}
	if report.Err != nil {
		return report.Err.Error()
	}
	return ""
}

// complaint is what users do before they complain: they wait, and try, where the network has the
// hosts of the embedded ones.
func (l *Lab) complaint() (steps []*scenario.Step) {
	d := newDraw(l.seed)
	lines := []string{"wait 40s"}
	if l.Topology.Node("PC-"+d.A.Name) != nil && l.Topology.Node("PC-"+d.B.Name) != nil {
		lines = append(lines, fmt.Sprintf("ping PC-%s %v", d.A.Name, d.B.Host), fmt.Sprintf("ping PC-%s %v", d.B.Name, d.A.Host))
	}
	for _, line := range lines {
		if s, err := scenario.ParseLine(line); err == nil {
			steps = append(steps, s)
		}
	}
	return steps
}
