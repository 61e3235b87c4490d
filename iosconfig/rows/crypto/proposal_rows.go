package crypto

import (
	"strconv"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/syntax"
)

var proposalReminder = []string{
	"IKEv2 proposal MUST either have a set of an encryption algorithm other than aes-gcm, an integrity algorithm and a DH group configured or ",
	" encryption algorithm aes-gcm, a prf algorithm and a DH group configured",
}

var proposalSection = editor.Section[iosconfig.Config, iosconfig.Proposal]{
	Syntax: "crypto ikev2 proposal <name:word>",
	Help:   "Encryption module|Configure IKEv2 Options|Define IKEV2 proposals|Name of IKEv2 proposal",
	Mode:   proposalMode,
	In:     func(c *iosconfig.Config) editor.Table[iosconfig.Proposal] { return &c.IKEv2.Proposals },
	NameOf: func(p *iosconfig.Proposal) string { return p.Name },
	Head:   func(p *iosconfig.Proposal) string { return "crypto ikev2 proposal " + p.Name },
	Smart:  iosconfig.Generation.DefaultProposal,
	Off:    func(c *iosconfig.Config) *bool { return &c.IKEv2.NoDefaults.Proposal },
	Keep:   keep((*iosconfig.Config).Proposal, iosconfig.KindProposal, iosconfig.KindPolicy),
	Remind: func(_ *global, p *iosconfig.Proposal) []string {
		if p.Complete() {
			return nil
		}
		return proposalReminder
	},
}

var proposalMode = editor.NewMode(editor.Mode[iosconfig.Proposal]{
	Name: "config-ikev2-proposal", Title: "IKEv2 Proposal commands:", Kind: iosconfig.KindProposal,
	New: func(_ iosconfig.Generation, name string) *iosconfig.Proposal { return &iosconfig.Proposal{Name: name} },
	Get: func(c *iosconfig.Config, path []string) *iosconfig.Proposal { return c.Proposal(path[0]) },
	Put: func(c *iosconfig.Config, path []string, p *iosconfig.Proposal) {
		if p.Name == iosconfig.DefaultName {
			c.IKEv2.NoDefaults.Proposal = false
			editor.PutSmart(&c.IKEv2.Proposals, p, c.Generation.DefaultProposal())
			return
		}
		c.IKEv2.Proposals.Put(p.Name, p)
	},
}, []editor.Row[iosconfig.Proposal]{
	{
		Syntax: "encryption / {algorithm={3des|aes-cbc-128|aes-cbc-192|aes-cbc-256|aes-ctr-128|aes-ctr-192|aes-ctr-256|des}..." +
			"|algorithm={aes-gcm-128|aes-gcm-192|aes-gcm-256|chacha20-poly1305}...}",
		Help: "Set encryption algorithm(s) for proposal|3DES|AES-CBC-128|AES-CBC-192|AES-CBC-256|AES-CTR-128|AES-CTR-192|AES-CTR-256|DES" +
			"|Combined-mode,128 bit key,16 byte ICV(Authentication Tag)|Combined-mode,192 bit key,16 byte ICV(Authentication Tag)" +
			"|Combined-mode,256 bit key,16 byte ICV(Authentication Tag)|Combined-mode,256 bit key,16 byte ICV(Authentication Tag)",
		Set: func(e *proposal, a syntax.Args) error {
			e.It.Encryption = a.List("algorithm")
			if e.It.Combined() {
				e.It.Integrity = nil // RFC 5282 section 8: none is negotiated
			}
			return nil
		},
		Clear: clearAlgorithms(func(p *iosconfig.Proposal) *[]string { return &p.Encryption }),
		Show:  func(e *proposal) []string { return list(e.It, "encryption", e.It.Encryption) },
	},
	{
		Syntax: "integrity / algorithm={md5|sha1|sha256|sha384|sha512}...",
		Help:   "Set integrity hash algorithm(s) for proposal" + hashHelp,
		Set: func(e *proposal, a syntax.Args) error {
			if e.It.Combined() {
				return syntax.Refuse("%% Integrity algorithm is not allowed with aes-gcm encryption")
			}
			e.It.Integrity = a.List("algorithm")
			return nil
		},
		Clear: clearAlgorithms(func(p *iosconfig.Proposal) *[]string { return &p.Integrity }),
		Show:  func(e *proposal) []string { return list(e.It, "integrity", e.It.Integrity) },
	},
	{
		Syntax: "prf / algorithm={md5|sha1|sha256|sha384|sha512}...",
		Help:   "Set prf algorithm(s) for proposal" + hashHelp,
		Set:    func(e *proposal, a syntax.Args) error { e.It.PRF = a.List("algorithm"); return nil },
		Clear:  clearAlgorithms(func(p *iosconfig.Proposal) *[]string { return &p.PRF }),
		Show:   func(e *proposal) []string { return editor.Word("prf", strings.Join(e.It.PRF, " ")) },
	},
	{
		Syntax: "group / group={1|14|15|16|17|18|19|2|20|21|22|23|24|31|5}...",
		Help: "Set the Diffie-Hellman group(s)|DH 768 MODP|DH 2048 MODP|DH 3072 MODP|DH 4096 MODP|DH 6144 MODP|DH 8192 MODP|DH 256 ECP|DH 1024 MODP" +
			"|DH 384 ECP|DH 521 ECP|DH 1024 (160 subgroup) MODP|DH 2048 (224 subgroup) MODP|DH 2048 (256 subgroup) MODP|DH Curve25519|DH 1536 MODP",
		Set: func(e *proposal, a syntax.Args) error { e.It.Group = numbers(a.List("group")); return nil },
		Clear: func(e *proposal, a syntax.Args) error {
			if !a.Given("group") {
				e.It.Group = nil
			}
			e.It.Group = editor.Without(e.It.Group, numbers(a.List("group")))
			return nil
		},
		Show: func(e *proposal) []string {
			var words []string
			for _, g := range e.It.Group {
				words = append(words, strconv.Itoa(g))
			}
			return list(e.It, "group", words)
		},
	},
	{
		Syntax: "pqc / " + pqcMethods + " [optional]",
		Help:   "Set the post-quantum key exchange method(s)" + pqcHelp + "|A peer without will do",
		Set: func(e *proposal, a syntax.Args) error {
			e.It.PQC, e.It.Classical = a.List("method"), a.Has("optional")
			return nil
		},
		Clear: func(e *proposal, _ syntax.Args) error { e.It.PQC, e.It.Classical = nil, false; return nil },
		Show: func(e *proposal) []string {
			line := editor.Word("pqc", strings.Join(e.It.PQC, " "))
			if e.It.Classical {
				line[0] += " optional"
			}
			return line
		},
	},
})

// Additional key exchanges (RFC 9370) as IOS XE 26.1 and later configures them.
const (
	pqcMethods = "method={mlkem1024|mlkem512|mlkem768}..."
	pqcHelp    = "|ML-KEM-1024|ML-KEM-512|ML-KEM-768"
)

// list is a line of running-config. Nothing is said of an empty list, but in
// the smart default, which is not empty otherwise.
func list(p *iosconfig.Proposal, command string, words []string) []string {
	if len(words) == 0 {
		return editor.When(p.Name == iosconfig.DefaultName, "no "+command)
	}
	return []string{command + " " + strings.Join(words, " ")}
}

const hashHelp = "|Message Digest 5|Secure Hash Standard|Secure Hash Standard 2 (256 bit)|Secure Hash Standard 2 (384 bit)|Secure Hash Standard 2 (512 bit)"

// clearAlgorithms takes the named ones away, or all.
func clearAlgorithms(field func(*iosconfig.Proposal) *[]string) func(*proposal, syntax.Args) error {
	return func(e *proposal, a syntax.Args) error {
		list := field(e.It)
		if !a.Given("algorithm") {
			*list = nil
		}
		*list = editor.Without(*list, a.List("algorithm"))
		return nil
	}
}

func numbers(words []string) []int {
	list := make([]int, len(words))
	for i, w := range words {
		list[i], _ = strconv.Atoi(w) // keywords of the syntax
	}
	return list
}
