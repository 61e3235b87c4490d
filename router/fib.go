package router

import (
	"cmp"
	"slices"
)

// fibKind says what becomes of a packet that an entry matches.
type fibKind uint8

const (
	fibNone      fibKind = iota // no route
	fibLocal                    // one of our addresses
	fibBroadcast                // a broadcast address of a network of ours, or 255.255.255.255
	fibLink                     // the destination is a neighbour on out
	fibVia                      // hop is a neighbour on out
	fibNull                     // a route that drops: Null0, or permanent without a way
	fibMartian                  // no destination at all: this network, loopback, class D and E
)

// fibEntry is what a lookup gives. Entries are values of the table and do not
// change while it stands.
type fibEntry struct {
	kind fibKind
	out  *iface
	hop  ip4
}

// fib is the forwarding table. It is flat: the address space cut into ranges,
// each with the entry of its longest prefix, so that a lookup is one binary
// search whatever the prefixes are. generation changes with the contents.
type fib struct {
	generation uint32
	starts     []ip4    // first addresses of the ranges, ascending, starts[0] = 0
	which      []uint16 // entry of the range
	entries    []fibEntry
	routes     []route // what it was built from, for the screens
}

// maxFIB is the number of distinct entries that which can tell apart.
const maxFIB = 1 << 16

// lookup finds the entry of the longest prefix that matches. The loop has no
// branch that depends on dst, so that no prediction fails.
func (f *fib) lookup(dst ip4) *fibEntry {
	at, n := 0, len(f.starts)
	if n == 0 {
		return &noEntry
	}
	for n > 1 {
		half := int(uint(n) >> 1)
		if next := at + half; f.starts[next] <= dst {
			at = next
		}
		n -= half
	}
	return &f.entries[f.which[at]]
}

// noEntry never changes.
var noEntry fibEntry

// fibRoute is a prefix with its entry, the table's input.
type fibRoute struct {
	network ip4
	bits    int
	fibEntry
}

func (r *fibRoute) last() ip4 { return r.network | ^maskOf(r.bits) }

// constantRoutes are in every table (RFC 6890, RFC 1812 section 5.3.7).
var constantRoutes = []fibRoute{
	{0, 8, fibEntry{kind: fibMartian}},
	{127 << 24, 8, fibEntry{kind: fibMartian}},
	{224 << 24, 3, fibEntry{kind: fibMartian}},
	{broadcastIP, 32, fibEntry{kind: fibBroadcast}},
}

// flatten builds starts, which and entries from prefixes. Of equal prefixes
// the first one counts. The sweep keeps the prefixes that are open at an
// address on a stack, the innermost on top.
func (f *fib) flatten(list []fibRoute) {
	slices.SortStableFunc(list, func(a, b fibRoute) int {
		return cmp.Or(cmp.Compare(a.network, b.network), a.bits-b.bits)
	})
	f.starts, f.which, f.entries = f.starts[:0], f.which[:0], append(f.entries[:0], noEntry)
	f.begin(0, 0)
	type open struct {
		last  ip4
		entry uint16
	}
	var stack []open
	closeUntil := func(next ip4, all bool) {
		for len(stack) > 0 && (all || stack[len(stack)-1].last < next) {
			end := stack[len(stack)-1].last
			stack = stack[:len(stack)-1]
			outer := uint16(0)
			if len(stack) > 0 {
				outer = stack[len(stack)-1].entry
			}
			if end != broadcastIP {
				f.begin(end+1, outer)
			}
		}
	}
	for i := range list {
		r := &list[i]
		if i > 0 && list[i-1].network == r.network && list[i-1].bits == r.bits || len(f.entries) == maxFIB {
			continue
		}
		closeUntil(r.network, false)
		f.entries = append(f.entries, r.fibEntry)
		e := uint16(len(f.entries) - 1)
		f.begin(r.network, e)
		stack = append(stack, open{r.last(), e})
	}
	closeUntil(0, true)
	f.generation++
}

// begin starts a range; one that begins at the same address takes its place.
func (f *fib) begin(at ip4, entry uint16) {
	if n := len(f.starts); n > 0 && f.starts[n-1] == at {
		f.which[n-1] = entry
		return
	}
	f.starts = append(f.starts, at)
	f.which = append(f.which, entry)
}
