package tests

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/topologies/swarm"
)

// swarmSeeds are carried out with each run of the tests; `make swarm` has ten
// thousand.
const swarmSeeds, swarmFrom = 20, 0

func TestSwarm(t *testing.T) {
	t.Parallel()
	for seed := uint64(swarmFrom); seed < swarmFrom+swarmSeeds; seed++ {
		r := swarm.Check(swarm.Draw(seed), swarm.Options{Step: 7300 * time.Millisecond, Workers: eager{}, Debug: true})
		require.Empty(t, r.Violations, "ikelab swarm --seeds 1 --from %d", seed)
	}
}

// TestFormerFailures carries out the plans that have found something, as small as
// they could be made.
func TestFormerFailures(t *testing.T) {
	paths, err := filepath.Glob("testdata/swarm/*.json")
	require.NoError(t, err)
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			p := &swarm.Plan{}
			require.NoError(t, json.Unmarshal(text, p))
			require.Empty(t, swarm.Run(p, swarm.Options{}).Violations)
		})
	}
}
