package pki

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"math/rand/v2"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/keys"
	"ikelab/ikev2/wire"
)

// The profile of certificates for IPsec: RFC 4945, section 5, and what 3.3 says of those that a
// peer sends.

// shaped is a router's certificate of an authority, edited.
func shaped(t testing.TB, by *Issuer, edit func(*x509.Certificate)) *x509.Certificate {
	c := &x509.Certificate{
		SerialNumber: big.NewInt(9), NotBefore: began, NotAfter: year, Subject: pkix.Name{CommonName: "R1"}, DNSNames: []string{"R1.example.com"},
		KeyUsage: x509.KeyUsageDigitalSignature, BasicConstraintsValid: true,
	}
	edit(c)
	der, err := x509.CreateCertificate(nil, c, by.Certificate, key(t, 9).Public(), by.Key)
	require.NoError(t, err)
	c, err = x509.ParseCertificate(der)
	require.NoError(t, err)
	return c
}

// extension is one that crypto/x509 does not know.
func extension(critical bool, id ...int) func(*x509.Certificate) {
	return func(c *x509.Certificate) {
		c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: id, Critical: critical, Value: []byte{0x30, 0}})
	}
}

// What a certificate may and may not have in it, by the sections of RFC 4945.
func TestProfileOfCertificates(t *testing.T) {
	ca := root(t, "cn=ROOT,o=lab", 1)
	for _, c := range []struct {
		why  string
		edit func(*x509.Certificate)
		want Problem
	}{
		// "IKE Implementations MUST accept certificates that contain an empty Subject field" (5.1.2.1)
		{"empty subject", func(c *x509.Certificate) { c.Subject = pkix.Name{} }, Fine},
		// "then at least one of the digitalSignature or the nonRepudiation bits in the KeyUsage
		// extension MUST be set (both can be set as well)" (5.1.3.2)
		{"no key usage", func(c *x509.Certificate) { c.KeyUsage = 0 }, Fine},
		{"nonRepudiation", func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageContentCommitment }, Fine},
		{"both, and others", func(c *x509.Certificate) {
			c.KeyUsage = x509.KeyUsageContentCommitment | x509.KeyUsageDigitalSignature | x509.KeyUsageKeyAgreement
		}, Fine},
		{"neither", func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyAgreement }, WrongUsage},
		// "MUST support the criticality bit for extensions that are not supported by that
		// implementation" (5.1.3)
		{"unknown", extension(false, 1, 3, 6, 1, 4, 1, 9, 9), Fine},
		{"unknown, critical", extension(true, 1, 3, 6, 1, 4, 1, 9, 9), WrongUsage},
		// "If an IKE implementation receives a certificate with this set, it SHOULD ignore it."
		// (5.1.3.3, of PrivateKeyUsagePeriod)
		{"PrivateKeyUsagePeriod", extension(false, 2, 5, 29, 16), Fine},
		// "a relying party receiving this extension but who can process the extension SHOULD NOT
		// reject the certificate because it contains the extension" (5.1.3.4)
		{"CertificatePolicies", func(c *x509.Certificate) { c.PolicyIdentifiers = []asn1.ObjectIdentifier{{1, 2, 3}} }, Fine},
		// "IKE implementations MAY ignore this extension when it is marked non-critical" (5.1.3.8)
		{"SubjectDirectoryAttributes", extension(false, 2, 5, 29, 9), Fine},
		// "Conformant IKE implementations SHOULD ignore this extension when present." (5.1.3.17)
		{"SubjectInfoAccess", extension(false, 1, 3, 6, 1, 5, 5, 7, 1, 11), Fine},
		// "If EKU present AND contains either id-kp-ipsecIKE or anyExtendedKeyUsage, continue." (5.1.3.12)
		{"id-kp-ipsecIKE", func(c *x509.Certificate) {
			c.UnknownExtKeyUsage = []asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 17}}
		}, Fine},
		{"anyExtendedKeyUsage", func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageAny} }, Fine},
		{"another purpose", func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning} }, WrongUsage},
		{"another and IKE's", func(c *x509.Certificate) {
			c.ExtKeyUsage, c.UnknownExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning}, []asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 17}}
		}, Fine},
	} {
		_, f := Verify([]*x509.Certificate{shaped(t, ca, c.edit)}, []*Anchor{{CA: ca.Certificate}}, began)
		if c.want == Fine {
			require.Nil(t, f, c.why)
			continue
		}
		require.NotNil(t, f, c.why)
		require.Equal(t, c.want, f.Problem, c.why)
	}
}

// "IKE implementations SHOULD reject CA certificates that do not contain this extension." (RFC 4945
// 5.1.3.9, of BasicConstraints) "Implementations SHOULD NOT assume support for the
// AuthorityKeyIdentifier or SubjectKeyIdentifier extensions." (5.1.3.1)
func TestProfileOfAuthorities(t *testing.T) {
	ca := root(t, "cn=ROOT,o=lab", 1)
	between := func(valid bool) *Issuer {
		return &Issuer{Key: key(t, 9), Certificate: shaped(t, ca, func(c *x509.Certificate) {
			c.Subject.CommonName, c.BasicConstraintsValid, c.IsCA, c.KeyUsage, c.SubjectKeyId = "SUB", valid, valid, x509.KeyUsageCertSign, []byte{}
		})}
	}
	for valid, want := range map[bool]Problem{true: Fine, false: WrongUsage} {
		sub := between(valid)
		_, f := Verify([]*x509.Certificate{shaped(t, sub, func(*x509.Certificate) {}), sub.Certificate}, []*Anchor{{CA: ca.Certificate}}, began)
		if want == Fine {
			require.Nil(t, f)
			continue
		}
		require.Equal(t, want, f.Problem)
	}
	// What an authority may not sign it has not signed (RFC 5280 4.2.1.10).
	narrow := &Issuer{Key: key(t, 9), Certificate: shaped(t, ca, func(c *x509.Certificate) {
		c.Subject.CommonName, c.IsCA, c.KeyUsage = "SUB", true, x509.KeyUsageCertSign
		c.PermittedDNSDomainsCritical, c.PermittedDNSDomains, c.DNSNames = true, []string{"lab.example"}, nil
	})}
	for name, want := range map[string]bool{"r1.lab.example": true, "r1.example.com": false} {
		_, f := Verify([]*x509.Certificate{shaped(t, narrow, func(c *x509.Certificate) { c.DNSNames = []string{name} }), narrow.Certificate}, []*Anchor{{CA: ca.Certificate}}, began)
		require.Equal(t, want, f == nil, name)
		if f != nil {
			require.Equal(t, WrongUsage, f.Problem)
		}
	}
	// "implementations SHOULD be able to use signatures that use the sha256WithRSAEncryption signature
	// algorithm (PKCS#1 version 1.5)" (5.3)
	k, err := keys.GenerateRSA(2048, rand.NewChaCha8([32]byte{7}))
	require.NoError(t, err)
	c, err := SelfSigned(&Subject{Name: pkix.RDNSequence{{{Type: attributeTypes["cn"], Value: "RSA"}}}}, k, Terms{Serial: 1, From: began, To: year})
	require.NoError(t, err)
	leaf := router(t, &Issuer{Key: k, Certificate: c}, 9, Terms{})
	require.Equal(t, x509.SHA256WithRSA, leaf.SignatureAlgorithm)
	_, f := Verify([]*x509.Certificate{leaf}, []*Anchor{{CA: c}}, began)
	require.Nil(t, f)
}

// "Implementations MUST support receiving multiple identical CERTs during an exchange." (RFC 4945
// 3.3.10.4) "Implementations MUST be prepared to receive certificates and CRLs that are not relevant
// to the current exchange." (3.3.10.5) "Implementations MUST be able to deal with receiving CERTs with
// undecodable Certificate Data fields." (3.3.10.2) Only the first has to be good.
func TestCertificatesBesideTheChain(t *testing.T) {
	ca, other := root(t, "cn=ROOT,o=lab", 1), root(t, "cn=OTHER", 2)
	leaf := router(t, ca, 9, Terms{}).Raw
	strange, err := x509.CreateCertificate(nil, &x509.Certificate{SerialNumber: big.NewInt(7), NotAfter: year}, other.Certificate,
		&ecdsa.PublicKey{Curve: elliptic.P224(), X: elliptic.P224().Params().Gx, Y: elliptic.P224().Params().Gy}, other.Key)
	require.NoError(t, err)
	chain, f := Parse([][]byte{leaf, leaf, other.Certificate.Raw, []byte("nothing"), strange, other.Certificate.Raw, leaf})
	require.Nil(t, f)
	require.Len(t, chain, 2)
	_, f = Verify(chain, []*Anchor{{CA: ca.Certificate}}, began)
	require.Nil(t, f)
	_, f = Parse([][]byte{[]byte("nothing"), leaf})
	require.Equal(t, Malformed, f.Problem)
	_, f = Parse([][]byte{strange, leaf})
	require.Equal(t, WrongKey, f.Problem)
}

// "Substring, wildcard, or regular expression matching MUST NOT be performed for this comparison."
// (RFC 4945 3.1.2, of dNSName, and 3.1.3, of rfc822Name) "Implementations MUST support certificates
// that contain more than a single identity" (3.1.8)
func TestIdentitiesOfACertificate(t *testing.T) {
	c := shaped(t, root(t, "cn=ROOT", 1), func(c *x509.Certificate) {
		c.Subject.CommonName = "cn.example.com"
		c.DNSNames, c.EmailAddresses = []string{"r1.example.com", "*.wild.example.com"}, []string{"r1@example.com"}
		c.IPAddresses = []net.IP{{10, 0, 0, 1}, {10, 0, 0, 2}, net.ParseIP("2001:db8::1")}
	})
	six := net.ParseIP("2001:db8::1")
	for _, x := range []struct {
		kind wire.IDType
		data string
		want bool
	}{
		{wire.IDFQDN, "r1.example.com", true}, {wire.IDFQDN, "R1.Example.COM", true}, {wire.IDFQDN, "example.com", false}, {wire.IDFQDN, "r1", false}, {wire.IDFQDN, "xr1.example.com", false},
		{wire.IDFQDN, "a.wild.example.com", false}, {wire.IDFQDN, "*.example.com", false},
		{wire.IDFQDN, "cn.example.com", false}, // "such entries MUST NOT be interpreted as identity information" (3.1.9)
		{wire.IDRFC822, "R1@EXAMPLE.com", true}, {wire.IDRFC822, "@example.com", false}, {wire.IDRFC822, "r1", false}, {wire.IDRFC822, "r1.example.com", false},
		{wire.IDIPv4Addr, "\x0a\x00\x00\x01", true}, {wire.IDIPv4Addr, "\x0a\x00\x00\x02", true}, {wire.IDIPv4Addr, "\x0a\x00\x00\x03", false}, {wire.IDIPv4Addr, "10.0.0.1", false},
		{wire.IDIPv6Addr, string(six), true}, {wire.IDIPv6Addr, string(six[:8]), false},
		{wire.IDDERASN1DN, string(c.RawSubject), true}, {wire.IDDERASN1DN, string(c.RawSubject[:len(c.RawSubject)-1]), false},
	} {
		require.Equal(t, x.want, Holds(c, x.kind, []byte(x.data)), "%v %q", x.kind, x.data)
	}
}

// "If an FQDN is intended to be processed as an identity for the purposes of ID matching, it MUST be placed
// in the dNSName field of the SubjectAltName extension." (RFC 4945 3.1.9)
func TestRequestsNameTheHost(t *testing.T) {
	der, err := Request(&Subject{Hostname: "R1.example.com", AltHosts: []string{"vpn.example.com"}, Emails: []string{"a@example.com"}, Address: netip.MustParseAddr("10.0.0.1")}, key(t, 9))
	require.NoError(t, err)
	r, err := x509.ParseCertificateRequest(der)
	require.NoError(t, err)
	require.Equal(t, []string{"R1.example.com", "vpn.example.com"}, r.DNSNames)
	require.Equal(t, []string{"a@example.com"}, r.EmailAddresses)
	require.Len(t, r.IPAddresses, 1)
	require.Len(t, r.IPAddresses[0].To4(), 4, "an address, not a network")
	require.Empty(t, r.URIs)
	require.Empty(t, r.Subject.CommonName)
}

// pointOf is an IssuingDistributionPoint.
func pointOf(t testing.TB, edit func(*issuingPoint), uris ...string) pkix.Extension {
	var p issuingPoint
	for _, u := range uris {
		p.Point.Full = append(p.Point.Full, asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: uriTag, Bytes: []byte(u)})
	}
	if edit != nil {
		edit(&p)
	}
	der, err := asn1.Marshal(p)
	require.NoError(t, err)
	return pkix.Extension{Id: oidIssuingPoint, Critical: true, Value: der}
}

// What a list is of: "IKE implementations MUST support validating that the contents of
// CRLDistributionPoints match those of the IssuingDistributionPoint to prevent CRL substitution"
// (RFC 4945 5.1.3.13); "IKE implementations that do not support delta CRLs MUST reject CRLs that
// contain the DeltaCRLIndicator (which MUST be marked critical according to the PKIX certificate
// profile)" (5.2.2.4.1).
func TestWhatAListIsOf(t *testing.T) {
	ca := root(t, "cn=ROOT", 1)
	const ours, other = "http://ca/r1.crl", "http://ca/r2.crl"
	c := shaped(t, ca, func(c *x509.Certificate) { c.CRLDistributionPoints = []string{"http://x", ours} })
	with := func(list ...pkix.Extension) []pkix.Extension { return list }
	for _, x := range []struct {
		why  string
		has  []pkix.Extension
		want Problem
	}{
		{"nothing said", nil, Fine},
		{"our point", with(pointOf(t, nil, other, ours)), Fine},
		{"for users", with(pointOf(t, func(p *issuingPoint) { p.OnlyUsers = true }, ours)), Fine},
		{"another point", with(pointOf(t, nil, other)), NoRevocation},
		{"for authorities", with(pointOf(t, func(p *issuingPoint) { p.OnlyCAs = true }, ours)), NoRevocation},
		{"for some reasons", with(pointOf(t, func(p *issuingPoint) { p.Reasons = asn1.BitString{Bytes: []byte{0x40}, BitLength: 2} }, ours)), NoRevocation},
		{"indirect", with(pointOf(t, func(p *issuingPoint) { p.Indirect = true }, ours)), NoRevocation},
		{"no point", with(pkix.Extension{Id: oidIssuingPoint, Critical: true, Value: []byte{1}}), NoRevocation},
		{"changes only", with(pkix.Extension{Id: oidDeltaCRL, Critical: true, Value: []byte{2, 1, 1}}), NoRevocation},
		{"changes only, not critical", with(pkix.Extension{Id: oidDeltaCRL, Value: []byte{2, 1, 1}}), NoRevocation},
		{"unknown", with(pkix.Extension{Id: asn1.ObjectIdentifier{1, 2, 3}, Value: []byte{5, 0}}), Fine},
		{"unknown, critical", with(pkix.Extension{Id: asn1.ObjectIdentifier{1, 2, 3}, Critical: true, Value: []byte{5, 0}}), NoRevocation},
	} {
		der, err := x509.CreateRevocationList(nil, &x509.RevocationList{
			Number: big.NewInt(1), ThisUpdate: began, NextUpdate: year, ExtraExtensions: x.has,
		}, ca.Certificate, ca.Key)
		require.NoError(t, err)
		l, err := x509.ParseRevocationList(der)
		require.NoError(t, err)
		_, f := Verify([]*x509.Certificate{c}, []*Anchor{{CA: ca.Certificate, CRLs: lists{"cn=ROOT": l}}}, began.Add(time.Hour))
		if x.want == Fine {
			require.Nil(t, f, x.why)
			continue
		}
		require.NotNil(t, f, x.why)
		require.Equal(t, x.want, f.Problem, x.why)
	}
	// "As stated in the PKIX certificate profile, all issuers MUST include this extension in all CRLs."
	// (5.2.2.3, of CRLNumber)
	require.EqualValues(t, 1, listOf(t, ca, began, year, 7).Number.Int64())
}
