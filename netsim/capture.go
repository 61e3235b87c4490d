package netsim

import (
	"fmt"
	"io"
	"slices"

	"ikelab/netsim/pcapng"
)

// Capture records frames as pcapng. Every block is one Write, so what has been
// written is readable up to its last block whenever it is cut off; whoever
// wants fewer system calls hands in a buffered writer and flushes it.
type Capture struct {
	sim    *Sim
	w      io.Writer
	want   func(name string) bool
	nextID uint32
	block  []byte
	err    error
}

// StartCapture records from now on, all links and segments that want names as
// wanted, those made later included; nil wants all. A link's name is
// Link.Name, a segment's Segment.Name.
func (s *Sim) StartCapture(w io.Writer, want func(name string) bool) (*Capture, error) {
	c := &Capture{sim: s, w: w, want: want}
	c.write(pcapng.AppendSection(nil))
	for _, t := range s.taps() {
		c.add(t)
	}
	s.captures = append(s.captures, c)
	if c.err != nil {
		return nil, c.Stop()
	}
	return c, nil
}

// Stop ends the capture and returns the first error in writing it.
func (c *Capture) Stop() error {
	s := c.sim
	s.captures = slices.DeleteFunc(s.captures, func(o *Capture) bool { return o == c })
	for _, t := range s.taps() {
		t.outs = slices.DeleteFunc(t.outs, func(o tapOut) bool { return o.capture == c })
	}
	return c.err
}

// Err is the first error in writing; nothing is written after it.
func (c *Capture) Err() error { return c.err }

// add makes a tap an interface of the capture.
func (c *Capture) add(t *tap) {
	if c.want != nil && !c.want(t.name) {
		return
	}
	t.outs = append(t.outs, tapOut{c, c.nextID})
	c.nextID++
	c.write(pcapng.AppendInterface(c.block[:0], t.name))
}

func (c *Capture) packet(id uint32, f *frame, comment string) {
	p := pcapng.Packet{Interface: id, Nano: uint64(c.sim.now.UnixNano()), Data: f.data, Number: f.number, Comment: comment}
	c.write(pcapng.AppendPacket(c.block[:0], p))
}

func (c *Capture) write(block []byte) {
	c.block = block // keeps the room it has grown to
	if c.err != nil {
		return
	}
	if _, err := c.w.Write(block); err != nil {
		c.err = fmt.Errorf("netsim: capture: %w", err)
	}
}
