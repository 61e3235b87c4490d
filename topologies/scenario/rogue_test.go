package scenario

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/topologies"
)

func rogueStreet(t *testing.T) *topologies.Topology {
	path := filepath.Join("..", "..", "tests", "scenarios", "rogue.clab.yml")
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	topology, err := topologies.Parse(path, data, nil)
	require.NoError(t, err)
	return topology
}

// TestRogueFails: an answer that is not the one that is owed fails the scenario,
// which says what was owed and why.
func TestRogueFails(t *testing.T) {
	for step, want := range map[string]string{
		"rogue STRANGER an honest initiator": "f.scenario.yml:2:9: rogue STRANGER an honest initiator: R1 does not answer as it must\n  expected INFORMATIONAL response { }",
		"rogue NOBODY version 3.0":           `f.scenario.yml:2:9: there is no rogue "NOBODY"; there are INSIDER, STRANGER`,
	} {
		list, err := Parse("f.scenario.yml", []byte("name: x\nsteps: ["+step+"]\n"), nil)
		require.NoError(t, err)
		report := Run(list[0], rogueStreet(t), Options{Seed: 1})
		require.EqualError(t, report.Err, want)
	}
	_, err := ParseLine("rogue STRANGER version 4.0")
	require.ErrorContains(t, err, `there is no case "version 4.0": did you mean "version`)
	_, err = ParseLine("rogue STRANGER")
	require.Error(t, err)
}
