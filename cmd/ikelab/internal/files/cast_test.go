package files

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestCast: "The first line is a JSON object (header), every other line is an event: a
// three element array [time, type, data]" (asciicast v2).
func TestCast(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.cast")
	at, columns := time.Duration(0), 80
	c, err := NewCast(path, Screen{Title: "a lab", Began: time.Unix(7, 0), Since: func() time.Duration { return at }, Size: func() (int, int) { return columns, 24 }}, true)
	require.NoError(t, err)
	var shown bytes.Buffer
	s := Seen{&shown, c}
	show := func(text string) {
		_, err := s.Write([]byte(text))
		require.NoError(t, err)
	}
	show("R1#<show>\r\n\x1b[K")
	at, columns = 1500*time.Millisecond, 100
	show("\xc3")
	show("\xa4\xff")
	require.NoError(t, c.Close())
	require.Equal(t, "R1#<show>\r\n\x1b[Kä\xff", shown.String())

	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), mode(t, path))
	lines := bufio.NewScanner(bytes.NewReader(text))
	require.True(t, lines.Scan())
	var head map[string]any
	require.NoError(t, json.Unmarshal(lines.Bytes(), &head))
	require.Equal(t, map[string]any{"version": 2., "width": 80., "height": 24., "timestamp": 7., "title": "a lab", "env": map[string]any{"TERM": "xterm-256color"}}, head)
	var events [][3]any
	for lines.Scan() {
		var e [3]any
		require.NoError(t, json.Unmarshal(lines.Bytes(), &e))
		events = append(events, e)
	}
	require.Equal(t, [][3]any{{0., "o", "R1#<show>\r\n\x1b[K"}, {1.5, "r", "100x24"}, {1.5, "o", "ä\ufffd"}}, events)

	c, err = NewCast("/dev/full", Screen{Size: func() (int, int) { return 80, 24 }, Since: func() time.Duration { return 0 }}, true)
	require.NoError(t, err)
	require.ErrorContains(t, c.Close(), "no space left on device")
}
