package explain

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/topologies"
	"ikelab/topologies/lab"
	"ikelab/topologies/phrase"
)

// toured tells an embedded lab.
func toured(t testing.TB, name string, edit func(*topologies.Topology), lines ...string) []*Story {
	t.Helper()
	topology, err := topologies.Embedded(name)
	require.NoError(t, err)
	if edit != nil {
		edit(topology)
	}
	l, err := lab.Build(topology, lab.Options{Seed: 1})
	require.NoError(t, err)
	list, err := Tour(l, lines)
	require.NoError(t, err)
	return list
}

func TestLook(t *testing.T) {
	t.Log(Text(toured(t, "psk-site-to-site", nil, "wait 75s"), Page{Lang: phrase.English, Width: 150, Debug: 8}))
}
