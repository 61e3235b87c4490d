package iosconfig

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
}

// kinds are the argument types without parameters.
var kinds = []kind{
	{"word", "WORD", rankWord, func(string) bool { return true }},
	{"line", "LINE", rankLine, func(string) bool { return true }},
	{"ip", "A.B.C.D", rankNarrow, isIPv4},
	{"mask", "A.B.C.D", rankNarrow, isIPv4},
	{"hex", "Hex-data", rankNarrow, isHex},
	{"interface", "interface", rankNarrow, func(s string) bool { return InterfaceName(s) != "" }},
	{"ethernet", "<0-255>/<0-255>", rankNarrow, isSlotPort},
	{"logical", "<0-2147483647>", rankNarrow, isLogicalNumber},
}

// kindOf returns the type a <name:type> names; a number range is LO-HI.
func kindOf(name string) (kind, error) {
	for _, k := range kinds {
		if k.name == name {
			return k, nil
		}
	}
	lo, hi, ok := strings.Cut(name, "-")
	from, err1 := strconv.ParseInt(lo, 10, 64)
	to, err2 := strconv.ParseInt(hi, 10, 64)
	if !ok || err1 != nil || err2 != nil || from > to {
		return kind{}, fmt.Errorf("iosconfig: no argument type %q", name)
	}
	return kind{name: name, show: "<" + name + ">", rank: rankNarrow, check: func(s string) bool {
		n, err := strconv.ParseUint(s, 10, 63)
		return err == nil && isDigits(s) && int64(n) >= from && int64(n) <= to
	}}, nil
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func isIPv4(s string) bool {
	_, ok := parseIPv4(s)
	return ok
}

// parseIPv4 reads dotted decimals; unlike netip it allows leading zeros, as
// IOS does, and always reads them as decimal.
func parseIPv4(s string) (netip.Addr, bool) {
	parts := strings.Split(s, ".")
	if len(parts) != 4 {
		return netip.Addr{}, false
	}
	var b [4]byte
	for i, p := range parts {
		n, err := strconv.ParseUint(p, 10, 8)
		if err != nil || !isDigits(p) || len(p) > 3 {
			return netip.Addr{}, false
		}
		b[i] = byte(n)
	}
	return netip.AddrFrom4(b), true
}

func isHex(s string) bool {
	return s != "" && strings.Trim(s, "0123456789abcdefABCDEF") == ""
}

// interfaceTypes are the types in the order in which running-config prints
// them, with the help of `interface ?`.
var interfaceTypes = []struct {
	name    InterfaceType
	help    string
	logical bool // created by configuration, numbered without a slot
}{
	{Loopback, "Loopback interface", true},
	{Tunnel, "Tunnel interface", true},
	{Ethernet, "IEEE 802.3", false},
	{FastEthernet, "FastEthernet IEEE 802.3", false},
	{GigabitEthernet, "GigabitEthernet IEEE 802.3z", false},
}

// Logical says whether interfaces of the type are made by configuration, as
// opposed to the device's own.
func (t InterfaceType) Logical() bool {
	for _, k := range interfaceTypes {
		if k.name == t {
			return k.logical
		}
	}
	return false
}

// maxLogical is the highest number of a Loopback or Tunnel.
const maxLogical = 1<<31 - 1

func isLogicalNumber(s string) bool {
	n, err := strconv.ParseUint(s, 10, 32)
	return err == nil && isDigits(s) && n <= maxLogical
}

// isSlotPort accepts 0/0 and, as on modular routers, 0/0/0.
func isSlotPort(s string) bool {
	parts := strings.Split(s, "/")
	if len(parts) < 2 || len(parts) > 3 {
		return false
	}
	for _, p := range parts {
		if n, err := strconv.ParseUint(p, 10, 8); err != nil || !isDigits(p) || n > 255 {
			return false
		}
	}
	return true
}

// InterfaceName returns the full name for an abbreviated one ("e0/0", "lo0"),
// or "" when text is no interface name.
func InterfaceName(text string) string {
	t, number := splitInterface(text)
	if t == "" {
		return ""
	}
	return string(t) + number
}

// splitInterface returns the type and the number of an interface name, which
// may be abbreviated; type "" when it is none.
func splitInterface(text string) (InterfaceType, string) {
	digit := strings.IndexAny(text, "0123456789")
	if digit <= 0 {
		return "", ""
	}
	word, number := text[:digit], text[digit:]
	for _, t := range interfaceTypes {
		if !hasPrefixFold(string(t.name), word) {
			continue
		}
		if t.logical && isLogicalNumber(number) || !t.logical && isSlotPort(number) {
			return t.name, normalNumber(number)
		}
	}
	return "", ""
}

// normalNumber drops leading zeros: 00/01 is 0/1.
func normalNumber(number string) string {
	parts := strings.Split(number, "/")
	for i, p := range parts {
		parts[i] = strings.TrimLeft(p, "0")
		if parts[i] == "" {
			parts[i] = "0"
		}
	}
	return strings.Join(parts, "/")
}

func hasPrefixFold(s, prefix string) bool {
	return len(prefix) <= len(s) && strings.EqualFold(s[:len(prefix)], prefix)
}
