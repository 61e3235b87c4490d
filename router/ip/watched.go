package ip

import (
	"encoding/binary"
	"net/netip"
)

// What packets and ARP look like to whoever watches them pass. They are no records
// (package record): where nobody watches nothing is made.

// Passage is what became of a packet here.
type Passage string

// The passages.
const (
	Delivered Passage = "delivered" // to this device
	Forwarded Passage = "forwarded"
	Sent      Passage = "sent" // it was made here
)

// Passed is a packet that was delivered here, forwarded or sent from here.
type Passed struct {
	How      Passage
	In       string // "": it was made here
	Out      string // "": it was delivered here
	From, To netip.Addr
	NextHop  netip.Addr // where it leaves by an interface
	Length   int
	TOS      uint8
	Protocol uint8
	Hops     uint8  // TTL, or hop limit
	Flow     uint32 // label, of IPv6
	Offset   int    // of a fragment; the fields below are those of the first
	PacketTop
}

// PacketTop is the beginning of what a packet carries, as far as one tells by its
// protocol.
type PacketTop struct {
	SourcePort, DestinationPort uint16     // of UDP and TCP
	Type, Code                  uint8      // of ICMP
	About                       netip.Addr // of an ICMP error: where the packet went that it quotes; of neighbour discovery: whom it is about
}

// Kind is none: it is no record.
func (Passed) Kind() string { return "" }

// ARPSeen is an ARP packet that was sent, or that came and was heeded.
type ARPSeen struct {
	Interface           string
	Sent, Reply         bool
	Sender, Target      netip.Addr
	SenderMAC, SoughtBy [6]byte // SoughtBy: the target's hardware address, as far as the sender knows
}

// Kind is none: it is no record.
func (ARPSeen) Kind() string { return "" }

// NeighbourWanted says that a packet waits for a neighbour of which nothing is
// known.
type NeighbourWanted struct {
	Interface string
	Address   netip.Addr
}

// Kind is none: it is no record.
func (NeighbourWanted) Kind() string { return "" }

// passed is what is shown of a packet.
func passed(how Passage, b []byte) Passed {
	d := Passed{How: how, From: Source(b), To: Destination(b), Length: len(b), TOS: TOS(b), Protocol: protocol(b)}
	if d.Offset = int(binary.BigEndian.Uint16(b[6:])&OffsetMask) * 8; IsIPv6(b) {
		d.Offset = int(chainOf(b).field&OffsetMask) * 8
	}
	if d.Hops = b[8]; IsIPv6(b) {
		d.Hops, d.Flow = b[atHopLimit], binary.BigEndian.Uint32(b)&0xfffff
	}
	if d.Offset == 0 {
		d.PacketTop = topOf(b)
	}
	return d
}

// topOf reads the beginning of what a packet carries.
func topOf(b []byte) (t PacketTop) {
	body, proto := b[min(len(b), headerLen(b)):], protocol(b)
	switch {
	case len(body) < 4:
	case proto == ProtoICMPv6:
		t.Type, t.Code = body[0], body[1]
		if quoted := body[min(len(body), icmpHeader):]; len(quoted) >= HeaderLen6 && t.Type < echoRequest6 {
			t.About = Destination(quoted)
		}
		if (t.Type == neighbourSolicitation || t.Type == neighbourAdvertisement) && len(body) >= ndLen {
			t.About = netip.AddrFrom16([16]byte(body[8:]))
		}
	case proto == ProtoICMP:
		t.Type, t.Code = body[0], body[1]
		if quoted := body[min(len(body), icmpHeader):]; len(quoted) >= HeaderLen && !IsIPv6(quoted) && (t.Type == Unreachable || t.Type == TimeExceeded) {
			t.About = Destination(quoted)
		}
	case proto == ProtoUDP || proto == ProtoTCP:
		t.SourcePort, t.DestinationPort = binary.BigEndian.Uint16(body), binary.BigEndian.Uint16(body[2:])
	}
	return t
}
