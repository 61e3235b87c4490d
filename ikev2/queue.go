package ikev2

import (
	"container/heap"
	"time"
)

// queue orders SAs by their deadline, ties by id so that runs are equal. It is
// a container/heap of pointers that know their place.
type queue []*ikeSA

func (q queue) Len() int { return len(q) }

func (q queue) Less(i, j int) bool {
	if q[i].due.Equal(q[j].due) {
		return q[i].id < q[j].id
	}
	return q[i].due.Before(q[j].due)
}

func (q queue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].slot, q[j].slot = i+1, j+1
}

// Push and Pop are for container/heap; callers use set.
func (q *queue) Push(v any) {
	sa := v.(*ikeSA)
	*q = append(*q, sa)
	sa.slot = len(*q)
}

// Pop removes the last place.
func (q *queue) Pop() any {
	old := *q
	sa := old[len(old)-1]
	old[len(old)-1] = nil
	*q = old[:len(old)-1]
	sa.slot = 0
	return sa
}

// set gives an SA a new deadline; zero takes it out. slot is the place plus
// one, so that the zero SA is in no queue.
func (q *queue) set(sa *ikeSA, due time.Time) {
	switch {
	case sa.slot == 0 && due.IsZero():
	case sa.slot == 0:
		sa.due = due
		heap.Push(q, sa)
	case due.IsZero():
		heap.Remove(q, sa.slot-1)
	default:
		sa.due = due
		heap.Fix(q, sa.slot-1)
	}
	sa.due = due
}

func (q queue) peek() *ikeSA {
	if len(q) == 0 {
		return nil
	}
	return q[0]
}

func (q queue) first() time.Time {
	if len(q) == 0 {
		return time.Time{}
	}
	return q[0].due
}

// agenda is when an engine's SAs want to be looked at.
type agenda struct {
	due     queue
	next    time.Time // of due: asked for far more often than it changes
	touched []*ikeSA
	settled []*ikeSA // that were touched in the last call
}

// enter has an SA be looked at; zero: not at all.
func (a *agenda) enter(sa *ikeSA, due time.Time) {
	a.due.set(sa, due)
	a.next = a.due.first()
}

// touch notes that the deadline of an SA may have changed.
func (a *agenda) touch(sa *ikeSA) {
	if !sa.touched {
		sa.touched = true
		a.touched = append(a.touched, sa)
	}
}

func (a *agenda) schedule(sa *ikeSA) {
	due := sa.deadline()
	if sa.state == saDead {
		due = time.Time{}
	}
	if !due.Equal(sa.due) {
		a.enter(sa, due)
	}
}

// settle enters the deadlines of the SAs that were touched.
func (a *agenda) settle() {
	for _, sa := range a.touched {
		sa.touched = false
		a.schedule(sa)
	}
	a.touched, a.settled = a.settled[:0], a.touched
}
