package topologies

import (
	"time"

	"go.yaml.in/yaml/v3"

	"ikelab/ikev2/pki"
	"ikelab/topologies/authority"
	"ikelab/topologies/form"
)

// Certification authorities.

// authoritiesValue are the authorities by their names.
func authoritiesValue(t *Topology) form.Value {
	return form.Map("authorities", func(r *form.Reader, key *yaml.Node) form.Value {
		t.Authorities = append(t.Authorities, &authority.Settings{Name: key.Value})
		if key.Value != "" && !nodeName.MatchString(key.Value) {
			r.Fail(key, "%q is no name of an authority", key.Value)
		}
		return form.Object("an authority", authorityKeys(t.Authorities[len(t.Authorities)-1]))
	})
}

func authorityKeys(s *authority.Settings) []form.Key {
	duration := func(name, help string, dst *time.Duration) form.Key {
		return form.Key{Name: name, Help: help, Value: form.Duration(dst, name)}
	}
	after := func(name, help string, dst *time.Duration) form.Key {
		return form.Key{Name: name, Help: help, Value: form.Parsed(dst, name, "duration such as 24h, or -24h", time.ParseDuration)}
	}
	return []form.Key{
		{Name: "subject", Help: "distinguished name, as IOS writes it; without: cn=NAME", Value: form.Parsed(&s.Subject, "subject", "distinguished name such as cn=ROOT,o=lab", func(text string) (string, error) {
			_, err := pki.ParseName(text)
			return text, err
		})},
		{Name: "key", Help: "of its own; without: ec-256", Value: form.Choice(&s.Key, "key", "ec-256", "ec-384", "ec-521", "rsa-2048", "rsa-3072", "rsa-4096", "ed25519")},
		{Name: "issuer", Help: "the authority above it, which stands before it in the file; without: it is a root", Value: form.Word(&s.Issuer, "issuer")},
		after("valid-after", "its own certificate is valid so long after power-on of the lab (-24h: before it); without: from an hour before", &s.Valid.After),
		duration("valid-for", "and for so long; without: 87600h", &s.Valid.For),
		after("issued-after", "what it signs is valid so long after it was signed (-24h: before it); without: from an hour before", &s.Issued.After),
		duration("issued-for", "and for so long; without: 8760h", &s.Issued.For),
		{Name: "issued-use", Help: "what it signs is for; without: ike", Value: form.Choice(&s.Use, "issued-use", "ike", "email")},
		{Name: "revoked", Help: "routers whose certificates it has taken back", Value: form.Texts(&s.Revoked, "revoked")},
		{Name: "crl", Help: "how long its lists hold, or none: it gives none; without: 24h", Value: form.Parsed(&s.CRL, "crl", "duration, or none", func(text string) (time.Duration, error) {
			if text == "none" {
				return -1, nil
			}
			return time.ParseDuration(text)
		})},
	}
}

// checkAuthorities checks what the authorities say of each other and of the nodes.
func checkAuthorities(r *reader, n *yaml.Node, t *Topology) {
	known := map[string]bool{}
	for _, a := range t.Authorities {
		if a.Issuer != "" && !known[a.Issuer] {
			r.Fail(n, "authority %q: there is no authority %q before it", a.Name, a.Issuer)
		}
		known[a.Name] = true
		for _, router := range a.Revoked {
			if node := t.Node(router); node == nil || node.Kind != KindIOS {
				r.Fail(n, "authority %q has revoked %q, which is no router", a.Name, router)
			}
		}
	}
}
