package show

import (
	"strings"
	"time"

	"ikelab/iosconfig"
)

// PKIState is what a router has of keys and certificates.
type PKIState struct {
	Trustpoints []Trustpoint      `json:"trustpoints"`
	Keys        []KeyPair         `json:"keys"`
	Lists       []CertificateList `json:"crls"`
}

// Trustpoint is an authority that the router knows, and what it has from it.
type Trustpoint struct {
	Name        string        `json:"name"`
	Enrollment  string        `json:"enrollment"`
	Own         *Certificate  `json:"certificate"` // null: none
	KeyPair     string        `json:"key_pair"`    // the label of its key; "": none has been made
	Authorities []Certificate `json:"ca_certificates"`
}

// Certificate is one on a screen. Names have a part for each line.
type Certificate struct {
	Serial    string    `json:"serial"` // in hexadecimal
	Issuer    []string  `json:"issuer"`
	Subject   []string  `json:"subject"`
	Hostname  string    `json:"hostname"`
	Address   string    `json:"address"`
	Router    string    `json:"router_serial"` // that stands in the subject
	From      time.Time `json:"from"`
	To        time.Time `json:"to"`
	Signature string    `json:"signature_algorithm"`
	Key       string    `json:"public_key"` // "RSA (2048 bit)"
	MD5       string    `json:"fingerprint_md5"`
	SHA1      string    `json:"fingerprint_sha1"`
	CRL       []string  `json:"crl"`
}

// KeyPair is a key of the router; only what is public of it.
type KeyPair struct {
	Name       string    `json:"name"`
	Kind       string    `json:"kind"` // "RSA", "ECDSA", "Ed25519"
	Made       time.Time `json:"made"`
	Exportable bool      `json:"exportable"`
	Public     []byte    `json:"public"` // SubjectPublicKeyInfo, DER
}

// CertificateList is a CRL that the router has.
type CertificateList struct {
	Issuer  string    `json:"issuer"`
	From    time.Time `json:"this_update"`
	To      time.Time `json:"next_update"`
	Fetched time.Time `json:"fetched"`
	At      string    `json:"at"`
	Octets  int       `json:"octets"`
	Revoked []string  `json:"revoked"` // serial numbers
}

// Certificates is `show crypto pki certificates [verbose] [NAME]`.
type Certificates struct {
	Trustpoints []Trustpoint `json:"trustpoints"`
	verbose     bool
}

// CertificatesOf is of one trustpoint, or of all.
func CertificatesOf(s PKIState, name string, verbose bool) Certificates {
	return Certificates{Trustpoints: trustpointsOf(s, name), verbose: verbose}
}

func trustpointsOf(s PKIState, name string) []Trustpoint {
	list := []Trustpoint{}
	for _, t := range s.Trustpoints {
		if name == "" || t.Name == name {
			list = append(list, t)
		}
	}
	return list
}

// Lines shows the router's certificate before those of authorities, trustpoint by trustpoint.
func (s Certificates) Lines(iosconfig.Generation) []string {
	var p page
	for _, t := range s.Trustpoints {
		if t.Own != nil {
			if t.Enrollment == iosconfig.SelfSigned {
				p.add("Router Self-Signed Certificate")
			} else {
				p.add("Certificate")
			}
			s.addCertificate(&p, t.Name, t.Own, "General Purpose")
		}
		for i := range t.Authorities {
			p.add("CA Certificate")
			s.addCertificate(&p, t.Name, &t.Authorities[i], "Signature")
		}
	}
	return p.lines
}

const certificateClock = "15:04:05 MST Jan 2 2006"

func (s Certificates) addCertificate(p *page, trustpoint string, c *Certificate, usage string) {
	p.add("  Status: Available")
	if s.verbose {
		p.add("  Version: 3")
	}
	p.linef("  Certificate Serial Number (hex): %s", c.Serial)
	p.linef("  Certificate Usage: %s", usage)
	p.add("  Issuer: ")
	addParts(p, c.Issuer)
	p.add("  Subject:")
	if c.Hostname != "" {
		p.linef("    Name: %s", c.Hostname)
	}
	if c.Address != "" {
		p.linef("    IP Address: %s", c.Address)
	}
	if c.Router != "" {
		p.linef("    Serial Number: %s", c.Router)
	}
	addParts(p, c.Subject)
	for _, url := range c.CRL {
		p.add("  CRL Distribution Points: ")
		p.linef("    %s", url)
	}
	p.add("  Validity Date: ")
	p.linef("    start date: %s", c.From.UTC().Format(certificateClock))
	p.linef("    end   date: %s", c.To.UTC().Format(certificateClock))
	if s.verbose {
		p.add("  Subject Key Info:")
		p.linef("    Public Key Algorithm: %s", c.Key)
		p.linef("  Signature Algorithm: %s", c.Signature)
		p.linef("  Fingerprint MD5: %s", c.MD5)
		p.linef("  Fingerprint SHA1: %s", c.SHA1)
	}
	p.linef("  Associated Trustpoints: %s", trustpoint)
	p.add("")
}

func addParts(p *page, parts []string) {
	for _, part := range parts {
		p.linef("    %s", part)
	}
}

// Trustpoints is `show crypto pki trustpoints [NAME]`.
type Trustpoints struct {
	Trustpoints []Trustpoint `json:"trustpoints"`
}

// TrustpointsOf is of one trustpoint, or of all.
func TrustpointsOf(s PKIState, name string) Trustpoints { return Trustpoints{trustpointsOf(s, name)} }

// Lines says of each whose it is.
func (s Trustpoints) Lines(iosconfig.Generation) []string {
	var p page
	for _, t := range s.Trustpoints {
		p.linef("Trustpoint %s:", t.Name)
		if len(t.Authorities) > 0 {
			p.add("    Subject Name: ")
			addParts(&p, t.Authorities[0].Subject)
			p.linef("          Serial Number (hex): %s", t.Authorities[0].Serial)
			p.add("    Certificate configured.")
		}
		if url, ok := strings.CutPrefix(t.Enrollment, "url "); ok {
			p.linef("    SCEP URL: %s", url)
		}
		p.add("", "")
	}
	return p.lines
}

// PublicKeys is `show crypto key mypubkey`.
type PublicKeys struct {
	Keys []KeyPair `json:"keys"`
}

// PublicKeysOf are those of a kind: "rsa", "ec", "all".
func PublicKeysOf(s PKIState, kind string) PublicKeys {
	out := PublicKeys{Keys: []KeyPair{}}
	for _, k := range s.Keys {
		if kind == "all" || (k.Kind == "RSA") == (kind == "rsa") {
			out.Keys = append(out.Keys, k)
		}
	}
	return out
}

var keyTypes = map[string]string{"RSA": "RSA KEYS", "ECDSA": "EC KEYS", "Ed25519": "ED25519 KEYS"}

// Lines shows each key's octets, four groups of eight digits to a word.
func (s PublicKeys) Lines(iosconfig.Generation) []string {
	var p page
	for _, k := range s.Keys {
		p.linef("%% Key pair was generated at: %s", k.Made.UTC().Format(certificateClock))
		p.linef("Key name: %s", k.Name)
		p.linef("Key type: %s", keyTypes[k.Kind])
		p.add(" Storage Device: not specified", " Usage: General Purpose Key")
		if k.Exportable {
			p.add(" Key is exportable.")
		} else {
			p.add(" Key is not exportable.")
		}
		p.add(" Key Data:")
		p.add(iosconfig.HexLines(k.Public)...)
	}
	return p.lines
}

// CertificateLists is `show crypto pki crls`.
type CertificateLists struct {
	Lists []CertificateList `json:"crls"`
}

// Lines shows list by list.
func (s CertificateLists) Lines(iosconfig.Generation) []string {
	var p page
	octets := 0
	for _, l := range s.Lists {
		p.add("CRL Issuer Name: ")
		p.linef("    %s", l.Issuer)
		p.linef("    LastUpdate: %s", l.From.UTC().Format(certificateClock))
		p.linef("    NextUpdate: %s", l.To.UTC().Format(certificateClock))
		p.add("")
		p.linef("    CRL downloaded at: %s", l.Fetched.UTC().Format(certificateClock))
		p.add("", "    Retrieved from CRL Distribution Point:")
		p.linef("      %s", l.At)
		p.add("")
		p.linef(" CRL DER is %d bytes", l.Octets)
		p.add(" CRL is stored in parsed CRL cache", "")
		octets += l.Octets
	}
	if len(s.Lists) > 0 {
		p.linef("Parsed CRL cache current size is %d bytes", octets)
	}
	return p.lines
}
