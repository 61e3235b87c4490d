package ipsec

import (
	"bytes"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var mlkemGroups = []Group{35, 36, 37}

// TestMLKEMVectors: NIST's cases, through the two roles of a key exchange.
func TestMLKEMVectors(t *testing.T) {
	text, err := os.ReadFile("testdata/mlkem.txt")
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		number, err := strconv.Atoi(f[1])
		require.NoError(t, err)
		g := Group(number)
		t.Run(strings.Join(f[:3], " "), func(t *testing.T) {
			if f[0] == "keygen" {
				k, err := g.Initiate(bytes.NewReader(unhex(t, f[3])))
				require.NoError(t, err)
				require.Equal(t, unhex(t, f[4]), k.Public())
				return
			}
			k, err := g.Respond(bytes.NewReader(unhex(t, f[4])), unhex(t, f[3]))
			require.NoError(t, err)
			require.Equal(t, unhex(t, f[5]), k.Public())
			secret, err := k.Secret()
			require.NoError(t, err)
			require.Equal(t, unhex(t, f[6]), secret)
		})
	}
}

// The initiator sends an encapsulation key, the responder a ciphertext
// (draft-ietf-ipsecme-ikev2-mlkem): they have the lengths of FIPS 203,
// table 3, and both ends come to one secret of 32 octets.
func TestMLKEMAgrees(t *testing.T) {
	for g, octets := range map[Group][2]int{35: {800, 768}, 36: {1184, 1088}, 37: {1568, 1568}} {
		a, err := g.Initiate(stream(1))
		require.NoError(t, err)
		require.Len(t, a.Public(), octets[0])
		require.Equal(t, octets[0], g.PublicLen())
		b, err := g.Respond(stream(2), a.Public())
		require.NoError(t, err)
		require.Len(t, b.Public(), octets[1])
		ba, err := b.Secret()
		require.NoError(t, err)
		ab, err := secretWith(a, b.Public())
		require.NoError(t, err)
		require.Equal(t, ab, ba)
		require.Len(t, ab, 32)
	}
}

// TestMLKEMChecks: an encapsulation key is checked as FIPS 203 7.2 wants (its length, and
// that every coefficient is below 3329), a ciphertext by its length (7.3): another one
// gives a secret that nobody has, and no error.
func TestMLKEMChecks(t *testing.T) {
	for _, g := range mlkemGroups {
		a, err := g.Initiate(stream(1))
		require.NoError(t, err)
		strange := bytes.Clone(a.Public())
		strange[0], strange[1] = 0xff, 0xff
		for _, key := range [][]byte{nil, a.Public()[1:], append(a.Public(), 0), strange} {
			b, err := g.Respond(stream(2), key)
			require.NoError(t, err)
			require.Empty(t, b.Public())
			_, err = b.Secret()
			require.ErrorIs(t, err, ErrPublic)
		}
		b, err := g.Respond(stream(2), a.Public())
		require.NoError(t, err)
		ciphertext := b.Public()
		_, err = secretWith(a, ciphertext[1:])
		require.ErrorIs(t, err, ErrPublic)
		right, err := secretWith(a, ciphertext)
		require.NoError(t, err)
		ciphertext[0] ^= 1
		wrong, err := secretWith(a, ciphertext)
		require.NoError(t, err)
		require.NotEqual(t, right, wrong)
	}
}
