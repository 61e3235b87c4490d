package crypto

import (
	"slices"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

var ipsecProfileSection = editor.Section[iosconfig.Config, iosconfig.IPsecProfile]{
	Syntax: "crypto ipsec profile <name:word>",
	Help:   "||Configure an ipsec policy profile|Profile name",
	Mode:   ipsecProfileMode,
	In:     func(c *iosconfig.Config) editor.Table[iosconfig.IPsecProfile] { return &c.IPsec.Profiles },
	NameOf: func(p *iosconfig.IPsecProfile) string { return p.Name },
	Head:   func(p *iosconfig.IPsecProfile) string { return "crypto ipsec profile " + p.Name },
	Keep:   keep((*iosconfig.Config).IPsecProfile, iosconfig.KindIPsecProfile, iosconfig.KindInterface),
	Smart:  iosconfig.Generation.DefaultIPsecProfile,
	Off:    func(c *iosconfig.Config) *bool { return &c.IKEv2.NoDefaults.IPsecProfile },
}

// text is a line of running-config; of the smart default's lines it says too
// when one was taken away.
func profileLine(p *iosconfig.IPsecProfile, command, text string) []string {
	if text == "" {
		return editor.When(p.Name == iosconfig.DefaultName, "no "+command)
	}
	return []string{command + " " + text}
}

var ipsecProfileMode = editor.NewMode(editor.Mode[iosconfig.IPsecProfile]{
	Name: "ipsec-profile", Title: "Crypto Map configuration commands:", Kind: iosconfig.KindIPsecProfile,
	New: func(_ iosconfig.Generation, name string) *iosconfig.IPsecProfile {
		return &iosconfig.IPsecProfile{Name: name}
	},
	Get: func(c *iosconfig.Config, path []string) *iosconfig.IPsecProfile { return c.IPsecProfile(path[0]) },
	Put: func(c *iosconfig.Config, path []string, p *iosconfig.IPsecProfile) {
		if p.Name == iosconfig.DefaultName {
			c.IKEv2.NoDefaults.IPsecProfile = false
			editor.PutSmart(&c.IPsec.Profiles, p, c.Generation.DefaultIPsecProfile())
			return
		}
		c.IPsec.Profiles.Put(p.Name, p)
	},
	Kept: func(p *iosconfig.IPsecProfile) *[]string { return &p.Kept },
}, slices.Concat(
	[]editor.Row[iosconfig.IPsecProfile]{editor.WordRow("description", "line", "Description of the crypto map statement policy|Up to 80 characters",
		func(o *iosconfig.IPsecProfile) *string { return &o.Description })},
	protectionRows(protection[iosconfig.IPsecProfile]{
		of:   func(o *iosconfig.IPsecProfile) *iosconfig.Protection { return &o.Protection },
		find: func(c *iosconfig.Config, path []string) *iosconfig.IPsecProfile { return c.IPsecProfile(path[0]) },
		line: profileLine, tunnels: true,
	}),
	[]editor.Row[iosconfig.IPsecProfile]{
		editor.SwitchRow("responder-only", "Do not initiate SAs from this device", func(o *iosconfig.IPsecProfile) *bool { return &o.ResponderOnly }),
		editor.Kept[iosconfig.IPsecProfile]("dialer pre-classify", "Dialer related commands|Enable Dialer preclassify"),
		editor.Refers(editor.Warns(editor.Kept[iosconfig.IPsecProfile]("set isakmp-profile / <name:word>", "|Specify isakmp Profile|isakmp profile tag"), nil), isakmpProfile),
		editor.Kept[iosconfig.IPsecProfile]("set mixed-mode", "|Specify mixed mode"),
		editor.Warns(editor.Kept[iosconfig.IPsecProfile]("set identity / <name:word>", "|Identity restriction.|Identity name"), nil),
		editor.Warns(editor.Kept[iosconfig.IPsecProfile]("set security-association level per-host", "||Specify a security association granularity for identities|Per host"), nil),
	},
))

// ipsecRows are the global settings of IPsec.
var ipsecRows = slices.Concat(
	lifetimeRows("crypto ipsec security-association lifetime", "||Security association parameters|security association lifetime", true,
		func(o *iosconfig.Config) *iosconfig.Lifetime { return &o.IPsec.Lifetime }),
	[]editor.Row[iosconfig.Config]{
		replayRow("crypto ipsec security-association", "||", true, func(o *iosconfig.Config) *int { return &o.IPsec.ReplayWindow }),
		editor.NumberRow("crypto ipsec security-association idle-time", "60-86400",
			"|||Automatically delete IPSec SAs after a given idle period.|Idle time in seconds", func(o *iosconfig.Config) *int { return &o.IPsec.IdleTime }),
		dummyRow("crypto ipsec security-association", "||", func(o *iosconfig.Config) *iosconfig.Dummies { return &o.IPsec.Dummies }),
	},
	editor.SizesRows("||", "copy", "before-encryption", func(o *iosconfig.Config) *iosconfig.Sizes { return &o.IPsec.Sizes }),
	[]editor.Row[iosconfig.Config]{
		{
			Syntax:  "crypto ipsec nat-transparency udp-encapsulation",
			Help:    "||IPsec NAT transparency model|UDP encapsulation",
			Set:     func(e *global, _ syntax.Args) error { e.It.IPsec.NoNAT = false; return nil },
			Clear:   func(e *global, _ syntax.Args) error { e.It.IPsec.NoNAT = true; return nil },
			Default: func(e *global, _ syntax.Args) error { e.It.IPsec.NoNAT = false; return nil },
			Show: func(e *global) []string {
				return editor.When(e.It.IPsec.NoNAT, "no crypto ipsec nat-transparency udp-encapsulation")
			},
			Usual: func(*global) []string { return []string{"crypto ipsec nat-transparency udp-encapsulation"} },
		},
	},
)
