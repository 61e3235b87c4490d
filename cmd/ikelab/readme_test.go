package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/topologies"
	"ikelab/topologies/lab"
)

// TestReadmeShowsARealRun: the excerpt is what the program prints.
func TestReadmeShowsARealRun(t *testing.T) {
	data, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	_, text, found := strings.Cut(string(data), "## A real run\n")
	require.True(t, found)
	parts := strings.Split(text, "```")
	_, command, _ := strings.Cut(parts[0], "`ikelab exec '")
	command, _, found = strings.Cut(command, "'`")
	require.True(t, found)

	dir := t.TempDir()
	out, status, err := program(t, "", append([]string{"exec", "--consoles", dir}, strings.Split(command, "' '")...)...)
	require.NoError(t, err)
	require.Zero(t, status)
	require.Equal(t, strings.TrimPrefix(parts[1], "\n"), out)
	log, err := os.ReadFile(filepath.Join(dir, "R1.log"))
	require.NoError(t, err)
	require.Contains(t, string(log), strings.TrimPrefix(parts[3], "\n"))
}

// TestReadmeShowsATopology that loads as it stands.
func TestReadmeShowsATopology(t *testing.T) {
	data, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	_, text, found := strings.Cut(string(data), "```yaml\n")
	require.True(t, found)
	text, _, _ = strings.Cut(text, "```")
	topology, err := topologies.Parse("README.md", []byte(text), func(string) ([]byte, error) { return []byte("!\n"), nil })
	require.NoError(t, err)
	require.Empty(t, topology.Warnings)
	_, err = lab.Build(topology, lab.Options{Predictable: true})
	require.NoError(t, err)
}

// TestReadmeListsEveryCommand of the program and of its lab prompt.
func TestReadmeListsEveryCommand(t *testing.T) {
	data, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	for _, c := range newRoot().Commands() {
		require.Contains(t, string(data), "| `ikelab "+c.Name(), "the table of commands")
	}
	_, text, found := strings.Cut(string(data), "At the lab prompt:")
	require.True(t, found)
	text, _, _ = strings.Cut(text, "\n\n")
	for _, c := range labCommands() {
		require.Contains(t, text, "`"+c.name)
	}
}

// TestReadmeShowsAReason: what the README shows of why is what the program says.
func TestReadmeShowsAReason(t *testing.T) {
	data, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	_, text, found := strings.Cut(string(data), "```\n$ ikelab why ")
	require.True(t, found)
	command, text, _ := strings.Cut(text, "\n")
	text, _, _ = strings.Cut(text, "```")
	out, status, _ := program(t, "", append([]string{"why", "--width", "100"}, strings.Fields(command)...)...)
	require.Equal(t, 1, status)
	require.Equal(t, text, out)
}
