package ntp

import (
	"net/netip"
	"time"
)

// Said is a message that was sent, or came and was taken.
type Said struct {
	Sent          bool
	Mode          Mode
	Local, Remote netip.Addr
	Interface     string // that has the local address
	Leap, Stratum uint8
	Reference     string
	Transmit      time.Time // what the clock of the sender showed; zero: it is not said
}

// Kind names the body in the stream.
func (Said) Kind() string { return "ntp.message" }

// Reason is why a message is not believed.
type Reason string

// The reasons.
const (
	Broken       Reason = "it cannot be read"
	Strange      Reason = "nobody is asked there"
	Unasked      Reason = "it answers no request that is out"
	Unsteady     Reason = "the server is not synchronised"
	Loop         Reason = "the server follows this device"
	TooFar       Reason = "the way of the server to its reference is too long"
	Contradicts  Reason = "its times contradict each other"
	KissedRate   Reason = "the server wants to be asked less often"
	KissedDenied Reason = "the server wants to be asked no more"
)

// Refused says that a message had no effect on the clock.
type Refused struct {
	From   netip.Addr
	Reason Reason
}

// Kind names the body in the stream.
func (Refused) Kind() string { return "ntp.refused" }

// Reachable says that a server answers, or has not for eight requests.
type Reachable struct {
	Server netip.Addr
	On     bool
}

// Kind names the body in the stream.
func (Reachable) Kind() string { return "ntp.reachable" }

// Followed says that the clock follows a server, or its own oscillator.
type Followed struct {
	Server  netip.Addr
	Stratum int // of this device, from now on
}

// Kind names the body in the stream.
func (Followed) Kind() string { return "ntp.followed" }

// Lost says that the clock follows nothing any more.
type Lost struct{ Server netip.Addr }

// Kind names the body in the stream.
func (Lost) Kind() string { return "ntp.lost" }

// Stepped says that a server has set the clock.
type Stepped struct {
	From, To time.Time
	Server   netip.Addr
}

// Kind names the body in the stream.
func (Stepped) Kind() string { return "ntp.stepped" }

// Started says that NTP begins, or ends.
type Started struct{ On bool }

// Kind names the body in the stream.
func (Started) Kind() string { return "ntp.started" }
