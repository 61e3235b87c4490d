package acl

import (
	"cmp"
	"math/bits"
	"slices"
)

// Entry is what a line says, of packets of one family. The zero value permits every packet
// of protocol 0 between two hosts 0.0.0.0: who makes one says all.
type Entry struct {
	Deny        bool
	AnyProtocol bool // "ip"
	Protocol    uint8
	From, To    Net
	FromPorts   Ports // of TCP and UDP; nil: any
	ToPorts     Ports
	ICMP        []Message // one of these; nil: any
	Flags       Flags
	Mark        Mark
	Fragments   bool // later fragments only

	FromGroup, ToGroup Spans   // of From and To, these only; nil: all
	Services           []Entry // one of these, whatever their addresses; nil: any

	Six *Between // a line of IPv6: its addresses in place of From and To; nil: it is one of IPv4
}

// Net is addresses: those that equal Address where Wildcard has no bit.
type Net struct{ Address, Wildcard uint32 }

// Any is every address.
var Any = Net{Wildcard: ^uint32(0)}

func (n Net) has(a uint32) bool { return (a^n.Address)&^n.Wildcard == 0 }

// low and high are the ends of the range that n lies in.
func (n Net) low() uint32  { return n.Address &^ n.Wildcard }
func (n Net) high() uint32 { return n.Address | n.Wildcard }

// Spans are ranges of addresses in order, apart from one another.
type Spans []Span

// Span is one of them, inclusive.
type Span struct{ First, Last uint32 }

// Join puts ranges in order, and those that touch or overlap together. It is never nil.
func Join(list []Span) Spans {
	slices.SortFunc(list, func(a, b Span) int { return cmp.Compare(a.First, b.First) })
	out := Spans{}
	for _, s := range list {
		if n := len(out); n > 0 && uint64(s.First) <= uint64(out[n-1].Last)+1 {
			out[n-1].Last = max(out[n-1].Last, s.Last)
		} else {
			out = append(out, s)
		}
	}
	return out
}

// Around is the smallest network that has all of them.
func (s Spans) Around() Net {
	if len(s) == 0 {
		return Net{}
	}
	first, last := s[0].First, s[len(s)-1].Last
	wild := uint32(uint64(1)<<bits.Len32(first^last) - 1)
	return Net{Address: first &^ wild, Wildcard: wild}
}

func (s Spans) has(a uint32) bool {
	if s == nil {
		return true
	}
	low, high := 0, len(s)
	for low < high {
		if middle := (low + high) / 2; s[middle].Last < a {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low < len(s) && s[low].First <= a
}

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

// Mark is a demand on IPv4's octet of the type of service: the bits of Mask are as in Value.
type Mark struct{ Value, Mask uint8 }

func (m Mark) has(octet uint8) bool { return (octet^m.Value)&m.Mask == 0 }

// deep says whether an entry asks for what later fragments do not show.
func (e *Entry) deep() bool {
	return e.FromPorts != nil || e.ToPorts != nil || e.ICMP != nil || e.Flags != Flags{}
}

// fits says whether an entry is about a packet.
func (e *Entry) fits(k *key) bool {
	if !e.AnyProtocol && e.Protocol != k.proto || !e.From.has(k.src) || !e.To.has(k.dst) ||
		!e.FromGroup.has(k.src) || !e.ToGroup.has(k.dst) || !e.Mark.has(k.tos) || !e.serves(k) {
		return false
	}
	if k.later {
		return e.Fragments || !e.deep() || !e.Deny
	}
	return !e.Fragments && (!e.deep() || e.fitsTransport(k))
}

// serves says whether a packet is of one of the services.
func (e *Entry) serves(k *key) bool {
	for i := range e.Services {
		if e.Services[i].fits(k) {
			return true
		}
	}
	return e.Services == nil
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
