package few

import (
	"maps"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestMap: it is a map of Go's to whoever looks, however many entries come and go.
func TestMap(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var m Map[int, int]
	like := map[int]int{}
	for n := range 10_000 {
		key := random.IntN(12)
		if random.IntN(2) == 0 {
			m.Put(key, n)
			like[key] = n
		} else {
			m.Delete(key)
			delete(like, key)
		}
		require.Equal(t, len(like), m.Len())
		require.Equal(t, like, maps.Collect(m.All()))
		for key := range 12 {
			want, there := like[key]
			got, ok := m.Find(key)
			require.Equal(t, there, ok)
			require.Equal(t, want, got)
			require.Equal(t, want, m.Get(key))
		}
	}
}

// TestOne: one entry has no more than its place in a list.
func TestOne(t *testing.T) {
	require.EqualValues(t, 1, testing.AllocsPerRun(10, func() {
		var m Map[[4]uint64, *int]
		m.Put([4]uint64{1}, nil)
		require.Equal(t, 1, cap(m.list))
	}))
}
