package ip

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/router/record"
)

func TestTimersFireInOrder(t *testing.T) {
	rng := rand.New(rand.NewChaCha8([32]byte{2}))
	for range 100 {
		h := NewTimers(record.New(1, "R1"))
		var fired []int
		timers := make([]Timer, 30)
		type row struct{ n, at, order int }
		set := map[int]row{}
		for i := range timers {
			timers[i] = NewTimer(func(time.Time) { fired = append(fired, i) })
		}
		for order := range 200 {
			n, at := rng.IntN(len(timers)), rng.IntN(20)
			if at == 0 {
				h.Set(&timers[n], time.Time{})
				delete(set, n)
				continue
			}
			h.Set(&timers[n], epoch.Add(time.Duration(at)))
			set[n] = row{n, at, order}
		}
		var want []row
		for _, r := range set {
			want = append(want, r)
		}
		slices.SortFunc(want, func(a, b row) int {
			if a.at != b.at {
				return a.at - b.at
			}
			return a.order - b.order
		})
		if len(want) > 0 {
			require.Equal(t, epoch.Add(time.Duration(want[0].at)), h.Next())
		}
		h.Run(epoch.Add(time.Hour))
		require.Len(t, fired, len(want))
		for i, r := range want {
			require.Equal(t, r.n, fired[i])
		}
		require.True(t, h.Next().IsZero())
	}
}

func TestTimersOnlyFireWhatIsDue(t *testing.T) {
	h := NewTimers(record.New(1, "R1"))
	var n int
	timer := NewTimer(func(time.Time) { n++ })
	h.Set(&timer, epoch.Add(time.Second))
	h.Run(epoch)
	require.Zero(t, n)
	require.Equal(t, epoch.Add(time.Second), timer.At())
	h.Run(epoch.Add(time.Second))
	require.Equal(t, 1, n)
	require.True(t, timer.At().IsZero())
}

// TestTimersKeepTheCause: what a timer does follows from what set it.
func TestTimersKeepTheCause(t *testing.T) {
	e := record.New(1, "R1")
	var got []record.Record
	e.Listen(func(r record.Record) { got = append(got, r) })
	h := NewTimers(e)
	timer := NewTimer(func(time.Time) { e.Emit(Dropped{}) })
	e.Begin(epoch, 0, 7)
	e.Emit(Dropped{})
	h.Set(&timer, epoch.Add(time.Second))
	e.Begin(epoch, 0, 0)
	e.Emit(Dropped{})
	h.Run(epoch.Add(time.Second))
	require.Equal(t, got[0].ID, got[2].Cause)
	require.Zero(t, got[2].Frame)
}
