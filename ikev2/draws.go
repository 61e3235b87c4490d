package ikev2

import (
	"io"
	"time"
)

// draws are an engine's random octets.
type draws struct{ rand io.Reader }

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
	return time.Duration(uint64(be32(d.octets(4))) * uint64(span) >> 32)
}
