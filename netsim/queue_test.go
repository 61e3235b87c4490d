package netsim

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestQueueAgainstSorting drives the queue and a sorted list with the same
// pushes, deadline moves, removals and pops.
func TestQueueAgainstSorting(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const devices = 20
	q := queue{place: slices.Repeat([]int32{unplaced}, devices)}
	var model []event
	forget := func(device uint32) {
		model = slices.DeleteFunc(model, func(e event) bool { return e.kind == kindWake && e.index == device })
	}
	for seq := uint64(1); seq < 20_000; seq++ {
		e := event{at: r.Int64N(50), seq: seq, index: uint32(r.IntN(devices)), kind: kindArrive}
		switch r.IntN(5) {
		case 0:
			q.push(e)
			model = append(model, e)
		case 1, 2:
			e.kind = kindWake
			forget(e.index)
			q.wake(e)
			model = append(model, e)
		case 3:
			forget(e.index)
			q.drop(e.index)
		case 4:
			if len(model) == 0 {
				continue
			}
			slices.SortFunc(model, compareEvents)
			require.Equal(t, model[0], q.pop())
			model = model[1:]
		}
		require.Equal(t, len(model), q.waiting())
	}
	slices.SortFunc(model, compareEvents)
	for _, want := range model {
		require.Equal(t, want, q.pop())
	}
	for d := range q.place {
		require.EqualValues(t, unplaced, q.place[d])
	}
}

func compareEvents(a, b event) int {
	switch {
	case a.before(b):
		return -1
	case b.before(a):
		return 1
	}
	return 0
}

func TestQueueKnowsDeadlines(t *testing.T) {
	q := queue{place: []int32{unplaced, unplaced}}
	q.wake(event{at: 7, seq: 1, index: 1, kind: kindWake})
	require.Equal(t, []int32{unplaced, 0}, q.place)
	q.drop(0) // nothing there
	q.drop(1)
	require.Zero(t, q.waiting())
}
