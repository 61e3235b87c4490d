package bench

import (
	"errors"
	"slices"
	"time"

	"ikelab/netsim"
	"ikelab/topologies/lab"
)

// Measure is one line of a benchmark. Limit is what the bare primitive did in
// the same run, Ratio how near Value comes to it. Target is what the project
// wants: at least, for a ratio; without a ratio at most, of the value. Those
// that a measure does not have are nil.
type Measure struct {
	Name   string   `json:"name"`
	Value  float64  `json:"value"`
	Unit   string   `json:"unit"`
	Limit  *float64 `json:"limit,omitempty"`
	Ratio  *float64 `json:"ratio,omitempty"`
	Target *float64 `json:"target,omitempty"`
	// AtLeast says that the target of a value without a ratio is no most.
	AtLeast bool `json:"at_least,omitempty"`
}

// Host is what a benchmark needs of the machine.
type Host struct {
	Now     func() time.Time // the wall clock
	Heap    func() uint64    // octets in use after a collection
	Allocs  func() uint64    // allocations since the program began
	Workers netsim.Executor  // may be nil
}

// took is the wall time of f in seconds.
func (h Host) took(f func()) float64 {
	start := h.Now()
	f()
	return h.Now().Sub(start).Seconds()
}

// up says whether the first tunnel of every router is up.
func up(l *lab.Lab) bool {
	return !slices.ContainsFunc(l.Routers, func(r *lab.Router) bool { return !r.TunnelUp("Tunnel0") })
}

// bringUp runs a lab until every router has its tunnel.
func bringUp(l *lab.Lab) error { return bringUpAll(l, up) }

// bringUpAll runs a lab until all tunnels are up.
func bringUpAll(l *lab.Lab, up func(l *lab.Lab) bool) error {
	for range 600 {
		l.Sim.Run(l.Sim.Now().Add(200 * time.Millisecond))
		if up(l) {
			return nil
		}
	}
	return errors.New("bench: tunnels stay down")
}

// booted is after the start of every router and before any of them asks for
// an SA.
const booted = 1900 * time.Millisecond
