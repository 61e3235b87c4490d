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
func attach(s *netsim.Sim, h *host) error {
	h.mac = [6]byte{2, 0xff, 0, 0, 0, byte(h.number)}
	d := s.AddNode("H"+nameOf(h.number)[1:], h, []string{"eth0"})
	_, err := s.Link(s.Port(nameOf(h.number)+":"+lanPort), d.Port(0))
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

// packet sends a packet of so many octets to another station.
func (h *host) packet(to, octets int) (id uint16, sent bool) {
	id, ok := h.ledger.sending(h.number, to, octets)
	if !ok {
		return 0, false
	}
	b := make([]byte, ethernetLen+octets)
	gateway := h.router()
	copy(b, gateway[:])
	copy(b[6:], h.mac[:])
	binary.BigEndian.PutUint16(b[12:], typeIPv4)
	p := b[ethernetLen:]
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
