package swarm

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"ikelab/netsim"
	"ikelab/router/crypto"
	"ikelab/topologies"
	"ikelab/topologies/authority"
)

// In some networks routers prove themselves by certificates, each in its own way; the
// others have the key that all share. Everybody believes either.

// proof is what a router proves itself by.
type proof struct {
	Method string // "ecdsa-sig"; "": the shared key
	Key    string // "eckeypair K 384", a line of its trustpoint
	By     string // the authority that has signed
	DN     bool   // it says its distinguished name, not its host name
}

// trusts is what all hold of certificates.
type trusts struct {
	Revocation string        // "crl", "none": whether it is looked up what was taken back
	Short      time.Duration // how long those of one authority are valid
}

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

// The bounds of what is drawn of certificates.
const (
	shortLeast = 25 * time.Minute // longer than it takes to converge and to drain
	shortMost  = 60 * time.Minute
)

// certify draws what routers prove themselves by, from a stream of its own: networks
// without certificates are those that they were before there were any.
func certify(d *drawing) {
	main := d.random
	defer func() { d.random = main }()
	d.random = rand.New(netsim.Seed(d.Seed).Stream("swarm", "certificates"))
	if !d.oneIn(3) {
		return
	}
	d.Trust = &trusts{Revocation: pick(d, []string{"crl", "none"}), Short: d.between(shortLeast, shortMost).Truncate(time.Second)}
	if d.oneIn(2) {
		d.Image = topologies.NewerImage
	}
	for i := range d.Routers {
		if !d.oneIn(4) {
			d.Routers[i].Proof = drawProof(d)
		}
	}
	if last := &d.Routers[len(d.Routers)-1]; len(d.Routers) > 2 && d.Shape != Mesh && !d.maps() && d.oneIn(2) { // there is no way by it
		last.Proof = drawProof(d)
		last.Proof.By = badAuthority(d)
	}
}

func badAuthority(d *drawing) string {
	list := []string{old, early, other, mail}
	if d.Trust.Revocation == "crl" {
		list = append(list, mute)
	}
	return pick(d, list)
}

func drawProof(d *drawing) proof {
	p := proof{Method: "ecdsa-sig", Key: "eckeypair K", By: pick(d, []string{root, root, branch, short}), DN: d.oneIn(3)}
	switch {
	case d.oneIn(8) && d.Image != "":
		p.Method, p.Key = "eddsa-sig", "eckeypair K ed25519"
	case d.oneIn(8):
		p.Key = "eckeypair K 384"
	case d.oneIn(8):
		p.Method, p.Key = "rsa-sig", "rsakeypair K 1024"
		if d.Image != "" && d.oneIn(2) { // RFC 7427
			p.Method = "rsa-sig pss"
		}
	}
	return p
}

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
		fmt.Fprintf(b, "crypto pki trustpoint %s\n enrollment url http://%s\n subject-name cn=%s,o=swarm\n revocation-check %s\n %s\n auto-enroll\n", name, by, r.name(), p.Trust.Revocation, key)
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
	lines = []string{"match identity remote fqdn domain " + domain, "match certificate PEERS"}
	for _, other := range p.Routers {
		if line := "authentication remote " + strings.TrimSuffix(other.Proof.Method, " pss"); other.Proof.Method != "" && !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	if r.Proof.Method != "" {
		lines = append(lines, fmt.Sprintf("pki trustpoint %s sign", ownPoint), "identity local fqdn "+r.host())
		if r.Proof.DN {
			lines[len(lines)-1] = "identity local dn"
		}
	}
	return append(lines, fmt.Sprintf("pki trustpoint %s verify", rootPoint), proves(r))
}

func (r *Router) host() string { return r.name() + "." + domain }

func proves(r *Router) string { return "authentication local " + cmp.Or(r.Proof.Method, "pre-share") }

// ofProof are edits of how a router proves itself, after which it is believed still, or
// another is not any more.
func ofProof(d *drawing, r *Router) (list []change) {
	const profile = "crypto ikev2 profile P"
	if d.Trust == nil {
		return nil
	}
	if r.Proof.Method != "" && !r.bad() {
		list = append(list, change{[]string{profile, "authentication local pre-share"}, []string{profile, proves(r)}},
			change{[]string{profile, fmt.Sprintf("no pki trustpoint %s sign", ownPoint)}, []string{profile, fmt.Sprintf("pki trustpoint %s sign", ownPoint)}})
	}
	for _, line := range proving(d.Plan, r) {
		if strings.HasPrefix(line, "authentication remote ") {
			list = append(list, change{[]string{profile, "no " + line}, []string{profile, line}})
		}
	}
	return list
}

// certain has clocks be right again, and certificates that may have ended be others.
func certain(r *run) {
	if r.plan.Trust == nil {
		return
	}
	for i, node := range r.lab.Routers {
		r.enter(node, []string{r.lab.Sim.Now().Format("clock set 15:04:05 2 January 2006")})
		if p := r.plan.Routers[i].Proof; p.By == short {
			r.enter(node, []string{"crypto pki enroll " + ownPoint, "yes"})
		}
	}
}

// excused says of a flow that it must not come up.
func excused(p *Plan, f *crypto.FlowState) bool {
	return slices.ContainsFunc(p.Tunnels, func(t Tunnel) bool { return t.name() == f.Interface && refused(p, &t) })
}
