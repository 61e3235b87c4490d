package spd

import (
	"cmp"
	"iter"
	"slices"
)

// Lookup says which line of a list, access lists for one, a packet is for, and
// whether the line protects; mirrored asks about the packet's answer. ok is false
// where no line is about it.
type Lookup func(pkt []byte, mirrored bool) (line int, protect, ok bool)

// Clause is one of the lists of an ordered policy, with what its owner keeps for
// each line that protects.
type Clause[E any] struct {
	Number  int // its place in the order
	VRF     int // whose packets it is about, by number
	Lookup  Lookup
	Entries map[int]E
}

// SPD is the ordered policy of an interface (RFC 4301 section 4.4.1). A packet is
// asked about clause by clause: a line that protects settles it, one that does not
// sends it to the next clause. What no clause protects passes in clear. The zero
// value protects nothing.
type SPD[E any] struct{ clauses []Clause[E] }

// Put has a clause at its place, in that of the one which has its number.
func (d *SPD[E]) Put(c Clause[E]) {
	if at, found := d.at(c.Number); found {
		d.clauses[at] = c
	} else {
		d.clauses = slices.Insert(d.clauses, at, c)
	}
}

// Remove takes the clause with a number away.
func (d *SPD[E]) Remove(number int) {
	if at, found := d.at(number); found {
		d.clauses = slices.Delete(d.clauses, at, at+1)
	}
}

func (d *SPD[E]) at(number int) (int, bool) {
	return slices.BinarySearchFunc(d.clauses, number, func(c Clause[E], n int) int { return cmp.Compare(c.Number, n) })
}

// Numbers are those of the clauses, in their order.
func (d *SPD[E]) Numbers() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range d.clauses {
			if !yield(d.clauses[i].Number) {
				return
			}
		}
	}
}

// Outbound is the entry that protects a packet which is about to leave.
func (d *SPD[E]) Outbound(vrf int, pkt []byte) (value E, ok bool) { return d.find(vrf, pkt, false) }

// Inbound is the entry that should have protected a packet which has come in.
func (d *SPD[E]) Inbound(vrf int, pkt []byte) (value E, ok bool) { return d.find(vrf, pkt, true) }

func (d *SPD[E]) find(vrf int, pkt []byte, mirrored bool) (value E, ok bool) {
	for i := range d.clauses {
		if d.clauses[i].VRF != vrf {
			continue
		}
		line, protect, found := d.clauses[i].Lookup(pkt, mirrored)
		if !found || !protect {
			continue
		}
		if e, ok := d.clauses[i].Entries[line]; ok {
			return e, true
		}
	}
	return value, false
}
