package why

import (
	"cmp"
	"time"

	"ikelab/ikev2"
	"ikelab/ikev2/pki"
	"ikelab/topologies/phrase"
)

// Certificates (RFC 5280, RFC 4945).

// problemKeys are the sentences of what is wrong with a certificate; problemRFCs are the sections
// that say so.
var problemKeys = map[pki.Problem]string{
	pki.Malformed: "why.certificate.malformed", pki.Untrusted: "why.certificate.untrusted", pki.Broken: "why.certificate.broken", pki.NotYetValid: "why.certificate.early", pki.Expired: "why.certificate.expired", pki.WrongUsage: "why.certificate.usage",
	pki.WrongKey: "why.certificate.key", pki.Revoked: "why.certificate.revoked", pki.NoRevocation: "why.certificate.no-revocation", pki.WrongName: "why.certificate.name",
}

var problemRFCs = map[pki.Problem]string{
	pki.NotYetValid: "RFC 5280 section 4.1.2.5", pki.Expired: "RFC 5280 section 4.1.2.5", pki.WrongUsage: "RFC 4945 section 5.1.3", pki.Revoked: "RFC 5280 section 6.3",
	pki.NoRevocation: "RFC 5280 section 6.3", pki.WrongName: "RFC 4945 section 3.1",
}

// certificate: the peer's certificate is refused, or there is none to use.
func certificate(e *end, c *Claim, f ikev2.Failure) {
	c.Key, c.RFC = "auth.certificate", "RFC 7296 section 3.6"
	if f.Cause == ikev2.CauseNoAuthority && e.peer != nil && e.peer.ikeProfile() != nil && e.peer.ikeProfile().AuthLocal == "pre-share" {
		otherMethod(e, c)
		return
	}
	key := "why.certificate.none" // the peer has sent none that can be read
	with := []any{"node", e.name(), "peer", peerName(e)}
	switch b := f.Certificate; {
	case b != nil:
		key, c.RFC = problemKeys[b.Problem], cmp.Or(problemRFCs[b.Problem], "RFC 5280 section 6.1")
		with = append(with, "subject", b.Subject, "issuer", b.Issuer, "from", b.From.UTC().Format(time.DateTime), "to", b.To.UTC().Format(time.DateTime))
	case f.Cause == ikev2.CauseNoCertificate:
		key = "why.certificate.own"
	case f.Cause == ikev2.CauseNoAuthority:
		key = "why.certificate.authority"
	}
	c.Say = phrase.Of(key, with...)
	for _, o := range []*end{e, e.peer} {
		if o == nil || o.ikeProfile() == nil {
			continue
		}
		c.Lines = append(c.Lines, o.lines("crypto ikev2 profile "+o.ikeProfile().Name, "", "authentication")...)
		c.Lines = append(c.Lines, o.lines("crypto ikev2 profile "+o.ikeProfile().Name, "", "pki trustpoint")...)
	}
}
