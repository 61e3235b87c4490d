package dhcp

import (
	"encoding/hex"
	"net/netip"
)

// Said is a message that somebody sent, or took.
type Said struct {
	Interface string // a client's, or where a server or relay took it
	Sent      bool
	Type      string
	XID       uint32
	Hardware  [6]byte
	Client    netip.Addr
	Your      netip.Addr
	Requested netip.Addr
	Server    netip.Addr
	Relay     netip.Addr

	Identifier string // of the client, in hexadecimal digits
	Octets     int    // of the message
}

// ByClient says whether it is a client that has sent or taken the message.
func (s Said) ByClient() bool {
	answer := s.Type == Offer.String() || s.Type == Ack.String() || s.Type == Nak.String()
	return answer != s.Sent
}

// Kind names the body in the stream.
func (Said) Kind() string { return "dhcp.message" }

func said(iface string, sent bool, m *Message) Said {
	return Said{
		Interface: iface, Sent: sent, Type: m.Type.String(), XID: m.XID, Hardware: m.Hardware, Client: m.Client, Your: m.Your,
		Requested: m.Requested, Server: m.Server, Relay: m.Relay, Identifier: hex.EncodeToString([]byte(keyOf(m))), Octets: len(m.Append(nil)),
	}
}

// Leased says that an interface has an address, or keeps it.
type Leased struct {
	Interface string
	Address   netip.Prefix
	Server    netip.Addr
	Routers   []netip.Addr
	Seconds   uint32
	Renewed   bool
	Hostname  string
}

// Kind names the body in the stream.
func (Leased) Kind() string { return "dhcp.leased" }

// Lost says that an interface has its address no more.
type Lost struct {
	Interface string
	Address   netip.Prefix
	Why       End
}

// Kind names the body in the stream.
func (Lost) Kind() string { return "dhcp.lost" }

// Given says that a server has given an address, or gives it for longer.
type Given struct {
	Pool     string
	Address  netip.Addr
	Client   string
	Hardware [6]byte
	Seconds  uint32
}

// Kind names the body in the stream.
func (Given) Kind() string { return "dhcp.given" }

// Freed says that nobody has an address any more that a server gave.
type Freed struct {
	Pool    string
	Address netip.Addr
	Why     End
}

// Kind names the body in the stream.
func (Freed) Kind() string { return "dhcp.freed" }

// End is why a lease ended.
type End string

// The ends.
const (
	RanOut    End = "nobody has renewed it"
	GivenBack End = "it was given back"
	Refused   End = "a server has refused it"
	Overlaps  End = "another interface is in that network"
	Cleared   End = "somebody has cleared it"
	Declined  End = "the client says that somebody else has it"
	NotTaken  End = "the client has not taken what it was offered"
	Moved     End = "the pool is another one"
	Pinged    End = "somebody answers there"
)

// Unanswered is a message that a server has no answer to.
type Unanswered struct {
	Interface string
	Type      string
	Hardware  [6]byte
	Why       Silence
}

// Kind names the body in the stream.
func (Unanswered) Kind() string { return "dhcp.unanswered" }

// Silence is why.
type Silence string

// The reasons.
const (
	NoPool    Silence = "no pool has the network that it comes from"
	Exhausted Silence = "the pool has no address left"
	Stranger  Silence = "another server is meant, or nothing is known of the client"
	Broken    Silence = "it is no message of a client"
	Later     Silence = "the address is pinged first" // which no record tells
	TooFar    Silence = "it went through too many relays"
)
