package ipsec

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkDH is the bare cost of a group's two operations, which handshakes
// are measured against.
func BenchmarkDH(b *testing.B) {
	for _, g := range allGroups {
		peer, err := g.Initiate(stream(1))
		require.NoError(b, err)
		public := peer.Public()
		b.Run(g.String(), func(b *testing.B) {
			random := stream(2)
			for b.Loop() {
				k, err := g.Initiate(random)
				if err != nil {
					b.Fatal(err)
				}
				k.Public()
				if _, err := secretWith(k, public); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
