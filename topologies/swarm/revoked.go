package swarm

import (
	"slices"
	"time"

	"ikelab/ikev2"
	"ikelab/ikev2/pki"
)

// In some networks ROOT takes certificates back. Who holds a list of before believes them still,
// until he fetches another one or that one is too old; then they are refused for that reason, and
// a new certificate is believed.

// taken knows what was taken back, and of when the lists are that routers hold.
type taken struct {
	crl  bool                   // lists are looked at
	back map[string][]time.Time // by whose certificates: when all were that he had
	of   map[string]listed      // by router
}

// listed is when the list was fetched that a router holds; it may be a later one, if that is not
// certain.
type listed struct {
	at      time.Time
	certain bool
}

// listHolds is how long a list holds.
const listHolds = 24 * time.Hour

func newTaken(p *Plan) *taken {
	return &taken{p.Trust != nil && p.Trust.Revocation == "crl", map[string][]time.Time{}, map[string]listed{}}
}

// fetches has a router ask for a list. Whether it can be asked for before anybody was judged is
// not known.
func (k *taken) fetches(node string, now time.Time) {
	_, known := k.of[node]
	k.of[node] = listed{now, known}
}

// looks is a look at the list by somebody's clock, which may be too late for the one that there
// is. Who was found something else of may not have looked.
func (k *taken) looks(node string, now time.Time, ahead time.Duration, f *pki.Fault) listed {
	had, known := k.of[node]
	if known && now.Add(ahead).Before(had.at.Truncate(time.Second).Add(listHolds)) {
		return had
	}
	if f == nil || f.Problem == pki.Revoked {
		k.of[node] = listed{now, true}
		return k.of[node]
	}
	k.of[node] = listed{now, false}
	return k.of[node]
}

// lost says that a router may have a list still that it held when it lost its memory: lists may
// be kept beside the configuration.
func (k *taken) lost(node string) {
	if had, known := k.of[node]; known {
		k.of[node] = listed{had.at, false}
	}
}

// gone says whether a certificate was taken back, says a list.
func (k *taken) gone(of string, i issue, slack time.Duration, by listed) bool {
	return slices.ContainsFunc(k.back[of], func(t time.Time) bool { return !i.at.Add(-slack).After(t) && !t.After(by.at) })
}

// revoked judges what was found of a certificate that may have been taken back; handled: there is
// nothing more to say.
func (j *judge) revoked(node string, of *Router, at time.Time, b *ikev2.CertificateJudged) (handled bool) {
	found := b.Fault != nil && b.Fault.Problem == pki.Revoked
	by, has := j.taken.looks(node, at, j.ahead[node], b.Fault), j.issued[of.name()] // ROOT's list is looked at for all below it
	if of.Proof.By != root {
		return false
	}
	lately := has // and what may be under way
	if len(has) > 0 && at.Sub(has[0].at) < underway {
		lately = slices.Concat(has, j.earlier[of.name()])
	}
	must := len(has) > 0 && by.certain && !slices.ContainsFunc(lately, func(i issue) bool { return !j.taken.gone(of.name(), i, 0, by) })
	may := !by.certain && j.taken.again(of.name()) || slices.ContainsFunc(lately, func(i issue) bool { return j.taken.gone(of.name(), i, underway, by) })
	switch {
	case must && b.Fault == nil:
		j.violated(Believed, node+" believes "+of.name()+", whose certificate is on the list that it holds")
	case found && !may:
		j.violated(Believed, node+" finds the certificate of "+of.name()+" on a list on which it is not")
	}
	return found
}

// again are the routers whose certificates have been taken back: they need others.
func (k *taken) again(of string) bool { return len(k.back[of]) > 0 }
