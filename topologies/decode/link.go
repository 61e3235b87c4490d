package decode

import (
	"encoding/binary"
	"fmt"
)

// Link types (https://www.tcpdump.org/linktypes.html).
const (
	linkNull     = 0
	linkEthernet = 1
	linkRawBSD   = 12
	linkRawOpen  = 14
	linkRaw      = 101
	linkLoop     = 108
	linkCooked   = 113
	linkIPv4     = 228
	linkIPv6     = 229
	linkCooked2  = 276
)

const (
	typeIPv4 = 0x0800
	typeIPv6 = 0x86dd
)

// network finds the IP packet in a frame; nil: it carries something else.
func network(link int, b []byte) ([]byte, error) {
	switch link {
	case linkEthernet:
		return tagged(b, 12)
	case linkCooked:
		return tagged(b, 14)
	case linkCooked2:
		if len(b) < 20 {
			return nil, errShort
		}
		return typed(binary.BigEndian.Uint16(b), b[20:])
	case linkNull, linkLoop:
		if len(b) < 4 {
			return nil, errShort
		}
		return b[4:], nil
	case linkRaw, linkRawBSD, linkRawOpen, linkIPv4, linkIPv6:
		return b, nil
	}
	return nil, fmt.Errorf("link type %d is not known", link)
}

// tagged finds what stands behind a type and the VLAN tags before it.
func tagged(b []byte, at int) ([]byte, error) {
	for {
		if len(b) < at+2 {
			return nil, errShort
		}
		switch kind := binary.BigEndian.Uint16(b[at:]); kind {
		case 0x8100, 0x88a8, 0x9100:
			at += 4
		default:
			return typed(kind, b[at+2:])
		}
	}
}

func typed(kind uint16, b []byte) ([]byte, error) {
	if kind == typeIPv4 || kind == typeIPv6 {
		return b, nil
	}
	return nil, nil
}
