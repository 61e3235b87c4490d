package bench

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"ikelab/ipsec"
	"ikelab/netsim"
	"ikelab/topologies"
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

// benchmark is one of them.
type benchmark struct {
	name  string
	run   func(h Host) ([]Measure, error)
	cores bool // a figure of all cores, with workers; else of one
}

// benchmarks are all there are.
func benchmarks() []benchmark {
	return []benchmark{
		{"handshake", benchHandshake, false},
		{"esp", benchESP, false},
		{"scale", benchScale, true},
		{"mesh", benchMesh, true},
		{"config", benchConfig, true},
		{"idle", benchIdle, false},
		{"fabric", benchFabric, false},
		{"records", benchRecords, false},
		{"flood", benchFlood, false},
	}
}

// Names lists the benchmarks.
func Names() (names []string) {
	for _, b := range benchmarks() {
		names = append(names, b.name)
	}
	return names
}

// Cores says whether a benchmark is a figure of all cores, with workers.
func Cores(name string) bool {
	for _, b := range benchmarks() {
		if b.name == name {
			return b.cores
		}
	}
	return false
}

// Run runs one benchmark.
func Run(name string, h Host) ([]Measure, error) {
	for _, b := range benchmarks() {
		if b.name == name {
			return b.run(h)
		}
	}
	return nil, fmt.Errorf("bench: there is no benchmark %q", name)
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

// handshakes per group and run: enough to time, few enough to wait for.
var handshakeGroups = []struct {
	group  ipsec.Group
	count  int
	target float64
}{{19, 400, 0.60}, {2, 100, 0.83}, {14, 40, 0.88}}

// handshakeRounds: the best of them is the one that others disturbed least.
const handshakeRounds = 10

func handshakeSuite(g ipsec.Group) string {
	return fmt.Sprintf("encryption aes-cbc-128\nintegrity sha256\ngroup %d", uint16(g))
}

func benchHandshake(h Host) ([]Measure, error) {
	var list []Measure
	for _, g := range handshakeGroups {
		t := pairs(g.count, handshakeSuite(g.group), "esp-aes esp-sha256-hmac")
		seconds, bare := math.Inf(1), math.Inf(1)
		for range handshakeRounds { // in turn, so that both see the same machine
			l, err := lab.Build(t, lab.Options{Seed: 1})
			if err != nil {
				return nil, err
			}
			l.Sim.Run(t.Clock.Add(booted))
			h.Heap() // neither side pays for what others left behind
			seconds = min(seconds, h.took(func() { err = bringUp(l) }))
			if err != nil {
				return nil, err
			}
			h.Heap()
			bare = min(bare, h.took(func() { bareDH(g.group, g.count) }))
		}
		list = append(list, Measure{
			Name: fmt.Sprintf("handshake group %d", uint16(g.group)), Value: float64(g.count) / seconds, Unit: "1/s",
			Limit: new(float64(g.count) / bare), Ratio: new(bare / seconds), Target: new(g.target),
		})
	}
	return list, nil
}

// bareDH does the public-key work of n handshakes: both ends, one public value
// and one shared secret each.
func bareDH(g ipsec.Group, n int) {
	random := netsim.Seed(1).Stream("bench", "dh")
	for range n {
		a, _ := g.Initiate(random)
		b, _ := g.Respond(random, a.Public())
		a.Answered(b.Public())
		_, errA := a.Secret()
		_, errB := b.Secret()
		if errA != nil || errB != nil {
			panic("bench: a drawn key does not agree with another")
		}
	}
}

// benchIdle lets the tech note's lab live for a day: about 1,400 rekeys.
func benchIdle(h Host) ([]Measure, error) {
	t, err := topologies.Embedded(topologies.DefaultLab)
	if err != nil {
		return nil, err
	}
	l, err := lab.Build(t, lab.Options{Seed: 1, Workers: h.Workers})
	if err != nil {
		return nil, err
	}
	seconds := h.took(func() { l.Sim.Run(t.Clock.Add(24 * time.Hour)) })
	if !l.Routers[0].TunnelUp("Tunnel0") {
		return nil, fmt.Errorf("bench: the tunnel is down after a day")
	}
	return []Measure{{Name: "24 virtual hours", Value: seconds, Unit: "s", Target: new(3.0)}}, nil
}
