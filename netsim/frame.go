package netsim

import "slices"

// frame is one buffer on its way to one or many receivers. It is immutable
// once sent; corruption works on a copy.
type frame struct {
	data   []byte
	number uint64 // in its lab, from 1 in the order of transmission
	cause  uint64 // the sender's record that it follows from; 0: none
	next   *frame // in the list of the free ones
	refs   int32
	bit    uint32 // which one was flipped, of a copy that was corrupted
	class  class
}

// class is a size of buffers that are kept.
type class int8

// The classes: for ARP and echoes, IKE's usual messages, full Ethernet frames, jumbo frames.
// Larger frames are not pooled.
const (
	small class = iota
	message
	ethernet
	jumbo
	unpooled
)

// The longest frame of a class, in octets.
const (
	smallLen    = 128
	messageLen  = 512
	ethernetLen = 2048
	jumboLen    = 16384
)

var lengths = [unpooled]int{smallLen, messageLen, ethernetLen, jumboLen}

// classFor is the class of frames of n octets.
func classFor(n int) class {
	switch {
	case n > jumboLen:
		return unpooled
	case n > ethernetLen:
		return jumbo
	case n > messageLen:
		return ethernet
	case n > smallLen:
		return message
	}
	return small
}

// frames is the pool. live counts the frames in use; tests want it at zero.
type frames struct {
	free [unpooled]*frame
	live int
}

// copyOf returns a frame with one reference that holds a copy of data.
func (p *frames) copyOf(data []byte) *frame {
	f := p.take(len(data))
	f.data = append(f.data[:0], data...)
	return p.begin(f)
}

// begin counts a frame in that is filled.
func (p *frames) begin(f *frame) *frame {
	p.live++
	f.refs = 1
	return f
}

// replaced returns a frame with other octets under the same number.
func (p *frames) replaced(old *frame, data []byte) *frame {
	f := p.copyOf(data)
	f.number, f.cause = old.number, old.cause
	return f
}

func (p *frames) take(n int) *frame {
	c := classFor(n)
	if c == unpooled {
		return &frame{data: make([]byte, 0, n), class: unpooled}
	}
	f := p.free[c]
	if f == nil {
		return &frame{data: make([]byte, 0, lengths[c]), class: c}
	}
	p.free[c] = f.next
	return f
}

// put gives a buffer back.
func (p *frames) put(f *frame) {
	if f.class != unpooled {
		f.next, p.free[f.class] = p.free[f.class], f
	}
}

// release gives one reference back.
func (p *frames) release(f *frame) {
	f.refs--
	if f.refs > 0 {
		return
	}
	if f.refs < 0 {
		panic("netsim: frame released twice")
	}
	p.live--
	p.put(f)
}

// lendUses is how many buffers a device fills at once.
const lendUses = 4

// lent are the buffers that a device fills before it sends them: one for each use, the
// same again until it is sent.
type lent struct {
	pool   *frames
	frames [lendUses]*frame
	last   int // the use that was asked for last, whose buffer is mostly sent next
}

// lending is what gives the buffer for a use, of n octets. It is a function for itself, as
// each packet calls it: a method as a value would be called by another one.
func (l *lent) lending() func(use, n int) []byte {
	return func(use, n int) []byte {
		f := l.frames[use]
		if f == nil || cap(f.data) < n {
			if f != nil {
				l.pool.put(f)
			}
			f = l.pool.take(n)
			l.frames[use] = f
		}
		l.last = use
		return f.data[:n]
	}
}

// frameOf returns a frame with one reference that holds data: the buffer itself where it was
// lent, which the device has no more, or a copy.
func (l *lent) frameOf(data []byte) *frame {
	use := l.last
	if !l.frames[use].begins(data) {
		if use = slices.IndexFunc(l.frames[:], func(f *frame) bool { return f.begins(data) }); use < 0 {
			return l.pool.copyOf(data)
		}
	}
	f := l.frames[use]
	l.frames[use], f.data = nil, f.data[:len(data)]
	return l.pool.begin(f)
}

// begins says whether data begins where the frame does.
func (f *frame) begins(data []byte) bool {
	return f != nil && len(data) > 0 && &f.data[:1][0] == &data[0]
}

// flight is a frame under way on a link, with what has been decided about it
// when it was sent: its fate is known then, and told when it would arrive.
type flight struct {
	frame *frame
	from  *Port
	said  *string // by a filter; nil: nothing
	cuts  uint32  // of the port: the link was cut if this changed
	marks mark
	drop  Drop
}

// why is what a filter said of a frame.
func (fl *flight) why() string {
	if fl.said == nil {
		return ""
	}
	return *fl.said
}

// mark is what impairments did to a frame that they did not drop.
type mark uint8

const (
	markCorrupt mark = 1 << iota
	markDuplicate
	markReorder
	markReplaced
	markDelayed
)

// slab hands out places for values that events refer to by index. A place
// stays where it is.
type slab[T any] struct {
	items []*T
	free  []uint32 // has room for all of them
}

func (s *slab[T]) put(v T) uint32 {
	if len(s.free) == 0 {
		s.items = append(s.items, new(T))
		if cap(s.free) < len(s.items) {
			s.free = make([]uint32, 0, cap(s.items))
		}
		s.end(uint32(len(s.items) - 1))
	}
	i := s.free[len(s.free)-1]
	s.free = s.free[:len(s.free)-1]
	*s.items[i] = v
	return i
}

// at is a value in its place, until end.
func (s *slab[T]) at(i uint32) *T { return s.items[i] }

// end gives a place back. What stood there stays until the place is used again.
func (s *slab[T]) end(i uint32) {
	n := len(s.free)
	s.free = s.free[:n+1]
	s.free[n] = i
}

// take is a value whose place is given back, and emptied.
func (s *slab[T]) take(i uint32) T {
	var none T
	v := *s.at(i)
	*s.at(i) = none
	s.end(i)
	return v
}
