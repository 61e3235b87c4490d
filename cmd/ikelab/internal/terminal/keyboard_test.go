package terminal

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/router/shell/line"
)

// TestKeyboardReadsNoFurther: what follows the end of a line is left for the
// command that the line runs.
func TestKeyboardReadsNoFurther(t *testing.T) {
	k := newKeyboard(strings.NewReader("show run\r q"))
	l := line.New(line.Options{})
	for {
		b, _, ok := k.next()
		require.True(t, ok)
		if l.Key(b) == line.Enter {
			break
		}
	}
	require.Equal(t, "show run", l.Text())
	for _, want := range " q" {
		b, ok := k.press()
		require.True(t, ok)
		require.Equal(t, byte(want), b)
	}
	_, ok := k.press()
	require.False(t, ok)
}

func TestArrowIsOneKey(t *testing.T) {
	r, w := io.Pipe()
	k := newKeyboard(r)
	_, err := w.Write([]byte("\x1b[A"))
	require.NoError(t, err)
	require.Eventually(t, func() bool { return len(k.typed) == 3 }, time.Second, time.Millisecond)
	b, ok := k.press()
	require.True(t, ok)
	require.Equal(t, byte(0x1b), b)
	require.NoError(t, w.Close())
	_, ok = k.press()
	require.False(t, ok)
}

func TestAwaitBreak(t *testing.T) {
	r, w := io.Pipe()
	k := newKeyboard(r)
	over := make(chan struct{})
	for _, key := range []string{"\x03", "\x1e"} {
		go func() { _, _ = io.WriteString(w, "thrown away"+key) }()
		require.ErrorIs(t, k.awaitBreak(over), ErrBreak, "%q", key)
	}
	_, err := io.WriteString(w, "sh clock\r")
	require.NoError(t, err)
	go func() {
		for len(k.typed) > 0 { // until all of it was looked at
			time.Sleep(time.Millisecond)
		}
		close(over)
	}()
	require.NoError(t, k.awaitBreak(over))
	require.NoError(t, w.Close())
	rest := ""
	for b, _, ok := k.next(); ok; b, _, ok = k.next() {
		rest += string(rune(b))
	}
	require.Equal(t, "sh clock\r", rest, "typed ahead")
}

// TestTypedAheadIsBounded: of what is typed while a command runs, so much is
// kept; a break throws it away all the same.
func TestTypedAheadIsBounded(t *testing.T) {
	r, w := io.Pipe()
	k := newKeyboard(r)
	over := make(chan struct{})
	go func() {
		_, _ = w.Write(bytes.Repeat([]byte("x"), 2*mostAhead))
		for len(k.typed) > 0 { // until all of it was looked at
			time.Sleep(time.Millisecond)
		}
		close(over)
	}()
	require.NoError(t, k.awaitBreak(over))
	require.LessOrEqual(t, len(k.ahead), mostAhead)
	require.Greater(t, len(k.ahead), mostAhead-256, "what the reader still holds comes behind")
	go func() { _, _ = io.WriteString(w, "\x03") }()
	require.ErrorIs(t, k.awaitBreak(nil), ErrBreak)
	require.Empty(t, k.ahead)
}
