package ip

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"time"
)

// Addresses that routers share, of which one has them at a time (HSRP), and the groups by which
// these routers speak to each other.

// Share has an interface take an address that others may have had before: its packets are for this
// device from now on, and the neighbours are told.
func Share(now time.Time, s *Stack, i *Interface, a netip.Addr, mac [6]byte) {
	at := addressOf(a)
	if i.shared.has(at) {
		return
	}
	i.shared = append(i.shared, shared{at: at, mac: mac})
	if n := i.neighbours.get(a); n != nil { // somebody else had it
		discovery{s}.forget(n)
	}
	if i.routed {
		i.shared[len(i.shared)-1].connect(i)
		s.settle(now)
	}
	arp{s}.send(now, i, BroadcastMAC, arpReply, mac, at, BroadcastMAC, at)
}

// Unshare is the end of it.
func Unshare(now time.Time, s *Stack, i *Interface, a netip.Addr) {
	at := addressOf(a)
	k := slices.IndexFunc(i.shared, func(x shared) bool { return x.at == at })
	if k < 0 {
		return
	}
	if r := i.shared[k].route; r != nil && slices.Contains(i.connected, r) {
		i.table.withdraw(r)
		i.connected = slices.DeleteFunc(i.connected, func(x *Route) bool { return x == r })
	}
	i.shared = slices.Delete(i.shared, k, k+1)
	s.settle(now)
}

// Join has an interface take what is sent to a group of IPv4, or no longer.
func Join(i *Interface, group netip.Addr, on bool) {
	at := addressOf(group)
	i.groups = slices.DeleteFunc(i.groups, func(a address) bool { return a == at })
	if on {
		i.groups = append(i.groups, at)
	}
}

// SendToGroup sends a datagram to a group on the link of an interface, and no further.
func SendToGroup(now time.Time, s *Stack, i *Interface, from [6]byte, d Datagram) {
	if !i.Protocol {
		return
	}
	p := udpPacket(s, &Packet{}, d, 1)
	binary.BigEndian.PutUint16(p.Bytes()[4:], s.NextID())
	SetHeaderChecksum(p.Bytes())
	s.Totals.made(p.Bytes())
	watch(s, Sent, nil, p.Bytes(), &Entry{Kind: Link, Out: i})
	group := d.Remote.Addr().As4()
	to := [6]byte{0x01, 0x00, 0x5e, group[1] & 0x7f, group[2], group[3]}
	sendFrom(now, s, i, &to, &from, p.buf)
}

// Has says whether an address is one of an interface.
func Has(i *Interface, a netip.Addr) bool { return i.owns(addressOf(a)) }

// OnLink says whether an address is of a network of an interface.
func OnLink(i *Interface, a netip.Addr) bool {
	_, known := i.network(addressOf(a))
	return known
}

// Primary is the first address of IPv4 of an interface; invalid: it has none.
func Primary(i *Interface) netip.Addr {
	if len(i.Settings.Addresses) == 0 {
		return netip.Addr{}
	}
	return i.Settings.Addresses[0].Addr()
}
