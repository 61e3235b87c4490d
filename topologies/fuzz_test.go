package topologies

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzTopology: any text is a topology or a list of problems with their
// places; what is a topology can be built, unless a configuration is wrong or
// two things of it do not fit together.
func FuzzTopology(f *testing.F) {
	for _, name := range LabNames() {
		data, err := labFiles.ReadFile("labs/" + name + "/" + labFile)
		require.NoError(f, err)
		f.Add(data)
	}
	f.Add([]byte("name: x\ntopology:\n  nodes:\n    R: {kind: ios}\n    B: {kind: bridge}\n  links:\n  - endpoints: [\"R:e0/0\", \"B:1\"]\n"))
	f.Add([]byte("name: x\ntopology: &a {nodes: *a}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		read := func(string) ([]byte, error) { return nil, errors.New("no files here") }
		topo, err := Parse("f", data, read)
		if err != nil {
			require.Nil(t, topo)
			require.NotEmpty(t, err.Error())
			return
		}
		if len(topo.Nodes) > 50 || len(topo.Links) > 50 {
			return
		}
		if lab, err := Build(topo, Options{Seed: 1}); err == nil {
			lab.Sim.Run(topo.Clock)
		}
	})
}
