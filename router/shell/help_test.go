package shell

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig/syntax"
)

// TestEveryTokenHasHelp walks all rows of EXEC.
func TestEveryTokenHasHelp(t *testing.T) {
	for _, table := range []*syntax.Table[exec]{commands.user, commands.privileged} {
		for _, line := range helpPlaces(table) {
			lines, err := table.Help(line)
			require.NoError(t, err, line)
			for _, l := range lines {
				if word := strings.Fields(l); word[0] != "<cr>" && line != "" {
					require.Greater(t, len(word), 1, "no help for %q behind %q", word[0], line)
				}
			}
		}
	}
}

// helpPlaces are the beginnings of lines reached by following keywords.
func helpPlaces(table *syntax.Table[exec]) []string {
	places, seen := []string{""}, map[string]bool{}
	for i := 0; i < len(places) && i < 2000; i++ {
		lines, err := table.Help(places[i])
		if err != nil {
			continue
		}
		for _, l := range lines {
			f := strings.Fields(l)
			if len(f) == 0 || strings.HasSuffix(l, ":") {
				continue
			}
			word := map[string]string{"A.B.C.D": "10.0.0.1", "X:X:X:X::X": "2001:db8::1", "X:X:X:X::X/<0-128>": "2001:db8::/64", "WORD": "zz", "<0-255>/<0-255>": "0/0", "<0-2147483647>": "0"}[f[0]]
			switch {
			case f[0] == "<cr>", f[0] == "|":
				continue
			case word == "" && strings.HasPrefix(f[0], "<"):
				word = strings.Trim(f[0][:strings.Index(f[0], "-")], "<")
			case word == "":
				word = f[0]
			}
			if next := places[i] + word + " "; !seen[next] && strings.Count(next, " ") < 8 {
				seen[next] = true
				places = append(places, next)
			}
		}
	}
	return places
}

// FuzzSession types arbitrary lines: never a panic, and the session goes on.
func FuzzSession(f *testing.F) {
	for _, seed := range []string{
		"show ip route | section x\nenable\nconf t\ninterface Tunnel0\ntunnel mode ipsec ipv4\nend\nshow run", "ping\n\n10.0.0.2\n\n\n\ny\n\n\n\n",
		"show clock | include _", "\x00", "reload\nyes\n\n", "ping 10.0.0.1 repeat 3\n", "traceroute 10.0.0.2\n", "?", "show |", "debug crypto ikev2\nu all",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		term := newTerminal(t, Options{Privileged: true})
		for _, line := range strings.Split(text, "\n") {
			term.Help(line)
			term.Complete(line)
			term.Enter(term.now, line)
			term.now = term.now.Add(100 * time.Millisecond)
			if term.Busy() {
				term.Interrupt(term.now)
			}
		}
		term.Interrupt(term.now)
		require.False(t, term.Busy())
		require.NotEmpty(t, term.Prompt())
	})
}

// TestHelpBehindDo: `?` and Tab work behind `do` as in EXEC.
func TestHelpBehindDo(t *testing.T) {
	term := privileged(t)
	require.Equal(t, "% Unrecognized command\n", term.Help("show foo "))
	require.Equal(t, "% Unrecognized command\n", term.Help("foo "))
	exec, shows, words := term.Help(""), term.Help("show "), term.Help("sh")
	require.Contains(t, shows, "  running-config  ")
	term.typed("conf t")
	require.Equal(t, exec, term.Help("do "))
	require.Equal(t, shows, term.Help("do show "))
	require.Equal(t, words, term.Help("do sh"))
	require.Equal(t, "% Unrecognized command\n", term.Help(" do show foo "))
	require.Equal(t, []string{"show"}, term.Complete("do sh"))
	require.Equal(t, []string{"running-config"}, term.Complete("do show ru"))
	require.Equal(t, []string{"include"}, term.Complete("do show run | inc"))
	require.Contains(t, term.Help("do show run | "), "  include  ")
	require.NotEqual(t, exec, term.Help(""), "the editor's own")
	require.Equal(t, "% Unrecognized command\n", term.Help("interface foo "))
}

// TestShowAlone has an answer of its own.
func TestShowAlone(t *testing.T) {
	term := privileged(t)
	for _, line := range []string{"show", "sh", " show "} {
		require.Equal(t, "% Type \"show ?\" for a list of subcommands\n", term.typed(line))
		require.True(t, term.Refused())
	}
}
