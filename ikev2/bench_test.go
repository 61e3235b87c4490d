package ikev2

import (
	"math/rand/v2"
	"testing"
	"time"

	"ikelab/ikev2/keys"
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

// BenchmarkCertificates is the same with certificates of one authority at both ends. "bare" is what
// the public-key operations of it cost by themselves: both ends' key exchange, two signatures, and for
// each of them that of AUTH and that of the certificate verified.
func BenchmarkCertificates(b *testing.B) {
	p := papersLab{b}
	ca := p.root("cn=ROOT", 1)
	for _, kind := range []string{"rsa2048", "p256"} {
		ends := [2]*Credential{p.credential(ca, kind, 0), p.credential(ca, kind, 1)}
		b.Run(kind, func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				l := newLab(b, 1, quick, usualSuite)
				for i, p := range l.peers {
					p.recording.details = func() bool { return false }
					p.configure(testConfig(i, with(ends[i], ca, usualSuite)))
				}
				b.StartTimer()
				l.acquire(0)
				l.run(2 * time.Second)
				if len(l.peers[0].pairs) != 1 || len(l.peers[1].pairs) != 1 {
					b.Fatal("no pair")
				}
			}
		})
		b.Run(kind+"/bare", func(b *testing.B) {
			random := rand.NewChaCha8([32]byte{1})
			for range b.N {
				x, _ := ipsec.Group(19).Initiate(random)
				y, _ := ipsec.Group(19).Respond(random, x.Public())
				x.Answered(y.Public())
				_, _ = x.Secret()
				_, _ = y.Secret()
				for _, end := range ends {
					s, _ := keys.SchemeFor(end.Key, keys.HashNumbers, false)
					r := keys.Job{Signing: &keys.Signing{Key: end.Key, Scheme: s, Octets: make([]byte, 300)}}.Run()
					if _, err := keys.VerifySignature(end.Key.Public(), s.Method, r.Octets, make([]byte, 300)); err != nil {
						b.Fatal(err)
					}
					if err := end.Chain[0].CheckSignatureFrom(ca.Certificate); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
