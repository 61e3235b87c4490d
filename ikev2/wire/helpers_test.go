package wire

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// cbcSHA1 is a block cipher in CBC mode with HMAC-SHA1-96, the suites of the
// tech note, made of the standard library alone.
type cbcSHA1 struct {
	block cipher.Block
	key   []byte
}

func aesSHA1(t testing.TB) cbcSHA1 {
	block, err := aes.NewCipher(bytes.Repeat([]byte{7}, 16))
	require.NoError(t, err)
	return cbcSHA1{block, []byte("twenty octets of key")}
}

func tripleDESSHA1(t testing.TB) cbcSHA1 {
	block, err := des.NewTripleDESCipher([]byte("twenty-four octets here!"))
	require.NoError(t, err)
	return cbcSHA1{block, []byte("twenty octets of key")}
}

func (c cbcSHA1) IVLen() int    { return c.block.BlockSize() }
func (c cbcSHA1) BlockLen() int { return c.block.BlockSize() }
func (c cbcSHA1) ICVLen() int   { return 12 }

func (c cbcSHA1) icv(b []byte) []byte {
	mac := hmac.New(sha1.New, c.key)
	mac.Write(b)
	return mac.Sum(nil)[:12]
}

func (c cbcSHA1) Seal(pkt []byte, hdr int) {
	body, end := hdr+c.IVLen(), len(pkt)-12
	cipher.NewCBCEncrypter(c.block, pkt[hdr:body]).CryptBlocks(pkt[body:end], pkt[body:end])
	copy(pkt[end:], c.icv(pkt[:end]))
}

func (c cbcSHA1) Open(dst, pkt []byte, hdr int) ([]byte, error) {
	body, end := hdr+c.IVLen(), len(pkt)-12
	if !hmac.Equal(pkt[end:], c.icv(pkt[:end])) {
		return nil, errors.New("icv differs")
	}
	dst = append(dst[:0], pkt[body:end]...)
	cipher.NewCBCDecrypter(c.block, pkt[hdr:body]).CryptBlocks(dst, dst)
	return dst, nil
}

// gcm is AES-GCM with a 16-octet ICV as in RFC 5282.
type gcm struct{ aead cipher.AEAD }

func aesGCM(t testing.TB) gcm {
	block, err := aes.NewCipher(bytes.Repeat([]byte{9}, 32))
	require.NoError(t, err)
	aead, err := cipher.NewGCM(block)
	require.NoError(t, err)
	return gcm{aead}
}

func (gcm) IVLen() int    { return 8 }
func (gcm) BlockLen() int { return 1 }
func (gcm) ICVLen() int   { return 16 }

func (gcm) nonce(iv []byte) []byte { return append([]byte("salt"), iv...) }

func (c gcm) Seal(pkt []byte, hdr int) {
	body, end := hdr+8, len(pkt)-16
	c.aead.Seal(pkt[body:body], c.nonce(pkt[hdr:body]), pkt[body:end], pkt[:hdr])
}

func (c gcm) Open(dst, pkt []byte, hdr int) ([]byte, error) {
	return c.aead.Open(dst[:0], c.nonce(pkt[hdr:hdr+8]), pkt[hdr+8:], pkt[:hdr])
}

// glass is a cipher that does nothing and allocates nothing.
type glass struct{}

func (glass) IVLen() int       { return 8 }
func (glass) BlockLen() int    { return 16 }
func (glass) ICVLen() int      { return 12 }
func (glass) Seal([]byte, int) {}
func (glass) Open(dst, pkt []byte, hdr int) ([]byte, error) {
	return append(dst[:0], pkt[hdr+8:len(pkt)-12]...), nil
}

func countIV(iv []byte) {
	for i := range iv {
		iv[i] = byte(i + 1)
	}
}

// octets reads hexadecimal digits; what follows // on a line is a comment.
func octets(t testing.TB, text string) []byte {
	var digits strings.Builder
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "//")
		digits.WriteString(strings.Join(strings.Fields(line), ""))
	}
	b, err := hex.DecodeString(digits.String())
	require.NoError(t, err)
	return b
}

func sequence(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i)
	}
	return b
}

// raw is one payload's octets with a generic header that fits them.
func raw(next PayloadType, flags byte, body []byte) []byte {
	b := append([]byte{byte(next), flags, 0, 0}, body...)
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
	return b
}

// datagram is a request of an exchange around a chain of payloads.
func datagram(exchange ExchangeType, first PayloadType, chain []byte) []byte {
	h := Header{SPIi: 1, SPIr: 2, Version: 0x20, Exchange: exchange, Flags: FlagInitiator}
	b := append(h.append(nil, first), chain...)
	binary.BigEndian.PutUint32(b[24:], uint32(len(b)))
	return b
}

// alone is a datagram with one payload.
func alone(t PayloadType, body []byte) []byte {
	return datagram(INFORMATIONAL, t, raw(NoNext, 0, body))
}

// sealRaw seals what Open shall find inside, padding and its length included.
func sealRaw(c Cipher, first PayloadType, plain []byte) []byte {
	body := make([]byte, c.IVLen(), c.IVLen()+len(plain)+c.ICVLen())
	countIV(body)
	body = append(append(body, plain...), make([]byte, c.ICVLen())...)
	b := datagram(INFORMATIONAL, TypeSK, raw(first, 0, body))
	c.Seal(b, sealedHeader)
	return b
}
