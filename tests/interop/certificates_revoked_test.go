package interop

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Certificates that were taken back, ours and the peer's; and such as come and go by hand.

// swanGiven are the lines of a router that is given its key and certificate by the peer's root,
// which it believes too.
const swanGiven = `ip domain name example
crypto pki trustpoint GIVEN
enrollment terminal
revocation-check none
eckeypair GIVEN
crypto ikev2 profile P
authentication local ecdsa-sig
no authentication remote pre-share
authentication remote ecdsa-sig
pki trustpoint GIVEN
`

// peerTaken are those of one that believes an authority of the lab which has taken back all that it
// has signed, the peer's certificate among it.
const peerTaken = `crypto pki trustpoint PEER
enrollment url http://TAKEN
subject-name cn=CELL,o=swan
fqdn CELL.example
serial-number none
ip-address none
revocation-check crl
eckeypair PEERKEY
crypto ikev2 profile P
no pki trustpoint SWAN verify
pki trustpoint PEER verify
`

var revokedFeatures = []*feature{
	certified("our certificate, given to us in PEM, is taken back: the peer refuses", &credential{key: "ec-256"}, swanGiven, (*matrix).takenBack),
	{
		name: "the peer's certificate is taken back: we refuse", image: "xe-17", identity: "fqdn", cert: &credential{key: "ec-256"}, ours: logged + trustingECDSA + "\n" + peerTaken,
		conn:  "local {\nauth = ecdsa\ncerts = /run/CELL.crt\n}\nremote {\nauth = pubkey\n}",
		child: "local_ts = INNER/32\nremote_ts = INSIDE.0/24", try: (*matrix).takesBack,
	},
}

// learns has the peer read files below /run, and credentials and connections after them.
func (m *matrix) learns(t *testing.T, files map[string][]byte) {
	t.Helper()
	introductions.Lock()
	defer introductions.Unlock()
	var b strings.Builder
	for name, octets := range files {
		b.WriteString("echo " + base64.StdEncoding.EncodeToString(octets) + " | base64 -d >/run/" + name + "; ")
	}
	out := m.peer.do(t, "sh export STRONGSWAN_CONF=/conf/strongswan.conf; mkdir -p /run/swanctl/x509crl; "+b.String()+
		"swanctl --load-creds --noprompt --file /run/swanctl/swanctl.conf 2>&1; swanctl --load-conns --file /run/swanctl/swanctl.conf 2>&1 || true") // an older release has no ML-KEM
	require.Contains(t, out, "loaded")
}

// takenBack: it is believed until the peer has a list that names it.
func (m *matrix) takenBack(t *testing.T, c cell) {
	key := newKey("ec-256")
	cert := swanRoot.sign(&x509.Certificate{Subject: swanName(c.router()), DNSNames: []string{strings.ToLower(c.router()) + ".example"}, KeyUsage: x509.KeyUsageDigitalSignature}, key, 2048)
	der, err := x509.MarshalECPrivateKey(key.(*ecdsa.PrivateKey))
	require.NoError(t, err)
	//lint:ignore SA1019 what IOS takes
	block, err := x509.EncryptPEMBlock(rand.Reader, "EC PRIVATE KEY", der, []byte("cisco123"), x509.PEMCipher3DES)
	require.NoError(t, err)
	out := m.lab.at(t, c.router(), "crypto pki import GIVEN pem terminal password cisco123\n"+
		pemText("CERTIFICATE", swanRoot.cert.Raw)+"quit\n"+string(pem.EncodeToMemory(block))+"quit\n"+pemText("CERTIFICATE", cert.Raw)+"quit")
	require.Contains(t, out, "% PEM files import succeeded.")
	m.learns(t, map[string][]byte{"swanctl/x509ca/swan.crt": swanRoot.cert.Raw})
	m.bothBegin(t, c)

	list := &x509.RevocationList{
		Number: big.NewInt(1), ThisUpdate: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), NextUpdate: time.Date(2048, 1, 1, 0, 0, 0, 0, time.UTC),
		RevokedCertificateEntries: []x509.RevocationListEntry{{SerialNumber: cert.SerialNumber, RevocationTime: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)}},
	}
	crl, err := x509.CreateRevocationList(rand.Reader, list, swanRoot.cert, swanRoot.key)
	require.NoError(t, err)
	m.learns(t, map[string][]byte{"swanctl/x509crl/swan.crl": crl})
	m.lab.at(t, c.router(), "configure terminal", "crypto ipsec profile P", "no responder-only", "interface Tunnel0", "no shutdown", "end")
	log := m.peer.until(t, patience, "sh grep '<"+c.name()+"|' /run/charon.log", has("certificate was revoked on"))
	t.Log(about(log, "revoked"))
	require.NotContains(t, m.lab.at(t, c.router(), "show crypto session"), "UP-ACTIVE")
	m.finish(t, c)
}

// takesBack: the peer's certificate is of an authority of the lab, which a router has asked for it;
// with its key it goes to the peer as text.
func (m *matrix) takesBack(t *testing.T, c cell) {
	r := c.router()
	m.lab.at(t, r, "terminal length 0", "crypto key generate ec keysize 256 label PEERKEY exportable", "crypto pki authenticate PEER\nyes", "crypto pki enroll PEER\nyes")
	out := m.lab.at(t, r, "crypto pki export PEER pem terminal 3des cisco1234")
	files := map[string][]byte{}
	for block, rest := pem.Decode([]byte(out)); block != nil; block, rest = pem.Decode(rest) {
		switch {
		case strings.HasSuffix(block.Type, "PRIVATE KEY"):
			//lint:ignore SA1019 what IOS gives
			der, err := x509.DecryptPEMBlock(block, []byte("cisco1234"))
			require.NoError(t, err)
			files["swanctl/private/"+c.name()+".key"] = []byte(pemText("EC PRIVATE KEY", der))
		default: // the last is the peer's
			files[c.name()+".crt"] = block.Bytes
		}
	}
	require.Len(t, files, 2, out)
	m.learns(t, files)
	refuses("PKI-3-CERTIFICATE_REVOKED")(m, t, c)
}

// routersOf are the routers of cells, as a list in YAML.
func routersOf(list []cell) string {
	var names []string
	for _, c := range list {
		names = append(names, c.router())
	}
	return "[" + strings.Join(slices.Compact(names), ", ") + "]"
}
