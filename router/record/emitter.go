package record

import "time"

// Emitter is a device's way into the stream. The zero value is of no use; New
// makes one.
type Emitter struct {
	node      uint32
	name      string
	n         uint64
	now       time.Time
	last      ID     // what the next record follows from
	frame     uint64 // that the device was called with
	listeners []func(Record)
}

// New makes the emitter of a device. Numbers begin with 1 and differ within a
// lab.
func New(node uint32, name string) *Emitter { return &Emitter{node: node, name: name} }

// Listen has f called with each record from now on, after those who listen
// already.
func (e *Emitter) Listen(f func(Record)) { e.listeners = append(e.listeners, f) }

// Begin opens a call into the device: when, what record of whomever it follows
// from, and the number of the frame that it brings; zero: none.
func (e *Emitter) Begin(now time.Time, cause ID, frame uint64) {
	e.now, e.last, e.frame = now, cause, frame
}

// Emit records what happened and makes it the cause of what follows.
func (e *Emitter) Emit(b Body) { e.EmitFrame(b, e.frame) }

// EmitFrame records what happened with another frame than the one that the
// device was called with, one that it sent.
func (e *Emitter) EmitFrame(b Body, frame uint64) {
	e.n++
	id := NewID(e.node, e.n)
	cause := e.last
	e.last = id
	if len(e.listeners) == 0 {
		return
	}
	r := Record{ID: id, Cause: cause, At: e.now, Node: e.name, Frame: frame, Body: b}
	for _, f := range e.listeners {
		f(r)
	}
}

// Unheard numbers a record that nobody would hear, for what happens too often
// to be made for nobody; false: it is to be emitted.
func (e *Emitter) Unheard() bool {
	if len(e.listeners) > 0 {
		return false
	}
	e.n++
	e.last = NewID(e.node, e.n)
	return true
}

// Last is the record that the next one will follow from.
func (e *Emitter) Last() ID { return e.last }

// Resume makes an earlier record the cause of what follows: that of a job that
// is delivered, of a packet that has waited.
func (e *Emitter) Resume(id ID) { e.last = id }
