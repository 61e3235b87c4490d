package standby

import "net/netip"

// Happened says what leads a group to another state.
type Happened struct {
	Interface string
	Group     int
	State     State // before
	Event     Event
	Peer      netip.Addr // that the event is about; invalid: nobody
	Priority  int        // of the peer, where the event is a message
}

// Kind names the body in the stream.
func (Happened) Kind() string { return "standby.event" }

// Changed says that a group has another state at this device.
type Changed struct {
	Interface string
	Group     int
	From, To  State
}

// Kind names the body in the stream.
func (Changed) Kind() string { return "standby.changed" }

// Role is what a router of a group is.
type Role string

// The roles.
const (
	TheActive  Role = "Active"
	TheStandby Role = "Standby"
)

// Elected says which router has a role, as far as this device knows.
type Elected struct {
	Interface string
	Group     int
	Role      Role
	Now, Was  Who
}

// Kind names the body in the stream.
func (Elected) Kind() string { return "standby.elected" }

// Who is a router of a group.
type Who struct {
	Local   bool       `json:"local"`
	Address netip.Addr `json:"address,omitzero"` // of another one; invalid: it is not known
}

// Said is a message that was sent, or came and was taken.
type Said struct {
	Sent      bool
	Op        Op
	Interface string
	Group     int
	From      netip.Addr
	State     State
	Priority  int
	Address   netip.Addr // of the group
}

// Kind names the body in the stream.
func (Said) Kind() string { return "standby.message" }

// Refused says that a message had no effect.
type Refused struct {
	Interface string
	From      netip.Addr
	Group     int // 0 where it cannot be read
	State     State
	Reason    Reason
}

// Kind names the body in the stream.
func (Refused) Kind() string { return "standby.refused" }

// Reason is why a message is not believed.
type Reason string

// The reasons.
const (
	Broken      Reason = "it cannot be read"
	NoGroup     Reason = "there is no such group on the interface"
	Elsewhere   Reason = "its sender is not of the network of the interface"
	BadText     Reason = "its text of authentication is another one"
	BadDigest   Reason = "its digest is not that of the key"
	Unsigned    Reason = "it has no digest"
	OtherWay    Reason = "it has a digest, and none is configured"
	OtherSender Reason = "its digest is of another sender"
)

// Differs says that the active router of a group has another address for it.
type Differs struct {
	Interface    string
	Group        int
	Theirs, Ours netip.Addr
}

// Kind names the body in the stream.
func (Differs) Kind() string { return "standby.differs" }

// Weighed says that a group has another priority, as a tracked object has another state.
type Weighed struct {
	Interface string
	Group     int
	From, To  int
	Object    int
	Tracked   string // the interface, where it is one
	Up        bool
}

// Kind names the body in the stream.
func (Weighed) Kind() string { return "standby.weighed" }
