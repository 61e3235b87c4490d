package ip

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"time"
)

// Neighbour discovery (RFC 4861) and the detection of addresses that somebody else has
// (RFC 4862 section 5.4). There are no advertisements of routers.

const (
	neighbourSolicitation  = 135
	neighbourAdvertisement = 136

	ndLimit      = 255 // the hop limit of what has not crossed a router
	ndLen        = 24  // octets of a message without options
	optionLen    = 8   // of a hardware address
	optionSource = 1
	optionTarget = 2

	flagRouter    = 0x80
	flagSolicited = 0x40
	flagOverride  = 0x20

	reachableTime = 30 * time.Second
	delayTime     = 5 * time.Second
	detectTime    = time.Second
	askTries6     = 3 // requests, to all or to the one that was there
)

// reach is what is known of a neighbour of IPv6 whose hardware address is known (RFC 4861
// section 7.3.2).
type reach uint8

const (
	reachable reach = iota
	stale           // it was there, some time ago
	delayed         // something was sent since: it is asked soon
	probed          // it is being asked
)

// nd is the resolver of IPv6.
type nd struct{ s *Stack }

// DuplicateAddress says that somebody else has an address of an interface.
type DuplicateAddress struct {
	Interface string
	Address   netip.Addr
}

func (DuplicateAddress) Kind() string { return "ip.duplicate_address" }

// detect asks for addresses that an interface is about to use; nil: for all that it has. What
// is no port has no neighbours.
func (r nd) detect(now time.Time, i *Interface, fresh []address) {
	if !i.Physical || !i.six.on() {
		return
	}
	if fresh == nil {
		i.six.tentative, i.six.duplicate = nil, nil
		fresh = append(fresh, i.six.linkLocal)
		for _, a := range i.addrs {
			if !a.addr.is4() {
				fresh = append(fresh, a.addr)
			}
		}
	}
	if i.six.detecting.fire == nil {
		i.six.detecting = NewTimer(func(now time.Time) { r.detected(now, i) })
	}
	i.six.tentative, i.six.asked = append(i.six.tentative, fresh...), false
	r.s.timers.Set(&i.six.detecting, now)
}

// detected asks, or has waited long enough.
func (r nd) detected(now time.Time, i *Interface) {
	if !i.Protocol {
		return
	}
	if !i.six.asked {
		i.six.asked = true
		for _, a := range i.six.tentative {
			r.send(now, i, groupMAC(solicited(a)), none, solicited(a), message{kind: neighbourSolicitation, target: a})
		}
		r.s.timers.Set(&i.six.detecting, now.Add(detectTime))
		return
	}
	r.settled(now, i, func(address) bool { return true })
}

// settled ends the detection of some addresses, and has the routes follow.
func (r nd) settled(now time.Time, i *Interface, which func(address) bool) {
	i.six.tentative = slices.DeleteFunc(i.six.tentative, which)
	i.moved = true
	r.s.connect(now, i)
}

// somebody else has an address.
func (r nd) conflict(now time.Time, i *Interface, a address) {
	i.six.duplicate = append(i.six.duplicate, a)
	r.s.records.Emit(DuplicateAddress{Interface: i.Name, Address: a.netip()})
	r.settled(now, i, func(b address) bool { return a == b })
}

// message is a solicitation or an advertisement.
type message struct {
	kind, flags uint8
	target      address
	mac         [6]byte // of the option that it may have
	has         bool
}

// parse reads a message as RFC 4861 sections 7.1.1 and 7.1.2 ask, but for what is said of
// addresses; b is behind a good checksum.
func parseND(b []byte) (m message, ok bool) {
	if len(b) < ndLen || b[1] != 0 {
		return m, false
	}
	m = message{kind: b[0], flags: b[4], target: readV6(b[8:])}
	want := byte(optionSource)
	if m.kind == neighbourAdvertisement {
		want = optionTarget
	}
	for o := b[ndLen:]; len(o) > 0; {
		if len(o) < 2 || o[1] == 0 || int(o[1])*8 > len(o) {
			return m, false
		}
		if o[0] == want && o[1] == 1 {
			m.mac, m.has = [6]byte(o[2:8]), o[2]&1 == 0
		}
		o = o[int(o[1])*8:]
	}
	return m, !m.target.group6()
}

// receive takes a message.
func (r nd) receive(now time.Time, p *Packet, b []byte) {
	i := p.In
	if i == nil || !i.Physical {
		return
	}
	m, ok := parseND(b)
	src, dst := p.src(), p.dst()
	switch {
	case !ok, p.ttl() != ndLimit, m.has && m.mac == i.MAC,
		m.kind == neighbourSolicitation && src == none && (m.has || dst != solicited(m.target)),
		m.kind == neighbourAdvertisement && dst.group6() && m.flags&flagSolicited != 0:
		r.s.Refuse(p, BadND)
		return
	}
	switch {
	case slices.Contains(i.six.tentative, m.target):
		if m.kind == neighbourAdvertisement || src == none {
			r.conflict(now, i, m.target)
		}
	case m.kind == neighbourSolicitation:
		if i.answers(m.target) {
			r.answer(now, i, m, src)
		}
	default:
		r.learn(now, i, m)
	}
}

// answers says whether an address is one that the interface uses.
func (i *Interface) answers(a address) bool {
	return (a == i.six.linkLocal || i.owns(a)) && !i.six.pending(a)
}

// answer answers a solicitation (RFC 4861 section 7.2.4), and learns from it (7.2.3).
func (r nd) answer(now time.Time, i *Interface, m message, src address) {
	reply := message{kind: neighbourAdvertisement, flags: flagOverride, target: m.target, mac: i.MAC, has: true}
	if r.s.Forward6 {
		reply.flags |= flagRouter
	}
	if src == none {
		r.send(now, i, groupMAC(allNodes), m.target, allNodes, reply)
		return
	}
	reply.flags |= flagSolicited
	d := discovery(r)
	n := i.neighbours.get(src.netip())
	if m.has && n == nil && len(i.neighbours.byAddr) < maxUnasked && i.onLink(src) {
		n = d.enter(i, src.netip())
	}
	if m.has && n != nil && (!n.Resolved || n.MAC != m.mac) {
		d.learn(now, n, m.mac)
		d.stale(now, n)
	}
	if n != nil && n.Resolved {
		r.send(now, i, n.MAC, m.target, src, reply)
	}
}

// onLink says whether an address of IPv6 is a neighbour's.
func (i *Interface) onLink(a address) bool {
	_, known := i.network(a)
	return (known || a.linkLocal()) && a != i.six.linkLocal && !i.owns(a)
}

// learn takes an advertisement (RFC 4861 section 7.2.5).
func (r nd) learn(now time.Time, i *Interface, m message) {
	n, d := i.neighbours.get(m.target.netip()), discovery(r)
	switch {
	case n == nil, !n.Resolved && !m.has:
		return
	case n.Resolved && m.has && m.mac != n.MAC && m.flags&flagOverride == 0:
		if n.state == reachable {
			d.stale(now, n)
		}
		return
	}
	mac, same := n.MAC, !m.has || n.Resolved && m.mac == n.MAC
	if m.has {
		mac = m.mac
	}
	switch {
	case m.flags&flagSolicited != 0:
		d.learn(now, n, mac)
	case !same:
		d.learn(now, n, mac)
		d.stale(now, n)
	}
}

// ask sends a solicitation: to the neighbour alone when it is known (RFC 4861 section
// 7.2.2).
func (r nd) ask(now time.Time, n *Neighbour) {
	i, to, mac := n.iface, n.addr, n.MAC
	if !n.Resolved {
		to, mac = solicited(n.addr), groupMAC(solicited(n.addr))
	}
	from := i.source6(n.addr)
	if from == none {
		from = i.source6(i.six.linkLocal)
	}
	if from == none {
		return
	}
	r.send(now, i, mac, from, to, message{kind: neighbourSolicitation, target: n.addr, mac: i.MAC, has: true})
}

func (r nd) send(now time.Time, i *Interface, mac [6]byte, src, dst address, m message) {
	n := ndLen
	if m.has {
		n += optionLen
	}
	p := newPacket(ProtoICMPv6, src, dst, ndLimit, n)
	b := p.Payload()
	b[0], b[4] = m.kind, m.flags
	writeV6(b[8:], m.target)
	if m.has {
		b[ndLen], b[ndLen+1] = optionSource, 1
		if m.kind == neighbourAdvertisement {
			b[ndLen] = optionTarget
		}
		copy(b[ndLen+2:], m.mac[:])
	}
	setICMPChecksum(p)
	binary.BigEndian.PutUint16(p.Bytes()[4:], uint16(n))
	r.s.Totals6.made(p.Bytes())
	watch(r.s, Sent, nil, p.Bytes(), &Entry{Kind: Link, Out: i})
	r.s.sendFrame(now, i, mac, p.buf)
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
