package ipsec

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/hmac"
	"fmt"
	"hash"
	"slices"
)

// Cipher holds one direction's keys. ESP (RFC 4303 section 2) and IKE's
// encrypted payload (RFC 7296 section 3.14) have the same layout:
//
//	header, authenticated only | IV | ciphertext | ICV
//
// A Cipher has scratch space inside: one call at a time. Before its first call
// it is little more than its keys, as most associations of a large network
// never carry a packet.
type Cipher struct {
	encr            Encr
	integ           IntegID
	icv             int
	encrKey, macKey []byte
	*expanded       // nil before the first call
}

// expanded is what the keys are used with.
type expanded struct {
	aead  cipher.AEAD // GCM, or nil
	nonce [12]byte    // GCM: salt | IV (RFC 4106 section 4)
	enc   cbcMode     // CBC in the direction that is used, or nil
	dec   cbcMode
	mac   hash.Hash // HMAC, or nil
	used  bool      // the MAC has had a message
	sum   [64]byte
	aad   []byte // GCM: header and additional octets, one after the other
}

// cbcMode is CBC with an IV that can be set anew, which spares an allocation
// per packet. The modes of crypto/cipher all have it.
type cbcMode interface {
	cipher.BlockMode
	SetIV(iv []byte)
}

// NewCipher makes a Cipher, which keeps the keys: nobody may change them.
// encrKey has e.KeyLen() octets (GCM: key | salt), integKey i.KeyLen(). An AEAD takes no integrity transform, NULL needs one
// (RFC 4303 section 3.2); CBC alone is allowed, as IOS allows it, and then
// nothing is verified.
func NewCipher(e Encr, i IntegID, encrKey, integKey []byte) (*Cipher, error) {
	switch {
	case !e.Known() || !i.Known():
		return nil, fmt.Errorf("%w: %v with %v", ErrTransform, e, i)
	case e.AEAD() && i != IntegNone, e.ID == EncrNULL && i == IntegNone:
		return nil, fmt.Errorf("%w: %v with %v", ErrTransform, e, i)
	case len(encrKey) != e.KeyLen():
		return nil, fmt.Errorf("%w: %v, %d octets, must be %d", ErrKey, e, len(encrKey), e.KeyLen())
	case len(integKey) != i.KeyLen():
		return nil, fmt.Errorf("%w: %v, %d octets, must be %d", ErrKey, i, len(integKey), i.KeyLen())
	}
	c := &Cipher{encr: e, integ: i, icv: i.ICVLen(), encrKey: encrKey, macKey: integKey}
	if e.AEAD() {
		c.icv = gcmICVLen
	}
	return c, nil
}

// expand prepares the keys for use. Their lengths have been checked, and
// nothing else makes a key that the transforms refuse.
func (c *Cipher) expand() {
	x := &expanded{mac: newMAC(c.integ, c.macKey)}
	if c.encr.AEAD() {
		n := len(c.encrKey) - saltLen
		block, _ := aes.NewCipher(c.encrKey[:n])
		x.aead, _ = cipher.NewGCM(block)
		copy(x.nonce[:saltLen], c.encrKey[n:])
	}
	c.expanded = x
}

func newMAC(i IntegID, key []byte) hash.Hash {
	t, _ := i.info()
	if t.constructor == nil {
		return nil
	}
	return hmac.New(t.constructor, key)
}

// block is the block cipher of CBC; nil: there is none.
func (c *Cipher) block() (block cipher.Block) {
	switch c.encr.ID {
	case EncrDES:
		block, _ = des.NewCipher(c.encrKey)
	case Encr3DES:
		block, _ = des.NewTripleDESCipher(c.encrKey)
	case EncrAESCBC:
		block, _ = aes.NewCipher(c.encrKey)
	}
	return block
}

// forSeal expands what Seal needs.
func (c *Cipher) forSeal() {
	if c.expanded == nil {
		c.expand()
	}
	if c.enc == nil && c.aead == nil {
		if block := c.block(); block != nil {
			c.enc = cipher.NewCBCEncrypter(block, make([]byte, block.BlockSize())).(cbcMode)
		}
	}
}

// forOpen expands what Open needs.
func (c *Cipher) forOpen() {
	if c.expanded == nil {
		c.expand()
	}
	if c.dec == nil && c.aead == nil {
		if block := c.block(); block != nil {
			c.dec = cipher.NewCBCDecrypter(block, make([]byte, block.BlockSize())).(cbcMode)
		}
	}
}

// IVLen is the number of IV octets after the header.
func (c *Cipher) IVLen() int { return c.encr.IVLen() }

// ICVLen is the number of octets at the end of a sealed packet.
func (c *Cipher) ICVLen() int { return c.icv }

// BlockLen is the multiple, in octets, that the plaintext must have.
func (c *Cipher) BlockLen() int { return c.encr.BlockLen() }

// Seal encrypts and authenticates pkt in place. The caller has laid it out:
// hdr octets of header, the IV (CBC: unpredictable; GCM: never used before
// under this key), the plaintext padded to a multiple of BlockLen, and ICVLen
// octets of room. Only the first two calls allocate.
func (c *Cipher) Seal(pkt []byte, hdr int) { c.SealWith(pkt, hdr, nil) }

// SealWith is Seal with extra authenticated although it is not sent: the upper
// half of ESP's extended sequence number. A MAC covers it after the packet
// (RFC 4303 section 2.2.1), an AEAD before the header's last four octets (RFC
// 4106 section 5).
func (c *Cipher) SealWith(pkt []byte, hdr int, extra []byte) {
	c.forSeal()
	body, end := hdr+c.IVLen(), len(pkt)-c.icv
	if c.aead != nil {
		copy(c.nonce[saltLen:], pkt[hdr:body])
		c.aead.Seal(pkt[body:body], c.nonce[:], pkt[body:end], c.additional(pkt[:hdr], extra))
		return
	}
	if c.enc != nil {
		c.enc.SetIV(pkt[hdr:body])
		c.enc.CryptBlocks(pkt[body:end], pkt[body:end])
	}
	if c.mac != nil {
		copy(pkt[end:], c.tag(pkt[:end], extra))
	}
}

// additional is what an AEAD authenticates beside the plaintext.
func (c *Cipher) additional(header, extra []byte) []byte {
	if len(extra) == 0 {
		return header
	}
	at := max(0, len(header)-numberLen)
	c.aad = append(append(append(c.aad[:0], header[:at]...), extra...), header[at:]...)
	return c.aad
}

// gcmICVLen is the whole tag (RFC 4106 section 6).
const gcmICVLen = 16

// numberLen is the part of a sequence number that is sent.
const numberLen = 4

// Open verifies pkt and returns its plaintext, padding included, in dst[:0],
// which grows if needed and must not overlap pkt. pkt is not modified. Only the
// first two calls allocate when dst has room. Errors: ErrShort, ErrIntegrity.
func (c *Cipher) Open(dst, pkt []byte, hdr int) ([]byte, error) {
	return c.OpenWith(dst, pkt, hdr, nil)
}

// OpenWith is Open of what SealWith has sealed with the same extra.
func (c *Cipher) OpenWith(dst, pkt []byte, hdr int, extra []byte) ([]byte, error) {
	body, end := hdr+c.IVLen(), len(pkt)-c.icv
	if end < body || (end-body)%c.BlockLen() != 0 {
		return nil, fmt.Errorf("%w: %d octets after header and iv, icv is %d, block is %d",
			ErrShort, len(pkt)-body, c.icv, c.BlockLen())
	}
	c.forOpen()
	if c.aead != nil {
		copy(c.nonce[saltLen:], pkt[hdr:body])
		out, err := c.aead.Open(dst[:0], c.nonce[:], pkt[body:], c.additional(pkt[:hdr], extra))
		if err != nil {
			return nil, ErrIntegrity
		}
		return out, nil
	}
	if c.mac != nil && !hmac.Equal(c.tag(pkt[:end], extra), pkt[end:]) {
		return nil, ErrIntegrity
	}
	dst = slices.Grow(dst[:0], end-body)[:end-body]
	if c.dec == nil {
		copy(dst, pkt[body:end])
		return dst, nil
	}
	c.dec.SetIV(pkt[hdr:body])
	c.dec.CryptBlocks(dst, pkt[body:end])
	return dst, nil
}

// tag is the truncated HMAC of data and extra, valid until the next call.
func (c *Cipher) tag(data, extra []byte) []byte {
	if c.used {
		c.mac.Reset()
	}
	c.used = true
	c.mac.Write(data)
	c.mac.Write(extra)
	return c.mac.Sum(c.sum[:0])[:c.icv]
}
