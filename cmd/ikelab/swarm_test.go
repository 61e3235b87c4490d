package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

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
