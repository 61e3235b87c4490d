package router

import (
	"crypto/md5"  // fingerprints, as IOS prints them
	"crypto/sha1" // and these
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"ikelab/ikev2/keys"
	"ikelab/ikev2/pki"
	"ikelab/iosconfig/syntax"
	"ikelab/router/show"
)

// papers are a router's keys and certificates, as its shell sees them.
type papers struct{ p *certified }

// PKI is what there is of them.
func (d papers) PKI() show.PKIState {
	s := show.PKIState{Trustpoints: []show.Trustpoint{}, Keys: []show.KeyPair{}, Lists: []show.CertificateList{}}
	c := d.p.running()
	for t := range c.PKI.Trustpoints.All() {
		one := show.Trustpoint{Name: t.Name, Enrollment: syntax.PublicText(t.Enrollment), Authorities: []show.Certificate{}}
		if label := d.p.labelOf(t); d.p.keys[label] != nil {
			one.KeyPair = label
		}
		authorities, own := c.Texts.Certificates(t.Name)
		for _, der := range authorities {
			if ca := d.p.certificate(der); ca != nil {
				one.Authorities = append(one.Authorities, certificateState(ca))
			}
		}
		if leaf := d.p.certificate(own); own != nil && leaf != nil {
			state := certificateState(leaf)
			one.Own = &state
		}
		s.Trustpoints = append(s.Trustpoints, one)
	}
	for _, label := range slices.Sorted(maps.Keys(d.p.keys)) {
		k := d.p.keys[label]
		public, _ := x509.MarshalPKIXPublicKey(k.Public()) // which knows all kinds that are made here
		s.Keys = append(s.Keys, show.KeyPair{Name: label, Kind: k.Kind().String(), Made: k.made, Exportable: k.exportable, Public: public})
	}
	for _, key := range slices.Sorted(maps.Keys(d.p.lists)) {
		s.Lists = append(s.Lists, d.list(key))
	}
	return s
}

func (d papers) list(key string) show.CertificateList {
	l := d.p.lists[key]
	out := show.CertificateList{
		Issuer: pki.Name(l.list.RawIssuer, ","), From: l.list.ThisUpdate, To: l.list.NextUpdate, Fetched: l.fetched, At: l.at, Octets: len(l.list.Raw), Revoked: []string{},
	}
	for i := range l.list.RevokedCertificateEntries {
		out.Revoked = append(out.Revoked, pki.NumberText(l.list.RevokedCertificateEntries[i].SerialNumber))
	}
	return out
}

func certificateState(c *x509.Certificate) show.Certificate {
	s := show.Certificate{
		Serial: pki.SerialText(c), Issuer: lines(c.RawIssuer), Subject: lines(c.RawSubject), Hostname: strings.Join(pki.Hostnames(c), " "), Router: pki.Serial(c),
		From: c.NotBefore, To: c.NotAfter, Signature: c.SignatureAlgorithm.String(), CRL: append([]string{}, c.CRLDistributionPoints...),
	}
	if list := pki.Addresses(c); len(list) > 0 {
		s.Address = list[0].String()
	}
	if kind, ok := keys.KindOf(c.PublicKey); ok {
		s.Key = fmt.Sprintf("%v (%d bit)", kind, keys.Bits(c.PublicKey))
	}
	s.MD5, s.SHA1 = fingerprints(c.Raw)
	return s
}

// lines are the parts of a name, each on a line of its own.
func lines(name []byte) []string { return strings.Split(pki.Name(name, "\n"), "\n") }

// fingerprints are the hashes of a certificate that people compare.
func fingerprints(der []byte) (md5sum, sha1sum string) {
	m, s := md5.Sum(der), sha1.Sum(der)
	return groups(m[:]), groups(s[:])
}

func groups(octets []byte) string {
	var list []string
	for g := range slices.Chunk(octets, 4) {
		list = append(list, strings.ToUpper(hex.EncodeToString(g)))
	}
	return strings.Join(list, " ")
}

// GenerateKey makes a key pair; label "": the router's own.
func (d papers) GenerateKey(now time.Time, label, kind string, bits int, exportable bool) (string, error) {
	if label == "" {
		label = keyName(d.p.running())
	}
	if _, err := d.p.makeKey(now, label, kind, bits, exportable); err != nil {
		return label, err
	}
	d.p.changed(now)
	return label, nil
}

// HasKey says whether there is a key pair; label "": the router's own.
func (d papers) HasKey(label string) (string, bool) {
	if label == "" {
		label = keyName(d.p.running())
	}
	return label, d.p.keys[label] != nil
}

// ZeroizeKeys takes key pairs of a kind away, "rsa" or "ec"; label "": all of them, and with them the
// certificates that were issued for them. It tells their labels.
func (d papers) ZeroizeKeys(now time.Time, kind, label string) (gone []string) {
	for _, name := range slices.Sorted(maps.Keys(d.p.keys)) {
		if k := d.p.keys[name]; (label == "" || name == label) && (k.Kind() == keys.KindRSA) == (kind == "rsa") {
			dropIssued(d.p, now, k.Public()) // before the key: no certificate is ever without it
			delete(d.p.keys, name)
			gone = append(gone, name)
		}
	}
	d.p.changed(now)
	return gone
}

// FetchList fetches the list of what the authority of a trustpoint has revoked. Where none can be had,
// the one that is there stays.
func (d papers) FetchList(now time.Time, trustpoint string) error {
	t := d.p.running().PKI.Trustpoints.Get(trustpoint)
	if t == nil {
		return errNoTrustpoint
	}
	authorities, own := d.p.running().Texts.Certificates(trustpoint)
	if len(authorities) == 0 {
		return errNotTrusted
	}
	ca := d.p.certificate(authorities[0])
	if ca == nil {
		return errNotTrusted
	}
	var at []string
	if leaf := d.p.certificate(own); own != nil && leaf != nil {
		at = leaf.CRLDistributionPoints
	}
	old := d.p.lists[string(ca.Raw)]
	delete(d.p.lists, string(ca.Raw))
	if (revocation{d.p, t.URL()}).CRL(d.p.clock.At(now), ca, at) == nil {
		if old != nil {
			put(&d.p.lists, string(ca.Raw), old)
		}
		return errNoList
	}
	return nil
}
