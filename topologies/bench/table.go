package bench

import "fmt"

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
