package nat

import (
	"net/netip"
	"slices"
	"time"
)

// mapping is an inside endpoint that has a port outside.
type mapping struct {
	proto           uint8
	inside, outside netip.AddrPort
	remote          netip.AddrPort // the part of it that the mapping depends on
	made, used      time.Time
	peers           map[netip.AddrPort]time.Time // that the filter lets in, and when they were last sent to
	before, after   *mapping                     // in its queue
	static          bool                         // it is in no queue, and has no end
	fits            func(packet []byte) bool     // a static one's packets that leave; nil: all
}

type insideKey struct {
	proto          uint8
	inside, remote netip.AddrPort
}

type outsideKey struct {
	proto   uint8
	outside netip.AddrPort
}

// takes says whether the mapping is for a packet that leaves.
func (m *mapping) takes(b []byte) bool { return m.fits == nil || m.fits(b) }

func (m *mapping) insideKey() insideKey   { return insideKey{m.proto, m.inside, m.remote} }
func (m *mapping) outsideKey() outsideKey { return outsideKey{m.proto, m.outside} }

// queue are mappings of one timeout, the one that was used longest ago first.
type queue struct{ first, last *mapping }

func (q *queue) add(m *mapping) {
	if m.before = q.last; q.last != nil {
		q.last.after = m
	} else {
		q.first = m
	}
	q.last = m
}

func (q *queue) remove(m *mapping) {
	if m.before != nil {
		m.before.after = m.after
	} else {
		q.first = m.after
	}
	if m.after != nil {
		m.after.before = m.before
	} else {
		q.last = m.before
	}
	m.before, m.after = nil, nil
}

// table is what is mapped.
type table struct {
	inside  map[insideKey]*mapping
	outside map[outsideKey]*mapping
	queues  [4]queue  // by class
	last    [4]uint16 // port that was given out last, by class
}

// class is the queue of a protocol.
func class(proto uint8) int {
	switch proto {
	case protoUDP:
		return 0
	case protoTCP:
		return 1
	case whole:
		return 3
	}
	return 2
}

// protocols are those of the classes.
var protocols = [4]uint8{protoUDP, protoTCP, protoICMP, whole}

// whole is the protocol of a mapping of an address with all that it has.
const whole = 0

func (t *table) enter(m *mapping) {
	if t.inside == nil {
		t.inside, t.outside = map[insideKey]*mapping{}, map[outsideKey]*mapping{}
	}
	t.inside[m.insideKey()], t.outside[m.outsideKey()] = m, m
	if !m.static {
		t.queues[class(m.proto)].add(m)
	}
}

func (t *table) forget(m *mapping) {
	delete(t.inside, m.insideKey())
	delete(t.outside, m.outsideKey())
	if !m.static {
		t.queues[class(m.proto)].remove(m)
	}
}

// use moves a mapping to where the last used stand.
func (t *table) use(m *mapping, now time.Time) {
	m.used = now
	if m.static {
		return
	}
	q := &t.queues[class(m.proto)]
	q.remove(m)
	q.add(m)
}

const (
	wellKnown = 1024 // ports below are mapped to such, others to others (RFC 4787 4.2.2)
	lastPort  = 65535
)

// port finds a free port of an address outside; wish: the one that is given with it, if it
// is free.
func (t *table) port(proto uint8, outside netip.AddrPort, wish bool, reserved []uint16) (uint16, bool) {
	inside := outside.Port()
	free := func(p uint16) bool {
		return t.outside[outsideKey{proto, netip.AddrPortFrom(outside.Addr(), p)}] == nil && !(proto == protoUDP && slices.Contains(reserved, p))
	}
	if wish && free(inside) {
		return inside, true
	}
	low, high := uint16(wellKnown), uint16(lastPort)
	if inside < wellKnown && proto != protoICMP {
		low, high = 1, wellKnown-1
	}
	last := &t.last[class(proto)]
	for range int(high-low) + 1 {
		if *last++; *last < low || *last > high {
			*last = low
		}
		if *last != inside && free(*last) {
			return *last, true
		}
	}
	return 0, false
}

// maxPeers is how many peers a filter knows for one mapping.
const maxPeers = 256

// admit has the filter let a peer in; of too many the one that was sent to
// longest ago gives way.
func (m *mapping) admit(peer netip.AddrPort, now time.Time) {
	if _, known := m.peers[peer]; !known && len(m.peers) >= maxPeers {
		var oldest netip.AddrPort
		for p, at := range m.peers {
			if have := m.peers[oldest]; !oldest.IsValid() || at.Before(have) || at.Equal(have) && p.Compare(oldest) < 0 {
				oldest = p
			}
		}
		delete(m.peers, oldest)
	}
	if m.peers == nil {
		m.peers = map[netip.AddrPort]time.Time{}
	}
	m.peers[peer] = now
}
