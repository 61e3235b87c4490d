package wire

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// Cipher protects one direction of an IKE SA. Both calls work on a message
// whose first hdr octets are authenticated only, followed by the IV, the
// (padded) payloads and the ICV.
type Cipher interface {
	IVLen() int
	ICVLen() int
	BlockLen() int
	Seal(pkt []byte, hdr int)
	Open(dst, pkt []byte, hdr int) ([]byte, error)
}

// sealedHeader is what stands in front of the IV: IKE and generic header. It
// is authenticated, also by an AEAD (RFC 5282 5.1).
const sealedHeader = HeaderLen + genericLen

// AppendSealed appends the message to b with all payloads inside an Encrypted
// payload (RFC 7296 3.14): header, IV, payloads, the fewest octets of padding
// that fill the cipher's block, their number, ICV. fillIV fills the IV.
func (m *Message) AppendSealed(b []byte, c Cipher, fillIV func(iv []byte)) []byte {
	start, inside := len(b), m.size()
	padding := padLen(inside+1, c.BlockLen())
	b = slices.Grow(b, sealedHeader+c.IVLen()+inside+padding+1+c.ICVLen())
	b = m.Header.append(b, TypeSK)
	b = append(b, byte(m.first()), 0, 0, 0)
	b = appendZeros(b, c.IVLen())
	fillIV(b[start+sealedHeader : len(b) : len(b)])
	b = m.appendPayloads(b)
	b = append(appendZeros(b, padding), count8(padding))
	b = appendZeros(b, c.ICVLen())
	binary.BigEndian.PutUint32(b[start+24:], uint32(len(b)-start))
	putLength(b[start+HeaderLen:])
	c.Seal(b[start:], sealedHeader)
	return b
}

// InClear is a protected message as if nothing in it were encrypted, which is what the AUTH
// payload covers of IKE_INTERMEDIATE, A | P: the two lengths are those without IV, padding
// and ICV (RFC 9242 3.3.2). A message in fragments is taken as one that was not cut.
// What is reserved stays as it came.
func (m *Message) InClear() (a, p []byte) {
	if p = m.inside; p == nil {
		p = m.appendPayloads(make([]byte, 0, m.size()))
	}
	a = m.Header.append(make([]byte, 0, sealedHeader), TypeSK)
	a = append(a, byte(m.first()), m.beside, 0, 0)
	binary.BigEndian.PutUint32(a[24:], uint32(len(a)+len(p)))
	binary.BigEndian.PutUint16(a[HeaderLen+2:], uint16(genericLen+len(p)))
	return a, p
}

func appendZeros(b []byte, n int) []byte { return append(b, make([]byte, n)...) }

// padLen is what n octets lack to a whole number of blocks.
func padLen(n, block int) int {
	if block < 2 {
		return 0
	}
	return (block - n%block) % block
}

// Open verifies, decrypts and parses a protected message. It does not modify
// b, and the message does not refer to it. Errors found before the integrity
// check say nothing about the peer; later ones wrap ErrAuthentic.
func Open(b []byte, c Cipher) (*Message, error) {
	h, err := ParseHeader(b)
	if err != nil {
		return nil, err
	}
	if err := checkAlone(h, TypeSK, sealedHeader, b, c); err != nil {
		return nil, err
	}
	plain, err := c.Open(nil, b, sealedHeader)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrIntegrity, err)
	}
	plain, m, err := parsePlain(PayloadType(b[HeaderLen]), plain)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAuthentic, in(err, "%v", TypeSK))
	}
	m.Header, m.EncryptedLen, m.inside, m.beside = h, len(b), plain, b[HeaderLen+1]
	return m, nil
}

// checkAlone wants the Encrypted payload, or that of a fragment, to be the only
// one, long enough and made of whole blocks. Payloads in front of it would be
// unprotected, so they are refused rather than read.
func checkAlone(h Header, t PayloadType, head int, b []byte, c Cipher) error {
	if h.Next != t {
		return syntax("first payload is %v, not %v", h.Next, t)
	}
	if err := atLeast(head+c.IVLen()+c.ICVLen()+1, b); err != nil {
		return in(err, "%v", t)
	}
	if n := int(binary.BigEndian.Uint16(b[HeaderLen+2:])); n != len(b)-HeaderLen {
		return syntax("%v: length %d, must be %d", t, n, len(b)-HeaderLen)
	}
	body := len(b) - head - c.IVLen() - c.ICVLen()
	if c.BlockLen() > 1 && body%c.BlockLen() != 0 {
		return syntax("%v: %d encrypted octets, a block has %d", t, body, c.BlockLen())
	}
	return nil
}

// parsePlain takes the padding off and parses what is inside.
func parsePlain(first PayloadType, plain []byte) ([]byte, *Message, error) {
	plain, err := unpad(plain)
	if err != nil {
		return nil, nil, err
	}
	m, err := parseInside(first, plain)
	return plain, m, err
}

// unpad takes the padding off, whatever its octets are (RFC 7296 3.14).
func unpad(plain []byte) ([]byte, error) {
	if err := atLeast(1, plain); err != nil {
		return nil, err
	}
	end := len(plain) - 1
	padding := int(plain[end])
	if padding > end {
		return nil, syntax("padding of %d octets in %d", padding, end)
	}
	return plain[:end-padding], nil
}

// parseInside parses a chain of payloads that was protected.
func parseInside(first PayloadType, plain []byte) (*Message, error) {
	m, err := parsePayloads(first, plain)
	if err != nil {
		return nil, err
	}
	if n := len(m.Payloads); n > 0 && m.Payloads[n-1].Type().sealed() { // it ends its chain
		return nil, syntax("%v inside", m.Payloads[n-1].Type())
	}
	return m, nil
}
