package exercise

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

var looks = regexp.MustCompile("`((?:show|debug) [^`]*)`")

// TestHints: where a hint tells people to look, its steps look (what they see Verify holds
// against the network).
func TestHints(t *testing.T) {
	for _, name := range Names() {
		l, err := Open(name, 1)
		require.NoError(t, err)
		require.Len(t, l.shows, len(l.Hints))
		for i, hint := range l.Hints {
			typed := ""
			for _, s := range l.shows[i] {
				typed += s.Text + "\n"
			}
			for _, m := range looks.FindAllStringSubmatch(hint, -1) {
				require.Contains(t, typed, "run "+m[1]+" at ", "%s: hint %d tells to look there", name, i+1)
			}
		}
	}
}

// TestVerifySees: what a lab does not keep is told.
func TestVerifySees(t *testing.T) {
	broken := func(change func(l *Lab)) []string {
		l, err := Open("key", 1)
		require.NoError(t, err)
		change(l)
		problems, err := l.Verify()
		require.NoError(t, err)
		return problems
	}
	require.Empty(t, broken(func(*Lab) {}))
	require.Contains(t, broken(func(l *Lab) { l.Solution = nil })[0], "the solution does not pass: the hosts")
	require.Contains(t, broken(func(l *Lab) { l.wrong[0].changes = l.Solution })[0], "a wrong mend passes: ")
	require.Contains(t, broken(func(l *Lab) { l.wrong[0].fails = []string{"no such words"} })[0], `for another reason than "no such words"`)
	require.Contains(t, broken(func(l *Lab) { l.right[0].changes = nil })[0], "does not pass")
	require.Contains(t, broken(func(l *Lab) {
		configs, _ := l.after(l.Solution)
		for name, text := range configs {
			l.Topology.Node(name).Config = text
		}
	})[0], "as it is found: 10 of 10 points")
}
