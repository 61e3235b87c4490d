package iosconfig

import (
	"fmt"
	"net/netip"
	"slices"

	"ikelab/iosconfig/syntax"
)

func (p *Profile) name() string { return p.Name }

// Profile returns the IKEv2 profile with the name, or nil.
func (k *IKEv2) Profile(name string) *Profile { return find(k.Profiles, name, (*Profile).name) }

// Complete says whether the profile can be used: both authentication methods
// and something to match.
func (p *Profile) Complete() bool {
	return p.AuthLocal != "" && len(p.AuthRemote) > 0 && len(p.MatchRemote) > 0
}

var profileSectionRow = syntax.Command[edit]{
	Syntax: "crypto ikev2 profile <name:word>",
	Help:   "||Define IKEV2 profiles|Name of IKEv2 profile",
	Set: func(e *edit, a syntax.Args) error {
		p := e.IKEv2.Profile(a.Word("name"))
		if e.changed = p == nil; e.changed {
			p = &Profile{Name: a.Word("name")}
			e.IKEv2.Profiles = append(e.IKEv2.Profiles, p)
		}
		if !p.Complete() {
			e.say("IKEv2 profile MUST have:", "   1. A local and a remote authentication method.",
				"   2. A match identity or a match certificate or match any statement.")
		}
		e.enter(profileMode, target{profile: p})
		return nil
	},
	Clear: func(e *edit, a syntax.Args) error {
		e.IKEv2.Profiles = remove(e.IKEv2.Profiles, a.Word("name"), (*Profile).name)
		return nil
	},
	Show: func(e *edit) []string {
		var lines []string
		for _, p := range e.IKEv2.Profiles {
			lines = append(lines, e.sectionLines("crypto ikev2 profile "+p.Name, profileMode, target{profile: p})...)
			lines = append(lines, "!")
		}
		return lines
	},
}

var profileMode = newMode("config-ikev2-profile", "IKEv2 Profile commands:", profileRows, authenticationRows, profileOptionRows, keptProfileRows)

var profileRows = []syntax.Command[edit]{
	wordRow("description", "line", "Specify a description of this profile|Up to 80 characters describing this profile",
		func(e *edit) *string { return &e.profile.Description }),
	{
		NoEffect: true,
		Syntax:   "match fvrf / {any|<name:word>}",
		Help:     "Match values of peer|fvrf of the profile|Any fvrf|VPN Routing/Forwarding instance name",
		Set:      func(e *edit, a syntax.Args) error { e.profile.MatchFVRF = vrfArg(a); return nil },
		Clear:    func(e *edit, _ syntax.Args) error { e.profile.MatchFVRF = ""; return nil },
		Show:     func(e *edit) []string { return word("match fvrf", e.profile.MatchFVRF) },
	},
	{
		Syntax: "match address local / {<address:ip>|interface <interface:interface>}",
		Help:   "|IP address|Local address|IPv4 address|Interface|Interface name",
		Set: func(e *edit, a syntax.Args) error {
			if err := e.checkPhysical(a, "interface"); a.Given("interface") && err != nil {
				return err
			}
			e.profile.MatchLocalAddr, e.profile.MatchLocalIface = a.Addr("address"), a.Word("interface")
			return nil
		},
		Clear: func(e *edit, _ syntax.Args) error {
			e.profile.MatchLocalAddr, e.profile.MatchLocalIface = netip.Addr{}, ""
			return nil
		},
		Show: func(e *edit) []string {
			return append(address("match address local", e.profile.MatchLocalAddr),
				word("match address local interface", e.profile.MatchLocalIface)...)
		},
	},
	{
		Syntax: "match identity remote / {kind={address} <value:ip> [<mask:mask>]|kind={any}|kind={email|fqdn} [domain] <value:word>|kind={key-id} <value:word>}",
		Help: "|IKE identity|Remote identity|address|IPv4 address|Subnet mask|Match any peer identity|Fully qualified email string" +
			"|Fully qualified domain name string|Domain part of the identity|Identity|key-id opaque string|Key-id",
		Set: func(e *edit, a syntax.Args) error {
			if a.Given("mask") {
				if _, err := netArgs(a, "value", "mask"); err != nil {
					return err
				}
			}
			i := identityArg(a)
			if slices.Contains(e.profile.MatchRemote, i) {
				e.say("% Already found same 'match identity' statement")
				return nil
			}
			e.profile.MatchRemote = append(e.profile.MatchRemote, i)
			return nil
		},
		Clear: func(e *edit, a syntax.Args) error {
			if !a.Given("kind") {
				e.profile.MatchRemote = nil
				return nil
			}
			if a.Given("mask") {
				if _, err := netArgs(a, "value", "mask"); err != nil {
					return err
				}
			}
			e.profile.MatchRemote = without(e.profile.MatchRemote, []Identity{identityArg(a)})
			return nil
		},
		Show: func(e *edit) []string {
			var lines []string
			for _, i := range e.profile.MatchRemote {
				lines = append(lines, "match identity remote "+i.String())
			}
			return lines
		},
	},
	{
		Syntax: "identity local / {kind={address} <value:ip>|kind={dn}|kind={email|fqdn} <value:word>|kind={key-id} <value:word>}",
		Help: "Specify IKE identity to use|Specify the local IKE identity to use for the negotiations|address|IPv4 address|Distinguished Name" +
			"|Fully qualified email string|Fully qualified domain name string|Identity|key-id opaque string - proprietary types of identification|Key-id",
		Set:   func(e *edit, a syntax.Args) error { i := identityArg(a); e.profile.LocalIdentity = &i; return nil },
		Clear: func(e *edit, _ syntax.Args) error { e.profile.LocalIdentity = nil; return nil },
		Show: func(e *edit) []string {
			if e.profile.LocalIdentity == nil {
				return nil
			}
			return []string{"identity local " + e.profile.LocalIdentity.String()}
		},
	},
}

const preShare = "pre-share"

var authenticationRows = []syntax.Command[edit]{
	{
		Syntax: "authentication remote / pre-share [key {0 <key:line>|6 <key:line>|hex <hex:hex>|<key:line>}]",
		Help:   "Set authentication method|Set remote authentication method|Pre-Shared Key|specify key" + secretHelp,
		Set: func(e *edit, a syntax.Args) error {
			e.profile.AuthRemote, e.profile.AuthRemoteKey = []string{preShare}, profileKey(a)
			return nil
		},
		Clear: func(e *edit, _ syntax.Args) error {
			e.profile.AuthRemote, e.profile.AuthRemoteKey = nil, nil
			return nil
		},
		Show: func(e *edit) []string {
			return authenticationLine("remote", len(e.profile.AuthRemote) > 0, e.profile.AuthRemoteKey)
		},
	},
	{
		Syntax: "authentication local / pre-share [key {0 <key:line>|6 <key:line>|hex <hex:hex>|<key:line>}]",
		Help:   "|Set local authentication method|Pre-Shared Key|specify key" + secretHelp,
		Set: func(e *edit, a syntax.Args) error {
			e.profile.AuthLocal, e.profile.AuthLocalKey = preShare, profileKey(a)
			e.keep("authentication local", "")
			return nil
		},
		Clear: func(e *edit, _ syntax.Args) error { e.profile.AuthLocal, e.profile.AuthLocalKey = "", nil; return nil },
		Show: func(e *edit) []string {
			return authenticationLine("local", e.profile.AuthLocal != "", e.profile.AuthLocalKey)
		},
	},
}

func profileKey(a syntax.Args) *Secret {
	if !a.Has("key") {
		return nil
	}
	return secretArg(a)
}

func authenticationLine(side string, set bool, key *Secret) []string {
	line := "authentication " + side + " " + preShare
	if key != nil {
		line += " key " + key.String()
	}
	return when(set, line)
}

var profileOptionRows = []syntax.Command[edit]{
	{
		Syntax: "keyring / {local <name:word>|<name:word>}",
		Help:   "Specify keyring to use|Local keyring|Keyring name|Keyring name",
		Set: func(e *edit, a syntax.Args) error {
			if e.profile.Keyring == a.Word("name") {
				e.say("% Profile already contains this keyring")
			}
			e.profile.Keyring, e.profile.KeyringLocalWord = a.Word("name"), a.Has("local")
			return nil
		},
		Clear: func(e *edit, _ syntax.Args) error {
			e.profile.Keyring, e.profile.KeyringLocalWord = "", false
			return nil
		},
		Show: func(e *edit) []string {
			if e.profile.KeyringLocalWord {
				return word("keyring local", e.profile.Keyring)
			}
			return word("keyring", e.profile.Keyring)
		},
	},
	{
		Syntax: "lifetime / <seconds:120-86400>",
		Help:   "Set lifetime for ISAKMP security association|lifetime in seconds",
		Set: func(e *edit, a syntax.Args) error {
			e.profile.Lifetime = unless(a.Int("seconds"), defaultIKELifetime)
			return nil
		},
		Clear: func(e *edit, _ syntax.Args) error { e.profile.Lifetime = 0; return nil },
		Show:  func(e *edit) []string { return number("lifetime", e.profile.Lifetime) },
	},
	dpdRow("dpd", "Enable IKE liveness check for peers", func(e *edit) **DPD { return &e.profile.DPD }),
	noEffect(numberRow("nat keepalive", "5-3600", "NAT-transparency|Set NAT keepalive interval|NAT keepalive interval in seconds",
		func(e *edit) *int { return &e.profile.NATKeepalive })),
	switchRow("initial-contact force", "Initial contact processing|Force initial contact processing",
		func(e *edit) *bool { return &e.profile.InitialContact }),
	noEffect(wordRow("ivrf", "word", "I-VRF of the profile|VPN Routing/Forwarding instance name", func(e *edit) *string { return &e.profile.IVRF })),
	{
		Syntax:  "config-exchange request",
		Help:    "config-exchange options|enable config-exchange request",
		Set:     func(e *edit, _ syntax.Args) error { e.profile.ConfigRequestOff = false; return nil },
		Clear:   func(e *edit, _ syntax.Args) error { e.profile.ConfigRequestOff = true; return nil },
		Default: func(e *edit, _ syntax.Args) error { e.profile.ConfigRequestOff = false; return nil },
		Show:    func(e *edit) []string { return when(e.profile.ConfigRequestOff, "no config-exchange request") },
	},
}

// Defaults that are written as 0 in Config.
const (
	defaultIKELifetime = 86400 // seconds
	defaultWindow      = 5     // requests
	defaultReplay      = 64    // packets
	defaultSeconds     = 3600
	defaultKilobytes   = 4608000
)

// unless returns n, or 0 when it is the default.
func unless[T comparable](n, standard T) T {
	if n == standard {
		var zero T
		return zero
	}
	return n
}

// dpdRow is `dpd INTERVAL RETRY {on-demand|periodic}`.
func dpdRow(command, help string, field func(*edit) **DPD) syntax.Command[edit] {
	return syntax.Command[edit]{
		Syntax: command + " / <interval:10-3600> <retry:2-60> {on-demand|periodic}",
		Help:   help + "|DPD R-U-THERE interval|DPD Retry Interval|Send DPD queries only as required|Send DPD queries at regular intervals",
		Set: func(e *edit, a syntax.Args) error {
			*field(e) = &DPD{Interval: a.Int("interval"), Retry: a.Int("retry"), OnDemand: a.Has("on-demand")}
			return nil
		},
		Clear: func(e *edit, _ syntax.Args) error { *field(e) = nil; return nil },
		Show: func(e *edit) []string {
			d := *field(e)
			switch {
			case d == nil:
				return nil
			case d.OnDemand:
				return []string{fmt.Sprintf("%s %d %d on-demand", command, d.Interval, d.Retry)}
			}
			return []string{fmt.Sprintf("%s %d %d periodic", command, d.Interval, d.Retry)}
		},
	}
}

var keptProfileRows = []syntax.Command[edit]{
	certificateAuthentication("local"),
	certificateAuthentication("remote"),
	kept("match certificate <map:word>", "|Peer certificate attributes|Certificate map"),
	kept("pki trustpoint <name:word> / [{sign|verify}]", "Specify certificate authorities to use|trustpoint|Name of the trustpoint|Use for signing|Use for verification"),
	kept("aaa accounting {psk|cert|eap} / <list:word>", "Specify AAA related configs|AAA accounting|Psk|Certificate|EAP|AAA list"),
	kept("aaa authentication eap / <list:word>", "|AAA authentication|EAP|AAA list"),
	kept("aaa authorization {group|user} / <rest:line>", "|AAA authorization|Group authorization|User authorization|Method and list"),
	kept("nat force-encap", "|Force udp encapsulation"),
	kept("virtual-template / <number:1-4095> [mode auto]", "Set the virtual-template for dynamic interface creation|Virtual template number|Mode|Automatic"),
	kept("reconnect / [timeout <seconds:600-86400>]", "Enable Reconnect feature|Reconnect timeout|Seconds"),
	kept("redirect gateway auth", "IKEv2 Redirect Mechanism for load-balancing|Gateway|During authentication"),
	kept("config-exchange set / {accept|send}", "|Config-exchange set|Accept|Send"),
}

// certificateAuthentication is kept only: a profile that needs it cannot
// authenticate.
func certificateAuthentication(side string) syntax.Command[edit] {
	c := kept("authentication "+side+" {rsa-sig|ecdsa-sig|eap}", "|"+"|Rivest-Shamir-Adleman Signature|ECDSA Signature|Extensible Authentication Protocol")
	set := c.Set
	c.Set = func(e *edit, a syntax.Args) error {
		if side == "local" { // there is exactly one
			e.profile.AuthLocal, e.profile.AuthLocalKey = "", nil
			e.keep("authentication local", "")
		}
		return set(e, a)
	}
	return c
}
