package ip

import (
	"encoding/binary"
	"math"
	"net/netip"
	"time"

	"ikelab/router/record"
)

// Options are what a stack is made of.
type Options struct {
	Records *record.Emitter
	Timers  *Timers // of the device, which runs them
	// Send puts a frame on the wire of a port, which copies it, or takes it where it lies in
	// what Lend has given.
	Send  func(port int, frame []byte)
	Kind  func(name string) Kind // what interfaces of a type have in common
	Ports []Port
	// Carriers has an element for each port and belongs to the stack from now
	// on.
	Carriers []bool
	MAC      func(port int) [6]byte
}

// Port is a physical port: the name of its interface, and the kind.
type Port struct{ Name, Kind string }

// Stack is the Internet layer of a device.
type Stack struct {
	Interfaces Interfaces
	Table      Table // the global one
	ICMP       ICMP
	UDP        UDP
	Echoes     Echoes
	Translator Translator // nil: none
	Totals     Totals
	SixStack

	options   Options
	records   *record.Emitter
	timers    *Timers
	check     Check                                      // nil: none
	protocols [maxHandled]func(now time.Time, p *Packet) // by their places
	frags     reassembler
	waiting   int    // packets that wait for neighbours
	nested    uint16 // tunnels that the packet being sent is within
	ipID      uint16
	logged    accessLog
	tables
	buffers
}

// buffers are what packets lie in on their way.
type buffers struct {
	// Lend gives a buffer of n octets that frames are sent from, the same for each use until it
	// is sent; nil: the stack has buffers of its own.
	Lend    func(use, n int) []byte
	own     [uses][]byte
	tagger  tagger
	packets lender
}

// Check judges a packet that came in by another interface than the one that leads back to its
// source, where that has an Output. Who says false has counted and recorded why.
type Check func(now time.Time, p *Packet, back *Interface) bool

// Translator changes addresses and ports of packets on their way (NAT). Who
// says false has dropped the packet and recorded why.
type Translator interface {
	// Concerns says whether a packet may have to be translated: one that came in, or
	// that is about to leave by an interface. Only such packets are put together before.
	Concerns(p *Packet, out *Interface) bool
	// Answers says whether an address that no interface has is the translator's.
	Answers(a netip.Addr) bool
	// Arrives sees a packet that came in, before it is known where it goes.
	Arrives(now time.Time, p *Packet) bool
	// Leaves sees one that is about to leave by an interface.
	Leaves(now time.Time, p *Packet, out *Interface) bool
}

// New makes a stack whose ports are shut down.
func New(o Options) *Stack {
	s := &Stack{options: o, records: o.Records, timers: o.Timers}
	s.Interfaces.s, s.ICMP.s, s.UDP.s = s, s, s
	s.Interfaces.byName = make(map[string]*Interface, len(o.Ports))
	s.Interfaces.byPort = make([]*Interface, len(o.Ports))
	s.tables.global = &s.Table
	s.Table.init(s, 0)
	s.Echoes.s = s
	s.frags.s = s
	s.logged.init(s.records, s.timers)
	for n, port := range o.Ports {
		i := s.Interfaces.enter(port.Name, port.Kind, n, nil)
		i.Settings = InterfaceSettings{Name: port.Name, Kind: port.Kind, Shutdown: true}
	}
	s.Handle(ProtoICMP, s.ICMP.receive)
	s.Handle(ProtoUDP, s.UDP.receive)
	s.Handle(ProtoICMPv6, s.ICMP.receive6)
	s.ICMP.Handle(ProtoICMP, s.Echoes.echoFailed)
	s.ICMP.Handle(ProtoICMPv6, s.Echoes.echoFailed)
	s.ICMP.Handle(ProtoUDP, s.UDP.failed)
	return s
}

// Check has c judge packets that come in.
func (s *Stack) Check(c Check) { s.check = c }

// Handle has f take the packets of a protocol that are for this device.
func (s *Stack) Handle(proto uint8, f func(now time.Time, p *Packet)) {
	place := places[proto]
	if place == 0 {
		panic("ip: a protocol without a place is handled")
	}
	s.protocols[place] = f
}

const maxHandled = 8

// places are those of the protocols that anybody handles; 0: nobody does.
var places = [math.MaxUint8 + 1]uint8{ProtoICMP: 1, ProtoUDP: 2, ProtoICMPv6: 3, ProtoIPIP: 4, ProtoGRE: 5, ProtoESP: 6}

// handlers are functions by number. There are a few of them.
type handlers[F any] []handler[F]

type handler[F any] struct {
	number uint16
	f      F
}

func (h *handlers[F]) set(number uint16, f F) {
	for i := range *h {
		if (*h)[i].number == number {
			(*h)[i].f = f
			return
		}
	}
	*h = append(*h, handler[F]{number, f})
}

// get is the function of a number, or the zero value.
func (h handlers[F]) get(number uint16) (f F) {
	for i := range h {
		if h[i].number == number {
			return h[i].f
		}
	}
	return f
}

// Receive takes a frame from a port. The frame is not modified and not kept.
func (s *Stack) Receive(now time.Time, port int, frame []byte) {
	i := s.Interfaces.port(port)
	if i == nil || !i.Protocol {
		return
	}
	i.CountIn(now, len(frame))
	if len(frame) < EthernetHeader {
		i.Counters.InErrors++
		return
	}
	to := [6]byte(frame[:6])
	group := to[0]&1 != 0
	if group {
		i.Counters.InBroadcasts++
	}
	untagged, vlan, ok := untag(frame)
	part := i.part(vlan)
	if to != i.MAC && !group && (part == nil || !part.shared.takes(to)) {
		return // for somebody else on the segment
	}
	if !ok || part == nil || !part.Protocol {
		i.Counters.InUnknown++
		return
	}
	if part != i {
		part.CountIn(now, len(untagged))
	}
	switch kind := binary.BigEndian.Uint16(untagged[12:]); kind {
	case ethertypeIP4, ethertypeIP6:
		if kind == ethertypeIP6 && !part.six.on() {
			part.Counters.InUnknown++
			return
		}
		countIP(part, len(untagged))
		p := s.packets.lend()
		p.In, p.group, p.from = part, group, [6]byte(frame[6:])
		p.hold(untagged)
		s.receive(now, p)
		s.packets.giveBack(p)
	case ethertypeARP:
		countARP(part, len(untagged))
		arp{s}.receive(now, part, [6]byte(frame[6:12]), untagged[EthernetHeader:])
	default:
		part.Counters.InUnknown++
	}
}

// Input takes a packet that an Output has unpacked into an interface. buf,
// which is the packet's own, has room for an Ethernet header before it.
func (s *Stack) Input(now time.Time, i *Interface, buf []byte) { s.InputTo(now, i, i.table.vrf, buf) }

// InputTo is Input of a packet for a VRF that need not be the interface's.
func (s *Stack) InputTo(now time.Time, i *Interface, vrf int, buf []byte) {
	p := s.packets.lend()
	p.In, p.by, p.own, p.inner = i, i.table, true, true
	p.hold(buf)
	if vrf != i.table.vrf {
		p.by = s.VRF(vrf)
	}
	if i.Up {
		s.receive(now, p)
	} else {
		s.dropIn(p, InterfaceDown)
	}
	s.packets.giveBack(p)
}

// putOnWire sends a whole frame.
func (s *Stack) putOnWire(now time.Time, i *Interface, frame []byte) {
	i.CountOut(now, len(frame))
	if i.main != nil {
		frame = s.tagger.tag(&i.Settings.VLAN, frame)
		i.main.CountOut(now, len(frame))
	}
	s.options.Send(i.port, frame)
}

// sendFrame fills in the Ethernet header before a packet and sends both.
func (s *Stack) sendFrame(now time.Time, i *Interface, to *[6]byte, buf []byte) {
	sendFrom(now, s, i, to, &i.MAC, buf)
}

// sendFrom is sendFrame from an address that need not be the interface's own.
func sendFrom(now time.Time, s *Stack, i *Interface, to, from *[6]byte, buf []byte) {
	*(*[6]byte)(buf), *(*[6]byte)(buf[6:]) = *to, *from
	binary.BigEndian.PutUint16(buf[12:], ethertypeOf(buf[EthernetHeader:]))
	s.putOnWire(now, i, buf)
}

func ethertypeOf(b []byte) uint16 {
	if b[0]>>4 == 6 {
		return ethertypeIP6
	}
	return ethertypeIP4
}

// totals are those of a family.
func totals(s *Stack, six bool) *Totals {
	if six {
		return s.Totals6()
	}
	return &s.Totals
}
