package pki

import (
	"bytes"
	"crypto/sha1" // what CERTREQ and key identifiers are made of (RFC 7296 3.7)
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"slices"
	"time"

	"ikelab/ikev2/keys"
)

// mostChain is how many certificates of a peer are looked at.
const mostChain = 10

// Anchor is a trustpoint: whose signature is believed, and how to find out what it has
// revoked.
type Anchor struct {
	Trustpoint string
	CA         *x509.Certificate
	CRLs       CRLs // nil: revocation is not checked
	Lenient    bool // a list that cannot be had is no fault (`revocation-check crl none`)
}

// CRLs find the list of what an authority has revoked.
type CRLs interface {
	// CRL gives the newest list of an issuer; nil: none can be had. at are the distribution points
	// that the certificate names.
	CRL(now time.Time, issuer *x509.Certificate, at []string) *x509.RevocationList
}

// Parse reads the certificates of a peer, its own first. Each has a key that is used here: what
// else comes along behind the first is passed over, as "Implementations MUST be prepared to receive
// certificates and CRLs that are not relevant to the current exchange" (RFC 4945 3.3.10.5), and so
// is what comes again (3.3.11.3).
func Parse(list [][]byte) ([]*x509.Certificate, *Fault) {
	if len(list) == 0 || len(list) > mostChain {
		return nil, &Fault{Problem: Malformed}
	}
	var chain []*x509.Certificate
	for i, der := range list {
		c, err := x509.ParseCertificate(der)
		var known bool
		if err == nil {
			_, known = keys.KindOf(c.PublicKey) // one of 100,000 bits would take a second each time that it verifies
		}
		switch {
		case known && !slices.ContainsFunc(chain, c.Equal):
			chain = append(chain, c)
		case i > 0:
		case err != nil:
			return nil, &Fault{Problem: Malformed}
		default:
			return nil, NewFault(c, WrongKey)
		}
	}
	return chain, nil
}

// Verify judges a chain, the peer's own certificate first, others in any order behind it. It
// gives the anchor that the chain leads to; nil: to none.
func Verify(chain []*x509.Certificate, anchors []*Anchor, now time.Time) (*Anchor, *Fault) {
	leaf := chain[0]
	if !usable(leaf) {
		return nil, NewFault(leaf, WrongUsage)
	}
	o := x509.VerifyOptions{
		Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool(), CurrentTime: now, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	}
	for _, a := range anchors {
		o.Roots.AddCert(a.CA)
	}
	for _, c := range chain[1:] {
		o.Intermediates.AddCert(c)
	}
	paths, err := leaf.Verify(o)
	if err != nil {
		return nil, whyNot(leaf, chain, err, now)
	}
	var by *Anchor
	var first *Fault
	for _, path := range paths {
		a, f := checkPath(path, anchors, now)
		if f == nil {
			return a, nil
		}
		if first == nil {
			by, first = a, f
		}
	}
	return by, first
}

// NewFault is what is wrong with a certificate.
func NewFault(c *x509.Certificate, p Problem) *Fault {
	return &Fault{Problem: p, Serial: SerialText(c), Subject: Name(c.RawSubject, ","), Issuer: Name(c.RawIssuer, ","), From: c.NotBefore, To: c.NotAfter}
}

// whyNot reads what crypto/x509 says.
func whyNot(leaf *x509.Certificate, chain []*x509.Certificate, err error, now time.Time) *Fault {
	var invalid x509.CertificateInvalidError
	var unknown x509.UnhandledCriticalExtension
	switch {
	case errors.As(err, &unknown):
		return NewFault(leaf, WrongUsage)
	case !errors.As(err, &invalid):
		return unsigned(leaf, chain)
	}
	c := invalid.Cert
	switch {
	case invalid.Reason != x509.Expired:
		return NewFault(c, WrongUsage)
	case now.Before(c.NotBefore):
		return NewFault(c, NotYetValid)
	}
	return NewFault(c, Expired)
}

// unsigned says of which certificate of a chain nobody who is trusted is the issuer.
func unsigned(leaf *x509.Certificate, chain []*x509.Certificate) *Fault {
	at := leaf
	for range chain {
		i := slices.IndexFunc(chain, func(c *x509.Certificate) bool { return c != at && bytes.Equal(c.RawSubject, at.RawIssuer) })
		if i < 0 {
			break
		}
		var mayNot x509.ConstraintViolationError
		switch err := at.CheckSignatureFrom(chain[i]); {
		case errors.As(err, &mayNot): // its issuer is no authority
			return NewFault(chain[i], WrongUsage)
		case err != nil:
			return NewFault(at, Broken)
		}
		at = chain[i]
	}
	return NewFault(at, Untrusted)
}

// checkPath looks for what was revoked on a path from the peer's certificate to an anchor.
func checkPath(path []*x509.Certificate, anchors []*Anchor, now time.Time) (*Anchor, *Fault) {
	root := path[len(path)-1]
	i := slices.IndexFunc(anchors, func(a *Anchor) bool { return a.CA.Equal(root) })
	if i < 0 {
		return nil, NewFault(path[0], Untrusted)
	}
	a := anchors[i]
	if a.CRLs == nil {
		return a, nil
	}
	for n, c := range path[:len(path)-1] {
		if p := revoked(c, path[n+1], a, now); p == Revoked || p == NoRevocation && !a.Lenient {
			return a, NewFault(c, p)
		}
	}
	return a, nil
}

// revoked looks for a certificate in the list of its issuer. A list that is not the issuer's,
// or of another time, is none (RFC 5280 6.3.3).
func revoked(c, issuer *x509.Certificate, a *Anchor, now time.Time) Problem {
	list := a.CRLs.CRL(now, issuer, c.CRLDistributionPoints)
	if list == nil || list.CheckSignatureFrom(issuer) != nil || now.Before(list.ThisUpdate) || !list.NextUpdate.IsZero() && now.After(list.NextUpdate) || !covers(list, c) {
		return NoRevocation
	}
	for i := range list.RevokedCertificateEntries {
		if list.RevokedCertificateEntries[i].SerialNumber.Cmp(c.SerialNumber) == 0 {
			return Revoked
		}
	}
	return Fine
}

// Extended key usages that IKE takes: its own (RFC 4945 5.1.3.12) and those of before, and what
// certificates of servers and clients have, which other daemons take too.
var ikeUsages = []asn1.ObjectIdentifier{
	{1, 3, 6, 1, 5, 5, 7, 3, 17}, {1, 3, 6, 1, 5, 5, 8, 2, 2}, {1, 3, 6, 1, 5, 5, 7, 3, 5}, {1, 3, 6, 1, 5, 5, 7, 3, 6}, {1, 3, 6, 1, 5, 5, 7, 3, 7},
}

var commonUsages = []x509.ExtKeyUsage{
	x509.ExtKeyUsageAny, x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageIPSECEndSystem, x509.ExtKeyUsageIPSECTunnel, x509.ExtKeyUsageIPSECUser,
}

// usable says whether a certificate may authenticate an end of IKE: its key signs (RFC 4945
// 5.1.3.2), and where purposes are named IKE is one of them (5.1.3.12).
func usable(c *x509.Certificate) bool {
	if c.KeyUsage != 0 && c.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0 {
		return false
	}
	if len(c.ExtKeyUsage)+len(c.UnknownExtKeyUsage) == 0 {
		return true
	}
	return slices.ContainsFunc(c.ExtKeyUsage, func(u x509.ExtKeyUsage) bool { return slices.Contains(commonUsages, u) }) ||
		slices.ContainsFunc(c.UnknownExtKeyUsage, func(u asn1.ObjectIdentifier) bool {
			return slices.ContainsFunc(ikeUsages, u.Equal)
		})
}

// KeyHash is what stands in CERTREQ for an authority: SHA-1 of its public key's
// SubjectPublicKeyInfo (RFC 7296 3.7).
func KeyHash(c *x509.Certificate) []byte {
	sum := sha1.Sum(c.RawSubjectPublicKeyInfo)
	return sum[:]
}
