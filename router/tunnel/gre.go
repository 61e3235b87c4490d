package tunnel

import (
	"encoding/binary"
	"errors"

	"ikelab/router/ip"
)

// The GRE header (RFC 2784 section 2.1, RFC 2890 section 2):
//
//	flags and version | protocol | [checksum | reserved] | [key] | [sequence number]
const (
	greLen       = 4      // octets that are always there
	greOption    = 4      // and those of each that may be
	flagChecksum = 0x8000 // the first 16 bits
	flagKey      = 0x2000
	flagSequence = 0x1000
	greKnown     = flagChecksum | flagKey | flagSequence // others must be zero, the version too (RFC 2784 section 2.3)

	protoIPv4      = 0x0800
	protoKeepalive = 0 // of IOS's keepalives, which have no payload
)

// gre is what a GRE header says.
type gre struct {
	protocol uint16
	keyed    bool
	key      uint32
}

var errGRE = errors.New("tunnel: bad gre header")

// parseGRE reads the header that b begins with and gives its length.
func parseGRE(b []byte) (h gre, n int, err error) {
	if len(b) < greLen {
		return h, 0, errGRE
	}
	flags := binary.BigEndian.Uint16(b)
	h.protocol = binary.BigEndian.Uint16(b[2:])
	n = greLen
	for _, f := range []uint16{flagChecksum, flagKey, flagSequence} {
		if flags&f != 0 {
			n += greOption
		}
	}
	switch {
	case flags&^greKnown != 0, len(b) < n:
		return h, 0, errGRE
	case flags&flagChecksum != 0 && ip.Checksum(b) != 0: // of header and payload
		return h, 0, errGRE
	}
	if flags&flagKey != 0 {
		at := greLen
		if flags&flagChecksum != 0 {
			at += greOption
		}
		h.keyed, h.key = true, binary.BigEndian.Uint32(b[at:])
	}
	return h, n, nil
}

// writeGRE fills in the header before the payload of b, which ends with it.
func writeGRE(b []byte, h gre, checksum bool) {
	var flags uint16
	at := greLen
	clear(b[:greHeader(h.keyed, checksum)])
	if checksum {
		flags |= flagChecksum
		at += greOption
	}
	if h.keyed {
		flags |= flagKey
		binary.BigEndian.PutUint32(b[at:], h.key)
	}
	binary.BigEndian.PutUint16(b, flags)
	binary.BigEndian.PutUint16(b[2:], h.protocol)
	if checksum {
		binary.BigEndian.PutUint16(b[greLen:], ip.Checksum(b))
	}
}

// greHeader is how long a header of ours is.
func greHeader(keyed, checksum bool) int {
	n := greLen
	if keyed {
		n += greOption
	}
	if checksum {
		n += greOption
	}
	return n
}
