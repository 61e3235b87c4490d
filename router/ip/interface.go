package ip

import (
	"cmp"
	"net/netip"
	"slices"
	"time"
)

const (
	EthernetMTU = 1500 // octets of IP packets
	noPort      = -1   // an interface that no port is behind
)

// Kind is what interfaces of one type have in common. New is told of them by type name; those of
// no kind carry nothing.
type Kind struct {
	Port bool // a physical port: has carrier, neighbours and frames

	// Output makes what carries the packets of an interface that is no port.
	// Nil: they go nowhere.
	Output func(i *Interface) Output
}

// Output carries what leaves by an interface that is no port.
type Output interface {
	// Output sends a packet that is its own to modify.
	Output(now time.Time, p *Packet)
	// Ready says whether the line protocol may be up. Whoever changes it calls
	// Stack.Settle.
	Ready() bool
	// Holds says whether routes by the interface stay while it is down, so that
	// what they match is dropped and takes no other way.
	Holds() bool
	// Place is where an n octet packet that is about to leave is best copied to,
	// behind room for an Ethernet header; nil: anywhere.
	Place(n int) []byte
}

// InterfaceSettings are what a configuration says of an interface.
type InterfaceSettings struct {
	Name           string // "Ethernet0/0"
	Kind           string // "Ethernet"
	VRF            int    // by number; 0: the global table
	Addresses      []netip.Prefix
	Lender         string       // whose address it uses instead of one of its own; "": nobody's
	Lent           netip.Prefix // that address; invalid: there is none
	Asks           bool         // it asks for its address: it speaks IPv4 before it has one
	Shutdown       bool
	NoUnreachables bool         // what comes in by it and cannot be delivered goes in silence
	MTU            int          // of IP packets; 0: the kind's
	MSS            int          // most that a TCP SYN on its way by the interface may announce; 0: anything
	Filters        [2]Filter    // of packets that come in, and that go out; nil: anything passes
	VLAN           VLAN         // of a subinterface
	Six            *SixSettings // nil: nothing
}

// Equal says whether the settings of one interface are the same.
func (s *InterfaceSettings) Equal(o *InterfaceSettings) bool {
	return s.Shutdown == o.Shutdown && s.MTU == o.MTU && s.MSS == o.MSS && s.VRF == o.VRF && s.Lender == o.Lender && s.Lent == o.Lent && s.Asks == o.Asks && s.Filters == o.Filters && s.VLAN == o.VLAN && s.NoUnreachables == o.NoUnreachables && slices.Equal(s.Addresses, o.Addresses) && s.six().equal(o.six())
}

// SpeaksFour says whether packets of IPv4 come and go: IOS processes no IP on an interface that
// has no address, and uses nobody else's.
func (s *InterfaceSettings) SpeaksFour() bool {
	return len(s.Addresses) > 0 || s.Lender != "" || s.Asks
}

// speaks says whether an interface speaks a family.
func speaks(i *Interface, six bool) bool {
	return six && i.six.on() || !six && i.Settings.SpeaksFour()
}

// noSix are those of an interface of whose IPv6 nothing is said.
var noSix SixSettings

// six are those of IPv6, to be read.
func (s *InterfaceSettings) six() *SixSettings {
	if s.Six == nil {
		return &noSix
	}
	return s.Six
}

// filters are those of a family.
func (s *InterfaceSettings) filters(six bool) *[2]Filter {
	if six {
		return &s.six().Filters
	}
	return &s.Filters
}

// judges says whether there is any, or no IPv4 to come in.
func (s *InterfaceSettings) judges() bool {
	return !s.SpeaksFour() || s.Filters != [2]Filter{} || s.six().Filters != [2]Filter{}
}

// Interface is an interface of the device.
type Interface struct {
	Name     string
	Settings InterfaceSettings
	MAC      [6]byte
	Physical bool
	Up       bool
	MTU      int       // of IP packets
	Since    time.Time // line protocol up since
	Counters Counters
	Cleared  time.Time // last `clear counters`; zero: never

	cable
	order      uint32 // among the interfaces, and of its routes
	Protocol   bool   // line protocol
	output     Output
	guard      guard
	addrs      []prefix // of IPv4, the primary address first, then of IPv6
	six        six
	neighbours neighbours
	riders     []*seat // whose packets leave by it
	connection
	announce *Timer // nil: there is nothing to announce
}

// cable is how an interface is plugged in.
type cable struct {
	port  int          // index of the physical port, or noPort
	main  *Interface   // of a subinterface
	parts []*Interface // its subinterfaces
}

// Counters are what `show interfaces` counts.
type Counters struct {
	LastIn, LastOut                            time.Time
	InPackets, InOctets, InBroadcasts          uint64
	InErrors, InDrops, InUnknown               uint64
	OutPackets, OutOctets, OutErrors, OutDrops uint64
	InIP, InARP, OutARP                        Traffic // of a port's packets
	Resets                                     uint64
}

// Traffic is packets, and their octets.
type Traffic struct{ Packets, Octets uint64 }

// countIP, countARP and countARPOut count a frame by its protocol, at the whole interface too.
func countIP(i *Interface, n int) {
	i.Counters.InIP.count(n)
	if i.main != nil {
		countIP(i.main, n)
	}
}

func countARP(i *Interface, n int) {
	i.Counters.InARP.count(n)
	if i.main != nil {
		countARP(i.main, n)
	}
}

func countARPOut(i *Interface, n int) {
	i.Counters.OutARP.count(n)
	if i.main != nil {
		countARPOut(i.main, n)
	}
}

func (t *Traffic) count(n int) { t.Packets, t.Octets = t.Packets+1, t.Octets+uint64(n) }

// primary is the interface's first address of IPv4, or the one that it uses; invalid when
// it has none.
func (i *Interface) primary() netip.Addr {
	if len(i.Settings.Addresses) == 0 {
		return i.Settings.Lent.Addr()
	}
	return i.Settings.Addresses[0].Addr()
}

// part is the interface that has the frames of a VLAN on a port, 0 being those
// without one; nil: there is none.
func (i *Interface) part(vlan int) *Interface {
	for _, part := range i.parts {
		if part.Settings.VLAN.has(vlan) {
			return part
		}
	}
	if vlan == 0 {
		return i
	}
	return nil
}

// Parts are the subinterfaces of an interface by their numbers, which are the longer the
// higher.
func (i *Interface) Parts() []*Interface {
	return slices.SortedFunc(slices.Values(i.parts), func(a, b *Interface) int {
		return cmp.Or(cmp.Compare(len(a.Name), len(b.Name)), cmp.Compare(a.Name, b.Name))
	})
}

// Whole says whether an interface is no subinterface.
func (i *Interface) Whole() bool { return i.main == nil }

// leave takes a subinterface from the interface that it is a part of.
func (i *Interface) leave() {
	if i.main != nil {
		i.main.parts = slices.DeleteFunc(i.main.parts, func(part *Interface) bool { return part == i })
	}
}

// Holds says whether routes by the interface stay while it is down.
func (i *Interface) Holds() bool { return i.output != nil && i.output.Holds() }

// guard is what stands at an interface. Nil: nobody is asked.
type guard struct {
	out, in func(now time.Time, p *Packet) bool
	judges  bool // the interface has filters, or no IPv4
}

// Guard has out asked about every packet that a port is about to send, and in about those that
// come in by it, behind the check. What out takes is not sent; who says false of what came in has
// counted and recorded why.
func (i *Interface) Guard(out, in func(now time.Time, p *Packet) bool) {
	i.guard.out, i.guard.in = out, in
}

// Output is what carries the interface's packets; nil for a port.
func (i *Interface) Output() Output { return i.output }

// ClearCounters is `clear counters`.
func (i *Interface) ClearCounters(now time.Time) {
	i.Counters, i.Cleared = Counters{LastIn: i.Counters.LastIn, LastOut: i.Counters.LastOut}, now
}

// CountIn and CountOut count a packet of n octets that an Output carried.
func (i *Interface) CountIn(now time.Time, n int) {
	i.Counters.LastIn = now
	i.Counters.InPackets++
	i.Counters.InOctets += uint64(n)
}

func (i *Interface) CountOut(now time.Time, n int) {
	i.Counters.LastOut = now
	i.Counters.OutPackets++
	i.Counters.OutOctets += uint64(n)
}

// network is the interface's address in the network of a neighbour.
func (i *Interface) network(a address) (prefix, bool) {
	for _, own := range i.addrs {
		if own.contains(a) {
			return own, true
		}
	}
	return prefix{}, false
}

func (i *Interface) owns(a address) bool {
	for _, own := range i.addrs {
		if own.addr == a {
			return true
		}
	}
	return false
}

// source is the address that a packet to a neighbour gets; none: there is none.
func (i *Interface) source(to address) address {
	if !to.is4() {
		return source6(i, to)
	}
	if own, ok := i.network(to); ok {
		return own.addr
	}
	return addressOf(i.primary())
}

// SourceOn is the address of an interface that a packet to somewhere gets; invalid: none.
func SourceOn(i *Interface, a netip.Addr) netip.Addr {
	if own := i.source(addressOf(a)); own != none {
		return own.netip()
	}
	return netip.Addr{}
}

func (i *Interface) setAddresses(list []netip.Prefix) {
	i.addrs, i.moved = nil, true
	for _, p := range list {
		if a, ok := prefixOf(p); ok {
			i.addrs = append(i.addrs, a)
		}
	}
}

// Rider is whose packets travel in those of an interface.
type Rider interface {
	Follower
	Refit() // the interface's MTU has changed
}

// seat is a rider's place at an interface.
type seat struct {
	rider Rider
	at    int
}

func (i *Interface) board(s *seat) {
	s.at = len(i.riders)
	i.riders = append(i.riders, s)
}

func (i *Interface) alight(s *seat) {
	last := len(i.riders) - 1
	i.riders[s.at] = i.riders[last]
	i.riders[s.at].at = s.at
	i.riders[last] = nil
	i.riders = i.riders[:last]
}

// SetMTU says how long a packet may be that an interface carries whole.
func (i *Interface) SetMTU(n int) {
	if i.MTU == n {
		return
	}
	i.MTU = n
	for _, s := range slices.Clone(i.riders) {
		s.rider.Refit()
	}
}

// FitsIn is how long a packet of its family may be where so many octets fit: "IPv6 requires that
// every link in the Internet have an MTU of 1280 octets or greater", and hosts heed no router that
// says less (RFC 8200 section 5).
func FitsIn(packet []byte, octets int) int {
	if IsIPv6(packet) {
		return max(octets, MinMTU6)
	}
	return octets
}

// tellRiders has those look again whose packets leave by an interface that is no port:
// its routes may stay while it is down.
func (i *Interface) tellRiders(now time.Time) {
	if i.Physical {
		return
	}
	for _, s := range slices.Clone(i.riders) {
		s.rider.RouteChanged(now)
	}
}

// source6 is the address that a packet of IPv6 to a neighbour gets; none: there is none.
func source6(i *Interface, to address) address {
	if to.linkLocal() {
		if i.six.pending(i.six.linkLocal) {
			return none
		}
		return i.six.linkLocal
	}
	first := none
	for _, own := range i.addrs {
		if own.addr.is4() || i.six.pending(own.addr) {
			continue
		}
		if own.contains(to) {
			return own.addr
		}
		if first == none {
			first = own.addr
		}
	}
	if name := i.Settings.six().Lender; first == none && name != "" {
		if lender := i.table.s.Interfaces.Get(name); lender != nil && lender.table == i.table && lender.Settings.six().Lender == "" {
			return source6(lender, to)
		}
	}
	return first
}

// joined says whether an interface is in a group.
func joined(i *Interface, group address, router bool) bool {
	switch {
	case group == allNodes, group == solicited(i.six.linkLocal):
		return true
	case group == allRouters:
		return router
	}
	return slices.ContainsFunc(i.addrs, func(own prefix) bool { return !own.addr.is4() && solicited(own.addr) == group })
}
