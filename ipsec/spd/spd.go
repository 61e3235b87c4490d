package spd

import (
	"cmp"
	"iter"
	"net/netip"
	"slices"
)

// Lookup says which line of a list, access lists for one, a packet is for, and
// whether the line protects; mirrored asks about the packet's answer. ok is false
// where no line is about it.
type Lookup func(pkt []byte, mirrored bool) (line int, protect, ok bool)

// Clause is one of the lists of an ordered policy, with what its owner keeps for
// each line that protects.
type Clause[E any] struct {
	Number  int            // its place in the order
	VRF     int            // whose packets it is about, by number
	Toward  []netip.Prefix // where those go: no line is about any other
	Lookup  Lookup
	Entries map[int]E
}

// SPD is the ordered policy of an interface (RFC 4301 section 4.4.1). A packet is
// asked about clause by clause: a line that protects settles it, one that does not
// sends it to the next clause. What no clause protects passes in clear. The zero
// value protects nothing.
//
// A hub has a clause for each of its spokes, so only those are asked that may be about
// where a packet goes.
type SPD[E any] struct {
	clauses []*Clause[E]
	toward  map[netip.Prefix][]*Clause[E] // in their order
	lengths [129]int                      // how many of these prefixes have each length
	asked   []*Clause[E]                  // room
}

// Put has a clause at its place, in that of the one which has its number.
func (d *SPD[E]) Put(c Clause[E]) {
	d.Remove(c.Number)
	at, _ := place(d.clauses, c.Number)
	d.clauses = slices.Insert(d.clauses, at, &c)
	if d.toward == nil {
		d.toward = map[netip.Prefix][]*Clause[E]{}
	}
	for _, p := range c.Toward {
		p = p.Masked()
		list := d.toward[p]
		at, found := place(list, c.Number)
		if found { // two lines are about the same
			continue
		}
		if len(list) == 0 {
			d.lengths[p.Bits()]++
		}
		d.toward[p] = slices.Insert(list, at, &c)
	}
}

// Remove takes the clause with a number away.
func (d *SPD[E]) Remove(number int) {
	at, found := place(d.clauses, number)
	if !found {
		return
	}
	for _, p := range d.clauses[at].Toward {
		p = p.Masked()
		list := d.toward[p]
		at, found := place(list, number)
		if !found {
			continue
		}
		if list = slices.Delete(list, at, at+1); len(list) > 0 {
			d.toward[p] = list
			continue
		}
		delete(d.toward, p)
		d.lengths[p.Bits()]--
	}
	d.clauses = slices.Delete(d.clauses, at, at+1)
}

func place[E any](list []*Clause[E], number int) (int, bool) {
	return slices.BinarySearchFunc(list, number, func(c *Clause[E], n int) int { return cmp.Compare(c.Number, n) })
}

// Numbers are those of the clauses, in their order.
func (d *SPD[E]) Numbers() iter.Seq[int] {
	return func(yield func(int) bool) {
		for _, c := range d.clauses {
			if !yield(c.Number) {
				return
			}
		}
	}
}

// Outbound is the entry that protects a well-formed packet which is about to leave.
func (d *SPD[E]) Outbound(vrf int, pkt []byte) (value E, ok bool) { return d.find(vrf, pkt, false) }

// Inbound is the entry that should have protected a well-formed packet which has come in.
func (d *SPD[E]) Inbound(vrf int, pkt []byte) (value E, ok bool) { return d.find(vrf, pkt, true) }

func (d *SPD[E]) find(vrf int, pkt []byte, mirrored bool) (value E, ok bool) {
	src, dst := addresses(pkt)
	if mirrored {
		dst = src
	}
	for _, c := range d.about(dst) {
		if c.VRF != vrf {
			continue
		}
		line, protect, found := c.Lookup(pkt, mirrored)
		if !found || !protect {
			continue
		}
		if e, ok := c.Entries[line]; ok {
			return e, true
		}
	}
	return value, false
}

// about are the clauses that may be about packets to an address, in their order, until the
// next call.
func (d *SPD[E]) about(to netip.Addr) []*Clause[E] {
	d.asked = d.asked[:0]
	lists := 0
	for bits := range to.BitLen() + 1 {
		if d.lengths[bits] == 0 {
			continue
		}
		p, _ := to.Prefix(bits)
		if list := d.toward[p]; len(list) > 0 {
			d.asked = append(d.asked, list...)
			lists++
		}
	}
	if lists > 1 {
		slices.SortFunc(d.asked, func(a, b *Clause[E]) int { return cmp.Compare(a.Number, b.Number) })
		d.asked = slices.Compact(d.asked)
	}
	return d.asked
}
