package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"ikelab/topologies/phrase"
)

// TestWhy: the command, the lab prompt and consoles say why.
func TestWhy(t *testing.T) {
	out, status, _ := program(t, "", "why")
	require.Zero(t, status)
	require.Equal(t, "R1 Tunnel0 is up, and nothing says that it is not well.\n\nR2 Tunnel0 is up, and nothing says that it is not well.\n", out)
	out, status, _ = program(t, "", "why", "key", "--json")
	require.Equal(t, 1, status)
	for line := range strings.Lines(out) {
		require.Equal(t, "auth.key", gjson.Get(line, "claims.0.key").String(), line)
		require.Equal(t, "down", gjson.Get(line, "state").String())
	}
	for _, columns := range []string{"40", "80"} {
		out, _, _ = program(t, "", "why", "key", "--lang", "ja", "--width", columns)
		require.Contains(t, out, "事前共有鍵")
		for line := range strings.Lines(out) {
			require.LessOrEqual(t, phrase.Width(strings.TrimSuffix(line, "\n")), map[string]int{"40": 40, "80": 80}[columns]+16, line)
		}
	}
	for _, args := range [][]string{{"why", "key", "nobody"}, {"why", "psk-site-to-site", "R1", "Tunnel9"}, {"why", "psk-site-to-site", "R1", "Ethernet0/0"}, {"why", "psk-site-to-site", "R1", "Tunnel0", "10"}} {
		_, status, err := program(t, "", args...)
		require.Equal(t, 2, status)
		require.Error(t, err)
	}
	_, status, err := program(t, "", "why", "--lang", "de")
	require.Equal(t, 2, status)
	require.EqualError(t, err, `there is no language "de"; there are en, ja`)

	out, _, err = program(t, "why\nwhy tu0\nwhy a b c d\nenable\nwh?\nconf t\ndo why Tunnel0\nend\n^]\nwait 10s\nwhy a b c d\nwhy R2 Tunnel0\nwhy R9\nquit\n", "run", "--speed", "100")
	require.NoError(t, err)
	require.GreaterOrEqual(t, strings.Count(out, "R1 Tunnel0 is "), 3, out)
	require.Contains(t, out, "% Invalid input detected at '^' marker.")
	require.Contains(t, out, "#wh?\nwhere  why\n")
	require.Contains(t, out, "R2 Tunnel0 is ")
	require.Contains(t, out, "usage: why [ROUTER [INTERFACE [ENTRY]]]")
	require.Contains(t, out, `there is no router "R9"`)
}
