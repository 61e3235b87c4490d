package netsim

// kind says which table of the Sim an event's index points into.
type kind uint8

const (
	kindArrive kind = iota // flights: a frame reaches the far end of its link
	kindWake               // devices: a device's deadline
	kindStart              // devices: power on
	kindCall               // calls: a function given to At
	kindJob                // jobs: the result of a job is due
)

// event is 24 octets and holds no pointer, so the queue is cheap to sift and
// invisible to the garbage collector.
type event struct {
	at    int64  // nanoseconds since the epoch
	seq   uint64 // order of scheduling breaks ties
	index uint32
	kind  kind
}

func (e event) before(o event) bool {
	return e.at < o.at || e.at == o.at && e.seq < o.seq
}

const (
	arity    = 4  // measured: twice as fast as a binary heap of interfaces
	unplaced = -1 // in place: the device has no deadline in the queue
)

// queue is a 4-ary heap of events. Deadlines change far more often than they
// pass, so each device has at most one wake event and its place is known: it
// is moved, not left behind as a tombstone.
//
// Arrivals mostly come in the order in which they are due, because most links
// of a lab are alike. Those stand in a lane of their own, where they cost
// nothing to order; one that is due before the lane's last goes to the heap.
type queue struct {
	items []event
	place []int32 // device index -> index of its wake event, or unplaced
	lane  []event
	head  int // of the lane
}

func (q *queue) push(e event) {
	if e.kind == kindArrive && (q.head == len(q.lane) || e.at >= q.lane[len(q.lane)-1].at) {
		q.lane = append(q.lane, e)
		return
	}
	q.items = append(q.items, e)
	q.up(len(q.items)-1, e)
}

// first is the next event; false when there is none.
func (q *queue) first() (event, bool) {
	switch {
	case q.laneFirst():
		return q.lane[q.head], true
	case len(q.items) > 0:
		return q.items[0], true
	}
	return event{}, false
}

// waiting is how many events there are.
func (q *queue) waiting() int { return len(q.items) + len(q.lane) - q.head }

// laneFirst says whether the next event stands in the lane.
func (q *queue) laneFirst() bool {
	return q.head < len(q.lane) && (len(q.items) == 0 || q.lane[q.head].before(q.items[0]))
}

func (q *queue) pop() event {
	if !q.laneFirst() {
		top := q.items[0]
		q.removeAt(0)
		return top
	}
	e := q.lane[q.head]
	q.head++
	if q.head > len(q.lane)/2 { // what has passed is more than what waits
		q.lane = q.lane[:copy(q.lane, q.lane[q.head:])]
		q.head = 0
	}
	return e
}

// wake sets the deadline of a device, moving the one it has.
func (q *queue) wake(e event) {
	i := q.place[e.index]
	if i == unplaced {
		q.push(e)
		return
	}
	q.settle(int(i), e)
}

// drop forgets the deadline of a device.
func (q *queue) drop(device uint32) {
	if i := q.place[device]; i != unplaced {
		q.removeAt(int(i))
	}
}

func (q *queue) removeAt(i int) {
	if e := q.items[i]; e.kind == kindWake {
		q.place[e.index] = unplaced
	}
	last := len(q.items) - 1
	e := q.items[last]
	q.items = q.items[:last]
	if i < last {
		q.settle(i, e)
	}
}

// settle puts e into the hole at i, moving it up or down as needed.
func (q *queue) settle(i int, e event) {
	if i > 0 && e.before(q.items[(i-1)/arity]) {
		q.up(i, e)
		return
	}
	q.down(i, e)
}

func (q *queue) up(i int, e event) {
	for i > 0 {
		parent := (i - 1) / arity
		if !e.before(q.items[parent]) {
			break
		}
		q.set(i, q.items[parent])
		i = parent
	}
	q.set(i, e)
}

func (q *queue) down(i int, e event) {
	for {
		first := i*arity + 1
		if first >= len(q.items) {
			break
		}
		least := first
		for c := first + 1; c < min(first+arity, len(q.items)); c++ {
			if q.items[c].before(q.items[least]) {
				least = c
			}
		}
		if !q.items[least].before(e) {
			break
		}
		q.set(i, q.items[least])
		i = least
	}
	q.set(i, e)
}

func (q *queue) set(i int, e event) {
	q.items[i] = e
	if e.kind == kindWake {
		q.place[e.index] = int32(i)
	}
}
