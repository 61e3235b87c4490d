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
	said  *Finding
	seen  seen // of which it was said
}

// seen is what a finding follows from.
type seen struct {
	found, counting int
	near            string // what does not count, and is told of
}

// told is what tell says of so many that count, and the same as before while nothing has come:
// conditions are looked at between any two events.
func (t *tally) told(since uint64, near string, tell func(n int) Finding) Finding {
	now := seen{len(t.found), len(t.counting(since)), near}
	if t.said == nil || now != t.seen {
		f := tell(now.counting)
		t.said, t.seen = &f, now
	}
	return *t.said
}

func (t *tally) begin(serial uint64) { t.floor = serial }

// counting are those that count, of those since a point.
func (t *tally) counting(since uint64) []uint64 {
	after, _ := slices.BinarySearch(t.found, max(t.floor, since)+1)
	return t.found[after:]
}

// counted compares how many there are of the things that about tells with what is wanted; without a
// wish, at least one.
func counted(about string, want Comparison, n int) Finding {
	if want.op == "" {
		want = Comparison{op: ">=", value: "1"}
	}
	return Finding{Holds: want.Holds(fmt.Sprint(n)), Want: fmt.Sprintf("%s: %s", about, want), Got: fmt.Sprint(n)}
}
