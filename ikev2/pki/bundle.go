package pki

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"io"

	"software.sslmate.com/src/go-pkcs12"

	"ikelab/ikev2/keys"
)

// Bundle is a key pair with its certificate and those of the authorities above it, the nearest first.
type Bundle struct {
	Key         *keys.PrivateKey
	Certificate *x509.Certificate
	Authorities []*x509.Certificate
}

// What can be wrong with a bundle.
var (
	errBundle  = errors.New("not a PKCS #12 file of a key and its certificate")
	errCostly  = errors.New("its passphrase is stretched beyond any use")
	errForeign = errors.New("the certificate is for another key")
)

// mostIterations is how often a passphrase may be hashed, and no file is known to ask for more.
const mostIterations = 1_000_000

// ReadBundle reads a file of PKCS #12 (RFC 7292).
func ReadBundle(der []byte, passphrase string) (*Bundle, error) {
	if costly(der, 0) {
		return nil, errCostly
	}
	private, first, rest, err := pkcs12.DecodeChain(der, passphrase)
	if errors.Is(err, pkcs12.ErrIncorrectPassword) {
		return nil, ErrPassphrase
	}
	if err != nil {
		return nil, errBundle
	}
	key, err := keys.NewPrivateKey(private)
	if err != nil {
		return nil, err
	}
	return NewBundle(key, append([]*x509.Certificate{first}, rest...))
}

// NewBundle puts the certificates in order: that of the key, and then each the issuer of the
// one before. What belongs to neither is left out.
func NewBundle(key *keys.PrivateKey, list []*x509.Certificate) (*Bundle, error) {
	b := &Bundle{Key: key}
	for _, c := range list {
		if k, ok := c.PublicKey.(interface{ Equal(crypto.PublicKey) bool }); ok && k.Equal(key.Public()) {
			b.Certificate = c
		}
	}
	if b.Certificate == nil {
		return nil, errForeign
	}
	for at := b.Certificate; at != nil && !bytes.Equal(at.RawIssuer, at.RawSubject) && len(b.Authorities) < len(list); {
		if at = issuerIn(list, at); at != nil {
			b.Authorities = append(b.Authorities, at)
		}
	}
	return b, nil
}

func issuerIn(list []*x509.Certificate, of *x509.Certificate) *x509.Certificate {
	for _, c := range list {
		if c != of && bytes.Equal(c.RawSubject, of.RawIssuer) && of.CheckSignatureFrom(c) == nil {
			return c
		}
	}
	return nil
}

// PKCS12 is the bundle as a file of PKCS #12, encrypted with 3DES as IOS does.
func (b *Bundle) PKCS12(passphrase string, random io.Reader) ([]byte, error) {
	private, err := x509.ParsePKCS8PrivateKey(b.Key.PKCS8())
	if err != nil {
		return nil, err
	}
	return pkcs12.LegacyDES.WithRand(random).Encode(private, b.Certificate, b.Authorities, passphrase)
}

// costly says whether a file asks for more iterations than anybody waits for: a salt is followed
// by their number (RFC 7292 appendix B.4, RFC 8018 appendix A.2). What is encrypted cannot be
// seen before somebody who knows the passphrase has decrypted it.
func costly(der []byte, depth int) bool {
	salted := false
	for len(der) > 0 {
		var v asn1.RawValue
		rest, err := asn1.Unmarshal(der, &v)
		if err != nil || depth > 32 {
			return false
		}
		der = rest
		isOctets := v.Class == asn1.ClassUniversal && v.Tag == asn1.TagOctetString
		if v.Class == asn1.ClassUniversal && v.Tag == asn1.TagInteger && salted && tooMany(v.Bytes) {
			return true
		}
		if (v.IsCompound || isOctets) && costly(v.Bytes, depth+1) {
			return true
		}
		salted = isOctets
	}
	return false
}

func tooMany(integer []byte) bool {
	n := 0
	for _, b := range integer {
		if n = n<<8 | int(b); n > mostIterations {
			return true
		}
	}
	return false
}
