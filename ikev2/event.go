package ikev2

import (
	"net/netip"
	"time"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// The record bodies: what happened, in the order in which it happened. `debug`,
// syslog, captures' key files and tests are renderers of this one stream.

// Ref names the IKE SA that an event belongs to. ID 0: no SA exists yet.
type Ref struct {
	ID         int    // "SA ID"
	Session    int    // with the peer
	SPIi, SPIr uint64 `record:"spi"`
}

// Step is one step of the state machine: the runner entered Event in State.
// Initiator is the role in that exchange, not in the IKE SA.
type Step struct {
	SA        Ref
	Initiator bool
	MessageID uint32
	State     State
	Event     Input
}

// MessageBuilt is a message that is about to leave, payloads in clear.
type MessageBuilt struct {
	SA      Ref
	VRF     int // of both ends, by number
	Message *wire.Message
	To      netip.AddrPort
	From    netip.AddrPort
}

// PacketArrived is a datagram taken off the queue, before it is looked at.
type PacketArrived struct{ From, To netip.AddrPort }

// MessageParsed is a message that was opened and parsed.
type MessageParsed struct {
	SA      Ref
	VRF     int // of both ends, by number
	Message *wire.Message
	From    netip.AddrPort
	To      netip.AddrPort
}

// MessageRepeated is a request of ours that leaves once more: its header, and of one
// that is not encrypted its payloads.
type MessageRepeated struct {
	SA      Ref
	VRF     int // of both ends, by number
	Message *wire.Message
	To      netip.AddrPort
	From    netip.AddrPort
}

// Refused is a datagram or message that was dropped without effect on any SA.
type Refused struct {
	SA     Ref
	From   netip.AddrPort
	Reason error
}

// Repeated is a request that comes again and is answered again, or is being
// served, or a response that comes again: what happens on a network that loses
// and repeats.
type Repeated struct {
	SA     Ref
	From   netip.AddrPort
	Reason error
}

// Keys are the keys of a new IKE SA, for captures that open decrypted.
type Keys struct {
	SA                         Ref
	Encr                       ipsec.Encr
	Integ                      ipsec.IntegID
	EncrI, EncrR, AuthI, AuthR []byte `record:"secret"`
}

// SAUp is an IKE SA that reached READY; SADown one that ended.
type SAUp struct {
	SA     Ref
	Info   SAInfo
	Rekeys uint64 `record:"spi"` // SPIi of the IKE SA that it replaces; 0: none
}

// SADown is the end of an IKE SA.
type SADown struct {
	SA     Ref
	Info   SAInfo
	Reason Reason
}

// EntryUp is a entry that got its first child SA; EntryDown one that lost its
// last, or whose negotiation failed.
type EntryUp struct {
	Entry string
	Peer  netip.AddrPort
	ID    Identity
}

// EntryDown is a entry without a child SA, and why.
type EntryDown struct {
	Entry  string
	Peer   netip.AddrPort
	ID     Identity
	WasUp  bool
	Reason Reason
}

// Reason says why something ended.
type Reason uint8

// The reasons.
const (
	ReasonNone            Reason = iota
	ReasonCleared                // by the operator
	ReasonPeerDeleted            // the peer sent a Delete
	ReasonRekeyed                // replaced by a newer SA
	ReasonExpired                // hard lifetime
	ReasonTimeout                // retransmissions exhausted, or AUTH timer
	ReasonNoProposal             // NO_PROPOSAL_CHOSEN
	ReasonAuthFailed             // AUTHENTICATION_FAILED
	ReasonTSUnacceptable         // TS_UNACCEPTABLE
	ReasonInvalid                // the peer broke the protocol
	ReasonDuplicate              // another SA to this peer was kept
	ReasonInitialContact         // the peer said that it has no other SA
	ReasonConfigChanged          // configuration took away what the SA needs
	ReasonNoKey                  // no pre-shared key for the peer
	ReasonNoProfile              // no profile matches the peer
	ReasonNoPolicy               // no complete proposal
	ReasonNoResources            // a limit was reached
	ReasonReauthenticated        // made anew (RFC 7296 2.8.3)
	ReasonNoAddress              // INTERNAL_ADDRESS_FAILURE, FAILED_CP_REQUIRED
	ReasonRedirected             // the client goes to another gateway (RFC 5685)
	ReasonSentAway               // the gateway sends us where we do not go
	ReasonHomeless               // our own address is ours no more
)

var reasonNames = [...]string{
	"none", "cleared", "peer deleted", "rekeyed", "expired", "timeout", "no proposal", "auth failed", "TS unacceptable",
	"invalid", "duplicate", "initial contact", "config changed", "no key", "no profile", "no policy", "no resources", "reauthenticated", "no address", "redirected", "sent away", "homeless",
}

// String names the reason in records.
func (r Reason) String() string { return reasonNames[r] }

// SAInfo is a snapshot of one IKE SA for `show` and for events.
type SAInfo struct {
	ID            int
	SPIi, SPIr    uint64 `record:"spi"`
	Local, Remote netip.AddrPort
	Status        Status
	State         State // of the initial exchanges; Ready once they are done
	SASuite
	Matched
	Auth          [2]string // how we have proved who we are, and how the peer has: "PSK", "RSA"; "": not yet
	Lifetime      time.Duration
	Established   time.Time // zero: not yet
	CEID, Session int       // the how manieth SA, and session with a peer, since start
	LocalID       Identity
	RemoteID      Identity
	Initiator     bool   // of the SA
	LocalNextID   uint32 // id of our next request
	RemoteNextID  uint32 // next request id that we expect
	LocalWindow   int
	RemoteWindow  int
	DPD           DPD
	SAPath
	FragmentOctets int         // of a message that is not fragmented; 0: none is (RFC 7383)
	Children       []ipsec.SPI // inbound SPIs
	SAConfiguration
	DeleteReasonPeer bool
}

// SASuite is what an SA was negotiated to.
type SASuite struct {
	Encr  ipsec.Encr
	Integ ipsec.IntegID
	PRF   ipsec.PRFID
	Group ipsec.Group
	AddKE []ipsec.Group // additional key exchanges (RFC 9370)
}

// Matched are the objects of the configuration that an SA was made by; "": none yet.
type Matched struct {
	Profile, Policy, Proposal, Keyring, KeyringPeer string
	PPK                                             string // the post-quantum preshared key that its keys come of, too
}

// SAConfiguration is what configuration payloads have come to.
type SAConfiguration struct {
	ConfigExchange bool           // one asked for configuration
	Address        netip.Addr     // that the responder has given to the initiator; invalid: none
	Subnets        []netip.Prefix // that the peer has told
	Dynamic        bool           // what it tells is taken
}

// SAPath is what stands on the way to the peer.
type SAPath struct {
	VRF       int        // of both ends, by number
	NAT       bool       // a NAT, or a claim of one: ESP travels in UDP
	NATInside bool       // a NAT stands before us
	Sent      netip.Addr // the gateway that has sent the entry here (RFC 5685); invalid: none has
}

// Status is the column of that name in `show crypto ikev2 sa`.
type Status string

// The statuses.
const (
	StatusInNeg  Status = "IN-NEG"
	StatusReady  Status = "READY"
	StatusDelete Status = "DELETE"
)

// Kind names the body in the stream.
func (*Step) Kind() string           { return "ike.step" }
func (MessageBuilt) Kind() string    { return "ike.message_built" }
func (PacketArrived) Kind() string   { return "ike.packet_arrived" }
func (MessageParsed) Kind() string   { return "ike.message_parsed" }
func (MessageRepeated) Kind() string { return "ike.message_repeated" }
func (Repeated) Kind() string        { return "ike.repeated" }
func (Refused) Kind() string         { return "ike.refused" }
func (Keys) Kind() string            { return "ike.keys" }
func (SAUp) Kind() string            { return "ike.sa_up" }
func (SADown) Kind() string          { return "ike.sa_down" }
func (EntryUp) Kind() string         { return "ike.entry_up" }
func (EntryDown) Kind() string       { return "ike.entry_down" }
