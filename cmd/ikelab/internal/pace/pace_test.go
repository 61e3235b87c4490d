package pace

import (
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
	start := time.Now() // before the pacer's own clock
	p := New(sim, 10)
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
	p := New(sim, 100)
	done := false
	go func() {
		time.Sleep(20 * time.Millisecond)
		p.Do(func() {
			require.GreaterOrEqual(t, sim.Now().Sub(epoch), 2*time.Second)
			done = true
		})
	}()
	require.True(t, p.RunUntil(func() bool { return done }, epoch.Add(time.Hour)), "woken although nothing is scheduled")
	p.Stop()
	for range 2000 { // more than fit the channel: nobody waits after stop
		p.Do(func() {})
	}
}

func TestWorkersComputeOnce(t *testing.T) {
	w := NewWorkers()
	var n atomic.Int64
	var all sync.WaitGroup
	for range 100 {
		wait := w.Go(func() { n.Add(1) })
		all.Go(wait)
	}
	all.Wait()
	require.EqualValues(t, 100, n.Load())
}

// TestInputComesThrough although the simulation cannot keep up with its speed.
func TestInputComesThrough(t *testing.T) {
	sim := netsim.New(1, epoch)
	var again func(now time.Time)
	again = func(now time.Time) { sim.At(now.Add(time.Microsecond), again) }
	again(epoch)
	p := New(sim, 1e6) // ten times more events than anybody can handle
	n := 0
	go func() {
		for range 100 {
			time.Sleep(time.Millisecond)
			p.Do(func() { n++ })
		}
	}()
	start := time.Now()
	require.True(t, p.RunUntil(func() bool { return n == 100 }, epoch.Add(1000*time.Hour)))
	require.Less(t, time.Since(start), 5*time.Second)
}

// TestOnIdle: it is called before a sleep, not for each event.
func TestOnIdle(t *testing.T) {
	sim := netsim.New(1, epoch)
	p := New(sim, 1000)
	events, idle := 0, 0
	for range 10 {
		sim.At(epoch, func(time.Time) { events++ })
	}
	p.OnIdle(func() { idle++; require.Equal(t, 10, events) })
	p.RunUntil(func() bool { return false }, epoch.Add(10*time.Second))
	require.Equal(t, 1, idle)
}
