package ikev2

import (
	"bytes"
	"crypto/x509"
	"slices"
	"time"

	"ikelab/ikev2/keys"
	"ikelab/ikev2/pki"
	"ikelab/ikev2/wire"
)

// Authentication by certificates (RFC 7296 2.15, 3.6, 3.7; RFC 7427; RFC 4945).

// Methods are kinds of authentication, as a set.
type Methods uint8

// The methods.
const (
	PreShared Methods = 1 << iota
	RSASignature
	ECDSASignature
	EdDSASignature // which IOS has no word for

	certified = RSASignature | ECDSASignature | EdDSASignature
)

// hasKind says whether signatures by a kind of key are among the methods.
func (m Methods) hasKind(k keys.Kind) bool {
	return m&[...]Methods{keys.KindRSA: RSASignature, keys.KindECDSA: ECDSASignature, keys.KindEd25519: EdDSASignature}[k] != 0
}

// Certificates is what a profile has of certificates.
type Certificates struct {
	Credentials []*Credential // that it may prove itself with, in order
	Anchors     []*pki.Anchor // whose signatures it believes
	Maps        []pki.Map     // `match certificate`: a peer with a certificate that fits one
	SubjectID   bool          // `identity local dn`
	PSS         bool          // RSASSA-PSS, where the peer knows RFC 7427
}

// Credential is a certificate of ours with its key and with the certificates of the
// authorities that lead to it, its own first.
type Credential struct {
	Trustpoint string
	Key        *keys.PrivateKey
	Chain      []*x509.Certificate
}

// papers are what two ends have told each other of certificates.
type papers struct {
	hashes []uint16            // that the peer can verify (RFC 7427 4)
	wanted []byte              // key hashes of authorities that the peer believes, 20 octets each
	chain  []*x509.Certificate // of the peer, its own first
	fault  *pki.Fault          // of what the peer has sent instead
	byURL  bool                // it has sent where its certificate lies
}

// leaf is the peer's certificate; nil: it has sent none.
func (p *papers) leaf() *x509.Certificate {
	if p == nil || len(p.chain) == 0 {
		return nil
	}
	return p.chain[0]
}

// readHashes takes SIGNATURE_HASH_ALGORITHMS: numbers of two octets each (RFC 7427 4), each once.
// One that is unknown stands for others: the peer knows RFC 7427, and no older method will do.
func (p *papers) readHashes(m *wire.Message) {
	p.hashes = nil
	if n := m.Notify(wire.SIGNATURE_HASH_ALGORITHMS); n != nil {
		for data := n.Data; len(data) >= 2; data = data[2:] {
			h := uint16(data[0])<<8 | uint16(data[1])
			if (keys.HashKnown(h) || len(p.hashes) == 0) && !slices.Contains(p.hashes, h) {
				p.hashes = append(p.hashes, h)
			}
		}
	}
}

// Certificate encodings (RFC 7296 3.6).
const certX509 = 4

// readRequests takes CERTREQ: whom the peer believes.
func (p *papers) readRequests(m *wire.Message) {
	for r := range wire.All[*wire.CertReq](m) {
		if r.Encoding == certX509 {
			p.wanted = append(p.wanted, r.Data...)
		}
	}
}

// readChain takes CERT: "If multiple certificates are sent, the first certificate MUST contain the
// public key used to sign the AUTH payload." (RFC 7296 3.6)
func (p *papers) readChain(m *wire.Message) {
	var list [][]byte
	for c := range wire.All[*wire.Cert](m) {
		switch c.Encoding {
		case certX509:
			list = append(list, bytes.Clone(c.Data))
		case wire.CertHashAndURL, wire.CertHashAndURL + 1:
			p.byURL = true
		}
	}
	if len(list) > 0 {
		p.chain, p.fault = pki.Parse(list)
	}
}

// wants says whether the peer believes who has signed a credential, as far as it has said.
func (p *papers) wants(c *Credential) bool {
	last := c.Chain[len(c.Chain)-1]
	for data := p.wanted; len(data) >= 20; data = data[20:] {
		for _, link := range c.Chain {
			if bytes.Equal(data[:20], pki.KeyHash(link)) || len(link.AuthorityKeyId) == 20 && bytes.Equal(data[:20], last.AuthorityKeyId) {
				return true
			}
		}
	}
	return false
}

// papersFor are the papers of a new SA; nil: nothing that it may meet has to do with any. p is
// the profile that an initiator has.
func papersFor(x *index, p *Profile) *papers {
	if p != nil && (p.AuthLocal|p.AuthRemote)&certified == 0 || p == nil && len(x.certified) == 0 {
		return nil
	}
	return &papers{}
}

// hashNumbers is SIGNATURE_HASH_ALGORITHMS.
func hashNumbers() (data []byte) {
	for _, n := range keys.HashNumbers {
		data = append(data, byte(n>>8), byte(n))
	}
	return data
}

// credential picks the certificate for a peer: one that it has asked for, else the first.
// What is asked for is a hint (RFC 7296 3.7). nil: none is of a kind that the profile may prove
// itself with.
func (p *Profile) credential(w *papers) *Credential {
	var first *Credential
	for _, c := range p.Credentials {
		if !p.AuthLocal.hasKind(c.Key.Kind()) || p.SubjectID && c.nameless() {
			continue
		}
		if w != nil && w.wants(c) {
			return c
		}
		if first == nil {
			first = c
		}
	}
	return first
}

// takes says whether a certificate fits one of the profile's maps.
func (p *Profile) takes(c *x509.Certificate) bool {
	return c != nil && slices.ContainsFunc(p.Maps, func(m pki.Map) bool { return m.Matches(c) })
}

// methodOf is the kind of a method of AUTH; 0: none that is known. That of RFC 7427 is the one of
// the peer's key.
func methodOf(m wire.AuthMethod, w *papers) Methods {
	switch m {
	case wire.AuthSharedKey:
		return PreShared
	case wire.AuthRSASignature:
		return RSASignature
	case wire.AuthECDSA256, wire.AuthECDSA384, wire.AuthECDSA521:
		return ECDSASignature
	}
	if leaf := w.leaf(); m == wire.AuthDigital && leaf != nil {
		if k, ok := keys.KindOf(leaf.PublicKey); ok {
			return [...]Methods{keys.KindRSA: RSASignature, keys.KindECDSA: ECDSASignature, keys.KindEd25519: EdDSASignature}[k]
		}
	}
	return 0
}

// allows says whether a peer may prove itself by a method. One whose certificate alone has led to
// the profile has to prove that it is the certificate's.
func (p *Profile) allows(m wire.AuthMethod, id Identity, w *papers, digital bool) bool {
	switch method := methodOf(m, w); {
	case m == wire.AuthDigital && !digital, p.AuthRemote&method == 0 && m != wire.AuthDigital:
		return false
	case m == wire.AuthSharedKey:
		return p.matches(id)
	case m == wire.AuthDigital:
		return p.AuthRemote&certified != 0 && (method == 0 || p.AuthRemote&method != 0) // without a certificate that is what is wrong
	}
	return true
}

// methodWord names the method for screens, as IOS does; "": there is no word for it.
func methodWord(m wire.AuthMethod, w *papers) string {
	switch methodOf(m, w) {
	case PreShared:
		return "PSK"
	case RSASignature:
		return keys.KindRSA.String()
	case ECDSASignature:
		return keys.KindECDSA.String()
	case EdDSASignature:
		return keys.KindEd25519.String()
	}
	return ""
}

// believes says whether the profile verifies peers by certificates.
func (p *Profile) believes() bool { return p.AuthRemote&certified != 0 && len(p.Anchors) > 0 }

// hashesOf are the key hashes of authorities, as CERTREQ has them.
func hashesOf(anchors []*pki.Anchor) (list []byte) {
	for _, a := range anchors {
		if h := pki.KeyHash(a.CA); !bytes.Contains(list, h) {
			list = append(list, h...)
		}
	}
	return list
}

// signer proves with a certificate's key.
type signer struct {
	*Credential
	scheme keys.Scheme
	salt   []byte
}

func (s *signer) method() wire.AuthMethod { return s.scheme.Method }

func (s *signer) octets() int { return keys.Bits(s.Key.Public()) / 8 }

func (s *signer) word() string { return s.Key.Kind().String() }

func (s *signer) sign(o keys.Signed) ([]byte, *keys.Job) {
	return nil, &keys.Job{Signing: &keys.Signing{Key: s.Key, Scheme: s.scheme, Octets: o.Octets(), Salt: s.salt}}
}

func (s *signer) verify(keys.Signed, wire.AuthMethod, []byte) bool { return false }

// payloads are the CERT payloads of the chain.
func (s *signer) payloads() (list []wire.Payload) {
	for _, c := range s.Chain {
		list = append(list, &wire.Cert{Encoding: certX509, Data: c.Raw})
	}
	return list
}

// believer verifies by the peer's certificate.
type believer struct {
	anchor *pki.Anchor // that has signed it; nil: not judged yet
	leaf   *x509.Certificate
	scheme keys.Scheme
}

func (b *believer) method() wire.AuthMethod { return b.scheme.Method }

func (b *believer) octets() int { return keys.Bits(b.leaf.PublicKey) / 8 }

func (b *believer) word() string {
	k, _ := keys.KindOf(b.leaf.PublicKey)
	return k.String()
}

func (b *believer) sign(keys.Signed) ([]byte, *keys.Job) { return nil, nil }

func (b *believer) verify(o keys.Signed, method wire.AuthMethod, data []byte) (ok bool) {
	var err error
	b.scheme, err = keys.VerifySignature(b.leaf.PublicKey, method, data, o.Octets())
	return err == nil
}

// subject is the identity that `identity local dn` takes from the certificate.
func (s *signer) subject() Identity {
	return Identity{Kind: wire.IDDERASN1DN, Data: s.Chain[0].RawSubject}
}

// nameless says whether there is nothing in the subject: "Implementations MUST NOT populate ID with
// the Subject from the end-entity certificate if it is empty" (RFC 4945 3.1.5).
func (c *Credential) nameless() bool { return pki.Name(c.Chain[0].RawSubject, ",") == "" }

// subjects are the names in certificates, as IOS writes them.
func subjects(chain []*x509.Certificate) (list []string) {
	for _, c := range chain {
		list = append(list, pki.Name(c.RawSubject, ","))
	}
	return list
}

// judged is what a chain was found to be.
func (w *papers) judged(p *Profile, now time.Time) (*pki.Anchor, *pki.Fault) {
	if w.fault != nil {
		return nil, w.fault
	}
	return pki.Verify(w.chain, p.Anchors, now)
}
