package bench

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/topologies/lab"
)

// BenchmarkPairs brings up tunnels; profile it with -cpuprofile.
func BenchmarkPairs(b *testing.B) {
	for _, g := range handshakes {
		b.Run(strings.ReplaceAll(strings.TrimPrefix(g.name(), "handshake "), " ", ""), func(b *testing.B) {
			t := pairs(g.count, g.suite(), "esp-aes esp-sha256-hmac")
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

// "Two expected attacks against IKE are state and CPU exhaustion, where the
// target is flooded with session initiation requests from forged IP addresses."
// (RFC 7296 2.6) A small flood; `ikelab bench flood` is the big one.
func TestFlood(t *testing.T) {
	s, err := newSiege(Host{}, 20, "")
	require.NoError(t, err)
	host := Host{Now: time.Now, Heap: heapInUse}
	wall, memory := s.run(host, 20_000, 2)
	t.Logf("%d requests in %.2f s, %.1f MiB", s.peer.Flooded(), wall, memory)
	require.Equal(t, 40_000, s.peer.Flooded())
	require.Less(t, memory, 16.0)
	require.Equal(t, s.sent, s.answered, "echoes")
	require.True(t, up(s.Lab))
	s.Sim.Run(s.Sim.Now().Add(time.Minute))
	sas, _ := s.Router("HUB").SAs()
	require.Len(t, sas, 20, "half-open SAs are dropped")
}

// A flood of spoofed requests reaches no further than the mark from which on
// cookies are asked for, and who answers comes up during it (RFC 7296 2.6).
func TestFloodWithCookies(t *testing.T) {
	s, err := newSiege(Host{}, 5, asksCookies)
	require.NoError(t, err)
	s.newcomer()
	s.run(Host{Now: time.Now, Heap: heapInUse}, 10_000, 9)
	require.Equal(t, 1, s.joined)
	require.Equal(t, s.sent, s.answered, "echoes")
	require.True(t, up(s.Lab))
}

func heapInUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkForward sends packets of 1400 octets through two routers and a
// tunnel.
func BenchmarkForward(b *testing.B) {
	for _, s := range espSuites {
		b.Run(s.name, func(b *testing.B) {
			p, err := newRoute(s.esp, way{})
			require.NoError(b, err)
			b.ReportAllocs()
			b.ResetTimer()
			p.push(b.N)
			require.Equal(b, b.N+1, p.received)
		})
	}
}

// BenchmarkFamilies is BenchmarkForward of either family: IPv6 must be within 10 % of IPv4.
func BenchmarkFamilies(b *testing.B) {
	for _, w := range []way{{}, {six: true}} {
		b.Run(map[bool]string{false: "IPv4", true: "IPv6"}[w.six], func(b *testing.B) {
			p, err := newRoute(espSuites[0].esp, w)
			require.NoError(b, err)
			b.ReportAllocs()
			b.ResetTimer()
			p.push(b.N)
			require.Equal(b, b.N+1, p.received)
		})
	}
}

// TestUDPRoute: the benchmark's two routes differ by the UDP header of each packet.
func TestUDPRoute(t *testing.T) {
	var octets [2]uint64
	for i, profile := range []string{"", forceUDP} {
		p, err := newRoute("esp-gcm", way{profile: profile})
		require.NoError(t, err)
		port := p.lab.Sim.Port("R1:Ethernet0/0")
		before := port.Counters().SentOctets
		p.push(100)
		require.Equal(t, 101, p.received)
		octets[i] = port.Counters().SentOctets - before
	}
	require.Equal(t, octets[0]+100*8, octets[1])
}
