package cluster

import "net/netip"

// Role is what a gateway is in its cluster.
type Role string

// The roles.
const (
	Off    Role = "none"  // it takes no part
	Alone  Role = "alone" // no active router is known
	Slave  Role = "slave"
	Master Role = "master"
)

// Changed says that a gateway has another role, or another master.
type Changed struct {
	Group    string
	From, To Role
	Master   netip.Addr // invalid: it is not known
}

// Kind names the body in the stream.
func (Changed) Kind() string { return "cluster.changed" }

// Said is a message that was sent, or came and was taken.
type Said struct {
	Sent     bool
	Op       Op
	Peer     netip.Addr
	Sessions int // of a load, as the most of them
	Most     int
	Priority int
}

// Kind names the body in the stream.
func (Said) Kind() string { return "cluster.message" }

// Refused says that a message had no effect.
type Refused struct {
	From   netip.Addr
	Reason Reason
}

// Kind names the body in the stream.
func (Refused) Kind() string { return "cluster.refused" }

// Reason is why a message is not believed.
type Reason string

// The reasons.
const (
	NotMaster  Reason = "this gateway is not the master"
	Stranger   Reason = "its sender is not of the network of the group"
	Broken     Reason = "it cannot be read"
	OtherGroup Reason = "it is of another group"
	Full       Reason = "there are as many members as there can be"
)

// Member says that the master knows a member, or has forgotten it.
type Member struct {
	Address netip.Addr
	Known   bool
	Silent  bool // it was forgotten as nothing was heard of it
}

// Kind names the body in the stream.
func (Member) Kind() string { return "cluster.member" }
