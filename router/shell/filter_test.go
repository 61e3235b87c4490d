package shell

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/iosconfig/syntax"
)

func TestFilters(t *testing.T) {
	term := privileged(t)
	all := term.typed("show ip route")
	require.Equal(t, "S*    0.0.0.0/0 [1/0] via 10.0.0.2\n", term.typed("show ip route | include ^S\\*"))
	require.NotContains(t, term.typed("sh ip route | ex Codes"), "Codes")
	require.Equal(t, all[strings.Index(all, "Gateway"):], term.typed("show ip route | begin Gateway"))
	require.Equal(t, "Number of lines which match regexp = 1\n", term.typed("show ip route | c ^Codes"))
	require.Equal(t, "interface Loopback0\n ip address 192.168.1.1 255.255.255.0\n", term.typed("show running-config | section Loopback0"))
	require.Equal(t, "% Failed to compile regular expression: unmatched ()\n", term.typed("show ip route | i ("))
	require.True(t, term.Refused())
	require.Equal(t, []string{"  include  Include lines that match"}, filterHelp("i"))
	require.Equal(t, []string{"section"}, term.Complete("show run | se"))
}

// TestUnderscore: it stands for a delimiter or an end of the line, and for
// itself, so that the names of messages are found.
func TestUnderscore(t *testing.T) {
	for _, row := range []struct {
		pattern, line string
		want          bool
	}{
		{"SYS-5-CONFIG_I", "*Nov 11 20:28:34.003: %SYS-5-CONFIG_I: Configured", true}, {"_10_", "10 20", true}, {"_10_", "5 10", true},
		{"_10_", "110", false}, {"a_b", "a,b", true}, {"a_b", "a_b", true}, {"a_b", "axb", false}, {"a[_]b", "a_b", true}, {"a[_]b", "a b", false},
		{`a\_b`, "a_b", true}, {`a\_b`, "a b", false}, {"^_$", "", true},
	} {
		f, err := parseFilter("include "+row.pattern, 0)
		require.NoError(t, err)
		require.Equal(t, row.want, len(f.pick([]string{row.line})) == 1, "%s in %q", row.pattern, row.line)
	}
}

// TestBadPatterns: a pattern that is none is refused in words, without a
// caret, as IOS's compiler of regular expressions does.
func TestBadPatterns(t *testing.T) {
	for pattern, want := range map[string]string{
		"(": "unmatched ()", ")": "unmatched ()", "[a": "unmatched []", "*": "?+* follows nothing", "+a": "?+* follows nothing", `a\`: `trailing \`,
	} {
		_, err := parseFilter("include "+pattern, 0)
		require.Equal(t, []string{"% Failed to compile regular expression: " + want}, syntax.Refusal(err, 4))
	}
}
