package ikev2

import (
	"net/netip"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

// Record bodies: what was looked up in the configuration, and which object
// answered.

// By is what a lookup went by.
type By uint8

// What lookups go by.
const (
	ByNothing By = iota // nothing fits
	ByName              // something that is configured names the object
	ByAddress
	ByIdentity
)

var byNames = [...]string{"nothing", "name", "address", "identity"}

// String names it in records.
func (b By) String() string { return byNames[b] }

// KeyLookup is a search for the pre-shared keys of a peer.
type KeyLookup struct {
	SA                  Ref
	Profile             string
	Keyring             string     // "": the profile has the keys itself, or names no keyring
	Addr                netip.Addr // of the peer, and
	Identity            Identity   // its identity, once it is known: what was looked for
	By                  By         // which of them found the peer
	Peer                string     // the `peer` block that answered
	LocalKey, RemoteKey bool       // what it comes to
	Again               bool       // the same, for the peer's key
}

// ProfileLookup is a search for the profile of a peer.
type ProfileLookup struct {
	SA        Ref
	Initiator bool
	By        By         // the name that an entry of the SPD has, or the peer's identity
	Entry     string     // of the initiator
	VRF       int        // by number,
	Local     netip.Addr // and
	Identity  Identity   // what was looked for
	Profile   string     // that was asked for by name, or that answered
	Found     bool
}

// PolicyLookup is a search for the proposals that may be used at a local
// address.
type PolicyLookup struct {
	SA        Ref
	VRF       int // by number
	Local     netip.Addr
	Policy    string // that answered; "": none does
	Proposals []string
	Usable    bool   // there is a proposal, and it is complete
	Profile   string // that they are used with; "": not known yet
}

// ProposalChosen is what an offer and ours have in common.
type ProposalChosen struct {
	SA       Ref
	Protocol wire.ProtocolID
	Proposal string // ours: an IKEv2 proposal or a transform set
	Number   uint8  // of the proposal in the offer
	Encr     ipsec.Encr
	Integ    ipsec.IntegID
	PRF      ipsec.PRFID
	Group    ipsec.Group
	AddKE    []ipsec.Group // additional key exchanges (RFC 9370)
}

// Kind names the body in the stream.
func (KeyLookup) Kind() string      { return "ike.key_lookup" }
func (ProfileLookup) Kind() string  { return "ike.profile_lookup" }
func (PolicyLookup) Kind() string   { return "ike.policy_lookup" }
func (ProposalChosen) Kind() string { return "ike.proposal_chosen" }
