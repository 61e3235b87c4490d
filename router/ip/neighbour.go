package ip

import (
	"bytes"
	"net/netip"
	"slices"
	"time"

	"ikelab/ipsec/few"
	"ikelab/router/record"
)

const (
	neighbourAge     = 4 * time.Hour     // IOS: ARP Timeout 04:00:00
	neighbourRefresh = time.Minute       // before its age is up an entry is asked for again
	askPause         = time.Second       // between requests for one address
	askTries         = 4                 // requests that one packet causes
	holdTime         = 60 * time.Second  // an unresolved entry, and the packet it holds, live so long after the last packet
	maxHeld          = 64                // packets that wait for one neighbour: a datagram's fragments
	maxWaiting       = 256               // that wait in a device, beside the latest for each neighbour
	maxNeighbours    = 1 << 16           // of an interface,
	maxUnasked       = maxNeighbours / 2 // of which so many may have come by themselves
)

// neighbours are those of one interface, of both address families.
type neighbours struct {
	byAddr *few.Map[netip.Addr, *Neighbour] // nil: it never had any
	recent *Neighbour                       // that was looked for last
}

// Neighbour is what is known of a neighbour. One that was taken out of the
// table is not Resolved any more, so whoever kept it looks again.
type Neighbour struct {
	Address  netip.Addr
	MAC      [6]byte
	Resolved bool
	Learned  time.Time // when resolved

	iface  *Interface
	addr   address
	state  reach     // of an IPv6 neighbour
	asked  time.Time // last request
	tries  int       // requests since the last packet or answer
	wanted time.Time // last packet that needs an unresolved neighbour
	due    Timer
	held   []heldPacket // packets that wait, oldest first
}

// heldPacket is a packet that waits, Ethernet header room included, and the
// record that it follows from.
type heldPacket struct {
	buf   []byte
	cause record.ID
}

// discovery is what finds neighbours, whoever asks for them: ARP for IPv4, neighbour
// discovery for IPv6.
type discovery struct{ s *Stack }

func (t *neighbours) get(a netip.Addr) *Neighbour { return t.known().Get(a) }

// noNeighbours are those of interfaces that never had any: nobody may change them.
var noNeighbours few.Map[netip.Addr, *Neighbour]

// known are those that there are, to be read.
func (t *neighbours) known() *few.Map[netip.Addr, *Neighbour] {
	if t.byAddr == nil {
		return &noNeighbours
	}
	return t.byAddr
}

// at is get for the data path, which mostly asks for the one that it asked for
// last.
func (t *neighbours) at(a address) *Neighbour {
	if n := t.recent; n != nil && n.addr == a && n.Resolved {
		return n
	}
	t.recent = t.get(a.netip())
	return t.recent
}

// Neighbours lists an interface's neighbours by address.
func (i *Interface) Neighbours() []*Neighbour {
	list := make([]*Neighbour, 0, i.neighbours.known().Len())
	for _, n := range i.neighbours.known().All() {
		list = append(list, n)
	}
	slices.SortFunc(list, func(a, b *Neighbour) int { return a.Address.Compare(b.Address) })
	return list
}

// enter enters a neighbour that is not resolved.
func (d discovery) enter(i *Interface, a netip.Addr) *Neighbour {
	t := &i.neighbours
	if t.byAddr == nil {
		t.byAddr = &few.Map[netip.Addr, *Neighbour]{}
	}
	n := &Neighbour{Address: a, addr: addressOf(a), iface: i}
	n.due = NewTimer(func(now time.Time) { d.age(now, n) })
	if !n.addr.is4() {
		n.due = NewTimer(func(now time.Time) { d.age6(now, n) })
	}
	t.byAddr.Put(a, n)
	return n
}

// await makes a packet that needs an unresolved neighbour wait for it. Where there
// is no room for one more the oldest gives way: "The link layer SHOULD save (rather
// than discard) at least one (the latest) packet of each set of packets destined to
// the same unresolved IP address" (RFC 1122 section 2.3.2.2).
func (d discovery) await(now time.Time, i *Interface, hop netip.Addr, buf []byte) {
	n := i.neighbours.get(hop)
	if n == nil {
		if i.neighbours.known().Len() >= maxNeighbours {
			d.s.DropOut(i, buf[EthernetHeader:], TooMany)
			return
		}
		n = d.enter(i, hop)
		if d.s.records.Watched() {
			d.s.records.Pass(NeighbourWanted{i.Name, hop})
		}
	}
	if len(n.held) > 0 && (len(n.held) == maxHeld || d.s.waiting >= maxWaiting) {
		d.s.DropOut(i, n.held[0].buf[EthernetHeader:], Superseded)
		n.held = slices.Delete(n.held, 0, 1)
		d.s.waiting--
	}
	n.held = append(n.held, heldPacket{bytes.Clone(buf), d.s.records.Last()})
	d.s.waiting++
	n.wanted, n.tries = now, 0
	if n.asked.IsZero() || now.Sub(n.asked) >= askPause {
		d.ask(now, n)
		return
	}
	d.s.timers.Set(&n.due, n.asked.Add(askPause))
}

// release takes what waits for a neighbour from it.
func (d discovery) release(n *Neighbour) []heldPacket {
	held := n.held
	n.held = nil
	d.s.waiting -= len(held)
	return held
}

func (d discovery) dropHeld(n *Neighbour, why Reason) {
	for _, h := range d.release(n) {
		d.s.DropOut(n.iface, h.buf[EthernetHeader:], why)
	}
}

// ask sends a request; a refresh goes to the neighbour alone
// (RFC 1122 section 2.3.2.1, unicast poll).
func (d discovery) ask(now time.Time, n *Neighbour) {
	to := BroadcastMAC
	if n.Resolved {
		to = n.MAC
	}
	n.asked = now
	n.tries++
	d.s.timers.Set(&n.due, now.Add(askPause))
	if n.addr.is4() {
		arp(d).ask(now, n, to)
	} else {
		nd(d).ask(now, n)
	}
}

// age does what has become due: asks again, refreshes, forgets.
func (d discovery) age(now time.Time, n *Neighbour) {
	given := n.wanted.Add(holdTime)
	if n.Resolved {
		given = n.Learned.Add(neighbourAge)
	}
	switch {
	case !now.Before(given):
		d.dropHeld(n, Unresolved)
		d.forget(n)
	case n.tries < askTries:
		d.ask(now, n)
	default:
		d.s.timers.Set(&n.due, given)
	}
}

// awaited says whether a request has not been answered yet.
func (n *Neighbour) awaited() bool { return n.asked.After(n.Learned) }

// learn enters a neighbour's address and sends what waited for it.
func (d discovery) learn(now time.Time, n *Neighbour, mac [6]byte) {
	if (!n.Resolved || n.MAC != mac) && !d.s.records.Unheard() {
		d.s.records.Emit(NeighbourChanged{n.iface.Name, n.Address, mac, true})
	}
	n.MAC, n.Resolved, n.Learned, n.tries = mac, true, now, 0
	if n.state = reachable; n.addr.is4() {
		d.s.timers.Set(&n.due, now.Add(neighbourAge-neighbourRefresh))
	} else {
		d.s.timers.Set(&n.due, now.Add(reachableTime))
	}
	held, here := d.release(n), d.s.records.Last()
	for _, h := range held {
		d.s.records.Resume(h.cause)
		d.s.sendFrame(now, n.iface, &mac, h.buf)
	}
	d.s.records.Resume(here)
}

func (d discovery) forget(n *Neighbour) {
	if n.Resolved && !d.s.records.Unheard() {
		d.s.records.Emit(NeighbourChanged{n.iface.Name, n.Address, n.MAC, false})
	}
	n.iface.neighbours.byAddr.Delete(n.Address)
	n.iface.neighbours.recent = nil
	d.s.timers.Set(&n.due, time.Time{})
	d.release(n)
	n.Resolved = false
}

// RefreshNeighbours forgets all neighbours that are known, or the one with an address, and asks
// for them anew, as `clear arp-cache` does.
func RefreshNeighbours(now time.Time, s *Stack, only netip.Addr) {
	d := discovery{s}
	for _, i := range s.Interfaces.All() {
		for _, known := range i.Neighbours() {
			if known.Resolved && known.addr.is4() && (!only.IsValid() || known.Address == only) {
				d.forget(known)
				n := d.enter(i, known.Address)
				n.wanted = now
				d.ask(now, n)
			}
		}
	}
}

// ForgetNeighbours6 forgets all neighbours of IPv6: who is wanted is asked for anew.
func ForgetNeighbours6(s *Stack) {
	d := discovery{s}
	for _, i := range s.Interfaces.All() {
		for _, known := range i.Neighbours() {
			if known.Resolved && !known.addr.is4() {
				d.forget(known)
			}
		}
	}
}

// flush forgets everybody, as an interface does that goes down.
func (t *neighbours) flush(s *Stack) {
	for _, n := range t.known().All() {
		s.timers.Set(&n.due, time.Time{})
		discovery{s}.release(n)
		n.Resolved = false
	}
	*t = neighbours{}
}

// stale notes that a neighbour may not be there any more.
func (d discovery) stale(now time.Time, n *Neighbour) {
	n.state = stale
	d.s.timers.Set(&n.due, n.Learned.Add(neighbourAge))
}

// used has a neighbour asked soon whether it is there, since something was sent to it.
func (d discovery) used(now time.Time, n *Neighbour) {
	n.state = delayed
	d.s.timers.Set(&n.due, now.Add(delayTime))
}

// age6 is age for a neighbour of IPv6.
func (d discovery) age6(now time.Time, n *Neighbour) {
	switch {
	case !n.Resolved && n.tries < askTries6, n.Resolved && n.state == probed && n.tries < askTries6:
		d.ask(now, n)
	case n.Resolved && n.state == reachable:
		d.stale(now, n)
	case n.Resolved && n.state == delayed:
		n.state, n.tries = probed, 0
		d.ask(now, n)
	default:
		d.dropHeld(n, Unresolved)
		d.forget(n)
	}
}

// onLink says whether an address of IPv6 is a neighbour's.
func onLink(i *Interface, a address) bool {
	_, known := i.network(a)
	return (known || a.linkLocal()) && a != i.six.linkLocal && !i.owns(a)
}
