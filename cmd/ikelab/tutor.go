package main

import (
	"errors"
	"fmt"
	"strings"

	"ikelab/topologies/exercise"
	"ikelab/topologies/phrase"
)

// tutor is what a lab with a task has to say to who sits at it. The driver asks it.
type tutor struct {
	lab    *exercise.Lab
	hints  int  // that were asked for
	solved bool // the solution was
	grade  func() (*exercise.Grade, error)
}

// errNoTask is what a lab without one says.
var errNoTask = errors.New("this lab has no task; ikelab labs lists those that have")

// pageWidth is how wide sentences are laid out, in columns.
const pageWidth = 78

// fold lays sentences out anew; an empty line stays one.
func fold(text string) string {
	var b strings.Builder
	for i, paragraph := range strings.Split(strings.TrimSpace(text), "\n\n") {
		if i > 0 {
			b.WriteString("\n")
		}
		for _, line := range phrase.Wrap(strings.Join(strings.Fields(paragraph), " "), pageWidth) {
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}

const tutorUsage = "lab task, lab hint, lab check, lab reset or lab solution"

// say answers a word; reset is the desk's.
func (t *tutor) say(word string) (string, error) {
	switch word {
	case "task":
		return t.task(), nil
	case "hint":
		return t.hint(), nil
	case "check":
		return t.check()
	case "solution":
		t.solved = true
		return t.solution(), nil
	}
	return "", fmt.Errorf("usage: %s", tutorUsage)
}

// task is what is wanted.
func (t *tutor) task() string {
	return fmt.Sprintf("%s (level %d, about %s)\n\n%s\n", t.lab.Title, t.lab.Level, count(t.lab.Minutes, "minute"), fold(t.lab.Task)) +
		fmt.Sprintf("Your routers: %s. lab hint helps, and costs a point each time; lab check tells how far you are.\n", strings.Join(t.lab.Routers(), ", "))
}

// hint is the next one; each costs a point.
func (t *tutor) hint() string {
	if t.hints == len(t.lab.Hints) {
		return "There are no more hints; lab solution shows the solution.\n"
	}
	t.hints++
	return fold(fmt.Sprintf("Hint %d of %d: %s", t.hints, len(t.lab.Hints), t.lab.Hints[t.hints-1]))
}

// check says what holds, of the configurations as they are now.
func (t *tutor) check() (string, error) {
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
		fmt.Fprintf(&b, "  %s  %s (%s)\n", mark, item.What, count(item.Points, "point"))
	}
	switch points := t.points(g); {
	case t.solved:
		b.WriteString("No points: you have seen the solution.\n")
	case points < g.Points:
		fmt.Fprintf(&b, "%d of %d points, %d less for hints.\n", points, g.Of, g.Points-points)
	default:
		fmt.Fprintf(&b, "%d of %d points.\n", points, g.Of)
	}
	if g.Passed() {
		fmt.Fprintf(&b, "Done.\n\n%s", fold(t.lab.Explanation))
	}
	return b.String(), nil
}

// points are those that are left after hints.
func (t *tutor) points(g *exercise.Grade) int { return max(0, g.Points-t.hints) }

func (t *tutor) solution() string {
	var b strings.Builder
	for _, c := range t.lab.Solution {
		fmt.Fprintf(&b, "At %s:\n", c.Node)
		for line := range strings.Lines(c.Lines + "\n") {
			fmt.Fprintf(&b, "  %s", line)
		}
	}
	return b.String() + "\n" + fold(t.lab.Explanation)
}
