package ipsec

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"ikelab/ipsec/spd"

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

// params are of an association that carries everything.
func (s suite) params() Params {
	return Params{
		SPI: 0x1234abcd, Src: netip.MustParseAddr("10.0.0.1"), Dst: netip.MustParseAddr("10.0.0.2"),
		Encr: s.encr, Integ: s.integ,
		EncrKey: octets(1, s.encr.KeyLen()), IntegKey: octets(2, s.integ.KeyLen()),
		Local: []spd.Selector{spd.AnyIPv4()}, Remote: []spd.Selector{spd.AnyIPv4()}, Window: 64,
	}
}

// pair are both ends of p, where p is seen from the sender.
func pair(t testing.TB, p Params) (*Outbound, *Inbound) {
	t.Helper()
	out, err := NewOutbound(p, stream(3))
	require.NoError(t, err)
	q := p
	q.Local, q.Remote = p.Remote, p.Local
	in, err := NewInbound(q)
	require.NoError(t, err)
	return out, in
}

// packet is an IPv4 packet of n octets from 192.168.1.1 to 192.168.2.1 with a
// UDP header and a valid header checksum.
func packet(n int) []byte {
	p := make([]byte, n)
	copy(p, []byte{0x45, 0, 0, 0, 0, 7, 0, 0, 64, 17, 0, 0, 192, 168, 1, 1, 192, 168, 2, 1})
	binary.BigEndian.PutUint16(p[2:], uint16(n))
	for i := ipHeaderLen; i < n; i++ {
		p[i] = byte(i)
	}
	fixChecksum(p)
	return p
}

func fixChecksum(p []byte) {
	p[10], p[11] = 0, 0
	binary.BigEndian.PutUint16(p[10:], foldChecksum(addChecksum(0, p[:ipHeaderLen])))
}

func requireChecksum(t testing.TB, p []byte) {
	t.Helper()
	require.Zero(t, foldChecksum(addChecksum(0, p[:int(p[0]&15)*4])), "header checksum of % x", p[:ipHeaderLen])
}

var (
	gcm128  = suite{Encr{EncrAESGCM16, 128}, IntegNone}
	cbcSHA1 = suite{Encr{EncrAESCBC, 128}, IntegSHA1}
	desSHA1 = suite{Encr{ID: Encr3DES}, IntegSHA1}
)
