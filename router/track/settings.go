package track

import (
	"net/netip"
	"time"

	"ikelab/router/ip"
	"ikelab/router/record"
)

// Settings are what an object tracks: the interface, the route, the operation or the list.
type Settings struct {
	Number    int
	What      string // as messages name it: "ip sla 1 reachability"
	Interface string
	Routing   bool // ip routing, not the line protocol alone
	Prefix    netip.Prefix
	VRF       int // by number, of the route
	Operation int
	State     bool   // the return code of the operation must be OK: reachability is not enough
	List      string // "and", "or"
	Members   []Member
	DelayUp   time.Duration
	DelayDown time.Duration
}

// Member is an object of a list.
type Member struct {
	Number int
	Not    bool
}

// Operation is an echo that is sent again and again.
type Operation struct {
	Number      int
	Ping        ip.Ping // without what it reports to
	Source      string  // the interface whose address it has; "": whichever it leaves by
	Threshold   time.Duration
	Frequency   time.Duration
	Scheduled   bool
	After, Life time.Duration // Life 0: forever
}

// Options are what the objects of a device need.
type Options struct {
	Stack   *ip.Stack
	Timers  *ip.Timers
	Records *record.Emitter
	Changed func(now time.Time, number int) // an object has another state, has come or gone
}

// Changed says that an object has another state. First: it has just been made.
type Changed struct {
	Object int
	What   string
	Up     bool
	First  bool
	Number int // of the change
}

// Kind names the body in the stream.
func (Changed) Kind() string { return "track.changed" }

// Probed says how an operation has ended.
type Probed struct {
	Operation int
	Target    netip.Addr
	Code      Code
	RTT       time.Duration
}

// Kind names the body in the stream.
func (Probed) Kind() string { return "track.probed" }

// Code is how the last echo of an operation has ended.
type Code string

// The codes.
const (
	Unknown       Code = "Unknown" // none has yet
	OK            Code = "OK"
	OverThreshold Code = "Over threshold"
	Timeout       Code = "Timeout"
)
