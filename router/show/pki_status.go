package show

import (
	"strings"

	"ikelab/iosconfig"
)

// TrustpointStatus is `show crypto pki trustpoints [NAME] status`: how far the enrolment of each
// has come.
type TrustpointStatus struct {
	Trustpoints []Trustpoint `json:"trustpoints"`
}

// TrustpointStatusOf is of one trustpoint, or of all.
func TrustpointStatusOf(s PKIState, name string) TrustpointStatus {
	return TrustpointStatus{trustpointsOf(s, name)}
}

// Lines says what each has, and what it lacks.
func (s TrustpointStatus) Lines(iosconfig.Generation) []string {
	var p page
	for _, t := range s.Trustpoints {
		generated, authenticated, requests := "No", "No", "None"
		if t.KeyPair != "" {
			generated = "Yes (General Purpose)"
		}
		p.linef("Trustpoint %s:", t.Name)
		if len(t.Authorities) > 0 {
			authenticated = "Yes"
			p.add("  Issuing CA certificate configured:")
			addFingerprints(&p, &t.Authorities[0])
		} else {
			p.add("  Issuing CA certificate not configured.")
		}
		if t.Own != nil {
			p.add("  Router General Purpose certificate configured:")
			addFingerprints(&p, t.Own)
			p.add("  Last enrollment status: Granted")
			requests = "Yes"
		}
		p.add("  State:")
		p.linef("    Keys generated ............. %s", generated)
		p.linef("    Issuing CA authenticated ....... %s", authenticated)
		p.linef("    Certificate request(s) ..... %s", requests)
		p.add("")
	}
	return p.lines
}

// addFingerprints says whose a certificate is, and which.
func addFingerprints(p *page, c *Certificate) {
	p.add("    Subject Name:")
	p.linef("     %s", strings.Join(c.Subject, ","))
	p.linef("    Fingerprint MD5: %s", c.MD5)
	p.linef("    Fingerprint SHA1: %s", c.SHA1)
}
