package main

import (
	"errors"
	"fmt"
	"strings"

	"ikelab/topologies"
	"ikelab/topologies/exercise"
	"ikelab/topologies/phrase"
)

// tutor is what a lab with a task has to say to who sits at it. The driver asks it.
type tutor struct {
	lab    *exercise.Lab
	hints  int  // that were asked for
	whys   int  // how often `why` was, before all was mended
	passed bool // all was mended at some time
	solved bool // the solution was
	grade  func() (*exercise.Grade, error)
}

// errNoTask is what a lab without one says.
var errNoTask = errors.New("this lab has no task; ikelab labs lists those that have")

// room is how long lines of sentences are at a terminal with so many columns: longer ones
// are hard to read, and so are shorter ones.
func room(columns int) int { return max(40, min(columns, 100)) }

// fold lays sentences out anew, for a terminal with so many columns; an empty line stays one.
func fold(text string, columns int) string {
	var b strings.Builder
	for i, paragraph := range strings.Split(strings.TrimSpace(text), "\n\n") {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(hang("", paragraph, columns))
	}
	return b.String()
}

// together is a blank where no line ends, a sign of private use until it is shown.
const together = "\ue000"

// hang lays a paragraph out behind a mark, which its further lines leave room for. What stands
// between backquotes is typed: it stays in one line if it can.
func hang(mark, text string, columns int) string {
	var b strings.Builder
	columns = room(columns) - len(mark)
	parts := strings.Split(strings.Join(strings.Fields(text), " "), "`")
	for i := 1; i < len(parts); i += 2 {
		if phrase.Width(parts[i]) < columns {
			parts[i] = strings.ReplaceAll(parts[i], " ", together)
		}
	}
	for _, line := range phrase.Fold(strings.Join(parts, "`"), columns) {
		b.WriteString(mark + strings.ReplaceAll(line, together, " ") + "\n")
		mark = strings.Repeat(" ", len(mark))
	}
	return b.String()
}

const tutorUsage = "lab task, lab hint, lab check, lab reset or lab solution"

// tutorWord is the word that a line begins to say, as IOS takes it; what cannot be taken back is
// said whole.
func tutorWord(word string) string {
	for _, w := range []string{"task", "hint", "check"} {
		if word != "" && strings.HasPrefix(w, word) {
			return w
		}
	}
	return word
}

// say answers a word at a terminal with so many columns; reset is the desk's.
func (t *tutor) say(word string, columns int) (string, error) {
	switch tutorWord(word) {
	case "task":
		return t.task(columns), nil
	case "hint":
		return t.hint(columns), nil
	case "check":
		return t.check(columns)
	case "solution":
		t.solved = true
		return t.solution(columns), nil
	}
	return "", fmt.Errorf("usage: %s", tutorUsage)
}

// task is what is wanted.
func (t *tutor) task(columns int) string {
	return fmt.Sprintf("%s (level %d, about %s)\n\n%s\n", t.lab.Title, t.lab.Level, count(t.lab.Minutes, "minute"), fold(t.lab.Task, columns)) +
		fold(fmt.Sprintf("Your routers: %s. lab hint helps, and so does why; each costs a point. lab check tells how far you are. At the lab prompt (Ctrl-]) nodes and links list the network%s.", strings.Join(t.lab.Routers(), ", "), t.example()), columns)
}

// example is how a host is used.
func (t *tutor) example() string {
	var hosts []*topologies.Node
	for _, n := range t.lab.Topology.Nodes {
		if n.Kind == topologies.KindHost {
			hosts = append(hosts, n)
		}
	}
	if len(hosts) < 2 {
		return ""
	}
	for _, to := range hosts[1].Addresses {
		if !to.IsValid() { // by DHCP
			continue
		}
		return fmt.Sprintf(", and `ping %s %v` sends from a host", hosts[0].Name, to.Addr())
	}
	return ""
}

// hint is the next one; each costs a point.
func (t *tutor) hint(columns int) string {
	if t.hints == len(t.lab.Hints) {
		return "There are no more hints; lab solution shows the solution.\n"
	}
	t.hints++
	return fold(fmt.Sprintf("Hint %d of %d: %s", t.hints, len(t.lab.Hints), t.lab.Hints[t.hints-1]), columns)
}

// check says what holds, of the configurations as they are now.
func (t *tutor) check(columns int) (string, error) {
	g, err := t.grade()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, item := range g.Items {
		mark := "no "
		if item.Holds {
			mark = "yes"
		}
		b.WriteString(hang("  "+mark+"  ", fmt.Sprintf("%s (%s)", item.What, strings.ReplaceAll(count(item.Points, "point"), " ", together)), columns))
	}
	b.WriteString(fold(t.sum(g), columns))
	if g.Passed() {
		t.passed = true
		fmt.Fprintf(&b, "Done.\n\n%s", fold(t.lab.Explanation, columns))
	}
	return b.String(), nil
}

// sum is what it comes to.
func (t *tutor) sum(g *exercise.Grade) string {
	switch points := t.points(g); {
	case t.solved:
		return "No points: you have seen the solution."
	case g.Unmended:
		return fmt.Sprintf("0 of %d points: nothing holds that did not hold from the beginning.", g.Of)
	case points < g.Points:
		return fmt.Sprintf("%d of %d points, %d less for help.", points, g.Of, g.Points-points)
	default:
		return fmt.Sprintf("%d of %d points.", points, g.Of)
	}
}

// points are those that are left after hints.
func (t *tutor) points(g *exercise.Grade) int { return max(0, g.Points-t.hints-t.whys) }

// why is that somebody asks what is wrong, which is a hint as well, as long as something is.
func (t *tutor) why() {
	if t != nil && !t.passed {
		t.whys++
	}
}

func (t *tutor) solution(columns int) string {
	var b strings.Builder
	for _, c := range t.lab.Solution {
		fmt.Fprintf(&b, "At %s:\n", c.Node)
		for line := range strings.Lines(c.Lines + "\n") {
			fmt.Fprintf(&b, "  %s", line)
		}
	}
	return b.String() + "\n" + fold(t.lab.Explanation, columns)
}
