package router

import (
	"cmp"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"ikelab/ikev2/keys"
	"ikelab/ikev2/pki"
	"ikelab/iosconfig"
	"ikelab/router/operator"
	"ikelab/router/shell"
)

// How a router gets its certificates. What it gets stands in its configuration from then on.

// What enrolment can come to.
var (
	errNoTrustpoint = errors.New("no such trustpoint")
	errNoAuthority  = errors.New("nobody answers at the enrollment URL")
	errNotTrusted   = errors.New("the trustpoint has no CA certificate yet")
	errNoKey        = errors.New("no such key pair")
	errNotIssued    = errors.New("the authority has not signed the request")
	errOtherKey     = errors.New("the certificate is for another key")
	errNoList       = errors.New("no list of revoked certificates can be had")
	errOtherIssuer  = errors.New("the trustpoint's authority has not signed it")
	errNoAddress    = errors.New("no such address or interface")
	errSelfSigned   = errors.New("a self-signed trustpoint asks nobody")
	errTooLate      = errors.New("its validity would end before it begins: this image has self-signed certificates end with the year 2019")
)

// enrolAll has the trustpoints with auto-enroll get what they lack, as far as their authority is
// one of the lab's: `auto-enroll` asks by itself, and in a lab the authority's certificate needs
// nobody to compare its fingerprint.
func (p *certified) enrolAll(now time.Time) {
	for t := range p.running().PKI.Trustpoints.All() {
		if t.AutoEnroll == "" || p.authority(t.URL()) == nil {
			continue
		}
		authorities, own := p.running().Texts.Certificates(t.Name)
		if len(authorities) == 0 {
			a := p.authority(t.URL())
			p.trust(now, t.Name, a.Chain()[0])
		}
		if own == nil {
			if err := p.enrol(now, t.Name, shell.Included{}); err != nil {
				p.records.Emit(operator.EnrolmentFailed{Trustpoint: t.Name, Reason: err.Error()})
			}
		}
	}
}

// trust makes a certificate the authority's of a trustpoint.
func (p *certified) trust(now time.Time, trustpoint string, ca *x509.Certificate) {
	p.write(now, trustpoint, "ca "+pki.SerialText(ca), ca.Raw)
	p.records.Emit(operator.CertificateInstalled{
		Trustpoint: trustpoint, Authority: true, Subject: pki.Name(ca.RawSubject, ","), Issuer: pki.Name(ca.RawIssuer, ","), Serial: pki.SerialText(ca), Until: ca.NotAfter,
	})
}

// write has a certificate stand in the configuration.
func (p *certified) write(now time.Time, trustpoint, head string, der []byte) {
	lines := append([]string{iosconfig.CertificateChains + " " + trustpoint}, iosconfig.CertificateText(head, der)...)
	p.enter(now, append(lines, "exit"))
}

// enrol asks the authority of a trustpoint for a certificate, with the trustpoint's key, which is
// made where there is none. Without an authority that key signs it itself.
func (p *certified) enrol(now time.Time, name string, with shell.Included) error {
	t := p.running().PKI.Trustpoints.Get(name)
	if t == nil {
		return errNoTrustpoint
	}
	if t.Enrollment == iosconfig.SelfSigned {
		return p.signSelf(now, t, with)
	}
	a := p.authority(t.URL())
	if a == nil {
		return errNoAuthority
	}
	request, err := p.request(now, t, with)
	if err != nil {
		return err
	}
	c, err := a.Sign(now, p.options.Name, request)
	if err != nil {
		return errNotIssued
	}
	if err := p.install(now, t, c); err != nil {
		return err
	}
	if at, due := p.renewalAt(p.running(), t); due && !at.After(p.clock.At(now)) { // who gives that gives it again
		put(&p.renewals, string(c.Raw), &renewal{tries: renewalTries})
	}
	return nil
}

// request is a trustpoint's request for a certificate (PKCS #10), DER.
func (p *certified) request(now time.Time, t *iosconfig.Trustpoint, with shell.Included) ([]byte, error) {
	if t.Enrollment == iosconfig.SelfSigned {
		return nil, errSelfSigned
	}
	if authorities, _ := p.running().Texts.Certificates(t.Name); len(authorities) == 0 {
		return nil, errNotTrusted
	}
	s, key, err := p.subjectAndKey(now, t, with)
	if err != nil {
		return nil, err
	}
	return pki.Request(s, key.PrivateKey)
}

// subjectAndKey are who a trustpoint's certificate is for.
func (p *certified) subjectAndKey(now time.Time, t *iosconfig.Trustpoint, with shell.Included) (*pki.Subject, *storedKey, error) {
	s, err := p.subjectOf(p.running(), t, with, p.addressOf)
	if err != nil {
		return nil, nil, err
	}
	_, kind, bits := t.KeyPair()
	label := p.labelOf(t)
	key := p.keys[label]
	if key == nil {
		key, err = p.makeKey(now, label, kind, bits, false)
	}
	return s, key, err
}

// labelOf is the label of a trustpoint's key pair.
func (p *certified) labelOf(t *iosconfig.Trustpoint) string {
	label, _, _ := t.KeyPair()
	return cmp.Or(label, keyName(p.running()))
}

// signSelf makes a certificate that nobody else has signed, in the place of the authority's too:
// peers that shall believe it are given it. The older image has such certificates end with the year
// 2019, as Cisco has made known (FN70489).
func (p *certified) signSelf(now time.Time, t *iosconfig.Trustpoint, with shell.Included) error {
	from := p.clock.At(now).Truncate(time.Second)
	terms := pki.Terms{Serial: 1, From: from, To: from.AddDate(10, 0, 0)}
	if generationOf(p.options.Image) == iosconfig.IOS151 {
		if terms.To = endOfSelfSigned; !terms.To.After(from) {
			return errTooLate
		}
	}
	s, key, err := p.subjectAndKey(now, t, with)
	if err != nil {
		return err
	}
	c, err := pki.SelfSigned(s, key.PrivateKey, terms)
	if err != nil {
		return err
	}
	return p.install(now, t, c)
}

var endOfSelfSigned = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

// install puts a certificate that was issued where its trustpoint has it, in place of another.
func (p *certified) install(now time.Time, t *iosconfig.Trustpoint, c *x509.Certificate) error {
	key := p.keys[p.labelOf(t)]
	switch {
	case key == nil:
		return errNoKey
	case !samePublic(c.PublicKey, key.Public()):
		return errOtherKey
	}
	p.dropOwn(now, t.Name)
	head := pki.SerialText(c)
	if t.Enrollment == iosconfig.SelfSigned {
		head = "self-signed " + head
	}
	p.write(now, t.Name, head, c.Raw)
	p.records.Emit(operator.CertificateInstalled{
		Trustpoint: t.Name, Subject: pki.Name(c.RawSubject, ","), Issuer: pki.Name(c.RawIssuer, ","), Serial: pki.SerialText(c), Until: c.NotAfter,
	})
	return nil
}

// dropOwn takes the router's certificate of a trustpoint away.
func (p *certified) dropOwn(now time.Time, trustpoint string) {
	dropCertificates(p, now, trustpoint, func([]byte) bool { return true })
}

// dropIssued takes the router's certificates for a key away.
func dropIssued(p *certified, now time.Time, public crypto.PublicKey) {
	for t := range p.running().PKI.Trustpoints.All() {
		dropCertificates(p, now, t.Name, func(der []byte) bool {
			leaf := p.certificate(der)
			return leaf != nil && samePublic(leaf.PublicKey, public)
		})
	}
}

// dropCertificates takes those of the router's certificates of a trustpoint away that are meant.
func dropCertificates(p *certified, now time.Time, trustpoint string, meant func(der []byte) bool) {
	for _, e := range p.running().Texts.Chain(trustpoint) {
		if !e.OfAuthority() && meant(e.DER) {
			p.enter(now, []string{iosconfig.CertificateChains + " " + trustpoint, "no " + e.Line, "exit"})
		}
	}
}

// makeKey makes a key pair in place of what had its label.
func (p *certified) makeKey(now time.Time, label, kind string, bits int, exportable bool) (*storedKey, error) {
	var key *keys.PrivateKey
	var err error
	switch kind {
	case "rsa":
		key, err = keys.GenerateRSA(bits, p.random)
	case "ed25519":
		key, err = keys.GenerateEd25519(p.random)
	default:
		key, err = keys.GenerateEC(bits, p.random)
	}
	if err != nil {
		return nil, fmt.Errorf("%s key of %d bits: %w", strings.ToUpper(kind), bits, err)
	}
	s := &storedKey{key, label, now, exportable}
	p.keys[label] = s
	return s, nil
}

// addressOf is the address of an interface.
func (p *certified) addressOf(name string) (none netip.Addr) {
	i := p.running().Interface(name)
	if i == nil {
		return none
	}
	return i.Address.Addr()
}
