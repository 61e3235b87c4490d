package crypto

import (
	"net/netip"
	"slices"
	"strings"

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
	Keep:   keep((*iosconfig.Config).Profile, iosconfig.KindProfile, iosconfig.KindIPsecProfile, iosconfig.KindCryptoMap),
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
			e.It.MatchFVRF = vrfArg(a)
			return nil
		},
		Clear: func(e *profile, _ syntax.Args) error { e.It.MatchFVRF = ""; return nil },
		Show:  func(e *profile) []string { return editor.Word("match fvrf", e.It.MatchFVRF) },
	}, editor.VRF("fvrf")),
	{
		Syntax: "match address local / {<address:ip>|<address:ip6>|interface <interface:interface>}",
		Help:   "|IP address|Local address|IPv4 address|IPv6 address|Interface|Interface name",
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
		Syntax: "match identity remote / {kind={address} {<value:ip> [<mask:mask>]|<net:prefix6>}|kind={any}|kind={email|fqdn} [domain] <value:word>|kind={key-id} <value:word>}",
		Help: "|IKE identity|Remote identity|address|IPv4 address|Subnet mask|IPv6 address|Match any peer identity|Fully qualified email string" +
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
		Syntax: "identity local / {kind={address} {<value:ip>|<value:ip6>}|kind={dn}|kind={email|fqdn} <value:word>|kind={key-id} <value:word>}",
		Help: "Specify IKE identity to use|Specify the local IKE identity to use for the negotiations|address|IPv4 address|IPv6 address|Distinguished Name" +
			"|Fully qualified email string|Fully qualified domain name string|Identity|key-id opaque string - proprietary types of identification|Key-id",
		Set: func(e *profile, a syntax.Args) error {
			i := identityArg(a)
			if e.It.LocalIdentity = &i; i.Kind == "dn" {
				noteNoTrustpoint(e, "identity local dn", func(p *iosconfig.Profile) bool { return p.LocalIdentity != nil && p.LocalIdentity.Kind == "dn" })
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
			addRemote(e.It, preShare)
			e.It.AuthRemoteKey = profileKey(e, a)
			return nil
		},
		Clear: func(e *profile, a syntax.Args) error {
			if e.It.AuthRemoteKey = nil; !a.Has(preShare) {
				e.It.AuthRemote = nil
				e.Keep("authentication remote", "")
			}
			dropRemote(e.It, preShare)
			return nil
		},
		Show: func(e *profile) []string {
			return authenticationLine("remote", slices.Contains(e.It.AuthRemote, preShare), e.It.AuthRemoteKey)
		},
	},
	remoteSignatures,
	{
		Syntax: "authentication local / pre-share [key {0 <key:secret-line>|6 <key:secret-line>|hex <hex:secret-hex>|<key:secret-line>}]",
		Help:   "|Set local authentication method|Pre-Shared Key|specify key" + secretHelp,
		Set: func(e *profile, a syntax.Args) error {
			setLocal(e, preShare)
			e.It.AuthLocalKey = profileKey(e, a)
			return nil
		},
		Clear: func(e *profile, a syntax.Args) error {
			if e.It.AuthLocal == preShare || !a.Has(preShare) {
				setLocal(e, "")
			}
			return nil
		},
		Show: func(e *profile) []string {
			return authenticationLine("local", e.It.AuthLocal == preShare, e.It.AuthLocalKey)
		},
	},
	localRSA, localSignatures,
}

// setLocal settles the one local method.
func setLocal(e *profile, method string) {
	e.It.AuthLocal, e.It.AuthLocalKey, e.It.PSS = method, nil, false
	e.Keep("authentication local", "")
}

// setLocalSignature settles it by a signature.
func setLocalSignature(e *profile, method string) {
	setLocal(e, method)
	noteNoTrustpoint(e, "authentication local "+method, func(p *iosconfig.Profile) bool { return p.AuthLocal == method })
}

// noteNoTrustpoint says that a line needs a trustpoint, while it stands and there is none.
func noteNoTrustpoint(e *profile, line string, stands func(*iosconfig.Profile) bool) {
	name := e.Path[0]
	e.Note("% "+line+": there is no trustpoint, no SA will come up", func(c *iosconfig.Config) bool {
		p := c.Profile(name)
		return p != nil && c.PKI.Trustpoints.Len() == 0 && stands(p)
	})
}

func addRemote(p *iosconfig.Profile, method string) {
	if !slices.Contains(p.AuthRemote, method) {
		p.AuthRemote = slices.Concat(p.AuthRemote, []string{method})
	}
}

func dropRemote(p *iosconfig.Profile, method string) {
	if p.AuthRemote = slices.DeleteFunc(slices.Clone(p.AuthRemote), func(m string) bool { return m == method }); len(p.AuthRemote) == 0 {
		p.AuthRemote = nil
	}
}

// Methods of signatures. IOS has no word for Ed25519, and none for RSASSA-PSS: these are ours.
const signatureHelp = "|ECDSA Signature|EdDSA Signature (Ed25519)"

var remoteSignatures = editor.Row[iosconfig.Profile]{
	Syntax: "authentication remote / method={rsa-sig|ecdsa-sig|eddsa-sig}", Help: "||Rivest-Shamir-Adleman Signature" + signatureHelp,
	Set: func(e *profile, a syntax.Args) error {
		method := a.Word("method")
		addRemote(e.It, method)
		noteNoTrustpoint(e, "authentication remote "+method, func(p *iosconfig.Profile) bool { return slices.Contains(p.AuthRemote, method) })
		return nil
	},
	Clear: func(e *profile, a syntax.Args) error { dropRemote(e.It, a.Word("method")); return nil },
	Show: func(e *profile) (lines []string) {
		for _, m := range e.It.AuthRemote {
			lines = append(lines, editor.When(m != preShare, "authentication remote "+m)...)
		}
		return lines
	},
}

var localRSA = editor.Row[iosconfig.Profile]{
	Syntax: "authentication local rsa-sig / [pss]", Help: "||Rivest-Shamir-Adleman Signature|by RSASSA-PSS, where the peer knows it (RFC 7427)",
	Set: func(e *profile, a syntax.Args) error {
		setLocalSignature(e, "rsa-sig")
		e.It.PSS = a.Has("pss")
		return nil
	},
	Clear: func(e *profile, _ syntax.Args) error {
		if e.It.AuthLocal == "rsa-sig" {
			setLocal(e, "")
		}
		return nil
	},
	Show: func(e *profile) []string {
		if e.It.PSS {
			return []string{"authentication local rsa-sig pss"}
		}
		return editor.When(e.It.AuthLocal == "rsa-sig", "authentication local rsa-sig")
	},
}

var localSignatures = editor.Row[iosconfig.Profile]{
	Syntax: "authentication local / method={ecdsa-sig|eddsa-sig}", Help: "|" + signatureHelp,
	Set: func(e *profile, a syntax.Args) error { setLocalSignature(e, a.Word("method")); return nil },
	Clear: func(e *profile, a syntax.Args) error {
		if e.It.AuthLocal == a.Word("method") {
			setLocal(e, "")
		}
		return nil
	},
	Show: func(e *profile) []string {
		return editor.When(e.It.AuthLocal == "ecdsa-sig" || e.It.AuthLocal == "eddsa-sig", "authentication local "+e.It.AuthLocal)
	},
}

var matchCertificateRow = editor.Refers(editor.Row[iosconfig.Profile]{
	Syntax: "match certificate / <map:word>", Help: "|Peer certificate attributes|Certificate map",
	Set: func(e *profile, a syntax.Args) error {
		if !slices.Contains(e.It.MatchCertificate, a.Word("map")) {
			e.It.MatchCertificate = slices.Concat(e.It.MatchCertificate, []string{a.Word("map")})
		}
		return nil
	},
	Clear: func(e *profile, a syntax.Args) error {
		if !a.Given("map") {
			e.It.MatchCertificate = nil
			return nil
		}
		e.It.MatchCertificate = editor.Without(e.It.MatchCertificate, []string{a.Word("map")})
		return nil
	},
	Show: func(e *profile) (lines []string) {
		for _, m := range e.It.MatchCertificate {
			lines = append(lines, "match certificate "+m)
		}
		return lines
	},
}, aCertificateMap("certificate"))

var profileTrustpointRow = editor.Refers(editor.Row[iosconfig.Profile]{
	Syntax: "pki trustpoint / <name:word> [use={sign|verify}]",
	Help:   "Specify certificate authorities to use|trustpoint|Name of the trustpoint|Use for signing|Use for verification",
	Set: func(e *profile, a syntax.Args) error {
		t := iosconfig.ProfileTrustpoint{Name: a.Word("name"), Use: a.Word("use")}
		if !slices.Contains(e.It.Trustpoints, t) {
			e.It.Trustpoints = slices.Concat(e.It.Trustpoints, []iosconfig.ProfileTrustpoint{t})
		}
		return nil
	},
	Clear: func(e *profile, a syntax.Args) error {
		e.It.Trustpoints = slices.DeleteFunc(slices.Clone(e.It.Trustpoints), func(t iosconfig.ProfileTrustpoint) bool {
			return !a.Given("name") || t.Name == a.Word("name") && (!a.Given("use") || t.Use == a.Word("use"))
		})
		if len(e.It.Trustpoints) == 0 {
			e.It.Trustpoints = nil
		}
		return nil
	},
	Show: func(e *profile) (lines []string) {
		for _, t := range e.It.Trustpoints {
			lines = append(lines, strings.TrimSpace("pki trustpoint "+t.Name+" "+t.Use))
		}
		return lines
	},
}, aTrustpoint("trustpoint"))

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
	matchCertificateRow, profileTrustpointRow, keyringRow,
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
	ivrfRow(),
	exchangeRow("request", "config-exchange options|enable config-exchange request", func(p *iosconfig.Profile) *bool { return &p.ConfigRequestOff }),
	exchangeRow("set accept", "|config-exchange set|accept config-exchange set", func(p *iosconfig.Profile) *bool { return &p.ConfigAcceptOff }),
	exchangeRow("set send", "||send config-exchange set", func(p *iosconfig.Profile) *bool { return &p.ConfigSendOff }),
	groupAuthorizationRow("psk", "Psk", func(p *iosconfig.Profile) *iosconfig.GroupAuthorization { return &p.Authorize }),
	groupAuthorizationRow("cert", "Certificate", func(p *iosconfig.Profile) *iosconfig.GroupAuthorization { return &p.AuthorizeCert }),
	virtualTemplateRow,
}

const accountingList, accountingFamily = "AAA accounting list", "aaa accounting network"

var keptProfileRows = []editor.Row[iosconfig.Profile]{
	editor.Warns(extensible("local"), nil),
	editor.Warns(extensible("remote"), nil),
	editor.Refers(editor.Kept[iosconfig.Profile]("aaa accounting {psk|cert|eap} / <list:word>", "Specify AAA related configs|AAA accounting|Psk|Certificate|EAP|AAA list"),
		editor.Text("psk", accountingList, accountingFamily), editor.Text("cert", accountingList, accountingFamily), editor.Text("eap", accountingList, accountingFamily)),
	editor.Refers(editor.Warns(editor.Kept[iosconfig.Profile]("aaa authentication eap / <list:word>", "|AAA authentication|EAP|AAA list"), nil),
		editor.Text("eap", "AAA authentication list", "aaa authentication login")),
	editor.Refers(editor.Warns(editor.Kept[iosconfig.Profile]("aaa authorization group {eap|anyconnect-eap} / <rest:text>", "|||EAP|AnyConnect EAP|Method and list"), nil),
		editor.Text("list", "AAA authorization list", "aaa authorization network")),
	editor.Refers(editor.Warns(editor.Kept[iosconfig.Profile]("aaa authorization group cert list / <list:word> name-mangler <mangler:word>", "||||AAA list|AAA list|Derive the name from the peer's identity|Name mangler"), nil),
		editor.Text("list", "AAA authorization list", "aaa authorization network")),
	editor.Refers(editor.Warns(editor.Kept[iosconfig.Profile]("aaa authorization user / <rest:text>", "||User authorization|Method and list"), nil),
		editor.Text("list", "AAA authorization list", "aaa authorization network")),
	editor.Kept[iosconfig.Profile]("reconnect / [timeout <seconds:600-86400>]", "Enable Reconnect feature|Reconnect timeout|Seconds"),
	redirectAuthRow,
}

// extensible is kept only: a profile that needs it cannot authenticate.
func extensible(side string) editor.Row[iosconfig.Profile] {
	c := editor.Kept[iosconfig.Profile]("authentication "+side+" eap", "||Extensible Authentication Protocol")
	set := c.Set
	c.Set = func(e *profile, a syntax.Args) error {
		if side == "local" { // there is exactly one
			setLocal(e, "")
		}
		return set(e, a)
	}
	return c
}
