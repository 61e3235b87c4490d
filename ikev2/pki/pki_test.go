package pki

import (
	"crypto/rsa"
	"crypto/x509"
	"math/big"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/keys"
	"ikelab/ikev2/wire"
)

var (
	began = time.Date(2002, 3, 1, 0, 0, 0, 0, time.UTC)
	year  = began.AddDate(1, 0, 0)
)

func key(t testing.TB, seed byte) *keys.PrivateKey {
	k, err := keys.GenerateEC(256, rand.NewChaCha8([32]byte{seed}))
	require.NoError(t, err)
	return k
}

func root(t testing.TB, name string, seed byte) *Issuer {
	n, err := ParseName(name)
	require.NoError(t, err)
	c, err := SelfSigned(&Subject{Name: n}, key(t, seed), Terms{Serial: 1, From: began, To: began.AddDate(10, 0, 0)})
	require.NoError(t, err)
	return &Issuer{Key: key(t, seed), Certificate: c}
}

func below(t testing.TB, by *Issuer, name string, seed byte) *Issuer {
	n, err := ParseName(name)
	require.NoError(t, err)
	req, err := Request(&Subject{Name: n}, key(t, seed))
	require.NoError(t, err)
	c, err := by.Sign(req, Terms{Serial: int64(seed), From: began, To: began.AddDate(5, 0, 0), Authority: true})
	require.NoError(t, err)
	return &Issuer{Key: key(t, seed), Certificate: c}
}

func router(t testing.TB, by *Issuer, seed byte, terms Terms) *x509.Certificate {
	n, err := ParseName("cn=R1,o=lab")
	require.NoError(t, err)
	req, err := Request(&Subject{Name: n, Hostname: "R1.example.com", Address: netip.MustParseAddr("10.0.0.1"), Serial: "9ABC"}, key(t, seed))
	require.NoError(t, err)
	terms.Serial = int64(seed)
	if terms.To.IsZero() {
		terms.From, terms.To = began, year
	}
	c, err := by.Sign(req, terms)
	require.NoError(t, err)
	return c
}

type lists map[string]*x509.RevocationList

func (l lists) CRL(_ time.Time, issuer *x509.Certificate, _ []string) *x509.RevocationList {
	return l[Name(issuer.RawSubject, ",")]
}

func listOf(t testing.TB, by *Issuer, from, to time.Time, serials ...int64) *x509.RevocationList {
	var numbers []*big.Int
	for _, n := range serials {
		numbers = append(numbers, big.NewInt(n))
	}
	der, err := by.Revoke(numbers, 1, from, to)
	require.NoError(t, err)
	l, err := x509.ParseRevocationList(der)
	require.NoError(t, err)
	return l
}

// TestVerify judges chains of every kind.
func TestVerify(t *testing.T) {
	ca, other, same := root(t, "cn=ROOT,o=lab", 1), root(t, "cn=OTHER,o=lab", 2), root(t, "cn=ROOT,o=lab", 3)
	sub := below(t, ca, "cn=SUB,o=lab", 4)
	subsub := below(t, sub, "cn=SUBSUB,o=lab", 5)
	now, day := began.Add(time.Hour), 24*time.Hour
	for _, c := range []struct {
		name   string
		leaf   *x509.Certificate
		more   []*x509.Certificate
		anchor *Issuer
		crls   CRLs
		soft   bool
		at     time.Time
		want   Problem
	}{
		{name: "one", leaf: router(t, ca, 9, Terms{})},
		{name: "two", leaf: router(t, sub, 9, Terms{}), more: []*x509.Certificate{sub.Certificate}},
		{name: "three, in any order", leaf: router(t, subsub, 9, Terms{}), more: []*x509.Certificate{sub.Certificate, subsub.Certificate}},
		{name: "the root comes along", leaf: router(t, ca, 9, Terms{}), more: []*x509.Certificate{ca.Certificate}},
		{name: "a subordinate is trusted", leaf: router(t, sub, 9, Terms{}), anchor: sub},
		{name: "cut chain", leaf: router(t, subsub, 9, Terms{}), more: []*x509.Certificate{subsub.Certificate}, want: Untrusted},
		{name: "another authority", leaf: router(t, other, 9, Terms{}), want: Untrusted},
		{name: "the same name, another key", leaf: router(t, same, 9, Terms{}), want: Untrusted},
		{name: "not yet valid", leaf: router(t, ca, 9, Terms{From: now.Add(day), To: year}), want: NotYetValid},
		{name: "expired", leaf: router(t, ca, 9, Terms{From: began, To: began.Add(time.Minute)}), want: Expired},
		{name: "clock before all", leaf: router(t, ca, 9, Terms{}), at: began.Add(-day), want: NotYetValid},
		{name: "for another use", leaf: router(t, ca, 9, Terms{From: began, To: year, WrongUse: true}), want: WrongUsage},
		{name: "a router signs", leaf: router(t, &Issuer{key(t, 8), router(t, ca, 8, Terms{})}, 9, Terms{}), more: []*x509.Certificate{router(t, ca, 8, Terms{})}, want: WrongUsage},
		{name: "not revoked", leaf: router(t, ca, 9, Terms{}), crls: lists{"cn=ROOT,o=lab": listOf(t, ca, began, year, 8)}},
		{name: "revoked", leaf: router(t, ca, 9, Terms{}), crls: lists{"cn=ROOT,o=lab": listOf(t, ca, began, year, 8, 9)}, want: Revoked},
		{name: "revoked, lenient", leaf: router(t, ca, 9, Terms{}), crls: lists{"cn=ROOT,o=lab": listOf(t, ca, began, year, 9)}, soft: true, want: Revoked},
		{name: "no list", leaf: router(t, ca, 9, Terms{}), crls: lists{}, want: NoRevocation},
		{name: "no list, lenient", leaf: router(t, ca, 9, Terms{}), crls: lists{}, soft: true},
		{name: "old list", leaf: router(t, ca, 9, Terms{}), crls: lists{"cn=ROOT,o=lab": listOf(t, ca, began, began.Add(time.Minute))}, want: NoRevocation},
		{name: "list of another key", leaf: router(t, ca, 9, Terms{}), crls: lists{"cn=ROOT,o=lab": listOf(t, same, began, year)}, want: NoRevocation},
		{name: "subordinate revoked", leaf: router(t, sub, 9, Terms{}), more: []*x509.Certificate{sub.Certificate},
			crls: lists{"cn=ROOT,o=lab": listOf(t, ca, began, year, 4), "cn=SUB,o=lab": listOf(t, sub, began, year)}, want: Revoked},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.anchor == nil {
				c.anchor = ca
			}
			if c.at.IsZero() {
				c.at = now
			}
			a := &Anchor{Trustpoint: "CA", CA: c.anchor.Certificate, CRLs: c.crls, Lenient: c.soft}
			got, f := Verify(append([]*x509.Certificate{c.leaf}, c.more...), []*Anchor{{CA: root(t, "cn=X", 7).Certificate}, a}, c.at)
			if c.want == Fine {
				require.Nil(t, f)
				require.Equal(t, a, got)
				return
			}
			require.NotNil(t, f)
			require.Equal(t, c.want, f.Problem, f.Error())
		})
	}
	tampered := append([]byte{}, router(t, ca, 9, Terms{}).Raw...)
	tampered[len(tampered)-1] ^= 1
	chain, f := Parse([][]byte{tampered, ca.Certificate.Raw})
	require.Nil(t, f)
	_, f = Verify(chain, []*Anchor{{CA: ca.Certificate}}, now)
	require.Equal(t, Broken, f.Problem)
	_, f = Parse([][]byte{[]byte("nothing")})
	require.Equal(t, Malformed, f.Problem)
	_, f = Parse(nil)
	require.Equal(t, Malformed, f.Problem)
	_, f = Parse(make([][]byte, mostChain+1))
	require.Equal(t, Malformed, f.Problem)
}

// TestNames: names are read and written as IOS has them, and come back.
func TestNames(t *testing.T) {
	for _, text := range []string{"cn=R1", "cn=r1.example.com,ou=lab,o=Example Org,c=CH", "serialNumber=9ABC+hostname=R1+ipaddress=10.0.0.1,cn=R1", "e=a@example.com,cn=x"} {
		n, err := ParseName(text)
		require.NoError(t, err)
		require.ElementsMatch(t, split(text, ','), split(Name(derOf(n), ","), ','), text)
	}
	c := router(t, root(t, "cn=ROOT", 1), 9, Terms{})
	require.Equal(t, "serialNumber=9ABC+ipaddress=10.0.0.1+hostname=R1.example.com,cn=R1,o=lab", Name(c.RawSubject, ","))
	for _, text := range []string{"R1", "cn=", "zz=R1", "=R1", "cn=R1,"} {
		_, err := ParseName(text)
		require.ErrorIs(t, err, ErrName, text)
	}
	require.Empty(t, Name([]byte("no name"), ","))
}

// TestHolds: an identity has to be one of the certificate's (RFC 4945 3.1).
func TestHolds(t *testing.T) {
	c := router(t, root(t, "cn=ROOT", 1), 9, Terms{})
	a := netip.MustParseAddr
	for _, x := range []struct {
		kind wire.IDType
		data []byte
		want bool
	}{
		{wire.IDIPv4Addr, a("10.0.0.1").AsSlice(), true}, {wire.IDIPv4Addr, a("10.0.0.2").AsSlice(), false}, {wire.IDIPv4Addr, []byte{1}, false},
		{wire.IDFQDN, []byte("r1.EXAMPLE.com"), true}, {wire.IDFQDN, []byte("example.com"), false}, {wire.IDFQDN, []byte("R1"), false},
		{wire.IDRFC822, []byte("a@example.com"), false}, {wire.IDDERASN1DN, c.RawSubject, true}, {wire.IDDERASN1DN, c.RawIssuer, false}, {wire.IDDERASN1DN, nil, false},
		{wire.IDKeyID, []byte("whatever"), true}, {wire.IDType(99), nil, false},
	} {
		require.Equal(t, x.want, Holds(c, x.kind, x.data), "%v %q", x.kind, x.data)
	}
}

// TestMaps: every rule of a certificate map has to fit.
func TestMaps(t *testing.T) {
	c := router(t, root(t, "cn=ROOT,o=lab", 1), 10, Terms{})
	for _, x := range []struct {
		rule Rule
		want bool
	}{
		{Rule{Field: "subject-name", Op: "co", Value: "O=LAB"}, true}, {Rule{Field: "subject-name", Op: "nc", Value: "o=lab"}, false}, {Rule{Field: "subject-name", Op: "eq", Value: "cn=r1"}, false},
		{Rule{Field: "subject-name", Op: "co", Value: "o = lab"}, true}, {Rule{Field: "subject-name", Op: "nc", Value: "o = lab"}, false}, {Rule{Field: "subject-name", Op: "co", Value: "o = la b"}, false},
		{Rule{Field: "issuer-name", Op: "eq", Value: "cn = root, o = lab"}, true}, {Rule{Field: "issuer-name", Op: "eq", Value: "cn=root,o=lab"}, true}, {Rule{Field: "issuer-name", Op: "ne", Value: "cn=root,o=lab"}, false},
		{Rule{Field: "alt-subject-name", Op: "co", Value: "r1.example"}, true}, {Rule{Field: "alt-subject-name", Op: "eq", Value: "10.0.0.1"}, true},
		{Rule{Field: "unstructured-subject-name", Op: "eq", Value: "r1.example.com"}, true}, {Rule{Field: "name", Op: "co", Value: "cn=r1"}, true},
		{Rule{Field: "serial-number", Op: "eq", Value: "0a"}, true}, {Rule{Field: "serial-number", Op: "ne", Value: "0b"}, true},
		{Rule{Field: "expires-on", Op: "ge", At: began}, true}, {Rule{Field: "valid-start", Op: "ge", At: began}, true}, {Rule{Field: "valid-start", Op: "ge", At: began.Add(time.Second)}, false}, {Rule{Field: "expires-on", Op: "lt", At: began}, false}, {Rule{Field: "valid-start", Op: "eq", At: began}, true}, {Rule{Field: "valid-start", Op: "ne", At: began}, false},
		{Rule{Field: "no such field", Op: "co", Value: ""}, false},
	} {
		m := Map{Rules: []Rule{x.rule}}
		require.Equal(t, x.want, m.Matches(c), "%v", x.rule)
		m.Rules = append(m.Rules, Rule{Field: "subject-name", Op: "co", Value: "nobody"})
		require.False(t, m.Matches(c))
	}
	require.True(t, (&Map{}).Matches(c))
}

// TestSame: the same key, request and instant give the same certificate.
func TestSame(t *testing.T) {
	a, b := router(t, root(t, "cn=ROOT", 1), 9, Terms{}), router(t, root(t, "cn=ROOT", 1), 9, Terms{})
	require.Equal(t, a.Raw, b.Raw)
	_, err := (root(t, "cn=ROOT", 1)).Sign([]byte("no request"), Terms{})
	require.ErrorIs(t, err, ErrRequest)
}

// FuzzChain: no certificate makes the judge fall.
func FuzzChain(f *testing.F) {
	ca := root(f, "cn=ROOT,o=lab", 1)
	c := router(f, ca, 9, Terms{})
	f.Add(c.Raw, ca.Certificate.Raw)
	f.Add(c.Raw, []byte{})
	f.Fuzz(func(t *testing.T, a, b []byte) {
		chain, fault := Parse([][]byte{a, b})
		if fault != nil {
			return
		}
		if _, fault := Verify(chain, []*Anchor{{CA: ca.Certificate}}, began); fault == nil {
			require.NoError(t, chain[0].CheckSignatureFrom(ca.Certificate))
		}
		for kind := range 12 {
			Holds(chain[0], wire.IDType(kind), b)
		}
		(&Map{Rules: []Rule{{Field: "name", Op: "co", Value: "x"}, {Field: "serial-number"}}}).Matches(chain[0])
		Serial(chain[0])
		isOfPoint(b, chain[0])
	})
}

// FuzzParseName: what is a name comes back.
func FuzzParseName(f *testing.F) {
	f.Add("cn=R1,o=lab+ou=x")
	f.Add(`cn=a\,b`)
	f.Fuzz(func(t *testing.T, text string) {
		if n, err := ParseName(text); err == nil {
			Name(derOf(n), ",")
		}
	})
}

// TestKeysOfChains: no key of a chain is larger, or of another kind, than those that are used here.
func TestKeysOfChains(t *testing.T) {
	ca := root(t, "cn=ROOT,o=lab", 1)
	n := new(big.Int).Lsh(big.NewInt(1), 100_000)
	c := &x509.Certificate{SerialNumber: big.NewInt(7), NotBefore: began, NotAfter: year, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(nil, c, ca.Certificate, &rsa.PublicKey{N: n.Add(n, big.NewInt(1)), E: 65537}, ca.Key)
	require.NoError(t, err)
	_, f := Parse([][]byte{der})
	require.Equal(t, WrongKey, f.Problem)
	chain, f := Parse([][]byte{router(t, ca, 9, Terms{}).Raw, der})
	require.Nil(t, f)
	require.Len(t, chain, 1, "what nobody may sign with is passed over")
}
