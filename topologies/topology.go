package topologies

import (
	"net/netip"
	"time"

	"ikelab/router/nat"
	"ikelab/topologies/authority"
	"ikelab/topologies/form"
)

// Topology is a checked topology file. Nodes and links are in file order.
type Topology struct {
	File        string
	Name        string
	Description string
	Clock       time.Time             // virtual time at power-on of the lab
	Seed        *uint64               // nil: none given in the file
	Authorities []*authority.Settings // each behind the one that signs for it
	Nodes       []*Node
	Links       []*Link
	Warnings    form.Problems // keys of containerlab's schema that have no effect here
}

// Node returns the node of that name, or nil.
func (t *Topology) Node(name string) *Node {
	for _, n := range t.Nodes {
		if n.Name == name {
			return n
		}
	}
	return nil
}

// External says whether the lab has a link to a real network, which makes it
// run paced by the wall clock.
func (t *Topology) External() bool {
	for _, l := range t.Links {
		if l.Type != LinkVeth {
			return true
		}
	}
	return false
}

// Kind is a node's kind.
type Kind string

// The kinds.
const (
	KindIOS    Kind = "ios"
	KindBridge Kind = "bridge"
	KindRogue  Kind = "rogue"
	KindHost   Kind = "host"
	KindNAT    Kind = "nat"
)

// isStation says whether nodes of a kind are devices that are no routers.
func (k Kind) isStation() bool { return k == KindHost || k == KindNAT }

// Node is one device or, with KindBridge, one many-port segment.
type Node struct {
	Name         string
	Kind         Kind
	Image        string
	Hostname     string // what the router is called unless its configuration says otherwise
	Config       string // text of the startup configuration, "" without
	ConfigFile   string // where Config came from, for messages
	ConfigLine   int    // line of ConfigFile on which Config begins, and
	ConfigColumn int    // column at which its lines do: 1, 1 for a file of its own
	StartupDelay time.Duration
	Clock        time.Time // what a router's own shows whenever it boots; zero: the time of the lab
	Flash        []File    // of a router, in the order of their names

	Station
	Rogue Rogue // with KindRogue
}

// File is a file of a router's flash.
type File struct {
	Name, Text string
	Written    time.Time
}

// Station is what a host or a NAT gateway is besides.
type Station struct {
	Addresses map[string]netip.Prefix // of its ports, by their names; of a host's only one by ""; invalid: by DHCP
	Gateway   netip.Addr              // where its default route leads
	Outside   string                  // port of a NAT gateway
	NAT       nat.Settings
	Six       Six
}

// Six is IPv6 of a host; zero: it does not speak it.
type Six struct {
	On      bool
	Only    bool         // it does not speak IPv4
	Address netip.Prefix // invalid: it makes its own in the networks that routers advertise
	Gateway netip.Addr   // invalid: a router that advertises itself
}

// Rogue is what a peer that misbehaves has: an address, whom it troubles, the
// pre-shared key of both directions, and its transforms.
type Rogue struct {
	Address, Peer netip.Addr
	Key           string
	Suite         string // "": the peer's default
}

// LinkType is the `type` of an extended link; the brief form is a veth.
type LinkType string

// The link types that can be built.
const (
	LinkVeth  LinkType = "veth"
	LinkUDP   LinkType = "udp"
	LinkTap   LinkType = "tap"
	LinkHost  LinkType = "host"
	LinkVXLAN LinkType = "vxlan"
)

// Link joins two endpoints (veth), or one endpoint with the host: a UDP socket
// for bare Ethernet frames (udp) or for VXLAN packets (vxlan), an interface that
// is made (tap) or one that is there (host).
type Link struct {
	Type          LinkType
	Ends          []Endpoint     // two, one with any type but LinkVeth
	Local, Remote netip.AddrPort // of LinkUDP and LinkVXLAN; an address here may be missing
	HostInterface string         // of LinkTap and LinkHost
	VNI           uint32         // of LinkVXLAN
}

// Endpoint is one end of a link. Impairments act on the frames that leave it.
type Endpoint struct {
	Node        string
	Interface   string // full IOS name on a router, free on a bridge
	Impairments Impairments
}

// String is the endpoint as typed: "R1:Ethernet0/0".
func (e Endpoint) String() string { return e.Node + ":" + e.Interface }

// Impairments of one direction. Probabilities are 0 to 1; zero values mean none.
type Impairments struct {
	Delay, Jitter                     time.Duration
	Loss, Duplicate, Reorder, Corrupt float64
	Rate                              int64 // bit/s, 0: unlimited
	MTU                               int   // octets of the largest packet, 0: unlimited
}
