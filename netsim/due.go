package netsim

// isDue marks the place of an entry in due.
const isDue entryID = 1 << 31

// due are the entries of the current instant that were put when it had come, in
// the order of their coming: a ring, whose first is never one that was removed.
type due struct {
	ring       []dueEntry // as long as a power of two
	head, tail uint32     // places, which count on and on
	removed    uint32     // of those between
}

type dueEntry struct {
	index uint32
	kind  kind
}

func (d *due) put(k kind, index uint32) entryID {
	if int(d.tail-d.head) == len(d.ring) {
		d.grow()
	}
	at := d.tail
	d.tail++
	d.ring[int(at)&(len(d.ring)-1)] = dueEntry{index, k}
	return entryID(at) | isDue
}

func (d *due) take() (k kind, index uint32) {
	e := d.ring[int(d.head)&(len(d.ring)-1)]
	d.head++
	if d.removed > 0 {
		d.trim()
	}
	return e.kind, e.index
}

// remove has an entry keep its place, but not happen.
func (d *due) remove(id entryID) {
	d.ring[int(id)&(len(d.ring)-1)].kind = kindNone
	d.removed++
	d.trim()
}

// trim drops what was removed and stands first.
func (d *due) trim() {
	for d.head != d.tail && d.ring[int(d.head)&(len(d.ring)-1)].kind == kindNone {
		d.head++
		d.removed--
	}
}

func (d *due) grow() {
	ring := make([]dueEntry, max(64, 2*len(d.ring)))
	for at := d.head; at != d.tail; at++ {
		ring[int(at)&(len(ring)-1)] = d.ring[int(at)&(len(d.ring)-1)]
	}
	d.ring = ring
}
