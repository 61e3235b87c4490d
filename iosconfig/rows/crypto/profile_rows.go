package crypto

import (
	"net/netip"
	"slices"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

var profileSection = editor.Section[iosconfig.Config, iosconfig.Profile]{
	Syntax: "crypto ikev2 profile <name:word>",
	Help:   "||Define IKEV2 profiles|Name of IKEv2 profile",
	Mode:   profileMode,
	In:     func(c *iosconfig.Config) editor.Table[iosconfig.Profile] { return &c.IKEv2.Profiles },
	NameOf: func(p *iosconfig.Profile) string { return p.Name },
	Head:   func(p *iosconfig.Profile) string { return "crypto ikev2 profile " + p.Name },
	Keep:   keepProfile,
	Remind: func(_ *global, p *iosconfig.Profile) []string {
		if p.Complete() {
			return nil
		}
		return []string{"IKEv2 profile MUST have:", "   1. A local and a remote authentication method.",
			"   2. A match identity or a match certificate or match any statement."}
	},
}

var profileMode = editor.NewMode(editor.Mode[iosconfig.Profile]{
	Name: "config-ikev2-profile", Title: "IKEv2 Profile commands:", Kind: iosconfig.KindProfile,
	New:  func(_ iosconfig.Generation, name string) *iosconfig.Profile { return &iosconfig.Profile{Name: name} },
	Get:  func(c *iosconfig.Config, path []string) *iosconfig.Profile { return c.Profile(path[0]) },
	Put:  func(c *iosconfig.Config, path []string, p *iosconfig.Profile) { c.IKEv2.Profiles.Put(p.Name, p) },
	Kept: func(p *iosconfig.Profile) *[]string { return &p.Kept },
}, profileRows, authenticationRows, profileOptionRows, keptProfileRows)

var profileRows = []editor.Row[iosconfig.Profile]{
	editor.WordRow("description", "line", "Specify a description of this profile|Up to 80 characters describing this profile",
		func(o *iosconfig.Profile) *string { return &o.Description }),
	editor.Refers(editor.Row[iosconfig.Profile]{
		Syntax: "match fvrf / {any|<name:word>}",
		Help:   "Match values of peer|fvrf of the profile|Any fvrf|VPN Routing/Forwarding instance name",
		Set: func(e *profile, a syntax.Args) error {
			vrf, name := vrfArg(a), e.Path[0]
			if e.It.MatchFVRF = vrf; a.Given("name") {
				e.Note(noVRF(vrf, "profile"), func(c *iosconfig.Config) bool { p := c.Profile(name); return p != nil && p.MatchFVRF == vrf })
			}
			return nil
		},
		Clear: func(e *profile, _ syntax.Args) error { e.It.MatchFVRF = ""; return nil },
		Show:  func(e *profile) []string { return editor.Word("match fvrf", e.It.MatchFVRF) },
	}, editor.VRF("fvrf")),
	{
		Syntax: "match address local / {<address:ip>|interface <interface:interface>}",
		Help:   "|IP address|Local address|IPv4 address|Interface|Interface name",
		Set: func(e *profile, a syntax.Args) error {
			if err := e.CheckPhysical(a, "interface"); a.Given("interface") && err != nil {
				return err
			}
			e.It.MatchLocalAddr, e.It.MatchLocalIface = a.Addr("address"), a.Word("interface")
			return nil
		},
		Clear: func(e *profile, _ syntax.Args) error {
			e.It.MatchLocalAddr, e.It.MatchLocalIface = netip.Addr{}, ""
			return nil
		},
		Show: func(e *profile) []string {
			return append(editor.Address("match address local", e.It.MatchLocalAddr),
				editor.Word("match address local interface", e.It.MatchLocalIface)...)
		},
	},
	{
		Syntax: "match identity remote / {kind={address} <value:ip> [<mask:mask>]|kind={any}|kind={email|fqdn} [domain] <value:word>|kind={key-id} <value:word>}",
		Help: "|IKE identity|Remote identity|address|IPv4 address|Subnet mask|Match any peer identity|Fully qualified email string" +
			"|Fully qualified domain name string|Domain part of the identity|Identity|key-id opaque string|Key-id",
		Set: func(e *profile, a syntax.Args) error {
			if a.Given("mask") {
				if _, err := editor.NetArgs(a, "value", "mask"); err != nil {
					return err
				}
			}
			i := identityArg(a)
			if slices.Contains(e.It.MatchRemote, i) {
				e.Say("% Already found same 'match identity' statement")
				return nil
			}
			e.It.MatchRemote = slices.Concat(e.It.MatchRemote, []iosconfig.Identity{i})
			return nil
		},
		Clear: func(e *profile, a syntax.Args) error {
			if !a.Given("kind") {
				e.It.MatchRemote = nil
				return nil
			}
			if a.Given("mask") {
				if _, err := editor.NetArgs(a, "value", "mask"); err != nil {
					return err
				}
			}
			e.It.MatchRemote = editor.Without(e.It.MatchRemote, []iosconfig.Identity{identityArg(a)})
			return nil
		},
		Show: func(e *profile) []string {
			var lines []string
			for _, i := range e.It.MatchRemote {
				lines = append(lines, "match identity remote "+i.String())
			}
			return lines
		},
	},
	{
		Syntax: "identity local / {kind={address} <value:ip>|kind={dn}|kind={email|fqdn} <value:word>|kind={key-id} <value:word>}",
		Help: "Specify IKE identity to use|Specify the local IKE identity to use for the negotiations|address|IPv4 address|Distinguished Name" +
			"|Fully qualified email string|Fully qualified domain name string|Identity|key-id opaque string - proprietary types of identification|Key-id",
		Set: func(e *profile, a syntax.Args) error {
			i, name := identityArg(a), e.Path[0]
			if e.It.LocalIdentity = &i; i.Kind == "dn" {
				e.Note("% identity local dn: there is no certificate to take it from, no SA will come up", func(c *iosconfig.Config) bool {
					p := c.Profile(name)
					return p != nil && p.LocalIdentity != nil && p.LocalIdentity.Kind == "dn"
				})
			}
			return nil
		},
		Clear: func(e *profile, _ syntax.Args) error { e.It.LocalIdentity = nil; return nil },
		Show: func(e *profile) []string {
			if e.It.LocalIdentity == nil {
				return nil
			}
			return []string{"identity local " + e.It.LocalIdentity.String()}
		},
	},
}

const preShare = "pre-share"

var authenticationRows = []editor.Row[iosconfig.Profile]{
	{
		Syntax: "authentication remote / pre-share [key {0 <key:secret-line>|6 <key:secret-line>|hex <hex:secret-hex>|<key:secret-line>}]",
		Help:   "Set authentication method|Set remote authentication method|Pre-Shared Key|specify key" + secretHelp,
		Set: func(e *profile, a syntax.Args) error {
			e.It.AuthRemote, e.It.AuthRemoteKey = []string{preShare}, profileKey(e, a)
			return nil
		},
		Clear: func(e *profile, _ syntax.Args) error {
			e.It.AuthRemote, e.It.AuthRemoteKey = nil, nil
			e.Keep("authentication remote", "")
			return nil
		},
		Show: func(e *profile) []string {
			return authenticationLine("remote", len(e.It.AuthRemote) > 0, e.It.AuthRemoteKey)
		},
	},
	{
		Syntax: "authentication local / pre-share [key {0 <key:secret-line>|6 <key:secret-line>|hex <hex:secret-hex>|<key:secret-line>}]",
		Help:   "|Set local authentication method|Pre-Shared Key|specify key" + secretHelp,
		Set: func(e *profile, a syntax.Args) error {
			e.It.AuthLocal, e.It.AuthLocalKey = preShare, profileKey(e, a)
			e.Keep("authentication local", "")
			return nil
		},
		Clear: func(e *profile, _ syntax.Args) error {
			e.It.AuthLocal, e.It.AuthLocalKey = "", nil
			e.Keep("authentication local", "")
			return nil
		},
		Show: func(e *profile) []string {
			return authenticationLine("local", e.It.AuthLocal != "", e.It.AuthLocalKey)
		},
	},
}

func profileKey(e *profile, a syntax.Args) *iosconfig.Secret {
	if !a.Has("key") {
		return nil
	}
	s, name := secretArg(a), e.It.Name
	noteUnread(e.Line, s, func(c *iosconfig.Config) bool {
		p := c.Profile(name)
		return p != nil && (p.AuthLocalKey.Unread() || p.AuthRemoteKey.Unread())
	})
	return s
}

func authenticationLine(side string, set bool, key *iosconfig.Secret) []string {
	line := "authentication " + side + " " + preShare
	if key != nil {
		line += " key " + key.String()
	}
	return editor.When(set, line)
}

var profileOptionRows = []editor.Row[iosconfig.Profile]{
	keyringRow,
	{
		Syntax: "lifetime / <seconds:120-86400>",
		Help:   "Set lifetime for ISAKMP security association|lifetime in seconds",
		Set: func(e *profile, a syntax.Args) error {
			e.It.Lifetime = editor.Unless(a.Int("seconds"), iosconfig.DefaultIKELifetime)
			return nil
		},
		Clear: func(e *profile, _ syntax.Args) error { e.It.Lifetime = 0; return nil },
		Show:  func(e *profile) []string { return editor.Number("lifetime", e.It.Lifetime) },
		Usual: func(*profile) []string { return editor.Number("lifetime", iosconfig.DefaultIKELifetime) },
	},
	editor.SwitchRow("reauthentication", "Make a new SA at the end of the lifetime instead of rekeying the old one",
		func(o *iosconfig.Profile) *bool { return &o.Reauthentication }),
	dpdRow("dpd", "Enable IKE liveness check for peers", func(o *iosconfig.Profile) **iosconfig.DPD { return &o.DPD }),
	editor.NumberRow("nat keepalive", "5-3600", "NAT-transparency|Set NAT keepalive interval|NAT keepalive interval in seconds",
		func(o *iosconfig.Profile) *int { return &o.NATKeepalive }),
	editor.SwitchRow("nat force-encap", "NAT-transparency|Force udp encapsulation", func(o *iosconfig.Profile) *bool { return &o.ForceEncap }),
	editor.SwitchRow("initial-contact force", "Initial contact processing|Force initial contact processing",
		func(o *iosconfig.Profile) *bool { return &o.InitialContact }),
	editor.Refers(editor.Warns(editor.WordRow("ivrf", "word", "I-VRF of the profile|VPN Routing/Forwarding instance name", func(o *iosconfig.Profile) *string { return &o.IVRF }), nil), editor.VRF("ivrf")),
	exchangeRow("request", "config-exchange options|enable config-exchange request", func(p *iosconfig.Profile) *bool { return &p.ConfigRequestOff }),
	exchangeRow("set accept", "|config-exchange set|accept config-exchange set", func(p *iosconfig.Profile) *bool { return &p.ConfigAcceptOff }),
	exchangeRow("set send", "||send config-exchange set", func(p *iosconfig.Profile) *bool { return &p.ConfigSendOff }),
	groupAuthorizationRow,
	virtualTemplateRow,
}

const accountingList, accountingFamily = "AAA accounting list", "aaa accounting network"

var keptProfileRows = []editor.Row[iosconfig.Profile]{
	editor.Warns(certificateAuthentication("local"), nil),
	editor.Warns(certificateAuthentication("remote"), nil),
	editor.Refers(editor.Warns(editor.Kept[iosconfig.Profile]("match certificate <map:word>", "|Peer certificate attributes|Certificate map"), nil),
		editor.Text("certificate", "Certificate map", "crypto pki certificate map")),
	editor.Refers(editor.Warns(editor.Kept[iosconfig.Profile]("pki trustpoint <name:word> / [{sign|verify}]", "Specify certificate authorities to use|trustpoint|Name of the trustpoint|Use for signing|Use for verification"), nil),
		editor.Text("trustpoint", "Trustpoint", "crypto pki trustpoint")),
	editor.Refers(editor.Kept[iosconfig.Profile]("aaa accounting {psk|cert|eap} / <list:word>", "Specify AAA related configs|AAA accounting|Psk|Certificate|EAP|AAA list"),
		editor.Text("psk", accountingList, accountingFamily), editor.Text("cert", accountingList, accountingFamily), editor.Text("eap", accountingList, accountingFamily)),
	editor.Refers(editor.Warns(editor.Kept[iosconfig.Profile]("aaa authentication eap / <list:word>", "|AAA authentication|EAP|AAA list"), nil),
		editor.Text("eap", "AAA authentication list", "aaa authentication login")),
	editor.Refers(editor.Warns(editor.Kept[iosconfig.Profile]("aaa authorization group {cert|eap|anyconnect-eap} / <rest:text>", "|||Certificate|EAP|AnyConnect EAP|Method and list"), nil),
		editor.Text("list", "AAA authorization list", "aaa authorization network")),
	editor.Refers(editor.Warns(editor.Kept[iosconfig.Profile]("aaa authorization user / <rest:text>", "||User authorization|Method and list"), nil),
		editor.Text("list", "AAA authorization list", "aaa authorization network")),
	editor.Kept[iosconfig.Profile]("reconnect / [timeout <seconds:600-86400>]", "Enable Reconnect feature|Reconnect timeout|Seconds"),
	editor.Kept[iosconfig.Profile]("redirect gateway auth", "IKEv2 Redirect Mechanism for load-balancing|Gateway|During authentication"),
}

// certificateAuthentication is kept only: a profile that needs it cannot
// authenticate.
func certificateAuthentication(side string) editor.Row[iosconfig.Profile] {
	c := editor.Kept[iosconfig.Profile]("authentication "+side+" {rsa-sig|ecdsa-sig|eap}", "|"+"|Rivest-Shamir-Adleman Signature|ECDSA Signature|Extensible Authentication Protocol")
	set := c.Set
	c.Set = func(e *profile, a syntax.Args) error {
		if side == "local" { // there is exactly one
			e.It.AuthLocal, e.It.AuthLocalKey = "", nil
			e.Keep("authentication local", "")
		}
		return set(e, a)
	}
	return c
}
