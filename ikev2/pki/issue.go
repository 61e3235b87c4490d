package pki

import (
	"crypto/sha1" // key identifiers (RFC 5280 4.2.1.2)
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"math/big"
	"net/netip"
	"time"

	"ikelab/ikev2/keys"
)

// Subject is who a certificate is for.
type Subject struct {
	Name      pkix.RDNSequence
	Hostname  string     // into the subject and the subjectAltName; "": none
	Address   netip.Addr // so too
	Serial    string     // of the router, into the subject
	Emails    []string
	AltHosts  []string // `subject-alt-name`
	Addresses []netip.Addr
}

// der is the subject: what IOS adds to the name stands at its end, in one set.
func (s *Subject) der() []byte {
	name := append(pkix.RDNSequence{}, s.Name...)
	var set pkix.RelativeDistinguishedNameSET
	add := func(oid asn1.ObjectIdentifier, value string) {
		if value != "" {
			set = append(set, pkix.AttributeTypeAndValue{Type: oid, Value: value})
		}
	}
	add(attributeTypes["serialNumber"], s.Serial)
	if s.Address.IsValid() {
		add(oidIPAddress, s.Address.String())
	}
	add(oidHostname, s.Hostname)
	if len(set) > 0 {
		name = append(name, set)
	}
	return derOf(name)
}

// Request makes a request for a certificate (PKCS #10), DER.
func Request(s *Subject, key *keys.PrivateKey) ([]byte, error) {
	return x509.CreateCertificateRequest(nil, s.request(), key)
}

// request is what is asked for.
func (s *Subject) request() *x509.CertificateRequest {
	t := &x509.CertificateRequest{RawSubject: s.der(), EmailAddresses: s.Emails, DNSNames: s.AltHosts}
	if s.Hostname != "" {
		t.DNSNames = append([]string{s.Hostname}, t.DNSNames...)
	}
	for _, a := range append([]netip.Addr{s.Address}, s.Addresses...) {
		if a.IsValid() {
			t.IPAddresses = append(t.IPAddresses, a.AsSlice())
		}
	}
	return t
}

// ErrRequest says that what is to be signed is no request, or not signed by its key.
var ErrRequest = errors.New("pki: not a request for a certificate")

// Terms are what an authority adds to a request.
type Terms struct {
	Serial    int64
	From, To  time.Time
	Authority bool     // the certificate may sign others
	WrongUse  bool     // one that is not for IKE, to try what refuses it
	CRLAt     []string // distribution points
}

// Issuer is who signs: with a key, and in the name of a certificate; none: its own.
type Issuer struct {
	Key         *keys.PrivateKey
	Certificate *x509.Certificate
}

// SelfSigned is a certificate that its own key has signed: of a root, or of a router that has no
// other.
func SelfSigned(s *Subject, key *keys.PrivateKey, t Terms) (*x509.Certificate, error) {
	t.Authority = true
	r := s.request()
	c := &x509.Certificate{RawSubject: r.RawSubject, DNSNames: r.DNSNames, EmailAddresses: r.EmailAddresses, IPAddresses: r.IPAddresses}
	return issue(c, key.Public(), &Issuer{Key: key}, &t)
}

// Sign issues a certificate for a request.
func (i *Issuer) Sign(request []byte, t Terms) (*x509.Certificate, error) {
	r, err := x509.ParseCertificateRequest(request)
	if err != nil || r.CheckSignature() != nil {
		return nil, ErrRequest
	}
	if _, ok := keys.KindOf(r.PublicKey); !ok {
		return nil, ErrRequest
	}
	c := &x509.Certificate{RawSubject: r.RawSubject, DNSNames: r.DNSNames, EmailAddresses: r.EmailAddresses, IPAddresses: r.IPAddresses}
	return issue(c, r.PublicKey, i, &t)
}

func issue(c *x509.Certificate, public any, i *Issuer, t *Terms) (*x509.Certificate, error) {
	c.SerialNumber, c.NotBefore, c.NotAfter = big.NewInt(t.Serial), t.From, t.To
	c.BasicConstraintsValid, c.IsCA, c.CRLDistributionPoints = true, t.Authority, t.CRLAt
	c.KeyUsage = x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment
	switch {
	case t.Authority:
		c.KeyUsage = x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	case t.WrongUse:
		c.KeyUsage, c.ExtKeyUsage = x509.KeyUsageKeyEncipherment, []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return nil, ErrRequest
	}
	id := sha1.Sum(der)
	c.SubjectKeyId = id[:]
	parent := i.Certificate
	if parent == nil {
		parent = c
	}
	signed, err := x509.CreateCertificate(nil, c, parent, public, i.Key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(signed)
}

// Revoke makes the list of what an issuer has revoked, DER.
func (i *Issuer) Revoke(serials []*big.Int, number int64, from, to time.Time) ([]byte, error) {
	t := &x509.RevocationList{Number: big.NewInt(number), ThisUpdate: from, NextUpdate: to}
	for _, n := range serials {
		t.RevokedCertificateEntries = append(t.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: n, RevocationTime: from})
	}
	return x509.CreateRevocationList(nil, t, i.Certificate, i.Key)
}
