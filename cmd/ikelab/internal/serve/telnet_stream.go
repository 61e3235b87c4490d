package serve

import (
	"bytes"
	"io"
	"sync"
)

// Telnet commands and options (RFC 854, RFC 857, RFC 858, RFC 1073).
const (
	iac  = 255
	dont = 254
	do   = 253
	wont = 252
	will = 251
	sb   = 250
	el   = 248 // erase line
	ec   = 247 // erase character
	ayt  = 246 // are you there
	ip   = 244 // interrupt process
	brk  = 243
	se   = 240

	optionEcho     = 1
	optionSuppress = 3 // go ahead
	optionWindow   = 31
)

// What commands are as keys.
const (
	keyBreak     = 0x03
	keyEraseLine = 0x15
	keyErase     = 0x7f
)

// mostOption is what of a subnegotiation is read.
const mostOption = 64

// telnet is the octets of a telnet connection without its commands. We echo, and
// want to know the window.
type telnet struct {
	conn    io.ReadWriter
	decoder decoder

	mu            sync.Mutex
	columns, rows int
	resized       func(columns, rows int)
}

// newTelnet says what we do and want; the answers need none.
func newTelnet(c io.ReadWriter) *telnet {
	t := &telnet{conn: c}
	t.decoder = decoder{answer: func(b []byte) { _, _ = c.Write(b) }, window: t.window}
	_, _ = c.Write([]byte{iac, will, optionEcho, iac, will, optionSuppress, iac, do, optionSuppress, iac, do, optionWindow})
	return t
}

func (t *telnet) Read(p []byte) (int, error) {
	for {
		n, err := t.conn.Read(p)
		n = t.decoder.keys(p[:n])
		if n > 0 || err != nil {
			return n, err
		}
	}
}

// Write sends text, in which an octet of 255 is doubled.
func (t *telnet) Write(p []byte) (int, error) {
	if _, err := t.conn.Write(bytes.ReplaceAll(p, []byte{iac}, []byte{iac, iac})); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (t *telnet) window(columns, rows int) {
	t.mu.Lock()
	t.columns, t.rows = min(columns, mostColumns), min(rows, mostColumns)
	tell := t.resized
	columns, rows = t.columns, t.rows
	t.mu.Unlock()
	if tell != nil {
		tell(columns, rows)
	}
}

// follow is the window as it is, 0 where it is unknown, and has f told of
// changes.
func (t *telnet) follow(f func(columns, rows int)) (columns, rows int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.resized = f
	return t.columns, t.rows
}

// decoder takes commands out of what the other end sends.
type decoder struct {
	answer func([]byte)
	window func(columns, rows int)
	state  byte   // what has come of a command: 0, iac, the verb of an option, sb
	option []byte // of a subnegotiation
	inside bool   // iac within it
}

// keys leaves in p what was typed, and says how much that is.
func (d *decoder) keys(p []byte) int {
	n := 0
	for _, b := range p {
		if key, ok := d.take(b); ok {
			p[n] = key
			n++
		}
	}
	return n
}

// take takes an octet; ok: it is, or stands for, a key.
func (d *decoder) take(b byte) (key byte, ok bool) {
	switch d.state {
	case 0:
		if b == iac {
			d.state = iac
			return 0, false
		}
		return b, true
	case iac:
		return d.command(b)
	case sb:
		d.sub(b)
	default:
		d.negotiate(d.state, b)
		d.state = 0
	}
	return 0, false
}

// command is the octet behind iac.
func (d *decoder) command(b byte) (key byte, ok bool) {
	d.state = 0
	switch b {
	case iac:
		return b, true
	case do, dont, will, wont:
		d.state = b
	case sb:
		d.state, d.option = sb, d.option[:0]
	case ip, brk:
		return keyBreak, true
	case ec:
		return keyErase, true
	case el:
		return keyEraseLine, true
	case ayt:
		d.answer([]byte("\r\n[Yes]\r\n"))
	}
	return 0, false
}

// negotiate refuses what we have not offered. What we have needs no answer, nor
// does a refusal: so nobody negotiates for ever (RFC 854).
func (d *decoder) negotiate(verb, option byte) {
	switch {
	case verb == do && option != optionEcho && option != optionSuppress:
		d.answer([]byte{iac, wont, option})
	case verb == will && option != optionSuppress && option != optionWindow:
		d.answer([]byte{iac, dont, option})
	}
}

// sub is an octet of a subnegotiation.
func (d *decoder) sub(b byte) {
	switch {
	case d.inside && b == se:
		d.state, d.inside = 0, false
		if o := d.option; len(o) == 5 && o[0] == optionWindow {
			d.window(int(o[1])<<8|int(o[2]), int(o[3])<<8|int(o[4]))
		}
		return
	case !d.inside && b == iac:
		d.inside = true
		return
	}
	d.inside = false
	if len(d.option) < mostOption {
		d.option = append(d.option, b)
	}
}
