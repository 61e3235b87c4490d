package ipsec

import (
	"bytes"
	"crypto/sha256"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestVectorsAreClean: SHA-256 behind each operation of ML-KEM is as fast as it is without. Where
// the upper halves of the vector registers stay in use, an Emerald Rapids takes 100 times as long.
func TestVectorsAreClean(t *testing.T) {
	g := Group(36)
	i, err := g.Initiate(bytes.NewReader(make([]byte, 64)))
	require.NoError(t, err)
	var r *KeyExchange
	for _, op := range []struct {
		name string
		do   func() error
	}{
		{"key generation", func() error { i.Public(); return nil }},
		{"encapsulation", func() (err error) {
			r, err = g.Respond(bytes.NewReader(make([]byte, 32)), i.Public())
			r.Public()
			return err
		}},
		{"decapsulation", func() (err error) { i.Answered(r.Public()); _, err = i.Secret(); return err }},
	} {
		require.NoError(t, op.do())
		after := fastestSHA256()
		cleanVectors()
		require.Less(t, after, 10*fastestSHA256(), op.name)
	}
}

// fastestSHA256 is how long SHA-256 of 4,096 octets takes when nobody disturbs it.
func fastestSHA256() time.Duration {
	best, octets := time.Hour, make([]byte, 4096)
	for range 20 {
		start := time.Now()
		sha256.Sum256(octets)
		best = min(best, time.Since(start))
	}
	return best
}
