package line

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// FuzzKeys: whatever is typed, the line is text, the cursor stands in it, and
// what the terminal shows is what an ordinary terminal makes of what it was sent.
func FuzzKeys(f *testing.F) {
	for _, keys := range []string{"show version\r", "\x03", "\x1a", "\x1b[A\x1b[3~", "\x1b", "\xee\x80\x80", "é\xc3", "\x1ex\x1d", "sh\tver?\r", "abc\x01\x16?\x1bu\x19\x1by",
		"a very long line that goes on beyond the end of the terminal\x01\x05\x17\x17", "\x1b[200~x\x1b[201~"} {
		f.Add([]byte(keys), uint8(20))
	}
	f.Fuzz(func(t *testing.T, keys []byte, width uint8) {
		l := New(Options{Prompt: "R1#", Width: int(width), Keys: fixed{}})
		s := &screen{}
		for _, b := range keys {
			end := l.Key(b)
			s.write(t, l.Shown())
			require.True(t, utf8.ValidString(l.Text()))
			require.True(t, 0 <= l.at && l.at <= len(l.text) && len(l.text) <= longest)
			if end != Going {
				return
			}
			require.Equal(t, "R1#"+string(shown(l)), s.row())
			require.Equal(t, 3+l.view.at, s.at)
		}
	})
}
