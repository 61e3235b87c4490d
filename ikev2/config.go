package ikev2

import (
	"bytes"
	"net/netip"
	"time"

	"ikelab/ikev2/wire"
	"ikelab/ipsec"
	"ikelab/ipsec/spd"
)

// Config is what an engine is told about IKE. A change of one profile or peer comes by
// itself (SetProfile, SetPeer), as what is to be protected does, entry by entry
// (Engine.Protect). The objects are immutable once handed over.
type Config struct {
	Global
	Keyrings []*Keyring
	Profiles []*Profile
}

// Global is what holds for whatever profile.
type Global struct {
	Proposals []*Proposal // "default" included unless it was taken away
	Policies  []Policy    // in configuration order; "default" last
	Pools     []*Pool

	Window int // request window we announce; 0: 5
	Limits
	Redirecting
	DPD          DPD           // global default
	NATKeepalive time.Duration // between keepalives of a NAT before us; 0: none
	NoNAT        bool          // no NAT traversal: nobody is told of it, and no SA comes up through a NAT
	HTTPURLCert  bool
	Signatures   bool          // signatures of RFC 7427, which SIGNATURE_HASH_ALGORITHMS announces
	ClockAhead   time.Duration // of our clock, by which certificates are valid
	Childless    bool          // IKE_AUTH without a child, offered and used (RFC 6023)
	SPIRecovery  bool          // tell peers of ESP packets under SPIs that we do not have (RFC 7296 1.5)
	FragmentMTU  int           // octets of a packet with part of a message (RFC 7383); 576: over IPv6 1280; 0: whole messages only
	Version      string        // first line of `show version`, sent as APPLICATION_VERSION
}

// Limits are how many SAs there may be.
type Limits struct {
	MaxSA          int // 0: no limit
	MaxNegotiating int // incoming negotiations at one time; 0: 40, as IOS
	MaxOutgoing    int // outgoing ones; 0: 400, as IOS
	CookiesFrom    int // half-open SAs from which on cookies are asked for (RFC 7296 2.6); 0: never
}

// Proposal is `crypto ikev2 proposal`, its lists in order of preference.
type Proposal struct {
	Name  string
	Encr  []ipsec.Encr
	Integ []ipsec.IntegID
	PRF   []ipsec.PRFID
	Group []ipsec.Group

	AddKE         [][]ipsec.Group // additional key exchanges in order, each with its methods (RFC 9370)
	AddKEOptional bool            // a peer that has none will do
}

// FrontDoor is `match fvrf`: the VRF in which an object counts, by number, or any.
type FrontDoor struct {
	VRF int
	Any bool
}

func (d FrontDoor) in(vrf int) bool { return d.Any || d.VRF == vrf }

// Policy is `crypto ikev2 policy`; an empty Match means any local address.
type Policy struct {
	Name string
	FrontDoor
	Match     []netip.Addr
	Proposals []string
}

// Keyring is `crypto ikev2 keyring`.
type Keyring struct {
	Name  string
	Peers []KeyringPeer
}

// KeyringPeer holds the keys for one peer or range of peers.
type KeyringPeer struct {
	Name          string
	Order         int          // among those of its keyring: the first that fits wins
	Address       netip.Prefix // zero: not by address
	Identity      *Identity
	Domain        bool   // Identity is the domain of many
	Local, Remote []byte // nil: none
	PPK           *PPK   // nil: none
}

// PPK is the post-quantum preshared key for a peer.
type PPK struct {
	ID       string
	Key      []byte
	Required bool // no SA comes up without it
}

// Identity is an IKE identity (RFC 7296 3.5).
type Identity struct {
	Kind wire.IDType
	Data []byte
}

// IdentityMatch is one `match identity remote …`. Any matches everything;
// Prefix matches IPv4 address identities; Domain matches the end of an FQDN
// or e-mail identity; otherwise the identity must be equal.
type IdentityMatch struct {
	Any      bool
	Prefix   netip.Prefix
	Domain   bool
	Identity Identity
}

// DPD is dead peer detection: a probe after Interval of silence, again each
// Retry. On demand the probe waits until there is something to send. Zero Interval:
// off.
type DPD struct {
	Interval, Retry time.Duration
	OnDemand        bool
}

// Profile is `crypto ikev2 profile`. AuthLocal is one method.
type Profile struct {
	Name  string
	Order int // among the profiles: of those that fit alike the first wins
	FrontDoor
	MatchRemote           []IdentityMatch
	MatchLocal            netip.Addr // invalid: any
	LocalID               *Identity  // nil: the local address
	AuthLocal, AuthRemote Methods
	Certificates
	LocalKey, RemoteKey []byte // keys given in the profile itself
	Keyring             string
	PPKKeyring          string // of post-quantum preshared keys; "": none
	Lifetime            time.Duration
	DPD                 DPD
	ConfigRequest       bool // send CFG_REQUEST
	ForceInitialContact bool
	Reauthenticate      bool // instead of rekeying the IKE SA (RFC 7296 2.8.3)
	Serving
	ThroughNAT
}

// ThroughNAT is what a profile says of NAT traversal.
type ThroughNAT struct {
	NATKeepalive time.Duration // 0: the global one
	ForceEncap   bool          // claim that a NAT is on the way
}

// ChildPolicy is the demand of one entry of the SPD: between which addresses a
// pair of ESP SAs has to be, and how it is made. A tunnel interface with
// `tunnel protection` is one entry, a line of a crypto map's access list another.
type ChildPolicy struct {
	Entry         string // "Tunnel0"
	Order         int64  // among the entries with one peer: the first that fits wins
	Local, Remote netip.Addr
	VRF           int               // of both, by number
	Profile       string            // `set ikev2-profile`; "": none
	Suites        []ESPSuite        // transform sets in order of preference
	PFSAddKE      [][]ipsec.Group   // additional key exchanges beside PFS, as those of a Proposal
	PFS           ipsec.Group       // GroupNone: no PFS
	Lifetime      time.Duration     // of a child SA
	Kilobytes     uint64            // of a child SA; 0: no limit
	Selectors     [2][]spd.Selector // local, remote
	Hosts         bool              // the selectors are the ends themselves: transport mode can be
	ResponderOnly bool
	Made          bool // of a peer, by MakeAccess: it has no other ends, and none but that makes it
	Follows       bool // where a gateway sends it (RFC 5685)
	Padded        bool // traffic flow confidentiality padding is wanted, both ways (RFC 4303 2.7)
	// Several says that pairs of narrower selectors live side by side, each
	// asked for by its traffic; PerHost that each is for one pair of addresses.
	Several, PerHost bool
	Configuring
}

// ESPSuite is one transform set.
type ESPSuite struct {
	Name      string
	Encr      ipsec.Encr
	Integ     ipsec.IntegID
	ESN       bool // 64-bit sequence numbers, and nothing else
	Transport bool // transport mode, if the peer agrees, where that can be
	Require   bool // and nothing else, there
}

func (c *Global) window() int {
	if c.Window > 0 {
		return c.Window
	}
	return 5
}

func (c *Global) maxNegotiating() int {
	if c.MaxNegotiating > 0 {
		return c.MaxNegotiating
	}
	return 40
}

func (c *Global) maxOutgoing() int {
	if c.MaxOutgoing > 0 {
		return c.MaxOutgoing
	}
	return 400
}

func (id Identity) equal(other Identity) bool {
	return id.Kind == other.Kind && bytes.Equal(id.Data, other.Data)
}

func (id Identity) address() (netip.Addr, bool) {
	if id.Kind != wire.IDIPv4Addr && id.Kind != wire.IDIPv6Addr {
		return netip.Addr{}, false
	}
	return netip.AddrFromSlice(id.Data)
}

// addressIdentity is the identity that IOS uses without `identity local`.
func addressIdentity(addr netip.Addr) Identity {
	id := Identity{Kind: wire.IDIPv4Addr, Data: addr.AsSlice()}
	if addr.Is6() {
		id.Kind = wire.IDIPv6Addr
	}
	return id
}
