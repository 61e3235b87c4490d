package router

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"ikelab/ikev2/keys"
	"ikelab/ikev2/pki"
	"ikelab/iosconfig"
	"ikelab/router/shell"
)

// How certificates come and keys go where no protocol carries them: over the terminal, and in files.

var (
	errNotExportable = errors.New("the key pair is not exportable")
	errNoCertificate = errors.New("the trustpoint has no certificate")
	errHasAuthority  = errors.New("the trustpoint has the certificate of another authority")
)

// Offered is the certificate of the authority that a trustpoint asks, or that was pasted, by its
// fingerprints.
func (d papers) Offered(trustpoint, pasted string) (md5sum, sha1sum string, err error) {
	ca, err := d.offered(trustpoint, pasted)
	if err != nil {
		return "", "", err
	}
	md5sum, sha1sum = fingerprints(ca.Raw)
	return md5sum, sha1sum, nil
}

func (d papers) offered(trustpoint, pasted string) (*x509.Certificate, error) {
	t := d.p.running().PKI.Trustpoints.Get(trustpoint)
	if t == nil {
		return nil, errNoTrustpoint
	}
	if pasted != "" {
		return pki.ReadCertificate(pasted)
	}
	a := d.p.authority(t.URL())
	if a == nil {
		return nil, errNoAuthority
	}
	return a.Chain()[0], nil
}

// Trust takes that certificate as the trustpoint's.
func (d papers) Trust(now time.Time, trustpoint, pasted string) error {
	ca, err := d.offered(trustpoint, pasted)
	if err == nil {
		d.p.trust(now, trustpoint, ca)
	}
	return err
}

// Enrol gets the trustpoint's certificate, from its authority or by its own key.
func (d papers) Enrol(now time.Time, trustpoint string, with shell.Included) error {
	return d.p.enrol(now, trustpoint, with)
}

// Request is what an authority would be asked, PEM.
func (d papers) Request(now time.Time, trustpoint string, with shell.Included) (string, error) {
	t := d.p.running().PKI.Trustpoints.Get(trustpoint)
	if t == nil {
		return "", errNoTrustpoint
	}
	der, err := d.p.request(now, t, with)
	if err != nil {
		return "", err
	}
	return pki.RequestText(der), nil
}

// Install takes what an authority has answered. The trustpoint's has to have signed it.
func (d papers) Install(now time.Time, trustpoint, pasted string) error {
	t := d.p.running().PKI.Trustpoints.Get(trustpoint)
	if t == nil {
		return errNoTrustpoint
	}
	c, err := pki.ReadCertificate(pasted)
	if err != nil {
		return err
	}
	authorities, _ := d.p.running().Texts.Certificates(trustpoint)
	for _, der := range authorities {
		if ca := d.p.certificate(der); ca != nil && bytes.Equal(ca.RawSubject, c.RawIssuer) && c.CheckSignatureFrom(ca) == nil {
			return d.p.install(now, t, c)
		}
	}
	return errOtherIssuer
}

// bundle is what was brought.
func bundle(in *shell.Imported) (*pki.Bundle, error) {
	if in.PKCS12 != nil {
		der := in.PKCS12
		if octets, err := pki.Octets(string(der)); err == nil {
			der = octets
		}
		return pki.ReadBundle(der, in.Passphrase)
	}
	ca, err := pki.ReadCertificate(in.Authority)
	if err != nil {
		return nil, fmt.Errorf("CA certificate: %w", err)
	}
	key, err := pki.ReadKey(in.Key, in.Passphrase)
	if err != nil {
		return nil, fmt.Errorf("private key: %w", err)
	}
	own, err := pki.ReadCertificate(in.Certificate)
	if err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	b, err := pki.NewBundle(key, []*x509.Certificate{own, ca})
	if err == nil && len(b.Authorities) == 0 && !own.Equal(ca) {
		err = errOtherIssuer
	}
	if err == nil && own.Equal(ca) {
		b.Authorities = []*x509.Certificate{ca}
	}
	return b, err
}

// Authorities is how many certificates of authorities a file has.
func (d papers) Authorities(pkcs12 []byte, passphrase string) (int, error) {
	b, err := bundle(&shell.Imported{PKCS12: pkcs12, Passphrase: passphrase})
	if err != nil {
		return 0, err
	}
	return len(b.Authorities), nil
}

// Import takes keys and certificates into a trustpoint, which is made where there is none.
// Either all is taken or nothing.
func (d papers) Import(now time.Time, trustpoint string, in shell.Imported) error {
	b, err := bundle(&in)
	if err != nil {
		return err
	}
	has, _ := d.p.running().Texts.Certificates(trustpoint)
	if len(has) > 0 && (len(b.Authorities) == 0 || !bytes.Equal(has[0], b.Authorities[0].Raw)) {
		return errHasAuthority
	}
	label := d.p.holder(now, trustpoint, b)
	d.p.keys[label] = &storedKey{b.Key, label, now, in.Exportable}
	if len(has) == 0 && len(b.Authorities) > 0 {
		d.p.trust(now, trustpoint, b.Authorities[0])
	}
	if err := d.p.install(now, d.p.running().PKI.Trustpoints.Get(trustpoint), b.Certificate); err != nil {
		return err
	}
	for i := 1; in.Higher && i < len(b.Authorities); i++ {
		name := fmt.Sprintf("%s-rrr%d", trustpoint, i)
		if has, _ := d.p.running().Texts.Certificates(name); len(has) > 0 {
			continue
		}
		d.p.enter(now, []string{"crypto pki trustpoint " + name, "enrollment pkcs12", "exit"})
		d.p.trust(now, name, b.Authorities[i])
	}
	d.p.changed(now)
	return nil
}

// holder makes the trustpoint that a key is imported for, where there is none, and has it name a
// key pair.
func (p *certified) holder(now time.Time, trustpoint string, b *pki.Bundle) (label string) {
	lines := []string{"crypto pki trustpoint " + trustpoint}
	t := p.running().PKI.Trustpoints.Get(trustpoint)
	if t == nil {
		lines = append(lines, "enrollment pkcs12")
		t = &iosconfig.Trustpoint{}
	}
	if label, _, _ = t.KeyPair(); label == "" {
		label = trustpoint
		kind := "eckeypair "
		if b.Key.Kind() == keys.KindRSA {
			kind = "rsakeypair "
		}
		lines = append(lines, kind+label)
	}
	p.enter(now, append(lines, "exit"))
	return label
}

// own is a trustpoint's bundle as the router has it.
func (p *certified) own(trustpoint string) (*pki.Bundle, *storedKey, error) {
	c := p.running()
	t := c.PKI.Trustpoints.Get(trustpoint)
	if t == nil {
		return nil, nil, errNoTrustpoint
	}
	authorities, own := c.Texts.Certificates(trustpoint)
	leaf, key := p.certificate(own), p.keys[p.labelOf(t)]
	switch {
	case own == nil || leaf == nil:
		return nil, nil, errNoCertificate
	case key == nil || !samePublic(leaf.PublicKey, key.Public()):
		return nil, nil, errNoKey
	}
	list := []*x509.Certificate{leaf}
	for at := leaf; len(list) < mostChain && !bytes.Equal(at.RawIssuer, at.RawSubject); list = append(list, at) {
		if at = p.issuer(c, at); at == nil {
			break
		}
	}
	for _, der := range authorities {
		if ca := p.certificate(der); ca != nil {
			list = append(list, ca)
		}
	}
	b, err := pki.NewBundle(key.PrivateKey, list)
	return b, key, err
}

// Export is a trustpoint's certificates and its key as text.
func (d papers) Export(trustpoint, cipher, passphrase string) (out shell.Exported, err error) {
	t := d.p.running().PKI.Trustpoints.Get(trustpoint)
	if t == nil {
		return out, errNoTrustpoint
	}
	out.SelfSigned = t.Enrollment == iosconfig.SelfSigned
	authorities, own := d.p.running().Texts.Certificates(trustpoint)
	if out.SelfSigned && own != nil {
		authorities = [][]byte{own}
	}
	if len(authorities) == 0 {
		return out, errNotTrusted
	}
	if ca := d.p.certificate(authorities[0]); ca != nil {
		out.Authority = pki.CertificateText(ca)
	}
	if leaf := d.p.certificate(own); own != nil && leaf != nil {
		out.Certificate = pki.CertificateText(leaf)
	}
	if cipher == "" {
		return out, nil
	}
	b, key, err := d.p.own(trustpoint)
	switch {
	case err != nil:
		return out, err
	case !key.exportable:
		return out, errNotExportable
	}
	out.Label = key.label
	out.Key, err = pki.KeyText(b.Key, cipher, passphrase, d.p.random)
	return out, err
}

// ExportPKCS12 is all of it in one file.
func (d papers) ExportPKCS12(trustpoint, passphrase string) ([]byte, error) {
	b, key, err := d.p.own(trustpoint)
	switch {
	case err != nil:
		return nil, err
	case !key.exportable:
		return nil, errNotExportable
	}
	return b.PKCS12(passphrase, d.p.random)
}
