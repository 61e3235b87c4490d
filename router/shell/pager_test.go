package shell

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPaging(t *testing.T) {
	term := newTerminal(t, Options{Privileged: true})
	term.Resize(80, 5)
	first := term.typed("show ip route")
	require.Equal(t, 4, strings.Count(first, "\n"))
	require.Equal(t, " --More-- ", term.Pending())
	require.Equal(t, 1, strings.Count(term.typed(""), "\n"))
	require.Equal(t, 4, strings.Count(term.typed(" "), "\n"))
	require.Empty(t, term.typed("q"))
	require.Empty(t, term.Pending())
	term.typed("terminal length 0")
	term.typed("show ip route")
	require.Empty(t, term.Pending())
	require.Empty(t, privileged(t).Pending())
}

// TestKeysAtMore: none of them is ever a command.
func TestKeysAtMore(t *testing.T) {
	for _, row := range []struct {
		keys    []string
		shown   string
		pending string
	}{
		{[]string{"/Gateway"}, "filtering...\nGateway of last resort is 10.0.0.2 to network 0.0.0.0\n\nS*    0.0.0.0/0 [1/0] via 10.0.0.2\n", ""},
		{[]string{"/", "Gateway"}, "filtering...\nGateway of last resort is 10.0.0.2 to network 0.0.0.0\n\nS*    0.0.0.0/0 [1/0] via 10.0.0.2\n", ""},
		{[]string{"+Gateway"}, "filtering...\nGateway of last resort is 10.0.0.2 to network 0.0.0.0\n", ""},
		{[]string{"-[A-Z]"}, "filtering...\n       + - replicated route, % - next hop override\n\n\n", ""},
		{[]string{"/"}, "", "/"},
		{[]string{"+"}, "", "+"},
		{[]string{"?"}, "Press RETURN for another line, SPACE for another page, anything else to quit\n", " --More-- "},
		{[]string{"/("}, "", " --More-- "},
		{[]string{"q"}, "", ""},
		{[]string{"conf t"}, "", ""},
		{[]string{"\x00"}, "", ""},
	} {
		term := newTerminal(t, Options{Privileged: true})
		term.Resize(80, 6)
		term.typed("show ip route")
		seen := len(term.seen)
		shown := ""
		for _, keys := range row.keys {
			shown = term.typed(keys)
		}
		require.Equal(t, row.shown, shown, "%q", row.keys)
		require.Equal(t, row.pending, term.Pending(), "%q", row.keys)
		require.Equal(t, "Router1#", term.Prompt(), "%q", row.keys)
		require.Len(t, term.seen, seen, "keys are no commands")
	}
}
