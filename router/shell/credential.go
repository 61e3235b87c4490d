package shell

import (
	"strings"

	"ikelab/iosconfig"
)

// Credential is a password or secret in a configuration. Its zero value is none,
// which nothing matches.
type Credential struct{ kind, text string }

// Unguessable is what nobody can type, and takes as long to find out as a secret
// that is configured.
func Unguessable() Credential {
	return Credential{kind: iosconfig.SecretType, text: "$8$" + strings.Repeat(".", 14) + "$" + strings.Repeat("~", 43)}
}

// Set says whether there is one.
func (p Credential) Set() bool { return p.text != "" }

// Matches says whether it was typed. It is meant to take time: tens of
// milliseconds where the configuration holds a slow hash.
func (p Credential) Matches(typed string) bool {
	return p.Set() && iosconfig.SecretMatches(p.kind, p.text, typed)
}

// credentialOf reads [TYPE] TEXT.
func credentialOf(f []string) Credential {
	if len(f) > 1 && len(f[0]) == 1 && strings.Contains("0456789", f[0]) {
		return Credential{kind: f[0], text: strings.Join(f[1:], " ")}
	}
	return Credential{text: strings.Join(f, " ")}
}
