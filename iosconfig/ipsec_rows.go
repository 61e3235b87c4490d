package iosconfig

import (
	"strconv"
	"strings"

	"ikelab/iosconfig/syntax"
)

// The modes of a transform set.
const (
	modeTunnel    = "tunnel"
	modeTransport = "transport"
)

// DefaultTransformSet returns the smart default transform set.
func DefaultTransformSet() *TransformSet {
	return &TransformSet{Name: defaultName, Transforms: []string{"esp-aes", "esp-sha-hmac"}, Mode: modeTransport}
}

func (t *TransformSet) name() string { return t.Name }

// TransformSet returns the transform set with the name, the smart default one
// too unless it was taken away; nil when there is none.
func (c *Config) TransformSet(name string) *TransformSet {
	t := find(c.IPsec.TransformSets, name, (*TransformSet).name)
	if t == nil && name == defaultName && !c.IKEv2.NoDefaults.TransformSet {
		t = DefaultTransformSet()
	}
	return t
}

const transformSyntax = "{esp-3des|esp-aes [{128|192|256}]|esp-des|esp-gcm [{128|256}]|esp-null" +
	"|esp-md5-hmac|esp-sha-hmac|esp-sha256-hmac|esp-sha384-hmac|esp-sha512-hmac}..."

var transformSectionRow = syntax.Command[edit]{
	Syntax: "crypto ipsec transform-set <tag:word> / transform=" + transformSyntax,
	Help: "|Configure IPSEC policy|Define transform and settings|Transform set tag|ESP transform using 3DES(EDE) cipher (168 bits)" +
		"|ESP transform using AES cipher|128 bit keys.|192 bit keys.|256 bit keys.|ESP transform using DES cipher (56 bits)" +
		"|ESP transform using GCM cipher|128 bit keys.|256 bit keys.|ESP transform w/o cipher|ESP transform using HMAC-MD5 auth" +
		"|ESP transform using HMAC-SHA auth|ESP transform using HMAC-SHA256 auth|ESP transform using HMAC-SHA384 auth|ESP transform using HMAC-SHA512 auth",
	Set: func(e *edit, a syntax.Args) error {
		transforms := transformArgs(a)
		if err := checkTransforms(transforms); err != nil {
			return err
		}
		name := a.Word("tag")
		t := e.TransformSet(name)
		if t == nil {
			t = &TransformSet{Name: name, Mode: modeTunnel}
		}
		e.IKEv2.NoDefaults.TransformSet = e.IKEv2.NoDefaults.TransformSet && name != defaultName
		if find(e.IPsec.TransformSets, name, (*TransformSet).name) == nil {
			e.IPsec.TransformSets = append(e.IPsec.TransformSets, t)
		}
		t.Transforms = transforms
		e.enter(transformMode, target{transform: t})
		return nil
	},
	Clear: func(e *edit, a syntax.Args) error {
		e.IPsec.TransformSets = remove(e.IPsec.TransformSets, a.Word("tag"), (*TransformSet).name)
		e.IKEv2.NoDefaults.TransformSet = e.IKEv2.NoDefaults.TransformSet || a.Word("tag") == defaultName
		return nil
	},
	Default: func(e *edit, a syntax.Args) error {
		e.IPsec.TransformSets = remove(e.IPsec.TransformSets, a.Word("tag"), (*TransformSet).name)
		e.IKEv2.NoDefaults.TransformSet = e.IKEv2.NoDefaults.TransformSet && a.Word("tag") != defaultName
		return nil
	},
	Show: func(e *edit) []string {
		lines := when(e.IKEv2.NoDefaults.TransformSet, "no crypto ipsec transform-set default")
		for _, t := range e.IPsec.TransformSets {
			head := "crypto ipsec transform-set " + t.Name + " " + strings.Join(t.Transforms, " ")
			lines = append(lines, e.sectionLines(head, transformMode, target{transform: t})...)
		}
		return append(lines, "!")
	},
}

// transformArgs joins a cipher with its key length; 128 bits are the default
// and not shown.
func transformArgs(a syntax.Args) []string {
	var list []string
	for _, w := range a.List("transform") {
		switch {
		case w == "128":
		case !strings.HasPrefix(w, "esp-"): // a key length
			list[len(list)-1] += " " + w
		default:
			list = append(list, w)
		}
	}
	return list
}

// checkTransforms wants at most one cipher and one integrity algorithm, and
// none beside GCM, which is both.
func checkTransforms(transforms []string) error {
	var cipher, auth string
	for _, t := range transforms {
		if strings.HasSuffix(t, "-hmac") {
			if auth != "" {
				return syntax.Refuse("%% ESP authentication algorithm specified twice: %s and %s", auth, t)
			}
			auth = t
			continue
		}
		if cipher != "" {
			return syntax.Refuse("%% ESP encryption algorithm specified twice: %s and %s", cipher, t)
		}
		cipher = t
	}
	switch {
	case strings.HasPrefix(cipher, "esp-gcm") && auth != "":
		return syntax.Refuse("%% %s cannot be combined with %s", cipher, auth)
	case auth == "" && cipher == "esp-null":
		return syntax.Refuse("%% esp-null needs an authentication algorithm")
	}
	return nil
}

var transformMode = newMode("cfg-crypto-trans", "Crypto transform configuration commands:", []syntax.Command[edit]{{
	Syntax:   "mode / {tunnel|transport}",
	Help:     "encapsulation mode (transport/tunnel)|tunnel (datagram encapsulation) mode|transport (payload encapsulation) mode",
	NoEffect: true,
	Set: func(e *edit, a syntax.Args) error {
		e.transform.Mode = modeTunnel
		if a.Has(modeTransport) {
			e.transform.Mode = modeTransport
		}
		return nil
	},
	Clear: func(e *edit, _ syntax.Args) error { e.transform.Mode = modeTunnel; return nil },
	Show: func(e *edit) []string {
		hidden := modeTunnel
		if e.transform.Name == defaultName {
			hidden = modeTransport
		}
		return when(e.transform.Mode != hidden, "mode "+e.transform.Mode)
	},
}})

// lifetimeRows are `… lifetime seconds` and `… lifetime kilobytes`; global
// ones do not keep the defaults, those of a profile override the global ones.
func lifetimeRows(prefix, help string, global bool, field func(*edit) *Lifetime) []syntax.Command[edit] {
	normal := func(n, standard int64) int64 {
		if global {
			return unless(n, standard)
		}
		return n
	}
	return []syntax.Command[edit]{{
		Syntax: prefix + " seconds / <n:120-86400>",
		Help:   help + "|Time-based key duration in seconds|Security association duration in seconds",
		Set: func(e *edit, a syntax.Args) error {
			field(e).Seconds = int(normal(a.Int64("n"), defaultSeconds))
			return nil
		},
		Clear: func(e *edit, _ syntax.Args) error { field(e).Seconds = 0; return nil },
		Show:  func(e *edit) []string { return number(prefix+" seconds", field(e).Seconds) },
	}, {
		Syntax: prefix + " kilobytes / {<n:2560-4294967295>|disable}",
		Help:   strings.Repeat("|", strings.Count(help, "|")) + "|Volume-based key duration|Security association duration in kilobytes|Disable Volume-based Rekey",
		Set: func(e *edit, a syntax.Args) error {
			field(e).Kilobytes = normal(a.Int64("n"), defaultKilobytes)
			field(e).KilobytesDisable = a.Has("disable")
			return nil
		},
		Clear: func(e *edit, _ syntax.Args) error {
			field(e).Kilobytes, field(e).KilobytesDisable = 0, false
			return nil
		},
		Show: func(e *edit) []string {
			if field(e).KilobytesDisable {
				return []string{prefix + " kilobytes disable"}
			}
			return when(field(e).Kilobytes != 0, prefix+" kilobytes "+strconv.FormatInt(field(e).Kilobytes, 10))
		},
	}}
}

// replayRow is `… replay {window-size N|disable}`.
func replayRow(prefix, help string, global bool, field func(*edit) *int) syntax.Command[edit] {
	return syntax.Command[edit]{
		Syntax: prefix + " replay / {window-size size={64|128|256|512|1024}|disable}",
		Help: help + "|Set replay checking|Set replay window size|Window size of 64 (default)|Window size of 128|Window size of 256|Window size of 512" +
			"|Window size of 1024|Disable replay checking",
		Set: func(e *edit, a syntax.Args) error {
			n := a.Int("size")
			switch {
			case a.Has("disable"):
				n = -1
			case global:
				n = unless(n, defaultReplay)
			}
			*field(e) = n
			return nil
		},
		Clear: func(e *edit, _ syntax.Args) error { *field(e) = 0; return nil },
		Show: func(e *edit) []string {
			if *field(e) < 0 {
				return []string{prefix + " replay disable"}
			}
			return number(prefix+" replay window-size", *field(e))
		},
	}
}

// dfBitRow is `… df-bit {clear|copy|set}`.
func dfBitRow(command, help string, standard string, field func(*edit) *string) syntax.Command[edit] {
	return syntax.Command[edit]{
		Syntax: command + " / bit={clear|copy|set}",
		Help:   help + "|Clear DF bit for tunneled packets|Copy DF bit from inner header|Set DF bit for tunneled packets",
		Set:    func(e *edit, a syntax.Args) error { *field(e) = unless(a.Word("bit"), standard); return nil },
		Clear:  func(e *edit, _ syntax.Args) error { *field(e) = ""; return nil },
		Show:   func(e *edit) []string { return word(command, *field(e)) },
	}
}
