package system

import (
	"slices"
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
			var err error
			if kept, err = hashed(e, enableSecret, a.Word("clear")); err != nil {
				return err
			}
		} else if !iosconfig.ValidHash(a.Word("type"), a.Word("hash")) {
			return notAHash(a.Word("type"))
		}
		weak(e.Line, a.Word("type"))
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

// mostInClear is how many secrets in clear of one file are hashed: each takes
// milliseconds, as it must, and what a router shows has hashes.
const mostInClear = 50

// hashed is a secret with its type, as running-config shows it.
func hashed(e *global, whose, text string) (string, error) {
	if e.File {
		if *e.Costly >= mostInClear {
			return "", syntax.Refuse("%% Only %d secrets in clear are hashed of one file: this one has to be a hash", mostInClear)
		}
		*e.Costly++
	}
	return iosconfig.SecretType + " " + iosconfig.HashSecret(e.It.Hostname, whose, text), nil
}

// notAHash refuses what somebody says is a hash.
func notAHash(kind string) error {
	return syntax.Refuse("ERROR: The secret you entered is not a valid encrypted secret.\n"+
		"To enter an UNENCRYPTED secret, do not specify type %s encryption.\nWhen you properly enter an UNENCRYPTED secret, it will be encrypted.", kind)
}

// checkPassword refuses a password of type 7 that hides none. IOS repeats it; here its
// words go into records and reports.
func checkPassword(text string) error {
	if hidden, typed := strings.CutPrefix(text, "7 "); typed && !iosconfig.ValidHash("7", hidden) {
		return syntax.Refuse("Invalid encrypted password: %s", syntax.Removed)
	}
	return nil
}

// encryptionRow has passwords kept as type 7: those that there are and those that come.
// Its `no` form leaves them so.
func encryptionRow() editor.Row[iosconfig.Config] {
	row := editor.Acted(editor.Kept[iosconfig.Config]("service password-encryption", "|Encrypt system passwords"))
	set := row.Set
	row.Set = func(e *global, a syntax.Args) error {
		if err := set(e, a); err != nil {
			return err
		}
		e.Changed(iosconfig.KindGlobal, a.Head())
		e.It.Kept = slices.Sorted(slices.Values(iosconfig.HidePasswords(e.It.Kept)))
		for i := range e.Config.Interfaces.All() {
			if next := *i; next.Standby.HideKeys() {
				e.It.Interfaces.Put(i.Name(), &next)
				e.Changed(iosconfig.KindInterface, i.Name())
			}
		}
		for s := range e.Config.Sections.All() {
			if hidden := iosconfig.HidePasswords(s.Kept); !slices.Equal(hidden, s.Kept) {
				next := *s
				next.Kept = slices.Sorted(slices.Values(hidden))
				e.It.Sections.Put(s.Head, &next)
				e.Changed(iosconfig.KindSection, s.Head)
			}
		}
		return nil
	}
	return row
}

// weak warns of a type that IOS XE wants no more.
func weak(l *editor.Line, kind string) {
	if l.Config.Generation != iosconfig.XE17 || l.File || !slices.Contains([]string{"0", "5", "7"}, kind) {
		return
	}
	l.Say("WARNING: Command has been added to the configuration using a type " + kind + " password. However, type " + kind + " passwords will soon be deprecated. Migrate to a supported password type")
}

// kindOf is the type that a password says it has; without one it is in clear.
func kindOf(text string) string {
	if kind, _, typed := strings.Cut(text, " "); typed && len(kind) == 1 && strings.Contains("0456789", kind) {
		return kind
	}
	return "0"
}

// passwordRow keeps a password as it is typed, or hides it.
func passwordRow[O any](command, help string) editor.Row[O] {
	row := editor.Kept[O](command+" / <password:secret-line>", help)
	set := row.Set
	row.Set = func(e *editor.At[O], a syntax.Args) error {
		if err := checkPassword(a.Word("password")); err != nil {
			return err
		}
		weak(e.Line, kindOf(a.Word("password")))
		if e.Config.HidesPasswords() {
			e.Keep(a.Head(), a.Head()+" "+iosconfig.HidePassword(a.Word("password")))
			return nil
		}
		return set(e, a)
	}
	return row
}

// usernameRow keeps what stands behind a name; of a secret, its hash.
func usernameRow() editor.Row[iosconfig.Config] {
	row := editor.Kept[iosconfig.Config]("username <name:word> / [<rest:secret-line>]", "Establish User Name Authentication|User name|Privilege and password")
	row.Set = func(e *global, a syntax.Args) error {
		rest, err := hideSecret(e, a.Head(), spelled(a.Word("rest")))
		if words := strings.Fields(a.Word("rest")); err == nil && len(words) > 1 {
			weak(e.Line, userKind(words))
		}
		if e.Config.HidesPasswords() {
			rest = iosconfig.HideUserPassword(rest)
		}
		if err == nil {
			e.Keep(a.Head(), strings.TrimSpace(a.Head()+" "+rest))
		}
		return err
	}
	return row
}

// spelled has the words before a user's password in full, and leaves the password alone.
func spelled(rest string) string {
	for at := 0; at < len(rest); {
		word, _, _ := strings.Cut(rest[at:], " ")
		full := word
		for _, w := range []string{"password", "privilege", "secret"} {
			if len(word) > 1 && strings.HasPrefix(w, strings.ToLower(word)) {
				full = w
			}
		}
		rest = rest[:at] + full + rest[at+len(word):]
		if full == "password" || full == "secret" {
			break
		}
		at += len(full) + 1
	}
	return rest
}

// userKind is the type of a user's password, or of a secret that is given as its hash.
func userKind(words []string) string {
	for i, w := range words[:len(words)-1] {
		switch kind := kindOf(strings.Join(words[i+1:], " ")); {
		case strings.HasPrefix("password", w), strings.HasPrefix("secret", w) && kind != "0":
			return kind
		case strings.HasPrefix("secret", w):
			return ""
		}
	}
	return ""
}

// hideSecret hashes what follows `secret` in clear. Behind `password` all is
// the password.
func hideSecret(e *global, whose, rest string) (string, error) {
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
		hash, err := hashed(e, whose, strings.Join(after, " "))
		return strings.TrimSpace(before + " secret " + hash), err
	}
	return rest, nil
}
