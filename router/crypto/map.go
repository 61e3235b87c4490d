package crypto

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"time"

	"ikelab/ipsec/spd"
	"ikelab/router/ip"
)

// A crypto map is the ordered policy of an interface: what leaves by it is looked
// up, and encrypted where a line of a list says so. Each line has an entry for each
// of its peers, of which one is at work.

// ClauseSettings are what a configuration says of an entry of an interface's crypto map; without lines
// there is none.
type ClauseSettings struct {
	Number int            // its place among them
	Inside int            // the VRF of what it protects, by number
	Toward []netip.Prefix // where packets go that its list is about
	Lookup spd.Lookup
	Lines  []LineSettings
	Routes []ip.StaticRoute // that are there as long as it is
}

// LineSettings are those of a line that protects.
type LineSettings struct {
	Number  int
	Default bool // the first peer has its turn again when another one has failed
	Peers   []PeerSettings
}

// PeerSettings are those of the entry for one of a line's peers.
type PeerSettings struct {
	Name string
	Settings
}

// Maps are the crypto maps of a device, by the interfaces that have one.
type Maps struct {
	c    *Crypto
	maps map[*ip.Interface]*cryptoMap
}

// NewMaps hangs crypto maps into a device's stack.
func NewMaps(c *Crypto) *Maps {
	return &Maps{c: c}
}

// cryptoMap is a crypto map at work.
type cryptoMap struct {
	c       *Crypto
	iface   *ip.Interface
	policy  spd.SPD[*mapLine]
	clauses map[int]mapClause   // by number
	lines   map[*Entry]*mapLine // each is for one
}

// mapClause is what a clause has brought.
type mapClause struct {
	entries []*Entry         // in their order
	routes  []ip.StaticRoute // static ones to what lies behind peers
}

// mapLine is a line that protects, with the entries of its peers, of which one has
// its turn.
type mapLine struct {
	peers []*Entry
	turn  int  // an index
	reset bool // to the first one when another has failed
}

// current is the entry that carries the line's packets: one that has SAs before
// all others.
func (l *mapLine) current() *Entry {
	if i := slices.IndexFunc(l.peers, (*Entry).Ready); i >= 0 {
		return l.peers[i]
	}
	return l.peers[l.turn]
}

// failed gives the next peer its turn, since the one that has it could not be
// reached.
func (l *mapLine) failed() {
	next := (l.turn + 1) % len(l.peers)
	if l.reset && l.turn != 0 {
		next = 0
	}
	l.turn = next
}

// Put gives an interface an entry of its crypto map, or takes away the one with that number. Entries
// for peers that stay keep their SAs; those of one that goes are IKE's to delete.
func (all *Maps) Put(now time.Time, i *ip.Interface, set ClauseSettings) {
	m := all.maps[i]
	if m == nil {
		m = &cryptoMap{c: all.c, iface: i, clauses: map[int]mapClause{}, lines: map[*Entry]*mapLine{}}
	}
	before, after := m.clauses[set.Number], mapClause{routes: set.Routes}
	if len(set.Lines) > 0 {
		after.entries = m.put(now, set)
		m.clauses[set.Number] = after
	} else {
		m.policy.Remove(set.Number)
		delete(m.clauses, set.Number)
	}
	stays := make(map[*Entry]bool, len(after.entries))
	for _, e := range after.entries {
		stays[e] = true
	}
	for _, e := range before.entries {
		if !stays[e] {
			e.Remove(now)
			delete(m.lines, e)
		}
	}
	all.c.injected.swap(now, after.routes, before.routes)
	all.hang(i, m)
}

// hang has a crypto map guard its interface, as long as it has clauses.
func (all *Maps) hang(i *ip.Interface, m *cryptoMap) {
	if len(m.clauses) == 0 {
		delete(all.maps, i)
		i.Guard(nil, nil)
		return
	}
	if all.maps == nil {
		all.maps = map[*ip.Interface]*cryptoMap{}
	}
	if all.maps[i] == nil {
		all.maps[i] = m
		i.Guard(m.guard, m.checkClear)
	}
}

// put has a clause be looked at, and says which entries it has.
func (m *cryptoMap) put(now time.Time, set ClauseSettings) (entries []*Entry) {
	c := spd.Clause[*mapLine]{Number: set.Number, VRF: set.Inside, Toward: set.Toward, Lookup: set.Lookup, Entries: map[int]*mapLine{}}
	for _, line := range set.Lines {
		l := &mapLine{reset: line.Default}
		for _, peer := range line.Peers {
			e := m.entry(peer.Name)
			if old := m.lines[e]; old != nil && old.peers[old.turn] == e { // its turn outlives an edit
				l.turn = len(l.peers)
			}
			l.peers = append(l.peers, e)
			e.Set(now, peer.Settings)
		}
		for _, e := range l.peers {
			m.lines[e] = l
		}
		entries = append(entries, l.peers...)
		c.Entries[line.Number] = l
	}
	m.policy.Put(c)
	return entries
}

// entry finds the entry with a name, or makes it.
func (m *cryptoMap) entry(name string) *Entry {
	e := m.c.Entry(name)
	if e == nil {
		e = m.c.newEntry(name, m.iface, func() { m.lines[m.c.Entry(name)].failed() })
	}
	return e
}

// guard takes a packet that is about to leave by the interface, if a line protects
// it. Our own packets of IKE and ESP are never encrypted: without them there would be
// no SA, and no end.
func (m *cryptoMap) guard(now time.Time, p *ip.Packet) bool {
	if p.In == nil && (p.Proto() == ip.ProtoESP || isIKE(p, sourcePort)) {
		return false
	}
	line, ok := m.policy.Outbound(p.VRF(), p.Bytes())
	if !ok {
		return false
	}
	line.current().Output(now, p)
	return true
}

const portIKE = 500

// Where a UDP header has its ports.
const (
	sourcePort      = 0
	destinationPort = 2
)

// isIKE says whether a packet is one of IKE's, by the port of our end.
func isIKE(p *ip.Packet, at int) bool {
	b := p.Payload()
	if p.Proto() != ip.ProtoUDP || len(b) < 4 || p.Fragment()&ip.OffsetMask != 0 {
		return false
	}
	port := binary.BigEndian.Uint16(b[at:])
	return port == portIKE || port == portNATT
}

// needed says whether a packet for this device is one that IPsec itself needs. Of a datagram
// in fragments the first one tells; the others come to nothing without it.
func needed(pkt *ip.Packet) bool {
	later := pkt.Proto() == ip.ProtoUDP && pkt.Fragment()&ip.OffsetMask != 0
	return pkt.Proto() == ip.ProtoESP || later || isIKE(pkt, destinationPort) || ip.IsICMPError(pkt)
}

// Entries are those of an interface's crypto map that are worth a look: for each line
// those that have SAs, or the one that has its turn.
func (all *Maps) Entries(i *ip.Interface) (list []*Entry) {
	m := all.maps[i]
	if m == nil {
		return nil
	}
	for number := range m.policy.Numbers() {
		for _, e := range m.clauses[number].entries {
			if len(e.pairs) > 0 || m.lines[e].current() == e {
				list = append(list, e)
			}
		}
	}
	return list
}

// checkClear refuses packets in clear that the crypto map of the interface would have
// encrypted (RFC 4301 section 5.2). What IPsec itself needs comes in clear.
func (m *cryptoMap) checkClear(_ time.Time, pkt *ip.Packet) bool {
	if decrypted(pkt) || ip.IsIPv6(pkt.Bytes()) { // of which no line says anything
		return true
	}
	if m.c.stack.VRF(pkt.VRF()).Lookup(pkt.Dst()).Kind == ip.Local && needed(pkt) {
		return true
	}
	if _, protected := m.policy.Inbound(pkt.VRF(), pkt.Bytes()); !protected {
		return true
	}
	m.c.RefuseClear(pkt)
	return false
}
