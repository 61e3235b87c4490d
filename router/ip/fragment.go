package ip

import "encoding/binary"

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
