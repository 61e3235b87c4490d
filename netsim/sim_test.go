package netsim

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestEqualInstantsKeepTheOrderOfScheduling(t *testing.T) {
	s := New(1, epoch)
	var got []string
	for i := range 100 {
		s.At(at(ms), func(time.Time) { got = append(got, fmt.Sprintf("late %d", i)) })
		s.At(at(0), func(time.Time) { got = append(got, fmt.Sprintf("early %d", i)) })
	}
	s.Run(at(ms))
	require.Len(t, got, 200)
	for i := range 100 {
		require.Equal(t, fmt.Sprintf("early %d", i), got[i])
		require.Equal(t, fmt.Sprintf("late %d", i), got[100+i])
	}
}

func TestAtInThePastIsNow(t *testing.T) {
	s := New(1, epoch)
	s.Run(at(time.Second))
	var when time.Time
	s.At(at(0), func(now time.Time) { when = now })
	next, ok := s.Next()
	require.True(t, ok)
	require.Equal(t, at(time.Second), next)
	s.Run(next)
	require.Equal(t, at(time.Second), when)
	_, ok = s.Next()
	require.False(t, ok)
}

func TestRunLeavesTheClockAtUntilAndNeverGoesBack(t *testing.T) {
	s := New(1, time.Date(2013, 11, 11, 20, 30, 0, 0, time.FixedZone("CET", 3600)))
	require.Equal(t, epoch, s.Now())
	require.Equal(t, time.UTC, s.Now().Location())
	ran := 0
	s.At(at(time.Second), func(time.Time) { ran++ })
	s.At(at(time.Second+1), func(time.Time) { ran++ })
	s.Run(at(time.Second))
	require.Equal(t, 1, ran)
	require.Equal(t, at(time.Second), s.Now())
	s.Run(at(0))
	s.Run(time.Time{})
	require.Equal(t, at(time.Second), s.Now())
	s.Run(at(time.Hour))
	require.Equal(t, 2, ran)
	require.Equal(t, at(time.Hour), s.Now())
}

func TestRunUntilStopsAtTheEventThatFulfils(t *testing.T) {
	s := New(1, epoch)
	n := 0
	for i := range 10 {
		s.At(at(time.Duration(i)*ms), func(time.Time) { n++ })
	}
	require.True(t, s.RunUntil(func() bool { return n == 4 }, at(time.Hour)))
	require.Equal(t, at(3*ms), s.Now())
	require.True(t, s.RunUntil(func() bool { return n == 4 }, at(time.Hour)), "holds already")
	require.Equal(t, at(3*ms), s.Now())
	require.False(t, s.RunUntil(func() bool { return n == 99 }, at(time.Minute)))
	require.Equal(t, at(time.Minute), s.Now())
	require.Equal(t, 10, n)
	require.True(t, s.RunUntil(func() bool { return !s.Now().Before(at(time.Hour)) }, at(time.Hour)), "asked at the limit")
}

func TestRunInsideRunIsRefused(t *testing.T) {
	s := New(1, epoch)
	s.At(at(0), func(time.Time) { s.Run(at(ms)) })
	require.PanicsWithValue(t, "netsim: Run called from inside Run", func() { s.Run(at(0)) })
}

// TestPacedEqualsUnpaced drives the same lab through Next, event by event with
// stops between, and in one go.
func TestPacedEqualsUnpaced(t *testing.T) {
	run := func(drive func(s *Sim)) []string {
		p := newPair(t, 5)
		require.NoError(t, p.pa.SetImpairments(Impairments{Delay: 3 * ms, Jitter: 2 * ms, Loss: 0.2}))
		p.b.onReceive = func(_ time.Time, _ int, f []byte) { p.b.send(0, f) }
		p.a.onAdvance = func(now time.Time) {
			p.a.send(0, []byte(now.String()))
			p.a.deadline = now.Add(ms)
		}
		p.a.deadline = at(ms)
		p.Touch(p.Device("A"))
		drive(p.Sim)
		require.Equal(t, at(200*ms), p.Now())
		return p.journal
	}
	whole := run(func(s *Sim) { s.Run(at(200 * ms)) })
	steps := run(func(s *Sim) {
		for {
			next, ok := s.Next()
			if !ok || next.After(at(200*ms)) {
				break
			}
			s.Run(s.Now().Add(next.Sub(s.Now()) / 2)) // an input half-way
			s.Run(next)
		}
		s.Run(at(200 * ms))
	})
	require.Greater(t, len(whole), 400)
	require.Equal(t, whole, steps)
}

func TestStreams(t *testing.T) {
	first := func(s Seed, device, purpose string) uint64 { return s.Stream(device, purpose).Uint64() }
	require.Equal(t, first(1, "R1", "nonce"), first(1, "R1", "nonce"))
	seen := map[uint64]bool{}
	for _, v := range []uint64{
		first(1, "R1", "nonce"), first(2, "R1", "nonce"), first(1, "R2", "nonce"), first(1, "R1", "spi"),
		first(1, "R", "1nonce"), first(1, "R1nonce", ""), first(1, "", "R1nonce"),
	} {
		require.False(t, seen[v])
		seen[v] = true
	}
}
