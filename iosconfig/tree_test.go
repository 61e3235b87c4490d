package iosconfig

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTreesDiffer: whatever was put and deleted, two trees differ in the keys of which a
// comparison of all says so.
func TestTreesDiffer(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	var tree Tree[string, int]
	for range 300 {
		before := tree
		for range random.IntN(4) {
			if key := strconv.Itoa(random.IntN(60)); random.IntN(3) == 0 {
				tree.delete(key)
			} else {
				tree.Put(key, random.IntN(3))
			}
		}
		var want []string
		for n := range 60 {
			key := strconv.Itoa(n)
			old, had := before.Get(key)
			if now, has := tree.Get(key); had != has || old != now {
				want = append(want, key)
			}
		}
		require.ElementsMatch(t, want, before.differs(tree))
		require.ElementsMatch(t, want, tree.differs(before))
	}
}
