package netsim

import (
	"fmt"
	"strings"
)

// tap is a place where frames are recorded, and one interface of a capture: a
// link between devices, or a whole segment.
type tap struct {
	name string
	outs []tapOut
}

type tapOut struct {
	capture *Capture
	id      uint32 // interface number in that capture
}

// newTap makes a tap and shows it to the captures that run.
func (w *wiring) newTap(name string) *tap {
	t := &tap{name: name}
	for _, c := range w.captures {
		c.add(t)
	}
	return t
}

// placeTaps decides where a link's frames are recorded. A frame that crosses
// a segment should appear once, so a segment records what enters it, and of
// what leaves it only what a fault touched.
func (w *wiring) placeTaps(l *Link) {
	for i, from := range l.ends {
		to := l.ends[1-i]
		if g, ok := to.owner.(*Segment); ok {
			from.tap = g.tap
			continue
		}
		if g, ok := from.owner.(*Segment); ok {
			from.tap, from.faults = g.tap, true
		}
	}
	if l.ends[0].tap == nil { // no segment: then at neither end
		t := w.newTap(l.name)
		l.ends[0].tap, l.ends[1].tap = t, t
	}
}

// taps returns all taps, in an order that depends on how the lab was built.
func (w *wiring) taps() []*tap {
	var all []*tap
	for _, g := range w.segments {
		all = append(all, g.tap)
	}
	for _, l := range w.links {
		if t := l.ends[0].tap; t.name == l.name {
			all = append(all, t)
		}
	}
	return all
}

// record writes a frame that has arrived, or would have, to the captures.
func (p *Port) record(fl *flight) {
	if len(p.tap.outs) == 0 {
		return
	}
	comment := fl.comment()
	if p.faults && comment == "" {
		return
	}
	for _, o := range p.tap.outs {
		o.capture.packet(o.id, fl.frame, comment)
	}
}

// comment says what happened to the frame and on which way; empty: nothing.
func (fl *flight) comment() string {
	if fl.drop == DropNone && fl.marks == 0 && fl.why() == "" {
		return ""
	}
	var what []string
	if fl.drop != DropNone {
		what = append(what, "dropped: "+fl.drop.String())
	}
	if fl.marks&markReplaced != 0 {
		what = append(what, "replaced by a filter")
	}
	if fl.marks&markDelayed != 0 {
		what = append(what, "delayed by a filter")
	}
	if fl.marks&markCorrupt != 0 {
		what = append(what, fmt.Sprintf("corrupted: bit %#02x of octet %d flipped", 0x80>>(fl.frame.bit%bitsInOctet), fl.frame.bit/bitsInOctet))
	}
	if fl.marks&markDuplicate != 0 {
		what = append(what, "duplicated: this is the copy")
	}
	if fl.marks&markReorder != 0 {
		what = append(what, "reordered: overtook the frames before it")
	}
	if why := fl.why(); why != "" {
		what = append(what, why)
	}
	return fmt.Sprintf("%s (%s -> %s)", strings.Join(what, "; "), fl.from.name, fl.from.far.name)
}
