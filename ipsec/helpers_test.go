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

// repeat is n times b.
func repeat(b byte, n int) []byte { return bytes.Repeat([]byte{b}, n) }
