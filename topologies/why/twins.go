package why

import (
	"slices"

	"ikelab/ikev2"
	"ikelab/router/words"
	"ikelab/topologies/phrase"
)

// twins says that two routers call themselves the same: each SA that one of them makes ends the
// other's, as its peer takes them for one that has begun anew (RFC 7296 2.4).
func twins(e *end) (Claim, bool) {
	if e.alone && len(e.several) == 0 {
		return inAlternation(e)
	}
	for _, hub := range []*end{e, e.peer} {
		if hub == nil || !hub.there() {
			continue
		}
		found := lately(e.w, hub.name(), edited(e), func(b ikev2.InitialContact) bool {
			a, b2 := e.w.otherEnd(hub.name(), b.SA.SPIi), e.w.otherEnd(hub.name(), b.Old.SPIi)
			return a != "" && b2 != "" && a != b2 && (hub == e && concerns(hub, b, a, b2) || hub != e && (e.name() == a || e.name() == b2))
		})
		if len(found) == 0 {
			continue
		}
		f := found[0]
		c := Claim{Key: "auth.twins", RFC: "RFC 7296 section 2.4", Evidence: []Evidence{seen(f)}}
		names := []string{e.w.otherEnd(hub.name(), f.body.SA.SPIi), e.w.otherEnd(hub.name(), f.body.Old.SPIi)}
		slices.Sort(names)
		if inOneGroup(hub, names) { // they are to call themselves the same
			continue
		}
		gone := lately(e.w, hub.name(), edited(e), func(b ikev2.SADown) bool { return b.SA.SPIi == f.body.Old.SPIi })
		if len(gone) == 0 || !gone[0].body.Info.Established.After(edited(e)) {
			continue // an SA of a former name
		}
		c.Evidence = append(c.Evidence, seen(gone[0]))
		identity := words.Identity(gone[0].body.Info.RemoteID.Kind, gone[0].body.Info.RemoteID.Data)
		for _, name := range names {
			c.Lines = append(c.Lines, identityLines(e.w.newEnd(e.w.router(name)))...)
		}
		c.Say = phrase.Of("why.auth.twins", "node", hub.name(), "first", names[0], "second", names[1], "identity", identity)
		return c, true
	}
	return Claim{}, false
}

// concerns says whether SAs of two peers are about this end's tunnel: it has one of them, or
// may lead to both.
func concerns(e *end, b ikev2.InitialContact, names ...string) bool {
	j := e.w.of(e.name())
	for _, spi := range []uint64{b.SA.SPIi, b.Old.SPIi} {
		if j.knows(spi) && hasSA(e, j.sa(spi)) {
			return true
		}
	}
	return !slices.ContainsFunc(names, func(n string) bool { return !slices.Contains(e.several, any(n)) })
}

// otherEnd is the router at the other end of an IKE SA; "": not known.
func (w *Witness) otherEnd(node string, spi uint64) string {
	for _, r := range w.lab.Routers {
		if r.Name() != node && r.Powered() && w.of(r.Name()).knows(spi) {
			return r.Name()
		}
	}
	return ""
}

// identityLines say what a router calls itself.
func identityLines(e *end) (list []Line) {
	for p := range e.cfg.IKEv2.Profiles.All() {
		list = append(list, e.lines("crypto ikev2 profile "+p.Name, "", "identity local")...)
	}
	return list
}

// inAlternation is twins as this router alone sees it: a name comes from one place, from another
// one, and from the first one again, and says each time that it knows of no other SA.
func inAlternation(e *end) (Claim, bool) {
	gone := lately(e.w, e.name(), edited(e), func(b ikev2.SADown) bool {
		s := e.w.of(e.name()).sa(b.SA.SPIi)
		return b.Reason == ikev2.ReasonInitialContact && hasSA(e, s)
	})
	if len(gone) < 3 {
		return Claim{}, false
	}
	a, b, again := gone[0].body.Info, gone[1].body.Info, gone[2].body.Info
	same := func(x, y ikev2.Identity) bool { return x.Kind == y.Kind && slices.Equal(x.Data, y.Data) }
	if a.Remote == b.Remote || a.Remote != again.Remote || !same(a.RemoteID, b.RemoteID) || !same(a.RemoteID, again.RemoteID) {
		return Claim{}, false
	}
	return Claim{
		Key: "auth.twins", RFC: "RFC 7296 section 2.4", Evidence: []Evidence{seen(gone[0]), seen(gone[1]), seen(gone[2])},
		Say: phrase.Of("why.auth.twins", "node", e.name(), "first", a.Remote, "second", b.Remote, "identity", words.Identity(a.RemoteID.Kind, a.RemoteID.Data)),
	}, true
}
