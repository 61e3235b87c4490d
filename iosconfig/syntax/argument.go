package syntax

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// rank orders what may take a word: of two that fit, the higher one does.
type rank uint8

const (
	rankLine rank = iota
	rankWord
	rankNarrow
	rankPrefix // an abbreviated keyword
	rankExact
)

// kind is the type of an argument.
type kind struct {
	name  string
	show  string // placeholder in `?`
	rank  rank
	check func(text string) bool
	// secret: what is typed here is shown to nobody but who typed it
	secret bool
	// part: what follows a word like "key" is a secret
	part bool
}

// noKind is that of a keyword.
var noKind kind

// kinds are the argument types without parameters.
var kinds = []kind{
	{name: "word", show: "WORD", rank: rankWord, check: anything},
	{name: "line", show: "LINE", rank: rankLine, check: anything},
	{name: "text", show: "LINE", rank: rankLine, check: anything, part: true},
	{name: "secret", show: "WORD", rank: rankWord, check: anything, secret: true},
	{name: "secret-line", show: "LINE", rank: rankLine, check: anything, secret: true},
	{name: "secret-hex", show: "Hex-data", rank: rankNarrow, check: isHex, secret: true},
	{name: "ip", show: "A.B.C.D", rank: rankNarrow, check: isIPv4},
	{name: "ip6", show: "X:X:X:X::X", rank: rankNarrow, check: isIPv6},
	{name: "prefix6", show: "X:X:X:X::X/<0-128>", rank: rankNarrow, check: isPrefix6},
	{name: "mask", show: "A.B.C.D", rank: rankNarrow, check: isIPv4},
	{name: "interface", show: "interface", rank: rankNarrow, check: func(s string) bool { return InterfaceName(s) != "" }},
	{name: "port", show: "<0-255>[/<0-255>]", rank: rankNarrow, check: isPort},
	{name: "serial", show: "<0-255>[/<0-255>][:<0-255>]", rank: rankNarrow, check: isSerial},
	{name: "logical", show: "<0-2147483647>", rank: rankNarrow, check: isLogicalNumber},
	{name: "channel", show: "<1-4096>", rank: rankNarrow, check: isChannel},
}

// kindOf returns the type a <name:type> names; a number range is LO-HI.
func kindOf(name string) (*kind, error) {
	for i := range kinds {
		if kinds[i].name == name {
			return &kinds[i], nil
		}
	}
	lo, hi, ok := strings.Cut(name, "-")
	from, err1 := strconv.ParseInt(lo, 10, 64)
	to, err2 := strconv.ParseInt(hi, 10, 64)
	if !ok || err1 != nil || err2 != nil || from > to {
		return nil, fmt.Errorf("syntax: no argument type %q", name)
	}
	return &kind{name: name, show: "<" + name + ">", rank: rankNarrow, check: func(s string) bool {
		n, err := strconv.ParseUint(s, 10, 63)
		return err == nil && isDigits(s) && int64(n) >= from && int64(n) <= to
	}}, nil
}

func anything(string) bool { return true }

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func isIPv4(s string) bool {
	_, ok := Address(s)
	return ok
}

func isIPv6(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && a.Is6() && !a.Is4In6() && a.Zone() == ""
}

func isPrefix6(s string) bool {
	p, err := netip.ParsePrefix(s)
	return err == nil && p.Addr().Is6() && !p.Addr().Is4In6()
}

// Address reads dotted decimals; unlike netip it allows leading zeros, as
// IOS does, and always reads them as decimal.
func Address(s string) (netip.Addr, bool) {
	var b [4]byte
	for i := range b {
		p, rest, dot := strings.Cut(s, ".")
		if dot != (i < 3) || len(p) > 3 || !isDigits(p) {
			return netip.Addr{}, false
		}
		n, err := strconv.ParseUint(p, 10, 8)
		if err != nil {
			return netip.Addr{}, false
		}
		b[i], s = byte(n), rest
	}
	return netip.AddrFrom4(b), true
}

func isHex(s string) bool {
	return s != "" && strings.Trim(s, "0123456789abcdefABCDEF") == ""
}

func hasPrefixFold(s, prefix string) bool {
	return len(prefix) <= len(s) && strings.EqualFold(s[:len(prefix)], prefix)
}
