package iosconfig

import (
	"slices"
	"strconv"
	"strings"

	"ikelab/iosconfig/syntax"
)

// DefaultIPsecProfile returns the smart default IPsec profile.
func DefaultIPsecProfile() *IPsecProfile {
	return &IPsecProfile{Name: defaultName, TransformSets: []string{defaultName}, IKEv2Profile: defaultName}
}

func (p *IPsecProfile) name() string { return p.Name }

// IPsecProfile returns the IPsec profile with the name, the smart default one
// too unless it was taken away; nil when there is none.
func (c *Config) IPsecProfile(name string) *IPsecProfile {
	p := find(c.IPsec.Profiles, name, (*IPsecProfile).name)
	if p == nil && name == defaultName && !c.IKEv2.NoDefaults.IPsecProfile {
		p = DefaultIPsecProfile()
	}
	return p
}

var ipsecProfileSectionRow = syntax.Command[edit]{
	Syntax: "crypto ipsec profile <name:word>",
	Help:   "||Configure an ipsec policy profile|Profile name",
	Set: func(e *edit, a syntax.Args) error {
		name := a.Word("name")
		e.changed = find(e.IPsec.Profiles, name, (*IPsecProfile).name) == nil
		if name == defaultName {
			e.changed = e.IKEv2.NoDefaults.IPsecProfile
			e.IKEv2.NoDefaults.IPsecProfile = false
		}
		p := e.IPsecProfile(name)
		if p == nil {
			p = &IPsecProfile{Name: name}
			e.IPsec.Profiles = append(e.IPsec.Profiles, p)
		}
		e.enter(ipsecProfileMode, target{ipsec: p})
		return nil
	},
	Clear: func(e *edit, a syntax.Args) error {
		e.IPsec.Profiles = remove(e.IPsec.Profiles, a.Word("name"), (*IPsecProfile).name)
		e.IKEv2.NoDefaults.IPsecProfile = e.IKEv2.NoDefaults.IPsecProfile || a.Word("name") == defaultName
		return nil
	},
	Default: func(e *edit, a syntax.Args) error {
		e.IPsec.Profiles = remove(e.IPsec.Profiles, a.Word("name"), (*IPsecProfile).name)
		e.IKEv2.NoDefaults.IPsecProfile = e.IKEv2.NoDefaults.IPsecProfile && a.Word("name") != defaultName
		return nil
	},
	Show: func(e *edit) []string {
		lines := when(e.IKEv2.NoDefaults.IPsecProfile, "no crypto ipsec profile default")
		for _, p := range e.IPsec.Profiles {
			lines = append(lines, e.sectionLines("crypto ipsec profile "+p.Name, ipsecProfileMode, target{ipsec: p})...)
			lines = append(lines, "!")
		}
		return lines
	},
}

// text is a line of running-config; of the smart default's lines it says too
// when one was taken away.
func (p *IPsecProfile) text(command, text string) []string {
	if text == "" {
		return when(p.Name == defaultName, "no "+command)
	}
	return []string{command + " " + text}
}

// maxTransformSets is how many transform sets a profile takes.
const maxTransformSets = 6

var ipsecProfileMode = newMode("ipsec-profile", "Crypto Map configuration commands:", slices.Concat(
	[]syntax.Command[edit]{wordRow("description", "line", "Description of the crypto map statement policy|Up to 80 characters",
		func(e *edit) *string { return &e.ipsec.Description })},
	lifetimeRows("set security-association lifetime", "Set values for encryption/decryption|Security association parameters|Security association lifetime", false,
		func(e *edit) *Lifetime { return &e.ipsec.Lifetime }),
	[]syntax.Command[edit]{
		numberRow("set security-association idle-time", "60-86400", "||Automatically delete IPSec SAs after a given idle period.|Idle time in seconds",
			func(e *edit) *int { return &e.ipsec.IdleTime }),
		replayRow("set security-association", "|", false, func(e *edit) *int { return &e.ipsec.ReplayWindow }),
		dfBitRow("set security-association dfbit", "||Handling of encapsulated DF bit.", "", func(e *edit) *string { return &e.ipsec.DFBit }),
		{
			Syntax: "set transform-set / <name:word>...",
			Help:   "|Specify list of transform sets in priority order|Proposal tag",
			Set: func(e *edit, a syntax.Args) error {
				names := a.List("name")
				if len(names) > maxTransformSets {
					return syntax.Refuse("%% %d transform sets, at most %d are allowed", len(names), maxTransformSets)
				}
				e.ipsec.TransformSets = names
				return nil
			},
			Clear: func(e *edit, _ syntax.Args) error { e.ipsec.TransformSets = nil; return nil },
			Show: func(e *edit) []string {
				return e.ipsec.text("set transform-set", strings.Join(e.ipsec.TransformSets, " "))
			},
		},
		{
			Syntax: "set pfs / [group={group1|group14|group15|group16|group19|group2|group20|group21|group24|group5}]",
			Help: "|Specify pfs settings|D-H Group1 (768-bit modp)|D-H Group14 (2048-bit modp)|D-H Group15 (3072-bit modp)|D-H Group16 (4096-bit modp)" +
				"|D-H Group19 (256-bit ecp)|D-H Group2 (1024-bit modp)|D-H Group20 (384-bit ecp)|D-H Group21 (521-bit ecp)" +
				"|D-H Group24 (2048-bit modp, 256 bit subgroup)|D-H Group5 (1536-bit modp)",
			Set: func(e *edit, a syntax.Args) error {
				e.ipsec.PFS = 1 // IOS 15: without a group, group1
				if g, err := strconv.Atoi(strings.TrimPrefix(a.Word("group"), "group")); err == nil {
					e.ipsec.PFS = g
				}
				return nil
			},
			Clear: func(e *edit, _ syntax.Args) error { e.ipsec.PFS = 0; return nil },
			Show: func(e *edit) []string {
				return when(e.ipsec.PFS != 0, "set pfs group"+strconv.Itoa(e.ipsec.PFS))
			},
		},
		{
			Syntax: "set ikev2-profile / <name:word>",
			Help:   "|Specify ikev2 Profile|ikev2 profile tag",
			Set:    func(e *edit, a syntax.Args) error { e.ipsec.IKEv2Profile = a.Word("name"); return nil },
			Clear:  func(e *edit, _ syntax.Args) error { e.ipsec.IKEv2Profile = ""; return nil },
			Show:   func(e *edit) []string { return e.ipsec.text("set ikev2-profile", e.ipsec.IKEv2Profile) },
		},
		switchRow("responder-only", "Do not initiate SAs from this device", func(e *edit) *bool { return &e.ipsec.ResponderOnly }),
		kept("dialer pre-classify", "Dialer related commands|Enable Dialer preclassify"),
		kept("reverse-route / [static]", "Reverse Route Injection.|Create routes based on static ACLs permanently"),
		kept("set isakmp-profile / <name:word>", "|Specify isakmp Profile|isakmp profile tag"),
		kept("set mixed-mode", "|Specify mixed mode"),
		kept("set security-association level per-host", "||Specify a security association granularity for identities|Per host"),
	},
))

// ipsecRows are the global settings of IPsec.
var ipsecRows = slices.Concat(
	lifetimeRows("crypto ipsec security-association lifetime", "||Security association parameters|security association lifetime", true,
		func(e *edit) *Lifetime { return &e.IPsec.Lifetime }),
	[]syntax.Command[edit]{
		replayRow("crypto ipsec security-association", "||", true, func(e *edit) *int { return &e.IPsec.ReplayWindow }),
		numberRow("crypto ipsec security-association idle-time", "60-86400",
			"|||Automatically delete IPSec SAs after a given idle period.|Idle time in seconds", func(e *edit) *int { return &e.IPsec.IdleTime }),
		dfBitRow("crypto ipsec df-bit", "||Handling of encapsulated DF bit.", "copy", func(e *edit) *string { return &e.IPsec.DFBit }),
		kept("crypto ipsec fragmentation / {before-encryption|after-encryption}",
			"||Handling of fragmentation of near-MTU sized packets|Fragment before encryption|Fragment after encryption"),
		keptOn("crypto ipsec nat-transparency udp-encapsulation", "||IPsec NAT transparency model|UDP encapsulation"),
	},
)
