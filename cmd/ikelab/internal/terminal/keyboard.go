package terminal

import (
	"io"
	"sync"
	"time"

	"github.com/chzyer/readline"
)

// Control keys.
const (
	keyBreak  = 0x03 // Ctrl-C
	keyEnd    = 0x1a // Ctrl-Z
	keyEscape = 0x1d // Ctrl-]
	keyBreak2 = 0x1e // Ctrl-^, which IOS takes for Ctrl-Shift-6
)

// wake is the rune that tells the editor that something waits. Nobody types
// it: it is private to us.
const wake = '\ue000'

// wakePause is how long the wake waits for the rest of a key that sends
// several octets.
const wakePause = 500 * time.Millisecond

// keyboard hands out what is typed, an octet at a time: to readline while a
// line is edited, else to whoever asks. So nothing that is typed ahead is
// lost, and a key can end a command that runs.
type keyboard struct {
	typed chan byte
	wakes chan struct{}
	ahead []byte // typed while a command ran
	key   keySequence

	mu      sync.Mutex
	pressed byte // the key that ended the last line
}

// newKeyboard reads in on a goroutine that ends with in.
func newKeyboard(in io.Reader) *keyboard {
	k := &keyboard{typed: make(chan byte, 4096), wakes: make(chan struct{}, 1)}
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

// wakeUp has Read hand out the wake.
func (k *keyboard) wakeUp() {
	select {
	case k.wakes <- struct{}{}:
	default: // it will already
	}
}

// next waits for an octet; false: there will be none.
func (k *keyboard) next() (byte, bool) {
	if b, ok := k.takeAhead(); ok {
		return b, true
	}
	b, ok := <-k.typed
	return b, ok
}

func (k *keyboard) takeAhead() (byte, bool) {
	if len(k.ahead) == 0 {
		return 0, false
	}
	b := k.ahead[0]
	k.ahead = k.ahead[1:]
	return b, true
}

// nextOrWake is next, but for the wake, which does not tear the octets of one
// key apart.
func (k *keyboard) nextOrWake() (b byte, woken, ok bool) {
	if b, ok := k.takeAhead(); ok {
		return b, false, true
	}
	if k.key.open() {
		pause := time.NewTimer(wakePause)
		defer pause.Stop()
		select {
		case b, ok = <-k.typed:
			return b, false, ok
		case <-pause.C: // a lone Escape
		}
	}
	select {
	case b, ok = <-k.typed:
		return b, false, ok
	case <-k.wakes:
		return 0, true, true
	}
}

// press waits for a key; one that sends several octets, such as an arrow,
// counts as its first.
func (k *keyboard) press() (byte, bool) {
	b, ok := k.next()
	if b != readline.CharEsc {
		return b, ok
	}
	for {
		select {
		case _, more := <-k.typed:
			if !more { // the input has ended behind an Escape
				return b, ok
			}
		default:
			return b, ok
		}
	}
}

// Read is for readline. The keys that end a line without being part of it all
// become Ctrl-C, at which readline stops reading; endedBy tells which it was.
func (k *keyboard) Read(p []byte) (int, error) {
	if len(p) < len(string(wake)) {
		return 0, io.ErrShortBuffer // readline's has room for a character
	}
	b, woken, ok := k.nextOrWake()
	switch {
	case !ok:
		return 0, io.EOF
	case woken:
		return copy(p, string(wake)), nil
	}
	k.key.take(b)
	switch b {
	case keyBreak, keyEnd, keyEscape, keyBreak2:
		k.mu.Lock()
		k.pressed = b
		k.mu.Unlock()
		b = keyBreak
	case 0: // readline takes it for the end of the input
		b = readline.CharBell
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
		return ErrEscape
	case keyEnd:
		return ErrEnd
	}
	return ErrBreak
}

// awaitBreak waits for a break key, which throws away what was typed ahead, or
// for Ctrl-]; nil: over came first.
func (k *keyboard) awaitBreak(over <-chan struct{}) error {
	for {
		select {
		case <-over:
			return nil
		case b, ok := <-k.typed:
			switch {
			case !ok:
				<-over
				return nil
			case b == keyBreak, b == keyBreak2:
				k.ahead = nil
				return ErrBreak
			case b == keyEscape:
				return ErrEscape
			}
			k.ahead = append(k.ahead, b)
		}
	}
}
