package terminal

import (
	"errors"
	"io"
	"sync"
)

// mostUnread is what of a terminal's output waits in octets: a whole long
// configuration, and still little for who has many terminals.
const mostUnread = 4 << 20

// crowded is from where on lines that come by themselves are dropped.
const crowded = 64 << 10

// errUnread ends a terminal whose other end does not read.
var errUnread = errors.New("the other end does not read")

// outbox is where output waits for a slow connection, so that nobody else
// does. A goroutine of its own takes it there.
type outbox struct {
	mu     sync.Mutex
	news   *sync.Cond
	waits  []byte
	closed bool
	err    error
	done   chan struct{} // closed when nothing is written any more
}

func newOutbox(to io.Writer) *outbox {
	o := &outbox{done: make(chan struct{})}
	o.news = sync.NewCond(&o.mu)
	go o.carry(to)
	return o
}

// Write never waits.
func (o *outbox) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.err != nil:
		return 0, o.err
	case o.closed:
		return 0, io.ErrClosedPipe
	case len(o.waits)+len(p) > mostUnread:
		o.err = errUnread
		o.news.Signal()
		return 0, o.err
	}
	o.waits = append(o.waits, p...)
	o.news.Signal()
	return len(p), nil
}

// crowded says whether so much waits that more should not come by itself.
func (o *outbox) crowded() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.waits) > crowded
}

// failure is why nobody sees what is written.
func (o *outbox) failure() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err
}

// close has what waits written; done tells when it is.
func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	o.news.Signal()
}

func (o *outbox) carry(to io.Writer) {
	defer close(o.done)
	var spare []byte
	for {
		next, more := o.take(spare)
		if len(next) > 0 {
			if _, err := to.Write(next); err != nil {
				o.fail(err)
				return
			}
		}
		if !more {
			return
		}
		spare = next
	}
}

// take waits for output, and hands out all of it.
func (o *outbox) take(spare []byte) (next []byte, more bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.waits) == 0 && !o.closed && o.err == nil {
		o.news.Wait()
	}
	if o.err != nil {
		return nil, false
	}
	next, o.waits = o.waits, spare[:0]
	return next, !o.closed || len(next) > 0
}

func (o *outbox) fail(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err == nil {
		o.err = err
	}
	o.waits = nil
}
