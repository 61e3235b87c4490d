package shell

import (
	"slices"
	"strings"
)

// difference are the lines that make one configuration of another: what goes from its
// end on, since what is named stands before who names it; then what comes, in order.
func difference(have, want []section, isPort func(name string) bool) []string {
	gone := deletions(have, want, isPort)
	return append(gone, additions(have, want)...)
}

func deletions(have, want []section, isPort func(name string) bool) (edits []string) {
	for _, s := range slices.Backward(have) {
		other := find(want, s.line)
		name, isInterface := strings.CutPrefix(s.line, "interface ")
		switch {
		case other == nil && isInterface && isPort(name):
			other = &section{below: []section{{line: "no ip address"}, {line: "shutdown"}}}
			edits = append(edits, below(s.line, append(deletions(s.below, other.below, isPort), additions(s.below, other.below)...))...)
		case other == nil:
			edits = append(edits, negated(s.line))
		case ordered(s, other) && isNumbered(s):
			edits = append(edits, negated(s.line))
		case ordered(s, other):
			edits = append(edits, below(s.line, deletions(s.below, nil, isPort))...)
		case isNumbered(s):
		default:
			edits = append(edits, below(s.line, deletions(s.below, other.below, isPort))...)
		}
	}
	return edits
}

func additions(have, want []section) (edits []string) {
	for _, s := range want {
		other := find(have, s.line)
		switch {
		case isNumbered(s) && (other == nil || ordered(s, other)):
			edits = append(edits, additions(nil, s.below)...)
		case isNumbered(s):
		case other == nil && len(s.below) == 0 && !entersAlone(s.line):
			edits = append(edits, strings.Split(s.line, "\n")...)
		case other == nil || ordered(s, other):
			edits = append(edits, below(s.line, additions(nil, s.below))...)
			switch {
			case len(s.below) > 0:
			case entersAlone(s.line):
				edits = append(edits, s.line, leave)
			default:
				edits = append(edits, s.line)
			}
		default:
			edits = append(edits, below(s.line, additions(other.below, s.below))...)
		}
	}
	return edits
}

// entersAlone says whether a line of a routing protocol enters a mode although nothing
// stands below it.
func entersAlone(line string) bool {
	word, _, _ := strings.Cut(line, " ")
	return word == "topology" || word == "address-family" || word == "af-interface"
}

func find(list []section, line string) *section {
	for i := range list {
		if list[i].line == line {
			return &list[i]
		}
	}
	return nil
}

// ordered says whether two access lists differ: their lines have an order, so that they
// are entered anew.
func ordered(s section, other *section) bool {
	return (isNumbered(s) || strings.HasPrefix(s.line, "ip access-list ") || strings.HasPrefix(s.line, "ipv6 access-list ")) && !slices.EqualFunc(s.below, other.below, func(a, b section) bool { return a.line == b.line })
}

// isNumbered says whether a section is a numbered access list.
func isNumbered(s section) bool {
	return len(s.below) > 0 && strings.HasPrefix(s.line, "access-list ") && strings.HasPrefix(s.below[0].line, s.line+" ")
}

// leave ends a section.
const leave = "exit"

// below are edits of what stands below a line; none, if there are none.
func below(line string, edits []string) (list []string) {
	if len(edits) == 0 {
		return nil
	}
	list = append(list, line)
	for _, e := range edits {
		list = append(list, " "+e)
	}
	return append(list, leave)
}

// negated takes a line away.
func negated(line string) string {
	line, _, _ = strings.Cut(line, "\n")
	f := strings.Fields(line)
	switch {
	case f[0] == "no":
		return "default " + strings.TrimPrefix(line, "no ")
	case f[0] == "exec-timeout": // whose "no" is no timeout
		return "default exec-timeout"
	case f[0] == "banner" && len(f) > 1:
		return "no banner " + f[1]
	}
	return "no " + line
}
