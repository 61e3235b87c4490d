package tests

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ikelab/topologies/exercise"
	"ikelab/topologies/lab"
	"ikelab/topologies/scenario"
)

// screensThereAre are the commands of docs/json.md, each without what may follow, as text and
// as JSON, and those that show files.
func screensThereAre(t *testing.T) (list []string) {
	text, err := os.ReadFile("../docs/json.md")
	require.NoError(t, err)
	for _, m := range regexp.MustCompile("`(show [^`|]*)`").FindAllStringSubmatch(string(text), -1) {
		if line := strings.Join(strings.Fields(regexp.MustCompile(`\[[^\[\]]*\]`).ReplaceAllString(m[1], "")), " "); !strings.ContainsAny(line, "<[…") && line != "show" {
			list = append(list, line, line+" | json")
		}
	}
	require.Greater(t, len(list), 100)
	return append(list, "show running-config all", "show tech-support", "show logging", "show history", "show flash:", "show debugging", "dir", "dir flash:", "dir nvram:", "dir system:",
		"more nvram:startup-config", "more system:running-config", "more flash:task.yml", "more flash:solution")
}

// TestNothingReveals: no screen of a lab with a task tells its hints, its explanation, or a line
// of its solution that is not configured yet.
func TestNothingReveals(t *testing.T) {
	t.Parallel()
	screens := screensThereAre(t)
	for _, name := range exercise.Names() {
		l, err := exercise.Open(name, 1)
		require.NoError(t, err)
		run, err := lab.Build(l.Topology, lab.Options{Seed: 1})
		require.NoError(t, err)
		r, err := scenario.NewRunner(run, scenario.Settings{Lenient: true})
		require.NoError(t, err)
		r.Begin()
		doLine(t, r, "wait 40s")
		secrets := strings.Split(l.Explanation, ". ")
		for _, hint := range l.Hints {
			secrets = append(secrets, strings.Split(hint, ". ")...)
		}
		for _, node := range run.Routers {
			var told strings.Builder
			for _, line := range screens {
				s, err := scenario.ParseLine(node.Name() + ": " + line)
				require.NoError(t, err)
				results, err := r.Do(s)
				require.NoError(t, err, line)
				for _, res := range results {
					told.WriteString(res.Output + "\n")
				}
			}
			shown := told.String()
			for _, secret := range secrets {
				if words := strings.Fields(secret); len(words) > 3 {
					require.NotContains(t, shown, strings.Join(words, " "), "%s, at %s", name, node.Name())
				}
			}
			lines := map[string]bool{}
			for line := range strings.Lines(shown) {
				lines[strings.TrimSpace(line)] = true
			}
			found := strings.Split(l.Topology.Node(node.Name()).Config, "\n")
			for _, c := range l.Solution {
				for line := range strings.Lines(c.Lines + "\n") {
					if line = strings.TrimSpace(line); c.Node == node.Name() && !within(found, line) && !isDefault(line) {
						assert.False(t, lines[line], "%s, at %s: %s", name, node.Name(), line)
					}
				}
			}
		}
	}
}

func within(list []string, line string) bool {
	for _, l := range list {
		if strings.TrimSpace(l) == line {
			return true
		}
	}
	return false
}

// isDefault says whether show running-config all has a line anyway.
func isDefault(line string) bool {
	return strings.HasPrefix(line, "no ") || line == "tunnel mode gre ip" || line == "mode tunnel" || line == "mode transport"
}
