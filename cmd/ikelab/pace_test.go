package main

import (
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/netsim"
)

var epoch = time.Date(2011, 11, 11, 0, 0, 0, 0, time.UTC)

func TestPacerFollowsTheWallClock(t *testing.T) {
	sim := netsim.New(1, epoch)
	var late time.Duration
	p := newPacer(sim, 10)
	start := time.Now()
	for i := range 10 {
		at := epoch.Add(time.Duration(i) * 100 * time.Millisecond)
		sim.At(at, func(now time.Time) {
			require.Equal(t, at, now)
			late = max(late, time.Since(start)-now.Sub(epoch)/10)
			require.GreaterOrEqual(t, time.Since(start), now.Sub(epoch)/10, "never early")
		})
	}
	require.False(t, p.RunUntil(func() bool { return false }, epoch.Add(time.Second)))
	require.Equal(t, epoch.Add(time.Second), sim.Now())
	require.Less(t, late, time.Second)
}

// TestPacerTakesInput between events, at the virtual time that it is.
func TestPacerTakesInput(t *testing.T) {
	sim := netsim.New(1, epoch)
	p := newPacer(sim, 100)
	done := false
	go func() {
		time.Sleep(20 * time.Millisecond)
		p.do(func() {
			require.GreaterOrEqual(t, sim.Now().Sub(epoch), 2*time.Second)
			done = true
		})
	}()
	require.True(t, p.RunUntil(func() bool { return done }, epoch.Add(time.Hour)), "woken although nothing is scheduled")
	p.stop()
	for range 2000 { // more than fit the channel: nobody waits after stop
		p.do(func() {})
	}
}

func TestWorkersComputeOnce(t *testing.T) {
	w := newWorkers()
	var n atomic.Int64
	var all sync.WaitGroup
	for range 100 {
		wait := w.Go(func() { n.Add(1) })
		all.Go(wait)
	}
	all.Wait()
	require.EqualValues(t, 100, n.Load())
}

// TestTwoProgramsMeet over a pair of UDP sockets, at the pace of the wall
// clock, with keys that come from the operating system.
func TestTwoProgramsMeet(t *testing.T) {
	dir := t.TempDir()
	a, b := freePort(t), freePort(t)
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
	first, second := lab("a", 1, a, b), lab("b", 2, b, a)
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

func freePort(t *testing.T) int {
	t.Helper()
	c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	require.NoError(t, err)
	defer func() { require.NoError(t, c.Close()) }()
	return c.LocalAddr().(*net.UDPAddr).Port
}
