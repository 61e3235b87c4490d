package why

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"ikelab/ikev2"
	"ikelab/router/crypto"
	"ikelab/topologies/phrase"
)

// Why an entry of a crypto map is as it is. It asks IKE only when a packet wants it, so that
// without SAs nothing need be wrong with it.

// judgeMap says how an entry is, and why.
func judgeMap(e *end, v *Verdict) {
	v.State = Well
	asked := pending(e) || e.peer != nil && pending(e.peer)
	switch carried := pairs(e) > 0; {
	case put(v, wrongMap(e)...):
		v.State = Down
		if carried {
			v.State = Dumb
		}
	case (asked || troubled(e)) && put(v, failed(e, carried)...), asked && put(v, stopped(e)...), asked:
		switch {
		case !carried:
			v.State = Down
		case len(v.Claims) > 0:
			v.State = Dumb
		}
	case put(v, untouched(e)...):
		v.State = Down
		if carried {
			v.State = Dumb
		}
	case put(v, lost(e)...):
		v.State = Dumb
	case !carried:
		v.State = Unasked
	}
}

// stopped says what has become of a request that goes on: IKE says that nobody answers after two
// minutes only.
func stopped(e *end) []Claim {
	if c, ok := droppedBetween(e, e.remote()); ok {
		return []Claim{c}
	}
	return nil
}

// failed says why negotiations came to nothing; of an entry that carries packets the path is
// there, so one that was not heard of any more was one too many.
func failed(e *end, carried bool) []Claim {
	for _, o := range []*end{e, e.peer} {
		if c, ok := heardSince(o, failures(e)); ok {
			return []Claim{c}
		}
	}
	list := negotiation(e)
	if carried {
		list = slices.DeleteFunc(list, func(c Claim) bool { return strings.HasPrefix(c.Key, "path.") })
	}
	return list
}

// heardSince says that an end got ESP of an SA that it has given up after all that has failed: the
// path is there again.
func heardSince(o *end, list []finding[ikev2.Failure]) (Claim, bool) {
	if o == nil || len(list) == 0 {
		return Claim{}, false
	}
	c, ok := forgotten(o)
	return c, ok && !slices.ContainsFunc(list, func(f finding[ikev2.Failure]) bool { return !c.Evidence[0].At.After(f.At) })
}

// put takes claims into a verdict, and says whether there are any.
func put(v *Verdict, list ...Claim) bool {
	v.Claims = append(v.Claims, list...)
	return len(list) > 0
}

// wrongMap is what screens show to be wrong with the entry of either end, before any packet.
func wrongMap(e *end) (list []Claim) {
	for _, o := range []*end{e, e.peer} {
		if o == nil || o.entry == nil {
			continue
		}
		for _, look := range []func(*end) (Claim, bool){incomplete, portDown, misplaced, astray, confused, outOfOrder} {
			if c, ok := look(o); ok {
				list = append(list, c)
				break
			}
		}
	}
	return list
}

// incomplete says what an entry lacks without which it protects nothing.
func incomplete(e *end) (Claim, bool) {
	with := []any{"node", e.name(), "map", e.entry.Key(), "list", e.entry.Match}
	list := e.cfg.Access.Get(e.entry.Match)
	c := Claim{Lines: e.lines(e.head(), "", "match address", "set peer", "set transform-set")}
	if len(c.Lines) == 0 {
		c.Lines = e.lines(e.head(), "")
	}
	lacks := func(key, say, path string, mend Line) (Claim, bool) {
		_, proof := e.mapField(path)
		c.Key, c.Say, c.Evidence, c.Mend = key, phrase.Of(say, with...), []Evidence{proof}, []Line{mend}
		return c, true
	}
	switch {
	case e.entry.Match == "":
		return lacks("map.list", "why.map.list.none", "access_list_lines.#", e.typed(e.head(), "match address LIST"))
	case list == nil || len(permits(list)) == 0:
		return lacks("map.list", "why.map.list.empty", "access_list_lines.#", e.permit())
	case len(e.entry.Peers) == 0:
		return lacks("map.incomplete", "why.map.peer.none", "peers.#", e.typed(e.head(), "set peer ADDRESS"))
	case len(e.entry.TransformSets) == 0:
		return lacks("map.incomplete", "why.map.sets.none", "transform_sets.#", e.typed(e.head(), "set transform-set NAME"))
	}
	return c, false
}

// misplaced says that the map stands elsewhere than packets for its peer leave.
func misplaced(e *end) (Claim, bool) {
	way, proof := e.wayTo(front(e), e.remote())
	out := e.cfg.Interface(way)
	if out == nil || !out.Type.Physical() || out.CryptoMap == e.entry.Name {
		return Claim{}, false
	}
	c := Claim{Key: "map.interface", Say: phrase.Of("why.map.nowhere", "node", e.name(), "map", e.entry.Name, "way", way), Evidence: []Evidence{proof}}
	if e.carrier != nil && e.carrier.CryptoMap != "" {
		c.Say = phrase.Of("why.map.interface", "node", e.name(), "map", e.entry.Name, "interface", e.carrier.Name(), "way", way, "to", e.remote())
		c.Lines = e.lines("interface "+e.carrier.Name(), "", "crypto map")
	}
	c.Mend = []Line{e.typed("interface "+way, "crypto map "+e.entry.Name)}
	return c, true
}

// portDown looks at the interface where the map stands, and at the one that its packets have
// the address of.
func portDown(e *end) (Claim, bool) {
	if e.carrier == nil {
		return Claim{}, false
	}
	if c, bad := badSource(e, e.label(), e.port()); bad {
		return c, true
	}
	return badSource(e, e.label(), e.sourceName())
}

// astray says that the entry leads to somebody who has no part in it, while who has one leads
// here.
func astray(e *end) (Claim, bool) {
	if e.peer == nil || !e.peer.there() || e.leads(e.peer) || !e.peer.local().IsValid() {
		return Claim{}, false
	}
	_, proof := e.mapField("peers")
	c := Claim{Evidence: []Evidence{proof}}
	wayward(e, &c)
	return c, true
}

// outOfOrder says that an entry never sees its packets, or that this one takes another's and has
// trouble with them.
func outOfOrder(e *end) (Claim, bool) {
	if c, ok := shadowed(e); ok || !troubled(e) {
		return c, ok
	}
	for _, later := range e.cfg.CryptoMap(e.entry.Name) {
		if c, ok := shadowed(e.as(nil, e.carrier, later)); ok && strings.Contains(c.Lines[0].Below, " "+e.entry.Key()+" ") {
			return c, true
		}
	}
	return Claim{}, false
}

// shadowed says that one before an entry takes all its packets.
func shadowed(e *end) (Claim, bool) {
	for _, earlier := range e.cfg.CryptoMap(e.entry.Name) {
		if earlier.Sequence >= e.entry.Sequence || len(earlier.Peers) == 0 {
			continue
		}
		mine, other, ok := taken(permits(e.cfg.Access.Get(e.entry.Match)), e.cfg.Access.Get(earlier.Match))
		o := e.as(nil, e.carrier, earlier)
		if !ok || samePeers(earlier, e.entry) || insideOf(o) != insideOf(e) { // customers may have the same addresses
			continue
		}
		_, first := o.mapField("access_list_lines")
		_, second := e.mapField("access_list_lines")
		return Claim{
			Key: mapOrder, RFC: "RFC 4301 section 4.4.1", Evidence: []Evidence{first, second},
			Say:   phrase.Of("why.map.order", "node", e.name(), "earlier", earlier.Key(), "later", e.entry.Key(), "line", mine, "other", other),
			Lines: append(append(o.lines(o.head(), "", "set peer", "match address"), o.listLines()...), append(e.lines(e.head(), "", "set peer", "match address"), e.listLines()...)...),
			Mend:  []Line{e.typed("ip access-list extended "+earlier.Match, "no "+other)},
		}, true
	}
	return Claim{}, false
}

// troubled says whether an exchange for the entry has come to nothing, and nothing better came
// after it.
func troubled(e *end) bool {
	for _, f := range failures(e) {
		at := e
		if f.Node != e.name() {
			at = e.peer
		}
		better := lately(e.w, f.Node, f.At, func(i crypto.Installed) bool {
			return i.Entry == f.body.Entry || f.body.Entry == "" && at.owns(i.Entry)
		})
		if len(better) == 0 {
			return true
		}
	}
	return false
}

// pending says whether a packet has asked for SAs, none have come, and IKE still tries.
func pending(e *end) bool {
	asked := lately(e.w, e.name(), time.Time{}, func(r crypto.Requested) bool { return e.owns(r.Entry) })
	if len(asked) == 0 || pairs(e) > 0 || !negotiating(e) {
		return false
	}
	gone := lately(e.w, e.name(), asked[0].At, func(i crypto.Installed) bool { return e.owns(i.Entry) })
	return len(gone) == 0
}

// negotiating says whether IKE tries to reach an end's peer.
func negotiating(e *end) bool {
	peer := strings.TrimSuffix(netip.AddrPortFrom(e.remote(), 0).String(), "0") + "*"
	status, _ := e.field("crypto session", fmt.Sprintf("sessions.#(peer%%%q).status", peer))
	return status == "DOWN-NEGOTIATING"
}
