package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/cmd/ikelab/internal/pace"
	"ikelab/topologies/lab"
	"ikelab/topologies/swarm"
)

func runSwarm(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	root := newRoot()
	root.SetArgs(append([]string{"swarm"}, args...))
	root.SetOut(&out)
	err := root.Execute()
	return out.String(), err
}

func TestSwarmSeeds(t *testing.T) {
	out, err := runSwarm(t, "--seeds", "3", "--from", "14", "--failures", t.TempDir())
	require.NoError(t, err, out)
	require.Contains(t, out, "3 seeds, ")
	require.Contains(t, out, "0 bad\n  clear ")
	_, err = runSwarm(t, "--seeds", "some")
	require.Equal(t, 2, exitOf(err))
	_, err = runSwarm(t, "--plan", filepath.Join(t.TempDir(), "none"))
	require.Equal(t, 2, exitOf(err))
}

// TestSwarmFinds: a plan that fails is carried out with capture and records, and is
// made smaller.
func TestSwarmFinds(t *testing.T) {
	dir := t.TempDir()
	p := swarm.Draw(14)
	wrong := swarm.Fault{Kind: swarm.Clear, At: time.Second * 90, Router: 1, Tunnel: 1, Lines: []string{"clear everything"}}
	p.Faults = append([]swarm.Fault{wrong}, p.Faults...)
	text, err := json.Marshal(p)
	require.NoError(t, err)
	path := filepath.Join(dir, "plan.json")
	require.NoError(t, os.WriteFile(path, text, 0o600))
	out, err := runSwarm(t, "--plan", path, "--failures", dir)
	require.Equal(t, exitCode(1), err)
	require.Contains(t, out, "seed 14 after 1m30s: what is typed is understood: R1 refuses clear everything")
	for _, name := range []string{"capture.pcapng", "events.jsonl"} {
		info, err := os.Stat(filepath.Join(dir, "swarm-14", name))
		require.NoError(t, err)
		require.NotZero(t, info.Size())
	}
	s := &swarmed{flags: &swarmFlags{tries: 100, hours: 200, folder: dir}}
	note := s.shrink(p, swarm.Accepted)
	require.Contains(t, note, "with 2 routers, 1 tunnels, 1 faults, ")
	_, path, _ = strings.Cut(note, "--plan ")
	out, err = runSwarm(t, "--plan", strings.TrimSpace(path), "--failures", dir)
	require.Equal(t, exitCode(1), err)
	require.Contains(t, out, "seed 14 after 1m30s: ")
}

// TestSwarmMutants: what the program itself looks at is found.
func TestSwarmMutants(t *testing.T) {
	fresh := func() *swarmed {
		return &swarmed{flags: &swarmFlags{folder: t.TempDir()}, out: &bytes.Buffer{}, workers: pace.NewWorkers(), faults: map[swarm.Kind]int{}, cores: 1, most: heapMost, goroutines: 1 << 20,
			patience: wallMost, stuck: make(chan struct{})}
	}
	s := fresh()
	s.one(14)
	require.Empty(t, s.bad)
	s.most = 1 << 20
	s.one(14)
	require.Equal(t, swarm.Bounded, s.bad[0].Violations[0].Invariant)

	s = fresh()
	s.goroutines = runtime.NumGoroutine()
	over := make(chan struct{})
	defer close(over)
	go func() { <-over }()
	s.run(t.Context())
	require.Equal(t, swarm.LeavesNone, s.bad[0].Violations[0].Invariant, "a goroutine that stays")

	s = fresh()
	s.flags.seeds, s.flags.from, s.patience = 1_000_000, 14, time.Microsecond
	s.goroutines = runtime.NumGoroutine()
	s.run(t.Context())
	for s.left() > s.goroutines { // the run goes on
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	require.Equal(t, swarm.Ends, s.bad[0].Violations[0].Invariant, "a run that does not end")
	require.Contains(t, s.out.(*bytes.Buffer).String(), "does not end:\n  ikelab swarm --seeds 1 --from ")
	require.Contains(t, s.out.(*bytes.Buffer).String(), "(*swarmed).one")
}

// TestSwarmCores: equal seeds give equal traces on however many cores. Nothing
// else of this package runs meanwhile.
func TestSwarmCores(t *testing.T) {
	s := &swarmed{workers: pace.NewWorkers(), cores: runtime.GOMAXPROCS(0)}
	for seed := range uint64(5) {
		o := s.onlooker(seed * 20)
		used, opened := 0, o.Opened
		o.Opened = func(l *lab.Lab) error {
			err := opened(l)
			used = runtime.GOMAXPROCS(0)
			return err
		}
		require.Empty(t, swarm.Repeat(swarm.Draw(14), o).Violations)
		require.Equal(t, int(seed)+1, used)
		require.Equal(t, s.cores, runtime.GOMAXPROCS(0))
	}
}
