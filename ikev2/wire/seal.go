package wire

import (
	"encoding/binary"
	"fmt"
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

// sealedHeader is what stands in front of the IV: IKE and generic header.
const sealedHeader = HeaderLen + genericLen

// AppendSealed appends the message to b with all payloads inside an Encrypted
// payload (RFC 7296 3.14). fillIV fills the IV.
func (m *Message) AppendSealed(b []byte, c Cipher, fillIV func(iv []byte)) []byte {
	start := len(b)
	b = m.appendHeader(b, TypeSK)
	b = append(b, byte(m.first()), 0, 0, 0)
	b = append(b, make([]byte, c.IVLen())...)
	fillIV(b[start+sealedHeader:])
	inside := len(b)
	b = m.appendPayloads(b)
	padding := padLen(len(b)-inside+1, c.BlockLen())
	b = append(b, make([]byte, padding)...)
	b = append(b, byte(padding))
	b = append(b, make([]byte, c.ICVLen())...)
	binary.BigEndian.PutUint32(b[start+24:], uint32(len(b)-start))
	binary.BigEndian.PutUint16(b[start+HeaderLen+2:], uint16(len(b)-start-HeaderLen))
	c.Seal(b[start:], sealedHeader)
	return b
}

// padLen is what n octets lack to a whole number of blocks.
func padLen(n, block int) int {
	if block < 2 {
		return 0
	}
	return (block - n%block) % block
}

// Open verifies, decrypts and parses a protected message. Errors before the
// integrity check say nothing about the peer; later ones wrap ErrAuthentic.
func Open(b []byte, c Cipher) (*Message, error) {
	h, err := ParseHeader(b)
	if err != nil {
		return nil, err
	}
	if err := checkSealed(h, b, c); err != nil {
		return nil, err
	}
	clear, err := c.Open(nil, b, sealedHeader)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrIntegrity, err)
	}
	payloads, err := parseClear(PayloadType(b[HeaderLen]), clear)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAuthentic, err)
	}
	return &Message{Header: h, Payloads: payloads, EncryptedLen: len(b)}, nil
}

// checkSealed wants the Encrypted payload to be the only one, long enough and
// made of whole blocks. Payloads before it would be unprotected.
func checkSealed(h Header, b []byte, c Cipher) error {
	if h.Next != TypeSK || len(b) < sealedHeader {
		return syntax("first payload is %v, not ENCR", h.Next)
	}
	if n := int(binary.BigEndian.Uint16(b[HeaderLen+2:])); n != len(b)-HeaderLen {
		return syntax("ENCR says %d octets of %d", n, len(b)-HeaderLen)
	}
	body := len(b) - sealedHeader - c.IVLen() - c.ICVLen()
	if body < 1 || c.BlockLen() > 1 && body%c.BlockLen() != 0 {
		return syntax("%d encrypted octets, blocks have %d", body, c.BlockLen())
	}
	return nil
}

// parseClear takes the padding off, whatever its octets are (RFC 7296 3.14).
func parseClear(first PayloadType, clear []byte) ([]Payload, error) {
	if len(clear) == 0 {
		return nil, syntax("nothing inside the Encrypted payload")
	}
	padding := int(clear[len(clear)-1])
	if padding+1 > len(clear) {
		return nil, syntax("%d octets of padding in %d", padding, len(clear))
	}
	payloads, err := parsePayloads(first, clear[:len(clear)-1-padding])
	if err != nil {
		return nil, err
	}
	for _, p := range payloads {
		if p.Type() == TypeSK {
			return nil, syntax("ENCR inside ENCR")
		}
	}
	return payloads, nil
}
