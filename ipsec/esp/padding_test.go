package esp

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ipsec"
)

// "The Padding bytes are initialized with a series of (unsigned, 1-byte) integer values.
// The first padding byte appended to the plaintext is numbered 1, with subsequent padding
// bytes making up a monotonically increasing sequence: 1, 2, 3, ...." (RFC 4303, section
// 2.4) and no more of them than fill a block of four octets.
func TestPadding(t *testing.T) {
	for n := range 40 {
		out, in := pair(t, plainly.params())
		pkt, err := out.Seal(nil, octets(7, n), 4)
		require.NoError(t, err)
		trailer := pkt[headerLen+n : len(pkt)-out.cipher.ICVLen()]
		padding := trailer[:len(trailer)-trailerLen]
		require.Less(t, len(padding), 4)
		for i, b := range padding {
			require.EqualValues(t, i+1, b)
		}
		require.Equal(t, []byte{byte(len(padding)), 4}, trailer[len(padding):])
		_, _, err = in.Open(nil, pkt)
		require.NoError(t, err)
	}
}

// "This service MUST NOT be enabled unless the ESP integrity service also is enabled for
// the SA, because otherwise the Sequence Number field has not been integrity protected."
// (RFC 4303, section 3.4.3) Whoever sends a high number would close the window.
func TestNoWindowWithoutIntegrity(t *testing.T) {
	out, in := pair(t, suite{aes(ipsec.EncrAESCBC, 128), ipsec.IntegNone}.params())
	first, err := out.Seal(nil, octets(7, 60), 4)
	require.NoError(t, err)
	forged := append([]byte(nil), first...)
	forged[4], forged[5] = 0xff, 0xff
	_, _, _ = in.Open(nil, forged)
	second, err := out.Seal(nil, octets(7, 60), 4)
	require.NoError(t, err)
	for _, pkt := range [][]byte{second, first, first} {
		_, _, err = in.Open(nil, pkt)
		require.NoError(t, err)
	}
}
