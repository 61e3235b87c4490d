package rogue

import (
	"encoding/binary"

	"ikelab/ikev2/wire"
)

// seal is a message under the SA's keys; in clear while it has none and in
// IKE_SA_INIT.
func (sa *SA) seal(m *wire.Message) []byte {
	if !sa.keyed || m.Exchange == wire.IKE_SA_INIT {
		return m.Append(nil)
	}
	sealer, _ := sa.keys.Cipher(sa.Initiator, nil) // the suite is one of ours
	return m.AppendSealed(nil, sealer, func(iv []byte) { copy(iv, sa.peer.octets(len(iv))) })
}

// sealInside is an authentic message whose inside is any octets: a chain of
// payloads that begins with one of a type, and lies as it likes.
func (sa *SA) sealInside(h wire.Header, first wire.PayloadType, inside []byte) []byte {
	if !sa.keyed { // the router has not answered
		return inClear(h, first, inside)
	}
	return sa.sealPadded(h, first, sa.padded(inside))
}

// padded is octets with the padding that RFC 7296 wants (section 3.14).
func (sa *SA) padded(inside []byte) []byte {
	c, _ := sa.keys.Cipher(sa.Initiator, nil)
	padding := (c.BlockLen() - (len(inside)+1)%c.BlockLen()) % c.BlockLen()
	trailer := make([]byte, padding+1)
	trailer[padding] = byte(padding)
	return append(inside[:len(inside):len(inside)], trailer...)
}

// piece is one fragment of a message as it says of itself (RFC 7383 2.5).
type piece struct {
	first         wire.PayloadType
	number, total uint16
	inside        []byte
}

// sealPiece is an authentic fragment, whatever it says.
func (sa *SA) sealPiece(h wire.Header, p piece) []byte {
	numbers := binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, p.number), p.total)
	return sa.sealBehind(h, wire.TypeSKF, p.first, numbers, sa.padded(p.inside))
}

// sealPadded is one with padding and its length given: whole blocks.
func (sa *SA) sealPadded(h wire.Header, first wire.PayloadType, plain []byte) []byte {
	return sa.sealBehind(h, wire.TypeSK, first, nil, plain)
}

// sealBehind is an Encrypted payload of either kind, with what stands in front of
// its IV.
func (sa *SA) sealBehind(h wire.Header, kind, first wire.PayloadType, front, plain []byte) []byte {
	c, _ := sa.keys.Cipher(sa.Initiator, nil)
	b := (&wire.Message{Header: h}).Append(nil)
	b[16] = byte(kind)
	n := 4 + len(front) + c.IVLen() + len(plain) + c.ICVLen()
	b = append(append(b, byte(first), 0, byte(n>>8), byte(n)), front...)
	b = append(b, sa.peer.octets(c.IVLen())...)
	b = append(append(b, plain...), make([]byte, c.ICVLen())...)
	binary.BigEndian.PutUint32(b[24:], uint32(len(b)))
	c.Seal(b, wire.HeaderLen+4+len(front))
	return b
}

// open reads a message of the router's.
func (sa *SA) open(data []byte) (*wire.Message, error) {
	if !sa.keyed || wire.PayloadType(data[16]) != wire.TypeSK {
		return wire.Parse(data)
	}
	opener, _ := sa.keys.Cipher(!sa.Initiator, nil)
	return wire.Open(data, opener)
}

// chainOf is payloads as octets, without a header.
func chainOf(payloads ...wire.Payload) []byte {
	return (&wire.Message{Payloads: payloads}).Append(nil)[wire.HeaderLen:]
}

// inClear is a message around octets, in clear.
func inClear(h wire.Header, first wire.PayloadType, chain []byte) []byte {
	b := append((&wire.Message{Header: h}).Append(nil), chain...)
	b[16] = byte(first)
	binary.BigEndian.PutUint32(b[24:], uint32(len(b)))
	return b
}
