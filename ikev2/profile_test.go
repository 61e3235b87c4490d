package ikev2

import (
	"crypto/x509"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/pki"
	"ikelab/ikev2/wire"
)

// The profile of RFC 4945 in messages: sections 3 and 4.

// "Implementations MUST be able to deal with receiving CERTREQs with unsupported Certificate Types." "...
// with undecodable Certification Authority fields." "Implementations MUST NOT assume that CERTREQs are
// ordered in any way." (RFC 4945 3.2.8) And of CERT: "Implementations MUST be able to deal with receiving
// CERTs with unrecognized or unsupported Certificate Types." (3.3.10.1) "Implementations MUST be prepared
// to receive certificates and CRLs that are not relevant to the current exchange." (3.3.10.5)
func TestPapersOfEveryKind(t *testing.T) {
	p := papersLab{t}
	ca, other := p.root("cn=ROOT", 1), p.root("cn=OTHER", 2)
	asks := func(encoding byte, data []byte) wire.Payload {
		return &wire.CertReq{Encoding: encoding, Data: data}
	}
	ours, theirs := pki.KeyHash(ca.Certificate), pki.KeyHash(other.Certificate)
	c := p.credential(ca, "p256", 0)
	for name, list := range map[string][]wire.Payload{
		"types beside": {asks(7, []byte("a list")), asks(1, nil), asks(99, ours), asks(certX509, ours), asks(wire.CertHashAndURL, theirs)},
		"no hashes":    {asks(certX509, ours), asks(certX509, []byte("an odd end"))},
		"backwards":    {asks(certX509, theirs), asks(certX509, slices.Concat(theirs, theirs, ours))},
	} {
		w := &papers{}
		w.readRequests(&wire.Message{Payloads: list})
		require.True(t, w.wants(c), name)
	}
	for _, list := range [][]wire.Payload{{asks(certX509, []byte("none"))}, {asks(7, ours)}, {asks(certX509, nil)}} {
		w := &papers{}
		w.readRequests(&wire.Message{Payloads: list})
		require.False(t, w.wants(c))
		require.Equal(t, c, (&Profile{AuthLocal: certified, Certificates: Certificates{Credentials: []*Credential{c}}}).credential(w), "what is asked for is a hint")
	}
	w := &papers{}
	cert := func(encoding byte, data []byte) wire.Payload {
		return &wire.Cert{Encoding: encoding, Data: data}
	}
	w.readChain(&wire.Message{Payloads: []wire.Payload{
		cert(7, []byte("a list")), cert(99, []byte("?")), cert(certX509, c.Chain[0].Raw), cert(certX509, other.Certificate.Raw), cert(8, nil), cert(certX509, c.Chain[0].Raw), cert(certX509, []byte("no certificate")),
	}})
	require.Nil(t, w.fault)
	require.Equal(t, []*x509.Certificate{c.Chain[0], other.Certificate}, w.chain)
}

// "When in-band exchange of certificate keying materials is desired, implementations MUST inform the peer
// of this by sending at least one CERTREQ." (RFC 4945 3.2.6) "implementations SHOULD generate CERTREQs for
// every peer trust anchor that local policy explicitly deems trusted during a given exchange" (3.2.7.1)
// "Implementations SHOULD NOT send duplicate CERTREQs during an exchange." (3.2.9.1) "Implementations SHOULD
// NOT send duplicate CERTs during an exchange." (3.3.11.1) "In IKEv2, the CERT payload MUST be in messages 3
// and 4." (4.3.2)
func TestWhereCertificatesStand(t *testing.T) {
	p := papersLab{t}
	ca, other := p.root("cn=ROOT", 1), p.root("cn=OTHER", 2)
	both := func(x *testPolicy) {
		more := *x.Profiles[0]
		more.Name, more.MatchRemote = "ANOTHER", []IdentityMatch{{Identity: named(wire.IDFQDN, "another")}}
		more.Anchors = append(slices.Clone(more.Anchors), &pki.Anchor{Trustpoint: "OTHER", CA: other.Certificate})
		x.Profiles = append(x.Profiles, &more)
		x.Profiles[0].Anchors = append(x.Profiles[0].Anchors, &pki.Anchor{Trustpoint: "AGAIN", CA: ca.Certificate})
	}
	c := newTalk(t)
	c.end("A").configure(testConfig(0, with(p.credential(ca, "p256", 0), ca, both)))
	c.end("B").configure(testConfig(1, with(p.credential(ca, "p256", 1), ca, both)))
	c.acquire(0)
	ours, theirs := pki.KeyHash(ca.Certificate), pki.KeyHash(other.Certificate)
	for i, row := range []struct {
		from string
		asks [][]byte
		cert int
	}{{"A", nil, 0}, {"B", [][]byte{ours, theirs}, 0}, {"A", [][]byte{ours}, 1}, {"B", nil, 1}} {
		l := c.next()
		c.posted = append(c.posted, l)
		require.Equal(t, row.from, endNames[l.from])
		m := c.peers[l.from].message(l.Datagram)
		requests := slices.Collect(wire.All[*wire.CertReq](m))
		require.Len(t, requests, flag(row.asks != nil), "message %d", i+1)
		if row.asks != nil {
			require.EqualValues(t, certX509, requests[0].Encoding)
			require.ElementsMatch(t, row.asks, slices.Collect(slices.Chunk(requests[0].Data, 20)))
		}
		require.Len(t, slices.Collect(wire.All[*wire.Cert](m)), row.cert, "message %d", i+1)
	}
	c.settle()
	c.requireProved([2]string{"ECDSA", "ECDSA"})
}

// "Implementations MUST NOT populate ID with the Subject from the end-entity certificate if it is empty"
// (RFC 4945 3.1.5): `identity local dn` needs a certificate with a name in it. One without is good for any
// other identity (5.1.2.1).
func TestCertificateWithoutSubject(t *testing.T) {
	p := papersLab{t}
	ca := p.root("cn=ROOT", 1)
	k := p.key("p256", 30)
	bare := &Credential{Trustpoint: "CA", Key: k, Chain: []*x509.Certificate{p.sign(ca, &pki.Subject{AltHosts: []string{"r1.example.com"}}, "", k, p.terms(30))}}
	require.Equal(t, "0\x00", string(bare.Chain[0].RawSubject))
	b := p.credential(ca, "p256", 1)
	outcomeOf(t, with(bare, ca, fqdn("r1.example.com")), with(b, ca)).requireProved([2]string{"ECDSA", "ECDSA"})
	dn := func(x *testPolicy) { x.Profiles[0].SubjectID = true }
	l := outcomeOf(t, with(bare, ca, dn), with(b, ca))
	require.Empty(t, l.peers[1].SAs())
	require.Equal(t, CauseNoCertificate, l.peers[0].Diagnoses()[0].Cause)
	named := func(x *testPolicy) {
		x.Profiles[0].SubjectID, x.Profiles[0].Credentials = true, []*Credential{bare, p.credential(ca, "p256", 0)}
	}
	l = outcomeOf(t, with(nil, ca, named), with(b, ca))
	l.requireProved([2]string{"ECDSA", "ECDSA"})
	require.Equal(t, wire.IDDERASN1DN, l.peers[1].SAs()[0].RemoteID.Kind)
}

// "When calculating the digital signature, a peer MUST pick one algorithm sent by the other peer." "If both
// ends send and receive SIGNATURE_HASH_ALGORITHMS Notify payloads, and signature authentication is to be
// used, then the authentication method specified in this Authentication payload MUST be used." (RFC 7427 3,
// 4) Numbers that nobody knows, and half a number, are passed over.
func TestHashesThatThePeerKnows(t *testing.T) {
	p := papersLab{t}
	ca := p.root("cn=ROOT", 1)
	for name, row := range map[string]struct {
		said []byte
		none bool
		hash string
	}{
		"SHA-384": {said: []byte{0, 3}, hash: "\x04\x03\x03"}, "SHA-512 and others": {said: []byte{4, 7, 0, 4, 0}, hash: "\x04\x03\x04"}, "SHA-1": {said: []byte{0, 1}, hash: "\x04\x01"}, "none that we know": {said: []byte{4, 7}, none: true},
	} {
		c := newTalk(t)
		c.end("A").configure(testConfig(0, with(p.credential(ca, "p256", 0), ca)))
		c.end("B").configure(testConfig(1, with(p.credential(ca, "p256", 1), ca)))
		c.acquire(0)
		c.pass(1)
		m := parsed(t, c.hold(c.wantSend("B", "IKE_SA_INIT response 0 { ... N(SIGNATURE_HASH_ALGORITHMS) ... }")))
		c.forge("A", plain(m.Header, saying(m.Payloads, wire.SIGNATURE_HASH_ALGORITHMS, row.said)...))
		if row.none {
			c.settle()
			require.Equal(t, CauseNoMethod, c.end("A").Diagnoses()[0].Cause, name)
			continue
		}
		auth, _ := wire.Get[*wire.Auth](c.end("A").message(c.next().Datagram))
		require.Equal(t, wire.AuthDigital, auth.Method, name)
		algorithm := string(auth.Data[1 : 1+int(auth.Data[0])])
		require.Contains(t, algorithm, "\x2a\x86\x48\xce\x3d"+row.hash, name)
	}
}
