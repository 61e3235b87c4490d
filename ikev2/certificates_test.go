package ikev2

import (
	"crypto/x509"
	"fmt"
	"maps"
	"math/big"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/keys"
	"ikelab/ikev2/pki"
	"ikelab/ikev2/wire"
)

// RFC 7296 2.15 and 3.6, RFC 7427, RFC 4945.

// papersLab makes authorities and routers' certificates.
type papersLab struct{ t testing.TB }

func (p papersLab) key(kind string, seed byte) *keys.PrivateKey {
	random := rand.NewChaCha8([32]byte{seed})
	var k *keys.PrivateKey
	var err error
	switch kind {
	case "rsa":
		k, err = keys.GenerateRSA(1024, random)
	case "rsa2048":
		k, err = keys.GenerateRSA(2048, random)
	case "ed25519":
		k, err = keys.GenerateEd25519(random)
	default:
		var bits int
		_, err = fmt.Sscanf(kind, "p%d", &bits)
		require.NoError(p.t, err)
		k, err = keys.GenerateEC(bits, random)
	}
	require.NoError(p.t, err)
	return k
}

func (p papersLab) terms(serial byte) pki.Terms {
	return pki.Terms{Serial: int64(serial), From: labEpoch.Add(-time.Hour), To: labEpoch.AddDate(1, 0, 0)}
}

func (p papersLab) root(name string, seed byte) *pki.Issuer {
	n, err := pki.ParseName(name)
	require.NoError(p.t, err)
	k := p.key("p256", seed)
	c, err := pki.SelfSigned(&pki.Subject{Name: n}, k, p.terms(1))
	require.NoError(p.t, err)
	return &pki.Issuer{Key: k, Certificate: c}
}

func (p papersLab) below(by *pki.Issuer, name string, seed byte) *pki.Issuer {
	k := p.key("p256", seed)
	terms := p.terms(seed)
	terms.Authority = true
	return &pki.Issuer{Key: k, Certificate: p.sign(by, &pki.Subject{}, name, k, terms)}
}

func (p papersLab) sign(by *pki.Issuer, s *pki.Subject, name string, k *keys.PrivateKey, terms pki.Terms) *x509.Certificate {
	var err error
	s.Name, err = pki.ParseName(name)
	require.NoError(p.t, err)
	req, err := pki.Request(s, k)
	require.NoError(p.t, err)
	c, err := by.Sign(req, terms)
	require.NoError(p.t, err)
	return c
}

// credential is a router's, with a key of a kind.
func (p papersLab) credential(by *pki.Issuer, kind string, end int, edit ...func(*pki.Terms)) *Credential {
	k, terms := p.key(kind, byte(20+end)), p.terms(byte(20+end))
	for _, f := range edit {
		f(&terms)
	}
	s := &pki.Subject{Hostname: fmt.Sprintf("r%d.example.com", end+1), Address: netip.AddrFrom4([4]byte{10, 0, 0, byte(end + 1)})}
	return &Credential{Trustpoint: "CA", Key: k, Chain: []*x509.Certificate{p.sign(by, s, fmt.Sprintf("cn=R%d,o=lab", end+1), k, terms)}}
}

// with is a configuration that authenticates both ends by certificates.
func with(c *Credential, trusted *pki.Issuer, edit ...func(*testPolicy)) func(*testPolicy) {
	return func(t *testPolicy) {
		quick(t)
		p := t.Profiles[0]
		p.AuthLocal, p.AuthRemote = certified, certified
		if c != nil {
			p.Credentials = []*Credential{c}
		}
		p.Anchors = []*pki.Anchor{{Trustpoint: "CA", CA: trusted.Certificate}}
		t.Signatures = true
		for _, f := range edit {
			f(t)
		}
	}
}

func fqdn(name string) func(*testPolicy) {
	return func(t *testPolicy) { t.Profiles[0].LocalID = &Identity{Kind: wire.IDFQDN, Data: []byte(name)} }
}

func serials(list ...int64) (out []*big.Int) {
	for _, n := range list {
		out = append(out, big.NewInt(n))
	}
	return out
}

// outcomeOf brings two ends up.
func outcomeOf(t *testing.T, a, b func(*testPolicy)) *lab {
	l := newLab(t, 1)
	l.peers[0].configure(testConfig(0, a))
	l.peers[1].configure(testConfig(1, b))
	l.acquire(0)
	l.run(5 * time.Second)
	return l
}

func (l *lab) requireProved(words [2]string) {
	l.t.Helper()
	for i, p := range l.peers {
		require.Len(l.t, p.pairs, 1, "%v", p.Diagnoses())
		want := words
		if i == 1 {
			want = [2]string{words[1], words[0]}
		}
		require.Equal(l.t, want, p.SAs()[0].Auth)
	}
}

// requireMethods says by which methods the ends have proved who they are.
func (l *lab) requireMethods(want [2]wire.AuthMethod) {
	l.t.Helper()
	for i, p := range l.peers {
		var got []wire.AuthMethod
		for _, m := range p.clear {
			if auth, ok := wire.Get[*wire.Auth](m); ok {
				got = append(got, auth.Method)
			}
		}
		require.Equal(l.t, want[i:i+1], got)
	}
}

// TestSignatures: whatever key the ends have, they prove by it, in the form that both know.
func TestSignatures(t *testing.T) {
	p := papersLab{t}
	ca := p.root("cn=ROOT", 1)
	for _, c := range []struct {
		a, b    string
		digital bool
		pss     bool
		methods [2]wire.AuthMethod
	}{
		{"rsa", "rsa", false, false, [2]wire.AuthMethod{1, 1}}, {"p256", "p384", false, false, [2]wire.AuthMethod{9, 10}}, {"p521", "rsa", false, false, [2]wire.AuthMethod{11, 1}},
		{"rsa", "rsa", true, false, [2]wire.AuthMethod{14, 14}}, {"rsa", "p256", true, true, [2]wire.AuthMethod{14, 14}},
		{"ed25519", "p384", true, false, [2]wire.AuthMethod{14, 14}}, {"ed25519", "ed25519", true, false, [2]wire.AuthMethod{14, 14}},
	} {
		t.Run(fmt.Sprint(c.a, c.b, c.digital, c.pss), func(t *testing.T) {
			how := func(x *testPolicy) { x.Signatures, x.Profiles[0].PSS = c.digital, c.pss }
			l := outcomeOf(t, with(p.credential(ca, c.a, 0), ca, how), with(p.credential(ca, c.b, 1), ca, how))
			word := map[string]string{"rsa": "RSA", "p256": "ECDSA", "p384": "ECDSA", "p521": "ECDSA", "ed25519": "Ed25519"}
			l.requireProved([2]string{word[c.a], word[c.b]})
			l.requireMethods(c.methods)
		})
	}
}

// A peer that knows nothing of RFC 7427 is not sent what it cannot read: with one end only that
// knows it, the older methods are used, and a key that has none fails before AUTH goes out.
func TestOneEndWithoutRFC7427(t *testing.T) {
	p := papersLab{t}
	ca := p.root("cn=ROOT", 1)
	old := func(x *testPolicy) { x.Signatures = false }
	for i := range 2 {
		edits := [2][]func(*testPolicy){}
		edits[i] = append(edits[i], old)
		l := outcomeOf(t, with(p.credential(ca, "rsa", 0), ca, edits[0]...), with(p.credential(ca, "p256", 1), ca, edits[1]...))
		l.requireProved([2]string{"RSA", "ECDSA"})
		l.requireMethods([2]wire.AuthMethod{wire.AuthRSASignature, wire.AuthECDSA256})
	}
	l := outcomeOf(t, with(p.credential(ca, "ed25519", 0), ca), with(p.credential(ca, "rsa", 1), ca, old))
	require.Empty(t, l.peers[0].pairs)
	require.Equal(t, CauseNoMethod, l.peers[0].Diagnoses()[0].Cause)
}

// TestEachItsMethod: either end may prove itself otherwise (RFC 7296 2.15), by what its profile
// names and by nothing else.
func TestEachItsMethod(t *testing.T) {
	p := papersLab{t}
	ca := p.root("cn=ROOT", 1)
	set := func(local, remote Methods) func(*testPolicy) {
		return func(x *testPolicy) { x.Profiles[0].AuthLocal, x.Profiles[0].AuthRemote = local, remote }
	}
	a, b := p.credential(ca, "rsa", 0), p.credential(ca, "p256", 1)
	l := outcomeOf(t, with(a, ca, set(RSASignature, PreShared)), with(b, ca, set(PreShared, RSASignature)))
	l.requireProved([2]string{"RSA", "PSK"})
	l = outcomeOf(t, with(a, ca, set(PreShared, ECDSASignature)), with(b, ca, set(ECDSASignature, PreShared)))
	l.requireProved([2]string{"PSK", "ECDSA"})
	l = outcomeOf(t, with(a, ca, set(RSASignature, PreShared|ECDSASignature)), with(b, ca, set(ECDSASignature, PreShared|RSASignature)))
	l.requireProved([2]string{"RSA", "ECDSA"})
	for _, c := range []struct {
		a, b  func(*testPolicy)
		end   int
		cause Cause
	}{
		{set(RSASignature, ECDSASignature), set(ECDSASignature, ECDSASignature), 1, CauseNoMethod},
		{set(RSASignature, RSASignature), set(ECDSASignature, RSASignature), 0, CauseNoMethod},
		{set(PreShared, ECDSASignature), set(ECDSASignature, RSASignature), 1, CauseNoMethod},
		{set(RSASignature, ECDSASignature), set(ECDSASignature, PreShared), 1, CauseNoMethod},
		{set(ECDSASignature, certified), set(certified, certified), 0, CauseNoCertificate}, // its key is RSA
		{set(certified, certified), set(RSASignature, certified), 1, CauseNoCertificate},
		{func(x *testPolicy) { x.Profiles[0].Anchors = nil }, set(certified, certified), 0, CauseNoAuthority},
		{set(certified, certified), func(x *testPolicy) { x.Profiles[0].Anchors = nil }, 1, CauseNoAuthority},
	} {
		l := outcomeOf(t, with(a, ca, c.a), with(b, ca, c.b))
		require.Empty(t, l.peers[0].pairs)
		require.True(t, slices.ContainsFunc(l.peers[c.end].Diagnoses(), func(d Diagnosis) bool { return d.Cause == c.cause }), "%v: %v", c.cause, l.peers[c.end].Diagnoses())
	}
}

// TestChains: the authorities between come along, up to four certificates in all ("Implementations MUST
// be capable of being configured to send and accept up to four X.509 certificates", RFC 7296 3.6), and
// the peer knows the root only.
func TestChains(t *testing.T) {
	p := papersLab{t}
	ca := p.root("cn=ROOT", 1)
	sub := p.below(ca, "cn=SUB", 2)
	subsub := p.below(sub, "cn=SUBSUB", 3)
	deep := p.below(subsub, "cn=DEEP", 4)
	a, b := p.credential(deep, "p256", 0), p.credential(sub, "p256", 1)
	a.Chain = append(a.Chain, deep.Certificate, subsub.Certificate, sub.Certificate)
	b.Chain = append(b.Chain, sub.Certificate)
	outcomeOf(t, with(a, ca), with(b, ca)).requireProved([2]string{"ECDSA", "ECDSA"})
}

// TestBadCertificates: each wrong certificate is refused by whoever meets it, initiator or
// responder, for its reason, and the one who has sent it is told AUTHENTICATION_FAILED.
func TestBadCertificates(t *testing.T) {
	p := papersLab{t}
	ca, other := p.root("cn=ROOT", 1), p.root("cn=OTHER", 2)
	sub := p.below(ca, "cn=SUB", 3)
	good := func(end int) *Credential { return p.credential(ca, "p256", end) }
	for _, c := range []struct {
		want pki.Problem
		bad  func(end int) *Credential
		edit func(*testPolicy)   // of the bad one
		wary []func(*testPolicy) // of the other
	}{
		{want: pki.Expired, bad: func(end int) *Credential {
			return p.credential(ca, "p256", end, func(x *pki.Terms) { x.To = labEpoch.Add(-time.Minute) })
		}},
		{want: pki.NotYetValid, bad: func(end int) *Credential {
			return p.credential(ca, "p256", end, func(x *pki.Terms) { x.From = labEpoch.Add(time.Hour) })
		}},
		{want: pki.NotYetValid, bad: good, wary: []func(*testPolicy){func(x *testPolicy) { x.ClockAhead = -48 * time.Hour }}},
		{want: pki.Expired, bad: good, wary: []func(*testPolicy){func(x *testPolicy) { x.ClockAhead = 500 * 24 * time.Hour }}},
		{want: pki.Untrusted, bad: func(end int) *Credential { return p.credential(other, "p256", end) }},
		{want: pki.Untrusted, bad: func(end int) *Credential { return p.credential(sub, "p256", end) }},
		{want: pki.WrongUsage, bad: func(end int) *Credential {
			return p.credential(ca, "p256", end, func(x *pki.Terms) { x.WrongUse = true })
		}},
		{want: pki.WrongName, bad: good, edit: fqdn("someone.example.com")},
		{want: pki.Revoked, bad: good, wary: []func(*testPolicy){func(x *testPolicy) { x.Profiles[0].Anchors[0].CRLs = revokedAll{ca} }}},
		{want: pki.NoRevocation, bad: good, wary: []func(*testPolicy){func(x *testPolicy) { x.Profiles[0].Anchors[0].CRLs = revokedAll{} }}},
	} {
		for end := range 2 {
			t.Run(fmt.Sprint(c.want, " of ", end), func(t *testing.T) {
				sides := [2]func(*testPolicy){with(good(0), ca), with(good(1), ca)}
				edit := c.edit
				if edit == nil {
					edit = func(*testPolicy) {}
				}
				sides[end] = with(c.bad(end), ca, edit)
				sides[1-end] = with(good(1-end), ca, c.wary...)
				l := outcomeOf(t, sides[0], sides[1])
				require.Empty(t, l.peers[0].pairs)
				require.Empty(t, l.peers[1].pairs)
				i := slices.IndexFunc(l.peers[1-end].Diagnoses(), func(d Diagnosis) bool { return d.Cause == CauseBadCertificate })
				require.GreaterOrEqual(t, i, 0, "%v", l.peers[1-end].Diagnoses())
				require.Equal(t, c.want, l.peers[1-end].Diagnoses()[i].Certificate.Problem)
				require.True(t, slices.ContainsFunc(slices.Collect(maps.Values(l.peers[1-end].clear)), func(m *wire.Message) bool { return m.Notify(wire.AUTHENTICATION_FAILED) != nil }))
			})
		}
	}
}

// revokedAll is the list of an authority that has revoked both routers; none: no list can be had.
type revokedAll struct{ by *pki.Issuer }

func (r revokedAll) CRL(now time.Time, _ *x509.Certificate, _ []string) *x509.RevocationList {
	if r.by == nil {
		return nil
	}
	der, err := r.by.Revoke(serials(20, 21), 1, now, now.Add(time.Hour))
	if err != nil {
		return nil
	}
	l, _ := x509.ParseRevocationList(der)
	return l
}

// TestIdentities: a name has to be in the certificate; an address that is not is told and taken,
// as IOS does; `identity local dn` is the subject.
func TestIdentities(t *testing.T) {
	p := papersLab{t}
	ca := p.root("cn=ROOT", 1)
	a, b := p.credential(ca, "p256", 0), p.credential(ca, "p256", 1)
	l := outcomeOf(t, with(a, ca, fqdn("R1.example.com")), with(b, ca, fqdn("r2.example.com")))
	l.requireProved([2]string{"ECDSA", "ECDSA"})
	for i, name := range []string{"r2.example.com", "R1.example.com"} {
		require.Equal(t, Identity{Kind: wire.IDFQDN, Data: []byte(name)}, l.peers[i].SAs()[0].RemoteID)
	}
	dn := func(x *testPolicy) { x.Profiles[0].SubjectID = true }
	l = outcomeOf(t, with(a, ca, dn), with(b, ca, dn))
	l.requireProved([2]string{"ECDSA", "ECDSA"})
	require.Equal(t, Identity{Kind: wire.IDDERASN1DN, Data: a.Chain[0].RawSubject}, l.peers[1].SAs()[0].RemoteID)
	swapped := p.credential(ca, "p256", 1) // has the address of the other
	l = outcomeOf(t, with(swapped, ca), with(b, ca))
	l.requireProved([2]string{"ECDSA", "ECDSA"})
	require.True(t, slices.ContainsFunc(events[CertificateJudged](l.peers[1]), func(j CertificateJudged) bool { return !j.Holds && j.Fault == nil }))
}

// TestCertificateMap: a certificate leads to a profile where the identity does not, and then
// nothing but the certificate proves.
func TestCertificateMap(t *testing.T) {
	p := papersLab{t}
	ca := p.root("cn=ROOT", 1)
	a, b := p.credential(ca, "p256", 0), p.credential(ca, "p256", 1)
	mapped := func(value string) func(*testPolicy) {
		return func(x *testPolicy) {
			x.Profiles[0].MatchRemote = nil
			x.Profiles[0].Maps = []pki.Map{{Name: "M", Rules: []pki.Rule{{Field: "subject-name", Op: "co", Value: value}}}}
			x.Profiles[0].AuthRemote |= PreShared
		}
	}
	outcomeOf(t, with(a, ca), with(b, ca, mapped("cn=r1"))).requireProved([2]string{"ECDSA", "ECDSA"})
	l := outcomeOf(t, with(a, ca), with(b, ca, mapped("cn=r3")))
	require.Equal(t, CauseNoProfile, l.peers[1].Diagnoses()[0].Cause)
	psk := func(x *testPolicy) { x.Profiles[0].AuthLocal = PreShared }
	l = outcomeOf(t, with(a, ca, psk), with(b, ca, mapped("cn=r1")))
	require.Equal(t, CauseNoProfile, l.peers[1].Diagnoses()[0].Cause, "who proves by a key sends no certificate")
}

// TestCertificatesAndPPK: with a PPK that may be missing two proofs are signed (RFC 8784 3).
func TestCertificatesAndPPK(t *testing.T) {
	p := papersLab{t}
	ca := p.root("cn=ROOT", 1)
	ppk := func(x *testPolicy) {
		x.Keyrings[0].Peers[0].PPK = &PPK{ID: "a", Key: []byte("quantum safe")}
		x.Profiles[0].PPKKeyring = "KEYRNG"
	}
	other := func(x *testPolicy) { // NO_PPK_AUTH counts then, by the method of AUTH
		ppk(x)
		x.Keyrings[0].Peers[0].PPK = &PPK{ID: "b", Key: []byte("another")}
	}
	for _, edits := range [][2][]func(*testPolicy){{{ppk}, {ppk}}, {{ppk}, nil}, {{ppk}, {other}}} {
		l := outcomeOf(t, with(p.credential(ca, "rsa", 0), ca, edits[0]...), with(p.credential(ca, "p256", 1), ca, edits[1]...))
		l.requireProved([2]string{"RSA", "ECDSA"})
	}
}

// TestExpiryDuringAnSA: an SA that is up lives on when the certificate has expired, its rekeys
// too; what is made anew after that is refused.
func TestExpiryDuringAnSA(t *testing.T) {
	p := papersLab{t}
	ca := p.root("cn=ROOT", 1)
	short := func(x *pki.Terms) { x.To = labEpoch.Add(3 * time.Minute) }
	life := func(x *testPolicy) { x.Profiles[0].Lifetime = 2 * time.Minute }
	l := outcomeOf(t, with(p.credential(ca, "p256", 0, short), ca, life), with(p.credential(ca, "p256", 1), ca, life))
	l.run(10 * time.Minute)
	l.requireProved([2]string{"ECDSA", "ECDSA"})
	again := func(x *testPolicy) { x.Profiles[0].Lifetime, x.Profiles[0].Reauthenticate = 2*time.Minute, true }
	l = outcomeOf(t, with(p.credential(ca, "p256", 0, short), ca, again), with(p.credential(ca, "p256", 1), ca, again))
	l.requireProved([2]string{"ECDSA", "ECDSA"})
	l.run(10 * time.Minute)
	require.Empty(t, l.peers[1].pairs)
	require.True(t, slices.ContainsFunc(l.peers[1].Diagnoses(), func(d Diagnosis) bool {
		return d.Certificate != nil && d.Certificate.Problem == pki.Expired
	}))
}

// What a peer asks for is a hint (RFC 7296 3.7): of several
// certificates the one of an authority that the peer believes is sent, and without such a one the
// first, which the peer may refuse.
func TestCertificateRequests(t *testing.T) {
	p := papersLab{t}
	ca, other, third := p.root("cn=ROOT", 1), p.root("cn=OTHER", 2), p.root("cn=THIRD", 3)
	both := func(x *testPolicy) {
		x.Profiles[0].Credentials = []*Credential{p.credential(other, "p256", 0), p.credential(ca, "rsa", 0)}
	}
	outcomeOf(t, with(nil, ca, both), with(p.credential(ca, "p256", 1), ca)).requireProved([2]string{"RSA", "ECDSA"})
	b := p.credential(ca, "p256", 1)
	l := outcomeOf(t, with(nil, ca, both), with(b, third))
	require.Empty(t, l.peers[0].pairs)
	require.Equal(t, pki.Untrusted, l.peers[1].Diagnoses()[0].Certificate.Problem)
	require.Equal(t, "cn=OTHER", l.peers[1].Diagnoses()[0].Certificate.Issuer)
}

// "If multiple certificates are sent, the first certificate MUST contain the public key used to sign
// the AUTH payload. The other certificates may be sent in any order." (RFC 7296 3.6)
func TestOrderOfCertificates(t *testing.T) {
	p := papersLab{t}
	ca := p.root("cn=ROOT", 1)
	sub := p.below(ca, "cn=SUB", 2)
	subsub := p.below(sub, "cn=SUBSUB", 3)
	a := p.credential(subsub, "p256", 0)
	a.Chain = append(a.Chain, sub.Certificate, subsub.Certificate)
	b := p.credential(ca, "p256", 1)
	outcomeOf(t, with(a, ca), with(b, ca)).requireProved([2]string{"ECDSA", "ECDSA"})
	slices.Reverse(a.Chain)
	l := outcomeOf(t, with(a, ca), with(b, ca))
	require.Empty(t, l.peers[1].pairs)
	require.NotEmpty(t, l.peers[1].Diagnoses())
}

// A certificate by "hash and URL" is not fetched, and is none (RFC 7296 3.6).
func TestCertificateByURL(t *testing.T) {
	m := &wire.Message{Payloads: []wire.Payload{&wire.Cert{Encoding: wire.CertHashAndURL, Data: []byte("20 octets of a hash, http://example.com/r1.cer")}}}
	w := &papers{}
	w.readChain(m)
	require.True(t, w.byURL)
	p := papersLab{t}
	ca := p.root("cn=ROOT", 1)
	c := testConfig(0, with(p.credential(ca, "p256", 0), ca))
	x := &exchange{sa: &ikeSA{}}
	x.sa.profile, x.sa.papers, x.sa.prover = c.Profiles[0], w, &signer{Credential: c.Profiles[0].Credentials[0]}
	require.Equal(t, fail, certEncoding(nil, x))
	require.Equal(t, CauseEncoding, x.fault.Cause)
	x.sa.papers = &papers{}
	require.Equal(t, fail, certEncoding(nil, x))
	require.Equal(t, CauseNoPeerCertificate, x.fault.Cause)
}

// Whoever holds a copy of somebody's certificate may send it: where it alone leads to a profile, a
// pre-shared key is no proof.
func TestKeyBehindACertificateMap(t *testing.T) {
	p := &Profile{AuthRemote: PreShared | certified}
	require.False(t, p.allows(wire.AuthSharedKey, Identity{Kind: wire.IDFQDN, Data: []byte("r1")}, &papers{}, true))
	p.MatchRemote = []IdentityMatch{{Any: true}}
	require.True(t, p.allows(wire.AuthSharedKey, Identity{Kind: wire.IDFQDN, Data: []byte("r1")}, &papers{}, true))
}
