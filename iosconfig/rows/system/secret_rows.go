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
		} else if !iosconfig.ValidHash(a.Word("type"), a.Word("hash")) {
			return notAHash(a.Word("type"))
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

// forget takes away what is kept of a command.
func forget(head string) func(*global, syntax.Args) error {
	return func(e *global, _ syntax.Args) error { e.Keep(head, ""); return nil }
}

// hashed is a secret with its type, as running-config shows it.
func hashed(hostname, text string) string {
	return iosconfig.SecretType + " " + iosconfig.HashSecret(hostname, text)
}

// notAHash refuses what somebody says is a hash.
func notAHash(kind string) error {
	return syntax.Refuse("ERROR: The secret you entered is not a valid encrypted secret.\n"+
		"To enter an UNENCRYPTED secret, do not specify type %s encryption.\nWhen you properly enter an UNENCRYPTED secret, it will be encrypted.", kind)
}

// checkPassword refuses a password of type 7 that hides none.
func checkPassword(text string) error {
	if hidden, typed := strings.CutPrefix(text, "7 "); typed && !iosconfig.ValidHash("7", hidden) {
		return syntax.Refuse("Invalid encrypted password: %s", hidden)
	}
	return nil
}

// passwordRow keeps a password as it is typed.
func passwordRow[O any](command, help string) editor.Row[O] {
	row := editor.Kept[O](command+" / <password:secret-line>", help)
	set := row.Set
	row.Set = func(e *editor.At[O], a syntax.Args) error {
		if err := checkPassword(a.Word("password")); err != nil {
			return err
		}
		return set(e, a)
	}
	return row
}

// usernameRow keeps what stands behind a name; of a secret, its hash.
func usernameRow() editor.Row[iosconfig.Config] {
	row := editor.Kept[iosconfig.Config]("username <name:word> / [<rest:secret-line>]", "Establish User Name Authentication|User name|Privilege and password")
	row.Set = func(e *global, a syntax.Args) error {
		rest, err := hideSecret(e.It.Hostname, a.Word("rest"))
		if err == nil {
			e.Keep(a.Head(), strings.TrimSpace(a.Head()+" "+rest))
		}
		return err
	}
	return row
}

// hideSecret hashes what follows `secret` in clear. Behind `password` all is
// the password.
func hideSecret(hostname, rest string) (string, error) {
	words := strings.Fields(rest)
	for i, w := range words[:max(0, len(words)-1)] {
		before, after := strings.Join(words[:i], " "), words[i+1:]
		switch {
		case strings.HasPrefix("password", w):
			return rest, checkPassword(strings.Join(after, " "))
		case !strings.HasPrefix("secret", w):
			continue
		case len(after) > 1 && len(after[0]) == 1 && strings.Contains("4589", after[0]):
			hash := strings.Join(after[1:], " ")
			if !iosconfig.ValidHash(after[0], hash) {
				return "", notAHash(after[0])
			}
			return strings.TrimSpace(before + " secret " + after[0] + " " + hash), nil
		case len(after) > 1 && after[0] == "0":
			after = after[1:]
		}
		return strings.TrimSpace(before + " secret " + hashed(hostname, strings.Join(after, " "))), nil
	}
	return rest, nil
}
