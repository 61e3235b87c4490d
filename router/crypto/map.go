package crypto

import (
	"encoding/binary"
	"slices"
	"time"

	"ikelab/ipsec/spd"
	"ikelab/router/ip"
)

// A crypto map is the ordered policy of an interface: what leaves by it is looked
// up, and encrypted where a line of a list says so. Each line has an entry for each
// of its peers, of which one is at work.

// MapSettings are what a configuration says of an interface's crypto map; no
// clauses: it has none.
type MapSettings struct {
	Tag     string
	Clauses []ClauseSettings
	Routes  []ip.StaticRoute // that are there as long as their entries are
}

// ClauseSettings are those of one sequence number.
type ClauseSettings struct {
	Inside int // the VRF of what it protects, by number
	Lookup spd.Lookup
	Lines  []LineSettings
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
	entries []*Entry            // in their order
	lines   map[*Entry]*mapLine // each is for one
	routes  []ip.StaticRoute    // static ones to what lies behind peers
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

// Set gives an interface its crypto map. Entries that stay keep their SAs; those of
// an entry that goes are IKE's to delete.
func (all *Maps) Set(now time.Time, i *ip.Interface, set MapSettings) {
	m := all.maps[i]
	if m == nil {
		m = &cryptoMap{c: all.c, iface: i, lines: map[*Entry]*mapLine{}}
		if all.maps == nil {
			all.maps = map[*ip.Interface]*cryptoMap{}
		}
		all.maps[i] = m
	}
	before := m.entries
	m.entries, m.policy = nil, spd.SPD[*mapLine]{}
	for _, clause := range set.Clauses {
		m.policy.Clauses = append(m.policy.Clauses, m.clause(now, clause))
	}
	stays := make(map[*Entry]bool, len(m.entries))
	for _, e := range m.entries {
		stays[e] = true
	}
	for _, e := range before {
		if !stays[e] {
			e.Remove(now)
			delete(m.lines, e)
		}
	}
	all.c.injected.swap(now, set.Routes, m.routes)
	if m.routes = set.Routes; set.Tag == "" {
		delete(all.maps, i)
		i.Guard(nil, nil)
		return
	}
	i.Guard(m.guard, m.checkClear)
}

func (m *cryptoMap) clause(now time.Time, set ClauseSettings) spd.Clause[*mapLine] {
	out := spd.Clause[*mapLine]{VRF: set.Inside, Lookup: set.Lookup, Entries: map[int]*mapLine{}}
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
		m.entries = append(m.entries, l.peers...)
		out.Entries[line.Number] = l
	}
	return out
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
func (all *Maps) Entries(i *ip.Interface) []*Entry {
	m := all.maps[i]
	if m == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(m.entries), func(e *Entry) bool { return len(e.pairs) == 0 && m.lines[e].current() != e })
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
