package iosconfig

import (
	"net/netip"
	"slices"
	"strings"

	"ikelab/iosconfig/syntax"
)

// String is the identity as in running-config, behind `identity local`.
func (i Identity) String() string {
	words := []string{i.Kind}
	if i.Domain {
		words = append(words, "domain")
	}
	switch {
	case i.Value == "":
	case i.Kind != "address":
		words = append(words, i.Value)
	case i.Mask.IsValid() && i.Mask.Addr().Is6():
		words = append(words, Upper(i.Mask))
	default:
		words = append(words, strings.ToUpper(i.Value))
	}
	if i.Mask.IsValid() && i.Mask.Addr().Is4() {
		words = append(words, MaskOf(i.Mask))
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
	if !ok {
		a, _ = netip.ParseAddr(i.Value)
	}
	switch {
	case !a.IsValid():
		return netip.Prefix{}
	case a.IsUnspecified():
		return netip.PrefixFrom(a, 0)
	}
	return netip.PrefixFrom(a, a.BitLen())
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

// Unread says whether a key is encrypted, so that nobody here can read it.
func (s *Secret) Unread() bool { return s != nil && s.Type == "6" }
