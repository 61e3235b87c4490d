package router

import (
	"crypto/x509"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/keys"
	"ikelab/ikev2/pki"
	"ikelab/iosconfig/rows"
	"ikelab/router/shell"
)

// signing is an authority that signs whatever comes.
type signing struct {
	issuer *pki.Issuer
	last   int64
}

func newSigning(t *testing.T) *signing {
	key, err := keys.GenerateEC(256, rand.NewChaCha8([32]byte{1}))
	require.NoError(t, err)
	name, err := pki.ParseName("cn=ROOT")
	require.NoError(t, err)
	c, err := pki.SelfSigned(&pki.Subject{Name: name}, key, pki.Terms{Serial: 1, From: time.Unix(0, 0), To: time.Unix(1e10, 0)})
	require.NoError(t, err)
	return &signing{&pki.Issuer{Key: key, Certificate: c}, 1}
}

func (s *signing) Chain() []*x509.Certificate { return []*x509.Certificate{s.issuer.Certificate} }

func (s *signing) CRL(time.Time) *x509.RevocationList { return nil }

func (s *signing) Sign(_ time.Time, _ string, request []byte) (*x509.Certificate, error) {
	s.last++
	return s.issuer.Sign(request, pki.Terms{Serial: s.last, From: time.Unix(0, 0), To: time.Unix(1e10, 0)})
}

const enrolling = "hostname R1\nip domain name example.com\ncrypto pki trustpoint CA\n enrollment url http://ROOT\n subject-name cn=R1\n eckeypair K\n auto-enroll\n"

// enrolledRouter is a router with a trustpoint that asks by itself.
func enrolledRouter(t *testing.T, authority Authority, config string) *Router {
	random := rand.NewChaCha8([32]byte{2})
	r := New(Options{
		Name: "R1", Node: 1, Ports: []string{"Ethernet0/0"}, Epoch: time.Unix(0, 0).UTC(),
		Stream: func(string) io.Reader { return random },
		Authority: func(url string) Authority {
			if authority == nil || !strings.HasPrefix(url, "http://ROOT") {
				return nil
			}
			return authority
		},
	})
	r.Attach(func(int, []byte, uint64) uint64 { return 0 }, func(time.Duration, uint64) {})
	r.LoadStartup(new(StartupReader).Read(config, "15.1"))
	r.Start(time.Unix(0, 0).UTC())
	return r
}

// TestKeysAreKept: what `write memory` has saved comes back with a reload, key pairs too; what it has
// not is lost. No key stands in a configuration.
func TestKeysAreKept(t *testing.T) {
	r := enrolledRouter(t, newSigning(t), enrolling)
	d := deviceOf(r)
	first := d.PKI()
	require.Len(t, first.Keys, 1)
	require.NotNil(t, first.Trustpoints[0].Own)
	require.Equal(t, "02", first.Trustpoints[0].Own.Serial)
	saved := strings.Join(d.runningText(), "\n")
	require.NoError(t, d.SetStartup(saved))
	require.Contains(t, saved, "crypto pki certificate chain CA")
	require.NotContains(t, saved, "PRIVATE")
	_, err := d.GenerateKey(time.Unix(1, 0), "LATER", "ec", 256, false)
	require.NoError(t, err)
	r.reload(time.Unix(2, 0).UTC())
	again := deviceOf(r).PKI()
	require.Equal(t, first.Keys, again.Keys, "LATER was not saved")
	require.Equal(t, first.Trustpoints, again.Trustpoints, "nothing was asked for anew")
	require.NotNil(t, r.certified.papers(r.store.Running()).Credentials["CA"])
}

// TestEnrolment: who asks in vain is told why, and nothing is half done.
func TestEnrolment(t *testing.T) {
	r := enrolledRouter(t, nil, enrolling)
	d := deviceOf(r)
	require.Empty(t, d.PKI().Keys, "nobody answers, so nothing is asked")
	require.ErrorIs(t, d.Enrol(time.Unix(1, 0), "CA", shell.Included{}), errNoAuthority)
	require.ErrorIs(t, d.Enrol(time.Unix(1, 0), "CB", shell.Included{}), errNoTrustpoint)
	r = enrolledRouter(t, newSigning(t), strings.Replace(enrolling, " auto-enroll\n", "", 1))
	d = deviceOf(r)
	require.ErrorIs(t, d.Enrol(time.Unix(1, 0), "CA", shell.Included{}), errNotTrusted)
	require.Empty(t, d.PKI().Keys)
	require.NoError(t, d.Trust(time.Unix(1, 0), "CA", ""))
	require.NoError(t, d.Enrol(time.Unix(1, 0), "CA", shell.Included{}))
	require.NoError(t, d.Enrol(time.Unix(1, 0), "CA", shell.Included{}), "once more: another certificate in its place")
	require.Equal(t, "03", d.PKI().Trustpoints[0].Own.Serial)
	require.Len(t, r.certified.papers(r.store.Running()).Credentials["CA"].Chain, 1, "the root is not sent (RFC 4945 3.3)")
	require.Equal(t, 1, strings.Count(strings.Join(d.runningText(), "\n"), " certificate 0"), "one of its own")
	require.Equal(t, []string{"K"}, d.ZeroizeKeys(time.Unix(2, 0), "ec", ""))
	require.Nil(t, r.certified.papers(r.store.Running()).Credentials["CA"], "a certificate without its key is none")
	require.Nil(t, d.PKI().Trustpoints[0].Own, "and has gone with it, as the question says")
	_, err := d.GenerateKey(time.Unix(2, 0), "", "rsa", 512, false)
	require.ErrorIs(t, err, keys.ErrKey)
	bad := enrolledRouter(t, newSigning(t), strings.Replace(enrolling, "cn=R1", "R1", 1))
	require.Nil(t, deviceOf(bad).PKI().Trustpoints[0].Own, "a subject that is no name")
}

// TestZeroizedKeys: what was issued for keys that are removed goes with them, out of the configuration
// too; what stands beside it stays.
func TestZeroizedKeys(t *testing.T) {
	other := "crypto pki trustpoint CB\n enrollment url http://ROOT\n subject-name cn=R1B\n rsakeypair L\n auto-enroll\n"
	r := enrolledRouter(t, newSigning(t), enrolling+other)
	d := deviceOf(r)
	certificates := func() int { return strings.Count(strings.Join(d.runningText(), "\n"), " certificate 0") }
	require.Equal(t, 2, certificates())
	require.Equal(t, []string{"L"}, d.ZeroizeKeys(time.Unix(1, 0), "rsa", ""))
	require.Equal(t, 1, certificates())
	has := d.PKI().Trustpoints
	require.NotNil(t, has[0].Own)
	require.Nil(t, has[1].Own)
	require.Len(t, has[1].Authorities, 1, "the authority's was not issued for it")
	require.Contains(t, r.certified.papers(r.store.Running()).Credentials, "CA")
	require.Empty(t, d.ZeroizeKeys(time.Unix(1, 0), "ec", "NONE"))
	require.Equal(t, 1, certificates())
}

func (d device) runningText() []string { return rows.Running(d.Running()) }
