package tests

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"software.sslmate.com/src/go-pkcs12"

	"ikelab/topologies"
	"ikelab/topologies/scenario"
)

// strangers is an authority that knows nothing of routers: what openssl would be.
type strangers struct {
	t    *testing.T
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
	last int64
}

func newStrangers(t *testing.T, at time.Time) *strangers {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Somebody's CA", Country: []string{"CH"}}, NotBefore: at.AddDate(-1, 0, 0), NotAfter: at.AddDate(9, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	s := &strangers{t: t, key: key, last: 1}
	s.cert = s.sign(c, c, &key.PublicKey)
	return s
}

func (s *strangers) sign(c, by *x509.Certificate, public any) *x509.Certificate {
	der, err := x509.CreateCertificate(rand.Reader, c, by, public, s.key)
	require.NoError(s.t, err)
	c, err = x509.ParseCertificate(der)
	require.NoError(s.t, err)
	return c
}

// issue signs for a name and an address.
func (s *strangers) issue(name, address string, public any) *x509.Certificate {
	s.last++
	c := &x509.Certificate{
		SerialNumber: big.NewInt(s.last), Subject: pkix.Name{CommonName: name}, NotBefore: s.cert.NotBefore, NotAfter: s.cert.NotAfter,
		KeyUsage: x509.KeyUsageDigitalSignature, IPAddresses: []net.IP{net.ParseIP(address)},
	}
	return s.sign(c, s.cert, public)
}

func pemOf(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func certificatePEM(c *x509.Certificate) string { return pemOf("CERTIFICATE", c.Raw) }

// paste types the lines of texts, each with quit behind it.
func (b *bench) paste(node string, texts ...string) (out string) {
	r := b.Router(node)
	s := b.runner.Consoles().Session(r)
	for _, text := range texts {
		for line := range strings.Lines(text + "quit\n") {
			r.Enter(s, strings.TrimSpace(line))
		}
	}
	return b.logs[node].String()
}

// byCertificates has both routers of the lab prove themselves by what a trustpoint TP has.
func (b *bench) byCertificates() {
	for _, node := range []string{"R1", "R2"} {
		b.configure(node, "crypto ikev2 profile SITES", "no authentication local pre-share", "no authentication remote pre-share",
			"authentication local ecdsa-sig", "authentication remote ecdsa-sig", "pki trustpoint TP")
	}
}

// TestCarriedCertificates: one router asks for its certificate over the terminal, the other is given
// key and certificate in PEM; the tunnel comes up, and after write memory and a reload again.
func TestCarriedCertificates(t *testing.T) {
	b := boot(t, xeLab, 1)
	b.do("wait 5s")
	ca := newStrangers(t, b.Sim.Now())
	b.configure("R1", "crypto pki trustpoint TP", "enrollment terminal pem", "subject-name cn=one", "revocation-check none", "eckeypair K1 256")
	b.do("R1: crypto pki authenticate TP")
	shown := b.paste("R1", certificatePEM(ca.cert))
	require.Contains(t, shown, "Fingerprint SHA1:")
	require.Contains(t, b.do("R1: yes"), "% Certificate successfully imported")
	b.do("R1: crypto pki enroll TP", "R1: no", "R1: yes", "R1: 10.0.0.1")
	shown = b.do("R1: yes")
	require.Contains(t, shown, "---End - This line not part of the certificate request---")
	block, _ := pem.Decode([]byte(shown))
	require.NotNil(t, block, shown)
	request, err := x509.ParseCertificateRequest(block.Bytes)
	require.NoError(t, err)
	require.Equal(t, "10.0.0.1", request.IPAddresses[0].String())
	b.do("R1: no", "R1: crypto pki import TP certificate")
	require.Contains(t, b.paste("R1", certificatePEM(ca.issue("one", "10.0.0.1", request.PublicKey))), "% Router Certificate successfully imported")

	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	der, err := x509.MarshalECPrivateKey(key)
	require.NoError(t, err)
	//lint:ignore SA1019 what IOS takes
	block, err = x509.EncryptPEMBlock(rand.Reader, "EC PRIVATE KEY", der, []byte("cisco123"), x509.PEMCipher3DES)
	require.NoError(t, err)
	b.do("R2: crypto pki import TP pem exportable terminal password cisco123")
	require.Contains(t, b.paste("R2", certificatePEM(ca.cert), string(pem.EncodeToMemory(block)), certificatePEM(ca.issue("two", "10.0.0.2", &key.PublicKey))), "% PEM files import succeeded.")
	b.configure("R2", "crypto pki trustpoint TP", "revocation-check none")
	b.byCertificates()
	b.do("R1: clear crypto session", "wait 30s")
	require.Contains(t, b.do("R1: ping 192.168.2.1 source Loopback0"), "!!!!!")
	require.Contains(t, b.do("R1: show crypto ikev2 sa"), "Auth sign: ECDSA, Auth verify: ECDSA")
	b.do("R1: write memory", "R2: write memory", "reload R1", "wait 5s", "reload R2", "wait 2m")
	require.Contains(t, b.do("R1: ping 192.168.2.1 source Loopback0"), "!!!!!")
	require.Contains(t, b.do("R2: show crypto ikev2 sa"), "Auth sign: ECDSA, Auth verify: ECDSA")
	require.Regexp(t, `^Trustpoint TP:\n  Issuing CA certificate configured:\n    Subject Name:\n     cn=Somebody's CA,c=CH\n(?s).*    Keys generated \.+ Yes \(General Purpose\)\n    Issuing CA authenticated \.+ Yes\n    Certificate request\(s\) \.+ Yes\n`, b.do("R1: show crypto pki trustpoints status"))
	require.Equal(t, b.do("R1: show crypto pki certificates"), b.do("R1: show crypto ca certificates"), "as it was called before")

	b.do("R2: crypto pki export TP pkcs12 flash: password cisco1234", "R2:")
	require.Regexp(t, `^00000000:  3082[0-9A-F]{4} `, b.do("R2: more flash:TP"), "no terminal is sent its octets")
	b.do("R2: crypto pki import COPY pkcs12 flash:TP password cisco1234")
	require.Contains(t, b.do("R2:"), "CRYPTO_PKI: Imported PKCS12 file successfully.")
	out := b.do("R2: crypto pki export TP pem terminal 3des cisco1234")
	require.Contains(t, out, "DEK-Info: DES-EDE3-CBC,")
	text := b.do("R2: show running-config")
	require.NotContains(t, text, "PRIVATE")
	require.Contains(t, text, "crypto pki trustpoint TP\n enrollment pkcs12\n revocation-check none\n eckeypair TP\n")
}

// TestCarriedInFiles: PKCS #12 at the terminal, exported to a file by one router and imported from there;
// a chain brings its trustpoints along; what cannot be is said, and nothing is left of it.
func TestCarriedInFiles(t *testing.T) {
	b := boot(t, xeLab, 1)
	b.do("wait 5s")
	ca := newStrangers(t, b.Sim.Now())
	for i, node := range []string{"R1", "R2"} {
		key, err := rsa.GenerateKey(rand.Reader, 1024)
		require.NoError(t, err)
		own := ca.issue(node, fmt.Sprintf("10.0.0.%d", i+1), &key.PublicKey)
		file, err := pkcs12.Modern2023.WithIterations(1).Encode(key, own, []*x509.Certificate{ca.cert}, "cisco123")
		require.NoError(t, err)
		text := pemOf("PKCS12", file)
		b.do(node + ": crypto pki import TP pkcs12 terminal password wrong")
		require.Contains(t, b.paste(node, text), "CRYPTO_PKI: Import PKCS12 operation failed: the passphrase is wrong")
		require.NotContains(t, b.do(node+": show running-config"), "TP")
		b.do(node + ": crypto pki import TP pkcs12 terminal password cisco123")
		require.Contains(t, b.paste(node, text), "CRYPTO_PKI: Imported PKCS12 file successfully.")
		b.configure(node, "crypto pki trustpoint TP", "revocation-check none")
		b.configure(node, "crypto ikev2 profile SITES", "no authentication local pre-share", "no authentication remote pre-share",
			"authentication local rsa-sig", "authentication remote rsa-sig", "pki trustpoint TP")
	}
	b.do("R1: clear crypto session", "wait 30s")
	require.Contains(t, b.do("R1: ping 192.168.2.1 source Loopback0"), "!!!!!")
	require.Contains(t, b.do("R1: show crypto ikev2 sa"), "Auth sign: RSA, Auth verify: RSA")
	b.do("R1: write memory", "reload R1", "wait 2m")
	require.Contains(t, b.do("R1: ping 192.168.2.1 source Loopback0"), "!!!!!")
	require.Contains(t, b.answered("R1: crypto pki export TP pkcs12 terminal password cisco1234"), "the key pair is not exportable")
	require.Contains(t, b.answered("R1: crypto pki export TP pem terminal 3des short"), "% Passphrase is too short, needs to be at least 8 chars")
	require.Contains(t, b.answered("R1: crypto pki export NONE pem terminal"), "no such trustpoint")
	require.NotContains(t, b.do("R1: crypto pki export TP pem terminal"), "PRIVATE")
}

// answered is what a line is answered by, refused or not.
func (b *bench) answered(line string) string {
	step, err := scenario.ParseLine(line)
	require.NoError(b.t, err)
	require.NoError(b.t, b.runner.Prepare(step))
	results, err := b.runner.Do(step)
	require.NoError(b.t, err)
	return results[0].Output
}

// TestSelfSigned: two routers sign for themselves and are given each other's certificate; the older
// image's end with the year 2019.
func TestSelfSigned(t *testing.T) {
	b := boot(t, xeLab, 1)
	b.do("wait 5s")
	own := map[string]string{}
	for _, node := range []string{"R1", "R2"} {
		b.configure(node, "crypto pki trustpoint TP", "enrollment selfsigned", "subject-name cn="+node, "revocation-check none", "eckeypair K 256")
		b.do(node+": crypto pki enroll TP", node+": no", node+": no")
		require.Contains(t, b.do(node+": yes"), "Router Self Signed Certificate successfully created")
		require.Contains(t, b.do(node+": show crypto pki certificates"), "Router Self-Signed Certificate\n")
		require.Contains(t, b.do(node+": show running-config"), " certificate self-signed 01\n")
		own[node] = b.do(node + ": crypto pki export TP pem terminal")
		require.Contains(t, own[node], "% Self-signed CA certificate:\n-----BEGIN CERTIFICATE-----\n")
		b.do(node+": crypto pki enroll TP", node+": no", node+": no", node+": yes")
		require.Equal(t, 1, strings.Count(b.do(node+": show running-config"), " certificate self-signed 01\n"), "another in its place")
		own[node] = b.do(node + ": crypto pki export TP pem terminal")
	}
	for node, peer := range map[string]string{"R1": "R2", "R2": "R1"} {
		b.configure(node, "crypto pki trustpoint PEER", "enrollment terminal", "revocation-check none")
		b.do(node + ": crypto pki authenticate PEER")
		block, _ := pem.Decode([]byte(own[peer]))
		require.NotNil(t, block)
		b.paste(node, pemOf("CERTIFICATE", block.Bytes))
		b.do(node + ": yes")
		b.configure(node, "crypto ikev2 profile SITES", "no authentication local pre-share", "no authentication remote pre-share",
			"authentication local ecdsa-sig", "authentication remote ecdsa-sig", "pki trustpoint TP sign", "pki trustpoint PEER verify")
	}
	b.do("R1: clear crypto session", "wait 30s")
	require.Contains(t, b.do("R1: ping 192.168.2.1 source Loopback0"), "!!!!!")
	old := boot(t, topologies.DefaultLab, 1)
	old.configure("R1", "crypto pki trustpoint TP", "enrollment selfsigned", "eckeypair K 256")
	old.do("R1: crypto pki enroll TP", "R1: no", "R1: no", "R1: yes")
	require.Contains(t, old.do("R1: show crypto pki certificates"), "    end   date: 00:00:00 UTC Jan 1 2020\n")
	old.do("R1: clock set 08:00:00 2 March 2020", "R1: crypto pki enroll TP", "R1: no", "R1: no")
	require.Contains(t, old.do("R1: yes"), "% Failed to generate persistent self-signed cert: ")
}
