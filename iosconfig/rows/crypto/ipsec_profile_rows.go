package crypto

import (
	"slices"
	"strconv"
	"strings"

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
	Keep:   keepIPsecProfile,
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

// maxTransformSets is how many transform sets a profile takes.
const maxTransformSets = 6

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
	lifetimeRows("set security-association lifetime", "Set values for encryption/decryption|Security association parameters|Security association lifetime", false,
		func(o *iosconfig.IPsecProfile) *iosconfig.Lifetime { return &o.Lifetime }),
	[]editor.Row[iosconfig.IPsecProfile]{
		editor.NumberRow("set security-association idle-time", "60-86400", "||Automatically delete IPSec SAs after a given idle period.|Idle time in seconds",
			func(o *iosconfig.IPsecProfile) *int { return &o.IdleTime }),
		replayRow("set security-association", "|", false, func(o *iosconfig.IPsecProfile) *int { return &o.ReplayWindow }),
		editor.DFBitRow("set security-association dfbit", "||Handling of encapsulated DF bit.", "", func(o *iosconfig.IPsecProfile) *string { return &o.DFBit }),
		{
			Syntax: "set transform-set / <name:word>...",
			Help:   "|Specify list of transform sets in priority order|Proposal tag",
			Set: func(e *ipsecProfile, a syntax.Args) error {
				names := a.List("name")
				if len(names) > maxTransformSets {
					return syntax.Refuse("%% %d transform sets, at most %d are allowed", len(names), maxTransformSets)
				}
				e.It.TransformSets = names
				profile := e.Path[0]
				return checkTransformSets(e.Line, names, func(c *iosconfig.Config) []string {
					if p := c.IPsecProfile(profile); p != nil {
						return p.TransformSets
					}
					return nil
				})
			},
			Clear: func(e *ipsecProfile, _ syntax.Args) error { e.It.TransformSets = nil; return nil },
			Show: func(e *ipsecProfile) []string {
				return profileLine(e.It, "set transform-set", strings.Join(e.It.TransformSets, " "))
			},
		},
		pfsRow(func(o *iosconfig.IPsecProfile) *int { return &o.PFS }),
		{
			Syntax: "set ikev2-profile / <name:word>",
			Help:   "|Specify ikev2 Profile|ikev2 profile tag",
			Set: func(e *ipsecProfile, a syntax.Args) error {
				e.It.IKEv2Profile = a.Word("name")
				noteIKEv2Profile(e, e.It.IKEv2Profile)
				return nil
			},
			Clear: func(e *ipsecProfile, _ syntax.Args) error { e.It.IKEv2Profile = ""; return nil },
			Show:  func(e *ipsecProfile) []string { return profileLine(e.It, "set ikev2-profile", e.It.IKEv2Profile) },
		},
		editor.SwitchRow("responder-only", "Do not initiate SAs from this device", func(o *iosconfig.IPsecProfile) *bool { return &o.ResponderOnly }),
		editor.Kept[iosconfig.IPsecProfile]("dialer pre-classify", "Dialer related commands|Enable Dialer preclassify"),
		editor.Kept[iosconfig.IPsecProfile]("reverse-route / [static]", "Reverse Route Injection.|Create routes based on static ACLs permanently"),
		editor.Warns(editor.Kept[iosconfig.IPsecProfile]("set isakmp-profile / <name:word>", "|Specify isakmp Profile|isakmp profile tag"), nil),
		editor.Kept[iosconfig.IPsecProfile]("set mixed-mode", "|Specify mixed mode"),
		editor.Warns(editor.Kept[iosconfig.IPsecProfile]("set security-association level per-host", "||Specify a security association granularity for identities|Per host"), nil),
	},
))

// pfsRow is `set pfs [group]`.
func pfsRow[O any](field func(*O) *int) editor.Row[O] {
	return editor.Row[O]{
		Syntax: "set pfs / [group={group1|group14|group15|group16|group17|group18|group19|group2|group20|group21|group22|group23|group24|group31|group5}]",
		Help: "|Specify pfs settings|D-H Group1 (768-bit modp)|D-H Group14 (2048-bit modp)|D-H Group15 (3072-bit modp)|D-H Group16 (4096-bit modp)" +
			"|D-H Group17 (6144-bit modp)|D-H Group18 (8192-bit modp)" +
			"|D-H Group19 (256-bit ecp)|D-H Group2 (1024-bit modp)|D-H Group20 (384-bit ecp)|D-H Group21 (521-bit ecp)" +
			"|D-H Group22 (1024-bit modp, 160 bit subgroup)|D-H Group23 (2048-bit modp, 224 bit subgroup)" +
			"|D-H Group24 (2048-bit modp, 256 bit subgroup)|D-H Group31 (curve25519)|D-H Group5 (1536-bit modp)",
		Set: func(e *editor.At[O], a syntax.Args) error {
			*field(e.It) = e.Config.Generation.DefaultPFS()
			if g, err := strconv.Atoi(strings.TrimPrefix(a.Word("group"), "group")); err == nil {
				*field(e.It) = g
			}
			return nil
		},
		Clear: func(e *editor.At[O], _ syntax.Args) error { *field(e.It) = 0; return nil },
		Show: func(e *editor.At[O]) []string {
			return editor.When(*field(e.It) != 0, "set pfs group"+strconv.Itoa(*field(e.It)))
		},
	}
}

// ipsecRows are the global settings of IPsec.
var ipsecRows = slices.Concat(
	lifetimeRows("crypto ipsec security-association lifetime", "||Security association parameters|security association lifetime", true,
		func(o *iosconfig.Config) *iosconfig.Lifetime { return &o.IPsec.Lifetime }),
	[]editor.Row[iosconfig.Config]{
		replayRow("crypto ipsec security-association", "||", true, func(o *iosconfig.Config) *int { return &o.IPsec.ReplayWindow }),
		editor.NumberRow("crypto ipsec security-association idle-time", "60-86400",
			"|||Automatically delete IPSec SAs after a given idle period.|Idle time in seconds", func(o *iosconfig.Config) *int { return &o.IPsec.IdleTime }),
	},
	editor.SizesRows("||", "copy", "before-encryption", func(o *iosconfig.Config) *iosconfig.Sizes { return &o.IPsec.Sizes }),
	[]editor.Row[iosconfig.Config]{
		editor.KeptOn[iosconfig.Config]("crypto ipsec nat-transparency udp-encapsulation", "||IPsec NAT transparency model|UDP encapsulation"),
	},
)
