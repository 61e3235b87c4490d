package ip

import (
	"cmp"
	"net/netip"
	"slices"
	"time"
)

// EntryKind says what becomes of a packet that a route matches.
type EntryKind uint8

const (
	None      EntryKind = iota // no route
	Local                      // one of our addresses
	Broadcast                  // a broadcast address of a network of ours, or 255.255.255.255
	Link                       // the destination is a neighbour on Out
	Via                        // the next hop is a neighbour on Out
	Null                       // a route that drops: Null0, or permanent without a way
	Martian                    // no destination at all: this network, loopback, class D and E
)

// Entry is what a lookup gives. It does not change while the table's
// generation stands.
type Entry struct {
	Kind EntryKind
	hop  address
	Out  *Interface
}

// nextHop is the neighbour that a packet to dst goes to.
func (e *Entry) nextHop(dst address) address {
	if e.Kind == Via {
		return e.hop
	}
	return dst
}

// noEntry never changes.
var noEntry Entry

// Route is a route. Those that can be used are in the table.
type Route struct {
	prefix   prefix
	hop      address // none: directly connected
	name     string  // interface as configured or connected; "" for a recursive route
	code     byte    // as `show ip route` prints it, or codeAdvertised; 0: not shown
	distance uint8
	tag      uint32
	order    uint32
	entry    Entry
	next     *Route // to the same prefix, worse than this one
}

// codeAdvertised is that of a default route to a router that has advertised itself.
const codeAdvertised = 'N'

// shown is a route's code as a screen has it.
func (r *Route) shown() string {
	if r.code == codeAdvertised {
		return "ND"
	}
	return string(r.code)
}

// nextHop is invalid for a route that is directly connected.
func (r *Route) nextHop() netip.Addr {
	if r.hop == none {
		return netip.Addr{}
	}
	return r.hop.netip()
}

// Of several routes to one prefix the lowest distance wins, then the first.
func (r *Route) compare(o *Route) int {
	return cmp.Or(cmp.Compare(r.distance, o.distance), cmp.Compare(r.order, o.order))
}

// Table is the routing table, and the forwarding table at once: a trie of the
// usable routes. generation changes with the contents.
type Table struct {
	Name string // of its VRF, as records tell it
	s    *Stack
	vrf  int // whose it is; 0: the global one
	answers
	routes   trie[Route]
	statics  statics
	followed trie[watched] // addresses that somebody follows
}

// Lookup is the entry of the longest prefix that matches.
func (t *Table) Lookup(a netip.Addr) *Entry { return t.lookup(addressOf(a)) }

// find is lookup in the routes themselves.
func (t *Table) find(a address) *Entry {
	if a.special6() {
		return &martianEntry
	}
	if r := t.match(a); r != nil {
		return &r.entry
	}
	return &noEntry
}

// Generation changes whenever some entry does.
func (t *Table) Generation() uint32 { return t.generation }

// match is the best route of the longest prefix; nil: there is none.
func (t *Table) match(a address) *Route {
	var best *Route
	for n := *t.routes.of(a); n != nil && n.covers(a); n = n.child[a.bit(n.bits)] {
		if n.value != nil {
			best = n.value
		}
		if n.bits == wholeAddress {
			break
		}
	}
	return best
}

// Routes lists what `show ip route` may show, by prefix.
func (t *Table) Routes() []*Route {
	var list []*Route
	t.routes.walk(func(r *Route) {
		if r.code != 0 {
			list = append(list, r)
		}
	})
	return list
}

// constantRoutes are in every table (RFC 6890, RFC 1812 section 5.3.7).
var constantRoutes = [...]Route{
	{prefix: prefix{v4Address(0), mappedBits + 8}, entry: Entry{Kind: Martian}},
	{prefix: prefix{v4Address(127 << 24), mappedBits + 8}, entry: Entry{Kind: Martian}},
	{prefix: prefix{v4Address(224 << 24), mappedBits + 3}, entry: Entry{Kind: Martian}},
	{prefix: alone(broadcast), entry: Entry{Kind: Broadcast}},
}

func (t *Table) init(s *Stack, vrf int) {
	t.s, t.vrf, t.answers = s, vrf, answers{generation: 1, cache: nobodys}
	for i := range constantRoutes {
		t.routes.at(constantRoutes[i].prefix).value = &constantRoutes[i]
	}
}

// constant says whether a route is one of those that all tables share: nobody may change it.
func (r *Route) constant() bool {
	return r != nil && r.entry.Out == nil && (r.entry.Kind == Martian || r.entry.Kind == Broadcast)
}

// install enters a usable route, withdraw takes it out; both leave the
// followers to settle.
func (t *Table) install(r *Route) {
	n := t.routes.at(r.prefix)
	if n.value.constant() {
		own := *n.value // which is to have another one behind it
		n.value = &own
	}
	at := &n.value
	for *at != nil && (*at).compare(r) <= 0 {
		at = &(*at).next
	}
	best := at == &n.value
	r.next, *at = *at, r
	if best {
		t.changed(r, r.next)
	}
}

func (t *Table) withdraw(r *Route) {
	n := t.routes.at(r.prefix)
	at := &n.value
	for *at != nil && *at != r {
		at = &(*at).next
	}
	if *at == nil {
		return
	}
	best := at == &n.value
	*at, r.next = r.next, nil
	now := n.value
	if now == nil {
		t.routes.remove(r.prefix)
	}
	if best {
		t.changed(now, r)
	}
}

// changed follows a change of the best route to a prefix; nil: there is none,
// or was none.
func (t *Table) changed(now, before *Route) {
	t.turn()
	t.tell(before, false)
	t.tell(now, true)
	p := now
	if p == nil {
		p = before
	}
	t.touch(p.prefix)
}

func (t *Table) tell(r *Route, installed bool) {
	if r == nil || r.code == 0 || t.s.records.Unheard() {
		return
	}
	t.s.records.Emit(RouteChanged{
		VRF: t.Name, Code: r.shown(), Prefix: r.prefix.netip(), NextHop: r.nextHop(), Interface: r.name, Distance: int(r.distance), Installed: installed,
	})
}

// replace gives an installed route another entry.
func (t *Table) replace(r *Route, e Entry) {
	if r.entry == e {
		return
	}
	r.entry = e
	t.turn()
	t.touch(r.prefix)
}

// connection is what an interface has in the table.
type connection struct {
	table     *Table // that of its VRF
	connected []*Route
	routed    bool // they are there
	relieves  bool // it is up, and holds: what it leads to is not held by others
	moved     bool // its addresses are not yet theirs
	shared    allShared
	groups    []address // of IPv4, whose packets are taken
}

// routable says whether routes by the interface are in the table.
func (i *Interface) routable() bool { return i.Protocol || i.Holds() }

func (t *Table) connectAddress(i *Interface, a prefix) {
	add := func(p prefix, code byte, kind EntryKind) {
		r := &Route{prefix: p, code: code, name: i.Name, order: i.order, entry: Entry{Kind: kind, Out: i}}
		i.connected = append(i.connected, r)
		t.install(r)
	}
	code := byte('L')
	if a.host() {
		code = 'C'
	}
	add(alone(a.addr), code, Local)
	if a.hasBroadcast() {
		add(alone(a.last()), 0, Broadcast)
	}
	if !a.host() {
		add(a.network(), 'C', Link)
	}
}

// tables are the routing tables beside the global one, and what those of a device
// have in common.
type tables struct {
	global      *Table
	vrfs        map[int]*Table
	byInterface map[string][]*static // static routes by an interface, of whichever table
	queue       []*watched           // addresses to which the way may have changed
	settling    bool
}

// VRF is the routing table of a VRF by its number, 0 being that of the global one. It
// is there when it is asked for.
func (t *tables) VRF(id int) *Table {
	if id == 0 {
		return t.global
	}
	table := t.vrfs[id]
	if table == nil {
		table = &Table{}
		table.init(t.global.s, id)
		if t.vrfs == nil {
			t.vrfs = map[int]*Table{}
		}
		t.vrfs[id] = table
	}
	return table
}

// VRF is the number of the VRF that an interface is in.
func (i *Interface) VRF() int { return i.table.vrf }

// VRF is the number of the VRF that a packet is in.
func (p *Packet) VRF() int {
	switch {
	case p.by != nil:
		return p.by.vrf
	case p.In != nil:
		return p.In.table.vrf
	}
	return 0
}

// table is the routing table that a packet goes by: that of who has made or unpacked it,
// or of the interface where it came in.
func (p *Packet) table(s *Stack) *Table {
	switch {
	case p.by != nil:
		return p.by
	case p.In != nil:
		return p.In.table
	}
	return &s.Table
}

// connect brings the routes of an interface in line with its VRF, its addresses and its
// state, and then what depends on them.
func (t *tables) connect(now time.Time, i *Interface) {
	t.relieve(now, i)
	if i.routable() == i.routed && !i.moved {
		return
	}
	i.routed, i.moved = i.routable(), false
	for _, r := range i.connected {
		i.table.withdraw(r)
	}
	i.connected, i.table = nil, t.VRF(i.Settings.VRF)
	if i.routed {
		for _, a := range i.addrs {
			if !i.six.pending(a.addr) {
				i.table.connectAddress(i, a)
			}
		}
		for k := range i.shared {
			i.shared[k].connect(i)
		}
	}
	for _, r := range t.byInterface[i.Name] {
		r.RouteChanged(time.Time{})
	}
	t.settle(now)
}

// shared is an address of IPv4 that an interface has beside its own, at a hardware address that goes
// with it.
type shared struct {
	at    address
	mac   [6]byte
	route *Route // nil: it is not in the table
}

type allShared []shared

// connect enters the address into the table of its interface.
func (x *shared) connect(i *Interface) {
	x.route = &Route{prefix: alone(x.at), name: i.Name, order: i.order, entry: Entry{Kind: Local, Out: i}}
	i.connected = append(i.connected, x.route)
	i.table.install(x.route)
}

func (l allShared) has(a address) bool {
	return slices.ContainsFunc(l, func(x shared) bool { return x.at == a })
}

// takes says whether frames to a hardware address are for what is shared.
func (l allShared) takes(mac [6]byte) bool {
	return slices.ContainsFunc(l, func(x shared) bool { return x.mac == mac })
}

// hardware is where an address is: a shared one, or one that the interface has at its own.
func (l allShared) hardware(a address, own [6]byte) [6]byte {
	for k := range l {
		if l[k].at == a {
			return l[k].mac
		}
	}
	return own
}
