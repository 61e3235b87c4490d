package main

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// played is what a player of asciicast v2 shows, and when its last event is.
func played(t *testing.T, path string) (text string, last float64) {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	lines := bufio.NewScanner(file)
	require.True(t, lines.Scan())
	var head struct{ Version, Width, Height int }
	require.NoError(t, json.Unmarshal(lines.Bytes(), &head))
	require.Equal(t, 2, head.Version)
	for lines.Scan() {
		var e [3]any
		require.NoError(t, json.Unmarshal(lines.Bytes(), &e))
		require.GreaterOrEqual(t, e[0], last)
		require.Contains(t, []any{"o", "r"}, e[1])
		last = e[0].(float64)
		text += e[2].(string)
	}
	return text, last
}

// TestCastOfExec is in virtual time, and the same each time.
func TestCastOfExec(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a.cast"), filepath.Join(dir, "b.cast")
	out := inLab(t, "--cast", a, "R1: show clock", "wait 90s", "R1: show clock")
	inLab(t, "--cast", b, "R1: show clock", "wait 90s", "R1: show clock")
	text, last := played(t, a)
	require.Equal(t, strings.ReplaceAll(out, "\n", "\r\n"), text)
	require.Equal(t, 90., last)
	first, err := os.ReadFile(a)
	require.NoError(t, err)
	second, err := os.ReadFile(b)
	require.NoError(t, err)
	require.Equal(t, string(first), string(second))
}

// TestCastOfRun: what is shown, and no password.
func TestCastOfRun(t *testing.T) {
	cast := filepath.Join(t.TempDir(), "x.cast")
	out, _, err := program(t, "conf t\nenable secret hidden\nend\ndisable\nenable\nhidden\nshow privilege\n^]\nquit\ny\n", "run", "--cast", cast)
	require.NoError(t, err)
	text, _ := played(t, cast)
	require.Equal(t, strings.ReplaceAll(out, "\n", "\r\n"), text)
	require.Equal(t, 1, strings.Count(text, "hidden"), "typed in a command, and not at the question")
	require.Contains(t, text, "Current privilege level is 15")
}
