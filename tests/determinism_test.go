package tests

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/netsim"
	"ikelab/topologies"
)

// Executors that compute jobs as differently as can be.
type (
	eager struct{} // each at once, on a goroutine of its own
	lazy  struct{} // none before it is waited for
)

func (eager) Go(compute func()) (wait func()) {
	done := make(chan struct{})
	go func() { defer close(done); compute() }()
	return func() { <-done }
}

func (lazy) Go(compute func()) (wait func()) { return compute }

// traffic is what a lab needs to come up: a crypto map asks for nothing before.
var traffic = map[string]string{"crypto-map-site-to-site": "R1: ping 192.168.2.1 source Ethernet0/1"}

// record runs a lab with everything traced and returns what is left of it:
// the files of its capture and its consoles. step is how the time is cut.
func record(t *testing.T, name string, seed uint64, workers netsim.Executor, step string, steps int) map[string]string {
	t.Helper()
	b := boot(t, name, seed)
	b.Sim.SetWorkers(workers)
	wire := folder{}
	c, err := b.StartCapture(wire)
	require.NoError(t, err)
	for _, r := range b.Routers {
		b.do(r.Name()+": debug crypto ikev2 packet", r.Name()+": debug crypto ikev2 internal", r.Name()+": debug crypto ipsec")
	}
	if line := traffic[name]; line != "" {
		b.do(line)
	}
	for range steps {
		b.do("wait " + step)
	}
	for _, r := range b.Routers {
		b.do(r.Name()+": show crypto ikev2 sa detailed", r.Name()+": show crypto ipsec sa", r.Name()+": show logging")
	}
	require.NoError(t, c.Stop())
	files := map[string]string{}
	for name, data := range wire {
		files[name] = data.String()
	}
	for node, log := range b.logs {
		files[node+".log"] = log.String()
	}
	return files
}

// plain are the files in which nothing is random: those of routers that have nothing to do with IKE.
var plain = []string{"preferences", "ISP.log", "GW2.log"}

// TestNothingButTheSeedMatters: who computes the public-key operations, and in
// which steps time is let pass, changes no octet; the seed does.
func TestNothingButTheSeedMatters(t *testing.T) {
	for _, lab := range topologies.LabNames() {
		t.Run(lab, func(t *testing.T) {
			want := record(t, lab, 21, nil, "10m", 1)
			require.Greater(t, len(want["capture.pcapng"]), 2000)
			for what, got := range map[string]map[string]string{
				"again":           record(t, lab, 21, nil, "10m", 1),
				"goroutines":      record(t, lab, 21, eager{}, "10m", 1),
				"when waited for": record(t, lab, 21, lazy{}, "10m", 1),
			} {
				require.Len(t, got, len(want))
				for name, text := range want {
					require.True(t, got[name] == text, "%s: %s differs", what, name)
				}
			}
			stepped := record(t, lab, 21, nil, "1s", 600)
			require.True(t, stepped["capture.pcapng"] == want["capture.pcapng"], "second by second: the capture differs")
			other := record(t, lab, 22, nil, "10m", 1)
			for name, text := range want {
				require.True(t, slices.Contains(plain, name) || other[name] != text, "seed 22: %s is the same", name)
			}
		})
	}
}
