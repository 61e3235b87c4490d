package main

import (
	"bytes"
	"fmt"
	"strings"
)

// mostMissed is how much a console keeps for a user who is elsewhere, in
// octets.
const mostMissed = 16 << 10

// backlog is what a console showed while the user was elsewhere: the last of it.
type backlog struct {
	text []byte
	lost int // lines that were dropped
}

func (b *backlog) add(text string) {
	b.text = append(b.text, text...)
	if len(b.text) < 2*mostMissed {
		return
	}
	cut := len(b.text) - mostMissed
	if i := bytes.IndexByte(b.text[cut:], '\n'); i >= 0 {
		cut += i + 1
	}
	b.lost += bytes.Count(b.text[:cut], []byte("\n"))
	b.text = append([]byte(nil), b.text[cut:]...)
}

// take hands it out, whole lines, and forgets it.
func (b *backlog) take() string {
	text := string(b.text)
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	if b.lost > 0 {
		text = fmt.Sprintf("[%s before this]\n", count(b.lost, "line")) + text
	}
	*b = backlog{}
	return text
}
