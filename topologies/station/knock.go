package station

import (
	"encoding/binary"
	"net/netip"
	"time"

	"ikelab/router/ip"
	"ikelab/router/record"
)

// Knock is the first packet of a conversation: TCP's SYN (RFC 9293 section 3.1), or an empty datagram.
type Knock struct {
	From, To netip.Addr // of IPv4; From invalid: the station's own
	UDP      bool       // and not TCP
	Port     uint16
}

func (k Knock) protocol() uint8 {
	if k.UDP {
		return ip.ProtoUDP
	}
	return ip.ProtoTCP
}

// Filtered says whether a record is that an access list has dropped it, whose source a NAT may have changed.
func (k Knock) Filtered(r record.Record) bool {
	d, ok := r.Body.(ip.Dropped)
	return ok && d.Reason == ip.Prohibited && d.To == k.To && d.Protocol == k.protocol()
}

// What a knock is made of.
const (
	knockFrom  = 49_200 // its source port
	knockTTL   = 64
	tcpHeader  = 20
	udpHeader  = 8
	tcpSYN     = 0x02
	tcpOffset  = tcpHeader / 4 << 4
	ipv4Header = 20
)

// Knock sends one, and waits for nothing.
func (s *Station) Knock(now time.Time, k Knock) {
	s.records.Begin(now, 0, 0)
	if !k.From.IsValid() {
		k.From, _ = s.machine.stack.Table.SourceFor(k.To)
	}
	if k.From.Is4() && k.To.Is4() {
		s.machine.stack.SendOn(now, &ip.Path{}, k.To, k.packet())
	}
}

// packet is the knock, with room for an Ethernet header in front.
func (k Knock) packet() []byte {
	n := udpHeader
	if !k.UDP {
		n = tcpHeader
	}
	buf := make([]byte, ip.EthernetHeader+ipv4Header+n)
	h := buf[ip.EthernetHeader:]
	body := h[ipv4Header:]
	h[0] = 4<<4 | ipv4Header/4
	binary.BigEndian.PutUint16(h[2:], uint16(len(h)))
	h[8], h[9] = knockTTL, k.protocol()
	copy(h[12:], k.From.AsSlice())
	copy(h[16:], k.To.AsSlice())
	binary.BigEndian.PutUint16(h[10:], ip.Checksum(h[:ipv4Header]))
	binary.BigEndian.PutUint16(body, knockFrom)
	binary.BigEndian.PutUint16(body[2:], k.Port)
	sum := body[6:]
	if !k.UDP {
		body[12], body[13] = tcpOffset, tcpSYN
		sum = body[16:]
	} else {
		binary.BigEndian.PutUint16(body[4:], uint16(n))
	}
	pseudo := ip.Sum(uint32(k.protocol())+uint32(n), h[12:ipv4Header])
	binary.BigEndian.PutUint16(sum, ip.Fold(ip.Sum(pseudo, body)))
	return buf
}
