package crypto

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

const (
	keyLengths      = " [{128|192|256}]"
	transformSyntax = "{ah-md5-hmac|ah-sha-hmac|ah-sha256-hmac|ah-sha384-hmac|ah-sha512-hmac|comp-lzs|esp-3des|esp-aes" + keyLengths + "|esp-chacha20-poly1305|esp-ctr" + keyLengths + "|esp-des|esp-gcm" + keyLengths +
		"|esp-gcm12" + keyLengths + "|esp-gcm8" + keyLengths + "|esp-gmac" + keyLengths + "|esp-null" +
		"|esp-md5-hmac|esp-sha-hmac|esp-sha256-hmac|esp-sha384-hmac|esp-sha512-hmac|esn}..."
	keyHelp = "|128 bit keys.|192 bit keys.|256 bit keys."
)

var transformSection = editor.Section[iosconfig.Config, iosconfig.TransformSet]{
	Syntax: "crypto ipsec transform-set <name:word> / transform=" + transformSyntax,
	Help: "|Configure IPSEC policy|Define transform and settings|Transform set tag|AH-HMAC-MD5 transform|AH-HMAC-SHA transform|AH-HMAC-SHA256 transform|AH-HMAC-SHA384 transform|AH-HMAC-SHA512 transform" +
		"|IP Compression using the LZS compression algorithm|ESP transform using 3DES(EDE) cipher (168 bits)" +
		"|ESP transform using AES cipher" + keyHelp + "|ESP transform using ChaCha20-Poly1305 cipher|ESP transform using AES cipher in counter mode" + keyHelp +
		"|ESP transform using DES cipher (56 bits)|ESP transform using GCM cipher" + keyHelp + "|ESP transform using GCM cipher, 12 byte ICV" + keyHelp +
		"|ESP transform using GCM cipher, 8 byte ICV" + keyHelp + "|ESP transform using GMAC cipher" + keyHelp +
		"|ESP transform w/o cipher|ESP transform using HMAC-MD5 auth" +
		"|ESP transform using HMAC-SHA auth|ESP transform using HMAC-SHA256 auth|ESP transform using HMAC-SHA384 auth|ESP transform using HMAC-SHA512 auth|extended Sequence number",
	Mode:   transformMode,
	In:     func(c *iosconfig.Config) editor.Table[iosconfig.TransformSet] { return &c.IPsec.TransformSets },
	NameOf: func(t *iosconfig.TransformSet) string { return t.Name },
	Head: func(t *iosconfig.TransformSet) string {
		return "crypto ipsec transform-set " + t.Name + " " + strings.Join(t.Transforms, " ")
	},
	Keep:  keep((*iosconfig.Config).TransformSet, iosconfig.KindTransformSet, iosconfig.KindIPsecProfile, iosconfig.KindCryptoMap),
	Smart: iosconfig.Generation.DefaultTransformSet,
	Off:   func(c *iosconfig.Config) *bool { return &c.IKEv2.NoDefaults.TransformSet },
	Marks: editor.MarkEnd,
	Make: func(e *global, t *iosconfig.TransformSet, a syntax.Args) error {
		t.Transforms = transformArgs(a)
		for _, word := range t.Transforms {
			noteAbsent(e.Line, t.Name, word)
		}
		return checkTransforms(t.Transforms)
	},
}

// noteAbsent tells of a transform that nothing here does, while a set has it.
func noteAbsent(l *editor.Line, set, transform string) {
	text := "AH is not spoken here: no tunnel comes up with this set"
	switch {
	case transform == iosconfig.Compression:
		text = "nothing is compressed here"
	case !iosconfig.IsAH(transform):
		return
	}
	l.Note("% "+transform+": accepted, but "+text, func(c *iosconfig.Config) bool {
		s := c.TransformSet(set)
		return s != nil && slices.Contains(s.Transforms, transform)
	})
}

// transformArgs joins a cipher with its key length; 128 bits are the default
// and not shown.
func transformArgs(a syntax.Args) []string {
	var list []string
	for _, w := range a.List("transform") {
		switch {
		case w == "128":
		case len(list) > 0 && w[0] <= '9': // a key length
			list[len(list)-1] += " " + w
		default:
			list = append(list, w)
		}
	}
	return list
}

// checkTransforms wants at most one cipher and one integrity algorithm, none
// beside a cipher that is both, and one beside a cipher that must not go without.
func checkTransforms(transforms []string) error {
	var cipher, auth, ah string
	for _, t := range transforms {
		kind, what := &cipher, "ESP encryption"
		switch {
		case t == iosconfig.ESN || t == iosconfig.Compression:
			continue
		case iosconfig.IsAH(t):
			kind, what = &ah, "AH"
		case strings.HasSuffix(t, "-hmac"):
			kind, what = &auth, "ESP authentication"
		}
		if *kind != "" {
			return syntax.Refuse("%% %s algorithm specified twice: %s and %s", what, *kind, t)
		}
		*kind = t
	}
	switch {
	case cipher == "" && auth == "" && ah == "":
		return syntax.ErrIncomplete
	case combined(cipher) && auth != "":
		return syntax.Refuse("%% %s cannot be combined with %s", cipher, auth)
	case auth == "" && (cipher == "esp-null" || strings.HasPrefix(cipher, "esp-ctr")):
		return syntax.Refuse("%% %s needs an authentication algorithm", cipher)
	}
	return nil
}

// combined says whether a cipher authenticates too (RFC 4303 section 3.2.3).
func combined(cipher string) bool {
	return strings.HasPrefix(cipher, "esp-g") || strings.HasPrefix(cipher, "esp-chacha20")
}

var transformMode = editor.NewMode(editor.Mode[iosconfig.TransformSet]{
	Name: "cfg-crypto-trans", Title: "Crypto transform configuration commands:", Kind: iosconfig.KindTransformSet,
	New: func(_ iosconfig.Generation, name string) *iosconfig.TransformSet {
		return &iosconfig.TransformSet{Name: name, Mode: iosconfig.ModeTunnel}
	},
	Get: func(c *iosconfig.Config, path []string) *iosconfig.TransformSet { return c.TransformSet(path[0]) },
	Put: func(c *iosconfig.Config, path []string, t *iosconfig.TransformSet) {
		if t.Name == iosconfig.DefaultName {
			c.IKEv2.NoDefaults.TransformSet = false
			editor.PutSmart(&c.IPsec.TransformSets, t, c.Generation.DefaultTransformSet())
			return
		}
		c.IPsec.TransformSets.Put(t.Name, t)
	},
}, []editor.Row[iosconfig.TransformSet]{modeRow})

var modeRow = editor.Row[iosconfig.TransformSet]{
	Syntax: "mode / {tunnel|transport [require]}",
	Help: "encapsulation mode (transport/tunnel)|tunnel (datagram encapsulation) mode|transport (payload encapsulation) mode" +
		"|refuse other modes",
	Set: func(e *transformSet, a syntax.Args) error {
		if len(e.It.Transforms) == 0 { // somebody else has deleted it, and its head says more than its name
			return syntax.ErrRefused{Text: noTransformSet(e.It.Name)}
		}
		e.It.Mode, e.It.Require = iosconfig.ModeTunnel, a.Has("require")
		if a.Has(iosconfig.ModeTransport) {
			e.It.Mode = iosconfig.ModeTransport
		}
		return nil
	},
	Clear: func(e *transformSet, _ syntax.Args) error {
		e.It.Mode, e.It.Require = iosconfig.ModeTunnel, false
		return nil
	},
	Show: func(e *transformSet) []string {
		if e.It.Require {
			return []string{"mode transport require"}
		}
		smart := e.It.Name == iosconfig.DefaultName
		hidden := iosconfig.ModeTunnel
		if smart {
			hidden = iosconfig.ModeTransport
		}
		always := !smart && e.Config.Generation != iosconfig.IOS151 // later ones write the default, too
		return editor.When(always || e.It.Mode != hidden, "mode "+e.It.Mode)
	},
	Usual: func(e *transformSet) []string { return []string{"mode " + e.It.Mode} },
}

// lifetimeRows are `… lifetime seconds` and `… lifetime kilobytes`; global
// ones do not keep the defaults, those of a profile override the global ones.
func lifetimeRows[O any](prefix, help string, global bool, field func(*O) *iosconfig.Lifetime) []editor.Row[O] {
	normal := func(n, standard int64) int64 {
		if global {
			return editor.Unless(n, standard)
		}
		return n
	}
	return []editor.Row[O]{{
		Syntax: prefix + " seconds / <n:120-86400>",
		Help:   help + "|Time-based key duration in seconds|Security association duration in seconds",
		Set: func(e *editor.At[O], a syntax.Args) error {
			field(e.It).Seconds = int(normal(a.Int64("n"), iosconfig.DefaultSeconds))
			return nil
		},
		Clear: func(e *editor.At[O], _ syntax.Args) error { field(e.It).Seconds = 0; return nil },
		Show:  func(e *editor.At[O]) []string { return editor.Number(prefix+" seconds", field(e.It).Seconds) },
		Usual: func(*editor.At[O]) []string {
			return editor.When(global, fmt.Sprint(prefix, " seconds ", iosconfig.DefaultSeconds))
		},
	}, {
		Syntax: prefix + " kilobytes / {<n:2560-4294967295>|disable}",
		Help:   strings.Repeat("|", strings.Count(help, "|")) + "|Volume-based key duration|Security association duration in kilobytes|Disable Volume-based Rekey",
		Set: func(e *editor.At[O], a syntax.Args) error {
			field(e.It).Kilobytes = normal(a.Int64("n"), iosconfig.DefaultKilobytes)
			field(e.It).KilobytesDisable = a.Has("disable")
			return nil
		},
		Clear: func(e *editor.At[O], _ syntax.Args) error {
			field(e.It).Kilobytes, field(e.It).KilobytesDisable = 0, false
			return nil
		},
		Show: func(e *editor.At[O]) []string {
			if field(e.It).KilobytesDisable {
				return []string{prefix + " kilobytes disable"}
			}
			return editor.When(field(e.It).Kilobytes != 0, prefix+" kilobytes "+strconv.FormatInt(field(e.It).Kilobytes, 10))
		},
		Usual: func(*editor.At[O]) []string {
			return editor.When(global, fmt.Sprint(prefix, " kilobytes ", iosconfig.DefaultKilobytes))
		},
	}}
}

// replayRow is `… replay {window-size N|disable}`.
func replayRow[O any](prefix, help string, global bool, field func(*O) *int) editor.Row[O] {
	return editor.Row[O]{
		Syntax: prefix + " replay / {window-size [size={64|128|256|512|1024}]|disable}",
		Help: help + "|Set replay checking|Set replay window size|Window size of 64 (default)|Window size of 128|Window size of 256|Window size of 512" +
			"|Window size of 1024|Disable replay checking",
		Set: func(e *editor.At[O], a syntax.Args) error {
			n := a.Int("size")
			switch {
			case a.Has("disable"):
				n = -1
			case n == 0:
				n = iosconfig.DefaultReplay
			}
			if global {
				n = editor.Unless(n, iosconfig.DefaultReplay)
			}
			*field(e.It) = n
			return nil
		},
		Clear: func(e *editor.At[O], _ syntax.Args) error { *field(e.It) = 0; return nil },
		Show: func(e *editor.At[O]) []string {
			if *field(e.It) < 0 {
				return []string{prefix + " replay disable"}
			}
			return editor.Number(prefix+" replay window-size", *field(e.It))
		},
		Usual: func(*editor.At[O]) []string {
			return editor.When(global, fmt.Sprint(prefix, " replay window-size ", iosconfig.DefaultReplay))
		},
	}
}
