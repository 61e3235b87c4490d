package esp

import (
	"fmt"

	"ikelab/ipsec"
)

// Params are what one direction of an association is made from.
type Params struct {
	SPI               ipsec.SPI
	Encr              ipsec.Encr
	Integ             ipsec.IntegID // IntegNone with an AEAD
	EncrKey, IntegKey []byte        `record:"secret"`
	Window            int           // anti-replay window in packets; 0: no check. Inbound only
	ESN               bool          // 64-bit sequence numbers (RFC 4303 section 2.2.1)
}

// firstSPI is the lowest SPI that an association may have: 1 to 255 are
// reserved, 0 is for local use (RFC 4303 section 2.1).
const firstSPI ipsec.SPI = 256

// MaxWindow is the widest anti-replay window, in packets.
const MaxWindow = 4096

func (p Params) check() error {
	switch {
	case p.SPI < firstSPI:
		return fmt.Errorf("%w: spi %d, at least %d", ipsec.ErrParams, p.SPI, firstSPI)
	case p.Window < 0 || p.Window > MaxWindow:
		return fmt.Errorf("%w: window of %d packets, must be 0 to %d", ipsec.ErrParams, p.Window, MaxWindow)
	}
	return nil
}

// Sizes of the parts of a packet, in octets, and numbers in them.
const (
	headerLen  = 8 // SPI, sequence number
	trailerLen = 2 // pad length, next header
	alignment  = 4 // RFC 4303 section 2.4
	maxLen     = 65535
)

// NoNextHeader is the protocol of a dummy packet (RFC 4303 section 2.6).
const NoNextHeader = 59

// Counters count what an association did. Octets are those of payloads.
type Counters struct {
	Packets, Octets uint64 // carried
	Refused         uint64 // packets
	Dummies         uint64 // that came, which are no errors
}

func (c *Counters) carried(octets int) {
	c.Packets++
	c.Octets += uint64(octets)
}

// refuse counts a refusal and makes its error. It is not inlined: what is refused should not stand
// in the way of what is not.
//
//go:noinline
func (c *Counters) refuse(r Refused) error {
	if r.Fault == ErrDummy {
		c.Dummies++
	} else {
		c.Refused++
	}
	return &r
}
