package attach

import (
	"bytes"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/cmd/ikelab/internal/terminal"
)

func listening(t *testing.T, serve func(*Visit)) Place {
	t.Helper()
	dir, err := os.MkdirTemp("", "ik")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	t.Setenv("XDG_RUNTIME_DIR", dir)
	s, err := Listen("../my lab\x1b", serve)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	require.Equal(t, "___my_lab_", s.Place().Lab)
	return s.Place()
}

// TestFrames: keys and sizes come through, whatever their pieces; anything else
// ends the stream.
func TestFrames(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, writeFrame(&b, typed, []byte("ab")))
	require.NoError(t, writeWindow(&b, 100000, -1))
	require.NoError(t, writeFrame(&b, typed, nil))
	require.NoError(t, writeFrame(&b, typed, []byte("c")))
	columns := 0
	k := &keyboard{from: &b, ready: make(chan struct{}), resize: func(c int) { columns = c }}
	close(k.ready)
	text, err := io.ReadAll(k)
	require.NoError(t, err)
	require.Equal(t, "abc", string(text))
	require.Equal(t, 1<<16-1, columns)
	for _, wrong := range []string{"x\x00\x00", "w\x00\x01a", "k\xff\xff"} {
		k.from = strings.NewReader(wrong)
		_, err = k.Read(make([]byte, 1))
		require.ErrorIs(t, err, errFrame, "%q", wrong)
	}
}

// TestHostileVisitors are gone, and others come in.
func TestHostileVisitors(t *testing.T) {
	asked := make(chan Request, 10)
	p := listening(t, func(v *Visit) {
		asked <- v.Request
		v.Answer(Answer{Routers: []string{"R1"}})
	})
	for _, say := range []string{"", "{", "nonsense\n", strings.Repeat("x", 2*longestAsk), "{\"router\":7}\n"} {
		c, err := net.Dial("unix", p.path)
		require.NoError(t, err)
		_, _ = io.WriteString(c, say)
		require.NoError(t, c.(*net.UnixConn).CloseWrite())
		_, _ = io.Copy(io.Discard, c)
		require.NoError(t, c.Close())
	}
	require.Empty(t, asked)
	c, _, err := p.ask(Request{From: "\x1b[2Jme"})
	require.NoError(t, err)
	require.NoError(t, c.Close())
	require.Equal(t, "[2Jme", (<-asked).From)
	names, err := p.Routers()
	require.NoError(t, err)
	require.Equal(t, []string{"R1"}, names)
}

// TestSlowVisitor: who shows him something never waits.
func TestSlowVisitor(t *testing.T) {
	over := make(chan error, 1)
	p := listening(t, func(v *Visit) {
		v.Answer(Answer{Router: "R1"})
		for range 10000 {
			v.Terminal.Write(strings.Repeat("x", 1000) + "\n")
		}
		_, err := v.Terminal.Read(terminal.Prompt{})
		over <- err
	})
	c, _, err := p.ask(Request{Router: "R1"})
	require.NoError(t, err)
	time.Sleep(50 * time.Millisecond) // and he reads nothing
	require.NoError(t, c.Close())
	require.ErrorIs(t, <-over, io.EOF)
}

// TestDeadLabsAreSweptAway when another begins.
func TestDeadLabsAreSweptAway(t *testing.T) {
	p := listening(t, func(*Visit) {})
	dead := filepath.Join(filepath.Dir(p.path), "killed.1")
	l, err := net.Listen("unix", dead)
	require.NoError(t, err)
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	require.NoError(t, l.Close())
	require.FileExists(t, dead)
	s, err := Listen("other", func(*Visit) {})
	require.NoError(t, err)
	require.NoFileExists(t, dead)
	require.FileExists(t, p.path, "the one that runs stays")
	require.NoError(t, s.Close())
}
