package netsim

import (
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// crew is an Executor with a goroutine per job, as wild as it gets.
type crew struct{ started int }

func (c *crew) Go(compute func()) func() {
	c.started++
	done := make(chan struct{})
	go func() { defer close(done); compute() }()
	return func() { <-done }
}

// lazy never starts anything before it is waited for.
type lazy struct{}

func (lazy) Go(compute func()) func() { return compute }

func TestJobIsDoneExactlyAtItsCost(t *testing.T) {
	for _, workers := range []Executor{nil, &crew{}, lazy{}} {
		p := newPair(t, 1)
		p.SetWorkers(workers)
		for _, cost := range []time.Duration{7, 3, 7, 0, -1} {
			var result time.Duration
			p.a.job(cost*ms, func() { result = cost }, func(now time.Time) {
				p.a.note("done %d at %v", result, now.Sub(epoch))
			})
		}
		p.At(at(7*ms), func(time.Time) { p.a.note("after both") })
		p.Run(at(time.Second))
		require.Equal(t, []string{"A done 0 at 0s", "A done -1 at 0s", "A done 3 at 3ms", "A done 7 at 7ms", "A done 7 at 7ms", "A after both"}, p.journal)
	}
}

func TestDeadlineIsAskedForAfterAJob(t *testing.T) {
	p := newPair(t, 1)
	p.a.job(ms, func() {}, func(now time.Time) { p.a.deadline = now.Add(ms) })
	p.Run(at(time.Second))
	require.Equal(t, []string{"A advance 2ms"}, p.journal)
}

// TestWorkersChangeNothing runs a lab of stations that answer each frame by a
// hash computed in a job, with and without workers.
func TestWorkersChangeNothing(t *testing.T) {
	run := func(workers Executor) []string {
		p := newPair(t, 3)
		p.SetWorkers(workers)
		for _, port := range []*Port{p.pa, p.pb} {
			require.NoError(t, port.SetImpairments(Impairments{Delay: 2 * ms, Jitter: ms, Loss: 0.05, Duplicate: 0.1}))
		}
		for _, n := range []*station{p.a, p.b} {
			n.onReceive = func(_ time.Time, _ int, f []byte) {
				in := append([]byte(nil), f...)
				var sum [sha256.Size]byte
				n.job(time.Duration(in[0])*time.Microsecond, func() { sum = sha256.Sum256(in) }, func(time.Time) { n.send(0, sum[:]) })
			}
		}
		for i := range 50 {
			p.a.send(0, fmt.Appendf(nil, "%d", i))
		}
		p.Run(at(60 * ms))
		return p.journal
	}
	c := &crew{}
	want := run(nil)
	require.Greater(t, len(want), 500)
	require.Equal(t, want, run(c))
	require.Equal(t, want, run(lazy{}))
	require.Greater(t, c.started, 500)
}

func TestAJobThatNeverEnds(t *testing.T) {
	p := newPair(t, 1)
	p.Run(at(time.Second))
	p.a.job(1<<63-1, func() {}, func(time.Time) { t.Error("done") })
	p.Run(at(1e6 * time.Hour))
	_, ok := p.Next()
	require.True(t, ok, "it is still due, centuries from now")
}
