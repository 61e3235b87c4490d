package ip

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"time"
)

// What the screens see: snapshots, with the names that JSON gives them.

// MAC is an Ethernet address.
type MAC [6]byte

// String is the address in IOS's form: aabb.cc00.0100.
func (m MAC) String() string {
	return fmt.Sprintf("%02x%02x.%02x%02x.%02x%02x", m[0], m[1], m[2], m[3], m[4], m[5])
}

// MarshalText is the address as String has it.
func (m MAC) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// InterfaceState is an interface.
type InterfaceState struct {
	Name        string       `json:"name"`
	Type        string       `json:"type"` // "Ethernet"
	Description string       `json:"description,omitempty"`
	Address     netip.Prefix `json:"address,omitzero"`
	Lender      string       `json:"unnumbered,omitempty"` // whose address it is
	DHCP        bool         `json:"dhcp,omitempty"`       // it asks for its address
	MAC         MAC          `json:"mac,omitzero"`
	VLAN        int          `json:"vlan,omitempty"` // of a subinterface
	Physical    bool         `json:"physical"`
	Shutdown    bool         `json:"shutdown"`
	Up          bool         `json:"up"`            // carrier, and not shut down
	Protocol    bool         `json:"line_protocol"` // up
	MTU         int          `json:"ip_mtu"`
	LinkMTU     int          `json:"mtu,omitempty"`            // of the link: as configured, on screens that of its type where nothing is
	Bandwidth   int          `json:"bandwidth_kbit,omitempty"` // likewise
	Delay       int          `json:"delay_usec,omitempty"`     // likewise
	LastInput   time.Time    `json:"last_input,omitzero"`
	LastOutput  time.Time    `json:"last_output,omitzero"`
	Cleared     time.Time    `json:"counters_cleared,omitzero"`
	Counters    CounterState `json:"counters"`
}

// CounterState is the counters of an interface.
type CounterState struct {
	InPackets  uint64 `json:"in_packets"`
	InOctets   uint64 `json:"in_octets"`
	InErrors   uint64 `json:"in_errors"`
	InDrops    uint64 `json:"in_drops"`
	Broadcasts uint64 `json:"in_broadcasts"`
	Unknown    uint64 `json:"in_unknown_protocol"`
	OutPackets uint64 `json:"out_packets"`
	OutOctets  uint64 `json:"out_octets"`
	OutErrors  uint64 `json:"out_errors"`
	OutDrops   uint64 `json:"out_drops"`
	Resets     uint64 `json:"resets"`

	IP  ProtocolCounts `json:"ip"` // of the packets above
	ARP ProtocolCounts `json:"arp"`
}

// ProtocolCounts is what an interface carried of a protocol.
type ProtocolCounts struct {
	InPackets  uint64 `json:"in_packets"`
	InOctets   uint64 `json:"in_octets"`
	OutPackets uint64 `json:"out_packets"`
	OutOctets  uint64 `json:"out_octets"`
}

// protocols tells IP from ARP: nothing else is sent, and a tunnel carries IP alone.
func (c *Counters) protocols(port bool) (ip, arp ProtocolCounts) {
	if !port {
		return ProtocolCounts{c.InPackets, c.InOctets, c.OutPackets, c.OutOctets}, arp
	}
	arp = ProtocolCounts{c.InARP.Packets, c.InARP.Octets, c.OutARP.Packets, c.OutARP.Octets}
	return ProtocolCounts{c.InIP.Packets, c.InIP.Octets, c.OutPackets - c.OutARP.Packets, c.OutOctets - c.OutARP.Octets}, arp
}

// RouteState is a route of the table that leads somewhere.
type RouteState struct {
	Code      string       `json:"code"` // "L", "C", "S"
	Prefix    netip.Prefix `json:"prefix"`
	NextHop   netip.Addr   `json:"next_hop,omitzero"` // none: directly connected
	Interface string       `json:"interface,omitempty"`
	Distance  int          `json:"distance"`
	Tag       uint32       `json:"tag,omitempty"`
}

// NeighbourState is an entry of the ARP table.
type NeighbourState struct {
	Address   netip.Addr `json:"address"`
	MAC       MAC        `json:"mac,omitzero"`
	Own       bool       `json:"own"`      // one of the router's addresses
	Complete  bool       `json:"complete"` // the MAC address is known
	Learned   time.Time  `json:"learned,omitzero"`
	Interface string     `json:"interface"`
}

// State is the interface as the screens see it.
func (i *Interface) State() InterfaceState {
	c := &i.Counters
	s := InterfaceState{
		Name: i.Name, Type: i.Settings.Kind, MAC: i.MAC, VLAN: i.Settings.VLAN.ID, Physical: i.Physical, Shutdown: i.Settings.Shutdown || i.main != nil && i.main.Settings.Shutdown, Up: i.Up, Protocol: i.Protocol,
		MTU: i.MTU, LastInput: c.LastIn, LastOutput: c.LastOut, Cleared: i.Cleared,
		Counters: CounterState{
			InPackets: c.InPackets, InOctets: c.InOctets, InErrors: c.InErrors, InDrops: c.InDrops, Broadcasts: c.InBroadcasts,
			Unknown: c.InUnknown, OutPackets: c.OutPackets, OutOctets: c.OutOctets, OutErrors: c.OutErrors, OutDrops: c.OutDrops,
			Resets: c.Resets,
		},
	}
	s.Counters.IP, s.Counters.ARP = c.protocols(i.output == nil)
	if s.Lender, s.Address = i.Settings.Lender, i.Settings.Lent; len(i.Settings.Addresses) > 0 {
		s.Address = i.Settings.Addresses[0]
	}
	return s
}

// States are the routes of IPv4 that lead somewhere, by prefix. One by a protected
// tunnel that is down only drops.
func (t *Table) States() []RouteState {
	return t.states(func(r *Route) bool { return r.prefix.addr.is4() })
}

// To is the best route to just that prefix, if it leads somewhere; false: there is none.
func (t *Table) To(p netip.Prefix) (RouteState, bool) {
	at, ok := prefixOf(p)
	if !ok {
		return RouteState{}, false
	}
	r := t.routes.get(at.network())
	if r == nil || r.code == 0 {
		return RouteState{}, false
	}
	s := r.state()
	if r.entry.Out != nil {
		s.Interface = r.entry.Out.Name
	}
	return s, r.entry.Out == nil || r.entry.Out.Protocol
}

// RoutesAt are the routes of IPv4 that hold an address, the shortest prefix first, and one of
// those besides that are within a network, if there is any.
func RoutesAt(t *Table, a netip.Addr, net netip.Prefix) []RouteState {
	list, at := []RouteState{}, addressOf(a)
	for n := t.routes.four; n != nil && n.covers(at); n = n.child[at.bit(n.bits)] {
		if n.value != nil && n.value.leads() {
			list = append(list, n.value.state())
		}
		if n.bits == wholeAddress {
			break
		}
	}
	if p, ok := prefixOf(net); ok {
		t.routes.find(p, func(r *Route) bool {
			other := r.leads() && !r.prefix.contains(at)
			if other {
				list = append(list, r.state())
			}
			return other
		})
	}
	return list
}

// leads says whether a route is shown, and leads somewhere.
func (r *Route) leads() bool { return r.code != 0 && (r.entry.Out == nil || r.entry.Out.Protocol) }

func (r *Route) state() RouteState {
	return RouteState{Code: r.shown(), Prefix: r.prefix.netip(), NextHop: r.nextHop(), Interface: r.name, Distance: int(r.distance), Tag: r.tag}
}

func (t *Table) states(of func(*Route) bool) []RouteState {
	list := []RouteState{}
	for _, r := range t.Routes() {
		if !of(r) || r.entry.Out != nil && !r.entry.Out.Protocol {
			continue
		}
		list = append(list, r.state())
	}
	return list
}

// NeighbourStates are our own addresses and the neighbours, by address.
func (t *Interfaces) NeighbourStates() []NeighbourState {
	list := []NeighbourState{}
	for _, i := range t.list {
		if !i.Physical || !i.Protocol {
			continue
		}
		for _, a := range i.Settings.Addresses {
			list = append(list, NeighbourState{Address: a.Addr(), MAC: i.MAC, Own: true, Complete: true, Interface: i.Name})
		}
		for _, a := range i.shared {
			list = append(list, NeighbourState{Address: a.at.netip(), MAC: a.mac, Own: true, Complete: true, Interface: i.Name})
		}
		for _, n := range i.Neighbours() {
			if !n.Address.Is4() {
				continue
			}
			list = append(list, NeighbourState{Address: n.Address, MAC: n.MAC, Complete: n.Resolved, Learned: n.Learned, Interface: i.Name})
		}
	}
	slices.SortFunc(list, func(a, b NeighbourState) int {
		return cmp.Or(a.Address.Compare(b.Address), cmp.Compare(a.Interface, b.Interface))
	})
	return list
}

// Waiting are the packets that wait for a hardware address, and the octets of
// datagrams for a device that are not whole.
func Waiting(s *Stack) (packets, octets int) {
	for _, i := range s.Interfaces.All() {
		for _, n := range i.neighbours.known().All() {
			packets += len(n.held)
		}
	}
	return packets, s.frags.octets
}
