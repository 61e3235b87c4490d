package terminal

import "io"

// Control keys that mean something where no line is edited.
const (
	keyBreak  = 0x03 // Ctrl-C
	keyEscape = 0x1d // Ctrl-]
	keyBreak2 = 0x1e // Ctrl-^, which IOS takes for Ctrl-Shift-6
	keyMeta   = 0x1b // Escape
)

// mostAhead is how many octets may be typed while a command runs; more are not
// taken.
const mostAhead = 1 << 20

// keyboard hands out what is typed, an octet at a time, to whoever asks. So
// nothing that is typed ahead is lost, and a key can end a command that runs.
type keyboard struct {
	typed chan byte
	wakes chan struct{}
	leave chan struct{} // whoever reads is to leave
	ahead []byte        // typed while a command ran
}

// newKeyboard reads in on a goroutine that ends with in.
func newKeyboard(in io.Reader) *keyboard {
	k := &keyboard{typed: make(chan byte, 4096), wakes: make(chan struct{}, 1), leave: make(chan struct{}, 1)}
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

// wakeUp has next come back without a key.
func (k *keyboard) wakeUp() {
	select {
	case k.wakes <- struct{}{}:
	default: // it will already
	}
}

// dismiss has who reads find that Ctrl-] was pressed, once; false: not any more.
func (k *keyboard) dismiss(yes bool) {
	select {
	case <-k.leave:
	default:
	}
	if yes {
		k.leave <- struct{}{}
	}
}

// next waits for an octet, or until it is woken; not ok: there will be none.
func (k *keyboard) next() (b byte, woken, ok bool) {
	if b, ok := k.takeAhead(); ok {
		return b, false, true
	}
	select {
	case b, ok = <-k.typed:
		return b, false, ok
	case <-k.leave:
		return keyEscape, false, true
	case <-k.wakes:
		return 0, true, true
	}
}

func (k *keyboard) takeAhead() (byte, bool) {
	if len(k.ahead) == 0 {
		return 0, false
	}
	b := k.ahead[0]
	k.ahead = k.ahead[1:]
	return b, true
}

// press waits for a key; one that sends several octets, such as an arrow,
// counts as its first.
func (k *keyboard) press() (byte, bool) {
	b, ok := k.takeAhead()
	if !ok {
		select {
		case b, ok = <-k.typed:
		case <-k.leave:
			return keyEscape, true
		}
	}
	if b != keyMeta {
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

// awaitBreak waits for a break key, which throws away what was typed ahead, or
// for Ctrl-]; nil: over came first.
func (k *keyboard) awaitBreak(over <-chan struct{}) error {
	for {
		select {
		case <-over:
			return nil
		case <-k.leave:
			return ErrEscape
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
			if len(k.ahead) < mostAhead {
				k.ahead = append(k.ahead, b)
			}
		}
	}
}
