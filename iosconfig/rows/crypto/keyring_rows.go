package crypto

import (
	"net/netip"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

var keyringSection = editor.Section[iosconfig.Config, iosconfig.Keyring]{
	Syntax: "crypto ikev2 keyring <name:word>",
	Help:   "||Define IKEv2 Keyring|Name of IKEv2 Keyring",
	Mode:   keyringMode,
	In:     func(c *iosconfig.Config) editor.Table[iosconfig.Keyring] { return &c.IKEv2.Keyrings },
	Keep:   keep((*iosconfig.Config).Keyring, iosconfig.KindKeyring, iosconfig.KindProfile),
	NameOf: func(k *iosconfig.Keyring) string { return k.Name },
	Head:   func(k *iosconfig.Keyring) string { return "crypto ikev2 keyring " + k.Name },
}

func newKeyring(_ iosconfig.Generation, name string) *iosconfig.Keyring {
	return &iosconfig.Keyring{Name: name}
}

var keyringMode = editor.NewMode(editor.Mode[iosconfig.Keyring]{
	Name: "config-ikev2-keyring", Title: "IKEv2 Keyring commands:", Kind: iosconfig.KindKeyring,
	New: newKeyring,
	Get: func(c *iosconfig.Config, path []string) *iosconfig.Keyring { return c.Keyring(path[0]) },
	Put: func(c *iosconfig.Config, path []string, k *iosconfig.Keyring) { c.IKEv2.Keyrings.Put(k.Name, k) },
}, []editor.Row[iosconfig.Keyring]{peerSection.Row()})

var peerSection = editor.Section[iosconfig.Keyring, iosconfig.KeyringPeer]{
	Syntax: "peer <name:word>",
	Help:   "Configure a Peer and associated keys|Name of the peer block",
	Mode:   peerMode,
	In:     func(k *iosconfig.Keyring) editor.Table[iosconfig.KeyringPeer] { return &k.Peers },
	NameOf: func(p *iosconfig.KeyringPeer) string { return p.Name },
	Head:   func(p *iosconfig.KeyringPeer) string { return "peer " + p.Name },
	Marks:  editor.MarkBetween,
}

func getPeer(c *iosconfig.Config, path []string) *iosconfig.KeyringPeer {
	if k := c.Keyring(path[0]); k != nil {
		return k.Peers.Get(path[1])
	}
	return nil
}

func putPeer(c *iosconfig.Config, path []string, p *iosconfig.KeyringPeer) {
	k := newKeyring(c.Generation, path[0])
	if old := c.Keyring(path[0]); old != nil {
		*k = *old
	}
	k.Peers.Put(p.Name, p)
	c.IKEv2.Keyrings.Put(k.Name, k)
}

var peerMode = editor.NewMode(editor.Mode[iosconfig.KeyringPeer]{
	Name: "config-ikev2-keyring-peer", Title: "IKEv2 Keyring Peer commands:", Kind: iosconfig.KindPeer,
	New: func(_ iosconfig.Generation, name string) *iosconfig.KeyringPeer {
		return &iosconfig.KeyringPeer{Name: name}
	},
	Get: getPeer,
	Put: putPeer,
}, []editor.Row[iosconfig.KeyringPeer]{
	editor.WordRow("description", "line", "Specify a description of this peer|Up to 80 characters describing this peer",
		func(o *iosconfig.KeyringPeer) *string { return &o.Description }),
	{
		Syntax: "address / {<address:ip> [<mask:mask>]|<net:prefix6>}",
		Help:   "Specify IPv4/IPv6 address of peer|IPv4 address|Subnet mask|IPv6 address",
		Set: func(e *peer, a syntax.Args) error {
			p := netip.PrefixFrom(a.Addr("address"), 32)
			if a.Given("net") {
				p = a.Prefix("net")
			}
			if a.Given("mask") {
				var err error
				if p, err = editor.NetArgs(a, "address", "mask"); err != nil {
					return err
				}
			}
			e.It.Address = p
			return nil
		},
		Clear: func(e *peer, _ syntax.Args) error { e.It.Address = netip.Prefix{}; return nil },
		Show: func(e *peer) []string {
			switch p := e.It.Address; {
			case !p.IsValid():
				return nil
			case p.Addr().Is6():
				return []string{"address " + iosconfig.Upper(p)}
			case p.Bits() == 32:
				return []string{"address " + p.Addr().String()}
			default:
				return []string{"address " + p.Addr().String() + " " + iosconfig.MaskOf(p)}
			}
		},
	},
	hostnameRow(),
	{
		Syntax: "identity / {kind={address} {<value:ip>|<value:ip6>}|kind={email|fqdn} [domain] <value:word>|kind={key-id} <value:word>}",
		Help:   "Specify IKE identity to use" + identityHelp,
		Set:    func(e *peer, a syntax.Args) error { i := identityArg(a); e.It.Identity = &i; return nil },
		Clear:  func(e *peer, _ syntax.Args) error { e.It.Identity = nil; return nil },
		Show: func(e *peer) []string {
			if e.It.Identity == nil {
				return nil
			}
			return []string{"identity " + e.It.Identity.String()}
		},
	},
	{
		Syntax: "pre-shared-key / [{local|remote}] / {0 <key:secret-line>|6 <key:secret-line>|hex <hex:secret-hex>|<key:secret-line>}",
		Help:   "specify the pre-shared key|specify signing key|specify verifying key" + secretHelp,
		Set:    setPeerKey,
		Clear: func(e *peer, a syntax.Args) error {
			if !a.Has("remote") {
				e.It.Local = nil
			}
			if !a.Has("local") {
				e.It.Remote = nil
			}
			if e.It.Symmetric {
				e.It.Local, e.It.Remote, e.It.Symmetric = nil, nil, false
			}
			return nil
		},
		Show: func(e *peer) []string {
			var lines []string
			if e.It.Symmetric {
				return []string{"pre-shared-key " + e.It.Local.String()}
			}
			if e.It.Local != nil {
				lines = append(lines, "pre-shared-key local "+e.It.Local.String())
			}
			if e.It.Remote != nil {
				lines = append(lines, "pre-shared-key remote "+e.It.Remote.String())
			}
			return lines
		},
	},
	ppkRow,
})

// setPeerKey sets one key, or both; a key for one direction ends the rule of
// one for both.
func setPeerKey(e *peer, a syntax.Args) error {
	s, at := secretArg(a), e.Path
	noteUnread(e.Line, s, func(c *iosconfig.Config) bool {
		p := getPeer(c, at)
		return p != nil && (p.Local.Unread() || p.Remote.Unread())
	})
	if e.It.Symmetric {
		e.It.Local, e.It.Remote = nil, nil
	}
	e.It.Symmetric = !a.Has("local") && !a.Has("remote")
	if !a.Has("remote") {
		e.It.Local = s
	}
	if !a.Has("local") {
		other := *s
		e.It.Remote = &other
	}
	return nil
}

// hostnameRow tells of a name that `ip host` does not know, where nothing else says who
// the peer is.
func hostnameRow() editor.Row[iosconfig.KeyringPeer] {
	row := editor.WordRow("hostname", "word", "Hostname of peer|Hostname", func(o *iosconfig.KeyringPeer) *string { return &o.Hostname })
	set := row.Set
	row.Set = func(e *peer, a syntax.Args) error {
		path, name := e.Path, a.Word("text")
		e.Note(notThere("Host", name), func(c *iosconfig.Config) bool {
			p := getPeer(c, path)
			_, known := c.Host(name)
			return p != nil && p.Hostname == name && !known && !p.Address.IsValid() && p.Identity == nil
		})
		return set(e, a)
	}
	return row
}
