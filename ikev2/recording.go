package ikev2

import "math"

// recording is what a call comes to, as it goes on.
type recording struct {
	details func() bool // does somebody read what a negotiation is full of?
	quiet   bool        // nobody does, in this call
	fx      Effects
	spare   Effects // of a call that the caller is done with; nil: none
	steps   chunk[Step]
	tally   Tally
}

func (r *recording) begin() { r.quiet, r.fx, r.spare = !r.details(), r.spare, nil }

func (r *recording) end() Effects {
	fx := r.fx
	r.fx = nil
	return fx
}

// usual is how many effects most calls have.
const usual = 8

func (r *recording) emit(ev Effect) {
	if r.fx == nil {
		r.fx = make(Effects, 0, usual)
	}
	r.fx = append(r.fx, ev)
}

// unheard says that nobody would read a detail, and counts it.
func (r *recording) unheard() bool {
	if !r.quiet {
		return false
	}
	if last := len(r.fx) - 1; last >= 0 {
		if n, ok := r.fx[last].(Unheard); ok && n < math.MaxUint8 {
			r.fx[last] = n + 1
			return true
		}
	}
	r.emit(Unheard(1))
	return true
}

// tell emits a detail, if somebody reads details: only then does the body need
// a place of its own.
func tell[B Effect](r *recording, body B) {
	if !r.unheard() {
		r.emit(body)
	}
}

// chunk hands out values that are allocated several at a time. There are few,
// as each engine of a large network keeps the rest of its last chunk.
type chunk[T any] []T

const chunkLen = 8

func (c *chunk[T]) next() *T {
	if len(*c) == 0 {
		*c = make([]T, chunkLen)
	}
	p := &(*c)[0]
	*c = (*c)[1:]
	return p
}
