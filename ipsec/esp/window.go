package esp

// window is the anti-replay window of RFC 6479: a bitmap in a ring of 64-bit
// words. Moving it forward clears whole words and never shifts bits, which is
// why the ring is one word longer than the window.
//
// check comes before the integrity check and update after it (RFC 4303
// section 3.4.3): a forged packet must not move the window.
type window struct {
	size uint64 // packets; 0 switches the check off
	top  uint64 // highest sequence number accepted
	ring []uint64
}

func newWindow(size int) window {
	if size == 0 {
		return window{}
	}
	words := 2
	for words*64 < size+64 { // a power of two, so that the index is a mask
		words *= 2
	}
	return window{size: uint64(size), ring: make([]uint64, words)}
}

// check reports whether seq is new and within the window.
func (w *window) check(seq uint64) bool {
	switch {
	case w.size == 0 || seq > w.top:
		return true
	case seq == 0 || w.top-seq >= w.size: // numbering starts at 1 (RFC 4303 section 2.2)
		return false
	}
	return *w.word(seq)&(1<<(seq%64)) == 0
}

// update marks seq, for which check held, as seen.
func (w *window) update(seq uint64) {
	if w.size == 0 {
		w.skip(seq)
		return
	}
	w.skip(seq)
	*w.word(seq) |= 1 << (seq % 64)
}

// skip moves the window forward, without anything seen.
func (w *window) skip(seq uint64) {
	if seq <= w.top {
		return
	}
	if w.size > 0 {
		w.forget(w.top/64, seq/64)
	}
	w.top = seq
}

// forget clears the words after from, up to and including to.
func (w *window) forget(from, to uint64) {
	if to-from >= uint64(len(w.ring)) {
		clear(w.ring)
		return
	}
	for n := from + 1; n <= to; n++ {
		*w.word(n * 64) = 0
	}
}

func (w *window) word(seq uint64) *uint64 {
	return &w.ring[(seq/64)&uint64(len(w.ring)-1)]
}

// blindReach is how far back a number may lie where there is no window.
const blindReach = 1 << 31

// extend is the 64-bit number that low is the lower half of: the lowest one
// that the window's bottom does not exclude (RFC 4303 appendix A2.2, whose two
// cases are one sum modulo 2^64). ok is false for a number before the first
// cycle, which no sender can have used.
func (w *window) extend(low uint32) (seq uint64, ok bool) {
	size := w.size
	if size == 0 {
		size = blindReach
	}
	bottom := w.top - size + 1
	seq = bottom + uint64(low-uint32(bottom))
	return seq, seq <= w.top || seq-w.top < 1<<32
}
