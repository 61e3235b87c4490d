package system

import (
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

const enableSecret = "enable secret"

// enableSecretRow keeps a hash, whatever is typed: nothing shows a secret in
// clear again.
var enableSecretRow = editor.Row[iosconfig.Config]{
	Syntax: enableSecret + " / {0 <clear:secret-line>|type={4|5|8|9} <hash:secret>|<clear:secret-line>}",
	Help: "Modify enable password parameters|Assign the privileged level secret|Specifies an UNENCRYPTED password will follow" +
		"|The UNENCRYPTED (cleartext) 'enable' secret|Specifies a SHA256 ENCRYPTED secret will follow|Specifies a MD5 HASHED secret will follow" +
		"|Specifies a PBKDF2 HASHED secret will follow|Specifies a SCRYPT HASHED secret will follow|The HASHED 'enable' secret" +
		"|The UNENCRYPTED (cleartext) 'enable' secret",
	Set: func(e *global, a syntax.Args) error {
		kept := a.Word("type") + " " + a.Word("hash")
		if a.Given("clear") {
			kept = hashed(e.It.Hostname, a.Word("clear"))
		}
		e.Keep(enableSecret, enableSecret+" "+kept)
		return nil
	},
	Clear: forget(enableSecret),
	Show: func(e *global) []string {
		for _, line := range e.It.Kept {
			if editor.Begins(line, enableSecret) {
				return []string{line}
			}
		}
		return nil
	},
}

// hashed is a secret with its type, as running-config shows it.
func hashed(hostname, text string) string {
	return iosconfig.SecretType + " " + iosconfig.HashSecret(hostname, text)
}

// usernameRow keeps what stands behind a name; of a secret, its hash.
func usernameRow() editor.Row[iosconfig.Config] {
	row := editor.Kept[iosconfig.Config]("username <name:word> / [<rest:secret-line>]", "Establish User Name Authentication|User name|Privilege and password")
	row.Set = func(e *global, a syntax.Args) error {
		e.Keep(a.Head(), strings.TrimSpace(a.Head()+" "+hideSecret(e.It.Hostname, a.Word("rest"))))
		return nil
	}
	return row
}

// hideSecret hashes what follows `secret` in clear. Behind `password` all is
// the password.
func hideSecret(hostname, rest string) string {
	words := strings.Fields(rest)
	for i, w := range words[:max(0, len(words)-1)] {
		before, after := strings.Join(words[:i], " "), words[i+1:]
		switch {
		case strings.HasPrefix("password", w):
			return rest
		case !strings.HasPrefix("secret", w):
			continue
		case len(after) > 1 && len(after[0]) == 1 && strings.Contains("4589", after[0]):
			return strings.TrimSpace(before + " secret " + strings.Join(after, " "))
		case len(after) > 1 && after[0] == "0":
			after = after[1:]
		}
		return strings.TrimSpace(before + " secret " + hashed(hostname, strings.Join(after, " ")))
	}
	return rest
}
