package ipsec

import (
	"bytes"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// unhex reads hexadecimal with any white space in it.
func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	require.NoError(t, err)
	return b
}

// stream is a seeded source of octets.
func stream(seed byte) io.Reader {
	return rand.NewChaCha8([32]byte{seed})
}

func octets(seed byte, n int) []byte {
	b := make([]byte, n)
	_, _ = io.ReadFull(stream(seed), b)
	return b
}

// repeat is n times b.
func repeat(b byte, n int) []byte { return bytes.Repeat([]byte{b}, n) }

// suite is a pair of transforms to run a test with.
type suite struct {
	encr  Encr
	integ IntegID
}

func (s suite) String() string { return s.encr.String() + "/" + s.integ.String() }

// suites are all that a packet can be protected with.
func suites() []suite {
	var out []suite
	encrs := []Encr{{ID: EncrDES}, {ID: Encr3DES}, {ID: EncrNULL}, {EncrAESCBC, 128}, {EncrAESCBC, 192}, {EncrAESCBC, 256}}
	for _, e := range encrs {
		for _, i := range []IntegID{IntegMD5, IntegSHA1, IntegSHA256, IntegSHA384, IntegSHA512} {
			out = append(out, suite{e, i})
		}
	}
	for _, bits := range []uint16{128, 192, 256} {
		out = append(out, suite{Encr{EncrAESGCM16, bits}, IntegNone})
	}
	return out
}

func (s suite) cipher(t testing.TB) *Cipher {
	t.Helper()
	c, err := NewCipher(s.encr, s.integ, octets(1, s.encr.KeyLen()), octets(2, s.integ.KeyLen()))
	require.NoError(t, err)
	return c
}

var (
	gcm128  = suite{Encr{EncrAESGCM16, 128}, IntegNone}
	cbcSHA1 = suite{Encr{EncrAESCBC, 128}, IntegSHA1}
	desSHA1 = suite{Encr{ID: Encr3DES}, IntegSHA1}
)
