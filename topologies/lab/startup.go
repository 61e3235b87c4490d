package lab

import (
	"ikelab/netsim"
	"ikelab/router"
	"ikelab/topologies"
)

// startups are the startup configurations of a topology's nodes. Workers read
// them ahead, a lot at a time: what those of a lot begin with is read once.
type startups struct {
	read []router.Startup
	wait []func() // for each lot; nil: it has been read
}

const lot = 64

func readStartups(t *topologies.Topology, workers netsim.Executor) *startups {
	s := &startups{read: make([]router.Startup, len(t.Nodes))}
	for first := 0; first < len(t.Nodes); first += lot {
		wait := func() {
			var reader router.StartupReader
			for i, n := range t.Nodes[first:min(first+lot, len(t.Nodes))] {
				s.read[first+i] = reader.Read(n.Config, n.Image)
			}
		}
		if workers != nil {
			wait = workers.Go(wait)
		}
		s.wait = append(s.wait, wait)
	}
	return s
}

// of is the configuration of node i.
func (s *startups) of(i int) router.Startup {
	if wait := s.wait[i/lot]; wait != nil {
		wait()
		s.wait[i/lot] = nil
	}
	return s.read[i]
}
