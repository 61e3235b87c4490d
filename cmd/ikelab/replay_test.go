package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestGoingBackAtTheLabPrompt: 40 s ago the link was up, and everything of then
// is there again: the other console, too.
func TestGoingBackAtTheLabPrompt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	log := filepath.Join(dir, "lab.log")
	in := strings.Join([]string{
		"show clock", "^]", "wait 5s", "connect R2", "ping 192.168.1.1 source Loopback0", "configure terminal", "hostname Before", "end", "^]",
		"link R1:Ethernet0/0 down", "wait 60s", "connect R2", "configure terminal", "hostname After", "end", "^]",
		"back 40s", "connect R2", "show ip interface brief | include Ethernet0/0", "show clock", "^]",
		"back 300s", "back x", "back", "record", "record " + log, "replay " + filepath.Join(dir, "none"), "replay " + log, "connect R1", "show clock", "^]", "quit",
	}, "\n") + "\n"
	out, status, err := program(t, in, "run", "--speed", "50", "--events", filepath.Join(dir, "events.jsonl"), "--record", filepath.Join(dir, "end.log"))
	require.NoError(t, err, out)
	require.Zero(t, status)
	at := 0
	for _, want := range []string{"!!!!!", "Before#", "After#", "ikelab> back 40s", "The records in ", "now hold this run", "after power-on", "Before#show ip interface brief", "Before#show clock",
		"ikelab> back 300s", "s after power-on", `"x" is not a duration`, "usage: back", "usage: record", "no such file", "after power-on", "Router1#show clock"} {
		i := strings.Index(out[at:], want)
		require.GreaterOrEqual(t, i, 0, "%q after\n%s", want, out)
		at += i
	}
	for _, file := range []string{log, filepath.Join(dir, "end.log")} {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Contains(t, string(data), "lab: psk-site-to-site\n")
		require.Contains(t, string(data), "Lines stand here as they were typed, with the keys and secrets")
		info, err := os.Stat(file)
		require.NoError(t, err)
		require.EqualValues(t, 0o600, info.Mode().Perm())
	}
}

// TestReplayOfARecordedRun writes the same octets, from a script and from a
// user's run alike.
func TestReplayOfARecordedRun(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	_, status, err := program(t, "", "exec", "--seed", "5", "--capture", path("a"), "--record", path("a.log"), "wait 5s", "R1: show running-config",
		"R1: ping 192.168.2.1 source Loopback0", "link R1:Ethernet0/0 down", "wait 30s", "link R1:Ethernet0/0 up", "R1: ping 192.168.2.1 source Loopback0", "wait 1m")
	require.NoError(t, err)
	require.Zero(t, status)
	out, _, err := program(t, "quit\n", "run", "--speed", "0.0001", "--replay", path("a.log"), "--capture", path("b"), "--record", path("b.log"))
	require.NoError(t, err, out)
	require.Contains(t, out, "Router1#show running-config")
	same(t, path("a/capture.pcapng"), path("b/capture.pcapng"))

	data, err := os.ReadFile(path("a.log"))
	require.NoError(t, err)
	for what, want := range map[string]string{"seed: ": "made with seed", "topology: ": "another topology", "steps:\n": "x.log:"} {
		other := path("x.log")
		require.NoError(t, os.WriteFile(other, []byte(strings.Replace(string(data), what, what+"9", 1)), 0o600))
		args := []string{"run", "--replay", other}
		if what == "seed: " {
			args = append(args, "--seed", "4")
		}
		out, status, err := program(t, "quit\n", args...)
		require.Equal(t, 1, status, out)
		require.ErrorContains(t, err, want)
	}
}

func same(t *testing.T, a, b string) {
	t.Helper()
	x, err := os.ReadFile(a)
	require.NoError(t, err)
	y, err := os.ReadFile(b)
	require.NoError(t, err)
	require.True(t, bytes.Equal(x, y[:min(len(x), len(y))]), "%d and %d octets", len(x), len(y))
	require.NotEmpty(t, x)
}
