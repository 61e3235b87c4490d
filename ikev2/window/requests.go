package window

import (
	"slices"
	"time"
)

// Message is the datagrams that carry one message.
type Message [][]byte

// Requests are our requests under an IKE SA.
type Requests struct {
	next    uint32
	peer    uint32 // window that the peer announced
	waiting []*Request
}

// Request is a request of ours that has no answer yet.
type Request struct {
	ID       uint32
	message  Message
	schedule []time.Duration
	sent     int
	due      time.Time
}

// NewRequests begins with an id, under a window of one: "The window size is always
// one until the initial exchanges complete", and "When rekeying an IKE SA, the new
// IKE SA starts with window size 1 until it is explicitly increased by sending a new
// SET_WINDOW_SIZE notification." (RFC 7296 2.3)
func NewRequests(first uint32) Requests { return Requests{next: first} }

// MaxPeer bounds the window that a peer can make us use.
const MaxPeer = 200

// Next is the id of the next request.
func (w *Requests) Next() uint32 { return w.next }

// Peer is the window of the peer, 1 until it announces another.
func (w *Requests) Peer() uint32 { return max(1, w.peer) }

// Announced takes SET_WINDOW_SIZE of the peer: "there is currently no way to reduce
// the window size of an existing IKE SA; you can only increase it" (RFC 7296 2.3).
func (w *Requests) Announced(n uint32) { w.peer = max(w.peer, min(n, MaxPeer)) }

// Open says whether one more request fits the peer's window: ids from the
// oldest unanswered one on.
func (w *Requests) Open() bool {
	oldest := w.next
	for _, r := range w.waiting {
		oldest = min(oldest, r.ID)
	}
	return w.next-oldest < w.Peer()
}

// Begin takes the next id for a request; nil while the window is full.
func (w *Requests) Begin() *Request {
	if !w.Open() {
		return nil
	}
	r := &Request{ID: w.next}
	w.next++
	w.waiting = append(w.waiting, r)
	return r
}

// Find is the request that waits for the answer with an id; nil without.
func (w *Requests) Find(id uint32) *Request {
	for _, r := range w.waiting {
		if r.ID == id && r.message != nil {
			return r
		}
	}
	return nil
}

// Take ends the wait for an answer.
func (w *Requests) Take(id uint32) {
	w.waiting = slices.DeleteFunc(w.waiting, func(r *Request) bool { return r.ID == id })
}

// Sent keeps the octets of a request, and when they are sent again: after each
// wait of the schedule but the last, with which we give up.
func (r *Request) Sent(now time.Time, m Message, schedule []time.Duration) {
	r.message, r.schedule, r.sent = m, schedule, 1
	r.due = now.Add(schedule[0])
}

// Recall takes back a request that is made anew under its id: until it is sent
// nothing is due, and no answer fits.
func (r *Request) Recall() { r.message, r.due = nil, time.Time{} }

// Due is when the request is to be looked at again.
func (r *Request) Due() time.Time { return r.due }

// Message is the request as it was sent.
func (r *Request) Message() Message { return r.message }

// Exhausted says whether it has been sent as often as the schedule says.
func (r *Request) Exhausted() bool { return r.sent >= len(r.schedule) }

// Again counts one more transmission (RFC 7296 2.1: of the same octets).
func (r *Request) Again(now time.Time) Message {
	r.due = now.Add(r.schedule[r.sent])
	r.sent++
	return r.message
}
