package suite

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/aymanbagabas/go-udiff"

	"ikelab/topologies/condition"
)

// Teller shows how a run goes: a line that changes on a terminal, lines that
// stay without one.
type Teller struct {
	out      io.Writer
	terminal bool
	all      int
	done     int
	failed   int
}

// NewTeller makes one for so many cases.
func NewTeller(out io.Writer, terminal bool, all int) *Teller {
	return &Teller{out: out, terminal: terminal, all: all}
}

const clearLine = "\r\x1b[K"

// Tell takes a result.
func (t *Teller) Tell(r Result) {
	t.done++
	line := fmt.Sprintf("ok    %s (seed %d, %v virtual, %v)", r.Name, r.Seed, round(r.Virtual), round(r.Wall))
	switch {
	case r.Skipped:
		line = fmt.Sprintf("skip  %s (seed %d)", r.Name, r.Seed)
	case r.Err != nil:
		t.failed++
		line = failure(r)
	}
	if !t.terminal {
		fmt.Fprintln(t.out, line)
		return
	}
	if r.Err != nil {
		fmt.Fprintln(t.out, clearLine+line)
	}
	fmt.Fprintf(t.out, "%s%d of %d, %d failed", clearLine, t.done, t.all, t.failed)
	if t.done == t.all {
		fmt.Fprint(t.out, clearLine)
	}
}

func round(d time.Duration) time.Duration {
	if d > time.Second {
		return d.Round(time.Millisecond)
	}
	return d.Round(time.Microsecond)
}

// failure is all that a person needs to know of a case that failed.
func failure(r Result) string {
	var b strings.Builder
	fmt.Fprintf(&b, "FAIL  %s (seed %d)\n", r.Name, r.Seed)
	b.WriteString(indent(r.Err.Error()))
	if f := r.Failure(); f != nil {
		b.Reset()
		fmt.Fprintf(&b, "FAIL  %s (seed %d)\n", r.Name, r.Seed)
		fmt.Fprintf(&b, "  %v: %s\n", f.Place, f.Step)
		fmt.Fprintf(&b, "  at %s, %v after power-on: %s\n", f.At.Format("Jan _2 15:04:05.000000"), r.Virtual, f.Message)
		for _, found := range f.Findings {
			b.WriteString(indent(finding(found)))
		}
		for _, node := range sortedNodes(r.Consoles) {
			if r.Consoles[node][0] == "" {
				continue
			}
			fmt.Fprintf(&b, "  the end of %s's console:\n%s", node, indent(indent(strings.Join(r.Consoles[node], "\n"))))
		}
	}
	if r.Folder != "" {
		fmt.Fprintf(&b, "  capture, records and consoles: %s\n", r.Folder)
	}
	fmt.Fprintf(&b, "  again: %s", r.replay())
	return b.String()
}

// finding shows what was wanted and what came: two versions of a text as their
// difference.
func finding(f condition.Finding) string {
	var b strings.Builder
	if f.Screen != nil {
		return udiff.Unified("expected", "came", f.Want, f.Got)
	}
	fmt.Fprintf(&b, "expected: %s\n", f.Want)
	if f.Got != "" {
		fmt.Fprintf(&b, "came:\n%s", indent(f.Got))
	}
	if f.Record != nil {
		fmt.Fprintf(&b, "record %d.%d, %s\n", f.Record.ID.Node(), f.Record.ID.N(), f.Record.At.Format("15:04:05.000000"))
	}
	return b.String()
}

func indent(text string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		b.WriteString(strings.TrimRight("  "+line, " ") + "\n")
	}
	return b.String()
}

func sortedNodes(m map[string][]string) (names []string) {
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Summary is the last line.
func Summary(results []Result, wall time.Duration) string {
	failed, skipped, virtual := 0, 0, time.Duration(0)
	for _, r := range results {
		virtual += r.Virtual
		switch {
		case r.Skipped:
			skipped++
		case r.Err != nil:
			failed++
		}
	}
	text := fmt.Sprintf("%d passed, %d failed", len(results)-failed-skipped, failed)
	if skipped > 0 {
		text += fmt.Sprintf(", %d skipped", skipped)
	}
	return fmt.Sprintf("%s: %v of virtual time in %v", text, virtual.Round(time.Millisecond), wall.Round(time.Millisecond))
}
