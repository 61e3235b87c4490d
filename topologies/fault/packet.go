package fault

import (
	"encoding/binary"
	"net/netip"

	"ikelab/ikev2/wire"
	"ikelab/netsim"
)

// Packet is a frame that leaves a router, and what it carries.
type Packet struct {
	Port     *netsim.Port
	Node     string
	Frame    netsim.Frame
	IP       bool // of either version; what finds neighbours is not looked into, as ARP is not
	Protocol uint8
	TTL      uint8
	cut
	octets   int
	Src, Dst netip.Addr
	IKE      bool // an IKE message, whose header is
	Header   wire.Header
	Fragment uint16 // which of the message's it is; 0: a whole message (RFC 7383)
	ESP      bool
	SPI, Seq uint32
	payloads []string // of the IKE message, by name
	start    int      // where the IP packet begins in the frame
	body     []byte   // of UDP or of IP
}

const (
	ethernetLen = 14
	udpLen      = 8
	espLen      = 8
	protoUDP    = 17
	protoESP    = 50
	portIKE     = 500
	portNATT    = 4500
	portNTP     = 123
	markerLen   = 4    // four zero octets tell IKE from ESP at port 4500 (RFC 3948 2.2)
	keepalive   = 0xff // of a NAT's mapping, alone in its packet (RFC 3948 2.3)
)

// cut is what its header says of being cut.
type cut struct {
	df      bool // it may not be,
	piece   bool // or was,
	later   bool // and this is not the first piece
	covered bool // IKE or ESP protects it, which its first piece said
	id      uint16
}

// parse reads a frame as far as it is known; what is broken is carried as it is.
func parse(port *netsim.Port, f netsim.Frame) *Packet {
	p := &Packet{Port: port, Node: port.Device().Name(), Frame: f}
	b := f.Data
	kind := ethernetLen - 2
	if len(b) >= ethernetLen && binary.BigEndian.Uint16(b[kind:]) == 0x8100 { // a VLAN's tag (IEEE 802.1Q)
		kind += 4
	}
	if len(b) < kind+2+20 {
		return p
	}
	p.start = kind + 2
	switch b = b[p.start:]; binary.BigEndian.Uint16(f.Data[kind:]) {
	case 0x0800:
		return p.four(b)
	case 0x86dd:
		return p.six(b)
	}
	return p
}

// four reads IPv4.
func (p *Packet) four(b []byte) *Packet {
	head, total := int(b[0]&15)*4, int(binary.BigEndian.Uint16(b[2:]))
	if head < 20 || total < head || total > len(b) {
		return p
	}
	p.IP, p.Protocol, p.TTL = true, b[9], b[8]
	p.Src, p.Dst = netip.AddrFrom4([4]byte(b[12:16])), netip.AddrFrom4([4]byte(b[16:20]))
	p.body = b[head:total]
	cuts := binary.BigEndian.Uint16(b[6:])
	p.df, p.piece, p.octets = cuts&0x4000 != 0, cuts&0x3fff != 0, total
	p.id = binary.BigEndian.Uint16(b[4:])
	p.later = cuts&0x1fff != 0
	return p.above()
}

// The numbers of IPv6.
const (
	sixLen        = 40
	cutLen        = 8  // of a fragment's header
	protoCut      = 44 // what follows is a fragment's
	protoICMPv6   = 58
	discoverFirst = 133 // ICMPv6 types that find neighbours and routers
	discoverLast  = 137
	discoverTTL   = 255
)

// six reads IPv6.
func (p *Packet) six(b []byte) *Packet {
	if len(b) < sixLen || b[0]>>4 != 6 || sixLen+int(binary.BigEndian.Uint16(b[4:])) > len(b) {
		return p
	}
	p.octets = sixLen + int(binary.BigEndian.Uint16(b[4:]))
	p.Protocol, p.TTL, p.body = b[6], b[7], b[sixLen:p.octets]
	p.Src, p.Dst = netip.AddrFrom16([16]byte(b[8:24])), netip.AddrFrom16([16]byte(b[24:40]))
	if p.Protocol == protoCut && len(p.body) >= cutLen {
		at := binary.BigEndian.Uint16(p.body[2:])
		p.Protocol, p.id = p.body[0], binary.BigEndian.Uint16(p.body[6:])
		p.piece, p.later, p.body = at&0xfff9 != 0, at&0xfff8 != 0, p.body[cutLen:]
	}
	if p.IP = p.Protocol != protoICMPv6 || p.TTL != discoverTTL || len(p.body) == 0 || p.body[0] < discoverFirst || p.body[0] > discoverLast; !p.IP {
		return p
	}
	return p.above()
}

// above reads what IP carries.
func (p *Packet) above() *Packet {
	if p.later {
		p.covered = p.Protocol == protoESP
		return p
	}
	switch p.Protocol {
	case protoESP:
		p.esp(p.body)
	case protoUDP:
		p.udp()
	}
	return p
}

func (p *Packet) udp() {
	if len(p.body) < udpLen {
		return
	}
	from, to := binary.BigEndian.Uint16(p.body), binary.BigEndian.Uint16(p.body[2:])
	b := p.body[udpLen:]
	switch {
	case from == portIKE || to == portIKE:
	case from != portNATT && to != portNATT:
		return
	case len(b) >= markerLen && binary.BigEndian.Uint32(b) == 0:
		b = b[markerLen:]
	case len(b) == 1 && b[0] == keepalive:
		p.covered = true // it carries nothing
		return
	default:
		p.esp(b)
		return
	}
	h, err := wire.ParseHeader(b)
	p.IKE, p.Header, p.body = err == nil, h, b
	p.covered = p.piece // of the message there is but a part
	if err == nil && h.Next == wire.TypeSKF && len(b) >= fragmentAt+2 {
		p.Fragment = binary.BigEndian.Uint16(b[fragmentAt:])
	}
}

// fragmentAt is where the number of a fragment stands (RFC 7383 2.5).
const fragmentAt = wire.HeaderLen + 4

func (p *Packet) esp(b []byte) {
	if len(b) >= espLen {
		p.ESP, p.SPI, p.Seq, p.body = true, binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:]), b
	}
}

// InClear says whether it carries what neither IKE nor ESP protects.
func (p *Packet) InClear() bool { return p.IP && !p.IKE && !p.ESP && !p.covered }

// NTP says whether it asks for the time, or tells it.
func (p *Packet) NTP() bool {
	return p.Protocol == protoUDP && !p.later && len(p.body) >= udpLen && binary.BigEndian.Uint16(p.body) == portNTP && binary.BigEndian.Uint16(p.body[2:]) == portNTP
}

// whole is which packet a fragment is of, as a router sends it.
type whole struct {
	node     string
	src, dst netip.Addr
	id       uint16
}

// pieces are the packets in UDP that were cut, of which a later fragment does not say what
// it is: the last few that IKE or ESP protects.
type pieces struct {
	known map[whole]bool
	order []whole
}

// piecesMost is how many are remembered.
const piecesMost = 256

// cover finds out what protects a fragment.
func (l *pieces) cover(p *Packet) {
	w := whole{p.Node, p.Src, p.Dst, p.id}
	switch {
	case p.Protocol != protoUDP || !p.piece:
	case p.later:
		p.covered = l.known[w]
	case (p.IKE || p.ESP || p.covered) && !l.known[w]:
		l.known[w] = true
		if l.order = append(l.order, w); len(l.order) > piecesMost {
			delete(l.known, l.order[0])
			l.order = l.order[1:]
		}
	}
}

// name tells which message it is, whoever sends it again.
type name struct {
	node     string
	spiI     uint64
	spiR     uint64
	exchange wire.ExchangeType
	id       uint32
	response bool
	fragment uint16
}

func nameOf(node string, h wire.Header) name {
	return name{node, h.SPIi, h.SPIr, h.Exchange, h.MessageID, h.Response(), 0}
}
