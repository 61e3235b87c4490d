package system

import (
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// The public keys by which users log in: `ip ssh pubkey-chain`, below it a user,
// below it keys. IOS shows a key by its hash.

const pubkeyChain = "ip ssh pubkey-chain"

var pubkeyRow = editor.Row[iosconfig.Config]{
	Syntax: pubkeyChain, Help: "|Configure ssh options|pubkey-chain", Enters: true,
	Set: func(e *global, a syntax.Args) error {
		editor.Enter(e.Line, pubkeyMode, []string{})
		return nil
	},
	Clear: func(e *global, a syntax.Args) error {
		e.It.SSHUsers = iosconfig.List[iosconfig.SSHUser]{}
		return nil
	},
	Show: func(e *global) []string {
		lines := sshUserSection.Row().Show(&editor.At[iosconfig.Config]{Line: e.Line, It: e.It})
		if len(lines) == 0 {
			return nil
		}
		for i, l := range lines {
			lines[i] = " " + l
		}
		return append([]string{pubkeyChain}, lines...)
	},
}

// pubkeyMode edits the configuration itself: the chain is one of its lists.
var pubkeyMode = editor.NewMode(editor.Mode[iosconfig.Config]{
	Name: "conf-ssh-pubkey", Title: "SSH public key identification commands:", Kind: iosconfig.KindGlobal,
	Get: func(c *iosconfig.Config, _ []string) *iosconfig.Config { return c },
	Put: func(c *iosconfig.Config, _ []string, next *iosconfig.Config) { *c = *next },
}, []editor.Row[iosconfig.Config]{sshUserSection.Row()})

var sshUserSection = editor.Section[iosconfig.Config, iosconfig.SSHUser]{
	Syntax: "username <name:word>",
	Help:   "SSH username|SSH username",
	Mode:   sshUserMode,
	In:     func(c *iosconfig.Config) editor.Table[iosconfig.SSHUser] { return &c.SSHUsers },
	NameOf: func(u *iosconfig.SSHUser) string { return u.Name },
	Head:   func(u *iosconfig.SSHUser) string { return "username " + u.Name },
	Marks:  editor.MarkNone,
}

type sshUser = editor.At[iosconfig.SSHUser]

var sshUserOf = editor.Mode[iosconfig.SSHUser]{
	Kind: iosconfig.KindSection,
	New: func(_ iosconfig.Generation, name string) *iosconfig.SSHUser {
		return &iosconfig.SSHUser{Name: name}
	},
	Get: func(c *iosconfig.Config, path []string) *iosconfig.SSHUser { return c.SSHUsers.Get(path[0]) },
	Put: func(c *iosconfig.Config, path []string, u *iosconfig.SSHUser) { c.SSHUsers.Put(u.Name, u) },
}

func sshMode(name, title string, rows ...editor.Row[iosconfig.SSHUser]) *editor.Mode[iosconfig.SSHUser] {
	m := sshUserOf
	m.Name, m.Title = name, title
	return editor.NewMode(m, rows)
}

var sshUserMode = sshMode("conf-ssh-pubkey-user", "SSH public key entry commands:",
	editor.Row[iosconfig.SSHUser]{
		Syntax: "key-hash <kind:word> <hash:word> [<name:line>]",
		Help:   "SSH key hash|SSH key type|SSH key hash|SSH user name",
		Set: func(e *sshUser, a syntax.Args) error {
			e.It.AddKey(iosconfig.SSHKey{Kind: a.Word("kind"), Hash: strings.ToUpper(a.Word("hash")), Name: a.Word("name")})
			return nil
		},
		Clear: func(e *sshUser, a syntax.Args) error {
			e.It.DropKey(iosconfig.SSHKey{Kind: a.Word("kind"), Hash: strings.ToUpper(a.Word("hash"))})
			return nil
		},
		Show: func(e *sshUser) []string {
			var lines []string
			for _, k := range e.It.Keys {
				lines = append(lines, strings.TrimSpace("key-hash "+k.Kind+" "+k.Hash+" "+k.Name))
			}
			return lines
		},
	},
	editor.Row[iosconfig.SSHUser]{
		Syntax: "key-string", Help: "SSH key string",
		Set: func(e *sshUser, a syntax.Args) error {
			e.It.BeginKey()
			editor.Enter(e.Line, sshKeyMode, e.Path)
			return nil
		},
	})

var sshKeyMode = sshMode("conf-ssh-pubkey-data", "SSH public key data:", editor.Row[iosconfig.SSHUser]{
	Syntax: "<data:line>", Help: "Line of the key",
	Set: func(e *sshUser, a syntax.Args) error {
		if !e.It.TypeKey(a.Word("data")) {
			return syntax.Refuse("%%SSH: Failed to decode the Key Value")
		}
		return nil
	},
})
