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
	Message *wire.Message
	To      netip.AddrPort
	From    netip.AddrPort
}

// PacketArrived is a datagram taken off the queue, before it is looked at.
type PacketArrived struct{ From, To netip.AddrPort }

// MessageParsed is a message that was opened and parsed.
type MessageParsed struct {
	SA      Ref
	Message *wire.Message
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

// Note is a fact with at most a name, an address and three numbers.
type Note struct {
	SA      Ref // ID 0: printed without an SA
	What    Fact
	Name    string
	Addr    netip.Addr
	A, B, C uint32
}

// NoProposal says why a negotiation failed: both sides' proposals.
type NoProposal struct {
	SA              Ref
	Protocol        wire.ProtocolID
	Received, Local []wire.Proposal
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
	ReasonNone           Reason = iota
	ReasonCleared               // by the operator
	ReasonPeerDeleted           // the peer sent a Delete
	ReasonRekeyed               // replaced by a newer SA
	ReasonExpired               // hard lifetime
	ReasonTimeout               // retransmissions exhausted, or AUTH timer
	ReasonNoProposal            // NO_PROPOSAL_CHOSEN
	ReasonAuthFailed            // AUTHENTICATION_FAILED
	ReasonTSUnacceptable        // TS_UNACCEPTABLE
	ReasonInvalid               // the peer broke the protocol
	ReasonDuplicate             // another SA to this peer was kept
	ReasonInitialContact        // the peer said that it has no other SA
	ReasonConfigChanged         // configuration took away what the SA needs
	ReasonNoKey                 // no pre-shared key for the peer
	ReasonNoProfile             // no profile matches the peer
	ReasonNoPolicy              // no complete proposal
	ReasonNoResources           // a limit was reached
)

var reasonNames = [...]string{
	"none", "cleared", "peer deleted", "rekeyed", "expired", "timeout", "no proposal", "auth failed", "TS unacceptable",
	"invalid", "duplicate", "initial contact", "config changed", "no key", "no profile", "no policy", "no resources",
}

// String names the reason in records.
func (r Reason) String() string { return reasonNames[r] }

// Fact is what a Note says. The renderer has a sentence for each.
type Fact uint8

// The facts, in the order in which a negotiation meets them.
const (
	GettingKeyByAddress   Fact = iota + 1 // Addr
	AddingProposal                        // Name: proposal
	ChoosingProfile                       // Name: profile, A: SA id
	UsingProfile                          // Name: profile
	RequestAdmitted                       // an SA request passed admission control
	IncrementOutgoing                     // negotiating count
	IncrementIncoming                     //
	DecrementOutgoing                     //
	DecrementIncoming                     //
	RequestActivated                      // the new SA counts as active
	DecrementOutgoingFail                 // there was no negotiating SA to take off (rekey)
	DecrementIncomingFail                 //
	RequestDeleted                        // negotiating SA given up
	SettingPolicies                       //
	ActionNull                            //
	NoConfigInInit                        // A: 1 initiator, 0 responder
	NoConfigToSend                        // to toolkit
	SendingConfig                         // to toolkit
	ReceivedConfig                        // from toolkit
	ConfigReplyError                      // we answer no CFG_REQUEST
	NoModeConfigSet                       // nothing to set
	ProcessingInit                        //
	NATProcess                            // NAT discovery begins
	NATSource                             // source notify looked at
	NATRemoteMatch                        //
	NATRemoteMismatch                     //
	NATDestination                        // destination notify looked at
	NATLocalMatch                         //
	NATLocalMismatch                      //
	NATNone                               //
	NATFound                              // A: 1 we are inside, B: 1 the peer is inside
	GenerateSKEYID                        //
	DeleteReasonEnabled                   // both sides sent CISCO-DELETE-REASON
	PKIOpen                               //
	PKIClose                              //
	ExpectedMessageID                     // A: got, B: first and C: last id that we accept
	ValidID                               // parameters of process id
	RedirectSkipped                       //
	NoAAAGroup                            //
	NoAAAUser                             //
	StoreMIB                              // A: index, B: platform
	AsyncQueued                           // load request given to IPsec
	EmptyLine                             // IOS prints the bare prefix
	KMIConsumed                           // A: message number
	IdentHandle                           // A: handle, B: SPI, Name: session number in decimal
	AccountingNotRequired                 //
	SentResponse                          // A: message id, B: first and C: last id that we accept next
	ProcessedResponse                     // A: message id, B: first and C: last id that we may send next
	// Failures and the rest of an SA's life.
	NoKey                 // Addr
	NoProfile             // no profile for the peer's identity
	NoItemInDatabase      //
	FailedPolicyMatch     // "Failed to find a matching policy"
	SendingNoProposal     //
	ReceivedNoProposal    //
	InvalidKESent         // A: peer's group, B: ours
	InvalidKEReceived     // A: our group, B: peer's
	AuthDataFailed        // verification of the peer's AUTH data failed
	SendingAuthFailed     //
	ReceivedAuthFailed    //
	NoTSPolicy            // "There was no IPSEC policy found for received TS"
	SendingTSUnacceptable //
	ReceivedTSUnacceptable
	ReceivedNotify         // Name: notify; any other error notify
	InitFailed             // "Failed SA init exchange"
	InitialExchangeFailed  //
	AuthExchangeFailed     //
	CreateChildFailed      //
	AbortExchange          //
	DeletingSA             //
	MaxRetransmissions     //
	AuthTimerExpired       //
	Retransmitting         // A: message id
	AlreadyNegotiating     // a second trigger while negotiating
	QueuingDelete          // Name: reason
	SendingDeleteChild     // B: SPI
	SendingDeleteIKE       //
	ProcessingDeleteChild  // B: SPI
	ProcessingDeleteIKE    //
	DeleteFromPeer         // "Process delete request from peer"
	ProcessingInfoAck      //
	SendingDPD             //
	ReceivedDPD            //
	SendingInfoAck         //
	DuplicateFound         // a second SA to the same peer: this one goes
	DuplicateNone          //
	InitialContactReceived //
	RekeyStarted           // IKE SA
	ChildRekeyStarted      // B: SPI
	WindowFull             // request waits for the peer's window
	TemporaryFailure       // peer or we said TEMPORARY_FAILURE
	LimitReached           // admission control said no
)

// SAInfo is a snapshot of one IKE SA for `show` and for events.
type SAInfo struct {
	ID               int
	SPIi, SPIr       uint64 `record:"spi"`
	Local, Remote    netip.AddrPort
	Status           Status
	Description      string // "Negotiation done", "Initiator waiting for INIT response", …
	Encr             ipsec.Encr
	Integ            ipsec.IntegID
	PRF              ipsec.PRFID
	Group            ipsec.Group
	Profile          string
	AuthPSK          bool // authenticated both ways with pre-shared keys
	Lifetime         time.Duration
	Established      time.Time // zero: not yet
	CEID, Session    int       // the how manieth SA, and session with a peer, since start
	LocalID          Identity
	RemoteID         Identity
	Initiator        bool   // of the SA
	LocalReqID       uint32 // id of our next request to be sent out
	RemoteReqID      uint32 // next request id that we expect
	LocalNextID      uint32
	RemoteNextID     uint32
	LocalQueued      uint32
	RemoteQueued     uint32
	LocalWindow      int
	RemoteWindow     int
	DPD              DPD
	NAT              bool
	Children         []ipsec.SPI // inbound SPIs
	ConfigExchange   bool
	DeleteReasonPeer bool
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
func (*Step) Kind() string         { return "ike.step" }
func (MessageBuilt) Kind() string  { return "ike.message_built" }
func (PacketArrived) Kind() string { return "ike.packet_arrived" }
func (MessageParsed) Kind() string { return "ike.message_parsed" }
func (Repeated) Kind() string      { return "ike.repeated" }
func (Refused) Kind() string       { return "ike.refused" }
func (*Note) Kind() string         { return "ike.note" }
func (NoProposal) Kind() string    { return "ike.no_proposal" }
func (Keys) Kind() string          { return "ike.keys" }
func (SAUp) Kind() string          { return "ike.sa_up" }
func (SADown) Kind() string        { return "ike.sa_down" }
func (EntryUp) Kind() string       { return "ike.entry_up" }
func (EntryDown) Kind() string     { return "ike.entry_down" }
