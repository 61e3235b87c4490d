package ip

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestHeaderChecksum: the short way for headers without options gives what Sum gives, carries and all.
func TestHeaderChecksum(t *testing.T) {
	random := rand.New(rand.NewChaCha8([32]byte{5}))
	for range 200_000 {
		var h [HeaderLen]byte
		for i := 0; i < len(h); i += 4 {
			if n := random.Uint32(); n&3 > 0 { // many of all ones, which carry
				binary.BigEndian.PutUint32(h[i:], n)
			} else {
				binary.BigEndian.PutUint32(h[i:], 0xffffffff)
			}
		}
		h[0] = plainHeader
		require.Equal(t, Checksum(h[:]), headerChecksum(h[:]), "% x", h)
	}
}
