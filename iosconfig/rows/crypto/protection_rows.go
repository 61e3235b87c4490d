package crypto

import (
	"slices"
	"strconv"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// protection is where a kind of object keeps what `set …` says below it.
type protection[O any] struct {
	of   func(*O) *iosconfig.Protection
	find func(c *iosconfig.Config, path []string) *O // nil: it has gone
	line func(o *O, command, text string) []string   // of running-config; "": nothing is set

	tunnels bool // it is for tunnel interfaces: there is no list, and no next hop
}

// protectionRows are the lines that IPsec profiles and crypto maps share.
func protectionRows[O any](p protection[O]) []editor.Row[O] {
	return slices.Concat(
		lifetimeRows("set security-association lifetime", "Set values for encryption/decryption|Security association parameters|Security association lifetime", false,
			func(o *O) *iosconfig.Lifetime { return &p.of(o).Lifetime }),
		[]editor.Row[O]{
			p.idleRow(),
			replayRow("set security-association", "|", false, func(o *O) *int { return &p.of(o).ReplayWindow }),
			dummyRow("set security-association", "|", func(o *O) *iosconfig.Dummies { return &p.of(o).Dummies }),
			paddingRow(func(o *O) *int { return &p.of(o).Padding }),
			editor.DFBitRow("set security-association dfbit", "||Handling of encapsulated DF bit.", "", func(o *O) *string { return &p.of(o).DFBit }),
			p.transformSets(),
			p.pfsRow(),
			p.ikev2Profile(),
		},
		p.reverseRows(),
	)
}

// idleRow may have the next peer be the default one again, which here is whose turn it
// is.
func (p protection[O]) idleRow() editor.Row[O] {
	const command = "set security-association idle-time"
	return editor.Acted(editor.Warns(editor.Row[O]{
		Syntax: command + " / <n:60-86400> [default]",
		Help:   "||Automatically delete IPSec SAs after a given idle period.|Idle time in seconds|Use the default peer after idle time",
		Set: func(e *editor.At[O], a syntax.Args) error {
			p.of(e.It).IdleTime, p.of(e.It).IdleDefault = a.Int("n"), a.Has("default")
			return nil
		},
		Clear: func(e *editor.At[O], _ syntax.Args) error {
			p.of(e.It).IdleTime, p.of(e.It).IdleDefault = 0, false
			return nil
		},
		Show: func(e *editor.At[O]) []string {
			lines := editor.Number(command, p.of(e.It).IdleTime)
			if p.of(e.It).IdleDefault {
				lines[0] += " default"
			}
			return lines
		},
	}, func(a syntax.Args) bool { return a.Has("default") }))
}

// maxTransformSets is how many transform sets an object takes.
const maxTransformSets = 6

func (p protection[O]) transformSets() editor.Row[O] {
	return editor.Row[O]{
		Syntax: "set transform-set / <name:word>...",
		Help:   "|Specify list of transform sets in priority order|Proposal tag",
		Set: func(e *editor.At[O], a syntax.Args) error {
			names, path := a.List("name"), e.Path
			if len(names) > maxTransformSets {
				return syntax.Refuse("%% %d transform sets, at most %d are allowed", len(names), maxTransformSets)
			}
			p.of(e.It).TransformSets = names
			return checkTransformSets(e.Line, names, func(c *iosconfig.Config) []string {
				if o := p.find(c, path); o != nil {
					return p.of(o).TransformSets
				}
				return nil
			})
		},
		Clear: func(e *editor.At[O], _ syntax.Args) error { p.of(e.It).TransformSets = nil; return nil },
		Show: func(e *editor.At[O]) []string {
			return p.line(e.It, "set transform-set", strings.Join(p.of(e.It).TransformSets, " "))
		},
	}
}

func (p protection[O]) ikev2Profile() editor.Row[O] {
	return editor.Row[O]{
		Syntax: "set ikev2-profile / <name:word>",
		Help:   "|Specify ikev2 Profile|ikev2 profile tag",
		Set: func(e *editor.At[O], a syntax.Args) error {
			name, path := a.Word("name"), e.Path
			p.of(e.It).IKEv2Profile = name
			if name == iosconfig.DefaultName && slices.Contains(path, iosconfig.DefaultName) {
				return nil // the smart default, which nobody has asked for
			}
			e.Note(notThere("IKEv2 profile", name), func(c *iosconfig.Config) bool {
				o := p.find(c, path)
				return o != nil && p.of(o).IKEv2Profile == name && c.Profile(name) == nil
			})
			return nil
		},
		Clear: func(e *editor.At[O], _ syntax.Args) error { p.of(e.It).IKEv2Profile = ""; return nil },
		Show:  func(e *editor.At[O]) []string { return p.line(e.It, "set ikev2-profile", p.of(e.It).IKEv2Profile) },
	}
}

// pfsRow is `set pfs [group] [pqc METHOD …]`.
func (p protection[O]) pfsRow() editor.Row[O] {
	return editor.Row[O]{
		Syntax: "set pfs / [group={group1|group14|group15|group16|group17|group18|group19|group2|group20|group21|group22|group23|group24|group31|group5}] [pqc " + pqcMethods + "]",
		Help: "|Specify pfs settings|D-H Group1 (768-bit modp)|D-H Group14 (2048-bit modp)|D-H Group15 (3072-bit modp)|D-H Group16 (4096-bit modp)" +
			"|D-H Group17 (6144-bit modp)|D-H Group18 (8192-bit modp)" +
			"|D-H Group19 (256-bit ecp)|D-H Group2 (1024-bit modp)|D-H Group20 (384-bit ecp)|D-H Group21 (521-bit ecp)" +
			"|D-H Group22 (1024-bit modp, 160 bit subgroup)|D-H Group23 (2048-bit modp, 224 bit subgroup)" +
			"|D-H Group24 (2048-bit modp, 256 bit subgroup)|D-H Group31 (curve25519)|D-H Group5 (1536-bit modp)" +
			"|Post-quantum key exchange beside it" + pqcHelp,
		Set: func(e *editor.At[O], a syntax.Args) error {
			to := p.of(e.It)
			to.PFS, to.PFSPQC = e.Config.Generation.DefaultPFS(), a.List("method")
			if g, err := strconv.Atoi(strings.TrimPrefix(a.Word("group"), "group")); err == nil {
				to.PFS = g
			}
			return nil
		},
		Clear: func(e *editor.At[O], _ syntax.Args) error { to := p.of(e.It); to.PFS, to.PFSPQC = 0, nil; return nil },
		Show: func(e *editor.At[O]) []string {
			to := p.of(e.It)
			line := "set pfs group" + strconv.Itoa(to.PFS)
			if len(to.PFSPQC) > 0 {
				line += " pqc " + strings.Join(to.PFSPQC, " ")
			}
			return editor.When(to.PFS != 0, line)
		},
	}
}
