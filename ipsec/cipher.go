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
	iv, block, icv  int
	encrKey, macKey []byte
	*expanded       // nil before the first call
}

// expanded is what the keys are used with.
type expanded struct {
	aead  cipher.AEAD // or nil
	nonce [12]byte    // AEAD: salt | IV (RFC 4106 section 4)
	ctr   *ctr        // counter mode, or nil
	enc   cbcMode     // CBC in the direction that is used, or nil
	dec   cbcMode
	first *HMAC     // of the first message; nil: there has been one
	mac   hash.Hash // HMAC from the second message on, as most ciphers of IKE have one only
	sum   [64]byte
	aad   []byte // AEAD: header and additional octets, one after the other
}

// cbcMode is CBC with an IV that can be set anew, which spares an allocation
// per packet. The modes of crypto/cipher all have it.
type cbcMode interface {
	cipher.BlockMode
	SetIV(iv []byte)
}

// NewCipher makes a Cipher, which keeps the keys: nobody may change them.
// encrKey has e.KeyLen() octets (key | salt where there is one), integKey i.KeyLen(). An AEAD takes no integrity transform, NULL (RFC
// 4303 section 3.2) and counter mode (RFC 3686 section 2.2) need one; CBC alone is allowed, as IOS allows it, and then
// nothing is verified.
func NewCipher(e Encr, i IntegID, encrKey, integKey []byte) (Cipher, error) {
	if err := checkKeys(e, i, encrKey, integKey); err != nil {
		return Cipher{}, err
	}
	return newCipher(e, i, encrKey, integKey), nil
}

// NewMessageCipher makes a Cipher for a message that is at hand: it is expanded at once. What
// authenticates the message is computed in room, which is of the integrity transform's PRF; nil: in
// one of its own.
func NewMessageCipher(e Encr, i IntegID, encrKey, integKey []byte, room *HMAC) (*Cipher, error) {
	if err := checkKeys(e, i, encrKey, integKey); err != nil {
		return nil, err
	}
	both := &struct {
		c Cipher
		x expanded
	}{c: newCipher(e, i, encrKey, integKey), x: expanded{first: room}}
	both.c.expand(&both.x)
	return &both.c, nil
}

func newCipher(e Encr, i IntegID, encrKey, integKey []byte) Cipher {
	t := e.info()
	return Cipher{encr: e, integ: i, iv: t.iv, block: t.block, icv: t.icv + i.ICVLen(), encrKey: encrKey, macKey: integKey}
}

// Fit says whether there can be a Cipher of two transforms.
func Fit(e Encr, i IntegID) bool {
	return e.Known() && i.Known() && (!e.AEAD() || i == IntegNone) && (i != IntegNone || e.ID != EncrNULL && e.ID != EncrAESCTR)
}

func checkKeys(e Encr, i IntegID, encrKey, integKey []byte) error {
	switch {
	case !Fit(e, i):
		return fmt.Errorf("%w: %v with %v", ErrTransform, e, i)
	case len(encrKey) != e.KeyLen():
		return fmt.Errorf("%w: %v, %d octets, must be %d", ErrKey, e, len(encrKey), e.KeyLen())
	case len(integKey) != i.KeyLen():
		return fmt.Errorf("%w: %v, %d octets, must be %d", ErrKey, i, len(integKey), i.KeyLen())
	}
	return nil
}

// expand prepares the keys for use. Their lengths have been checked, and
// nothing else makes a key that the transforms refuse.
func (c *Cipher) expand(x *expanded) {
	n := len(c.encrKey) - c.encr.info().salt
	x.aead = newAEAD(c.encr, c.encrKey[:n])
	copy(x.nonce[:saltLen], c.encrKey[n:])
	if c.encr.ID == EncrAESCTR {
		x.ctr = newCTR(c.encrKey[:n], c.encrKey[n:])
	}
	if x.first == nil && c.integ != IntegNone {
		x.first = c.integ.PRF().New()
	}
	c.expanded = x
}

// ready expands the keys before the first message of a Cipher that waited for one.
func (c *Cipher) ready() {
	if c.expanded == nil {
		c.expand(&expanded{})
	}
}

// zeroIV is one that is set anew before anything is encrypted.
var zeroIV [aes.BlockSize]byte

// cbc is the block cipher of CBC; nil: there is none.
func (c *Cipher) cbc() (block cipher.Block) {
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
	c.ready()
	if c.enc == nil && c.aead == nil {
		if block := c.cbc(); block != nil {
			c.enc = cipher.NewCBCEncrypter(block, zeroIV[:block.BlockSize()]).(cbcMode)
		}
	}
}

// forOpen expands what Open needs.
func (c *Cipher) forOpen() {
	c.ready()
	if c.dec == nil && c.aead == nil {
		if block := c.cbc(); block != nil {
			c.dec = cipher.NewCBCDecrypter(block, zeroIV[:block.BlockSize()]).(cbcMode)
		}
	}
}

// IVLen is the number of IV octets after the header.
func (c *Cipher) IVLen() int { return c.iv }

// ICVLen is the number of octets at the end of a sealed packet.
func (c *Cipher) ICVLen() int { return c.icv }

// BlockLen is the multiple, in octets, that the plaintext must have.
func (c *Cipher) BlockLen() int { return c.block }

// Seal encrypts and authenticates pkt in place. The caller has laid it out:
// hdr octets of header, the IV (CBC: unpredictable; others: never used before
// under this key), the plaintext padded to a multiple of BlockLen, and ICVLen
// octets of room. Only the first two calls allocate.
func (c *Cipher) Seal(pkt []byte, hdr int) { c.SealWith(pkt, hdr, nil) }

// SealWith is Seal with extra authenticated although it is not sent: the upper
// half of ESP's extended sequence number. A MAC covers it after the packet
// (RFC 4303 section 2.2.1), an AEAD before the header's last four octets (RFC
// 4106 section 5).
func (c *Cipher) SealWith(pkt []byte, hdr int, extra []byte) {
	c.forSeal()
	if c.aead != nil {
		c.sealAEAD(pkt, hdr, extra)
		return
	}
	c.sealParts(pkt, hdr, extra)
}

// sealParts is Seal where encryption and authentication are two transforms.
func (c *Cipher) sealParts(pkt []byte, hdr int, extra []byte) {
	body, end := hdr+c.iv, len(pkt)-c.icv
	if c.enc != nil {
		c.enc.SetIV(pkt[hdr:body])
		c.enc.CryptBlocks(pkt[body:end], pkt[body:end])
	}
	if c.ctr != nil {
		c.ctr.apply(pkt[body:end], pkt[body:end], pkt[hdr:body])
	}
	if c.integ != IntegNone {
		copy(pkt[end:], c.tag(pkt[:end], extra))
	}
}

func (c *Cipher) sealAEAD(pkt []byte, hdr int, extra []byte) {
	body, end := hdr+aeadIV, len(pkt)-c.icv
	*(*[aeadIV]byte)(c.nonce[saltLen:]) = [aeadIV]byte(pkt[hdr:])
	if c.encr.ID == EncrAESGMAC { // all is authenticated, nothing encrypted (RFC 4543 section 3)
		body = end
	}
	c.aead.Seal(pkt[body:body], c.nonce[:], pkt[body:end], c.additional(pkt[:body], hdr, extra))
}

// additional is what an AEAD authenticates beside the plaintext: the header, of
// hdr octets, with extra before its last four, and for GMAC what follows it.
func (c *Cipher) additional(begin []byte, hdr int, extra []byte) []byte {
	if c.encr.ID != EncrAESGMAC {
		begin = begin[:hdr]
	}
	if len(extra) == 0 {
		return begin
	}
	at := max(0, hdr-numberLen)
	c.aad = append(append(append(c.aad[:0], begin[:at]...), extra...), begin[at:]...)
	return c.aad
}

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
	body, end := hdr+c.iv, len(pkt)-c.icv
	if end < body || (end-body)&(c.block-1) != 0 {
		return nil, c.short(len(pkt) - body)
	}
	c.forOpen()
	if c.aead != nil {
		return c.openAEAD(dst, pkt, hdr, extra)
	}
	return c.openParts(dst, pkt, hdr, extra)
}

// short says that n octets after header and IV cannot be.
//
//go:noinline
func (c *Cipher) short(n int) error {
	return fmt.Errorf("%w: %d octets after header and iv, icv is %d, block is %d", ErrShort, n, c.icv, c.block)
}

// openParts is Open where encryption and authentication are two transforms.
func (c *Cipher) openParts(dst, pkt []byte, hdr int, extra []byte) ([]byte, error) {
	body, end := hdr+c.iv, len(pkt)-c.icv
	if c.integ != IntegNone && !hmac.Equal(c.tag(pkt[:end], extra), pkt[end:]) {
		return nil, ErrIntegrity
	}
	dst = slices.Grow(dst[:0], end-body)[:end-body]
	switch {
	case c.dec != nil:
		c.dec.SetIV(pkt[hdr:body])
		c.dec.CryptBlocks(dst, pkt[body:end])
	case c.ctr != nil:
		c.ctr.apply(dst, pkt[body:end], pkt[hdr:body])
	default:
		copy(dst, pkt[body:end])
	}
	return dst, nil
}

func (c *Cipher) openAEAD(dst, pkt []byte, hdr int, extra []byte) ([]byte, error) {
	body, end := hdr+aeadIV, len(pkt)-c.icv
	*(*[aeadIV]byte)(c.nonce[saltLen:]) = [aeadIV]byte(pkt[hdr:])
	if c.encr.ID == EncrAESGMAC {
		if _, err := c.aead.Open(nil, c.nonce[:], pkt[end:], c.additional(pkt[:end], hdr, extra)); err != nil {
			return nil, ErrIntegrity
		}
		return append(dst[:0], pkt[body:end]...), nil
	}
	out, err := c.aead.Open(dst[:0], c.nonce[:], pkt[body:], c.additional(pkt[:body], hdr, extra))
	if err != nil {
		return nil, ErrIntegrity
	}
	return out, nil
}

// tag is the truncated HMAC of data and extra, valid until the next call.
func (c *Cipher) tag(data, extra []byte) []byte {
	if c.mac == nil {
		if m := c.first; m != nil {
			c.first = nil
			return m.Append(c.sum[:0], c.macKey, data, extra)[:c.icv]
		}
		_, _, constructor := c.integ.PRF().info()
		c.mac = hmac.New(constructor, c.macKey)
	}
	c.mac.Reset() // it keeps its states for the next message from the first time on
	c.mac.Write(data)
	c.mac.Write(extra)
	return c.mac.Sum(c.sum[:0])[:c.icv]
}
