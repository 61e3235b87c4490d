package ipsec

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"

	"golang.org/x/crypto/chacha20poly1305"
)

// newAEAD is e's AEAD under key, whose length has been checked; nil: e is none.
func newAEAD(e Encr, key []byte) (aead cipher.AEAD) {
	switch e.ID {
	case EncrAESGCM8:
		aead = &shortGCM{AEAD: newGCM(key, gcmTagLen), icv: e.info().icv}
	case EncrAESGCM12, EncrAESGCM16, EncrAESGMAC:
		aead = newGCM(key, e.info().icv)
	case EncrChaCha20Poly1305:
		aead, _ = chacha20poly1305.New(key)
	}
	return aead
}

// gcmTagLen is the whole tag (RFC 4106 section 6).
const gcmTagLen = 16

func newGCM(key []byte, icv int) cipher.AEAD {
	block, _ := aes.NewCipher(key)
	aead, _ := cipher.NewGCMWithTagSize(block, icv)
	return aead
}

// shortGCM is AES-GCM with an ICV of 8 octets (RFC 4106 section 6), shorter
// than crypto/cipher makes it.
type shortGCM struct {
	cipher.AEAD
	icv   int
	whole []byte // ciphertext and the whole tag
}

func (g *shortGCM) Overhead() int { return g.icv }

func (g *shortGCM) Seal(dst, nonce, plaintext, additional []byte) []byte {
	g.whole = g.AEAD.Seal(g.whole[:0], nonce, plaintext, additional)
	return append(dst, g.whole[:len(plaintext)+g.icv]...)
}

// Open seals twice: the key stream that makes ciphertext of plaintext makes
// plaintext of ciphertext, and the plaintext's tag is then the one to compare.
func (g *shortGCM) Open(dst, nonce, ciphertext, additional []byte) ([]byte, error) {
	n := len(ciphertext) - g.icv
	if n < 0 {
		return nil, ErrShort
	}
	g.whole = g.AEAD.Seal(g.whole[:0], nonce, ciphertext[:n], nil)
	start := len(dst)
	dst = append(dst, g.whole[:n]...)
	g.whole = g.AEAD.Seal(g.whole[:0], nonce, dst[start:], additional)
	if !hmac.Equal(g.whole[n:n+g.icv], ciphertext[n:]) {
		clear(dst[start:])
		return nil, ErrIntegrity
	}
	return dst, nil
}
