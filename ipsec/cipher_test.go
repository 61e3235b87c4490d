package ipsec

import (
	"bytes"
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

// allEncrs are the transforms that a packet may be encrypted with.
func allEncrs() []Encr {
	list := []Encr{{ID: EncrDES}, {ID: Encr3DES}, {ID: EncrNULL}, {ID: EncrChaCha20Poly1305}}
	for _, id := range []EncrID{EncrAESCBC, EncrAESCTR, EncrAESGCM8, EncrAESGCM12, EncrAESGCM16, EncrAESGMAC} {
		for _, bits := range []uint16{128, 192, 256} {
			list = append(list, Encr{id, bits})
		}
	}
	return list
}

// testCipher makes a cipher with keys of its own.
func testCipher(t testing.TB, e Encr) *Cipher {
	i := IntegSHA256
	if e.AEAD() {
		i = IntegNone
	}
	key, mac := make([]byte, e.KeyLen()), make([]byte, i.KeyLen())
	_, _ = io.ReadFull(stream(1), key)
	_, _ = io.ReadFull(stream(2), mac)
	c, err := NewCipher(e, i, key, mac)
	require.NoError(t, err)
	return &c
}

// TestEveryCipher is what each transform promises, whichever it is: what is
// sealed is opened, each octet of it and each of what is not sent is protected,
// and Open leaves the packet as it was.
func TestEveryCipher(t *testing.T) {
	const hdr = 8
	for _, e := range allEncrs() {
		c := testCipher(t, e)
		for _, blocks := range []int{0, 1, 2, 5, 33, 64} {
			for _, extra := range [][]byte{nil, {0, 0, 0, 9}} {
				t.Run(fmt.Sprintf("%v %d %x", e, blocks, extra), func(t *testing.T) {
					plain := make([]byte, blocks*e.BlockLen())
					_, _ = io.ReadFull(stream(3), plain)
					pkt := slicesOf(t, hdr+e.IVLen(), plain, c.ICVLen())
					c.SealWith(pkt, hdr, extra)
					whole := bytes.Clone(pkt)
					got, err := c.OpenWith(nil, pkt, hdr, extra)
					require.NoError(t, err)
					require.True(t, bytes.Equal(plain, got))
					require.Equal(t, whole, pkt)
					for i := range pkt {
						pkt[i] ^= 4
						_, err := c.OpenWith(nil, pkt, hdr, extra)
						require.ErrorIs(t, err, ErrIntegrity, i)
						pkt[i] ^= 4
					}
					_, err = c.OpenWith(nil, pkt, hdr, []byte{1, 2, 3, 4})
					require.ErrorIs(t, err, ErrIntegrity)
					_, err = c.Open(nil, pkt[:hdr+c.IVLen()+c.ICVLen()-1], hdr)
					require.ErrorIs(t, err, ErrShort)
				})
			}
		}
	}
}

// slicesOf is header and IV, drawn, then plain and room for an ICV.
func slicesOf(t testing.TB, begin int, plain []byte, icv int) []byte {
	pkt := make([]byte, begin, begin+len(plain)+icv)
	_, err := io.ReadFull(stream(4), pkt)
	require.NoError(t, err)
	return append(append(pkt, plain...), make([]byte, icv)...)
}

// AES-CTR wants an authentication function beside it (RFC 3686 section 2.2); an AEAD takes
// none (RFC 5282 section 8).
func TestWhatGoesTogether(t *testing.T) {
	for _, c := range []struct {
		e  Encr
		i  IntegID
		ok bool
	}{
		{Encr{EncrAESCTR, 128}, IntegNone, false}, {Encr{EncrAESCTR, 128}, IntegSHA1, true}, {Encr{ID: EncrNULL}, IntegNone, false},
		{Encr{ID: EncrChaCha20Poly1305}, IntegSHA256, false}, {Encr{EncrAESGCM12, 256}, IntegSHA256, false}, {Encr{EncrAESGMAC, 128}, IntegSHA1, false},
		{Encr{EncrAESCBC, 128}, IntegNone, true}, {Encr{ID: EncrDES}, IntegNone, true},
	} {
		_, err := NewCipher(c.e, c.i, make([]byte, c.e.KeyLen()), make([]byte, c.i.KeyLen()))
		require.Equal(t, c.ok, err == nil, "%v with %v", c.e, c.i)
	}
}

// RFC 3686 section 6, test vectors 1, 2, 4 and 7: key and nonce, IV.
func TestAESCTRVectors(t *testing.T) {
	for _, c := range []struct{ key, iv, plain, cipher string }{
		{"AE6852F8121067CC4BF7A5765577F39E 00000030", "0000000000000000", "53696E676C6520626C6F636B206D7367", "E4095D4FB7A7B3792D6175A3261311B8"},
		{"7E24067817FAE0D743D6CE1F32539163 006CB6DB", "C0543B59DA48D90B", "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
			"5104A106168A72D9790D41EE8EDAD388EB2E1EFC46DA57C8FCE630DF9141BE28"},
		{"16AF5B145FC9F579C175F93E3BFB0EED863D06CCFDB78515 00000048", "36733C147D6D93CB", "53696E676C6520626C6F636B206D7367", "4B55384FE259C9C84E7935A003CBE928"},
		{"776BEFF2851DB06F4C8A0542C8696F6C6A81AF1EEC96B4D37FC1D689E6C1C104 00000060", "DB5672C97AA8F0B2", "53696E676C6520626C6F636B206D7367", "145AD01DBF824EC7560863DC71E3E0C0"},
	} {
		key, plain := unhex(t, c.key), unhex(t, c.plain)
		x := newCTR(key[:len(key)-saltLen], key[len(key)-saltLen:])
		x.apply(plain, plain, unhex(t, c.iv))
		require.Equal(t, unhex(t, c.cipher), plain)
	}
}

// RFC 7634 appendices A (a packet of ESP) and B (a message of IKE: its header
// and that of the encrypted payload are authenticated).
func TestChaCha20Poly1305Vectors(t *testing.T) {
	key := unhex(t, "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f a0a1a2a3")
	x, err := NewCipher(Encr{ID: EncrChaCha20Poly1305}, IntegNone, key, nil)
	require.NoError(t, err)
	requireSealed(t, &x, unhex(t, "0102030400000005"), "1011121314151617", `
		45000054a6f200004001e778c6336405c000020508005b7a3a080000553bec100007362708090a0b0c0d0e0f10111213
		1415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363701020204`, `
		24039428b97f417e3c13753a4f05087b67c352e6a7fab1b982d466ef407ae5c614ee8099d52844eb61aa95dfab4c02f7
		2aa71e7c4c4f64c9befe2facc638e8f3cbec163fac469b502773f6fb94e664da9165b82829f641e0 76aaa8266b7fb0f7b11b369907e1ad43`)
	requireSealed(t, &x, unhex(t, "c0c1c2c3c4c5c6c7d0d1d2d3d4d5d6d72e202500000000090000004529000029"), "1011121314151617",
		"0000000c000040010000000a00", "610394701f8d017f7c12924889 6b71bfe25236efd7cdc67066906315b2")
}

// draft-mcgrew-gcm-test-01: GMAC (RFC 4543), nothing of the packet is encrypted.
func TestGMACVector(t *testing.T) {
	x, err := NewCipher(Encr{EncrAESGMAC, 128}, IntegNone, unhex(t, "4c80cdefbb5d10da906ac73c3613a634 22433c64"), nil)
	require.NoError(t, err)
	plain := `45000030da3a00008001df3bc0a80005c0a800010800c6cd020007006162636465666768696a6b6c6d6e6f707172737401020201`
	requireSealed(t, &x, unhex(t, "0000432100000007"), "0000000000000000", plain, plain+"f2a9a836e155106aa8dcd618e4099aaa")
}

// Shorter ICVs are the whole one cut off (RFC 4106 section 6).
func TestShorterICVs(t *testing.T) {
	key, plain := make([]byte, 20), make([]byte, 50)
	var whole []byte
	for _, id := range []EncrID{EncrAESGCM16, EncrAESGCM12, EncrAESGCM8} {
		c, err := NewCipher(Encr{id, 128}, IntegNone, key, nil)
		require.NoError(t, err)
		pkt := slicesOf(t, 16, plain, c.ICVLen())
		c.Seal(pkt, 8)
		if whole == nil {
			whole = bytes.Clone(pkt)
		}
		require.Equal(t, whole[:len(pkt)], pkt)
	}
}
