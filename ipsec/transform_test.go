package ipsec

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEncr(t *testing.T) {
	for _, c := range []struct {
		encr           Encr
		name           string
		key, iv, block int
		aead           bool
	}{
		{Encr{ID: EncrDES}, "DES-CBC", 8, 8, 8, false},
		{Encr{ID: Encr3DES}, "3DES-CBC", 24, 8, 8, false},
		{Encr{ID: EncrNULL}, "NULL", 0, 0, 1, false},
		{Encr{EncrAESCBC, 128}, "AES-CBC-128", 16, 16, 16, false},
		{Encr{EncrAESCBC, 192}, "AES-CBC-192", 24, 16, 16, false},
		{Encr{EncrAESCBC, 256}, "AES-CBC-256", 32, 16, 16, false},
		{Encr{EncrAESGCM16, 128}, "AES-GCM-16-128", 20, 8, 1, true},
		{Encr{EncrAESGCM16, 192}, "AES-GCM-16-192", 28, 8, 1, true},
		{Encr{EncrAESGCM16, 256}, "AES-GCM-16-256", 36, 8, 1, true},
		{Encr{EncrAESGCM8, 128}, "AES-GCM-8-128", 20, 8, 1, true},
		{Encr{EncrAESGCM12, 256}, "AES-GCM-12-256", 36, 8, 1, true},
		{Encr{EncrAESCTR, 128}, "AES-CTR-128", 20, 8, 1, false},
		{Encr{EncrAESCTR, 256}, "AES-CTR-256", 36, 8, 1, false},
		{Encr{EncrAESGMAC, 192}, "AES-GMAC-192", 28, 8, 1, true},
		{Encr{ID: EncrChaCha20Poly1305}, "ChaCha20-Poly1305", 36, 8, 1, true},
	} {
		e := c.encr
		require.True(t, e.Known(), c.name)
		require.Equal(t, c.name, e.String())
		require.Equal(t, []int{c.key, c.iv, c.block}, []int{e.KeyLen(), e.IVLen(), e.BlockLen()}, c.name)
		require.Equal(t, c.aead, e.AEAD(), c.name)
	}
	for _, e := range []Encr{{}, {ID: 99}, {EncrAESCBC, 0}, {EncrAESCBC, 512}, {EncrDES, 56}, {ID: EncrAESGCM16}, {ID: EncrAESCTR}, {EncrChaCha20Poly1305, 256}} {
		require.False(t, e.Known(), "%v", e)
		require.Zero(t, e.KeyLen(), "%v", e)
	}
	require.Equal(t, "encryption 99/128", Encr{99, 128}.String())
}

func TestIntegAndPRF(t *testing.T) {
	for _, c := range []struct {
		integ    IntegID
		name     string
		key, icv int
	}{
		{IntegNone, "NONE", 0, 0},
		{IntegMD5, "HMAC-MD5-96", 16, 12},
		{IntegSHA1, "HMAC-SHA1-96", 20, 12},
		{IntegSHA256, "HMAC-SHA2-256-128", 32, 16},
		{IntegSHA384, "HMAC-SHA2-384-192", 48, 24},
		{IntegSHA512, "HMAC-SHA2-512-256", 64, 32},
	} {
		require.True(t, c.integ.Known(), c.name)
		require.Equal(t, c.name, c.integ.String())
		require.Equal(t, []int{c.key, c.icv}, []int{c.integ.KeyLen(), c.integ.ICVLen()}, c.name)
	}
	require.False(t, IntegID(3).Known())
	require.Equal(t, "integrity 3", IntegID(3).String())

	for prf, n := range map[PRFID]int{PRFMD5: 16, PRFSHA1: 20, PRFSHA256: 32, PRFSHA384: 48, PRFSHA512: 64} {
		require.True(t, prf.Known())
		require.Equal(t, n, prf.KeyLen())
	}
	require.False(t, PRFID(3).Known())
	require.Equal(t, "PRF 3", PRFID(3).String())
	require.Equal(t, "PRF-HMAC-SHA2-384", PRFSHA384.String())
}
