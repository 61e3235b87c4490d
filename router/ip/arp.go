package ip

import (
	"encoding/binary"
	"time"
)

// ARP (RFC 826) for IPv4 over Ethernet.

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
	r.send(now, n.iface, to, arpRequest, n.iface.source(a), [6]byte{}, a)
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
	if op != arpRequest && op != arpReply || mac[0]&1 != 0 || mac == i.MAC || mac != from {
		r.bad(i)
		return
	}
	r.s.Totals.ARPIn.arp(op == arpReply)
	ours := i.owns(target) || r.s.Translator != nil && r.s.Translator.Answers(target.netip())
	if !ours && len(i.neighbours.byAddr) == 0 {
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
	if op == arpRequest && ours && !i.owns(sender) {
		r.send(now, i, mac, arpReply, target, mac, sender)
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
	return onLink && !i.owns(a) && len(i.neighbours.byAddr) < maxUnasked &&
		!(own.hasBroadcast() && (a == own.network().addr || a == own.last()))
}

// announceSoon has a gratuitous ARP sent for each address of a port that is
// up: at this instant, but not before whoever watches the device start has had
// a word.
func (r arp) announceSoon(now time.Time, i *Interface) {
	if !i.Physical {
		return
	}
	if i.announce.fire == nil {
		i.announce = NewTimer(func(now time.Time) { r.announce(now, i) })
	}
	r.s.timers.Set(&i.announce, now)
}

func (r arp) announce(now time.Time, i *Interface) {
	if !i.Protocol {
		return
	}
	for _, a := range i.addrs {
		if !a.addr.is4() {
			continue
		}
		r.send(now, i, BroadcastMAC, arpReply, a.addr, BroadcastMAC, a.addr)
	}
}

func (r arp) send(now time.Time, i *Interface, to [6]byte, op uint16, sender address, targetMAC [6]byte, target address) {
	r.s.Totals.ARPOut.arp(op == arpReply)
	r.saw(i, true, op, sender, i.MAC, target, targetMAC)
	f := make([]byte, EthernetHeader+arpLen)
	copy(f, to[:])
	copy(f[6:], i.MAC[:])
	binary.BigEndian.PutUint16(f[12:], ethertypeARP)
	b := f[EthernetHeader:]
	binary.BigEndian.PutUint64(b, 0x0001_0800_0604_0000|uint64(op))
	copy(b[8:], i.MAC[:])
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
