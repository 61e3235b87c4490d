package crypto

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ipsec"
	"ikelab/ipsec/esp"
	"ikelab/ipsec/spd"
	"ikelab/router/ip"
)

// params are of an association in GCM, or in NULL where a test looks into it.
func params(encr ipsec.EncrID) esp.Params {
	p := esp.Params{SPI: 0x1234abcd, Window: 64, Encr: ipsec.Encr{ID: encr}}
	switch encr {
	case ipsec.EncrAESGCM16:
		p.Encr.KeyBits = 128
	default:
		p.Integ = ipsec.IntegSHA1
	}
	p.EncrKey, p.IntegKey = bytes.Repeat([]byte{7}, p.Encr.KeyLen()), bytes.Repeat([]byte{9}, p.Integ.KeyLen())
	return p
}

var (
	everything = []spd.Selector{spd.AnyIPv4()}
	outside    = Encapsulation{Src: netip.MustParseAddr("10.0.0.1"), Dst: netip.MustParseAddr("10.0.0.2"), TTL: 255}
)

func random() *rand.ChaCha8 { return rand.NewChaCha8([32]byte{3}) }

// ends are both ends of an association.
func ends(t testing.TB, p esp.Params, from, to []spd.Selector) (*sealer, *opener) {
	t.Helper()
	s, err := newSealer(Params{Params: p, Local: from, Remote: to, Encapsulation: outside}, random())
	require.NoError(t, err)
	o, err := newOpener(Params{Params: p, Local: to, Remote: from, Encapsulation: outside})
	require.NoError(t, err)
	return &s, &o
}

// packet is an IPv4 packet of n octets from 192.168.1.1 to 192.168.2.1 with a
// UDP header and a valid header checksum.
func packet(n int) []byte {
	p := make([]byte, n)
	copy(p, []byte{0x45, 0, 0, 0, 0, 7, 0, 0, 64, 17, 0, 0, 192, 168, 1, 1, 192, 168, 2, 1})
	binary.BigEndian.PutUint16(p[2:], uint16(n))
	for i := ip.HeaderLen; i < n; i++ {
		p[i] = byte(i)
	}
	fixChecksum(p)
	return p
}

func fixChecksum(p []byte) {
	p[10], p[11] = 0, 0
	binary.BigEndian.PutUint16(p[10:], ip.Fold(ip.Sum(0, p[:ip.HeaderLen])))
}

func requireChecksum(t testing.TB, p []byte) {
	t.Helper()
	require.Zero(t, ip.Fold(ip.Sum(0, p[:int(p[0]&15)*4])), "header checksum of % x", p[:ip.HeaderLen])
}

// errNoESP: the stack would not have handed the packet over, or Crypto.receive would refuse it.
var errNoESP = errors.New("no esp packet")

// taken has an opener take an outer packet as Crypto.receive does.
func taken(o *opener, dst, pkt []byte) ([]byte, error) {
	n, ok := packetLen(pkt)
	if !ok {
		return nil, errNoESP
	}
	proto, at, piece := ip.Body(pkt[:n])
	if piece || at > n {
		return nil, errNoESP
	}
	body := espOf(proto, pkt[at:n])
	if len(body) < minESP {
		return nil, errNoESP
	}
	return o.open(dst, pkt[:n], body)
}
