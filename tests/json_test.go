package tests

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/router/shell"
	"ikelab/tests/kit"
)

// values are what of a screen is state whoever writes it: addresses, SPIs, names
// of interfaces.
var values = regexp.MustCompile(`\b(?:\d{1,3}\.){3}\d{1,3}\b|\b0x[0-9A-F]{8}\b|\b(?:Ethernet\d+/\d+|Tunnel\d+|Loopback\d+)\b`)

// headings of routing tables are the classes of addresses that IOS sorts by.
var headings = regexp.MustCompile(`(?m)^.* subnetted, .*$`)

// TestJSONSaysWhatTheTextSays: behind `| json` every show command is an object of
// JSON, with the values that its text shows.
func TestJSONSaysWhatTheTextSays(t *testing.T) {
	l := boot(t, "psk-site-to-site", 1)
	l.do("wait 10s", "R1: ping 192.168.2.1 source Loopback0")
	r := l.Routers[0]
	s := r.Shell().Open(shell.Options{Out: func(string) {}, Privileged: true})
	commands := kit.Commands("show", s.Help)
	s.Close()
	compared := 0
	for _, c := range commands {
		text, refused := r.Shell().Screen(l.Sim.Now(), c)
		object, refusedToo := r.Shell().Screen(l.Sim.Now(), c+" | json")
		require.Equal(t, refused, refusedToo, c)
		if refused {
			continue
		}
		var state map[string]any
		require.NoError(t, json.Unmarshal([]byte(object), &state), "%s\n%s", c, object)
		for _, v := range values.FindAllString(headings.ReplaceAllString(text, ""), -1) {
			if !mask(v) {
				require.Contains(t, strings.ToUpper(object), strings.ToUpper(v), "%s: %s\n%s", c, text, object)
				compared++
			}
		}
	}
	require.Greater(t, compared, 200)
	t.Logf("%d commands, %d values", len(commands), compared)
}

// mask says whether an address is none: JSON has prefixes.
func mask(v string) bool { return strings.HasPrefix(v, "255.") || strings.HasPrefix(v, "0.") }
