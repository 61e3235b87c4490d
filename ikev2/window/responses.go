package window

import "slices"

// Responses are the peer's requests under an IKE SA, and our answers.
type Responses struct {
	next    uint32 // lowest id that has no answer
	size    uint32 // window that we announced
	answers []answer
	serving []uint32
}

type answer struct {
	id      uint32
	message Message
}

// NewResponses expects ids from next on, size of them at a time.
func NewResponses(next, size uint32) Responses { return Responses{next: next, size: size} }

// Verdict is what to do with a request.
type Verdict uint8

// The verdicts.
const (
	New        Verdict = iota // serve it
	Repeated                  // send the same answer again (RFC 7296 2.1)
	InProgress                // its answer will come
	Outside                   // of the window: nothing
)

// Next is the lowest id that has no answer yet, Size how many from there on
// are taken.
func (w *Responses) Next() uint32 { return w.next }

// Size is the window that we announced.
func (w *Responses) Size() uint32 { return w.size }

// Widen sets the window that we have announced.
func (w *Responses) Widen(size uint32) { w.size = size }

// Judge looks at the id of a request. Repeated comes with the answer.
func (w *Responses) Judge(id uint32) (Verdict, Message) {
	switch m := w.Answered(id); {
	case m != nil:
		return Repeated, m
	case id-w.next >= w.size:
		return Outside, nil
	case w.Serving(id):
		return InProgress, nil
	}
	return New, nil
}

// Begin notes that a request is being served.
func (w *Responses) Begin(id uint32) { w.serving = append(w.serving, id) }

// Serving says whether it still is.
func (w *Responses) Serving(id uint32) bool { return slices.Contains(w.serving, id) }

// Busy is how many requests are being served.
func (w *Responses) Busy() int { return len(w.serving) }

// Answer keeps an answer and moves the window; older answers than the peer can
// ask for again are forgotten.
func (w *Responses) Answer(id uint32, m Message) {
	w.serving = slices.DeleteFunc(w.serving, func(s uint32) bool { return s == id })
	w.answers = append(w.answers, answer{id, m})
	for w.Answered(w.next) != nil {
		w.next++
	}
	w.answers = slices.DeleteFunc(w.answers, func(a answer) bool { return a.id+w.size < w.next })
}

// Answered is the answer to a request; nil without.
func (w *Responses) Answered(id uint32) Message {
	for _, a := range w.answers {
		if a.id == id {
			return a.message
		}
	}
	return nil
}
