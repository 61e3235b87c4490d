package terminal

import (
	"bufio"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestKeyboardTurnsKeysIntoBreaks(t *testing.T) {
	k := newKeyboard(strings.NewReader("a\x1db\x1ac\x1ed\x03e\x00\r"))
	in := bufio.NewReader(k)
	for _, want := range []struct {
		text string
		err  error
	}{{"a", ErrEscape}, {"b", ErrEnd}, {"c", ErrBreak}, {"d", ErrBreak}} {
		got, err := in.ReadString(keyBreak)
		require.NoError(t, err)
		require.Equal(t, want.text+"\x03", got)
		require.ErrorIs(t, k.endedBy(), want.err)
	}
	rest, err := io.ReadAll(in)
	require.NoError(t, err)
	require.Equal(t, "e\a\r", string(rest), "Ctrl-@ is not the end")
}

// TestKeyboardReadsNoFurther: what follows the end of a line is left for the
// command that the line runs.
func TestKeyboardReadsNoFurther(t *testing.T) {
	k := newKeyboard(strings.NewReader("show run\r q"))
	line, err := bufio.NewReader(k).ReadString('\r')
	require.NoError(t, err)
	require.Equal(t, "show run\r", line)
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
	rest, err := io.ReadAll(k)
	require.NoError(t, err)
	require.Equal(t, "sh clock\r", string(rest), "typed ahead")
}

func TestPassword(t *testing.T) {
	k := newKeyboard(strings.NewReader("cix\x7fsö\x08co\rwrong\x15\x1b[Aright\x00\x1bOB\nhalf\x03\x1a\x1d" + strings.Repeat("x", 3000)))
	for _, want := range []struct {
		text string
		err  error
	}{{"cisco", nil}, {"right", nil}, {"", ErrBreak}, {"", ErrEnd}, {"", ErrEscape}, {"", io.EOF}} {
		got, err := k.password()
		require.ErrorIs(t, err, want.err)
		require.Equal(t, want.text, got)
	}
}
