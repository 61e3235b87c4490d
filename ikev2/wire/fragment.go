package wire

import (
	"encoding/binary"
	"fmt"
)

// Fragments of a protected message (RFC 7383): each is a message of its own with
// one Encrypted Fragment payload, protected by itself.

// fragmentHeader is what stands in front of a fragment's IV.
const fragmentHeader = sealedHeader + numbersLen

// Fragment is a part of a protected message, opened. Plain is part of the chain
// of its payloads.
type Fragment struct {
	Header
	Next          PayloadType
	Beside        byte // beside it in the generic header: C and RESERVED
	Number, Total uint16
	Plain         []byte
}

// SealedLen is how many octets AppendSealed would append.
func (m *Message) SealedLen(c Cipher) int {
	inside := m.size() + 1
	return sealedHeader + c.IVLen() + inside + padLen(inside, c.BlockLen()) + c.ICVLen()
}

// MaxFragments is how many a message is cut into at most, and how many are taken
// of one.
const MaxFragments = 255

// Fragments makes of the message as many as are needed for none to be longer
// than so many octets, or as few as can be. Each is like AppendSealed's.
func (m *Message) Fragments(most int, c Cipher, fillIV func(iv []byte)) [][]byte {
	plain := m.appendPayloads(make([]byte, 0, m.size()))
	room := max(1, fragmentRoom(most, c), (len(plain)+MaxFragments-1)/MaxFragments)
	total := max(1, (len(plain)+room-1)/room)
	list := make([][]byte, 0, total)
	next := m.first()
	for i := range total {
		part := plain[i*room : min(len(plain), (i+1)*room)]
		list = append(list, m.fragment(&Fragment{Next: next, Number: uint16(i + 1), Total: uint16(total), Plain: part}, c, fillIV))
		next = NoNext // "In the rest of the Fragment messages (with Fragment Number greater than 1), this field MUST be set to zero." (RFC 7383 2.5)
	}
	return list
}

// fragmentRoom is how many octets of a message fit into a fragment.
func fragmentRoom(most int, c Cipher) int {
	room := most - fragmentHeader - c.IVLen() - c.ICVLen()
	if block := c.BlockLen(); block > 1 {
		room -= room % block
	}
	return room - 1 // the length of the padding
}

// fragment seals one.
func (m *Message) fragment(f *Fragment, c Cipher, fillIV func(iv []byte)) []byte {
	padding := padLen(len(f.Plain)+1, c.BlockLen())
	size := fragmentHeader + c.IVLen() + len(f.Plain) + padding + 1 + c.ICVLen()
	b := m.Header.append(make([]byte, 0, size), TypeSKF)
	b = append(b, byte(f.Next), 0, 0, 0)
	b = binary.BigEndian.AppendUint16(b, f.Number)
	b = binary.BigEndian.AppendUint16(b, f.Total)
	b = appendZeros(b, c.IVLen())
	fillIV(b[fragmentHeader:len(b):len(b)])
	b = append(b, f.Plain...)
	b = append(appendZeros(b, padding), count8(padding))
	b = appendZeros(b, c.ICVLen())
	binary.BigEndian.PutUint32(b[24:], uint32(len(b)))
	putLength(b[HeaderLen:])
	c.Seal(b, fragmentHeader)
	return b
}

// OpenFragment verifies and decrypts a fragment. Errors are those of Open.
func OpenFragment(b []byte, c Cipher) (*Fragment, error) {
	h, err := ParseHeader(b)
	if err != nil {
		return nil, err
	}
	if err := checkAlone(h, TypeSKF, fragmentHeader, b, c); err != nil {
		return nil, err
	}
	p, err := parseFragment(PayloadType(b[HeaderLen]), b[sealedHeader:])
	if err != nil {
		return nil, in(err, "%v", TypeSKF)
	}
	plain, err := c.Open(nil, b, fragmentHeader)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrIntegrity, err)
	}
	if plain, err = unpad(plain); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAuthentic, in(err, "%v", TypeSKF))
	}
	sealed := p.(*EncryptedFragment)
	return &Fragment{Header: h, Next: sealed.Next, Beside: b[HeaderLen+1], Number: sealed.Number, Total: sealed.Total, Plain: plain}, nil
}

// Assembled parses what all fragments of a message held, in order
// (RFC 7383 2.6): "While reconstructing, the RESERVED field in the reconstructed Encrypted
// payload header MUST be set to the value of the RESERVED field in the Encrypted Fragment
// payload header from the first fragment" (RFC 9242 3.3.2). Octets is how many the fragments
// had on the wire.
func Assembled(first *Fragment, plain []byte, octets int) (*Message, error) {
	m, err := parseInside(first.Next, plain)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAuthentic, in(err, "%v", TypeSKF))
	}
	m.Header, m.EncryptedLen, m.inside, m.beside = first.Header, octets, plain, first.Beside
	return m, nil
}
