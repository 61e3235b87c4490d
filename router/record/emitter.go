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
	listeners []listener
	watcher   watcher // of what passes
}

// listener is somebody who hears records. details says whether it wants, now,
// those that things which happen all the time are made of.
type listener struct {
	hear    func(Record)
	details func() bool
}

// watcher is who hears what passes while one of some bits is set in a word of his: each packet
// asks, and no function is called for it.
type watcher struct {
	hear  func(Record)
	word  *uint32
	which uint32
}

// New makes the emitter of a device. Numbers begin with 1 and differ within a
// lab.
func New(node uint32, name string) *Emitter {
	return &Emitter{node: node, name: name, watcher: watcher{word: new(uint32)}}
}

// Listen has f called with each record from now on, after those who listen
// already.
func (e *Emitter) Listen(f func(Record)) { e.ListenTo(f, func() bool { return true }) }

// ListenTo is Listen for one who can do without details while details says no:
// then those that nobody else wants are counted only, by Skip.
func (e *Emitter) ListenTo(f func(Record), details func() bool) {
	e.listeners = append(e.listeners, listener{f, details})
}

// Details says whether somebody wants them now.
func (e *Emitter) Details() bool {
	for _, l := range e.listeners {
		if l.details() {
			return true
		}
	}
	return false
}

// Begin opens a call into the device: when, what record of whomever it follows
// from, and the number of the frame that it brings; zero: none.
func (e *Emitter) Begin(now time.Time, cause ID, frame uint64) {
	e.now, e.last, e.frame = now, cause, frame
}

// Emit records what happened and makes it the cause of what follows.
func (e *Emitter) Emit(b Body) { e.emitFrame(b, e.frame) }

// emitFrame records what happened with another frame than the one that the
// device was called with, one that it sent.
func (e *Emitter) emitFrame(b Body, frame uint64) {
	e.n++
	id := NewID(e.node, e.n)
	cause := e.last
	e.last = id
	if len(e.listeners) == 0 {
		return
	}
	r := Record{ID: id, Cause: cause, At: e.now, Node: e.name, Frame: frame, Body: b}
	for _, l := range e.listeners {
		l.hear(r)
	}
}

// Skip numbers n records that were not made since nobody wants details: the
// numbers do not depend on who listens.
func (e *Emitter) Skip(n int) {
	if n > 0 {
		e.n += uint64(n)
		e.last = NewID(e.node, e.n)
	}
}

// Unheard skips a record that nobody wants as a detail; false: it is to be made.
func (e *Emitter) Unheard() bool {
	if e.Details() {
		return false
	}
	e.Skip(1)
	return true
}

// Last is the record that the next one will follow from.
func (e *Emitter) Last() ID { return e.last }

// Next is the number of the next record.
func (e *Emitter) Next() ID { return NewID(e.node, e.n+1) }

// Resume makes an earlier record the cause of what follows: that of a job that
// is delivered, of a packet that has waited.
func (e *Emitter) Resume(id ID) { e.last = id }

// Watch has f, and nobody else, called with what passes (Pass) while one of some bits is set in a
// word.
func (e *Emitter) Watch(f func(Record), word *uint32, which uint32) {
	e.watcher = watcher{f, word, which}
}

// Watched says whether somebody wants what passes now.
func (e *Emitter) Watched() bool { return *e.watcher.word&e.watcher.which != 0 }

// Pass shows what passes to who watches.
func (e *Emitter) Pass(b Body) {
	if e.Watched() {
		e.watcher.hear(Record{Cause: e.last, At: e.now, Node: e.name, Frame: e.frame, Body: b})
	}
}
