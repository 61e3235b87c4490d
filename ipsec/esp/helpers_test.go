package esp

import (
	"encoding/hex"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ipsec"
)

// unhex reads hexadecimal with any white space in it.
func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	require.NoError(t, err)
	return b
}

// stream is a seeded source of octets.
func stream(seed byte) io.Reader { return rand.NewChaCha8([32]byte{seed}) }

func octets(seed byte, n int) []byte {
	b := make([]byte, n)
	_, _ = io.ReadFull(stream(seed), b)
	return b
}

// suite is a pair of transforms to run a test with.
type suite struct {
	encr  ipsec.Encr
	integ ipsec.IntegID
}

func (s suite) String() string { return s.encr.String() + "/" + s.integ.String() }

// suites are all that a packet can be protected with.
func suites() []suite {
	var out []suite
	encrs := []ipsec.Encr{{ID: ipsec.EncrDES}, {ID: ipsec.Encr3DES}, {ID: ipsec.EncrNULL},
		aes(ipsec.EncrAESCBC, 128), aes(ipsec.EncrAESCBC, 192), aes(ipsec.EncrAESCBC, 256),
		aes(ipsec.EncrAESCTR, 128), aes(ipsec.EncrAESCTR, 192), aes(ipsec.EncrAESCTR, 256)}
	for _, e := range encrs {
		for _, i := range []ipsec.IntegID{ipsec.IntegMD5, ipsec.IntegSHA1, ipsec.IntegSHA256, ipsec.IntegSHA384, ipsec.IntegSHA512} {
			out = append(out, suite{e, i})
		}
	}
	for _, bits := range []uint16{128, 192, 256} {
		for _, id := range []ipsec.EncrID{ipsec.EncrAESGCM8, ipsec.EncrAESGCM12, ipsec.EncrAESGCM16, ipsec.EncrAESGMAC} {
			out = append(out, suite{aes(id, bits), ipsec.IntegNone})
		}
	}
	return append(out, suite{ipsec.Encr{ID: ipsec.EncrChaCha20Poly1305}, ipsec.IntegNone})
}

func aes(id ipsec.EncrID, bits uint16) ipsec.Encr { return ipsec.Encr{ID: id, KeyBits: bits} }

var (
	gcm128  = suite{aes(ipsec.EncrAESGCM16, 128), ipsec.IntegNone}
	cbcSHA1 = suite{aes(ipsec.EncrAESCBC, 128), ipsec.IntegSHA1}
	ctrSHA1 = suite{aes(ipsec.EncrAESCTR, 128), ipsec.IntegSHA1}
	chacha  = suite{ipsec.Encr{ID: ipsec.EncrChaCha20Poly1305}, ipsec.IntegNone}
	desSHA1 = suite{ipsec.Encr{ID: ipsec.Encr3DES}, ipsec.IntegSHA1}
	plainly = suite{ipsec.Encr{ID: ipsec.EncrNULL}, ipsec.IntegSHA256} // what it carries can be read and changed
)

func (s suite) params() Params {
	return Params{SPI: 0x1234abcd, Encr: s.encr, Integ: s.integ,
		EncrKey: octets(1, s.encr.KeyLen()), IntegKey: octets(2, s.integ.KeyLen()), Window: 64}
}

// pair are both ends of an association.
func pair(t testing.TB, p Params) (*Outbound, *Inbound) {
	t.Helper()
	out, err := NewOutbound(p, stream(3))
	require.NoError(t, err)
	in, err := NewInbound(p)
	require.NoError(t, err)
	return &out, &in
}

// jump makes n the last sequence number that out has used and, with a window,
// the highest that in has accepted.
func jump(out *Outbound, in *Inbound, n uint64) {
	out.seq = n
	in.window.update(n)
}

// forge seals what a test has changed in a packet of the suite plainly.
func forge(out *Outbound, pkt []byte, change func(plain []byte)) {
	change(pkt[headerLen : len(pkt)-out.cipher.ICVLen()])
	out.cipher.SealWith(pkt, headerLen, out.extra())
}
