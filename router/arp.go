package router

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
	"time"
)

// ARP (RFC 826) for IPv4 over Ethernet.

const (
	arpAge        = 4 * time.Hour    // IOS: ARP Timeout 04:00:00
	arpRefresh    = time.Minute      // before its age is up an entry is asked for again
	arpRetry      = time.Second      // between requests for one address
	arpTries      = 4                // requests that one packet causes
	arpHold       = 60 * time.Second // an unresolved entry, and the packet it holds, live so long after the last packet
	maxARPEntries = 4096             // per interface

	arpLen     = 28 // octets of an ARP packet
	opRequest  = 1
	opReply    = 2
	ethertype4 = 0x0800
	ethertypeA = 0x0806
)

var broadcastMAC = [6]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

// arpEntry is what is known of a neighbour. An entry that was taken out of
// the table is not resolved any more, so whoever kept it looks again.
type arpEntry struct {
	addr     ip4
	mac      [6]byte
	resolved bool
	learned  time.Time // when resolved
	asked    time.Time // last request
	tries    int       // requests since the last packet or answer
	wanted   time.Time // last packet that needs an unresolved neighbour
	due      time.Time
	held     [][]byte // latest packet, or what has come of its fragments; Ethernet header room included
}

// neighbour gives the entry of a neighbour, which may not be resolved.
func (i *iface) neighbour(a ip4) *arpEntry { return i.arp[a] }

// resolve makes the packet that needs an unresolved neighbour wait for it. An
// earlier one gives way (RFC 1122 section 2.3.2.2: keep at least one, the
// latest).
func (r *Router) resolve(now time.Time, i *iface, hop ip4, buf []byte) {
	e := i.arp[hop]
	if e == nil {
		if len(i.arp) >= maxARPEntries {
			i.count.outDrops++
			return
		}
		if i.arp == nil {
			i.arp = map[ip4]*arpEntry{}
		}
		e = &arpEntry{addr: hop}
		i.arp[hop] = e
	}
	if len(e.held) > 0 && !sameDatagram(e.held[0], buf) {
		i.count.outDrops += uint64(len(e.held))
		e.held = nil
	}
	e.held, e.wanted, e.tries = append(e.held, bytes.Clone(buf)), now, 0
	if e.asked.IsZero() || now.Sub(e.asked) >= arpRetry {
		r.ask(now, i, e)
		return
	}
	r.setARPDue(e, e.asked.Add(arpRetry))
}

// sameDatagram says whether two packets are fragments of one datagram.
func sameDatagram(a, b []byte) bool {
	a, b = a[ethernetHeader:], b[ethernetHeader:]
	return bytes.Equal(a[4:6], b[4:6]) && bytes.Equal(a[9:10], b[9:10]) && bytes.Equal(a[12:20], b[12:20]) &&
		binary.BigEndian.Uint16(a[6:])&fragmentMask != 0 && binary.BigEndian.Uint16(b[6:])&fragmentMask != 0
}

// ask sends a request for an entry's address; a refresh goes to the neighbour
// alone (RFC 1122 section 2.3.2.1).
func (r *Router) ask(now time.Time, i *iface, e *arpEntry) {
	own, ok := i.subnetOf(e.addr)
	if !ok {
		own.addr = i.primary() // a route through the interface itself
	}
	to := broadcastMAC
	if e.resolved {
		to = e.mac
	}
	e.asked = now
	e.tries++
	r.setARPDue(e, now.Add(arpRetry))
	r.sendARP(now, i, to, opRequest, own.addr, [6]byte{}, e.addr)
}

func (r *Router) setARPDue(e *arpEntry, due time.Time) {
	e.due = due
	r.arpDue = earliest(r.arpDue, due)
}

// advanceARP asks again, refreshes and forgets.
func (r *Router) advanceARP(now time.Time) {
	r.arpDue = time.Time{}
	for _, i := range r.ifaces {
		if i.unannounced && i.protocol {
			r.sendAnnouncement(now, i)
		}
		for _, e := range i.sortedARP() {
			if isDue(e.due, now) {
				r.ageARP(now, i, e)
			}
			if i.arp[e.addr] == e {
				r.arpDue = earliest(r.arpDue, e.due)
			}
		}
	}
}

// sortedARP lists the entries by address: maps have no order, runs must.
func (i *iface) sortedARP() []*arpEntry {
	list := make([]*arpEntry, 0, len(i.arp))
	for _, e := range i.arp {
		list = append(list, e)
	}
	slices.SortFunc(list, func(a, b *arpEntry) int { return cmp.Compare(a.addr, b.addr) })
	return list
}

// ageARP does what has become due for one entry.
func (r *Router) ageARP(now time.Time, i *iface, e *arpEntry) {
	if e.resolved {
		switch age := now.Sub(e.learned); {
		case age >= arpAge:
			i.forget(e)
		case e.tries < arpTries:
			r.ask(now, i, e)
		default:
			e.due = e.learned.Add(arpAge)
		}
		return
	}
	switch {
	case now.Sub(e.wanted) >= arpHold:
		i.count.outDrops += uint64(len(e.held))
		i.forget(e)
	case e.tries < arpTries:
		r.ask(now, i, e)
	default:
		e.due = e.wanted.Add(arpHold)
	}
}

func (i *iface) forget(e *arpEntry) {
	delete(i.arp, e.addr)
	e.resolved, e.held = false, nil
}

// flushARP forgets everything, as an interface does that goes down.
func (i *iface) flushARP() {
	for _, e := range i.arp {
		e.resolved, e.held = false, nil
	}
	i.arp = nil
}

// receiveARP takes an ARP packet. The order is RFC 826's: an entry that exists
// is updated by whatever its address says, also by a gratuitous announcement;
// a new one is made only for somebody who talks to us.
func (r *Router) receiveARP(now time.Time, i *iface, b []byte) {
	if len(b) < arpLen || binary.BigEndian.Uint64(b)>>16 != 0x0001_0800_0604 {
		i.count.inErrors++
		return
	}
	op := binary.BigEndian.Uint16(b[6:])
	mac, sender, target := [6]byte(b[8:14]), readIP4(b[14:]), readIP4(b[24:])
	if op != opRequest && op != opReply || mac[0]&1 != 0 || mac == i.mac {
		i.count.inErrors++
		return
	}
	if e := i.arp[sender]; e != nil {
		r.learn(now, i, e, mac)
	} else if i.owns(target) && i.mayLearn(sender) {
		if i.arp == nil {
			i.arp = map[ip4]*arpEntry{}
		}
		e := &arpEntry{addr: sender}
		i.arp[sender] = e
		r.learn(now, i, e, mac)
	}
	if op == opRequest && i.owns(target) && !i.owns(sender) {
		r.sendARP(now, i, mac, opReply, target, mac, sender)
	}
}

// mayLearn says whether an address is a neighbour's: of a network of ours,
// but neither the network itself nor its broadcast address nor us.
func (i *iface) mayLearn(a ip4) bool {
	own, onLink := i.subnetOf(a)
	return onLink && !i.owns(a) && len(i.arp) < maxARPEntries &&
		!(own.hasBroadcast() && (a == own.network() || a == own.broadcast()))
}

func (i *iface) owns(a ip4) bool {
	for _, own := range i.addrs {
		if own.addr == a {
			return true
		}
	}
	return false
}

// learn enters a neighbour's address and sends what waited for it.
func (r *Router) learn(now time.Time, i *iface, e *arpEntry, mac [6]byte) {
	e.mac, e.resolved, e.learned, e.tries = mac, true, now, 0
	r.setARPDue(e, now.Add(arpAge-arpRefresh))
	held := e.held
	e.held = nil
	for _, buf := range held {
		r.sendFrame(now, i, mac, buf)
	}
}

// announce has a gratuitous ARP sent for each address of a port that is up: at
// this instant, but not before whoever watches the router start has had a word.
func (r *Router) announce(now time.Time, i *iface) {
	if i.protocol && i.physical() {
		i.unannounced = true
		r.arpDue = earliest(r.arpDue, now)
	}
}

func (r *Router) sendAnnouncement(now time.Time, i *iface) {
	i.unannounced = false
	for _, a := range i.addrs {
		r.sendARP(now, i, broadcastMAC, opReply, a.addr, broadcastMAC, a.addr)
	}
}

func (r *Router) sendARP(now time.Time, i *iface, to [6]byte, op uint16, sender ip4, targetMAC [6]byte, target ip4) {
	f := make([]byte, ethernetHeader+arpLen)
	copy(f, to[:])
	copy(f[6:], i.mac[:])
	binary.BigEndian.PutUint16(f[12:], ethertypeA)
	b := f[ethernetHeader:]
	binary.BigEndian.PutUint64(b, 0x0001_0800_0604_0000|uint64(op))
	copy(b[8:], i.mac[:])
	writeIP4(b[14:], sender)
	copy(b[18:], targetMAC[:])
	writeIP4(b[24:], target)
	r.putOnWire(now, i, f)
}
