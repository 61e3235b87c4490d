package terminal

import (
	"bytes"
	"testing"
)

// FuzzKeys: whatever is typed, the keyboard hands out no more than that and a
// wake, and comes to an end; so does who waits for any key.
func FuzzKeys(f *testing.F) {
	for _, keys := range []string{"show version\r", "\x03", "\x1a", "\x1b[A\x1b[3~", "\x1b", "\xee\x80\x80", "é\xc3", "\x1ex\x1d", "sh\tver?\r"} {
		f.Add([]byte(keys))
	}
	f.Fuzz(func(t *testing.T, keys []byte) {
		k := newKeyboard(bytes.NewReader(keys))
		buf, got := make([]byte, 16), 0
		for range len(keys) + 8 {
			n, err := k.Read(buf)
			if got += n; err != nil || n == 0 {
				break
			}
		}
		if got > len(keys)+8 {
			t.Fatalf("%d octets out of %d", got, len(keys))
		}
		_ = k.endedBy()
		k = newKeyboard(bytes.NewReader(keys))
		for range len(keys) + 1 {
			if _, ok := k.press(); !ok {
				return
			}
		}
		t.Fatal("keys without end")
	})
}
