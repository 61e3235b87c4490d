package serve

import (
	"io"
	"sync"
	"time"
)

// idleness is how long nobody has typed.
type idleness struct {
	mu    sync.Mutex
	limit time.Duration
	timer *time.Timer // nil: nobody asks
}

// begin has f called when nobody types for so long; 0: never.
func (i *idleness) begin(limit time.Duration, f func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if limit > 0 {
		i.limit, i.timer = limit, time.AfterFunc(limit, f)
	}
}

// touch is a key.
func (i *idleness) touch() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.timer != nil {
		i.timer.Reset(i.limit)
	}
}

func (i *idleness) end() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.timer != nil {
		i.timer.Stop()
		i.timer = nil
	}
}

// keys is what is typed; reading it is not being idle.
type keys struct {
	io.Reader
	idle *idleness
}

func (k keys) Read(p []byte) (int, error) {
	n, err := k.Reader.Read(p)
	k.idle.touch()
	return n, err
}
