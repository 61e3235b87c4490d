package ipsec

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"ikelab/ipsec/spd"
)

// SPI is a security parameters index. 1 to 255 are reserved and 0 is for local
// use (RFC 4303 section 2.1).
type SPI uint32

// firstSPI is the lowest SPI that an association may have.
const firstSPI SPI = 256

// DFBit says what the outer header's Don't Fragment bit is (RFC 4301 section
// 8.1; IOS: crypto ipsec df-bit).
type DFBit uint8

// Choices of the DF bit.
const (
	DFCopy  DFBit = iota // as in the inner packet
	DFSet                // always set
	DFClear              // never set
)

// Params are what one direction of a tunnel-mode association is made from.
type Params struct {
	SPI               SPI
	Src, Dst          netip.Addr // outer addresses, IPv4, as on the wire in this direction
	Encr              Encr
	Integ             IntegID // IntegNone with an AEAD
	EncrKey, IntegKey []byte
	// Local and Remote are the inner policy seen from this router: an outbound
	// packet comes from Local and goes to Remote, an inbound one the other way.
	Local, Remote []spd.Selector
	Window        int // anti-replay window in packets, 64 to 1024; 0: no check. Inbound only.
	DF            DFBit
}

// Window sizes that IOS offers.
const (
	minWindow = 64
	maxWindow = 1024
)

func (p Params) check() error {
	switch {
	case p.SPI < firstSPI:
		return fmt.Errorf("%w: spi %d, at least %d", ErrParams, p.SPI, firstSPI)
	case !p.Src.Is4() || !p.Dst.Is4():
		return fmt.Errorf("%w: outer addresses %v and %v, must be ipv4", ErrParams, p.Src, p.Dst)
	case p.Window != 0 && (p.Window < minWindow || p.Window > maxWindow):
		return fmt.Errorf("%w: window of %d packets, must be 0 or %d to %d", ErrParams, p.Window, minWindow, maxWindow)
	case p.DF > DFClear:
		return fmt.Errorf("%w: df choice %d", ErrParams, p.DF)
	}
	return nil
}

// Counters count what an association did. Octets are those of inner packets.
type Counters struct {
	Packets, Octets uint64 // carried
	// Refused, by the error that said so.
	Short, Outer, Replay, Integrity, Padding, NextHeader uint64
	Dummy, Inner, Policy, ECN, Sequence                  uint64
}

// Errors is the number of packets refused; dummies are not errors.
func (c Counters) Errors() uint64 {
	return c.Short + c.Outer + c.Replay + c.Integrity + c.Padding + c.NextHeader +
		c.Inner + c.Policy + c.ECN + c.Sequence
}

// Sizes and numbers of the headers, in octets.
const (
	ipHeaderLen   = 20 // an outer header has no options
	espHeaderLen  = 8  // SPI, sequence number
	espTrailerLen = 2  // pad length, next header
	espAlign      = 4  // RFC 4303 section 2.4
	maxIPLen      = 65535

	protoIPv4 = 4
	protoESP  = 50
	protoNone = 59 // RFC 4303 section 2.6: a dummy packet
)

// innerLen is the length of the IPv4 packet at the start of b.
func innerLen(b []byte) (int, error) {
	if len(b) < ipHeaderLen {
		return 0, fmt.Errorf("%w: %d octets, a header has %d", ErrInner, len(b), ipHeaderLen)
	}
	header, total := int(b[0]&15)*4, int(binary.BigEndian.Uint16(b[2:]))
	if b[0]>>4 != 4 || header < ipHeaderLen || total < header || total > len(b) {
		return 0, fmt.Errorf("%w: version %d, header %d, total length %d of %d octets",
			ErrInner, b[0]>>4, header, total, len(b))
	}
	return total, nil
}

// addChecksum adds the 16-bit words of b, an even number of octets, to sum.
func addChecksum(sum uint32, b []byte) uint32 {
	for ; len(b) >= 2; b = b[2:] {
		sum += uint32(binary.BigEndian.Uint16(b))
	}
	return sum
}

// foldChecksum is the one's complement of sum's one's complement sum.
func foldChecksum(sum uint32) uint16 {
	sum = sum>>16 + sum&0xffff
	return ^uint16(sum>>16 + sum)
}
