package pki

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"software.sslmate.com/src/go-pkcs12"

	"ikelab/ikev2/keys"
)

// bundleOf is a key with a certificate of an authority that stands below a root.
func bundleOf(t testing.TB, key *keys.PrivateKey) *Bundle {
	random := rand.NewChaCha8([32]byte{9})
	sign := func(name string, i *Issuer, k *keys.PrivateKey, authority bool) *x509.Certificate {
		n, err := ParseName(name)
		require.NoError(t, err)
		request, err := Request(&Subject{Name: n}, k)
		require.NoError(t, err)
		c, err := i.Sign(request, Terms{Serial: 7, From: time.Unix(0, 0), To: time.Unix(1e9, 0), Authority: authority})
		require.NoError(t, err)
		return c
	}
	rootKey, err := keys.GenerateEC(256, random)
	require.NoError(t, err)
	name, err := ParseName("cn=ROOT")
	require.NoError(t, err)
	root, err := SelfSigned(&Subject{Name: name}, rootKey, Terms{Serial: 1, From: time.Unix(0, 0), To: time.Unix(1e9, 0)})
	require.NoError(t, err)
	subKey, err := keys.GenerateEC(256, random)
	require.NoError(t, err)
	sub := sign("cn=SUB", &Issuer{rootKey, root}, subKey, true)
	leaf := sign("cn=R1,o=lab", &Issuer{subKey, sub}, key, false)
	b, err := NewBundle(key, []*x509.Certificate{root, leaf, sub})
	require.NoError(t, err)
	return b
}

// keysOfAllKinds are one of each.
func keysOfAllKinds(t testing.TB) (list []*keys.PrivateKey) {
	random := rand.NewChaCha8([32]byte{8})
	rsa, err := keys.GenerateRSA(1024, random)
	require.NoError(t, err)
	ec, err := keys.GenerateEC(384, random)
	require.NoError(t, err)
	ed, err := keys.GenerateEd25519(random)
	require.NoError(t, err)
	return []*keys.PrivateKey{rsa, ec, ed}
}

// TestKeysAsText: what is written is read again by who knows the passphrase, and by nobody else;
// a key in clear is one, too.
func TestKeysAsText(t *testing.T) {
	for _, key := range keysOfAllKinds(t) {
		for _, cipher := range []string{"3des", "des"} {
			text, err := KeyText(key, cipher, "cisco123", rand.NewChaCha8([32]byte{1}))
			require.NoError(t, err)
			require.Contains(t, text, "Proc-Type: 4,ENCRYPTED")
			again, err := KeyText(key, cipher, "cisco123", rand.NewChaCha8([32]byte{1}))
			require.NoError(t, err)
			require.Equal(t, text, again, "the same stream, the same octets")
			read, err := ReadKey("\n"+text, "cisco123")
			require.NoError(t, err)
			require.Equal(t, key.PKCS8(), read.PKCS8())
			_, err = ReadKey(text, "cisco124")
			require.Error(t, err)
		}
		read, err := ReadKey(string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key.PKCS8()})), "x")
		require.NoError(t, err)
		require.Equal(t, key.PKCS8(), read.PKCS8())
	}
	_, err := ReadKey("quit", "")
	require.ErrorIs(t, err, ErrText)
}

// TestCertificatesAsText: with and without encapsulation, in whatever lines.
func TestCertificatesAsText(t *testing.T) {
	c := bundleOf(t, keysOfAllKinds(t)[1]).Certificate
	bare := base64.StdEncoding.EncodeToString(c.Raw)
	pem := CertificateText(c)
	for _, text := range []string{
		// "MUST support receiving arbitrary whitespace at the beginning and end of any line, MUST support
		// receiving arbitrary line lengths ..., and MUST support receiving the following three
		// line-termination disciplines: LF (US-ASCII 10), CR (US-ASCII 13), and CRLF." (RFC 4945 6)
		strings.ReplaceAll(pem, "\n", "\r\n"), strings.ReplaceAll(pem, "\n", "\r"), strings.ReplaceAll(pem, "\n", " \t\n  "), strings.ReplaceAll(pem, "\n", " \r "),
		pem, bare, "\n  " + bare[:40] + "  \n\n" + bare[40:], "-----BEGIN CERTIFICATE-----\n" + bare + "\n"} {
		read, err := ReadCertificate(text)
		require.NoError(t, err, text)
		require.True(t, c.Equal(read))
	}
	for _, text := range []string{"", "quit", bare[:80], RequestText([]byte{0x30, 0})} {
		_, err := ReadCertificate(text)
		require.ErrorIs(t, err, ErrText, text)
	}
}

// TestBundles: PKCS #12 there and back, of what others write too.
func TestBundles(t *testing.T) {
	for _, key := range keysOfAllKinds(t) {
		b := bundleOf(t, key)
		require.Len(t, b.Authorities, 2)
		require.Equal(t, "cn=SUB", Name(b.Authorities[0].RawSubject, ","))
		der, err := b.PKCS12("cisco123", rand.NewChaCha8([32]byte{2}))
		require.NoError(t, err)
		again, err := b.PKCS12("cisco123", rand.NewChaCha8([32]byte{2}))
		require.NoError(t, err)
		require.Equal(t, der, again)
		read, err := ReadBundle(der, "cisco123")
		require.NoError(t, err)
		require.Equal(t, b.Key.PKCS8(), read.Key.PKCS8())
		require.True(t, b.Certificate.Equal(read.Certificate))
		require.Len(t, read.Authorities, 2)
		_, err = ReadBundle(der, "other")
		require.ErrorIs(t, err, ErrPassphrase)
	}
	b := bundleOf(t, keysOfAllKinds(t)[0])
	private, err := x509.ParsePKCS8PrivateKey(b.Key.PKCS8())
	require.NoError(t, err)
	for _, form := range []*pkcs12.Encoder{pkcs12.LegacyRC2, pkcs12.Modern2023} {
		der, err := form.Encode(private, b.Certificate, b.Authorities, "cisco123")
		require.NoError(t, err)
		_, err = ReadBundle(der, "cisco123")
		require.NoError(t, err)
	}
	_, err = NewBundle(keysOfAllKinds(t)[1], []*x509.Certificate{b.Certificate})
	require.ErrorIs(t, err, errForeign)
}

// TestCostlyBundles: a file that asks for a thousand million iterations is refused before anything
// is computed.
func TestCostlyBundles(t *testing.T) {
	b := bundleOf(t, keysOfAllKinds(t)[1])
	private, err := x509.ParsePKCS8PrivateKey(b.Key.PKCS8())
	require.NoError(t, err)
	for _, form := range []*pkcs12.Encoder{pkcs12.LegacyDES, pkcs12.Modern2023} {
		der, err := form.WithIterations(0x022233).Encode(private, b.Certificate, nil, "x")
		require.NoError(t, err)
		costly := strings.ReplaceAll(string(der), "\x02\x03\x02\x22\x33", "\x02\x03\x7f\x22\x33")
		require.NotEqual(t, string(der), costly)
		_, err = ReadBundle([]byte(costly), "x")
		require.ErrorIs(t, err, errCostly)
	}
}

// FuzzPasted: whatever is pasted, nothing panics, and what is read is one of its kind.
func FuzzPasted(f *testing.F) {
	b := bundleOf(f, key(f, 3))
	text, err := KeyText(b.Key, "3des", "cisco123", rand.NewChaCha8([32]byte{1}))
	require.NoError(f, err)
	f.Add(CertificateText(b.Certificate))
	f.Add(base64.StdEncoding.EncodeToString(b.Certificate.Raw))
	f.Add(text)
	f.Add("-----BEGIN RSA PRIVATE KEY-----\nDEK-Info: DES-EDE3-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n")
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := ReadCertificate(text); err == nil {
			again, err := ReadCertificate(CertificateText(c))
			require.NoError(t, err)
			require.True(t, c.Equal(again))
		}
		if k, err := ReadKey(text, "cisco123"); err == nil {
			_, err := KeyText(k, "3des", "cisco123", rand.NewChaCha8([32]byte{1}))
			require.NoError(t, err)
		}
	})
}

// FuzzBundle: so too of files of PKCS #12.
func FuzzBundle(f *testing.F) {
	b := bundleOf(f, key(f, 3))
	der, err := b.PKCS12("", rand.NewChaCha8([32]byte{1}))
	require.NoError(f, err)
	f.Add(der)
	f.Fuzz(func(t *testing.T, der []byte) {
		if b, err := ReadBundle(der, ""); err == nil {
			require.NotNil(t, b.Certificate)
		}
	})
}
