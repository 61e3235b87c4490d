package swarm

import (
	"encoding/binary"
	"net/netip"
	"time"

	"ikelab/netsim"
	"ikelab/router/ip"
)

// host is a station: it answers ARP, sends numbered packets by its router, and has
// all that comes judged. It keeps no time.
type host struct {
	number int
	mac    [6]byte
	router func() [6]byte // hardware address of its router
	ledger *ledger
	send   func(port int, frame []byte, cause uint64) (number uint64)
}

const (
	ethernetLen = 14
	typeIPv4    = 0x0800
	typeARP     = 0x0806
	arpLen      = ethernetLen + 28
	ipLen       = ip.HeaderLen
	udpLen      = 8
	protoUDP    = 17
	ttl         = 64
)

// attach gives a station a place behind its router.
func attach(s *netsim.Sim, h *host, at door) error {
	h.mac = [6]byte{2, 0xff, 0, 0, 0, byte(h.number)}
	d := s.AddNode("H"+nameOf(h.number)[1:], h, []string{"eth0"})
	_, err := s.Link(s.Port(at.node+":"+at.port), d.Port(0))
	return err
}

// Attach, and what follows it, make a station a node of the fabric.
func (h *host) Attach(send func(port int, frame []byte, cause uint64) (number uint64), _ func(cost time.Duration, id uint64)) {
	h.send = send
}
func (h *host) Start(time.Time)              {}
func (h *host) Carrier(time.Time, int, bool) {}
func (h *host) Advance(time.Time)            {}
func (h *host) Deadline() time.Time          { return time.Time{} }
func (h *host) Work(uint64) func()           { return nil }
func (h *host) Deliver(time.Time, uint64)    {}

func (h *host) Receive(_ time.Time, _ int, frame []byte, _, cause uint64) {
	if len(frame) < ethernetLen {
		return
	}
	switch binary.BigEndian.Uint16(frame[12:]) {
	case typeARP:
		h.answer(frame, cause)
	case typeIPv6:
		if [6]byte(frame) == h.mac {
			h.ledger.delivered(h.number, frame[ethernetLen:])
		} else {
			h.advertise(frame, cause)
		}
	case typeIPv4:
		if [6]byte(frame) == h.mac {
			h.ledger.delivered(h.number, frame[ethernetLen:])
		}
	}
}

// answer tells who asks for the station's hardware address.
func (h *host) answer(frame []byte, cause uint64) {
	const request, reply = 1, 2
	own := station(h.number).As4()
	if len(frame) < arpLen || binary.BigEndian.Uint16(frame[20:]) != request || [4]byte(frame[38:]) != own {
		return
	}
	b := make([]byte, arpLen)
	copy(b, frame[6:12])
	copy(b[6:], h.mac[:])
	copy(b[12:], frame[12:20])
	binary.BigEndian.PutUint16(b[20:], reply)
	copy(b[22:], h.mac[:])
	copy(b[28:], own[:])
	copy(b[32:], frame[22:32])
	h.send(0, b, cause)
}

// frame is a frame to the router, and the place in it of a packet of so many octets.
func (h *host) frame(kind uint16, octets int) (b, packet []byte) {
	b = make([]byte, ethernetLen+octets)
	gateway := h.router()
	copy(b, gateway[:])
	copy(b[6:], h.mac[:])
	binary.BigEndian.PutUint16(b[12:], kind)
	return b, b[ethernetLen:]
}

// packet sends a packet of so many octets to another station.
func (h *host) packet(to, octets int) (id uint16, sent bool) {
	id, ok := h.ledger.sending(h.number, to, octets)
	if !ok {
		return 0, false
	}
	b, p := h.frame(typeIPv4, octets)
	p[0] = 0x45
	binary.BigEndian.PutUint16(p[2:], uint16(octets))
	binary.BigEndian.PutUint16(p[4:], id)
	p[8], p[9] = ttl, protoUDP
	putAddr(p[12:], station(h.number))
	putAddr(p[16:], station(to))
	ip.SetHeaderChecksum(p)
	fill(p[ipLen:], h.number, id, 0)
	h.send(0, b, 0)
	return id, true
}

func putAddr(b []byte, a netip.Addr) {
	v := a.As4()
	copy(b, v[:])
}

// fill writes what a packet carries from an octet on: the ports of a UDP header,
// whose length nobody reads; then octets that tell the packet and their place in it.
func fill(b []byte, from int, id uint16, at int) {
	for i := range b {
		b[i] = octet(from, id, at+i)
	}
}

// octet is the octet of a packet at a place behind its IP header.
func octet(from int, id uint16, at int) byte {
	const port = 7
	switch {
	case at == 1 || at == 3:
		return port
	case at < udpLen:
		return 0
	}
	return byte(from*31 + int(id)*7 + at)
}

// What a station has of IPv6, where tunnels carry both families. The flow label of a packet is
// its id; it is never in fragments.

const (
	typeIPv6    = 0x86dd
	sixLen      = 40
	sixMost     = 1280 // octets of a packet that each way has to carry
	protoICMPv6 = 58
	solicits    = 135
	advertises  = 136
	toSolicited = 0x60 // flags: to who has asked, instead of what was known
	targetLink  = 2    // option: the hardware address
)

// advertise tells who looks for the station which hardware address it has.
func (h *host) advertise(frame []byte, cause uint64) {
	own := station6(h.number).As16()
	p := frame[ethernetLen:]
	if len(p) < sixLen+24 || p[6] != protoICMPv6 || p[sixLen] != solicits || [16]byte(p[sixLen+8:]) != own {
		return
	}
	b := make([]byte, ethernetLen+sixLen+32)
	copy(b, frame[6:12])
	copy(b[6:], h.mac[:])
	binary.BigEndian.PutUint16(b[12:], typeIPv6)
	q := b[ethernetLen:]
	head6(q, 32, protoICMPv6, 255)
	copy(q[8:], own[:])
	copy(q[24:], p[8:24])
	m := q[sixLen:]
	m[0], m[4] = advertises, toSolicited
	copy(m[8:], own[:])
	m[24], m[25] = targetLink, 1
	copy(m[26:], h.mac[:])
	binary.BigEndian.PutUint16(m[2:], ip.Fold(ip.Sum(ip.Sum(uint32(protoICMPv6)+uint32(len(m)), q[8:sixLen]), m)))
	h.send(0, b, cause)
}

// head6 begins a packet of IPv6.
func head6(p []byte, octets int, protocol, hops byte) {
	p[0] = 0x60
	binary.BigEndian.PutUint16(p[4:], uint16(octets))
	p[6], p[7] = protocol, hops
}

// packet6 sends a packet of IPv6 to another station.
func (h *host) packet6(to, octets int) (id uint16, sent bool) {
	octets = min(octets, sixMost)
	id, ok := h.ledger.sending(h.number, to, octets)
	if !ok {
		return 0, false
	}
	b, p := h.frame(typeIPv6, octets)
	head6(p, octets-sixLen, protoUDP, ttl)
	binary.BigEndian.PutUint16(p[2:], id)
	from, dst := station6(h.number).As16(), station6(to).As16()
	copy(p[8:], from[:])
	copy(p[24:], dst[:])
	fill(p[sixLen:], h.number, id, 0)
	h.send(0, b, 0)
	return id, true
}

// parcel6 is which one of a station's packets a packet of IPv6 is, and where what it carries
// begins and ends.
func parcel6(p []byte) (this piece, from netip.Addr, total int) {
	return piece{int(p[8+7]), binary.BigEndian.Uint16(p[2:]), 0}, netip.AddrFrom16([16]byte(p[8:24])), sixLen + int(binary.BigEndian.Uint16(p[4:]))
}
