package ipsec

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/subtle"
	"encoding/binary"
)

// ctr is AES in counter mode (RFC 3686). crypto/cipher's would allocate a
// stream per packet, as its counter cannot be set anew.
type ctr struct {
	block   cipher.Block
	counter [16]byte // nonce | IV | block counter (section 4)
	stream  [16]byte
}

func newCTR(key, nonce []byte) *ctr {
	block, _ := aes.NewCipher(key)
	c := &ctr{block: block}
	copy(c.counter[:], nonce)
	return c
}

// apply encrypts or decrypts src, which is the same. "The block counter begins
// with the value of one" (section 4).
func (c *ctr) apply(dst, src, iv []byte) {
	copy(c.counter[saltLen:], iv)
	for n := uint32(1); len(src) > 0; n++ {
		binary.BigEndian.PutUint32(c.counter[12:], n)
		c.block.Encrypt(c.stream[:], c.counter[:])
		k := subtle.XORBytes(dst, src, c.stream[:])
		dst, src = dst[k:], src[k:]
	}
}
