package why

import (
	"cmp"
	"encoding/json"
	"net/netip"
	"slices"
	"strings"
	"time"

	"ikelab/ikev2"
	"ikelab/ikev2/pki"
	"ikelab/iosconfig"
	"ikelab/topologies/phrase"
)

// Certificates (RFC 5280, RFC 4945).

// problemKeys are the sentences of what is wrong with a certificate; problemRFCs are the sections
// that say so.
var problemKeys = map[pki.Problem]string{
	pki.Malformed: "why.certificate.malformed", pki.Untrusted: "why.certificate.untrusted", pki.Broken: "why.certificate.broken", pki.NotYetValid: "why.certificate.early", pki.Expired: "why.certificate.expired", pki.WrongUsage: "why.certificate.usage",
	pki.WrongKey: "why.certificate.key", pki.Revoked: "why.certificate.revoked", pki.NoRevocation: "why.certificate.no-revocation", pki.WrongName: "why.certificate.name",
}

var problemRFCs = map[pki.Problem]string{
	pki.NotYetValid: "RFC 5280 section 4.1.2.5", pki.Expired: "RFC 5280 section 4.1.2.5", pki.WrongUsage: "RFC 4945 section 5.1.3", pki.Revoked: "RFC 5280 section 6.3",
	pki.NoRevocation: "RFC 5280 section 6.3", pki.WrongName: "RFC 4945 section 3.1",
}

// certificate: the peer's certificate is refused, or there is none to use.
func certificate(e *end, c *Claim, f ikev2.Failure) {
	c.Key, c.RFC = "auth.certificate", "RFC 7296 section 3.6"
	if f.Cause == ikev2.CauseNoAuthority && e.peer != nil && e.peer.ikeProfile() != nil && e.peer.ikeProfile().AuthLocal == "pre-share" {
		otherMethod(e, c)
		return
	}
	key := "why.certificate.none" // the peer has sent none that can be read
	with := []any{"node", e.name(), "peer", peerName(e)}
	switch b := f.Certificate; {
	case b != nil:
		key, c.RFC = problemKeys[b.Problem], cmp.Or(problemRFCs[b.Problem], "RFC 5280 section 6.1")
		with = append(with, "subject", b.Subject, "issuer", b.Issuer, "from", b.From.UTC().Format(time.DateTime), "to", b.To.UTC().Format(time.DateTime))
	case f.Cause == ikev2.CauseNoCertificate:
		key = "why.certificate.own"
	case f.Cause == ikev2.CauseNoAuthority:
		key = "why.certificate.authority"
	}
	c.Say = phrase.Of(key, with...)
	for _, o := range []*end{e, e.peer} {
		if o == nil || o.ikeProfile() == nil {
			continue
		}
		c.Lines = append(c.Lines, o.lines("crypto ikev2 profile "+o.ikeProfile().Name, "", "authentication", "pki trustpoint")...)
	}
	if f.Certificate != nil && !otherClock(e, c, f.Certificate) {
		mendCertificate(e, c, f.Certificate)
	}
}

// clocksApart is how far two clocks must be apart to be said to differ.
const clocksApart = time.Hour

// otherClock says that a certificate is refused by the clock of one end, and would not be by that
// of the other.
func otherClock(e *end, c *Claim, f *pki.Fault) bool {
	if e.peer == nil || f.Problem != pki.NotYetValid && f.Problem != pki.Expired {
		return false
	}
	here, first := e.field("clock", "now")
	there, second := e.peer.field("clock", "now")
	ours, err := time.Parse(time.RFC3339Nano, here)
	theirs, err2 := time.Parse(time.RFC3339Nano, there)
	if err != nil || err2 != nil || ours.Sub(theirs).Abs() < clocksApart || theirs.Before(f.From) || theirs.After(f.To) {
		return false
	}
	c.Key, c.Evidence = "auth.clock", append(c.Evidence, first, second)
	key, servers := timeSources(e, c)
	c.Say = phrase.Of(key, "servers", servers, "node", e.name(), "peer", e.peer.name(), "subject", f.Subject, "from", f.From.UTC().Format(time.DateTime), "to", f.To.UTC().Format(time.DateTime),
		"ours", ours.UTC().Format(time.DateTime), "theirs", theirs.UTC().Format(time.DateTime))
	c.Mend = []Line{{Node: e.name(), Text: "clock set " + theirs.UTC().Format("15:04:05 2 January 2006")}}
	if follows, proof := e.peer.field("ntp status", "reference"); key != "why.certificate.clock" && addressOf(follows) {
		c.Evidence, c.Mend = append(c.Evidence, proof), append(c.Mend, Line{Node: e.name(), Text: "ntp server " + follows})
	}
	return true
}

// timeSources says whether the router asks anybody for the time who does not answer, or nobody: the
// sentence, and the servers.
func timeSources(e *end, c *Claim) (key, servers string) {
	on, proof := e.field("ntp status", "enabled")
	inStep, status := e.field("ntp status", "synchronized")
	var list []string
	for s := range e.cfg.Service.NTP.Servers.All() {
		list = append(list, s.Host)
		c.Lines = append(c.Lines, e.lines(s.String(), "")...)
	}
	switch {
	case on != "true":
		c.Evidence = append(c.Evidence, proof)
		return "why.certificate.clock-alone", ""
	case inStep != "true" && len(list) > 0:
		c.Evidence = append(c.Evidence, status)
		return "why.certificate.clock-silent", strings.Join(list, ", ")
	}
	return "why.certificate.clock", ""
}

// addressOf says whether a reference is a server that others can ask, too.
func addressOf(reference string) bool {
	a, err := netip.ParseAddr(reference)
	return err == nil && !a.IsLoopback()
}

// mendCertificate says what to type, where a screen shows what would do.
func mendCertificate(e *end, c *Claim, f *pki.Fault) {
	o := e.peer
	switch {
	case f.Problem == pki.Untrusted && e.ikeProfile() != nil:
		for _, t := range e.trustpoints() {
			if slices.ContainsFunc(t.Authorities, func(ca shownCertificate) bool { return strings.Join(ca.Subject, ",") == f.Issuer }) {
				c.Mend = []Line{e.typed(profileHead(e), "pki trustpoint "+t.Name+" verify")}
				return
			}
		}
	case o == nil || o.ikeProfile() == nil:
	case f.Problem == pki.Expired:
		now, _ := e.field("clock", "now")
		at, err := time.Parse(time.RFC3339Nano, now)
		for _, t := range o.trustpoints() {
			if own := t.Own; err == nil && own != nil && strings.Join(own.Subject, ",") == f.Subject && at.After(own.From) && at.Before(own.To) && !signsBy(o, t.Name) {
				c.Mend = []Line{o.typed(profileHead(o), "pki trustpoint "+t.Name+" sign")}
			}
		}
		for _, t := range o.ikeProfile().Trustpoints {
			if t.Use == "sign" && len(c.Mend) > 0 {
				c.Mend = append([]Line{o.typed(profileHead(o), "no pki trustpoint "+t.Name+" sign")}, c.Mend...)
			}
		}
	case f.Problem == pki.WrongName:
		c.Lines = append(c.Lines, o.lines(profileHead(o), "", "identity local")...)
		for _, t := range o.trustpoints() {
			if own := t.Own; own != nil && own.Hostname != "" && strings.Join(own.Subject, ",") == f.Subject && len(c.Mend) == 0 {
				c.Mend = []Line{o.typed(profileHead(o), "identity local fqdn "+strings.Fields(own.Hostname)[0])}
			}
		}
	}
}

// signsBy says whether the profile has the router sign with a trustpoint's certificate.
func signsBy(e *end, trustpoint string) bool {
	return slices.ContainsFunc(e.ikeProfile().Trustpoints, func(t iosconfig.ProfileTrustpoint) bool { return t.Name == trustpoint && t.Use != "verify" })
}

// trustpoint is one with its certificates, as a router shows it.
type trustpoint struct {
	Name        string
	Own         *shownCertificate  `json:"certificate"` // null: none
	Authorities []shownCertificate `json:"ca_certificates"`
}

type shownCertificate struct {
	Subject  []string
	Hostname string
	From, To time.Time
}

// trustpoints are those of a router.
func (d *device) trustpoints() (list []trustpoint) {
	text, _ := d.field("crypto pki certificates", "trustpoints")
	if json.Unmarshal([]byte(text), &list) != nil {
		return nil
	}
	return list
}

// noMap says that the peer's certificate fits no map, where profiles name maps.
func noMap(e *end, c *Claim) bool {
	var maps []string
	var all []*iosconfig.CertificateMap
	for p := range e.cfg.IKEv2.Profiles.All() {
		for _, name := range p.MatchCertificate {
			for _, m := range e.cfg.PKI.Map(name) {
				maps, all = append(maps, name), append(all, m)
				c.Lines = append(c.Lines, e.lines("crypto pki certificate map "+m.Key(), "", mapFields...)...)
			}
		}
	}
	if len(maps) == 0 || e.peer == nil || e.peer.ikeProfile() == nil || e.peer.ikeProfile().AuthLocal == "pre-share" {
		return false
	}
	for _, t := range e.peer.trustpoints() {
		if t.Own == nil || !signsBy(e.peer, t.Name) && len(e.peer.ikeProfile().Trustpoints) > 0 {
			continue
		}
		if slices.ContainsFunc(all, func(m *iosconfig.CertificateMap) bool { return hasSubject(m, t.Own.Subject) }) {
			return false // it fits, but was not believed
		}
		_, proof := e.peer.field("crypto pki certificates", "trustpoints.#(name==\""+t.Name+"\").certificate.subject")
		c.Evidence = append(c.Evidence, proof)
		slices.Sort(maps)
		c.RFC = "RFC 4945 section 3.1"
		c.Say = phrase.Of("why.certificate.map", "node", e.name(), "peer", e.peer.name(), "subject", strings.Join(t.Own.Subject, ","), "maps", strings.Join(slices.Compact(maps), ", "))
		return true
	}
	return false
}

// hasSubject says whether a map is of subjects' parts only, and the subject has them.
func hasSubject(m *iosconfig.CertificateMap, subject []string) bool {
	text := pki.Fold(strings.Join(subject, ","))
	return len(m.Rules) > 0 && !slices.ContainsFunc(m.Rules, func(rule string) bool {
		part, ok := strings.CutPrefix(rule, "subject-name co ")
		return !ok || !strings.Contains(text, pki.Fold(part))
	})
}

// mapFields are the first words of the lines of certificate maps.
var mapFields = []string{"subject-name", "issuer-name", "alt-subject-name", "unstructured-subject-name", "serial-number", "name", "expires-on", "valid-start"}
