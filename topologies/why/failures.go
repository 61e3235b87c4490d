package why

import (
	"cmp"
	"slices"

	"ikelab/ikev2"
)

// failures are those of this end with its peer, and the peer's with it, newest first: what
// only repeats what the other end said comes last.
func failures(e *end) (list []finding[ikev2.Failure]) {
	since := edited(e)
	list = lately(e.w, e.name(), since, func(f ikev2.Failure) bool { return mine(e, f) })
	if e.peer != nil {
		list = append(list, lately(e.w, e.peer.name(), since, func(f ikev2.Failure) bool { return mine(e.peer, f) })...)
	}
	slices.SortStableFunc(list, func(a, b finding[ikev2.Failure]) int {
		return cmp.Or(cmp.Compare(hearsay(a.body), hearsay(b.body)), b.At.Compare(a.At))
	})
	return list
}

// hearsay is 1 for what the peer said or did not say, 0 for what was found here.
func hearsay(f ikev2.Failure) int {
	if f.Cause == ikev2.CausePeerRefused || f.Cause == ikev2.CauseNoResponse || f.Cause == ikev2.CauseNoAuthRequest {
		return 1
	}
	return 0
}

// mine says whether a failure is about the tunnel: of its entry, or with its peer where no
// entry is known yet.
func mine(e *end, f ikev2.Failure) bool {
	return e.owns(f.Entry) || f.Entry == "" && isOurs(e, f.SA.SPIi, f.Peer.Addr()) && !ofAnother(e, f.SA.SPIi)
}

// ofAnother says whether the peer has an IKE SA for another tunnel of its own.
func ofAnother(e *end, spi uint64) bool {
	if e.peer == nil || !e.peer.there() || !e.w.of(e.peer.name()).knows(spi) {
		return false
	}
	s := e.w.of(e.peer.name()).sa(spi)
	return len(s.entries) > 0 && !hasSA(e.peer, s)
}
