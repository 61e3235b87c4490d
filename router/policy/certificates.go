package policy

import (
	"slices"
	"strings"

	"ikelab/ikev2"
	"ikelab/ikev2/pki"
	"ikelab/iosconfig"
)

// What a profile says of certificates.

// methodsOf are methods of authentication.
func methodsOf(words ...string) (m ikev2.Methods) {
	for _, w := range words {
		m |= methodWords[w]
	}
	return m
}

var methodWords = map[string]ikev2.Methods{
	"pre-share": ikev2.PreShared, "rsa-sig": ikev2.RSASignature, "ecdsa-sig": ikev2.ECDSASignature, "eddsa-sig": ikev2.EdDSASignature,
}

// certificatesOf is what a profile has of certificates. Unless it names trustpoints, all are
// meant.
func certificatesOf(c *iosconfig.Config, p *iosconfig.Profile, papers *Papers) (out ikev2.Certificates) {
	for _, name := range trustpointsOf(p, "sign", papers.Names) {
		if cred := papers.Credentials[name]; cred != nil {
			out.Credentials = append(out.Credentials, cred)
		}
	}
	for _, name := range trustpointsOf(p, "verify", papers.Names) {
		out.Anchors = append(out.Anchors, papers.Anchors[name]...)
	}
	for _, name := range p.MatchCertificate {
		for _, m := range c.PKI.Map(name) {
			out.Maps = append(out.Maps, certificateMapOf(m))
		}
	}
	out.SubjectID, out.PSS = p.LocalIdentity != nil && p.LocalIdentity.Kind == "dn", p.PSS
	return out
}

// trustpointsOf are those that a profile has for a use.
func trustpointsOf(p *iosconfig.Profile, use string, all []string) []string {
	if len(p.Trustpoints) == 0 {
		return all
	}
	var list []string
	for _, t := range p.Trustpoints {
		if (t.Use == "" || t.Use == use) && slices.Contains(all, t.Name) {
			list = append(list, t.Name)
		}
	}
	return list
}

func certificateMapOf(m *iosconfig.CertificateMap) pki.Map {
	out := pki.Map{Name: m.Label}
	for _, line := range m.Rules {
		words := strings.SplitN(line, " ", 3)
		if len(words) < 3 {
			continue
		}
		r := pki.Rule{Field: words[0], Op: words[1], Value: words[2]}
		r.At, _ = iosconfig.Instant(r.Value)
		out.Rules = append(out.Rules, r)
	}
	return out
}
