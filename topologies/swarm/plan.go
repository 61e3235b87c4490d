package swarm

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"ikelab/netsim"
	"ikelab/topologies/fault"
)

// Plan is a network and what happens to it. Routers and tunnels keep their
// numbers, and with them addresses and streams of randomness, when others are left
// out.
type Plan struct {
	Seed    uint64
	Shape   Shape
	IKE     []string // lines of the IKEv2 proposal
	Length  time.Duration
	Routers []Router
	Tunnels []Tunnel
	Flows   []Flow
	Faults  []Fault

	Both  bool    `json:",omitempty"` // tunnels carry both families
	Image string  `json:",omitempty"` // of all routers; "": the usual one
	Trust *trusts `json:",omitempty"` // nil: nobody has a certificate
}

// Shape is how routers are joined.
type Shape string

// The shapes.
const (
	Star  Shape = "star"
	Chain Shape = "chain"
	Mesh  Shape = "mesh"
)

// Router is a router and the station in the network behind it.
type Router struct {
	Number       int
	Delay        time.Duration // until it starts
	Lifetime     int           // seconds of an IKE SA
	Seconds      int           // of a pair
	Kilobytes    int           // of a pair; 0: as IOS has it
	DPD          string        // "10 2 periodic"; "": none
	Fragments    int           // octets of the packets in which long IKE messages go; 0: they go as they are
	Cookies      int           // half-open SAs from which on a request needs one; 0: none does
	PQC          string        // of its IKE proposal, "pqc mlkem512 optional"; "": none
	Encap        bool          // it claims a NAT where there is none
	DefaultRoute bool          // in clear: what no tunnel takes must not go that way
	Proof        proof         `json:",omitzero"`  // what it proves itself by
	VRF          bool          `json:",omitempty"` // the network behind it, and its tunnels, are in one
	Front        bool          `json:",omitempty"` // its port to the segment is in one
	Pool         int           `json:",omitempty"` // addresses that it has for FlexVPN clients; 0: enough
	Like         int           `json:",omitempty"` // it is the second customer's branch, and the network behind it has the addresses of that behind this one
}

// proof is what a router proves itself by.
type proof struct {
	Method string // "ecdsa-sig"; "": the shared key
	Key    string // "eckeypair K 384", a line of its trustpoint
	By     string // the authority that has signed
	DN     bool   // it says its distinguished name, not its host name
}

// trusts is what all hold of certificates.
type trusts struct {
	Revocation string        // "crl", "none": whether it is looked up what was taken back
	Short      time.Duration // how long those of one authority are valid
	Flex       bool          `json:",omitempty"` // FlexVPN hubs and clients prove themselves by them, too
}

// Tunnel joins two routers.
type Tunnel struct {
	Number    int
	A, B      int
	Shared    bool // on the segment that all have; otherwise by a link of its own
	Delay     time.Duration
	Transform string
	PFS       string // "group19 pqc mlkem512"; "": none
	Mode      string // "gre ip", "ipip", "crypto map"; "": a virtual tunnel interface
	Transport bool   // mode of its SAs
	Inside    int    // which of both is behind a NAT gateway; 0: none
	Six       bool   `json:",omitempty"` // it leads over IPv6
	Client    int    `json:",omitempty"` // the end that is a FlexVPN client of the other; 0: it is no FlexVPN
	Front     bool   `json:",omitempty"` // its ports are in a VRF of their own, with the addresses that others have, too
	Second    bool   `json:",omitempty"` // the second customer's

	// Of a tunnel of crypto maps.
	Lists   [2]list   `json:",omitzero"`  // of A, of B
	Split   bool      `json:",omitempty"` // its lines are those of two entries
	PerHost int       `json:",omitempty"` // the end that asks for pairs of single hosts; 0: none
	Reverse [2]string `json:",omitzero"`  // how routes of A and of B come with pairs; "": they do not
}

// list is how an end says what goes by the tunnel. Both may say it in other words;
// all of them cover the same networks.
type list string

// The lists.
const (
	networks  list = ""          // a line for two networks
	halves    list = "halves"    // two, for each half of the own one
	protocols list = "protocols" // one for UDP, and one for all
	whole     list = "whole"     // one line for all networks; not where a port leads to several peers
)

// Flow is packets from a station to another.
type Flow struct {
	From, To     int
	Begin, End   time.Duration
	Period       time.Duration
	Burst, Bytes int
	Six          bool `json:",omitempty"` // of IPv6
	Second       bool `json:",omitempty"` // between the second customer's stations
}

// Fault is something that happens, and ends after a while.
type Fault struct {
	Kind    Kind
	At, For time.Duration
	Router  int
	Tunnel  int                // with the router, the port that is meant
	Apart   []int              `json:",omitempty"` // of a partition; of a certificate that is taken back, who fetches the list that says so
	Lines   []string           `json:",omitempty"` // typed, or the answer to a question
	Undo    []string           `json:",omitempty"`
	Opens   bool               `json:",omitempty"` // what a crypto map protects goes in clear meanwhile
	Also    []Typing           `json:",omitempty"` // at other routers, at the same instant
	Impair  netsim.Impairments `json:",omitzero"`
	Packet  *Strike            `json:",omitempty"`
	How     string             `json:",omitempty"` // of a NAT gateway, what it does
}

// Typing is lines of configuration for a router, and those that undo them.
type Typing struct {
	Router      int
	Lines, Undo []string
	Opens       bool `json:",omitempty"`
}

// change is lines of configuration, and those that undo them.
type change struct{ lines, undo []string }

// Strike is something done to single packets that a router sends.
type Strike struct {
	What       fault.What
	Nth, Times int
	By         time.Duration
	Fragment   int `json:",omitempty"` // only this one of IKE messages
}

// Kind is what a fault is.
type Kind string

// The kinds.
const (
	Loss        Kind = "loss"
	Duplication Kind = "duplication"
	Reordering  Kind = "reordering"
	Corruption  Kind = "corruption"
	Delay       Kind = "delay"
	Storm       Kind = "storm" // all of these
	LinkDown    Kind = "link"
	Partition   Kind = "partition"
	Crash       Kind = "crash"
	Reload      Kind = "reload"
	Clear       Kind = "clear"
	Edit        Kind = "edit"
	Move        Kind = "move"  // a port has another address, and its tunnels follow
	Save        Kind = "save"  // write memory
	Clock       Kind = "clock" // clock set
	Packet      Kind = "packet"
	Revoke      Kind = "revoke" // a certificate is taken back
	Rebind      Kind = "rebind" // a NAT gateway has other ports, another address, or nothing
)

// name is a router's name.
func (r *Router) name() string { return nameOf(r.Number) }

func nameOf(number int) string { return fmt.Sprintf("R%d", number) }

const (
	lanPort    = "GigabitEthernet0/0"
	sharedPort = "Ethernet0/0"
	segment    = "LAN"
)

// secondFrom is added to the numbers of the first customer's stations: those of the second one's.
const secondFrom = 100

// station is the address of the station behind a router, and gateway the
// router's there.
func station(number int) netip.Addr {
	return netip.AddrFrom4([4]byte{192, 168, byte(number % secondFrom), 2})
}

func gateway(number int) netip.Addr { return netip.AddrFrom4([4]byte{192, 168, byte(number), 1}) }

// inner are the networks that tunnels protect.
var inner = netip.MustParsePrefix("192.168.0.0/16")

// station6 and gateway6 are the addresses of IPv6 that go with station and gateway.
func station6(number int) netip.Addr { return address6(number, 2) }
func gateway6(number int) netip.Addr { return address6(number, 1) }

func address6(number int, host byte) netip.Addr {
	return netip.AddrFrom16([16]byte{0: 0xfd, 7: byte(number), 15: host})
}

// inner6 are the networks that tunnels protect.
var inner6 = netip.MustParsePrefix("fd00::/16")

// protected says whether an address is in one of the networks that tunnels protect.
func protected(a netip.Addr) bool { return inner.Contains(a) || inner6.Contains(a) }

// has says whether a router is one of the tunnel's ends.
func (t *Tunnel) has(router int) bool { return t.A == router || t.B == router }

// far is the other end.
func (t *Tunnel) far(router int) int { return t.A + t.B - router }

// port is the port that the tunnel leaves an end by.
func (t *Tunnel) port() string {
	if t.Shared {
		return sharedPort
	}
	return fmt.Sprintf("Ethernet1/%d", t.Number)
}

func (t *Tunnel) name() string { return fmt.Sprintf("Tunnel%d", t.Number) }

// router and tunnel find by number; nil: it was left out.
func (p *Plan) router(number int) *Router {
	if i := slices.IndexFunc(p.Routers, func(r Router) bool { return r.Number == number }); i >= 0 {
		return &p.Routers[i]
	}
	return nil
}

func (p *Plan) tunnel(number int) *Tunnel {
	if i := slices.IndexFunc(p.Tunnels, func(t Tunnel) bool { return t.Number == number }); i >= 0 {
		return &p.Tunnels[i]
	}
	return nil
}

// onDemand says whether an end asks for life only when it sends: what the other
// has lost is found when the tunnel is used, and what nobody uses may stay.
func (p *Plan) onDemand() bool {
	return slices.ContainsFunc(p.Routers, func(r Router) bool { return strings.HasSuffix(r.DPD, "on-demand") })
}

// byMap is the mode of a tunnel of crypto maps.
const byMap = "crypto map"

// mapped says whether a tunnel is one of crypto maps.
func (t *Tunnel) mapped() bool { return t.Mode == byMap }

// maps says whether there are such tunnels at all.
func (p *Plan) maps() bool {
	return slices.ContainsFunc(p.Tunnels, func(t Tunnel) bool { return t.mapped() })
}

// first is the tunnel by which a router reaches each other one with the fewest
// hops. Where there are crypto maps, answers go the same way back: no two ways are
// as long.
func (p *Plan) first(from int) map[int]*Tunnel {
	const hop int64 = 1 << 40
	ways, length, together := map[int]*Tunnel{}, map[int]int64{from: 0}, p.maps()
	for again := true; again; {
		again = false
		for i := range p.Tunnels {
			t, n := &p.Tunnels[i], hop
			if t.Second {
				continue
			}
			if together {
				n += 1 << (i % 32)
			}
			for _, at := range []int{t.A, t.B} {
				near, known := length[at]
				if far, had := length[t.far(at)]; !known || had && far <= near+n {
					continue
				}
				length[t.far(at)], again = near+n, true
				ways[t.far(at)] = cmp.Or(ways[at], t)
			}
		}
	}
	return ways
}
