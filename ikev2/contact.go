package ikev2

import (
	"slices"
	"time"
)

// INITIAL_CONTACT (RFC 7296 2.4): "asserts that this IKE SA is the only IKE SA currently active
// between the authenticated identities".

// firstContact says whether no other SA to this peer exists, as far as we can know before it has
// said who it is: who came up there last comes up there again.
func (d *database) firstContact(sa *ikeSA) bool {
	for _, other := range sa.peer.sas {
		if other != sa && (other.state == saReady || other.state == saRekeyed) {
			return sa.profile.ForceInitialContact && sa.follows == nil
		}
	}
	return sa.profile.ForceInitialContact || len(d.elsewhere(sa, sa.peer.who)) == 0
}

// forgotten says whether a peer that says INITIAL_CONTACT has forgotten an SA:
// one that was up before this one began, or that the peer itself asked for before
// it asked for this one, however late its IKE_AUTH was. One that we asked for
// meanwhile may be up at the peer as well.
func (x *exchange) forgotten(old *ikeSA) bool {
	before := func(t time.Time) bool { return !t.IsZero() && t.Before(x.init.startedAt) }
	return before(old.origin) || !x.initiator && before(old.asked)
}

// doubtful are the SAs with the peer's identity between other addresses of which it has not been heard
// since it began this one. They may be of before it moved, but are not deleted on its word: many peers
// look at addresses before they say INITIAL_CONTACT, as they cannot know who will answer.
func (d *database) doubtful(x *exchange) []*ikeSA {
	return slices.DeleteFunc(d.elsewhere(x.sa, x.sa.remoteID.key()), func(o *ikeSA) bool { return !o.lastHeard.Before(x.init.startedAt) })
}
