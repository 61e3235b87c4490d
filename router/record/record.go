package record

import "time"

// ID names a record in its lab: the number of the device and, below it, a
// count that keeps rising through reload and crash. Zero is no record.
type ID uint64

// nodeShift leaves 2^40 records to each of 2^24 devices.
const nodeShift = 40

// NewID is record n of a device.
func NewID(node uint32, n uint64) ID { return ID(node)<<nodeShift | ID(n) }

// Node is the number of the device.
func (id ID) Node() uint32 { return uint32(id >> nodeShift) }

// N is the count within the device, which begins with 1.
func (id ID) N() uint64 { return uint64(id & (1<<nodeShift - 1)) }

// Body is what happened. Its JSON form is part of the documented schema.
type Body interface {
	// Kind is "room.thing", unique in the house: "ike.step".
	Kind() string
}

// Record is one thing that happened.
type Record struct {
	ID    ID
	Cause ID // the record that this one follows from; zero: it came by itself
	At    time.Time
	Node  string // name of the device in its lab
	Frame uint64 // number of the frame that the device was given or sent; zero: none
	Body  Body
}
