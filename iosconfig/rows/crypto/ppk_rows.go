package crypto

import (
	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// Post-quantum preshared keys (RFC 8784) as IOS XE 17.11 and later configures them: in a
// keyring's peer; a profile names the keyring (keyringRow).

var ppkRow = editor.Row[iosconfig.KeyringPeer]{
	Syntax: "ppk manual / id <id:word> key {0 <key:secret>|6 <key:secret>|hex <hex:secret-hex>|<key:secret>} [required]",
	Help:   "Postquantum preshared key|A key that is configured here|Identity of the key|Identity|specify key" + secretHelp + "|No SA comes up without it",
	Set: func(e *peer, a syntax.Args) error {
		s, at := secretArg(a), e.Path
		noteUnread(e.Line, s, func(c *iosconfig.Config) bool {
			p := getPeer(c, at)
			return p != nil && p.PPK != nil && p.PPK.Key.Unread()
		})
		e.It.PPK = &iosconfig.PPK{ID: a.Word("id"), Key: *s, Required: a.Has("required")}
		return nil
	},
	Clear: func(e *peer, _ syntax.Args) error { e.It.PPK = nil; return nil },
	Show: func(e *peer) []string {
		p := e.It.PPK
		if p == nil {
			return nil
		}
		line := "ppk manual id " + p.ID + " key " + p.Key.String()
		if p.Required {
			line += " required"
		}
		return []string{line}
	},
}
