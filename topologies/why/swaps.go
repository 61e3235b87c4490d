package why

import (
	"slices"

	"ikelab/iosconfig"
	"ikelab/topologies/phrase"
)

// Entries of a crypto map that are confused: of two customers one has what is the other's.

// confused says that an entry leads to one router and has the list of another one: its peer is
// wrong, or its list.
func confused(e *end) (Claim, bool) {
	o := e.peer
	if o == nil || e.alone || o.entry == nil || pairs(e) > 0 || mirrored(e, o) {
		return Claim{}, false
	}
	meant := e.w.mirrorOf(e)
	if meant == nil {
		return Claim{}, false
	}
	c := Claim{Key: "map.lists", Evidence: []Evidence{}, Say: phrase.Of("why.map.confused", "node", e.name(), "map", e.entry.Key(), "peer", o.name(), "list", e.entry.Match, "other", meant.name())}
	for _, part := range []*end{e, meant} {
		_, proof := part.mapField("access_list_lines")
		c.Evidence, c.Lines = append(c.Evidence, proof), append(c.Lines, part.wanted()...)
	}
	switch p := e.ikeProfile(); {
	case p == nil:
	case takes(p, called(meant)) && !takes(p, called(o)):
		c.Key = "path.peer"
		c.Mend = []Line{e.typed(e.head(), "no set peer "+e.remote().String()), e.leading(meant.local())}
	case takes(p, called(o)) && !takes(p, called(meant)):
		for _, other := range e.cfg.CryptoMap(e.entry.Name) {
			if mirrored(e.as(nil, e.carrier, other), o) {
				c.Mend = []Line{e.typed(e.head(), "match address "+other.Match)}
			}
		}
	}
	return c, true
}

// mirrorOf is the entry of another router than the peer's that leads to this end and has the mirror
// image of its list; nil: there is none, or several.
func (w *Witness) mirrorOf(e *end) (found *end) {
	for _, r := range w.lab.Routers {
		if r == e.router || !r.Powered() {
			continue
		}
		for _, part := range w.newEnd(r).parts() {
			switch {
			case part.entry == nil || len(permits(part.cfg.Access.Get(part.entry.Match))) == 0 || !mirrored(e, part) || !slices.Contains(part.remotes(), e.local()) || answered(e, part):
			case found != nil || r == e.peer.router:
				return nil
			default:
				found = part
			}
		}
	}
	return found
}

// answered says whether an entry of another router has its counterpart at this end's router.
func answered(e, o *end) bool {
	return slices.ContainsFunc(e.parts(), func(p *end) bool { return p.entry != nil && p.leads(o) && mirrored(p, o) })
}

// called is what an end calls itself.
func called(e *end) string {
	if p := e.ikeProfile(); p != nil && p.LocalIdentity != nil {
		return p.LocalIdentity.Value
	}
	return e.local().String()
}

// otherProfile says that the tunnel is for one profile, and that its peer is for another one, or
// that a crypto map names none.
func otherProfile(e *end, c *Claim, identity string) bool {
	if e.peer != nil && identity == "" {
		identity = called(e.peer)
	}
	fitting := ""
	if p := profileFor(e, identity); p != nil {
		fitting = p.Name
	}
	mend := func(name string) { c.Mend = []Line{e.typed(e.protectionHead(), "set ikev2-profile "+name)} }
	switch own := e.ikeProfile(); {
	case e.entry != nil && e.profileName() == "":
		c.Key, c.RFC, c.Say = "map.incomplete", "", phrase.Of("why.map.profile.none", "node", e.name(), "map", e.entry.Key(), "peer", peerName(e))
		if fitting != "" {
			mend(fitting)
		} else {
			mend("NAME")
		}
		c.Lines = e.lines(e.head(), "", "set peer", "match address", "set transform-set")
		return true
	case own == nil || fitting == "" || takes(own, identity):
		return false
	default:
		c.Say = phrase.Of("why.auth.otherprofile", "node", e.name(), "peer", peerName(e), "identity", identity, "profile", fitting, "own", own.Name)
		c.Lines = append(e.lines(e.protectionHead(), "", "set ikev2-profile"), e.lines("crypto ikev2 profile "+own.Name, "", "match")...)
		c.Lines = append(c.Lines, e.lines("crypto ikev2 profile "+fitting, "", "match")...)
		mend(fitting)
		return true
	}
}

// profileFor is the profile for a peer by its name; nil: there is none.
func profileFor(e *end, identity string) (found *iosconfig.Profile) {
	for p := range e.cfg.IKEv2.Profiles.All() {
		if takes(p, identity) && isFor(p.MatchFVRF, front(e)) {
			found = p
		}
	}
	return found
}
