package interop

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Certificates by which an end is not who it says that it is, and who says so.

// byECDSA is the method of all that do not say another.
const byECDSA = "ECDSA_WITH_SHA256_DER"

// certified is a feature of P-256 on the newer image.
func certified(name string, cert *credential, ours string, try func(*matrix, *testing.T, cell)) *feature {
	return &feature{
		name: name, image: "xe-17", identity: "fqdn", cert: cert, conn: swanAuth("ecdsa"), ours: ours,
		child: "local_ts = INNER/32\nremote_ts = INSIDE.0/24", try: try,
	}
}

// named gives a feature's ends distinguished names, which are the subjects of their
// certificates.
func named(f *feature) *feature {
	f.ours = "crypto pki certificate map M 10\nsubject-name co cn=CELL\n" +
		trusting("ROOT", pairEC256+"\nfqdn none", "ecdsa-sig", "identity local dn", "no match identity remote fqdn CELL.example", "match certificate M")
	f.conn += "\nlocal {\nid = \"O=swan, CN=CELL\"\n}\nremote {\nid = \"O=lab, CN=ROUTER\"\n}"
	return f
}

var (
	trustingECDSA = trusting("ROOT", pairEC256, "ecdsa-sig")
	logged        = "logging buffered 65536\n"
)

var otherCertificateFeatures = []*feature{
	certified("a chain of two certificates, both ways", &credential{key: "ec-256", by: swanSub}, trusting("SUB", pairEC256, "ecdsa-sig"), func(m *matrix, t *testing.T, c cell) { m.signs(t, c, byECDSA) }),
	named(certified("distinguished names as identities", &credential{key: "ec-256"}, "", (*matrix).subjects)),
	certified("the peer's certificate has expired: we refuse", &credential{key: "ec-256", until: 2001}, logged+trustingECDSA, refuses("PKI-3-CERTIFICATE_INVALID_EXPIRED")),
	certified("the peer's certificate is of another authority: we refuse", &credential{key: "ec-256", by: swanStranger}, logged+trustingECDSA, refuses("PKI-3-CERTIFICATE_INVALID: ")),
	certified("no list of revoked certificates of the peer's authority can be had: we refuse", &credential{key: "ec-256"}, logged+strings.ReplaceAll(trustingECDSA, "revocation-check none", "revocation-check crl"), refuses("PKI-3-CRL_FETCH_FAIL: CRL fetch for trustpoint SWAN failed")),
	certified("our certificate is of an authority that the peer does not trust: it refuses", &credential{key: "ec-256"}, trusting("STRANGER", pairEC256, "ecdsa-sig"), (*matrix).isRefused),
}

// subjects: the identities are the subjects.
func (m *matrix) subjects(t *testing.T, c cell) {
	m.introduce(t)
	m.bothBegin(t, c)
	log := m.peer.ask(t, "sh grep '<"+c.name()+"|.*authentication of' /run/charon.log")
	t.Log(log)
	require.Contains(t, log, "authentication of 'O=swan, CN="+c.name()+"' (myself) with "+byECDSA)
	require.Contains(t, log, "authentication of 'O=lab, CN="+c.router()+"' with "+byECDSA)
}

// refuses: whoever begins, our router says why not, and no SA stays.
func refuses(message string) func(*matrix, *testing.T, cell) {
	return func(m *matrix, t *testing.T, c cell) {
		m.introduce(t)
		out := m.peer.ask(t, m.initiate(c))
		log := m.lab.until(t, patience, c.router(), "show logging", has(message))
		require.NotContains(t, m.lab.at(t, c.router(), "show crypto session"), "UP-ACTIVE", out)
		m.nothingLeft(t, c)
		require.Contains(t, m.peer.ask(t, "sh grep '<"+c.name()+"|' /run/charon.log"), "received AUTHENTICATION_FAILED notify error", log)
		before := strings.Count(log, message)
		m.lab.at(t, c.router(), "configure terminal", "crypto ipsec profile P", "no responder-only", "end")
		log = m.lab.until(t, patience, c.router(), "show logging", func(out string) bool { return strings.Count(out, message) > before })
		t.Log(about(log, "PKI-"))
		require.NotContains(t, m.lab.at(t, c.router(), "show crypto session"), "UP-ACTIVE")
		m.finish(t, c)
	}
}

// isRefused: whoever begins, the peer says why not, and no SA stays.
func (m *matrix) isRefused(t *testing.T, c cell) {
	const why = "no trusted ECDSA public key found for '"
	m.peer.ask(t, m.initiate(c))
	m.nothingLeft(t, c)
	times := func() int {
		return strings.Count(m.peer.ask(t, "sh grep '<"+c.name()+"|' /run/charon.log"), why+strings.ToLower(c.router()))
	}
	require.Equal(t, 1, times())
	m.lab.at(t, c.router(), "configure terminal", "crypto ipsec profile P", "no responder-only", "end")
	m.lab.until(t, patience, c.router(), "show clock", func(string) bool { return times() > 1 })
	require.NotContains(t, m.lab.at(t, c.router(), "show crypto session"), "UP-ACTIVE")
	m.finish(t, c)
}
