package files

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
	"unicode/utf8"
)

// Cast is what a terminal shows, as asciicast v2, which asciinema plays.
type Cast struct {
	spool *Spool
	of    Screen

	mu            sync.Mutex
	columns, rows int
	held          []byte // the beginning of a character
	err           error
}

// Screen is the terminal.
type Screen struct {
	Title string
	Began time.Time            // for people
	Since func() time.Duration // since then
	Size  func() (columns, rows int)
}

// NewCast makes the file. A patient one has who shows something wait for a slow
// file.
func NewCast(path string, s Screen, patient bool) (*Cast, error) {
	c := &Cast{of: s}
	c.columns, c.rows = s.Size()
	head, err := json.Marshal(map[string]any{
		"version": 2, "width": c.columns, "height": c.rows, "timestamp": s.Began.Unix(), "title": s.Title, "env": map[string]string{"TERM": "xterm-256color"},
	})
	if err != nil {
		return nil, err
	}
	if c.spool, err = NewSpool(path, patient, nil); err != nil {
		return nil, fmt.Errorf("cast: %w", err)
	}
	_, c.err = c.spool.Write(append(head, '\n'))
	return c, nil
}

// Write takes what the terminal shows, line ends as it is sent them. What becomes
// of the file is no concern of who shows it; Close tells.
func (c *Cast) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if columns, rows := c.of.Size(); columns != c.columns || rows != c.rows {
		c.columns, c.rows = columns, rows
		c.event("r", fmt.Sprintf("%dx%d", columns, rows))
	}
	text := append(c.held, p...)
	whole := len(text) - unfinished(text)
	if whole > 0 {
		c.event("o", string(text[:whole]))
	}
	c.held = append([]byte(nil), text[whole:]...)
	return len(p), nil
}

// unfinished is how many octets at the end begin a character.
func unfinished(text []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if b := text[len(text)-n]; utf8.RuneStart(b) {
			if b >= utf8.RuneSelf && !utf8.FullRune(text[len(text)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}

func (c *Cast) event(kind, data string) {
	text, err := json.Marshal(data) // what is no character becomes the one that says so
	if err == nil {
		_, err = fmt.Fprintf(c.spool, "[%.6f, %q, %s]\n", c.of.Since().Seconds(), kind, text)
	}
	if c.err == nil {
		c.err = err
	}
}

// Close tells why the end is missing.
func (c *Cast) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.spool.Close(); err != nil || c.err != nil {
		return fmt.Errorf("cast: %w", errors.Join(err, c.err))
	}
	return nil
}

// Seen is a writer of whose text somebody else has a copy.
type Seen struct {
	io.Writer
	Copy io.Writer
}

// Write writes first, and copies what was written.
func (s Seen) Write(p []byte) (int, error) {
	n, err := s.Writer.Write(p)
	_, _ = s.Copy.Write(p[:n])
	return n, err
}

// Lines is a writer to a terminal in raw mode, where a line ends by two octets.
type Lines struct{ io.Writer }

func (l Lines) Write(p []byte) (int, error) {
	_, err := l.Writer.Write(bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n")))
	return len(p), err
}
