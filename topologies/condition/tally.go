package condition

import (
	"fmt"
	"slices"
)

// tally is what a probe has found: the serials of the records after which it did,
// in their order.
type tally struct {
	found []uint64
	floor uint64 // what came up to it does not count
}

func (t *tally) begin(serial uint64) { t.floor = serial }

// counting are those that count, of those since a point.
func (t *tally) counting(since uint64) []uint64 {
	after, _ := slices.BinarySearch(t.found, max(t.floor, since)+1)
	return t.found[after:]
}

// judge compares how many were found since a point with what is wanted of the
// things that about tells; without a wish, at least one.
func (t *tally) judge(about string, want Comparison, since uint64) (f Finding, n int) {
	n = len(t.counting(since))
	if want.op == "" {
		want = Comparison{op: ">=", value: "1"}
	}
	return Finding{Holds: want.Holds(fmt.Sprint(n)), Want: fmt.Sprintf("%s: %s", about, want), Got: fmt.Sprint(n)}, n
}
