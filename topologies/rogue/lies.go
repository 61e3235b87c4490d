package rogue

import (
	"encoding/binary"

	"ikelab/ikev2/wire"
)

// field is a length or a count in octets of a message.
type field struct{ at, size int }

// lies are a chain of payloads with each length and count in it wrong, one at a
// time: nothing, one less, one more, the most that there can be.
func lies(first wire.PayloadType, chain []byte) [][]byte {
	var list [][]byte
	for _, f := range fields(first, chain) {
		list = append(list, f.lies(chain)...)
	}
	return list
}

func (f field) lies(b []byte) (list [][]byte) {
	truth := f.get(b)
	for _, v := range []uint64{0, truth - 1, truth + 1, 1<<(8*f.size) - 1} {
		if v &= 1<<(8*f.size) - 1; v != truth {
			list = append(list, f.put(b, v))
		}
	}
	return list
}

func (f field) get(b []byte) uint64 {
	var octets [8]byte
	copy(octets[8-f.size:], b[f.at:f.at+f.size])
	return binary.BigEndian.Uint64(octets[:])
}

func (f field) put(b []byte, v uint64) []byte {
	out := append([]byte(nil), b...)
	octets := binary.BigEndian.AppendUint64(nil, v)
	copy(out[f.at:], octets[8-f.size:])
	return out
}

// fields finds them in a chain that is as it should be.
func fields(next wire.PayloadType, b []byte) (list []field) {
	for at := 0; at < len(b); {
		end := at + int(binary.BigEndian.Uint16(b[at+2:]))
		list = append(list, field{at + 2, 2})
		switch body := at + 4; next {
		case wire.TypeSA:
			list = append(list, proposalFields(b, body, end)...)
		case wire.TypeTSi, wire.TypeTSr:
			list = append(list, field{body, 1}, field{body + 6, 2})
		case wire.TypeNotify:
			list = append(list, field{body + 1, 1})
		case wire.TypeDelete:
			list = append(list, field{body + 1, 1}, field{body + 2, 2})
		}
		next, at = wire.PayloadType(b[at]), end
	}
	return list
}

// proposalFields are the length of each proposal, of its SPI, the number of its
// transforms, and their lengths.
func proposalFields(b []byte, at, end int) (list []field) {
	for at < end {
		list = append(list, field{at + 2, 2}, field{at + 6, 1}, field{at + 7, 1})
		stop := at + int(binary.BigEndian.Uint16(b[at+2:]))
		for at += 8 + int(b[at+6]); at < stop; at += int(binary.BigEndian.Uint16(b[at+2:])) {
			list = append(list, field{at + 2, 2})
		}
	}
	return list
}

// first is the type of a message's first payload.
func first(m *wire.Message) wire.PayloadType { return m.Payloads[0].Type() }

// lie sends a message with each of its lengths wrong, sealed where the SA has
// keys. Fresh gives the SA and header for each.
func (t *Talk) lie(m *wire.Message, fresh func() (*SA, wire.Header)) {
	for _, chain := range lies(first(m), chainOf(m.Payloads...)) {
		sa, h := fresh()
		t.sendOctets(sa.sealInside(h, first(m), chain))
		t.Pass(Round)
	}
}
