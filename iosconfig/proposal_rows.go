package iosconfig

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"ikelab/iosconfig/syntax"
)

// defaultName is the name of the smart defaults.
const defaultName = "default"

// DefaultProposal returns the smart default proposal of IOS 15.1.
func DefaultProposal() *Proposal {
	return &Proposal{
		Name:       defaultName,
		Encryption: []string{"aes-cbc-256", "aes-cbc-192", "aes-cbc-128"},
		Integrity:  []string{"sha512", "sha384", "sha256", "sha1", "md5"},
		Group:      []int{5, 2},
	}
}

func (p *Proposal) name() string { return p.Name }

// Proposal returns the proposal with the name, the smart default one too
// unless it was taken away; nil when there is none.
func (k *IKEv2) Proposal(name string) *Proposal {
	p := find(k.Proposals, name, (*Proposal).name)
	if p == nil && name == defaultName && !k.NoDefaults.Proposal {
		p = DefaultProposal()
	}
	return p
}

// combined says whether the encryption authenticates too (AES-GCM).
func (p *Proposal) combined() bool {
	return len(p.Encryption) > 0 && strings.HasPrefix(p.Encryption[0], "aes-gcm")
}

var proposalReminder = []string{
	"IKEv2 proposal MUST either have a set of an encryption algorithm other than aes-gcm, an integrity algorithm and a DH group configured or ",
	" encryption algorithm aes-gcm, a prf algorithm and a DH group configured",
}

var proposalSectionRow = syntax.Command[edit]{
	Syntax: "crypto ikev2 proposal <name:word>",
	Help:   "Encryption module|Configure IKEv2 Options|Define IKEV2 proposals|Name of IKEv2 proposal",
	Set: func(e *edit, a syntax.Args) error {
		name := a.Word("name")
		e.changed = find(e.IKEv2.Proposals, name, (*Proposal).name) == nil
		if name == defaultName {
			e.changed = e.IKEv2.NoDefaults.Proposal
			e.IKEv2.NoDefaults.Proposal = false
		}
		p := e.IKEv2.Proposal(name)
		if p == nil {
			p = &Proposal{Name: name}
			e.IKEv2.Proposals = append(e.IKEv2.Proposals, p)
		}
		if !p.Complete() {
			e.say(proposalReminder...)
		}
		e.enter(proposalMode, target{proposal: p})
		return nil
	},
	Clear: func(e *edit, a syntax.Args) error {
		e.IKEv2.Proposals = remove(e.IKEv2.Proposals, a.Word("name"), (*Proposal).name)
		e.IKEv2.NoDefaults.Proposal = e.IKEv2.NoDefaults.Proposal || a.Word("name") == defaultName
		return nil
	},
	Default: func(e *edit, a syntax.Args) error {
		e.IKEv2.Proposals = remove(e.IKEv2.Proposals, a.Word("name"), (*Proposal).name)
		e.IKEv2.NoDefaults.Proposal = e.IKEv2.NoDefaults.Proposal && a.Word("name") != defaultName
		return nil
	},
	Show: func(e *edit) []string {
		lines := when(e.IKEv2.NoDefaults.Proposal, "no crypto ikev2 proposal default")
		for _, p := range e.IKEv2.Proposals {
			lines = append(lines, e.sectionLines("crypto ikev2 proposal "+p.Name, proposalMode, target{proposal: p})...)
			lines = append(lines, "!")
		}
		return lines
	},
}

// settle keeps an object named default in its list only while it differs from
// the smart default: entering its mode changes nothing.
func settle[T any](list []*T, x, smart *T, nameOf func(*T) string) []*T {
	if nameOf(x) != defaultName {
		return list
	}
	rest := slices.DeleteFunc(slices.Clone(list), func(y *T) bool { return nameOf(y) == defaultName })
	if !reflect.DeepEqual(x, smart) {
		rest = append(rest, x)
	}
	return nilIfEmpty(rest)
}

var proposalMode = newMode("config-ikev2-proposal", "IKEv2 Proposal commands:", []syntax.Command[edit]{
	{
		Syntax: "encryption / {algorithm={3des|aes-cbc-128|aes-cbc-192|aes-cbc-256|des}...|algorithm={aes-gcm-128|aes-gcm-256}...}",
		Help: "Set encryption algorithm(s) for proposal|3DES|AES-CBC-128|AES-CBC-192|AES-CBC-256|DES" +
			"|Combined-mode,128 bit key,16 byte ICV(Authentication Tag)|Combined-mode,256 bit key,16 byte ICV(Authentication Tag)",
		Set: func(e *edit, a syntax.Args) error {
			e.proposal.Encryption = a.List("algorithm")
			if e.proposal.combined() {
				e.proposal.Integrity = nil // RFC 5282 section 8: none is negotiated
			}
			return nil
		},
		Clear: clearAlgorithms(func(p *Proposal) *[]string { return &p.Encryption }),
		Show:  func(e *edit) []string { return e.proposal.list("encryption", e.proposal.Encryption) },
	},
	{
		Syntax: "integrity / algorithm={md5|sha1|sha256|sha384|sha512}...",
		Help:   "Set integrity hash algorithm(s) for proposal" + hashHelp,
		Set: func(e *edit, a syntax.Args) error {
			if e.proposal.combined() {
				return syntax.Refuse("%% Integrity algorithm is not allowed with aes-gcm encryption")
			}
			e.proposal.Integrity = a.List("algorithm")
			return nil
		},
		Clear: clearAlgorithms(func(p *Proposal) *[]string { return &p.Integrity }),
		Show:  func(e *edit) []string { return e.proposal.list("integrity", e.proposal.Integrity) },
	},
	{
		Syntax: "prf / algorithm={md5|sha1|sha256|sha384|sha512}...",
		Help:   "Set prf algorithm(s) for proposal" + hashHelp,
		Set:    func(e *edit, a syntax.Args) error { e.proposal.PRF = a.List("algorithm"); return nil },
		Clear:  clearAlgorithms(func(p *Proposal) *[]string { return &p.PRF }),
		Show:   func(e *edit) []string { return word("prf", strings.Join(e.proposal.PRF, " ")) },
	},
	{
		Syntax: "group / group={1|14|15|16|19|2|20|21|24|5}...",
		Help: "Set the Diffie-Hellman group(s)|DH 768 MODP|DH 2048 MODP|DH 3072 MODP|DH 4096 MODP|DH 256 ECP|DH 1024 MODP" +
			"|DH 384 ECP|DH 521 ECP|DH 2048 (256 subgroup) MODP|DH 1536 MODP",
		Set: func(e *edit, a syntax.Args) error { e.proposal.Group = numbers(a.List("group")); return nil },
		Clear: func(e *edit, a syntax.Args) error {
			if !a.Given("group") {
				e.proposal.Group = nil
			}
			e.proposal.Group = without(e.proposal.Group, numbers(a.List("group")))
			return nil
		},
		Show: func(e *edit) []string {
			var words []string
			for _, g := range e.proposal.Group {
				words = append(words, strconv.Itoa(g))
			}
			return e.proposal.list("group", words)
		},
	},
})

// list is a line of running-config. Nothing is said of an empty list, but in
// the smart default, which is not empty otherwise.
func (p *Proposal) list(command string, words []string) []string {
	if len(words) == 0 {
		return when(p.Name == defaultName, "no "+command)
	}
	return []string{command + " " + strings.Join(words, " ")}
}

const hashHelp = "|Message Digest 5|Secure Hash Standard|Secure Hash Standard 2 (256 bit)|Secure Hash Standard 2 (384 bit)|Secure Hash Standard 2 (512 bit)"

// clearAlgorithms takes the named ones away, or all.
func clearAlgorithms(field func(*Proposal) *[]string) func(*edit, syntax.Args) error {
	return func(e *edit, a syntax.Args) error {
		list := field(e.proposal)
		if !a.Given("algorithm") {
			*list = nil
		}
		*list = without(*list, a.List("algorithm"))
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
