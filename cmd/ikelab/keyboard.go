package main

import (
	"io"
	"sync"

	"github.com/chzyer/readline"
)

// Control keys.
const (
	keyBreak  = 0x03 // Ctrl-C
	keyEnd    = 0x1a // Ctrl-Z
	keyEscape = 0x1d // Ctrl-]
	keyBreak2 = 0x1e // Ctrl-^, which IOS takes for Ctrl-Shift-6
)

// keyboard hands out what is typed, an octet at a time: to readline while a
// line is edited, else to whoever asks. So nothing that is typed ahead is
// lost, and a key can end a command that runs.
type keyboard struct {
	typed chan byte
	ahead []byte // typed while a command ran

	mu      sync.Mutex
	pressed byte // the key that ended the last line
}

// newKeyboard reads in on a goroutine that ends with in.
func newKeyboard(in io.Reader) *keyboard {
	k := &keyboard{typed: make(chan byte, 4096)}
	go func() {
		defer close(k.typed)
		buf := make([]byte, 256)
		for {
			n, err := in.Read(buf)
			for _, b := range buf[:n] {
				k.typed <- b
			}
			if err != nil {
				return
			}
		}
	}()
	return k
}

// next waits for an octet; false: there will be none.
func (k *keyboard) next() (byte, bool) {
	if len(k.ahead) > 0 {
		b := k.ahead[0]
		k.ahead = k.ahead[1:]
		return b, true
	}
	b, ok := <-k.typed
	return b, ok
}

// key waits for a key; one that sends several octets, such as an arrow, counts
// as its first.
func (k *keyboard) key() (byte, bool) {
	b, ok := k.next()
	if b != readline.CharEsc {
		return b, ok
	}
	for {
		select {
		case <-k.typed:
		default:
			return b, ok
		}
	}
}

// Read is for readline. The keys that end a line without being part of it all
// become Ctrl-C, at which readline stops reading; endedBy tells which it was.
func (k *keyboard) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	b, ok := k.next()
	if !ok {
		return 0, io.EOF
	}
	switch b {
	case keyBreak, keyEnd, keyEscape, keyBreak2:
		k.mu.Lock()
		k.pressed = b
		k.mu.Unlock()
		b = keyBreak
	case readline.CharBckSearch, readline.CharFwdSearch:
		b = readline.CharBell // IOS has no such search; the line is drawn already
	}
	p[0] = b
	return 1, nil
}

// Close satisfies readline; the keyboard stays with the terminal.
func (k *keyboard) Close() error { return nil }

// endedBy is what a line meant that ended with a key instead of Enter.
func (k *keyboard) endedBy() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch k.pressed {
	case keyEscape:
		return errEscape
	case keyEnd:
		return errEnd
	}
	return errBreak
}

// awaitBreak waits for a break key, which throws away what was typed ahead;
// false: over came first.
func (k *keyboard) awaitBreak(over <-chan struct{}) bool {
	for {
		select {
		case <-over:
			return false
		case b, ok := <-k.typed:
			switch {
			case !ok:
				<-over
				return false
			case b == keyBreak, b == keyBreak2:
				k.ahead = nil
				return true
			}
			k.ahead = append(k.ahead, b)
		}
	}
}
