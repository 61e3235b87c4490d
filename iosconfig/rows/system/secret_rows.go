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
			if kept, err = hashed(e, iosconfig.SecretType, enableSecret, a.Word("clear")); err != nil {
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

// algorithms are the types of hashes by the words for them.
var algorithms = map[string]string{"md5": "5", "sha256": "8", "scrypt": "9"}

const (
	algorithmSyntax = "algorithm-type algorithm={md5|scrypt|sha256} secret <clear:secret-line>"
	algorithmHelp   = "Algorithm to use for hashing the plaintext secret|Encode the password using the MD5 algorithm|Encode the password using the SCRYPT hashing algorithm" +
		"|Encode the password using the PBKDF2 hashing algorithm|Assign the secret|The UNENCRYPTED (cleartext) secret"
)

// enableAlgorithmRow says which hash of the secret is kept.
var enableAlgorithmRow = editor.Row[iosconfig.Config]{
	Syntax: "enable " + algorithmSyntax, Help: "|" + algorithmHelp,
	Set: func(e *global, a syntax.Args) error {
		kept, err := hashed(e, algorithms[a.Word("algorithm")], enableSecret, a.Word("clear"))
		if err == nil {
			e.Keep(enableSecret, enableSecret+" "+kept)
		}
		return err
	},
	Clear: forget(enableSecret),
}

// forget takes away what is kept of a command.
func forget(head string) func(*global, syntax.Args) error {
	return func(e *global, _ syntax.Args) error { e.Keep(head, ""); return nil }
}

// mostInClear is how many secrets in clear of one file are hashed: each takes
// milliseconds, as it must, and what a router shows has hashes.
const mostInClear = 50

// hashed is a secret with its type, as running-config shows it.
func hashed(e *global, kind, whose, text string) (string, error) {
	if e.File {
		if *e.Costly >= mostInClear {
			return "", syntax.Refuse("%% Only %d secrets in clear are hashed of one file: this one has to be a hash", mostInClear)
		}
		*e.Costly++
	}
	return kind + " " + iosconfig.HashSecret(kind, e.It.Hostname, whose, text), nil
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
