package router

import (
	"bytes"
	"cmp"
	"crypto/x509"
	"io"
	"net/netip"
	"slices"
	"time"

	"ikelab/ikev2"
	"ikelab/ikev2/pki"
	"ikelab/iosconfig"
	"ikelab/router/ntp"
	"ikelab/router/operator"
	"ikelab/router/policy"
	"ikelab/router/record"
	"ikelab/router/shell"
)

// Authority is a certification authority that routers reach beside the network.
type Authority interface {
	Chain() []*x509.Certificate // its own certificate, and those of who stands above it
	Sign(now time.Time, router string, request []byte) (*x509.Certificate, error)
	CRL(now time.Time) *x509.RevocationList // nil: none can be had
}

// certified is what a router knows of certificates: its keys, and what follows from the
// certificates in its configuration. What stays the same there stays the same object.
type certified struct {
	options     *Options
	records     *record.Emitter
	running     func() *iosconfig.Config            // with the addresses of leases
	enter       func(now time.Time, lines []string) // into the configuration
	random      io.Reader
	keys        keyStore
	parsed      map[string]*x509.Certificate // by DER
	keyless     map[string]bool              // certificates of which was told that their key is not there, by DER
	credentials map[string]*ikev2.Credential // by trustpoint
	anchors     map[string][]*pki.Anchor
	lists       map[string]*fetched // by issuer
	renewals    map[string]*renewal // that have failed, by DER
	wake        func(at time.Time)  // has renew called; zero: never
	rest        time.Time           // before which nothing is renewed again
	changed     func(now time.Time) // has what depends on keys worked out anew
	clock       *ntp.Clock          // by which certificates are valid
}

// fetched is a list of what is revoked, and where and when it was had.
type fetched struct {
	list    *x509.RevocationList
	at      string
	fetched time.Time
}

func newCertified(o *Options, records *record.Emitter, clock *ntp.Clock) *certified {
	return &certified{
		options: o, records: records, clock: clock, random: o.later("pki"),
	}
}

// papers are the credentials and anchors that a configuration has, in its order.
func (p *certified) papers(c *iosconfig.Config) policy.Papers {
	out := policy.Papers{ClockAhead: p.clock.Ahead(), Credentials: map[string]*ikev2.Credential{}, Anchors: map[string][]*pki.Anchor{}}
	for t := range c.PKI.Trustpoints.All() {
		out.Names = append(out.Names, t.Name)
		authorities, own := c.Texts.Certificates(t.Name)
		if list := p.anchorsOf(t, authorities); len(list) > 0 {
			out.Anchors[t.Name] = list
		}
		if own != nil {
			if cred := p.credentialOf(c, t, own); cred != nil {
				out.Credentials[t.Name] = cred
			} else if !p.keyless[string(own)] && iosconfig.SignsWith(c, t.Name) {
				put(&p.keyless, string(own), true)
				p.records.Emit(operator.KeyMissing{Trustpoint: t.Name, Key: p.labelOf(t)})
			}
		}
	}
	planRenewals(p, c)
	return out
}

// certificate is a certificate of the configuration; nil: it cannot be read.
func (p *certified) certificate(der []byte) *x509.Certificate {
	if c, known := p.parsed[string(der)]; known {
		return c
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		c = nil
	}
	put(&p.parsed, string(der), c)
	return c
}

// anchorsOf are the authorities of a trustpoint.
func (p *certified) anchorsOf(t *iosconfig.Trustpoint, authorities [][]byte) (list []*pki.Anchor) {
	var lists pki.CRLs
	if t.Revocation[0] != "none" {
		lists = revocation{p, t.URL()}
	}
	lenient := slices.Contains(t.Revocation, "none")
	for _, der := range authorities {
		if ca := p.certificate(der); ca != nil {
			list = append(list, &pki.Anchor{Trustpoint: t.Name, CA: ca, CRLs: lists, Lenient: lenient})
		}
	}
	same := func(a, b *pki.Anchor) bool { return *a == *b }
	if old := p.anchors[t.Name]; slices.EqualFunc(list, old, same) {
		return old
	}
	put(&p.anchors, t.Name, list)
	return list
}

// credentialOf is a trustpoint's certificate with its key; nil: there is no such key.
func (p *certified) credentialOf(c *iosconfig.Config, t *iosconfig.Trustpoint, own []byte) *ikev2.Credential {
	key, leaf := p.keys[p.labelOf(t)], p.certificate(own)
	if key == nil || leaf == nil || !samePublic(leaf.PublicKey, key.Public()) {
		return nil
	}
	cred := &ikev2.Credential{Trustpoint: t.Name, Key: key.PrivateKey, Chain: p.chainFrom(c, leaf)}
	if old := p.credentials[t.Name]; old != nil && old.Key == cred.Key && slices.Equal(old.Chain, cred.Chain) {
		return old
	}
	put(&p.credentials, t.Name, cred)
	return cred
}

// chainFrom is a certificate with those of the authorities between it and a root, as far as some
// trustpoint has them.
func (p *certified) chainFrom(c *iosconfig.Config, leaf *x509.Certificate) []*x509.Certificate {
	chain := []*x509.Certificate{leaf}
	for len(chain) < mostChain {
		above := p.issuer(c, chain[len(chain)-1])
		if above == nil || bytes.Equal(above.RawSubject, above.RawIssuer) {
			break
		}
		chain = append(chain, above)
	}
	return chain
}

// mostChain is how many certificates are sent.
const mostChain = 6

func (p *certified) issuer(c *iosconfig.Config, of *x509.Certificate) *x509.Certificate {
	for t := range c.PKI.Trustpoints.All() {
		authorities, _ := c.Texts.Certificates(t.Name)
		for _, der := range authorities {
			if ca := p.certificate(der); ca != nil && bytes.Equal(ca.RawSubject, of.RawIssuer) && of.CheckSignatureFrom(ca) == nil {
				return ca
			}
		}
	}
	return nil
}

// keyName is how the key pair is called that the router has unless somebody names one.
func keyName(c *iosconfig.Config) string { return c.FQDN() }

// revocation finds lists for a trustpoint: where the certificate says, else where the trustpoint
// asks for certificates.
type revocation struct {
	*certified
	url string
}

// CRL gives the list that is kept while it holds, and then asks anew.
func (r revocation) CRL(now time.Time, issuer *x509.Certificate, at []string) *x509.RevocationList {
	key := string(issuer.Raw)
	have := r.lists[key]
	if have != nil && now.Before(have.list.NextUpdate) {
		return have.list
	}
	for _, url := range append(slices.Clone(at), r.url) {
		a := r.authority(url)
		if a == nil || !a.Chain()[0].Equal(issuer) {
			continue
		}
		if l := a.CRL(now.Add(-r.clock.Ahead())); l != nil { // its clock is the lab's
			put(&r.lists, key, &fetched{l, url, now})
			return l
		}
	}
	if have == nil {
		return nil
	}
	return have.list
}

// authority is who answers at a URL; nil: nobody.
func (p *certified) authority(url string) Authority {
	if p.options.Authority == nil || url == "" {
		return nil
	}
	return p.options.Authority(url)
}

// subjectOf is what a trustpoint's request says, with what a person has added.
func (p *certified) subjectOf(c *iosconfig.Config, t *iosconfig.Trustpoint, with shell.Included, addresses func(name string) netip.Addr) (*pki.Subject, error) {
	name, err := pki.ParseName(t.Subject)
	if err != nil {
		return nil, err
	}
	s := &pki.Subject{Name: name, Hostname: cmp.Or(t.FQDN, c.FQDN())}
	if t.FQDN == "none" {
		s.Hostname = ""
	}
	if t.AltName != "" {
		s.AltHosts = []string{t.AltName}
	}
	if t.Serial != "none" && (t.Serial != "" || with.Serial) {
		s.Serial = p.options.Name
	}
	address := cmp.Or(t.Address, with.Address)
	if address == "" || address == "none" {
		return s, nil
	}
	if s.Address, err = netip.ParseAddr(address); err != nil {
		s.Address = addresses(address)
	}
	if !s.Address.IsValid() && t.Address == "" {
		return nil, errNoAddress
	}
	return s, nil
}
