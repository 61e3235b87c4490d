package ikev2

import (
	"testing"
	"time"

	"ikelab/ipsec"
)

// usualSuite is the suite of the scale benchmarks.
func usualSuite(c *testPolicy) {
	c.Proposals[0].Encr = []ipsec.Encr{{ID: ipsec.EncrAESCBC, KeyBits: 128}}
	c.Proposals[0].PRF, c.Proposals[0].Integ = []ipsec.PRFID{ipsec.PRFSHA256}, []ipsec.IntegID{ipsec.IntegSHA256}
}

// BenchmarkHandshake is both ends of IKE_SA_INIT and IKE_AUTH of two engines,
// with the suite of the scale benchmarks.
func BenchmarkHandshake(b *testing.B) {
	b.ReportAllocs()
	for range b.N {
		b.StopTimer()
		l := newLab(b, 1, quick, usualSuite)
		for _, p := range l.peers {
			p.recording.details = func() bool { return false }
		}
		b.StartTimer()
		l.acquire(0)
		l.run(2 * time.Second)
		if len(l.peers[0].pairs) != 1 || len(l.peers[1].pairs) != 1 {
			b.Fatal("no pair")
		}
	}
}
