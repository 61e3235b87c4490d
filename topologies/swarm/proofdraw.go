package swarm

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"ikelab/netsim"
	"ikelab/topologies"
)

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

// revocations draws whose certificates are taken back, and who learns it at once, from a stream of
// its own.
func revocations(d *drawing) {
	main := d.random
	defer func() { d.random = main }()
	d.random = rand.New(netsim.Seed(d.Seed).Stream("swarm", "revocations"))
	if d.Trust == nil || d.Trust.Revocation != "crl" {
		return
	}
	for range d.within(2, 12) {
		t := pick(d, d.Tunnels)
		f := Fault{Kind: Revoke, At: d.between(0, d.Length-time.Second), Tunnel: t.Number, Router: pick(d, []int{t.A, t.B})}
		f.For = min(d.between(time.Minute, 6*time.Minute), d.Length-f.At)
		for i := range d.Routers {
			if n := d.Routers[i].Number; n != f.Router && d.oneIn(2) {
				f.Apart = append(f.Apart, n)
			}
		}
		if d.oneIn(2) {
			f.Lines = []string{"clear crypto session"}
		}
		if d.router(f.Router).Proof.By == root {
			d.Faults = append(d.Faults, f)
		}
	}
	slices.SortStableFunc(d.Faults, func(a, b Fault) int { return int(a.At - b.At) })
}
