package swarm

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"ikelab/topologies/authority"
)

// In some networks routers prove themselves by certificates, each in its own way; the
// others have the key that all share. Everybody believes either.

// The authorities. ROOT is trusted by all, and has signed for those below it; the last
// ones sign what nobody may believe.
const (
	root   = "ROOT"
	branch = "BRANCH" // below ROOT
	short  = "SHORT"  // what it signs ends during a run
	old    = "OLD"
	early  = "EARLY"
	other  = "OTHER" // below nobody
	mail   = "MAIL"
	mute   = "MUTE" // gives no list of what it has taken back
)

// amiss is what is found of a certificate of an authority that nobody may believe.
var amiss = map[string]string{
	old: "expired", early: "not yet valid", other: "no trusted authority", mail: "made for another use", mute: "revocation unknown",
}

// bad says whether nobody may believe a router, whatever its clock says.
func (r *Router) bad() bool { return amiss[r.Proof.By] != "" }

// refused says whether a tunnel must never come up.
func refused(p *Plan, t *Tunnel) bool { return p.router(t.A).bad() || p.router(t.B).bad() }

// authorities are those of the network.
func authorities(p *Plan) (list []*authority.Settings) {
	if p.Trust == nil {
		return nil
	}
	below := func(s authority.Settings) *authority.Settings {
		s.Issuer = root
		return &s
	}
	return []*authority.Settings{
		{Name: root, Subject: "cn=ROOT,o=swarm"},
		below(authority.Settings{Name: branch, Subject: "cn=BRANCH,o=swarm"}),
		below(authority.Settings{Name: short, Issued: authority.Validity{For: p.Trust.Short}}),
		below(authority.Settings{Name: old, Issued: authority.Validity{After: -2 * time.Hour, For: time.Hour}}),
		below(authority.Settings{Name: early, Issued: authority.Validity{After: 24 * time.Hour}}),
		{Name: other},
		below(authority.Settings{Name: mail, Use: "email"}),
		below(authority.Settings{Name: mute, CRL: -1}),
	}
}

// domain is that of the routers' host names.
const domain = "swarm.example"

// The trustpoints: a router's own, and the one that all verify by.
const ownPoint, rootPoint = "OWN", "ROOT"

// writePapers has a router trust ROOT, and have a certificate of its own.
func writePapers(p *Plan, b *strings.Builder, r *Router) {
	if p.Trust == nil {
		return
	}
	fmt.Fprintf(b, "ip domain name %s\n", domain)
	point := func(name, by, key string) {
		fmt.Fprintf(b, "crypto pki trustpoint %s\n enrollment url http://%s\n subject-name cn=%s,o=swarm\n serial-number none\n ip-address none\n revocation-check %s\n %s\n auto-enroll\n", name, by, r.name(), p.Trust.Revocation, key)
	}
	key := cmp.Or(r.Proof.Key, "eckeypair K")
	point(rootPoint, root, key)
	if r.Proof.Method != "" {
		point(ownPoint, r.Proof.By, key)
	}
	b.WriteString("crypto pki certificate map PEERS 10\n subject-name co o=swarm\n")
}

// proving are the lines of the profile that say how a router proves itself, and what it
// believes.
func proving(p *Plan, r *Router) (lines []string) {
	if p.Trust == nil {
		return []string{proves(r)}
	}
	lines = append([]string{"match identity remote fqdn domain " + domain, "match certificate PEERS"}, believing(p)...)
	if p.Trust.Flex { // others are served by another profile
		lines = append(besides(p, r), lines[1:]...)
	}
	if r.Proof.Method != "" {
		lines = append(lines, fmt.Sprintf("pki trustpoint %s sign", ownPoint), "identity local fqdn "+r.host())
		if r.Proof.DN {
			lines[len(lines)-1] = "identity local dn"
		}
	}
	return append(lines, fmt.Sprintf("pki trustpoint %s verify", rootPoint), proves(r))
}

// believing are the lines of a profile that say which methods are believed beside the shared key.
func believing(p *Plan) (lines []string) {
	for _, other := range p.Routers {
		if line := "authentication remote " + strings.TrimSuffix(other.Proof.Method, " pss"); other.Proof.Method != "" && !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return lines
}

// besides are the lines of a profile that take the names of those whom no FlexVPN joins with a router.
func besides(p *Plan, r *Router) (lines []string) {
	for i := range p.Routers {
		if o := &p.Routers[i]; !slices.ContainsFunc(p.Tunnels, func(t Tunnel) bool { return t.Client != 0 && t.has(r.Number) && t.has(o.Number) }) {
			lines = append(lines, "match identity remote fqdn "+o.host())
		}
	}
	return lines
}

func (r *Router) host() string { return r.name() + "." + domain }

func proves(r *Router) string { return "authentication local " + cmp.Or(r.Proof.Method, "pre-share") }

// unenrolled are lines by which a router asks for no other certificate when one ends.
func unenrolled(p *Plan, r *Router) (lines []string) {
	if r.Proof.Method != "" {
		lines = append(lines, "crypto pki trustpoint "+ownPoint, "no auto-enroll")
	}
	if p.Trust != nil {
		lines = append(lines, "crypto pki trustpoint "+rootPoint, "no auto-enroll")
	}
	return lines
}
