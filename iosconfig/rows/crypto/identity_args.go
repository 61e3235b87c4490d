package crypto

import (
	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// The help of what identityArg and secretArg read.
const (
	identityHelp = "|address|IPv4 address|IPv6 address|Fully qualified email string|Fully qualified domain name string|Domain part of the identity|Identity" +
		"|key-id opaque string - proprietary types of identification|Key-id"
	secretHelp = "|Specifies an UNENCRYPTED password will follow|The UNENCRYPTED (cleartext) key" +
		"|Specifies an ENCRYPTED password will follow|The ENCRYPTED key|Key entered in hex string|Hex string|The UNENCRYPTED (cleartext) key"
)

// identityArg reads the identity forms: kind, [domain], value and [mask],
// which the caller has checked.
func identityArg(a syntax.Args) iosconfig.Identity {
	i := iosconfig.Identity{Kind: a.Word("kind"), Value: a.Word("value"), Domain: a.Has("domain")}
	if i.Kind == "address" && !a.Given("net") {
		i.Value = a.Addr("value").String()
	}
	if a.Given("net") {
		i.Mask = a.Prefix("net")
		i.Value = i.Mask.Addr().String()
		return i
	}
	if a.Given("mask") {
		i.Mask, _ = iosconfig.ParseNet(a.Addr("value"), a.Addr("mask"))
	}
	return i
}

// secretArg reads {0 <key:secret-line>|6 <key:secret-line>|hex <hex:secret-hex>|<key:secret-line>}. Type
// 0 says nothing that its absence does not, so it is not kept.
func secretArg(a syntax.Args) *iosconfig.Secret {
	switch {
	case a.Given("hex"):
		return &iosconfig.Secret{Text: a.Word("hex"), Hex: true}
	case a.Has("6"):
		return &iosconfig.Secret{Text: a.Word("key"), Type: "6"}
	}
	return &iosconfig.Secret{Text: a.Word("key")}
}

// noteUnread tells of a key that nobody here can read, while there is one.
func noteUnread(l *editor.Line, s *iosconfig.Secret, holds func(*iosconfig.Config) bool) {
	if s.Unread() {
		l.Note("% A key of type 6 cannot be read here: no tunnel that needs it will come up", holds)
	}
}
