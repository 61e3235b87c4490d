package ip

import (
	"encoding/binary"
	"slices"
)

const (
	fragmentUnit      = 8    // octets that an offset counts
	copiedOptionFlags = 0x80 // options that go into every fragment (RFC 791 section 3.1)
)

// Fragments cuts a packet into packets of at most mtu octets, each with room
// for an Ethernet header.
func Fragments(b []byte, mtu int) [][]byte {
	header := int(b[0]&15) * 4
	payload := b[header:]
	field := binary.BigEndian.Uint16(b[6:])
	step := (mtu - header) / fragmentUnit * fragmentUnit
	if step <= 0 {
		return nil
	}
	var out [][]byte
	for at := 0; at < len(payload); at += step {
		piece := payload[at:min(at+step, len(payload))]
		buf := make([]byte, EthernetHeader+header+len(piece))
		f := buf[EthernetHeader:]
		copy(f, b[:header])
		copy(f[header:], piece)
		if at > 0 {
			blankOptions(f[HeaderLen:header])
		}
		flags := field&^OffsetMask | (field&OffsetMask + uint16(at/fragmentUnit))
		if at+step < len(payload) {
			flags |= FlagMF
		}
		binary.BigEndian.PutUint16(f[6:], flags)
		binary.BigEndian.PutUint16(f[2:], uint16(len(f)))
		SetHeaderChecksum(f)
		out = append(out, buf)
	}
	return out
}

// blankOptions replaces options that only the first fragment carries by "no
// operation".
func blankOptions(o []byte) {
	for i := 0; i < len(o) && o[i] != 0; {
		n := 1
		if o[i] != 1 {
			if i+1 >= len(o) || o[i+1] < 2 || i+int(o[i+1]) > len(o) {
				return
			}
			n = int(o[i+1])
		}
		if o[i]&copiedOptionFlags == 0 {
			for j := i; j < i+n; j++ {
				o[j] = 1
			}
		}
		i += n
	}
}

// fragments6 cuts a packet that was made here, as Fragments does (RFC 8200 section 4.5).
func fragments6(b []byte, mtu int, id uint32) [][]byte {
	step := (mtu - HeaderLen6 - fragmentHeader) / fragmentUnit * fragmentUnit
	payload := b[HeaderLen6:]
	if step <= 0 || chainOf(b).fragment != 0 {
		return nil
	}
	var out [][]byte
	for at := 0; at < len(payload); at += step {
		piece := payload[at:min(at+step, len(payload))]
		buf := make([]byte, EthernetHeader+HeaderLen6+fragmentHeader+len(piece))
		f := buf[EthernetHeader:]
		copy(f, b[:HeaderLen6])
		copy(f[HeaderLen6+fragmentHeader:], piece)
		f[6] = extFragment
		putLen6(f)
		h := f[HeaderLen6:]
		h[0] = b[6]
		h[2], h[3] = byte(at>>8), byte(at)
		if at+step < len(payload) {
			h[3] |= 1
		}
		h[4], h[5], h[6], h[7] = byte(id>>24), byte(id>>16), byte(id>>8), byte(id)
		out = append(out, buf)
	}
	return out
}

// unfragmented is the header that a datagram has whose first fragment b is.
func unfragmented(b []byte) []byte {
	c := chainOf(b)
	h := slices.Clone(b[:c.fragment])
	h[c.next] = c.proto
	return h
}

func putLen6(b []byte) { b[4], b[5] = byte((len(b)-HeaderLen6)>>8), byte(len(b)-HeaderLen6) }
