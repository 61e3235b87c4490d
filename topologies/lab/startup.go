package lab

import (
	"slices"

	"ikelab/netsim"
	"ikelab/router"
	"ikelab/topologies"
)

// lot is how many configurations are read one after the other: what they begin
// with alike is read once.
const lot = 64

// readStartups reads the startup configurations of all nodes, with workers
// several lots at the same time.
func readStartups(t *topologies.Topology, workers netsim.Executor) []router.Startup {
	list := make([]router.Startup, len(t.Nodes))
	var lots []func()
	for first := 0; first < len(t.Nodes); first += lot {
		read := func() {
			var reader router.StartupReader
			for i, n := range t.Nodes[first:min(first+lot, len(t.Nodes))] {
				list[first+i] = reader.Read(n.Config, n.Image)
			}
		}
		if workers != nil {
			read = workers.Go(read)
		}
		lots = append(lots, read)
	}
	for _, wait := range slices.Backward(lots) { // the workers come from the front
		wait()
	}
	return list
}
