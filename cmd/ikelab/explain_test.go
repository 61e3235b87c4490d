package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestExplain: the excerpt of the README is what the program prints, and the page is
// written.
func TestExplain(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	_, text, found := strings.Cut(string(readme), "**A guided tour.**")
	require.True(t, found)
	_, text, _ = strings.Cut(text, "```\n")
	text, _, _ = strings.Cut(text, "```")
	out, status, err := program(t, "", "explain", "--width", "130", "--debug", "2")
	require.NoError(t, err)
	require.Zero(t, status)
	for _, part := range strings.Split(text, "…\n") {
		require.Contains(t, out, part)
	}

	file := filepath.Join(t.TempDir(), "tour.html")
	_, status, err = program(t, "", "explain", "aes-gcm-site-to-site", "--lang", "ja", "--html", file)
	require.NoError(t, err)
	require.Zero(t, status)
	written, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Contains(t, string(written), `<html lang="ja">`)

	out, status, err = program(t, "", "explain", "../../tests/scenarios/cookies.scenario.yml")
	require.NoError(t, err)
	require.Zero(t, status)
	require.Contains(t, out, "HUB asks for a cookie first")
	out, _, err = program(t, "", "explain", "../../tests/scenarios/map-peers.scenario.yml", "--lang", "ja")
	require.NoError(t, err)
	require.Contains(t, out, "IKE_SA_INIT 要求")

	for _, wrong := range [][]string{{"../../tests/scenarios/none.scenario.yml"}, {"--lang", "de"}, {"--until", "1s", "--script", "x"}, {"--width", "-1"}, {"nolab"}} {
		_, status, err = program(t, "", append([]string{"explain"}, wrong...)...)
		require.True(t, err != nil || status != 0, wrong)
	}
}
