package netsim

// frame is one buffer on its way to one or many receivers. It is immutable
// once sent; corruption works on a copy.
type frame struct {
	data   []byte
	number uint64 // in its lab, from 1 in the order of transmission
	cause  uint64 // the sender's record that it follows from; 0: none
	refs   int32
	class  int8
}

// sizes are the buffers kept: a small one for ARP and echoes, IKE's usual
// messages, full Ethernet frames, jumbo frames. Larger frames are not pooled.
var sizes = [...]int{128, 512, 2048, 16384}

const unpooled = int8(len(sizes))

// frames is the pool. live counts the frames in use; tests want it at zero.
type frames struct {
	free [len(sizes)][]*frame
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
	c := 0
	for c < len(sizes) && n > sizes[c] {
		c++
	}
	if c == len(sizes) {
		return &frame{data: make([]byte, 0, n), class: unpooled}
	}
	free := p.free[c]
	if len(free) == 0 {
		return &frame{data: make([]byte, 0, sizes[c]), class: int8(c)}
	}
	f := free[len(free)-1]
	p.free[c] = free[:len(free)-1]
	return f
}

// put gives a buffer back.
func (p *frames) put(f *frame) {
	if f.class != unpooled {
		p.free[f.class] = append(p.free[f.class], f)
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

// lent are the buffers that a device fills before it sends them: one for each use, the
// same again until it is sent.
type lent []*frame

// lend gives the buffer for a use, of n octets.
func (l *lent) lend(p *frames, use, n int) []byte {
	for len(*l) <= use {
		*l = append(*l, nil)
	}
	f := (*l)[use]
	if f == nil || cap(f.data) < n {
		if f != nil {
			p.put(f)
		}
		f = p.take(n)
		(*l)[use] = f
	}
	return f.data[:n]
}

// frameOf returns a frame with one reference that holds data: the buffer itself where it was
// lent, which the device has no more, or a copy.
func (l lent) frameOf(p *frames, data []byte) *frame {
	for use, f := range l {
		if f != nil && len(data) > 0 && &f.data[:1][0] == &data[0] {
			l[use], f.data = nil, f.data[:len(data)]
			return p.begin(f)
		}
	}
	return p.copyOf(data)
}

// flight is a frame under way on a link, with what has been decided about it
// when it was sent: its fate is known then, and told when it would arrive.
type flight struct {
	frame *frame
	from  *Port
	cuts  uint32 // of the port: the link was cut if this changed
	bit   uint32 // which bit was flipped, with markCorrupt
	marks mark
	drop  Drop
	why   string // of a filter
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
	free  []uint32
}

func (s *slab[T]) put(v T) uint32 {
	if len(s.free) == 0 {
		s.free = append(s.free, uint32(len(s.items)))
		s.items = append(s.items, new(T))
	}
	i := s.free[len(s.free)-1]
	s.free = s.free[:len(s.free)-1]
	*s.items[i] = v
	return i
}

// at is a value in its place, until end.
func (s *slab[T]) at(i uint32) *T { return s.items[i] }

// end gives a place back.
func (s *slab[T]) end(i uint32) {
	var none T
	*s.items[i] = none
	s.free = append(s.free, i)
}

// take is a value whose place is given back.
func (s *slab[T]) take(i uint32) T {
	v := *s.at(i)
	s.end(i)
	return v
}
