package swarm

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ikelab/ikev2"
	"ikelab/router/operator"
	"ikelab/router/record"
)

// judge knows whose certificate holds by whose clock, and looks at what the routers
// find of it. One that ends during a run does not end what is up, and nothing is made
// anew by it.
type judge struct {
	plan     *Plan
	violated func(Invariant, string)
	ahead    map[string]time.Duration // of the clocks
	issued   map[string][]issue       // what a router may have of its own authority
	earlier  map[string][]issue       // what it had before: without power it may go back to one
	good     map[owned]bool           // IKE SAs whose peer was believed
	found    map[string]map[string]bool
	told     map[string]bool // who has heard that it is not believed
	taken    *taken
}

// issue is when a certificate was signed, and when it ends.
type issue struct{ at, until time.Time }

// over says whether it does not hold at an instant.
func (i issue) over(at time.Time) bool { return at.After(i.until) || at.Before(i.at.Add(-backdated)) }

func newJudge(p *Plan, violated func(Invariant, string)) *judge {
	return &judge{p, violated, map[string]time.Duration{}, map[string][]issue{}, map[string][]issue{}, map[owned]bool{}, map[string]map[string]bool{}, map[string]bool{}, newTaken(p)}
}

// take listens to the stream.
func (j *judge) take(r record.Record) {
	switch b := r.Body.(type) {
	case operator.ClockSet:
		j.ahead[r.Node] = b.To.Sub(r.At)
	case operator.CertificateInstalled:
		if b.Trustpoint == ownPoint && !b.Authority {
			j.earlier[r.Node] = append(j.earlier[r.Node], j.issued[r.Node]...)
			j.issued[r.Node] = []issue{{r.At, b.Until}}
		}
	case ikev2.CertificateJudged:
		j.judged(r.Node, r.At, &b)
	case ikev2.SAUp:
		j.up(r.Node, &b)
	case ikev2.ErrorHeard:
		if b.Notify.String() == refusal {
			j.told[r.Node] = true
		}
	case ikev2.Failure:
		if b.Heard.String() == refusal {
			j.told[r.Node] = true
		}
	}
}

// refusal is what who is not believed is told.
const refusal = "AUTHENTICATION_FAILED"

// Clocks are typed in whole seconds, certificates are valid from an hour before, and a
// message may be on its way with the one before.
const (
	clocksDiffer = time.Minute
	backdated    = time.Hour
	underway     = 3 * time.Minute
	unripe       = 24*time.Hour - clocksDiffer // of what EARLY issues
)

// judged compares what a router has found of a certificate with what is so.
func (j *judge) judged(node string, at time.Time, b *ikev2.CertificateJudged) {
	of := named(j.plan, b.Subject)
	if of == nil {
		j.violated(Believed, fmt.Sprintf("%s judges a certificate of %s", node, b.Subject))
		return
	}
	found := "fine"
	if b.Fault != nil {
		found = b.Fault.Problem.String()
	}
	if j.found[of.name()] == nil {
		j.found[of.name()] = map[string]bool{}
	}
	j.found[of.name()][found] = true
	if j.taken.crl && j.revoked(node, of, at, b) {
		return
	}
	if string(b.Identity.Data) == stranger { // an edit: no certificate has that name
		if b.Fault == nil {
			j.violated(Believed, fmt.Sprintf("%s believes that %s is %s", node, of.name(), stranger))
		}
		return
	}
	has, ahead := j.issued[of.name()], j.ahead[node]
	want, now := amiss[of.Proof.By], at.Add(ahead)
	right := ahead.Abs() < clocksDiffer
	holds := slices.ContainsFunc(has, func(i issue) bool { return !i.over(now) })
	ripe := of.Proof.By == early && slices.ContainsFunc(has, func(i issue) bool { return !i.over(now) && now.After(i.at.Add(unripe)) })
	mayFail := slices.ContainsFunc(has, func(i issue) bool { return i.over(now) || of.Proof.By == short && at.Sub(i.at) < underway })
	switch {
	case want == "" && !holds && b.Fault == nil:
		j.violated(Believed, fmt.Sprintf("%s believes %s at %v, whose certificate does not hold: %v", node, of.name(), now, has))
	case want == "" && right && b.Fault != nil && !mayFail:
		j.violated(Believed, fmt.Sprintf("%s does not believe %s: %s", node, of.name(), found))
	case want != "" && (b.Fault == nil && !ripe || right && found != want):
		j.violated(Believed, fmt.Sprintf("%s finds of %s: %s, not: %s", node, of.name(), found, want))
	}
	if b.Fault == nil {
		j.good[owned{node, uint64(b.SA.ID)}] = true
	}
}

// up wants that who proves itself by a certificate was believed. What replaces another SA
// goes on with what that has proved.
func (j *judge) up(node string, b *ikev2.SAUp) {
	at := owned{node, uint64(b.SA.ID)}
	if b.Rekeys == 0 && b.Info.Auth[1] != "" && b.Info.Auth[1] != "PSK" && !j.good[at] {
		j.violated(Believed, fmt.Sprintf("%s has an SA with %v, whose certificate it does not believe", node, b.Info.Remote))
	}
	delete(j.good, at)
}

// named is the router that a certificate names.
func named(p *Plan, subject string) *Router {
	i := slices.IndexFunc(p.Routers, func(r Router) bool {
		return slices.Contains(strings.Split(subject, ","), "cn="+r.name())
	})
	if i < 0 {
		return nil
	}
	return &p.Routers[i]
}

// lost forgets the clock of a router that has no power, and which certificate it has: what
// was not saved is gone.
func (j *judge) lost(node string) {
	delete(j.ahead, node)
	j.issued[node] = append(j.issued[node], j.earlier[node]...)
	j.earlier[node] = nil
	j.taken.lost(node)
}

// refusals wants each router that nobody may believe to have been refused for its reason, and
// to have been told.
func (j *judge) refusals() {
	for i := range j.plan.Routers {
		r := &j.plan.Routers[i]
		if want := amiss[r.Proof.By]; want != "" && (!j.found[r.name()][want] || !j.told[r.name()]) {
			j.violated(Believed, fmt.Sprintf("%s was to be refused (%s), and was found %v; it was told: %v", r.name(), want, j.found[r.name()], j.told[r.name()]))
		}
	}
}
