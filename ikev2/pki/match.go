package pki

import (
	"crypto/x509"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"
)

// Map is one sequence of `crypto pki certificate map`: all rules have to fit.
type Map struct {
	Name  string
	Rules []Rule
}

// Rule is a line of a certificate map.
type Rule struct {
	Field string // as the line begins: "subject-name"
	Op    string // "co", "nc", "eq", "ne"; of instants "lt", "ge", "eq", "ne"
	Value string
	At    time.Time // that the value is, of expires-on and valid-start
}

// Matches says whether the peer's certificate is as the map has it.
func (m *Map) Matches(c *x509.Certificate) bool {
	return !slices.ContainsFunc(m.Rules, func(r Rule) bool { return !r.matches(c) })
}

func (r *Rule) matches(c *x509.Certificate) bool {
	switch r.Field {
	case "expires-on":
		return r.compares(c.NotAfter)
	case "valid-start":
		return r.compares(c.NotBefore)
	}
	values, want := r.values(c), Fold(r.Value)
	held := slices.ContainsFunc(values, func(v string) bool {
		if r.Op == "co" || r.Op == "nc" {
			return strings.Contains(Fold(v), want)
		}
		return Fold(v) == want
	})
	return held == (r.Op == "co" || r.Op == "eq")
}

// Fold is a text as certificate maps compare it: in small letters and without blanks beside "=" and ",", as
// IOS shows "ou = lab" of what was typed as "ou=LAB".
func Fold(text string) string {
	text = strings.ToLower(text)
	for _, sign := range []string{"=", ","} {
		parts := strings.Split(text, sign)
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		text = strings.Join(parts, sign)
	}
	return text
}

// values are the texts of a field.
func (r *Rule) values(c *x509.Certificate) []string {
	switch r.Field {
	case "subject-name":
		return []string{Name(c.RawSubject, ",")}
	case "issuer-name":
		return []string{Name(c.RawIssuer, ",")}
	case "alt-subject-name":
		return alternatives(c)
	case "unstructured-subject-name":
		return attributes(c, oidHostname)
	case "name":
		return append(alternatives(c), Name(c.RawSubject, ","))
	case "serial-number":
		return []string{SerialText(c)}
	}
	return nil
}

// alternatives are the names and addresses that a certificate is for.
func alternatives(c *x509.Certificate) []string {
	list := append(Hostnames(c), c.EmailAddresses...)
	for _, a := range Addresses(c) {
		list = append(list, a.String())
	}
	return list
}

func (r *Rule) compares(at time.Time) bool {
	switch r.Op {
	case "lt":
		return at.Before(r.At)
	case "ge":
		return !at.Before(r.At)
	case "eq":
		return at.Equal(r.At)
	}
	return !at.Equal(r.At)
}

// SerialText is the serial number of a certificate in hexadecimal, whole octets.
func SerialText(c *x509.Certificate) string { return NumberText(c.SerialNumber) }

// NumberText is a serial number so.
func NumberText(n *big.Int) string {
	text := fmt.Sprintf("%X", n)
	if len(text)%2 != 0 {
		text = "0" + text
	}
	return text
}
