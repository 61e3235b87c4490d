package crypto

import (
	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// keyringRow names the keyring of pre-shared keys, and that of post-quantum ones.
var keyringRow = editor.Row[iosconfig.Profile]{
	Syntax: "keyring / {local <name:word>|ppk <ppk:word>|<name:word>}",
	Help:   "Specify keyring to use|Local keyring|Keyring name|Keyring of postquantum preshared keys|Keyring name|Keyring name",
	Set: func(e *profile, a syntax.Args) error {
		if a.Has("ppk") {
			e.It.PPKKeyring = a.Word("ppk")
			noteKeyring(e, e.It.PPKKeyring, func(p *iosconfig.Profile) string { return p.PPKKeyring })
			return nil
		}
		if e.It.Keyring == a.Word("name") {
			e.Say("% Profile already contains this keyring")
		} else {
			noteKeyring(e, a.Word("name"), func(p *iosconfig.Profile) string { return p.Keyring })
		}
		e.It.Keyring, e.It.KeyringLocalWord = a.Word("name"), a.Has("local")
		return nil
	},
	Clear: func(e *profile, a syntax.Args) error {
		if !a.Given("name") {
			e.It.PPKKeyring = ""
		}
		if !a.Has("ppk") {
			e.It.Keyring, e.It.KeyringLocalWord = "", false
		}
		return nil
	},
	Show: func(e *profile) []string {
		word := "keyring"
		if e.It.KeyringLocalWord {
			word = "keyring local"
		}
		return append(editor.Word(word, e.It.Keyring), editor.Word("keyring ppk", e.It.PPKKeyring)...)
	},
}
