package interop

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The peer's certificates are those of authorities of its own, which this file makes; ours are
// those of authorities of the lab. Each end is told of the other's root alone.

// labAuthorities sign for our routers. Their clocks begin in 2002, the peer's is the wall's, so
// what they sign holds for 45 years.
const labAuthorities = `authorities:
  ROOT: {subject: "cn=ROOT,o=lab", key: rsa-2048, valid-for: 400000h, issued-for: 400000h}
  SUB: {subject: "cn=SUB,o=lab", issuer: ROOT, valid-for: 400000h, issued-for: 400000h}
  STRANGER: {subject: "cn=STRANGER,o=lab", valid-for: 400000h, issued-for: 400000h}
`

// signer is an authority of the peer's.
type signer struct {
	key  crypto.Signer
	cert *x509.Certificate
}

// swanRoot signs for the peer, swanSub below it; nobody trusts swanStranger.
var (
	swanRoot     = newSigner("root", nil)
	swanSub      = newSigner("sub", swanRoot)
	swanStranger = newSigner("stranger", nil)
)

func newSigner(name string, above *signer) *signer {
	key := newKey("ec-256")
	s := &signer{key: key, cert: &x509.Certificate{IsCA: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, Subject: swanName(name)}}
	if above == nil {
		above = s
	}
	s.cert = above.sign(s.cert, key, 2048)
	return s
}

func swanName(name string) pkix.Name {
	return pkix.Name{Organization: []string{"swan"}, CommonName: name}
}

// newKey makes a key of a kind.
func newKey(kind string) (key crypto.Signer) {
	var err error
	switch kind {
	case "rsa":
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	case "ec-256":
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "ec-384":
		key, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case "ed25519":
		_, key, err = ed25519.GenerateKey(rand.Reader)
	default:
		panic("no key " + kind)
	}
	if err != nil {
		panic(err)
	}
	return key
}

var serial int64

// sign gives a certificate that is valid from 2000 until a year.
func (s *signer) sign(c *x509.Certificate, key crypto.Signer, year int) *x509.Certificate {
	serial++
	c.SerialNumber, c.BasicConstraintsValid = big.NewInt(serial), true
	c.NotBefore, c.NotAfter = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
	der, err := x509.CreateCertificate(rand.Reader, c, s.cert, key.Public(), s.key)
	if err != nil {
		panic(err)
	}
	if c, err = x509.ParseCertificate(der); err != nil {
		panic(err)
	}
	return c
}

// credential is the peer's certificate in a cell.
type credential struct {
	key   string  // "rsa", "ec-256", "ec-384", "ed25519"
	by    *signer // nil: the root
	until int     // a year; 0: for long
}

// files are a cell's key and certificate.
func (k *credential) files(c cell, files map[string]string) {
	by, until := k.by, k.until
	if by == nil {
		by = swanRoot
	}
	if until == 0 {
		until = 2048
	}
	key := newKey(k.key)
	cert := by.sign(&x509.Certificate{Subject: swanName(c.name()), DNSNames: []string{c.name() + ".example"}, KeyUsage: x509.KeyUsageDigitalSignature}, key, until)
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic(err)
	}
	files[c.name()+".key"] = pemText("PRIVATE KEY", der)
	files[c.name()+".crt"] = pemText("CERTIFICATE", cert.Raw)
}

func pemText(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// swanCredentials are the files of all cells that have certificates.
func swanCredentials(list []cell, files map[string]string) {
	files["sub.crt"] = pemText("CERTIFICATE", swanSub.cert.Raw)
	for _, c := range list {
		if c.feature != nil && c.feature.cert != nil {
			c.feature.cert.files(c, files)
		}
	}
}

// swanFolder is where swanctl looks for keys and certificates: beside its configuration.
const swanFolder = `mkdir -p /run/swanctl/private /run/swanctl/x509 /run/swanctl/x509ca
cp /conf/swanctl.conf /run/swanctl; cp /conf/*.crt /run/swanctl/x509; cp /conf/*.key /run/swanctl/private 2>/dev/null
`

// swanAuth are the peer's lines of a connection with certificates: how it signs.
func swanAuth(auth string) string {
	return "local {\nauth = " + auth + "\ncerts = /conf/CELL.crt\n}\nremote {\nauth = pubkey\n}"
}

// trusting are our lines: a certificate of an authority of the lab, for a key pair of a kind, and
// the peer's root. more are lines of the profile.
func trusting(authority, pair, local string, more ...string) string {
	root := strings.ToUpper(hex.EncodeToString(swanRoot.cert.Raw))
	return fmt.Sprintf(`ip domain name example
crypto pki trustpoint LAB
enrollment url http://%s
subject-name cn=ROUTER,o=lab
revocation-check none
%s
auto-enroll
crypto pki trustpoint SWAN
enrollment terminal
revocation-check none
crypto pki certificate chain SWAN
certificate ca %X
%s
quit
crypto ikev2 profile P
authentication local %s
no authentication remote pre-share
authentication remote rsa-sig
authentication remote ecdsa-sig
pki trustpoint LAB sign
pki trustpoint SWAN verify
%s`, authority, pair, swanRoot.cert.SerialNumber, root, local, strings.Join(more, "\n"))
}

// Our key pairs.
const (
	pairRSA     = "rsakeypair K 2048"
	pairEC256   = "eckeypair K"
	pairEC384   = "eckeypair K 384"
	pairEd25519 = "eckeypair K ed25519"
)

var certificateFeatures = []*feature{
	signed("RSA certificates, by method 1", "15.1", "rsa", "rsa", pairRSA, "rsa-sig", "RSA signature"),
	signed("RSA certificates, by RFC 7427", "xe-17", "rsa", "rsa", pairRSA, "rsa-sig", "RSA_EMSA_PKCS1_SHA2_256"),
	signed("ECDSA certificates of P-256, by method 9", "15.1", "ec-256", "ecdsa", pairEC256, "ecdsa-sig", "ECDSA-256 signature"),
	signed("ECDSA certificates of P-256, by RFC 7427", "xe-17", "ec-256", "ecdsa", pairEC256, "ecdsa-sig", "ECDSA_WITH_SHA256_DER"),
	signed("ECDSA certificates of P-384, by method 10", "15.1", "ec-384", "ecdsa", pairEC384, "ecdsa-sig", "ECDSA-384 signature"),
	signed("ECDSA certificates of P-384, by RFC 7427", "xe-17", "ec-384", "ecdsa", pairEC384, "ecdsa-sig", "ECDSA_WITH_SHA384_DER"),
	signed("RSA certificates, RSASSA-PSS", "xe-17", "rsa", "rsa/pss-sha256", pairRSA, "rsa-sig pss", "RSA_EMSA_PSS_SHA2_256_SALT_32"),
	signed("Ed25519 certificates", "xe-17", "ed25519", "pubkey", pairEd25519, "eddsa-sig", "ED25519"),
}

// signed is a feature in which both ends sign alike; method is what the peer calls it.
func signed(name, image, key, auth, pair, local, method string) *feature {
	more := ""
	if local == "eddsa-sig" {
		more = "authentication remote eddsa-sig"
	}
	return &feature{
		name: name, image: image, identity: "fqdn", cert: &credential{key: key}, conn: swanAuth(auth), ours: trusting("ROOT", pair, local, more),
		child: "local_ts = INNER/32\nremote_ts = INSIDE.0/24",
		try:   func(m *matrix, t *testing.T, c cell) { m.signs(t, c, method) },
	}
}

// signs: whoever begins, both prove who they are by a signature of the method.
func (m *matrix) signs(t *testing.T, c cell, method string) {
	m.introduce(t)
	m.bothBegin(t, c)
	log := m.peer.ask(t, "sh grep '<"+c.name()+"|.*authentication of' /run/charon.log")
	t.Log(log)
	require.Regexp(t, `authentication of '`+c.name()+`.example' \(myself\) with `+method+` `, log)
	require.Regexp(t, `authentication of 'r\d+.example' with `+method+` `, log)
	require.NotContains(t, log, "pre-shared")
	require.Equal(t, strings.Count(log, "authentication of"), strings.Count(log, " with "+method+" successful"), "no other method: %s", log)
}

// introductions is held by who tells the peer of a root of ours.
var introductions sync.Mutex

// introduce tells the peer of the lab's root, which the first router with a certificate shows:
// one below another authority has only that one's.
func (m *matrix) introduce(t *testing.T) {
	t.Helper()
	first := m.cells[slices.IndexFunc(m.cells, func(c cell) bool { return c.feature != nil && c.feature.cert != nil })].router()
	m.lab.at(t, first, "terminal length 0")
	der := rootOf(t, m.lab.until(t, patience, first, "show running-config", has(" certificate ca ")))
	introductions.Lock()
	defer introductions.Unlock()
	out := m.peer.do(t, "sh export STRONGSWAN_CONF=/conf/strongswan.conf; echo "+base64.StdEncoding.EncodeToString(der)+
		" | base64 -d >/run/swanctl/x509ca/lab.crt && swanctl --load-creds --noprompt --file /run/swanctl/swanctl.conf 2>&1")
	require.Contains(t, out, "lab.crt")
}

// rootOf is the self-signed certificate in a running configuration's chain LAB.
func rootOf(t *testing.T, config string) []byte {
	t.Helper()
	_, chain, ok := strings.Cut(config, "crypto pki certificate chain LAB\n")
	require.True(t, ok, config)
	for _, found := range regexp.MustCompile(`(?s) certificate ca \w+\n(.*?)quit`).FindAllStringSubmatch(chain, -1) {
		der, err := hex.DecodeString(strings.Join(strings.Fields(found[1]), ""))
		require.NoError(t, err)
		c, err := x509.ParseCertificate(der)
		require.NoError(t, err)
		if c.Subject.CommonName == "ROOT" && c.Issuer.String() == c.Subject.String() {
			return der
		}
	}
	require.Fail(t, "no root", chain)
	return nil
}
