package ip

import (
	"time"

	"ikelab/router/record"
)

// Timer is one thing that becomes due. It calls fire once, and has to be set
// again.
type Timer struct {
	at    time.Time
	order uint64
	place int       // in the heap, from 1; 0: not set
	cause record.ID // the record that it was set after
	fire  func(now time.Time)
}

// NewTimer makes a timer that is not set.
func NewTimer(fire func(now time.Time)) Timer { return Timer{fire: fire} }

// At is when the timer is due; zero: never. One that was never made is not set.
func (t *Timer) At() time.Time {
	if t == nil || t.place == 0 {
		return time.Time{}
	}
	return t.at
}

// Timers are those of one device: a heap by time, then by the order in which
// they were set. What a timer does follows from what set it.
type Timers struct {
	records *record.Emitter
	heap    []*Timer
	next    time.Time // of the heap: asked for after each packet
	set     uint64    // so many times
}

// NewTimers makes the timers of a device.
func NewTimers(e *record.Emitter) *Timers { return &Timers{records: e} }

// Next is when the first timer is due; zero: never.
func (h *Timers) Next() time.Time { return h.next }

// look notes when the first timer is due.
func (h *Timers) look() {
	if h.next = (time.Time{}); len(h.heap) > 0 {
		h.next = h.heap[0].at
	}
}

// Set has a timer fire at an instant; zero: not at all, and it need not be there.
func (h *Timers) Set(t *Timer, at time.Time) {
	if at.IsZero() {
		h.remove(t)
		return
	}
	h.set++
	t.at, t.order, t.cause = at, h.set, h.records.Last()
	if t.place == 0 {
		h.heap = append(h.heap, t)
		t.place = len(h.heap)
	}
	h.down(h.up(t.place))
	h.look()
}

// Run fires what is due.
func (h *Timers) Run(now time.Time) {
	for len(h.heap) > 0 && !h.heap[0].at.After(now) {
		t := h.heap[0]
		h.remove(t)
		h.records.Begin(now, t.cause, 0)
		t.fire(now)
	}
}

func (h *Timers) remove(t *Timer) {
	if t == nil || t.place == 0 {
		return
	}
	place, last := t.place, len(h.heap)
	h.swap(place, last)
	h.heap[last-1] = nil
	h.heap = h.heap[:last-1]
	t.place = 0
	if place < last {
		h.down(h.up(place))
	}
	h.look()
}

func (h *Timers) before(a, b int) bool {
	x, y := h.heap[a-1], h.heap[b-1]
	if c := x.at.Compare(y.at); c != 0 {
		return c < 0
	}
	return x.order < y.order
}

func (h *Timers) swap(a, b int) {
	h.heap[a-1], h.heap[b-1] = h.heap[b-1], h.heap[a-1]
	h.heap[a-1].place, h.heap[b-1].place = a, b
}

func (h *Timers) up(at int) int {
	for ; at > 1 && h.before(at, at/2); at /= 2 {
		h.swap(at, at/2)
	}
	return at
}

func (h *Timers) down(at int) {
	for n := len(h.heap); 2*at <= n; {
		least := 2 * at
		if least < n && h.before(least+1, least) {
			least++
		}
		if !h.before(least, at) {
			return
		}
		h.swap(least, at)
		at = least
	}
}
