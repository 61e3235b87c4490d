package why

import (
	"net/netip"
	"slices"

	"ikelab/iosconfig"
	"ikelab/topologies/phrase"
)

// Tunnels that are confused: of two customers one has what is the other's, its destination or its
// profile.

// exchanged says that a tunnel leads to one router and is for another one by its profile.
func exchanged(e *end) (Claim, bool) {
	failed := failures(e)
	if len(failed) == 0 || e.alone {
		return Claim{}, false
	}
	for _, o := range []*end{e, meantFor(e)} {
		if o == nil || o.tunnel == nil || cloned(o.port()) || o.peer == nil || !o.peer.there() {
			continue
		}
		own, fitting := o.ikeProfile(), profileFor(o, called(o.peer))
		if own == nil || len(own.MatchRemote) == 0 || fitting == nil || takes(own, called(o.peer)) {
			continue
		}
		c := Claim{Key: "auth.identity", RFC: "RFC 7296 section 3.5", Evidence: []Evidence{seen(failed[0])}}
		wrongOf(o, &c, own, fitting)
		return c, true
	}
	return Claim{}, false
}

// meantFor is the peer, or where nothing of it leads here the tunnel of its router that is for this
// end by its profile.
func meantFor(e *end) *end {
	if e.peer == nil || e.peer.there() {
		return e.peer
	}
	for _, part := range e.peer.parts() {
		if p := part.ikeProfile(); part.tunnel != nil && p != nil && takes(p, called(e)) {
			part.findPeer()
			return part
		}
	}
	return nil
}

// wrongOf says which of destination and profile is wrong: what the tunnel carries tells, or whether
// another tunnel is for the router that the profile is for; if neither does, it may be either.
func wrongOf(e *end, c *Claim, own, fitting *iosconfig.Profile) {
	meant := meantBy(e, own)
	here, there := carries(e, e.peer), meant != nil && carries(e, meant)
	switch apart := here != there; {
	case hasKeyFor(e, own) && !hasKeyFor(e, fitting):
		otherIdentity(e, c, own, fitting)
	case meant == nil, apart && here, !apart && served(e, meant):
		forAnother(e, c, own, fitting)
	case apart && there, !apart && len(leadingTo(e, meant)) == 0:
		misled(e, c, meant)
	default:
		c.Key, c.RFC = "tunnel.confused", ""
		c.Say = phrase.Of("why.tunnel.confused", "node", e.name(), "interface", e.port(), "peer", e.peer.name(), "profile", own.Name, "other", meant.name(),
			"destination", e.leading(meant.local()).Text, "protection", protecting(e, fitting).Text)
		c.Lines = append(append(e.leadLines(), e.lines(e.head(), "", "vrf forwarding", "tunnel protection")...), profileLines(e, own)...)
	}
}

// misled is the claim that a tunnel leads to one router and is for another one.
func misled(e *end, c *Claim, meant *end) {
	c.Key, c.RFC = "path.peer", ""
	c.Say = phrase.Of("why.path.exchanged", "node", e.name(), "interface", e.port(), "peer", e.peer.name(), "profile", e.ikeProfile().Name, "other", meant.name())
	c.Lines = append(e.leadLines(), profileLines(e, e.ikeProfile())...)
	c.Mend = []Line{e.leading(meant.local())}
}

// forAnother is the claim that a tunnel leads where it should, with the profile for another router.
func forAnother(e *end, c *Claim, own, fitting *iosconfig.Profile) {
	c.Say = phrase.Of("why.auth.otherprofile", "node", e.name(), "peer", e.peer.name(), "identity", called(e.peer), "profile", fitting.Name, "own", own.Name)
	c.Lines = append(e.lines(e.head(), "", "tunnel protection"), e.lines(e.protectionHead(), "", "set ikev2-profile")...)
	c.Lines = append(append(c.Lines, profileLines(e, own)...), profileLines(e, fitting)...)
	c.Mend = []Line{protecting(e, fitting)}
}

// otherIdentity is the claim that a profile has the key for the peer, and another one its name.
func otherIdentity(e *end, c *Claim, own, fitting *iosconfig.Profile) {
	c.Say = phrase.Of("why.auth.otheridentity", "node", e.name(), "peer", e.peer.name(), "identity", called(e.peer), "profile", fitting.Name, "own", own.Name)
	c.Lines = append(profileLines(e, own), profileLines(e, fitting)...)
	for _, line := range e.lines("crypto ikev2 profile "+fitting.Name, "", "match identity remote") {
		c.Mend = append(c.Mend, e.typed(line.Below, "no "+line.Text), e.typed(profileHead(e), line.Text))
	}
}

// meantBy is the end of another router than the peer's that leads here and that a profile is for;
// nil: there is none.
func meantBy(e *end, p *iosconfig.Profile) *end {
	for _, r := range e.w.lab.Routers {
		if r == e.router || r == e.peer.router || !r.Powered() {
			continue
		}
		for _, o := range e.w.newEnd(r).parts() {
			if o.tunnel != nil && o.protection() != nil && o.leads(e) && takes(p, called(o)) {
				return o
			}
		}
	}
	return nil
}

// hasKeyFor says whether the keyring of a profile has an entry for the peer's address.
func hasKeyFor(e *end, p *iosconfig.Profile) bool {
	ring := e.cfg.Keyring(p.Keyring)
	return ring != nil && keyIn(ring, e.peer.local())
}

// carries says whether a tunnel is for what another end has inside: the address of its tunnel, or
// where one of both has none a network behind it.
func carries(e, o *end) bool {
	mine, theirs := e.cfg.AddressOf(e.port()), o.cfg.AddressOf(o.port())
	if mine.IsValid() && theirs.IsValid() {
		return mine.Contains(theirs.Addr())
	}
	return slices.ContainsFunc(networks(o), func(p netip.Prefix) bool { return routes(e, p.Addr()) })
}

// leadingTo are the tunnels of a router that lead to an end.
func leadingTo(e, o *end) (list []*end) {
	for _, part := range e.parts() {
		if part.tunnel != nil && part.leads(o) {
			list = append(list, part)
		}
	}
	return list
}

// served says whether one of them has a profile for it.
func served(e, o *end) bool {
	return slices.ContainsFunc(leadingTo(e, o), func(part *end) bool {
		p := part.ikeProfile()
		return p != nil && takes(p, called(o))
	})
}

// protecting is the line by which a tunnel has an IKEv2 profile.
func protecting(e *end, p *iosconfig.Profile) Line {
	if name := e.ipsecProfileOf(p.Name); name != "" {
		return e.typed(e.head(), "tunnel protection ipsec profile "+name)
	}
	return e.typed(e.protectionHead(), "set ikev2-profile "+p.Name)
}

func profileLines(e *end, p *iosconfig.Profile) []Line {
	return e.lines("crypto ikev2 profile "+p.Name, "", "match", "keyring")
}
