package iosconfig

import (
	"net/netip"

	"ikelab/iosconfig/syntax"
)

func (k *Keyring) name() string     { return k.Name }
func (p *KeyringPeer) name() string { return p.Name }

// Keyring returns the keyring with the name, or nil.
func (k *IKEv2) Keyring(name string) *Keyring { return find(k.Keyrings, name, (*Keyring).name) }

var keyringSectionRow = syntax.Command[edit]{
	Syntax: "crypto ikev2 keyring <name:word>",
	Help:   "||Define IKEv2 Keyring|Name of IKEv2 Keyring",
	Set: func(e *edit, a syntax.Args) error {
		k := e.IKEv2.Keyring(a.Word("name"))
		if e.changed = k == nil; e.changed {
			k = &Keyring{Name: a.Word("name")}
			e.IKEv2.Keyrings = append(e.IKEv2.Keyrings, k)
		}
		e.enter(keyringMode, target{keyring: k})
		return nil
	},
	Clear: func(e *edit, a syntax.Args) error {
		e.IKEv2.Keyrings = remove(e.IKEv2.Keyrings, a.Word("name"), (*Keyring).name)
		return nil
	},
	Show: func(e *edit) []string {
		var lines []string
		for _, k := range e.IKEv2.Keyrings {
			lines = append(lines, e.sectionLines("crypto ikev2 keyring "+k.Name, keyringMode, target{keyring: k})...)
			lines = append(lines, "!")
		}
		return lines
	},
}

var keyringMode = newMode("config-ikev2-keyring", "IKEv2 Keyring commands:", []syntax.Command[edit]{{
	Syntax: "peer <name:word>",
	Help:   "Configure a Peer and associated keys|Name of the peer block",
	Set: func(e *edit, a syntax.Args) error {
		p := find(e.keyring.Peers, a.Word("name"), (*KeyringPeer).name)
		if e.changed = p == nil; e.changed {
			p = &KeyringPeer{Name: a.Word("name")}
			e.keyring.Peers = append(e.keyring.Peers, p)
		}
		e.enter(peerMode, target{keyring: e.keyring, peer: p})
		return nil
	},
	Clear: func(e *edit, a syntax.Args) error {
		e.keyring.Peers = remove(e.keyring.Peers, a.Word("name"), (*KeyringPeer).name)
		return nil
	},
	Show: func(e *edit) []string {
		var lines []string
		for i, p := range e.keyring.Peers {
			lines = append(lines, when(i > 0, "!")...)
			lines = append(lines, e.sectionLines("peer "+p.Name, peerMode, target{keyring: e.keyring, peer: p})...)
		}
		return lines
	},
}})

var peerMode = newMode("config-ikev2-keyring-peer", "IKEv2 Keyring Peer commands:", []syntax.Command[edit]{
	wordRow("description", "line", "Specify a description of this peer|Up to 80 characters describing this peer",
		func(e *edit) *string { return &e.peer.Description }),
	{
		Syntax: "address / <address:ip> [<mask:mask>]",
		Help:   "Specify IPv4/IPv6 address of peer|IPv4 address|Subnet mask",
		Set: func(e *edit, a syntax.Args) error {
			p := netip.PrefixFrom(a.Addr("address"), 32)
			if a.Given("mask") {
				var err error
				if p, err = netArgs(a, "address", "mask"); err != nil {
					return err
				}
			}
			e.peer.Address = p
			return nil
		},
		Clear: func(e *edit, _ syntax.Args) error { e.peer.Address = netip.Prefix{}; return nil },
		Show: func(e *edit) []string {
			switch p := e.peer.Address; {
			case !p.IsValid():
				return nil
			case p.Bits() == 32:
				return []string{"address " + p.Addr().String()}
			default:
				return []string{"address " + p.Addr().String() + " " + maskOf(p)}
			}
		},
	},
	wordRow("hostname", "word", "Hostname of peer|Hostname", func(e *edit) *string { return &e.peer.Hostname }),
	{
		Syntax: "identity / {kind={address} <value:ip>|kind={email|fqdn} [domain] <value:word>|kind={key-id} <value:word>}",
		Help:   "Specify IKE identity to use" + identityHelp,
		Set:    func(e *edit, a syntax.Args) error { i := identityArg(a); e.peer.Identity = &i; return nil },
		Clear:  func(e *edit, _ syntax.Args) error { e.peer.Identity = nil; return nil },
		Show: func(e *edit) []string {
			if e.peer.Identity == nil {
				return nil
			}
			return []string{"identity " + e.peer.Identity.String()}
		},
	},
	{
		Syntax: "pre-shared-key / [{local|remote}] / {0 <key:line>|6 <key:line>|hex <hex:hex>|<key:line>}",
		Help:   "specify the pre-shared key|specify signing key|specify verifying key" + secretHelp,
		Set:    setPeerKey,
		Clear: func(e *edit, a syntax.Args) error {
			if !a.Has("remote") {
				e.peer.Local = nil
			}
			if !a.Has("local") {
				e.peer.Remote = nil
			}
			if e.peer.Symmetric {
				e.peer.Local, e.peer.Remote, e.peer.Symmetric = nil, nil, false
			}
			return nil
		},
		Show: func(e *edit) []string {
			var lines []string
			if e.peer.Symmetric {
				return []string{"pre-shared-key " + e.peer.Local.String()}
			}
			if e.peer.Local != nil {
				lines = append(lines, "pre-shared-key local "+e.peer.Local.String())
			}
			if e.peer.Remote != nil {
				lines = append(lines, "pre-shared-key remote "+e.peer.Remote.String())
			}
			return lines
		},
	},
})

// setPeerKey sets one key, or both; a key for one direction ends the rule of
// one for both.
func setPeerKey(e *edit, a syntax.Args) error {
	s := secretArg(a)
	if e.peer.Symmetric {
		e.peer.Local, e.peer.Remote = nil, nil
	}
	e.peer.Symmetric = !a.Has("local") && !a.Has("remote")
	if !a.Has("remote") {
		e.peer.Local = s
	}
	if !a.Has("local") {
		other := *s
		e.peer.Remote = &other
	}
	return nil
}
