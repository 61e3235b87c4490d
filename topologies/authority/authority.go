package authority

import (
	"crypto/x509"
	"fmt"
	"io"
	"maps"
	"math/big"
	"slices"
	"strings"
	"time"

	"ikelab/ikev2/keys"
	"ikelab/ikev2/pki"
)

// Settings are what a topology file says of an authority.
type Settings struct {
	Name    string        // "ROOT", by which it is reached
	Subject string        // its distinguished name; "": cn=NAME
	Key     string        // "rsa-2048", "ec-256", "ed25519"; "": ec-256
	Issuer  string        // the authority above it; "": it is a root
	Valid   Validity      // of its own certificate
	Issued  Validity      // of those that it signs
	Use     string        // "email": what it signs is not for IKE
	Revoked []string      // routers whose certificates it has taken back
	CRL     time.Duration // how long a list holds; 0: a day; less: it gives none
}

// Validity is when a certificate is valid: from an instant after it was signed, for so long.
type Validity struct{ After, For time.Duration }

// Authority signs.
type Authority struct {
	settings Settings
	issuer   *pki.Issuer
	above    *Authority
	last     int64 // serial number
	lists    int64
	issued   map[string][]*big.Int // serial numbers by router
	revoked  map[string][]*big.Int // those that were taken back meanwhile
}

// Defaults are what is not said.
const (
	ownLife    = 10 * 365 * 24 * time.Hour
	issuedLife = 365 * 24 * time.Hour
	listLife   = 24 * time.Hour
)

// backdated is how long before it is signed a certificate is valid, so that clocks may differ.
const backdated = time.Hour

// newKey makes the key of settings.
func newKey(kind string, random io.Reader) (*keys.PrivateKey, error) {
	kind, bits, _ := strings.Cut(kind, "-")
	var n int
	if bits != "" {
		if _, err := fmt.Sscanf(bits, "%d", &n); err != nil {
			return nil, keys.ErrKey
		}
	}
	switch kind {
	case "":
		return keys.GenerateEC(256, random)
	case "ec":
		return keys.GenerateEC(n, random)
	case "rsa":
		return keys.GenerateRSA(n, random)
	case "ed25519":
		return keys.GenerateEd25519(random)
	}
	return nil, keys.ErrKey
}

// New makes an authority at an instant, below another one or, nil, as a root.
func New(s Settings, above *Authority, random io.Reader, now time.Time) (*Authority, error) {
	key, err := newKey(s.Key, random)
	if err != nil {
		return nil, err
	}
	if s.Subject == "" {
		s.Subject = "cn=" + s.Name
	}
	name, err := pki.ParseName(s.Subject)
	if err != nil {
		return nil, err
	}
	a := &Authority{settings: s, above: above, last: 1, issued: map[string][]*big.Int{}, revoked: map[string][]*big.Int{}}
	var c *x509.Certificate
	if above == nil {
		c, err = pki.SelfSigned(&pki.Subject{Name: name}, key, s.Valid.terms(1, now, ownLife))
	} else {
		c, err = above.subordinate(now, &pki.Subject{Name: name}, key, s.Valid)
	}
	if err != nil {
		return nil, err
	}
	a.issuer = &pki.Issuer{Key: key, Certificate: c}
	return a, nil
}

// terms are the validity of a certificate that is signed now.
func (v Validity) terms(serial int64, now time.Time, life time.Duration) pki.Terms {
	from := now.Add(v.After)
	if v.After == 0 {
		from = now.Add(-backdated)
	}
	if v.For != 0 {
		life = v.For
	}
	// The times of certificates are whole seconds.
	return pki.Terms{Serial: serial, From: from.Truncate(time.Second), To: now.Add(v.After + life).Truncate(time.Second)}
}

func (a *Authority) subordinate(now time.Time, s *pki.Subject, key *keys.PrivateKey, v Validity) (*x509.Certificate, error) {
	request, err := pki.Request(s, key)
	if err != nil {
		return nil, err
	}
	a.last++
	terms := v.terms(a.last, now, ownLife)
	terms.Authority, terms.CRLAt = true, a.distribution()
	return a.issuer.Sign(request, terms)
}

// Chain is the authority's certificate, and those of who stands above it.
func (a *Authority) Chain() (list []*x509.Certificate) {
	for ; a != nil; a = a.above {
		list = append(list, a.issuer.Certificate)
	}
	return list
}

// distribution is where the authority's lists lie.
func (a *Authority) distribution() []string {
	return []string{"http://" + a.settings.Name + "/crl"}
}

// Sign signs a router's request (PKCS #10).
func (a *Authority) Sign(now time.Time, router string, request []byte) (*x509.Certificate, error) {
	a.last++
	terms := a.settings.Issued.terms(a.last, now, issuedLife)
	terms.WrongUse, terms.CRLAt = a.settings.Use == "email", a.distribution()
	c, err := a.issuer.Sign(request, terms)
	if err != nil {
		return nil, err
	}
	a.issued[router] = append(a.issued[router], c.SerialNumber)
	return c, nil
}

// Revoke takes back what a router has got; false: it has got nothing that is not taken back already.
func (a *Authority) Revoke(router string) bool {
	fresh := len(a.issued[router]) > len(a.revoked[router])
	a.revoked[router] = slices.Clone(a.issued[router])
	return fresh
}

// CRL is the list of what is revoked now; nil: the authority gives none.
func (a *Authority) CRL(now time.Time) *x509.RevocationList {
	life := a.settings.CRL
	if life == 0 {
		life = listLife
	}
	if life < 0 {
		return nil
	}
	var serials []*big.Int
	for _, router := range a.settings.Revoked {
		serials = append(serials, a.issued[router]...)
	}
	for _, router := range slices.Sorted(maps.Keys(a.revoked)) {
		if !slices.Contains(a.settings.Revoked, router) {
			serials = append(serials, a.revoked[router]...)
		}
	}
	a.lists++
	now = now.Truncate(time.Second)
	der, err := a.issuer.Revoke(serials, a.lists, now, now.Add(life))
	if err != nil {
		return nil
	}
	list, err := x509.ParseRevocationList(der)
	if err != nil {
		return nil
	}
	return list
}

// Named finds an authority by the URL at which routers ask it: its name is the host.
func Named(list []*Authority, url string) *Authority {
	host, _, _ := strings.Cut(strings.TrimPrefix(url, "http://"), "/")
	host, _, _ = strings.Cut(host, ":")
	i := slices.IndexFunc(list, func(a *Authority) bool { return strings.EqualFold(a.settings.Name, host) })
	if i < 0 {
		return nil
	}
	return list[i]
}
