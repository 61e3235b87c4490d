package ip

import (
	"net/netip"
	"time"
)

const (
	maxRecursion     = 8   // next hops of next hops
	unusableDistance = 255 // IOS never installs such a route
	nullInterface    = "Null0"
)

// StaticRoute are the settings of a static route.
type StaticRoute struct {
	VRF       int // by number; 0: the global table
	Prefix    netip.Prefix
	NextHop   netip.Addr // invalid: directly connected to Interface
	Interface string     // "": wherever the next hop is
	Distance  int
	Permanent bool
	Newest    bool   // of several that say so it is the newest one that leads, behind all others of the distance
	Tag       uint32 // 0: none
	HopVRF    int    // in which the next hop is looked for

	advertised bool // it is the word of a router
}

// static is a static route, in the table while there is a way.
type static struct {
	Route
	table     *Table // that it is in, and
	ways      *Table // that which leads to its next hop
	permanent bool
	installed bool
	watch     Watch
	peer      *static // another one to the same prefix
}

// statics are the static routes, usable or not.
type statics struct {
	byPrefix trie[static]
	made     uint32
}

// SetRoutes adds and removes static routes.
func (t *tables) SetRoutes(now time.Time, add, remove []StaticRoute) {
	for _, r := range remove {
		t.VRF(r.VRF).removeStatic(r)
	}
	for _, r := range add {
		t.VRF(r.VRF).addStatic(now, r)
	}
	t.settle(now)
}

func (t *Table) addStatic(now time.Time, c StaticRoute) {
	p, ok := prefixOf(c.Prefix)
	if !ok || c.Distance >= unusableDistance || c.Interface == "" && (addressOf(c.NextHop) == none || addressOf(c.NextHop) == nobody) {
		return
	}
	t.statics.made++
	r := &static{table: t, ways: t.s.VRF(c.HopVRF), permanent: c.Permanent, Route: Route{
		prefix: p.network(), hop: addressOf(c.NextHop), name: c.Interface, code: 'S', distance: uint8(c.Distance), order: t.statics.made, tag: c.Tag,
	}}
	if c.Newest {
		r.order = ^r.order
	}
	if c.advertised {
		r.code = codeAdvertised
	}
	n := t.statics.byPrefix.at(r.prefix)
	r.peer, n.value = n.value, r
	if c.Interface != "" {
		if t.s.byInterface == nil {
			t.s.byInterface = map[string][]*static{}
		}
		t.s.byInterface[c.Interface] = append(t.s.byInterface[c.Interface], r)
	} else {
		r.watch.static = true
		r.ways.follow(&r.watch, r, r.hop)
	}
	r.RouteChanged(now)
	t.beside(now, r)
}

func (t *Table) removeStatic(c StaticRoute) {
	p, ok := prefixOf(c.Prefix)
	if !ok {
		return
	}
	p = p.network()
	first := t.statics.byPrefix.get(p)
	at := &first
	for *at != nil && !(*at).is(c) {
		at = &(*at).peer
	}
	r := *at
	if r == nil {
		return
	}
	*at = r.peer
	if first == nil {
		t.statics.byPrefix.remove(p)
	} else {
		t.statics.byPrefix.at(p).value = first
	}
	t.s.leave(r)
	r.ways.follow(&r.watch, r, none)
	if r.installed {
		t.withdraw(&r.Route)
	}
	t.beside(time.Time{}, r)
}

func (r *static) is(c StaticRoute) bool {
	return r.hop == addressOf(c.NextHop) && r.name == c.Interface && int(r.distance) == c.Distance && r.permanent == c.Permanent && r.tag == c.Tag && r.ways.vrf == c.HopVRF && (r.code == codeAdvertised) == c.advertised
}

// leave takes a route out of its interface's list.
func (x *tables) leave(r *static) {
	list := x.byInterface[r.name]
	for i, other := range list {
		if other == r {
			list[i] = list[len(list)-1]
			list[len(list)-1] = nil
			x.byInterface[r.name] = list[:len(list)-1]
			break
		}
	}
	if len(x.byInterface[r.name]) == 0 {
		delete(x.byInterface, r.name)
	}
}

// RouteChanged works out whether the route can be used, and how.
func (r *static) RouteChanged(time.Time) {
	entry, usable := r.way()
	if !usable && r.permanent {
		entry, usable = Entry{Kind: Null}, true
	}
	switch {
	case usable && r.installed:
		r.table.replace(&r.Route, entry)
	case usable:
		r.entry, r.installed = entry, true
		r.table.install(&r.Route)
	case r.installed:
		r.installed = false
		r.table.withdraw(&r.Route)
	}
}

// way resolves a static route as the table stands.
func (r *static) way() (Entry, bool) {
	if r.name == nullInterface {
		return Entry{Kind: Null}, true
	}
	if r.name == "" {
		return r.ways.wayTo(r)
	}
	out := r.table.s.Interfaces.Get(r.name)
	if out == nil || !out.routable() || !speaks(out, !r.prefix.addr.is4()) || !out.Protocol && !r.permanent && r.relieved() {
		return Entry{}, false
	}
	if r.hop != none {
		return Entry{Kind: Via, hop: r.hop, Out: out}, true
	}
	return Entry{Kind: Link, Out: out}, true
}

// relieved says whether another route to the same prefix leads by an interface that holds its
// routes as well, and is up: a tunnel that is down keeps packets from going in clear, not from
// another tunnel.
func (r *static) relieved() bool {
	for o := r.table.statics.byPrefix.get(r.prefix); o != nil; o = o.peer {
		if out := r.table.s.Interfaces.Get(o.name); o != r && out != nil && out.Protocol && out.Holds() {
			return true
		}
	}
	return false
}

// beside works the other routes to the prefix of one out anew.
func (t *Table) beside(now time.Time, r *static) {
	for o := t.statics.byPrefix.get(r.prefix); o != nil; o = o.peer {
		if o != r && o.name != "" {
			o.RouteChanged(now)
		}
	}
}

// relieve has routes that others hold follow an interface that came up or went down.
func (t *tables) relieve(now time.Time, i *Interface) {
	if up := i.Protocol && i.Holds(); up == i.relieves {
		return
	}
	i.relieves = !i.relieves
	for _, r := range t.byInterface[i.Name] {
		r.RouteChanged(now)
		r.table.beside(now, r)
	}
	t.settle(now)
}

// wayTo follows the next hops of a recursive route until one is a neighbour.
// A next hop must not be reached by the route itself: it lies within the
// prefix and nothing more specific covers it.
func (t *Table) wayTo(r *static) (Entry, bool) {
	hop := r.hop
	for range maxRecursion {
		via := t.match(hop)
		if via == nil || t == r.table && r.prefix.contains(hop) && via.prefix.bits <= r.prefix.bits {
			return Entry{}, false
		}
		switch {
		case via.entry.Kind == Link:
			return Entry{Kind: Via, hop: hop, Out: via.entry.Out}, true
		case via.entry.Kind == Via && via.name != "":
			return via.entry, true
		case via.entry.Kind != Via:
			return Entry{}, false
		}
		hop = via.hop
	}
	return Entry{}, false
}
