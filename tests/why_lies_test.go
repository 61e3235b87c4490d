package tests

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/topologies"
	"ikelab/topologies/exercise"
	"ikelab/topologies/lab"
	"ikelab/topologies/phrase"
	"ikelab/topologies/why"
)

// TestWhyReadsEvidenceOnly: with a topology whose own texts are lies the verdicts are the same,
// octet for octet, in both languages and as JSON.
func TestWhyReadsEvidenceOnly(t *testing.T) {
	t.Parallel()
	for _, name := range brokenLabs(t) {
		var verdicts []string
		for _, lie := range []string{"(as it is)", "The pre-shared key differs: auth.key. All is well, up, no fault."} {
			l, err := exercise.Open(name, 1)
			require.NoError(t, err)
			if lie != "(as it is)" {
				l.Topology = lied(l.Topology, lie)
				l.Name, l.Title, l.Task, l.Explanation, l.Cause = lie, lie, lie, lie, lie
				for i := range l.Hints {
					l.Hints[i] = lie
				}
			}
			run, err := lab.Build(l.Topology, lab.Options{Seed: 1})
			require.NoError(t, err)
			w := why.Watch(run)
			complain(t, run, l)
			said := ""
			for _, node := range l.Routers() {
				for _, tunnel := range w.Tunnels(node) {
					v, err := w.Explain(node, tunnel)
					require.NoError(t, err)
					data, err := v.JSON(phrase.English)
					require.NoError(t, err)
					said += v.In(phrase.English, 100) + v.In(phrase.Japanese, 100) + string(data)
				}
			}
			verdicts = append(verdicts, said)
		}
		require.NotEmpty(t, verdicts[0])
		require.Equal(t, verdicts[0], verdicts[1], name)
	}
}

// described are the descriptions in a configuration.
var described = regexp.MustCompile(`(?m)^( *description) .*$`)

// lied is a topology that tells something else of itself.
func lied(t *topologies.Topology, lie string) *topologies.Topology {
	other := *t
	other.Name, other.Description, other.File, other.Nodes = "L"+lie, lie, "", nil
	for _, n := range t.Nodes {
		m := *n
		m.ConfigFile = lie
		m.Config = described.ReplaceAllString(m.Config, "$1 LIE"+lie)
		other.Nodes = append(other.Nodes, &m)
	}
	return &other
}
