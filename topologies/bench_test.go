package topologies

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkPairs brings up 400 tunnels of group 19; profile it with
// -cpuprofile.
func BenchmarkPairs(b *testing.B) {
	t := pairs(400, "encryption aes-cbc-128\nintegrity sha256\ngroup 19", "esp-aes esp-sha256-hmac")
	for range b.N {
		b.StopTimer()
		l, err := Build(t, Options{Seed: 1, Quiet: true})
		require.NoError(b, err)
		b.StartTimer()
		require.NoError(b, l.bringUp())
	}
}

// BenchmarkForward sends packets of 1400 octets through two routers and a
// tunnel.
func BenchmarkForward(b *testing.B) {
	for _, s := range espSuites {
		b.Run(s.name, func(b *testing.B) {
			p, err := newRoute(s.esp)
			require.NoError(b, err)
			b.ReportAllocs()
			b.ResetTimer()
			p.push(b.N)
			require.Equal(b, b.N+1, p.received)
		})
	}
}
