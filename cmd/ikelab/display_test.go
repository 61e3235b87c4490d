package main

import (
	"bytes"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// display is what a terminal has shown.
type display struct {
	t *testing.T

	mu    sync.Mutex
	shown bytes.Buffer
	seen  int       // octets of it that were looked at
	last  time.Time // when something was shown
}

// watch shows what comes, to its end.
func (d *display) watch(r io.Reader) {
	buf := make([]byte, 4096)
	for {
		n, err := r.Read(buf)
		d.mu.Lock()
		d.shown.Write(buf[:n])
		d.last = time.Now()
		d.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (d *display) screen() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.shown.String()
}

// at is when something was shown for the last time.
func (d *display) at() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.last
}

// wants waits until the text is shown, behind what was waited for before.
func (d *display) wants(text string) {
	d.t.Helper()
	for limit := time.Now().Add(patience); !d.sees(text); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(limit) {
			require.FailNow(d.t, "missing", "%q at the end of\n%s", text, tail(d.screen()))
		}
	}
}

// sees looks at what is new.
func (d *display) sees(text string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := bytes.Index(d.shown.Bytes()[d.seen:], []byte(text))
	if i >= 0 {
		d.seen += i + len(text)
	}
	return i >= 0
}

func tail(text string) string { return text[max(0, len(text)-2000):] }
