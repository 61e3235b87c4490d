package lab

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"ikelab/router/record"
)

// Events writes the stream as JSON lines, one object a record, by the schema
// of docs/events.md.
type Events struct {
	w    io.Writer
	enc  encoder
	buf  []byte
	err  error
	over bool
}

const eventsBuffer = 64 << 10 // octets that are written at once

// WriteEvents writes every record from now on. Secrets, which are keys and
// passwords, are left out unless they are wanted.
func (l *Lab) WriteEvents(w io.Writer, secrets bool) *Events {
	e := &Events{w: w, enc: newEncoder(secrets), buf: make([]byte, 0, eventsBuffer+eventsBuffer/4)}
	l.Stream.Listen(e.add)
	return e
}

// Err is the first error in writing; nothing is written after it.
func (e *Events) Err() error { return e.err }

// Close writes what is left.
func (e *Events) Close() error {
	e.Flush()
	e.over = true
	return e.err
}

func (e *Events) add(r record.Record) {
	if e.err != nil || e.over {
		return
	}
	e.buf = e.enc.record(e.buf, r)
	if len(e.buf) >= eventsBuffer {
		e.Flush()
	}
}

// Flush writes what there is.
func (e *Events) Flush() {
	if e.err != nil || len(e.buf) == 0 {
		return
	}
	if _, err := e.w.Write(e.buf); err != nil {
		e.err = fmt.Errorf("lab: events: %w", err)
	}
	e.buf = e.buf[:0]
}

// JSON writes records one by one, by the same schema and without secrets.
type JSON struct{ enc encoder }

// NewJSON makes one.
func NewJSON() *JSON { return &JSON{newEncoder(false)} }

// Record is a record as JSON.
func (j *JSON) Record(r record.Record) string { return string(j.enc.record(nil, r)) }

// Body is what a record says, as JSON.
func (j *JSON) Body(b record.Body) []byte { return j.enc.body(nil, b) }

// record appends a record and the end of its line.
func (e *encoder) record(b []byte, r record.Record) []byte {
	b = append(b, `{"id":"`...)
	b = appendID(b, r.ID)
	if r.Cause != 0 {
		b = append(b, `","cause":"`...)
		b = appendID(b, r.Cause)
	}
	b = append(b, `","at":"`...)
	b = e.appendTime(b, r.At)
	b = append(b, '"')
	if r.Node != "" {
		b = append(b, `,"node":`...)
		b = appendString(b, r.Node)
	}
	if r.Frame != 0 {
		b = append(b, `,"frame":`...)
		b = strconv.AppendUint(b, r.Frame, 10)
	}
	b = append(b, `,"kind":"`...)
	b = append(b, r.Body.Kind()...)
	b = append(b, `","body":`...)
	b = e.body(b, r.Body)
	return append(b, '}', '\n')
}

// appendID appends "device.count".
func appendID(b []byte, id record.ID) []byte {
	b = strconv.AppendUint(b, uint64(id.Node()), 10)
	b = append(b, '.')
	return strconv.AppendUint(b, id.N(), 10)
}

// appendTime appends an instant in RFC 3339; many records have the same.
func (e *encoder) appendTime(b []byte, t time.Time) []byte {
	if t != e.at || e.stamp == nil {
		e.at, e.stamp = t, t.UTC().AppendFormat(e.stamp[:0], time.RFC3339Nano)
	}
	return append(b, e.stamp...)
}
