package pki

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"io"
	"strings"

	"ikelab/ikev2/keys"
)

// What people carry from one device to another as text (RFC 7468): certificates, requests and keys.

// What can be wrong with it.
var (
	ErrText       = errors.New("not the text of what was asked for")
	ErrPassphrase = errors.New("the passphrase is wrong")
)

// Types of texts.
const (
	certificateBlock = "CERTIFICATE"
	requestBlock     = "CERTIFICATE REQUEST"
)

// Octets are those that a text encodes: PEM, or base64 alone, in lines of any length that end by
// LF, CR or both (RFC 4945 6).
func Octets(text string) ([]byte, error) {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	if block, _ := pem.Decode([]byte(text)); block != nil {
		return block.Bytes, nil
	}
	var digits strings.Builder
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "-----") {
			digits.WriteString(line)
		}
	}
	octets, err := base64.StdEncoding.DecodeString(digits.String())
	if err != nil || len(octets) == 0 {
		return nil, ErrText
	}
	return octets, nil
}

// ReadCertificate reads a certificate that somebody has pasted, with a key that is used here.
func ReadCertificate(text string) (*x509.Certificate, error) {
	der, err := Octets(text)
	if err != nil {
		return nil, err
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, ErrText
	}
	if _, ok := keys.KindOf(c.PublicKey); !ok {
		return nil, keys.ErrKey
	}
	return c, nil
}

// CertificateText is a certificate in PEM.
func CertificateText(c *x509.Certificate) string { return blockText(certificateBlock, c.Raw) }

// RequestText is a request in PEM.
func RequestText(der []byte) string { return blockText(requestBlock, der) }

func blockText(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// ReadKey reads a private key in PEM: one that a passphrase encrypts as IOS and OpenSSL of old
// have it (RFC 1421), or one in clear.
func ReadKey(text, passphrase string) (*keys.PrivateKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil || !strings.HasSuffix(block.Type, "PRIVATE KEY") {
		return nil, ErrText
	}
	der := block.Bytes
	if block.Headers["DEK-Info"] != "" {
		var err error
		//lint:ignore SA1019 IOS knows no other form
		if der, err = x509.DecryptPEMBlock(block, []byte(passphrase)); err != nil {
			return nil, ErrPassphrase
		}
	}
	return keys.ParsePrivateKey(der)
}

// KeyText is a private key in PEM, encrypted with "3des" or "des" by a passphrase.
func KeyText(key *keys.PrivateKey, cipher, passphrase string, random io.Reader) (string, error) {
	kind, der := "PRIVATE KEY", key.PKCS8()
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return "", err
	}
	switch k := parsed.(type) {
	case *rsa.PrivateKey:
		kind, der = "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(k)
	case *ecdsa.PrivateKey:
		kind = "EC PRIVATE KEY"
		if der, err = x509.MarshalECPrivateKey(k); err != nil {
			return "", err
		}
	}
	with := x509.PEMCipher3DES
	if cipher == "des" {
		with = x509.PEMCipherDES
	}
	//lint:ignore SA1019 IOS knows no other form
	block, err := x509.EncryptPEMBlock(random, kind, der, []byte(passphrase), with)
	if err != nil {
		return "", err
	}
	return string(pem.EncodeToMemory(block)), nil
}
