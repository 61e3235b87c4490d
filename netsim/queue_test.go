package netsim

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// queueModel is the queue as a list that is sorted at each look.
type queueModel struct {
	queue
	want []modelEntry
	seq  int
	now  int64
}

type modelEntry struct {
	at    int64
	seq   int
	index uint32
	id    entryID
}

func (m *queueModel) add(at int64) {
	m.seq++
	m.want = append(m.want, modelEntry{at, m.seq, uint32(m.seq), m.put(at, kindCall, uint32(m.seq))})
}

func (m *queueModel) drop(i int) {
	m.remove(m.want[i].id)
	m.want = slices.Delete(m.want, i, i+1)
}

func (m *queueModel) pop(t *testing.T, limit int64) {
	slices.SortFunc(m.want, func(a, b modelEntry) int { return cmp.Or(cmp.Compare(a.at, b.at), a.seq-b.seq) })
	first, ok := m.peek()
	require.Equal(t, len(m.want) > 0, ok)
	if ok {
		require.Equal(t, m.want[0].at, first)
	}
	k, index := m.take(limit)
	require.Equal(t, len(m.want) > 0 && m.want[0].at <= limit, k != kindNone)
	if k == kindNone {
		m.now = limit
		require.Equal(t, m.now, m.base)
		return
	}
	require.Equal(t, m.want[0].index, index, "equal instants keep the order of their coming")
	m.now, m.want = m.want[0].at, m.want[1:]
	require.Equal(t, m.now, m.base)
}

// TestQueueAgainstSorting drives the queue and a sorted list with the same
// puts, moves, removals and limits, near and far, ties included.
func TestQueueAgainstSorting(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	m := &queueModel{}
	for range 40_000 {
		at := m.now + r.Int64N(4)*r.Int64N(1<<r.IntN(40))
		switch r.IntN(6) {
		case 0, 1:
			m.add(at)
		case 2:
			if len(m.want) > 0 { // a deadline that moves
				m.drop(r.IntN(len(m.want)))
				m.add(at)
			}
		case 3:
			if len(m.want) > 0 {
				m.drop(r.IntN(len(m.want)))
			}
		case 4:
			m.pop(t, at)
		case 5:
			if len(m.want) > 0 {
				m.pop(t, math.MaxInt64)
			}
		}
		require.Equal(t, len(m.want), m.count)
	}
	for len(m.want) > 0 {
		m.pop(t, math.MaxInt64)
	}
	require.Zero(t, m.used)
}

func TestQueueReachesTheEndOfTime(t *testing.T) {
	m := &queueModel{}
	m.add(math.MaxInt64)
	m.add(0)
	m.add(math.MaxInt64)
	for len(m.want) > 0 {
		m.pop(t, math.MaxInt64)
	}
	m.add(math.MaxInt64)
	m.pop(t, math.MaxInt64)
}

// TestQueueOfOneInstant: entries that are put when their instant has come follow those that
// were put before, however many they are, and one that is removed does not happen.
func TestQueueOfOneInstant(t *testing.T) {
	m := &queueModel{}
	for range 3 {
		m.add(1000)
	}
	m.pop(t, math.MaxInt64)
	for range 500 { // each time one more is put than taken
		m.add(1000)
		m.add(1000)
		m.drop(len(m.want) - 2)
		m.add(1000)
		m.pop(t, 1000)
	}
	for len(m.want) > 0 {
		m.drop(len(m.want) / 2)
		if len(m.want) > 0 {
			m.pop(t, 1000)
		}
	}
	m.pop(t, 2000)
	require.Zero(t, m.count)
}
