package ikev2

import (
	"encoding/binary"
	"io"
	"time"
)

// draws are an engine's random octets.
type draws struct {
	rand io.Reader
	few  [8]byte // for numbers
}

// drawn is a random number of n octets, at most eight.
func (d *draws) drawn(n int) uint64 {
	d.few = [8]byte{}
	d.fill(d.few[8-n:])
	return binary.BigEndian.Uint64(d.few[:])
}

// octets draws n random octets.
func (d *draws) octets(n int) []byte {
	b := make([]byte, n)
	d.fill(b)
	return b
}

func (d *draws) fill(b []byte) {
	if _, err := io.ReadFull(d.rand, b); err != nil {
		panic("ikev2: the random stream ended: " + err.Error())
	}
}

// within draws a duration of [0, span).
func (d *draws) within(span time.Duration) time.Duration {
	return time.Duration(d.drawn(4) * uint64(span) >> 32)
}
