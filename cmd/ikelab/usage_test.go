package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"
)

// words are those of a shell's line, with single quotes.
func shellWords(line string) (list []string) {
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			list = append(list, part)
		} else {
			list = append(list, strings.Fields(part)...)
		}
	}
	return list
}

func allCommands(c *cobra.Command) []*cobra.Command {
	list := []*cobra.Command{c}
	for _, below := range c.Commands() {
		list = append(list, allCommands(below)...)
	}
	return list
}

// TestExamples: each command has one, and each is what the command takes.
func TestExamples(t *testing.T) {
	for _, c := range allCommands(newRoot())[1:] {
		require.NotEmpty(t, c.Example, c.CommandPath())
		for _, line := range strings.Split(c.Example, "\n") {
			for _, command := range strings.Split(line, "&&") {
				words := shellWords(command)
				if words[0] != "ikelab" {
					continue
				}
				found, args, err := newRoot().Find(words[1:])
				require.NoError(t, err, command)
				require.NoError(t, found.ParseFlags(args), command)
				require.NoError(t, found.ValidateArgs(found.Flags().Args()), command)
			}
		}
	}
}

// TestCompletion of what shells ask for, as they ask.
func TestCompletion(t *testing.T) {
	ownRuntime(t)
	for asked, want := range map[string]string{
		"run ":                          "hub-and-spoke\t",
		"run hub-and-spoke ":            ":4\n",
		"exec R":                        "R1:\n",
		"exec hub-and-spoke HU":         "HUB:\n",
		"labs export n":                 "nat-site-to-site\n",
		"labs export nat-site-to-site ": ":16\n",
		"exec --format ":                "json\n",
		"exec --save ":                  ":16\n",
		"schema ":                       "topology\n",
		"attach ":                       ":4\n",
		"completion ":                   "bash\t",
		"run --sp":                      "--speed\t",
	} {
		out, status, err := program(t, "", append([]string{"__complete"}, strings.Split(asked, " ")...)...)
		require.NoError(t, err)
		require.Zero(t, status)
		require.Contains(t, out, want, asked)
	}
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		out, status, err := program(t, "", "completion", shell)
		require.NoError(t, err)
		require.Zero(t, status)
		require.Contains(t, out, "ikelab")
	}
}

// TestManualPages: one for each command, with its flags and examples.
func TestManualPages(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "man1")
	_, status, err := program(t, "", "man", dir)
	require.NoError(t, err)
	require.Zero(t, status)
	require.Subset(t, names(t, dir), []string{"ikelab.1", "ikelab-run.1", "ikelab-exec.1", "ikelab-labs-export.1"})
	out, _, err := program(t, "", "--version")
	require.NoError(t, err)
	require.Regexp(t, `^ikelab version .* go1\.`, out)
}

// TestUsageIsTold says what is wrong and how it is right, in no library's words.
func TestUsageIsTold(t *testing.T) {
	for line, want := range map[string]string{
		"decode":            "accepts 1 arg(s), received 0\nusage: ikelab decode ",
		"run a b":           "accepts at most 1 arg(s), received 2\nusage: ikelab run ",
		"labs export a":     "accepts 2 arg(s), received 1\nusage: ikelab labs export ",
		"swarm x":           "\nusage: ikelab swarm ",
		"swarm --seeds x":   `invalid argument "x" for "--seeds" flag: not a number`,
		"run --speed 1e999": `invalid argument "1e999" for "--speed" flag: out of range`,
		"swarm --nonesuch ": "unknown flag: --nonesuch",
	} {
		root := newRoot()
		root.SetArgs(strings.Fields(line))
		require.ErrorContains(t, root.Execute(), want, line)
	}
}
