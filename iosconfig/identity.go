package iosconfig

import (
	"net/netip"
	"slices"
	"strings"

	"ikelab/iosconfig/syntax"
)

// The help of what identityArg and secretArg read.
const (
	identityHelp = "|address|IPv4 address|Fully qualified email string|Fully qualified domain name string|Domain part of the identity|Identity" +
		"|key-id opaque string - proprietary types of identification|Key-id"
	secretHelp = "|Specifies an UNENCRYPTED password will follow|The UNENCRYPTED (cleartext) key" +
		"|Specifies an ENCRYPTED password will follow|The ENCRYPTED key|Key entered in hex string|Hex string|The UNENCRYPTED (cleartext) key"
)

// identityArg reads the identity forms: kind, [domain], value and [mask],
// which the caller has checked.
func identityArg(a syntax.Args) Identity {
	i := Identity{Kind: a.Word("kind"), Value: a.Word("value"), Domain: a.Has("domain")}
	if i.Kind == "address" {
		i.Value = a.Addr("value").String()
	}
	if a.Given("mask") {
		i.Mask, _ = parseNet(a.Addr("value"), a.Addr("mask"))
	}
	return i
}

// String is the identity as in running-config, behind `identity local`.
func (i Identity) String() string {
	words := []string{i.Kind}
	if i.Domain {
		words = append(words, "domain")
	}
	if i.Value != "" {
		words = append(words, i.Value)
	}
	if i.Mask.IsValid() {
		words = append(words, maskOf(i.Mask))
	}
	return strings.Join(words, " ")
}

// Prefix is what an identity of the kind address matches. IOS takes 0.0.0.0
// without a mask for any address.
func (i Identity) Prefix() netip.Prefix {
	if i.Mask.IsValid() {
		return i.Mask
	}
	a, ok := syntax.Address(i.Value)
	switch {
	case !ok:
		return netip.Prefix{}
	case a.IsUnspecified():
		return netip.PrefixFrom(a, 0)
	}
	return netip.PrefixFrom(a, 32)
}

// secretArg reads {0 <key:line>|6 <key:line>|hex <hex:hex>|<key:line>}. Type
// 0 says nothing that its absence does not, so it is not kept.
func secretArg(a syntax.Args) *Secret {
	switch {
	case a.Given("hex"):
		return &Secret{Text: a.Word("hex"), Hex: true}
	case a.Has("6"):
		return &Secret{Text: a.Word("key"), Type: "6"}
	}
	return &Secret{Text: a.Word("key")}
}

// secretWords are the keywords that may stand where a key does.
var secretWords = []string{"0", "6", "hex", "local", "remote"}

// String is the key as in running-config. A key that would read as one of the
// keywords is printed behind its type.
func (s *Secret) String() string {
	first, _, _ := strings.Cut(strings.ReplaceAll(s.Text, "\t", " "), " ")
	reads := func(keyword string) bool {
		return len(first) <= len(keyword) && strings.EqualFold(keyword[:len(first)], first)
	}
	switch {
	case s.Hex:
		return "hex " + s.Text
	case s.Type != "":
		return s.Type + " " + s.Text
	case slices.ContainsFunc(secretWords, reads):
		return "0 " + s.Text
	}
	return s.Text
}
