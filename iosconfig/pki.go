package iosconfig

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"
)

// PKI is everything under `crypto pki`, but for the certificates themselves, which are texts.
type PKI struct {
	Trustpoints List[Trustpoint]
	Maps        List[CertificateMap] // by label and sequence number
}

// Trustpoint is `crypto pki trustpoint`: an authority, and how this router asks it for a
// certificate.
type Trustpoint struct {
	Name       string
	Enrollment string // "terminal", "terminal pem", "selfsigned", "pkcs12", "url URL"; "": none
	Subject    string // subject-name
	FQDN       string // "none", or the name in the certificate; "": hostname and domain
	Address    string // "none", an address or an interface; "": asked for
	Serial     string // "none": not in the certificate; "": asked for
	AltName    string // subject-alt-name
	RSAKey     string // rsakeypair LABEL [BITS]
	ECKey      string // eckeypair LABEL [SIZE]
	Revocation []string
	AutoEnroll string   // what follows auto-enroll; "-": nothing does; "": off
	Kept       []string // accepted without effect
}

// URL is whom the trustpoint asks; "": nobody by a protocol.
func (t *Trustpoint) URL() string {
	url, asks := strings.CutPrefix(t.Enrollment, "url ")
	if words := strings.Fields(url); asks && len(words) > 0 {
		return words[0]
	}
	return ""
}

// SelfSigned is the enrollment of a trustpoint whose certificate its own key signs.
const SelfSigned = "selfsigned"

// Terminal says whether certificates are pasted.
func (t *Trustpoint) Terminal() bool { return strings.HasPrefix(t.Enrollment, "terminal") }

// KeyPair is the name of the key pair; "": the router's own. Where there is none it is to be of a
// kind, "rsa", "ec" or "ed25519", and of so many bits.
func (t *Trustpoint) KeyPair() (label, kind string, bits int) {
	if label, size, _ := strings.Cut(t.ECKey, " "); label != "" {
		if size == "ed25519" {
			return label, size, 0
		}
		if bits, _ = strconv.Atoi(size); bits == 0 {
			bits = 256
		}
		return label, "ec", bits
	}
	label, rest, _ := strings.Cut(t.RSAKey, " ")
	if bits, _ = strconv.Atoi(strings.Fields(rest + " 0")[0]); bits == 0 {
		bits = DefaultModulus
	}
	return label, "rsa", bits
}

// DefaultModulus is the size of an RSA key where nobody says another, in bits. IOS asks, and
// suggests 512 or 1024.
const DefaultModulus = 2048

// The words of families that PKI reads.
const CertificateChains = "crypto pki certificate chain"

// ChainEntry is a certificate in `crypto pki certificate chain NAME`: the line that names it, and
// its octets.
type ChainEntry struct {
	Line string
	DER  []byte
}

// Chain is the certificates of a trustpoint. What is no hexadecimal text is left out.
func (t *Texts) Chain(trustpoint string) (list []ChainEntry) {
	chain := t.TextAt([]string{CertificateChains, CertificateChains + " " + trustpoint})
	if chain == nil {
		return nil
	}
	for t := range chain.Below.All() {
		line, body, _ := strings.Cut(t.Line, "\n")
		digits := body
		for below := range t.Below.All() {
			digits += "\n" + below.Line
		}
		der, err := hex.DecodeString(strings.ToLower(strings.Join(strings.Fields(strings.TrimSuffix(strings.TrimSpace(digits), "quit")), "")))
		if err == nil && len(der) > 0 && len(strings.Fields(line)) > 1 {
			list = append(list, ChainEntry{line, der})
		}
	}
	return list
}

// OfAuthority says whether it is an authority's.
func (e *ChainEntry) OfAuthority() bool { return strings.Fields(e.Line)[1] == "ca" }

// own says whether it is the router's own.
func (e *ChainEntry) own() bool { return !e.OfAuthority() && strings.Fields(e.Line)[1] != "rollover" }

// Certificates are those of authorities in `crypto pki certificate chain NAME`, and the router's
// own, DER; nil: it has none.
func (t *Texts) Certificates(trustpoint string) (authorities [][]byte, own []byte) {
	for _, e := range t.Chain(trustpoint) {
		switch {
		case e.OfAuthority():
			authorities = append(authorities, e.DER)
		case own == nil && e.own():
			own = e.DER
		}
	}
	return authorities, own
}

// CertificateText is a certificate as `crypto pki certificate chain` has it: the line that names
// it, digits in groups of eight, and quit.
func CertificateText(head string, der []byte) []string {
	return append(append([]string{" certificate " + head}, HexLines(der)...), "  quit")
}

// HexLines are octets as IOS prints them: 32 to a line, in groups of four.
func HexLines(octets []byte) (lines []string) {
	for line := range slices.Chunk(octets, 32) {
		text := " "
		for group := range slices.Chunk(line, 4) {
			text += " " + strings.ToUpper(hex.EncodeToString(group))
		}
		lines = append(lines, text+" ")
	}
	return lines
}

// CertificateMap is one sequence of `crypto pki certificate map LABEL SEQ`.
type CertificateMap struct {
	Label    string
	Sequence int
	Rules    []string // as typed: "subject-name co cn=r1"
}

// Key is what the sequence is found by.
func (m *CertificateMap) Key() string { return m.Label + " " + strconv.Itoa(m.Sequence) }

// Map is the sequences of a map, in order.
func (p *PKI) Map(label string) (list []*CertificateMap) {
	for m := range p.Maps.All() {
		if m.Label == label {
			list = append(list, m)
		}
	}
	slices.SortFunc(list, func(a, b *CertificateMap) int { return a.Sequence - b.Sequence })
	return list
}

// Instant reads the instant of a rule of expires-on or valid-start: `Jan 2 2006 15:04:05`, UTC,
// or with the day first, or without the time of day.
func Instant(text string) (time.Time, bool) {
	for _, layout := range []string{"Jan 2 2006 15:04:05", "2 Jan 2006 15:04:05", "Jan 2 2006", "2 Jan 2006", "15:04:05 UTC Jan 2 2006"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// ProfileCertificates is what a profile says of certificates.
type ProfileCertificates struct {
	MatchCertificate []string // maps
	Trustpoints      []ProfileTrustpoint
	PSS              bool // authentication local rsa-sig pss
}

// ProfileTrustpoint is `pki trustpoint NAME [sign|verify]`.
type ProfileTrustpoint struct{ Name, Use string }
