package esp

import (
	"math"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ipsec"
)

// TestMemory: both directions of a tunnel keep less than 6 KiB with any suite,
// of the 64 that a router with a tunnel may take.
func TestMemory(t *testing.T) {
	const pairs, limit = 50, 6 << 10
	for _, s := range suites() {
		kept := make([]any, 0, 2*pairs)
		iv := stream(1)
		p := s.params()
		before := heap()
		for range pairs {
			out, err := NewOutbound(p, iv)
			require.NoError(t, err)
			in, err := NewInbound(p)
			require.NoError(t, err)
			kept = append(kept, out, in)
		}
		each := int(heap()-before) / pairs
		require.Less(t, each, limit, s)
		runtime.KeepAlive(kept)
	}
}

// heap is the memory in use after a collection.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// bare is the cipher of an association, without the packet around it.
func bare(t testing.TB, s suite) *ipsec.Cipher {
	p := s.params()
	c, err := ipsec.NewCipher(p.Encr, p.Integ, p.EncrKey, p.IntegKey)
	require.NoError(t, err)
	return &c
}

// BenchmarkShare times Seal and Open in turns with the bare cipher, and
// compares the best turn of each: on a shared machine only that holds still.
func BenchmarkShare(b *testing.B) {
	for _, s := range []suite{gcm128, chacha, ctrSHA1, cbcSHA1, desSHA1} {
		b.Run(s.String(), func(b *testing.B) {
			const turn = 20 // packets
			out, in := pair(b, s.params())
			seal, open := bare(b, s), bare(b, s)
			inner, sealed, opened := octets(7, 1400), make([]byte, 0, 2048), make([]byte, 0, 2048)
			pkt := make([]byte, 1400+out.Overhead(1400))
			whole, bare := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
			for b.Loop() {
				start := b.Elapsed()
				for range turn {
					outer, _ := out.Seal(sealed, inner, 4)
					if _, _, err := in.Open(opened, outer); err != nil {
						b.Fatal(err)
					}
				}
				middle := b.Elapsed()
				for range turn {
					seal.Seal(pkt, headerLen)
					if _, err := open.Open(opened, pkt, headerLen); err != nil {
						b.Fatal(err)
					}
				}
				whole, bare = min(whole, middle-start), min(bare, b.Elapsed()-middle)
			}
			b.ReportMetric(float64(bare)/float64(whole), "of-bare")
			b.ReportMetric(float64(whole.Nanoseconds())/turn, "ns/packet")
		})
	}
}
