package bench

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/topologies/lab"
)

// BenchmarkPairs brings up tunnels; profile it with -cpuprofile.
func BenchmarkPairs(b *testing.B) {
	for _, g := range handshakeGroups {
		b.Run(fmt.Sprintf("group%d", uint16(g.group)), func(b *testing.B) {
			t := pairs(g.count, handshakeSuite(g.group), "esp-aes esp-sha256-hmac")
			for range b.N {
				b.StopTimer()
				l, err := lab.Build(t, lab.Options{Seed: 1})
				require.NoError(b, err)
				l.Sim.Run(t.Clock.Add(booted))
				b.StartTimer()
				require.NoError(b, bringUp(l))
			}
			b.ReportMetric(float64(g.count*b.N)/b.Elapsed().Seconds(), "handshakes/s")
		})
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
