package acl

// Entry is what a line says. The zero value permits every packet of protocol 0
// between two hosts 0.0.0.0: who makes one says all.
type Entry struct {
	Deny        bool
	AnyProtocol bool // "ip"
	Protocol    uint8
	From, To    Net
	FromPorts   Ports // of TCP and UDP; nil: any
	ToPorts     Ports
	ICMP        []Message // one of these; nil: any
	Flags       Flags
	Fragments   bool // later fragments only
}

// Net is addresses: those that equal Address where Wildcard has no bit.
type Net struct{ Address, Wildcard uint32 }

// Any is every address.
var Any = Net{Wildcard: ^uint32(0)}

func (n Net) has(a uint32) bool { return (a^n.Address)&^n.Wildcard == 0 }

// low and high are the ends of the range that n lies in.
func (n Net) low() uint32  { return n.Address &^ n.Wildcard }
func (n Net) high() uint32 { return n.Address | n.Wildcard }

// Ports are ranges of ports, inclusive.
type Ports []Range

// Range is one of them.
type Range struct{ First, Last uint16 }

func (p Ports) has(port uint16) bool {
	for _, r := range p {
		if r.First <= port && port <= r.Last {
			return true
		}
	}
	return false
}

// low and high are the ends of the range that p lies in.
func (p Ports) low() uint32 {
	least := uint32(0xffff)
	for _, r := range p {
		least = min(least, uint32(r.First))
	}
	return least
}

func (p Ports) high() uint32 {
	most := uint32(0)
	for _, r := range p {
		most = max(most, uint32(r.Last))
	}
	return most
}

// Message is an ICMP type; with a code where AnyCode is not set.
type Message struct {
	Type, Code uint8
	AnyCode    bool
}

// Flags is a demand on TCP's flags: of Set to be there and of Clear to be absent
// one bit, or with All every bit. Without bits there is no demand.
type Flags struct {
	Set, Clear uint8
	All        bool
}

// Established is what an answer has: ACK or RST.
var Established = Flags{Set: 0x14}

func (f Flags) has(flags uint8) bool {
	met, unmet := flags&f.Set|^flags&f.Clear, ^flags&f.Set|flags&f.Clear
	return f.Set|f.Clear == 0 || met != 0 && (!f.All || unmet == 0)
}

// deep says whether an entry asks for what later fragments do not show.
func (e *Entry) deep() bool {
	return e.FromPorts != nil || e.ToPorts != nil || e.ICMP != nil || e.Flags != Flags{}
}

// fits says whether an entry is about a packet.
func (e *Entry) fits(k *key) bool {
	if !e.AnyProtocol && e.Protocol != k.proto || !e.From.has(k.src) || !e.To.has(k.dst) {
		return false
	}
	if k.later {
		return e.Fragments || !e.deep() || !e.Deny
	}
	return !e.Fragments && (!e.deep() || e.fitsTransport(k))
}

// fitsTransport looks at the header behind IP's.
func (e *Entry) fitsTransport(k *key) bool {
	if !k.ports {
		return false
	}
	switch {
	case e.FromPorts != nil && !e.FromPorts.has(k.sport), e.ToPorts != nil && !e.ToPorts.has(k.dport), !e.Flags.has(k.flags):
		return false
	case e.ICMP == nil:
		return true
	}
	for _, m := range e.ICMP {
		if uint16(m.Type) == k.sport>>8 && (m.AnyCode || uint16(m.Code) == k.sport&0xff) {
			return true
		}
	}
	return false
}
