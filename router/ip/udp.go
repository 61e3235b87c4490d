package ip

import (
	"encoding/binary"
	"net/netip"
	"time"
)

const udpHeader = 8

// Datagram is a UDP datagram (RFC 768). Data is lent.
type Datagram struct {
	VRF           int // by number; 0: the global table
	Local, Remote netip.AddrPort
	Data          []byte
}

// UDP is the part of a stack that has ports.
type UDP struct {
	s     *Stack
	ports handlers[func(now time.Time, d Datagram)]
	// links are those of datagrams to all on a link, which name the interface.
	links handlers[func(now time.Time, in *Interface, d Datagram)]
	// Carried takes datagrams for a port that carry packets (RFC 3948); false: it
	// is an ordinary one. Nil: nobody looks.
	Carried     func(now time.Time, p *Packet) bool
	CarriedPort uint16
	// Failed is told of ICMP errors about such datagrams of ours.
	Failed func(now time.Time, f Failure)
}

// Handle has f take the datagrams for a port; nil: nobody does any more.
func (u *UDP) Handle(port uint16, f func(now time.Time, d Datagram)) { u.ports.set(port, f) }

// HandleOnLink has f take the datagrams for a port that are for everybody on a link, be
// they from nobody's address.
func (u *UDP) HandleOnLink(port uint16, f func(now time.Time, in *Interface, d Datagram)) {
	u.links.set(port, f)
}

// receive takes a datagram for this device.
func (u *UDP) receive(now time.Time, p *Packet) {
	b := p.Payload()
	totals(u.s, p.six).UDP.In++
	if len(b) < udpHeader {
		u.s.Refuse(p, BadTransport)
		return
	}
	n := int(binary.BigEndian.Uint16(b[4:]))
	good := n >= udpHeader && n <= len(b)
	if good && !udpChecksumGood(p, b[:n]) {
		totals(u.s, p.six).UDP.Sums++
		good = false
	}
	if !good {
		u.s.Refuse(p, BadTransport)
		return
	}
	port := binary.BigEndian.Uint16(b[2:])
	if u.Carried != nil && port == u.CarriedPort && !p.group && u.Carried(now, p) {
		return
	}
	d := Datagram{
		VRF:    p.VRF(),
		Local:  netip.AddrPortFrom(p.Dst(), port),
		Remote: netip.AddrPortFrom(p.Src(), binary.BigEndian.Uint16(b)),
		Data:   b[udpHeader:n],
	}
	if p.group {
		if f := u.links.get(port); f != nil {
			f(now, p.In, d)
		}
		return
	}
	if f := u.ports.get(port); f != nil {
		f(now, d)
		return
	}
	u.s.drop(p.In, p.Bytes(), NoPort)
	u.s.ICMP.fail(now, p, Unreachable, CodePort, 0)
}

// udpChecksumGood checks a datagram; a checksum of zero means none was made.
func udpChecksumGood(p *Packet, b []byte) bool {
	unsummed := binary.BigEndian.Uint16(b[6:]) == 0
	if p.six && unsummed {
		return false // RFC 8200 section 8.1
	}
	return unsummed || Fold(Sum(pseudoHeader(p, len(b)), b)) == 0
}

// pseudoHeader is the sum of what checksums of UDP and ICMPv6 cover of the IP header.
func pseudoHeader(p *Packet, n int) uint32 {
	addresses := p.Bytes()[12:20]
	if p.six {
		addresses = p.Bytes()[8:40]
	}
	return Sum(uint32(p.Proto())+uint32(n), addresses)
}

// UDPPorts are the ports of a UDP packet whose header is there.
func (p *Packet) UDPPorts() (src, dst uint16) {
	b := p.Payload()
	return binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
}

// Send sends a datagram, of which IPv4 has a longest one.
func (u *UDP) Send(now time.Time, d Datagram, ttl uint8) {
	if len(d.Data) > MaxLen-HeaderLen-udpHeader {
		u.s.records.Emit(Dropped{From: d.Local.Addr(), To: d.Remote.Addr(), Protocol: ProtoUDP, Reason: TooLong})
		return
	}
	p := u.s.packets.lend()
	u.s.originate(now, udpPacket(u.s, p, d, ttl))
	u.s.packets.giveBack(p)
}

// SendOnLink sends a datagram by an interface to a hardware address, whatever the routes
// say.
func (u *UDP) SendOnLink(now time.Time, i *Interface, to [6]byte, d Datagram) {
	p := udpPacket(u.s, &Packet{}, d, DefaultTTL)
	binary.BigEndian.PutUint16(p.Bytes()[4:], u.s.NextID())
	SetHeaderChecksum(p.Bytes())
	if !i.Protocol {
		u.s.DropOut(i, p.Bytes(), InterfaceDown)
		return
	}
	u.s.Totals.made(p.Bytes())
	if to == BroadcastMAC {
		u.s.Totals.Sent++
	}
	watch(u.s, Sent, nil, p.Bytes(), &Entry{Kind: Broadcast, Out: i})
	u.s.sendFrame(now, i, &to, p.buf)
}

// udpPacket has a packet be that of a datagram.
func udpPacket(s *Stack, p *Packet, d Datagram, ttl uint8) *Packet {
	p.fill(ProtoUDP, addressOf(d.Local.Addr()), addressOf(d.Remote.Addr()), ttl, udpHeader+len(d.Data))
	p.by = s.VRF(d.VRF)
	b := p.Payload()
	binary.BigEndian.PutUint16(b, d.Local.Port())
	binary.BigEndian.PutUint16(b[2:], d.Remote.Port())
	binary.BigEndian.PutUint16(b[4:], uint16(len(b)))
	copy(b[udpHeader:], d.Data)
	c := Fold(Sum(pseudoHeader(p, len(b)), b))
	if c == 0 {
		c = 0xffff // zero says that there is none (RFC 768)
	}
	binary.BigEndian.PutUint16(b[6:], c)
	return p
}

// failed tells of an ICMP error about a datagram of ours whom it concerns.
func (u *UDP) failed(now time.Time, f Failure) {
	if u.Failed != nil && binary.BigEndian.Uint16(f.Begin) == u.CarriedPort {
		u.Failed(now, f)
		return
	}
	u.s.Echoes.probeFailed(now, f)
}
