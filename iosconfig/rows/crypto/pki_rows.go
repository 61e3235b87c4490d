package crypto

import (
	"slices"
	"strconv"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

// standardRevocation is what a new trustpoint has, and shows.
var standardRevocation = []string{"crl"}

type trustpoint = editor.At[iosconfig.Trustpoint]

var trustpointSection = editor.Section[iosconfig.Config, iosconfig.Trustpoint]{
	Syntax: "crypto pki trustpoint <name:word>",
	Help:   "|Public Key components|Define a CA trustpoint|CA Server Name",
	Mode:   trustpointMode,
	In:     func(c *iosconfig.Config) editor.Table[iosconfig.Trustpoint] { return &c.PKI.Trustpoints },
	NameOf: func(t *iosconfig.Trustpoint) string { return t.Name },
	Head:   func(t *iosconfig.Trustpoint) string { return "crypto pki trustpoint " + t.Name },
	Keep:   destroyChain,
}

// destroyChain has the certificates go with the trustpoint that they were received for. IOS asks
// whether it may.
func destroyChain(e *global, name string) error {
	chains, line := e.It.Texts.Family(iosconfig.CertificateChains), iosconfig.CertificateChains+" "+name
	if e.Config.PKI.Trustpoints.Get(name) == nil || chains.Get(line) == nil {
		return nil
	}
	chains.Remove(line)
	e.It.Texts.SetFamily(iosconfig.CertificateChains, chains)
	e.Say("% Removing an enrolled trustpoint will destroy all certificates\n received from the related Certificate Authority.\n")
	return nil
}

// oldTrustpointRow is the older spelling.
var oldTrustpointRow = func() editor.Row[iosconfig.Config] {
	row := trustpointSection.Row()
	row.Syntax = strings.Replace(row.Syntax, "crypto pki", "crypto ca", 1)
	row.Help = "|Certification authority|Define a CA trustpoint|CA Server Name"
	row.Show = nil
	return row
}()

var trustpointMode = editor.NewMode(editor.Mode[iosconfig.Trustpoint]{
	Name: "ca-trustpoint", Title: "Certificate authority configuration commands:", Kind: iosconfig.KindTrustpoint,
	New: func(_ iosconfig.Generation, name string) *iosconfig.Trustpoint {
		return &iosconfig.Trustpoint{Name: name, Revocation: standardRevocation}
	},
	Get:  func(c *iosconfig.Config, path []string) *iosconfig.Trustpoint { return c.PKI.Trustpoints.Get(path[0]) },
	Put:  func(c *iosconfig.Config, _ []string, t *iosconfig.Trustpoint) { c.PKI.Trustpoints.Put(t.Name, t) },
	Kept: func(t *iosconfig.Trustpoint) *[]string { return &t.Kept },
}, trustpointRows, keptTrustpointRows)

var trustpointRows = []editor.Row[iosconfig.Trustpoint]{
	{
		Syntax: "enrollment / {url <url:text>|terminal [pem]|selfsigned|pkcs12}",
		Help:   "Enrollment parameters|CA server enrollment URL|URL|Enroll via the terminal (cut-and-paste)|include PEM encapsulation boundaries|self-signed certificate|imported from a PKCS12 file",
		Set: func(e *trustpoint, a syntax.Args) error {
			_, e.It.Enrollment, _ = strings.Cut(a.String(), " ")
			return nil
		},
		Clear: func(e *trustpoint, a syntax.Args) error {
			if e.It.Enrollment = ""; a.String() == "enrollment" {
				e.Keep("enrollment", "")
			}
			return nil
		},
		Show: func(e *trustpoint) []string { return editor.Word("enrollment", e.It.Enrollment) },
	},
	{
		Syntax: "serial-number / [none]",
		Help:   "include serial number|do not include serial number",
		Set: func(e *trustpoint, a syntax.Args) error {
			e.It.Serial = "-"
			if a.Has("none") {
				e.It.Serial = "none"
			}
			return nil
		},
		Clear: func(e *trustpoint, _ syntax.Args) error { e.It.Serial = ""; return nil },
		Show:  func(e *trustpoint) []string { return optional("serial-number", e.It.Serial) },
	},
	editor.WordRow("fqdn", "word", "include fully-qualified domain name|name, or none", func(o *iosconfig.Trustpoint) *string { return &o.FQDN }),
	editor.WordRow("ip-address", "word", "include ip address|address, interface, or none", func(o *iosconfig.Trustpoint) *string { return &o.Address }),
	editor.WordRow("subject-name", "line", "Subject Name|LDAP Directory Name (x.500 format)", func(o *iosconfig.Trustpoint) *string { return &o.Subject }),
	editor.WordRow("subject-alt-name", "word", "Subject Alternative Name|Name", func(o *iosconfig.Trustpoint) *string { return &o.AltName }),
	{
		Syntax: "revocation-check / first={crl|none|ocsp} [second={crl|none|ocsp} [third={crl|none|ocsp}]]",
		Help:   "Revocation checking options|Revocation check by CRL|Ignore revocation check|Revocation check by OCSP|Revocation check by CRL|Ignore revocation check|Revocation check by OCSP|Revocation check by CRL|Ignore revocation check|Revocation check by OCSP",
		Set: func(e *trustpoint, a syntax.Args) error {
			name := e.It.Name
			if e.It.Revocation = strings.Fields(a.String())[1:]; slices.Contains(e.It.Revocation, "ocsp") {
				e.Note("% revocation-check ocsp: there is no OCSP here, it counts as a server that does not answer", func(c *iosconfig.Config) bool {
					t := c.PKI.Trustpoints.Get(name)
					return t != nil && slices.Contains(t.Revocation, "ocsp")
				})
			}
			return nil
		},
		Clear: func(e *trustpoint, _ syntax.Args) error { e.It.Revocation = standardRevocation; return nil },
		Show: func(e *trustpoint) []string {
			return editor.Word("revocation-check", strings.Join(e.It.Revocation, " "))
		},
	},
	{
		Syntax: "rsakeypair / <label:word> [<bits:360-4096> [<encryption:360-4096>]]",
		Help:   "Specify rsakeypair for this identity|RSA keypair label|Size of the key|Size of the encryption key",
		Set: func(e *trustpoint, a syntax.Args) error {
			_, e.It.RSAKey, _ = strings.Cut(a.String(), " ")
			e.It.ECKey = ""
			return nil
		},
		Clear: func(e *trustpoint, _ syntax.Args) error { e.It.RSAKey = ""; return nil },
		Show:  func(e *trustpoint) []string { return editor.Word("rsakeypair", e.It.RSAKey) },
	},
	{
		Syntax: "eckeypair / <label:word> [size={256|384|521|ed25519}]", // the size is ours: what to make where there is none
		Help:   "Specify eckeypair for this identity|EC keypair label|P-256|P-384|P-521|Ed25519",
		Set: func(e *trustpoint, a syntax.Args) error {
			_, e.It.ECKey, _ = strings.Cut(a.String(), " ")
			e.It.RSAKey = ""
			return nil
		},
		Clear: func(e *trustpoint, _ syntax.Args) error { e.It.ECKey = ""; return nil },
		Show:  func(e *trustpoint) []string { return editor.Word("eckeypair", e.It.ECKey) },
	},
	{
		Syntax: "auto-enroll / [<percent:1-100>] [regenerate]",
		Help:   "Automatically enroll this router identity|Percentage of the certificate validity period|Generate a new key on re-enroll",
		Set: func(e *trustpoint, a syntax.Args) error {
			if _, e.It.AutoEnroll, _ = strings.Cut(a.String(), " "); e.It.AutoEnroll == "" {
				e.It.AutoEnroll = "-"
			}
			return nil
		},
		Clear: func(e *trustpoint, _ syntax.Args) error { e.It.AutoEnroll = ""; return nil },
		Show:  func(e *trustpoint) []string { return optional("auto-enroll", e.It.AutoEnroll) },
	},
}

// optional is a line with or without something behind it; "-": without.
func optional(command, rest string) []string {
	if rest == "-" {
		return []string{command}
	}
	return editor.Word(command, rest)
}

// keptTrustpoint is a line that is kept; anything may follow.
func keptTrustpoint(command, help string) editor.Row[iosconfig.Trustpoint] {
	return editor.Kept[iosconfig.Trustpoint](command+" / [<rest:text>]", help+"|Kept as it is typed")
}

// warnsTrustpoint is one that may decide whether a certificate comes or is accepted.
func warnsTrustpoint(command, help string) editor.Row[iosconfig.Trustpoint] {
	return editor.Warns(keptTrustpoint(command, help), nil)
}

// notForIKE says whether a line of `usage` keeps a certificate from IKE.
func notForIKE(a syntax.Args) bool { return !slices.Contains(strings.Fields(a.String()), "ike") }

var keptTrustpointRows = []editor.Row[iosconfig.Trustpoint]{
	keptTrustpoint("enrollment mode", "|Mode supported by the Certificate Authority"), keptTrustpoint("enrollment retry", "|Polling parameters"),
	warnsTrustpoint("enrollment profile", "|Specify an enrollment profile"), keptTrustpoint("enrollment http-proxy", "|HTTP proxy"),
	editor.Warns(keptTrustpoint("usage", "Certificate Usage"), notForIKE), keptTrustpoint("hash", "Hash algorithm"), keptTrustpoint("fingerprint", "Expected fingerprint"),
	keptTrustpoint("source", "Interface for outgoing connections"), warnsTrustpoint("vrf", "VRF"), keptTrustpoint("crl", "CRL options"),
	warnsTrustpoint("chain-validation", "Use the chain"), warnsTrustpoint("authorization", "Authorization parameters"),
	warnsTrustpoint("match", "Match a certificate attributes map"), keptTrustpoint("storage", "Define certificate storage location"),
	keptTrustpoint("root", "Define the TFTP server"), keptTrustpoint("validation-usage", "Validation usage"), warnsTrustpoint("eku", "Extended key usage"),
	keptTrustpoint("ocsp", "OCSP parameters"), keptTrustpoint("regenerate", "Regenerate keys on re-enrollment"), keptTrustpoint("on", "Where keys are generated"),
	keptTrustpoint("primary", "Primary trustpoint"), keptTrustpoint("rollover", "Rollover"),
	editor.Kept[iosconfig.Trustpoint]("password / <rest:secret-line>", "revocation password|Password"),
}

type certificateMap = editor.At[iosconfig.CertificateMap]

// certificateMapRow is `crypto pki certificate map LABEL SEQ`.
var certificateMapRow = editor.Row[iosconfig.Config]{
	Syntax: "crypto pki certificate map <name:word> <sequence:1-65535>",
	Help:   "||Certificate|Define certificate attributes map|Certificate map name|Sequence to insert to existing certificate map entry",
	Enters: true,
	Set: func(e *global, a syntax.Args) error {
		m := &iosconfig.CertificateMap{Label: a.Word("name"), Sequence: a.Int("sequence")}
		if e.Config.PKI.Maps.Get(m.Key()) == nil {
			e.It.PKI.Maps.Put(m.Key(), m)
		}
		e.Changed(iosconfig.KindTrustpoint, m.Label)
		editor.Enter(e.Line, certificateMapMode, []string{m.Label, a.Word("sequence")})
		return nil
	},
	Clear: func(e *global, a syntax.Args) error {
		e.It.PKI.Maps.Remove(a.Word("name") + " " + a.Word("sequence"))
		e.Changed(iosconfig.KindTrustpoint, a.Word("name"))
		return nil
	},
	Show: func(e *global) []string {
		var lines []string
		for m := range e.It.PKI.Maps.All() {
			lines = append(lines, certificateMapMode.Indented("crypto pki certificate map "+m.Key(), e.Line, m, nil)...)
			lines = append(lines, "!")
		}
		return lines
	},
}

var certificateMapMode = editor.NewMode(editor.Mode[iosconfig.CertificateMap]{
	Name: "ca-certificate-map", Title: "Certificate map configuration commands:", Kind: iosconfig.KindTrustpoint,
	New: func(iosconfig.Generation, string) *iosconfig.CertificateMap { return &iosconfig.CertificateMap{} },
	Get: func(c *iosconfig.Config, path []string) *iosconfig.CertificateMap {
		return c.PKI.Maps.Get(strings.Join(path, " "))
	},
	Put: func(c *iosconfig.Config, path []string, m *iosconfig.CertificateMap) {
		m.Label = path[0]
		m.Sequence, _ = strconv.Atoi(path[1])
		c.PKI.Maps.Put(m.Key(), m)
	},
}, []editor.Row[iosconfig.CertificateMap]{
	certificateRule("subject-name|issuer-name|alt-subject-name|unstructured-subject-name|name|serial-number", "co|eq|nc|ne", nil,
		"Subject Name|Issuer Name|Alternate Subject Name|Unstructured Subject Name|Subject or Alternate Name|Serial Number|contains|equal|does not contain|not equal|value"),
	certificateRule("expires-on|valid-start", "eq|ge|lt|ne", func(value string) error {
		if _, ok := iosconfig.Instant(value); !ok {
			return syntax.Refuse("%% Invalid date: %s (Mmm d yyyy or d Mmm yyyy [hh:mm:ss])", value)
		}
		return nil
	}, "Validity Date|Validity Date|equal|greater than or equal|less than|not equal|value"),
})

// certificateRule is a kind of line of a certificate map.
func certificateRule(fields, ops string, check func(string) error, help string) editor.Row[iosconfig.CertificateMap] {
	names := strings.Split(fields, "|")
	return editor.Row[iosconfig.CertificateMap]{
		Syntax: "field={" + fields + "} op={" + ops + "} / <value:line>", Help: help,
		Set: func(e *certificateMap, a syntax.Args) error {
			if check != nil {
				if err := check(a.Word("value")); err != nil {
					return err
				}
			}
			if !slices.Contains(e.It.Rules, a.String()) {
				e.It.Rules = slices.Concat(e.It.Rules, []string{a.String()})
			}
			return nil
		},
		Clear: func(e *certificateMap, a syntax.Args) error {
			e.It.Rules = slices.DeleteFunc(slices.Clone(e.It.Rules), func(r string) bool { return editor.Begins(r, a.String()) })
			return nil
		},
		Show: func(e *certificateMap) (lines []string) {
			for _, r := range e.It.Rules {
				if field, _, _ := strings.Cut(r, " "); slices.Contains(names, field) {
					lines = append(lines, r)
				}
			}
			return lines
		},
	}
}

// aTrustpoint and aCertificateMap are what lines refer to.
func aTrustpoint(after string) editor.Reference {
	return editor.Reference{After: after, What: "Trustpoint", Has: func(c *iosconfig.Config, name string) bool { return c.PKI.Trustpoints.Get(name) != nil }}
}

func aCertificateMap(after string) editor.Reference {
	return editor.Reference{After: after, What: "Certificate map", Has: func(c *iosconfig.Config, name string) bool { return len(c.PKI.Map(name)) > 0 }}
}

// What acts instead of configuring: configuration mode takes it, and EXEC carries it out.
var pkiActionRows = []editor.Row[iosconfig.Config]{
	acts("crypto key generate {rsa|ec|ed25519} / [<rest:text>]", "|Long term key operations|Generate new keys|Generate RSA keys|Generate EC keys|Generate an Ed25519 key, which IOS has not|label, modulus, keysize, exportable"),
	acts("crypto key zeroize {rsa|ec} / [<rest:text>]", "||Remove keys|Remove RSA keys|Remove EC keys|Key label"),
	acts("crypto pki authenticate <rest:text>", "|Public Key components|Get the CA certificate|CA Server Name"),
	acts("crypto pki enroll <rest:text>", "||Request a certificate from a CA|CA Server Name"),
	acts("crypto pki import <name:word> / certificate", "||Import certificate or pkcs12|CA Server Name|Import a certificate from the terminal"),
	acts("crypto pki import <name:word> / {pem|pkcs12} <rest:secret-line>", "||Import certificate or pkcs12|CA Server Name|Import PEM files|Import PKCS12|terminal or a file, and the passphrase"),
	acts("crypto pki export <name:word> / {pem|pkcs12} <rest:secret-line>", "||Export certificate or PKCS12 file|CA Server Name|Export PEM files|Export PKCS12|terminal or a file, and the passphrase"),
	acts("crypto pki crl request <rest:text>", "||Actions on certificate revocation lists|Request CRL|CA Server Name"),
}

// acts is a row of such a command.
func acts(command, help string) editor.Row[iosconfig.Config] {
	do := func(_ *global, a syntax.Args) error { return editor.ErrDo{Line: a.String()} }
	return editor.Row[iosconfig.Config]{Syntax: command, Help: help, NoEffect: true, Set: do}
}
