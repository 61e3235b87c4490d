package netsim

import "math/bits"

// kind says which table of the Sim an entry's index points into.
type kind uint8

const (
	kindNone   kind = iota // nothing: it was taken out before its time
	kindArrive             // flights: a frame reaches the far end of its link
	kindHeld               // flights: a filter's delay has passed
	kindFlood              // floods: a frame reaches all ports of a segment
	kindWake               // devices: a device's deadline
	kindStart              // devices: power on
	kindCall               // calls: a function given to At
	kindJob                // jobs: the result of a job is due
)

// entry is what is to happen at an instant. It holds no pointer, so the queue
// is invisible to the garbage collector.
type entry struct {
	at         int64 // nanoseconds since the epoch
	next, prev entryID
	index      uint32
	kind       kind
}

// entryID is a place in the queue's table of entries; zero is none.
type entryID uint32

const (
	digitBits = 8 // measured: 6 moves entries more often, 10 misses the cache
	digits    = 1 << digitBits
	levels    = 64 / digitBits
	words     = digits / 64
)

// queue is a wheel of wheels. An instant is a number of eight digits; an entry
// stands in the ring of the first digit in which its instant differs from
// base, in the slot of that digit, behind those that stand there. base is the
// current instant and only grows, and when it enters a slot the entries there
// move to lower wheels in their order.
//
// So entries of one instant always stand in one slot, and leave in the order
// of their coming: by (time, sequence) without a comparison. Putting, moving
// and removing an entry cost the same however many there are. What is put when
// its instant has come already, as most frames are, has no need of a wheel: it
// waits in due, behind those in the slot, which came before it.
type queue struct {
	entries  []entry // [0] is none
	free     entryID // list of entries not in use
	base     int64
	count    int
	due      due
	used     uint8 // levels that hold an entry
	occupied [levels][words]uint64
	slots    [levels][digits]entryID // the first of a ring
}

// put adds an entry; at is not before base.
func (q *queue) put(at int64, k kind, index uint32) entryID {
	q.count++
	if at == q.base {
		return q.due.put(k, index)
	}
	id := q.free
	if id != 0 {
		q.free = q.entries[id].next
	} else {
		if len(q.entries) == 0 {
			q.entries = append(q.entries, entry{})
		}
		id = entryID(len(q.entries))
		q.entries = append(q.entries, entry{})
	}
	e := &q.entries[id]
	e.at, e.index, e.kind = at, index, k
	q.link(id, e)
	return id
}

// remove takes an entry out before its time.
func (q *queue) remove(id entryID) {
	q.count--
	if id&isDue != 0 {
		q.due.remove(id)
		return
	}
	level, slot := q.place(q.entries[id].at)
	q.unlink(id, level, slot)
	q.release(id)
}

// take removes the first entry, unless it is after limit, which is not before
// base. base is then its instant, or limit.
func (q *queue) take(limit int64) (k kind, index uint32) {
	if q.slots[0][q.base&(digits-1)] == 0 && q.due.head != q.due.tail {
		q.count--
		return q.due.take()
	}
	for q.used != 0 {
		level, slot := q.first()
		id := q.slots[level][slot]
		e := &q.entries[id]
		if (level == 0 || e.next == id) && e.at <= limit { // all of one instant, or alone
			q.unlink(id, level, slot)
			q.release(id)
			q.base = e.at
			q.count--
			return e.kind, e.index
		}
		start := q.start(level, slot)
		if start > limit {
			break
		}
		q.enter(level, slot, start)
	}
	q.base = limit
	return kindNone, 0
}

// peek is the instant of the first entry; false when there is none.
func (q *queue) peek() (at int64, ok bool) {
	switch {
	case q.due.head != q.due.tail:
		return q.base, true
	case q.used == 0:
		return 0, false
	}
	level, slot := q.first()
	head := q.slots[level][slot]
	at = q.entries[head].at
	for id := q.entries[head].next; level > 0 && id != head; id = q.entries[id].next {
		at = min(at, q.entries[id].at)
	}
	return at, true
}

// enter moves base to the start of a slot and its entries to lower wheels.
func (q *queue) enter(level, slot int, start int64) {
	head := q.slots[level][slot]
	q.clear(level, slot)
	q.base = start
	for id := head; ; {
		e := &q.entries[id]
		next := e.next
		q.link(id, e)
		if next == head {
			return
		}
		id = next
	}
}

// place is where an entry of that instant stands.
func (q *queue) place(at int64) (level, slot int) {
	differ := uint64(at ^ q.base)
	level = (63 - bits.LeadingZeros64(differ|1)) / digitBits
	return level, int(uint64(at)>>(level*digitBits)) & (digits - 1)
}

// start is the first instant of a slot.
func (q *queue) start(level, slot int) int64 {
	low := uint(level * digitBits)
	above := uint64(q.base) >> (low + digitBits) << (low + digitBits)
	return int64(above | uint64(slot)<<low)
}

// first is the slot that holds the first entry. Every slot before the digit of
// base is empty, so it is the lowest of the lowest wheel in use.
func (q *queue) first() (level, slot int) {
	level = bits.TrailingZeros8(q.used)
	for w, set := range &q.occupied[level] {
		if set != 0 {
			return level, w*64 + bits.TrailingZeros64(set)
		}
	}
	panic("netsim: a wheel in use is empty")
}

// link puts an entry at the end of its ring.
func (q *queue) link(id entryID, e *entry) {
	level, slot := q.place(e.at)
	head := q.slots[level][slot]
	if head == 0 {
		e.next, e.prev = id, id
		q.slots[level][slot] = id
		q.occupied[level][slot/64] |= 1 << (slot % 64)
		q.used |= 1 << level
		return
	}
	tail := q.entries[head].prev
	e.next, e.prev = head, tail
	q.entries[tail].next = id
	q.entries[head].prev = id
}

func (q *queue) unlink(id entryID, level, slot int) {
	e := &q.entries[id]
	if e.next == id {
		q.clear(level, slot)
		return
	}
	q.entries[e.prev].next = e.next
	q.entries[e.next].prev = e.prev
	if q.slots[level][slot] == id {
		q.slots[level][slot] = e.next
	}
}

// clear empties a slot.
func (q *queue) clear(level, slot int) {
	q.slots[level][slot] = 0
	o := &q.occupied[level]
	o[slot/64] &^= 1 << (slot % 64)
	if o[0]|o[1]|o[2]|o[3] == 0 {
		q.used &^= 1 << level
	}
}

func (q *queue) release(id entryID) {
	q.entries[id].next = q.free
	q.free = id
}
