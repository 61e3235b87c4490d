package main

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/tests/kit"
)

// TestTwoProgramsMeet over a pair of UDP sockets, at the pace of the wall
// clock, with keys that come from the operating system.
func TestTwoProgramsMeet(t *testing.T) {
	t.Parallel()
	first, second := pairOfLabs(t, t.TempDir())
	start := time.Now()
	var all sync.WaitGroup
	all.Go(func() {
		_, _, err := program(t, "", "exec", second, "wait 5s")
		require.NoError(t, err)
	})
	out, _, err := program(t, "", "exec", first, "wait 1s", "R1: ping 10.0.0.2")
	require.NoError(t, err)
	require.Regexp(t, `Success rate is [1-9]`, out)
	all.Wait()
	require.GreaterOrEqual(t, time.Since(start), 5*time.Second, "paced")
}

// TestTwoScenariosMeet: scenarios of such labs follow the wall clock, each in
// one program.
func TestTwoScenariosMeet(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, second := pairOfLabs(t, dir)
	asks := write(t, dir, "a.scenario.yml", "name: asks\ntopology: "+filepath.Base(first)+"\nsteps: [wait 1s, {node: R1, run: ping 10.0.0.2, expect: {match: \"rate is [1-9]\"}}]\n")
	answers := write(t, dir, "b.scenario.yml", "name: answers\ntopology: "+filepath.Base(second)+"\nsteps: [wait 4s]\n")
	var all sync.WaitGroup
	all.Go(func() {
		_, _, err := program(t, "", "test", answers)
		require.NoError(t, err)
	})
	out, _, err := program(t, "", "test", asks)
	all.Wait()
	require.NoError(t, err, out)
	require.Contains(t, out, "1 passed")
	wrong := write(t, dir, "c.scenario.yml", "name: wrong\ntopology: "+filepath.Base(first)+"\nsteps: [wait 1ms, {node: R1, run: show clock, expect: noon}]\n")
	out, status, err := program(t, "", "test", wrong, "--failures", filepath.Join(dir, "failures"))
	require.Error(t, err)
	require.Equal(t, 1, status)
	require.Contains(t, out, "FAIL  wrong")
	require.NoDirExists(t, filepath.Join(dir, "failures"), "it would not go the same way again")
}

// pairOfLabs are two files of labs with a router each, linked over UDP.
func pairOfLabs(t *testing.T, dir string) (first, second string) {
	t.Helper()
	a, b := kit.FreePort(t), kit.FreePort(t)
	lab := func(name string, self, local, remote int) string {
		return write(t, dir, name+".clab.yml", fmt.Sprintf(`name: %s
topology:
  nodes:
    R1:
      kind: ios
      startup-config: |
        interface Ethernet0/0
         ip address 10.0.0.%d 255.255.255.0
  links:
    - {type: udp, endpoint: "R1:Ethernet0/0", local: "127.0.0.1:%d", remote: "127.0.0.1:%d"}
`, name, self, local, remote))
	}
	return lab("a", 1, a, b), lab("b", 2, b, a)
}
