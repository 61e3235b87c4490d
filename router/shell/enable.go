package shell

import (
	"strings"

	"ikelab/iosconfig"
)

// enableTries is how often a person may guess.
const enableTries = 3

// enable leads to privileged EXEC: past the secret, where there is one. A
// terminal that comes over the network does not get there without.
func enable(x *exec) {
	s, found := enableSecret(x.d.Running())
	switch {
	case x.s.privileged:
	case found:
		x.password(s, enableTries)
	case x.s.vty >= 0:
		x.line("% No password set")
	default:
		x.s.privileged = true
	}
}

// password asks for the secret until it is right, or too often wrong.
func (x *exec) password(s secret, tries int) {
	x.ask("Password: ", func(x *exec, text string) {
		switch {
		case s.Matches(text):
			x.s.privileged = true
		case tries > 1:
			x.password(s, tries-1)
		default:
			x.line("% Bad " + s.word + "s")
		}
	})
	x.s.asked.secret = true
}

// secret is `enable secret` or `enable password`.
type secret struct {
	word string
	Credential
}

// enableSecret is the secret that is configured; a password only counts where
// there is none.
func enableSecret(c *iosconfig.Config) (found secret, ok bool) {
	for _, line := range c.Kept {
		f := strings.Fields(line)
		if len(f) < 3 || f[0] != "enable" || ok && f[1] != "secret" {
			continue
		}
		found, ok = secret{f[1], credentialOf(f[2:])}, true
	}
	return found, ok
}
