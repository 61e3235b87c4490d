package shell

import (
	"math"
	"net/netip"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/show"
)

// Device is what the shell needs of its router.
type Device interface {
	show.Source

	Derived() *iosconfig.Config // with the interfaces that were cloned from templates
	Editor() Editor
	SetStartup(text string) error // which keeps the old one then
	Flash() *Flash
	Unsaved() bool // running-config differs from startup-config
	Reload(now time.Time)

	ClearIKE(now time.Time, of show.Which)
	ClearPairs(now time.Time, of show.Which)
	ClearPair(now time.Time, to netip.Addr, spi uint32) // an invalid address: to any
	ClearPairCounters()
	ClearIKEStats()
	ClearCounters(now time.Time, name string) // "": all
	ClearMatches(list string, six bool)       // "": of all access lists of a family
	ClearNeighbours(now time.Time, only netip.Addr)
	ForgetNeighbours() // of IPv6
	ClearTraffic(six bool)
	ClearTranslations()

	ClearBinding(a netip.Addr) bool  // of DHCP; an invalid address: all
	ClearConflict(a netip.Addr) bool // false: there is none
	Renew(now time.Time, name string) bool
	Release(now time.Time, name string) bool            // false: the interface asks for no address
	Connect(now time.Time, client string, on bool) bool // a FlexVPN client; false: there is none

	PKI
	ClockSet(now, to time.Time)
	ClockMoved(now time.Time) // has all follow that goes by it

	Permits(list string, packet []byte) bool         // what an access list says
	SourceFor(vrf string, dst netip.Addr) netip.Addr // the address that a packet there leaves with
	OwnAddress(vrf string, a netip.Addr) bool
	Ping(now time.Time, p PingRequest) (stop func())
	Trace(now time.Time, t TraceRequest) (stop func())
}

// Editor is configure mode. Each line takes effect when it is entered.
type Editor interface {
	Enter(now time.Time, line string) (Edited, error)
	Mode() string // "config-if"
	FromFile()    // the lines that come are those of a file: "no" of what is not there says something
	Help(line string) ([]string, error)
	Complete(line string) []string
	InText() bool              // the lines that come are a banner's text
	Public(line string) string // what may be told of a line about to be entered
}

// Edited is what a line of configure mode did.
type Edited struct {
	Messages []string
	Left     bool   // configure mode was left
	Do       string // an EXEC command to run; "": none
	At       int    // where it begins in the line
}

// PingRequest is a ping. Report is told how each echo ended, Done, once Ping has
// returned, that the last one has.
type PingRequest struct {
	VRF                 string // "": the global table
	Destination, Source netip.Addr
	Repeat              int
	Size                int // of the packet
	Timeout             time.Duration
	DF                  bool
	TOS                 uint8
	Pattern             []byte // of the data; nil: IOS's
	Validate            bool   // a reply with other data is none
	Sweep               Sweep  // Repeat times all its sizes
	Link                string // the interface by which a link-local address is; "": it is none
	Report              func(now time.Time, e Echo)
	Done                func(now time.Time)
}

// Sweep has sizes go from Size up to one, each so much more than the last. By 0: there is none.
type Sweep struct{ To, By int }

// Echoes is how many there will be.
func (p *PingRequest) Echoes() int {
	if p.Sweep.By == 0 {
		return p.Repeat
	}
	sizes := (p.Sweep.To-p.Size)/p.Sweep.By + 1
	return int(min(int64(p.Repeat)*int64(sizes), math.MaxInt32))
}

// Echo is how an echo ended: answered, refused by an ICMP error, or neither.
type Echo struct {
	Answered bool
	RTT      time.Duration
	Failed   bool
	Type     uint8 // of the ICMP error
	Code     uint8
}

// TraceRequest is a traceroute.
type TraceRequest struct {
	VRF                 string // "": the global table
	Destination, Source netip.Addr
	Timeout             time.Duration
	Probes              int // of each hop
	First, Last         int // TTL
	Port                int // of the first probe, at the destination
	TOS                 uint8
	Link                string // as of a ping
	Report              func(now time.Time, p Probe)
	Done                func(now time.Time)
}

// defaultTrace is IOS's.
var defaultTrace = TraceRequest{Timeout: 3 * time.Second, Probes: 3, First: 1, Last: 30, Port: 33434}

// inOrder says whether there is a TTL to begin with.
func (t *TraceRequest) inOrder() bool { return t.First >= 1 && t.First <= t.Last }

// Probe is how a probe ended.
type Probe struct {
	Hop    int        // from 1
	Number int        // within the hop, from 0
	From   netip.Addr // who sent an ICMP error; invalid: nobody did
	Type   uint8
	Code   uint8
	RTT    time.Duration
	Last   bool
}
