package ikev2

import (
	"net/netip"

	"ikelab/ikev2/pki"
	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// Record bodies: what an exchange found and decided, beside its steps and
// messages.

// Admission is a step of call admission control: how many SAs of a side are
// being negotiated and are active after it.
type Admission struct {
	SA        Ref // ID 0: there will be none
	Initiator bool
	Step      AdmissionStep
	Counted   bool // among those being negotiated: the SA of a rekey never is
	Count
}

// Count is how many SAs of one side there are.
type Count struct{ Active, Negotiating int }

// AdmissionStep is how far a negotiation is for admission control.
type AdmissionStep uint8

// The steps.
const (
	Admitted  AdmissionStep = iota
	Activated               // it has made an SA
	GivenUp                 // it will make none
	Released                // it is not counted any more
	Rejected                // at a limit
)

var admissionNames = [...]string{"admitted", "activated", "given up", "released", "rejected"}

// String names the step in records.
func (s AdmissionStep) String() string { return admissionNames[s] }

// NATChecked is what the hashes of NAT detection say (RFC 7296 2.23): whether
// the peer sends from where it believes to, and to where we believe to be.
type NATChecked struct {
	SA                  Ref
	Source, Destination bool // it does
}

// NATSettled is what an SA's way is taken to be before IKE_AUTH goes on.
type NATSettled struct {
	SA Ref
	SAPath
}

// PortsFloated says that an SA goes over to the ports of NAT traversal.
type PortsFloated struct {
	SA            Ref
	Initiator     bool // of the SA
	Local, Remote netip.AddrPort
}

// PeerMoved says that the peer of an SA has another address or port.
type PeerMoved struct {
	SA            Ref
	Local, Remote netip.AddrPort
}

// ExtensionAgreed is an extension that both ends know, by its vendor id or its
// notify.
type ExtensionAgreed struct {
	SA       Ref
	VendorID string
	Notify   wire.NotifyType
}

// PPKSettled says whether a post-quantum preshared key is part of an IKE SA's keys.
type PPKSettled struct {
	SA        Ref
	Initiator bool   // of the SA
	ID        string // of the key that is configured for the peer; "": none
	Asked     string // the one that the initiator names, to the responder
	Required  bool
	Used      bool
}

// Kind names the body in the stream.
func (PPKSettled) Kind() string { return "ike.ppk_settled" }

// ModeDeclined says that a pair was to be in transport mode, and is in tunnel mode: the
// peer asked for it, or we did as the exchange's initiator.
type ModeDeclined struct {
	SA        Ref
	Entry     string
	Initiator bool
	NAT       bool // one is on the way
}

// Kind names the body in the stream.
func (ModeDeclined) Kind() string { return "ike.mode_declined" }

// ConfigData is the place of configuration data in an exchange (RFC 7296 2.19):
// whether the initiator asks for any. A responder has none to give.
type ConfigData struct {
	SA         Ref
	Initiator  bool
	Asked      bool
	Attributes []wire.CPAttribute
}

// PeerIdentified is who the peer says that it is.
type PeerIdentified struct {
	SA        Ref
	Initiator bool
	Identity  Identity
}

// Computing is a key exchange that is under way: of our public value, or of the shared secret.
type Computing struct {
	SA     Ref
	Group  ipsec.Group
	Secret bool
}

// Proving is a step of the proof of who an end is (RFC 7296 2.15): the method is known, the
// key was found, the data are made of it.
type Proving struct {
	SA         Ref
	Step       ProofStep
	Peer       bool // it is the peer's proof
	Identity   Identity
	Method     wire.AuthMethod
	With       string // "PSK", "RSA", "ECDSA"
	KeyLen     int    // of a pre-shared key, or of a certificate's key, in octets
	Trustpoint string // of our certificate
}

// ProofStep is how far a proof is.
type ProofStep uint8

// The steps.
const (
	ProofMethod ProofStep = iota
	ProofKey
	ProofData
)

var proofNames = [...]string{"method", "key", "data"}

// String names the step in records.
func (s ProofStep) String() string { return proofNames[s] }

// Authenticated is the judgement of the peer's AUTH data (RFC 7296 2.15).
type Authenticated struct {
	SA       Ref
	Identity Identity
	Method   wire.AuthMethod
	With     string // as in Proving
	Verified bool
}

// CertificatesReceived are those that the peer sends, its own first.
type CertificatesReceived struct {
	SA        Ref
	Initiator bool
	Subjects  []string
}

// CertificateJudged is what was found of the peer's certificate.
type CertificateJudged struct {
	SA         Ref
	Initiator  bool
	Identity   Identity
	Subject    string
	Trustpoint string       // that it leads to; "": to none
	Addresses  []netip.Addr // in the certificate, and
	Hostnames  []string
	Holds      bool       // the identity is in the certificate
	Fault      *pki.Fault // nil: it is good
}

// Kind names the body in the stream.
func (CertificatesReceived) Kind() string { return "ike.certificates_received" }

// Kind names the body in the stream.
func (CertificateJudged) Kind() string { return "ike.certificate_judged" }

// PairLoaded says that IPsec has loaded the keys of a pair.
type PairLoaded struct {
	SA        Ref
	Entry     string
	In, Out   ipsec.SPI
	Session   int // with the peer
	Exchange  wire.ExchangeType
	Initiator bool // of the exchange
}

// DuplicateChecked is a look for another SA that serves the same entry; Other
// is one that was found.
type DuplicateChecked struct{ SA, Other Ref }

// InitialContact says that the peer has forgotten an SA (RFC 7296 2.4).
type InitialContact struct{ SA, Old Ref }

// WindowChecked compares the id of a request with those that we accept
// (RFC 7296 2.3).
type WindowChecked struct {
	SA                     Ref
	MessageID, First, Last uint32
}

// WindowMoved says which ids may come next, after a request of ours or of the
// peer's has been answered.
type WindowMoved struct {
	SA                     Ref
	Ours                   bool
	MessageID, First, Last uint32
}

// RequestQueued is a request of ours that does not fit in the peer's window.
type RequestQueued struct {
	SA       Ref
	Exchange wire.ExchangeType
	Window   uint32
}

// AlreadyNegotiating is an entry for which SAs were asked for once more.
type AlreadyNegotiating struct{ Entry string }

// GroupRefused is a key exchange of a group that the responder does not want
// (RFC 7296 1.2).
type GroupRefused struct {
	SA           Ref
	Initiator    bool
	Used, Wanted ipsec.Group
}

// Rekeying is the beginning of a rekey of ours: of the pair that we receive on
// under In, or of the IKE SA.
type Rekeying struct {
	SA    Ref
	Entry string
	In    ipsec.SPI // 0: the IKE SA
	Anew  bool      // the IKE SA is reauthenticated (RFC 7296 2.8.3)
}

// DeleteQueued is an IKE SA that we want gone.
type DeleteQueued struct {
	SA     Ref
	Reason Reason
}

// DeleteReceived is a Delete payload of the peer's.
type DeleteReceived struct {
	SA       Ref
	Protocol wire.ProtocolID
	SPIs     []ipsec.SPI // that the peer receives on; none: the IKE SA
	Known    int         // how many of them are ours
}

// LivenessAsked is an empty request: the peer wants to know whether we live
// (RFC 7296 1.4).
type LivenessAsked struct{ SA Ref }

// ErrorHeard is an error that the peer tells in an INFORMATIONAL request.
type ErrorHeard struct {
	SA     Ref
	Notify wire.NotifyType
}

// Kind names the body in the stream.
func (Admission) Kind() string          { return "ike.admission" }
func (NATChecked) Kind() string         { return "ike.nat_checked" }
func (NATSettled) Kind() string         { return "ike.nat_settled" }
func (Computing) Kind() string          { return "ike.computing" }
func (Proving) Kind() string            { return "ike.proving" }
func (PortsFloated) Kind() string       { return "ike.ports_floated" }
func (PeerMoved) Kind() string          { return "ike.peer_moved" }
func (ExtensionAgreed) Kind() string    { return "ike.extension_agreed" }
func (ConfigData) Kind() string         { return "ike.config_data" }
func (PeerIdentified) Kind() string     { return "ike.peer_identified" }
func (Authenticated) Kind() string      { return "ike.authenticated" }
func (PairLoaded) Kind() string         { return "ike.pair_loaded" }
func (DuplicateChecked) Kind() string   { return "ike.duplicate_checked" }
func (InitialContact) Kind() string     { return "ike.initial_contact" }
func (WindowChecked) Kind() string      { return "ike.window_checked" }
func (WindowMoved) Kind() string        { return "ike.window_moved" }
func (RequestQueued) Kind() string      { return "ike.request_queued" }
func (AlreadyNegotiating) Kind() string { return "ike.already_negotiating" }
func (GroupRefused) Kind() string       { return "ike.group_refused" }
func (Rekeying) Kind() string           { return "ike.rekeying" }
func (DeleteQueued) Kind() string       { return "ike.delete_queued" }
func (DeleteReceived) Kind() string     { return "ike.delete_received" }
func (LivenessAsked) Kind() string      { return "ike.liveness_asked" }
func (ErrorHeard) Kind() string         { return "ike.error_heard" }
