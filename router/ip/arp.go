package ip

import (
	"encoding/binary"
	"slices"
	"time"
)

// Who asks for hardware addresses: ARP (RFC 826) for IPv4, neighbour discovery for IPv6.

const (
	arpLen       = 28 // octets of an ARP packet
	arpRequest   = 1
	arpReply     = 2
	ethertypeIP4 = 0x0800
	ethertypeIP6 = 0x86dd
	ethertypeARP = 0x0806
)

// BroadcastMAC is everybody on a segment.
var BroadcastMAC = [6]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

// arp is the resolver of IPv4.
type arp struct{ s *Stack }

func (r arp) ask(now time.Time, n *Neighbour, to [6]byte) {
	a := addressOf(n.Address)
	r.send(now, n.iface, to, arpRequest, n.iface.MAC, n.iface.source(a), [6]byte{}, a)
}

// receive takes an ARP packet; from is the sender in the frame's header.
// The order is RFC 826's: an entry that exists is updated by whatever its
// address says, also by a gratuitous announcement; a new one is made only for
// somebody who talks to us. No checksum protects an ARP packet: one whose
// sender is not the frame's is not believed, nor is an answer to no question.
func (r arp) receive(now time.Time, i *Interface, from [6]byte, b []byte) {
	if len(b) < arpLen || binary.BigEndian.Uint64(b)>>16 != 0x0001_0800_0604 {
		r.bad(i)
		return
	}
	op := binary.BigEndian.Uint16(b[6:])
	mac, sender, target := [6]byte(b[8:14]), readV4(b[14:]), readV4(b[24:])
	if op != arpRequest && op != arpReply || mac[0]&1 != 0 || mac == i.MAC || i.shared.takes(mac) || mac != from {
		r.bad(i)
		return
	}
	r.s.Totals.ARPIn.arp(op == arpReply)
	if i.owns(sender) || i.shared.has(sender) {
		r.s.records.Emit(DuplicateAddress{Interface: i.Name, Address: sender.netip(), MAC: mac})
	}
	ours := i.owns(target) || i.shared.has(target) || r.s.Translator != nil && i.VRF() == 0 && r.s.Translator.Answers(target.netip())
	if !ours && i.neighbours.known().Len() == 0 {
		return // a question for somebody else, of nobody that we know
	}
	r.saw(i, false, op, sender, mac, target, [6]byte(b[18:24]))
	n := i.neighbours.get(sender.netip())
	if op == arpReply && ours && (n == nil || !n.awaited()) {
		return // an answer that nobody asked for
	}
	if n == nil && ours && i.mayLearn(sender) {
		n = discovery(r).enter(i, sender.netip())
	}
	if n != nil {
		discovery(r).learn(now, n, mac)
	}
	if op == arpRequest && ours && !i.owns(sender) && !i.shared.has(sender) {
		r.send(now, i, mac, arpReply, i.shared.hardware(target, i.MAC), target, mac, sender)
	}
}

func (r arp) bad(i *Interface) {
	i.Counters.InErrors++
	r.s.drop(i, nil, BadARP)
}

// mayLearn says whether an address is a neighbour's: of a network of ours,
// but neither the network itself nor its broadcast address nor us.
func (i *Interface) mayLearn(a address) bool {
	own, onLink := i.network(a)
	return onLink && !i.owns(a) && !i.shared.has(a) && i.neighbours.known().Len() < maxUnasked &&
		!(own.hasBroadcast() && (a == own.network().addr || a == own.last()))
}

// announceSoon has a gratuitous ARP sent for each address of a port that is
// up: at this instant, but not before whoever watches the device start has had
// a word.
func (r arp) announceSoon(now time.Time, i *Interface) {
	if !i.Physical {
		return
	}
	if i.announce == nil {
		i.announce = &Timer{fire: func(now time.Time) { r.announce(now, i) }}
	}
	r.s.timers.Set(i.announce, now)
}

func (r arp) announce(now time.Time, i *Interface) {
	i.announce = nil // it is long until the next time
	if !i.Protocol {
		return
	}
	for _, a := range i.addrs {
		if !a.addr.is4() {
			continue
		}
		r.send(now, i, BroadcastMAC, arpReply, i.MAC, a.addr, BroadcastMAC, a.addr)
	}
}

func (r arp) send(now time.Time, i *Interface, to [6]byte, op uint16, mac [6]byte, sender address, targetMAC [6]byte, target address) {
	r.s.Totals.ARPOut.arp(op == arpReply)
	r.saw(i, true, op, sender, mac, target, targetMAC)
	f := make([]byte, EthernetHeader+arpLen)
	copy(f, to[:])
	copy(f[6:], mac[:])
	binary.BigEndian.PutUint16(f[12:], ethertypeARP)
	b := f[EthernetHeader:]
	binary.BigEndian.PutUint64(b, 0x0001_0800_0604_0000|uint64(op))
	copy(b[8:], mac[:])
	writeV4(b[14:], sender)
	copy(b[18:], targetMAC[:])
	writeV4(b[24:], target)
	countARPOut(i, len(f))
	r.s.putOnWire(now, i, f)
}

// saw shows an ARP packet.
func (r arp) saw(i *Interface, sent bool, op uint16, sender address, mac [6]byte, target address, sought [6]byte) {
	if !r.s.records.Watched() {
		return
	}
	r.s.records.Pass(ARPSeen{i.Name, sent, op == arpReply, sender.netip(), target.netip(), mac, sought})
}

// set gives an interface its addresses of IPv6; had are those that it had.
func (r nd) set(now time.Time, i *Interface, had []prefix) {
	set, before := i.Settings.six(), i.six.linkLocal
	if i.six.linkLocal = none; !set.On {
		i.six.detection.stop(r.s.timers)
		if i.six.found != nil {
			i.six.found.networks = nil
		}
		return
	}
	if i.six.linkLocal = linkLocalOf(i.MAC); set.LinkLocal.IsValid() {
		i.six.linkLocal = addressOf(set.LinkLocal)
	}
	for _, p := range set.Addresses {
		if a, ok := prefixOf(p); ok {
			i.addrs = append(i.addrs, a)
		}
	}
	for _, p := range set.EUI64 {
		if a, ok := prefixOf(p); ok {
			a.addr.lo = interfaceID(i.MAC)
			i.addrs = append(i.addrs, a)
		}
	}
	for _, l := range i.six.networks() {
		if !i.owns(l.at.addr) {
			i.addrs = append(i.addrs, l.at)
		}
	}
	var fresh []address
	if i.six.linkLocal != before {
		fresh = append(fresh, i.six.linkLocal)
	}
	for _, a := range i.addrs {
		if !a.addr.is4() && !slices.ContainsFunc(had, func(b prefix) bool { return a.addr == b.addr }) {
			fresh = append(fresh, a.addr)
		}
	}
	i.six.detection.keep(func(a address) bool { return a == i.six.linkLocal || i.owns(a) })
	if i.Protocol && len(fresh) > 0 {
		r.detect(now, i, fresh)
	}
}

// nd is the resolver of IPv6 (nd.go has its messages).
type nd struct{ s *Stack }

// detect asks for addresses that an interface is about to use; nil: for all that it has. What
// is no port has no neighbours.
func (r nd) detect(now time.Time, i *Interface, fresh []address) {
	if !i.Physical || !i.six.on() {
		return
	}
	if i.six.detection == nil {
		i.six.detection = &detection{due: NewTimer(func(now time.Time) { r.detected(now, i) })}
	}
	d := i.six.detection
	if fresh == nil {
		d.tentative, d.duplicate = nil, nil
		fresh = append(fresh, i.six.linkLocal)
		for _, a := range i.addrs {
			if !a.addr.is4() {
				fresh = append(fresh, a.addr)
			}
		}
	}
	d.tentative, d.asked = append(d.tentative, fresh...), false
	r.s.timers.Set(&d.due, now)
}

// detected asks, or has waited long enough.
func (r nd) detected(now time.Time, i *Interface) {
	if !i.Protocol {
		return
	}
	if d := i.six.detection; !d.asked {
		d.asked = true
		for _, a := range d.tentative {
			r.send(now, i, groupMAC(solicited(a)), none, solicited(a), message{kind: neighbourSolicitation, target: a})
		}
		r.s.timers.Set(&d.due, now.Add(detectTime))
		return
	}
	r.settled(now, i, func(address) bool { return true })
}

// settled ends the detection of some addresses, and has the routes follow.
func (r nd) settled(now time.Time, i *Interface, which func(address) bool) {
	var fresh []address
	d := i.six.detection
	d.tentative = slices.DeleteFunc(d.tentative, func(a address) bool {
		if which(a) {
			fresh = append(fresh, a)
		}
		return which(a)
	})
	for _, a := range i.addrs {
		if i.routed && slices.Contains(fresh, a.addr) && !i.six.pending(a.addr) {
			i.table.connectAddress(i, a)
		}
	}
	if slices.Contains(fresh, i.six.linkLocal) {
		r.s.Interfaces.speaks(now, i)
	}
	if d.taken(i.six.linkLocal) { // it has no address any more
		i.moved = true
		r.s.connect(now, i)
	}
	r.s.settle(now)
}

// somebody else has an address.
func (r nd) conflict(now time.Time, i *Interface, a address) {
	i.six.detection.duplicate = append(i.six.detection.duplicate, a)
	r.s.records.Emit(DuplicateAddress{Interface: i.Name, Address: a.netip()})
	r.settled(now, i, func(b address) bool { return a == b })
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
	case i.six.detection.doubts(m.target):
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
	if m.has && n == nil && i.neighbours.known().Len() < maxUnasked && onLink(i, src) {
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
	from := source6(i, n.addr)
	if from == none {
		from = source6(i, i.six.linkLocal)
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
	r.post(now, i, mac, p)
}

// post sends a message that is whole but for its checksum.
func (r nd) post(now time.Time, i *Interface, mac [6]byte, p *Packet) {
	b := p.Payload()
	setICMPChecksum(p)
	binary.BigEndian.PutUint16(p.Bytes()[4:], uint16(len(b)))
	r.s.Totals6().made(p.Bytes())
	watch(r.s, Sent, nil, p.Bytes(), &Entry{Kind: Link, Out: i})
	r.s.sendFrame(now, i, &mac, p.buf)
}
