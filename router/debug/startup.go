package debug

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"ikelab/router/debug/sentence"
	"ikelab/router/operator"
)

// What a router prints of a startup configuration as it boots: lines that are no
// messages, and so have no timestamp.

func printed(lines ...string) []Line {
	list := make([]Line, len(lines))
	for i, text := range lines {
		list[i] = Line{Class: Syslog, Severity: sentence.Errors, Text: text}
	}
	return list
}

// startupLines are the line and the caret below it, as at a prompt.
func startupLines(_ View, b operator.LineRefused) []Line {
	line := strings.Map(harmless, cmp.Or(b.Whole, b.Line))
	lines := []string{line[:min(len(line), mostShown)], strings.Repeat(" ", min(b.Column-1, mostShown)) + "^", b.Message}
	if b.Passed > 0 {
		lines = append(lines, "% "+counted(b.Passed, "line")+" below it passed over")
	}
	return printed(lines...)
}

// mostShown is how much of a line is shown, in octets.
const mostShown = 240

// harmless is a character that no terminal acts on.
func harmless(r rune) rune {
	switch {
	case r == '\t':
		return ' '
	case r < ' ' || r > '~':
		return '.'
	}
	return r
}

// mostNamed is how many kinds of lines a summary names.
const mostNamed = 12

// readLines is the summary by kind.
func readLines(_ View, b operator.ConfigurationRead) []Line {
	text := fmt.Sprintf("%% Startup configuration: %s refused", counted(b.Refused, "line"))
	if b.Passed > 0 {
		text += fmt.Sprintf(", %d below passed over", b.Passed)
	}
	lines := []string{text}
	if b.Kept > 0 {
		named := slices.Sorted(slices.Values(b.Families))
		if len(named) > mostNamed {
			named = append(named[:mostNamed], "...")
		}
		lines = append(lines, fmt.Sprintf("%% Kept without effect: %s (%s)", counted(b.Kept, "line"), strings.Join(named, ", ")))
	}
	if len(b.Doubts) > 0 {
		lines = append(lines, "% What tunnels may depend on:")
		for _, doubt := range b.Doubts {
			lines = append(lines, "  "+doubt)
		}
	}
	return printed(lines...)
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
