package terminal

import (
	"cmp"
	"io"
	"sync/atomic"
)

// Remote is a terminal at the other end of a connection, which is an octet
// stream in both directions. What is shown never waits for the other end.
type Remote struct {
	tty
	out   *outbox
	width atomic.Int64
}

// NewRemote begins a terminal of 80 columns. It reads in until that ends, on a
// goroutine of its own.
func NewRemote(in io.Reader, out io.Writer) *Remote {
	t := &Remote{out: newOutbox(out)}
	t.width.Store(defaultWidth)
	t.tty = tty{keyboard: newKeyboard(&enters{Reader: in}), out: t.out, columns: t.columns, crowded: t.out.crowded}
	return t
}

func (t *Remote) columns() int { return int(t.width.Load()) }

// Fit has lines fit into so many columns: what the session's width is, which
// follows the other end's window and `terminal width`.
func (t *Remote) Fit(columns int) { t.width.Store(int64(max(1, columns))) }

// Failure is why nobody sees what is written; nil: somebody does.
func (t *Remote) Failure() error { return t.out.failure() }

// Close has what is waiting written; Done tells when it is.
func (t *Remote) Close() error {
	t.out.close()
	return t.out.failure()
}

// Done is closed when all has been written, or cannot be.
func (t *Remote) Done() <-chan struct{} { return t.out.done }

// Window is a Remote whose lines are as wide as the window at the other end,
// whatever the session takes its width for.
type Window struct{ *Remote }

// NewWindow begins a terminal as NewRemote does.
func NewWindow(in io.Reader, out io.Writer) *Window { return &Window{NewRemote(in, out)} }

// Fit does nothing.
func (*Window) Fit(int) {}

// Resize is when the window has so many columns; 0: nobody knows.
func (w *Window) Resize(columns int) { w.Remote.Fit(cmp.Or(columns, defaultWidth)) }

// enters is what is typed, in which Enter is one octet: what follows a carriage
// return as part of it, a line feed or NUL (RFC 854), is left out.
type enters struct {
	io.Reader
	cr bool
}

func (e *enters) Read(p []byte) (int, error) {
	n, err := e.Reader.Read(p)
	kept := p[:0]
	for _, b := range p[:n] {
		if !e.cr || b != '\n' && b != 0 {
			kept = append(kept, b)
		}
		e.cr = b == '\r'
	}
	return len(kept), err
}
