package iosconfig

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"ikelab/iosconfig/syntax"
)

// Config is the typed configuration of one router: what running-config says
// and nothing else. Its zero value is not useful; New returns the state of a
// router without a startup configuration.
//
// Once committed, a configuration and everything that it holds never changes:
// who edits it copies what changes, and shares the rest.
type Config struct {
	Generation Generation
	Hostname   string
	Service    Service
	Logging    Logging
	Banners    Banners
	VRFs       List[VRF]
	Interfaces Interfaces
	Routes     Routes
	GlobalIPv6
	Groups   ObjectGroups
	Access   List[AccessList]
	NAT      Translation
	DHCP     DHCP
	Tracking Tracking
	IKEv2    IKEv2
	PKI      PKI
	IPsec    IPsec
	Terminals
	Kept  []string // global commands accepted without effect, as printed
	Texts Texts
}

// Terminals is who may sit at the router, and where.
type Terminals struct {
	Sections List[Section] // `line …` and `control-plane`
	SSHUsers List[SSHUser] // `ip ssh pubkey-chain`
}

// Banners are the texts of `banner …`, their lines separated by "\n".
type Banners struct{ Exec, Login, MOTD, Incoming, Save, Timeout, SLIP string }

// Section is a section whose lines are kept as text.
type Section struct {
	Head  string   // "line vty 0 4"
	Kept  []string // its lines
	Texts Texts
}

// Service is `service timestamps …` and its kin, and where the time comes from.
type Service struct {
	DebugTimestamps Timestamps
	LogTimestamps   Timestamps
	NTP             NTP
}

// Timestamps is one `service timestamps {debug|log}` line.
type Timestamps struct {
	Kind     TimestampKind
	Msec     bool
	Year     bool
	Timezone bool // show-timezone
	Local    bool // localtime
}

// TimestampKind says what stands before a debug or log line.
type TimestampKind uint8

// The kinds of `service timestamps`.
const (
	TimestampNone TimestampKind = iota
	TimestampDatetime
	TimestampUptime
)

// Logging is `logging buffered` and `logging console`. Severities are 0
// (emergencies) to 7 (debugging); -1 means off.
type Logging struct {
	Buffered     int // severity, -1: no logging buffered
	BufferedSize int // octets
	Console      int // severity, -1: no logging console
	Monitor      int // severity, -1: no logging monitor
}

// InterfaceType is the full IOS name of an interface type, as printed.
type InterfaceType string

// The interface types that somebody asks for.
const (
	Ethernet           InterfaceType = "Ethernet"
	FastEthernet       InterfaceType = "FastEthernet"
	GigabitEthernet    InterfaceType = "GigabitEthernet"
	TenGigabitEthernet InterfaceType = "TenGigabitEthernet"
	Loopback           InterfaceType = "Loopback"
	Tunnel             InterfaceType = "Tunnel"
	PortChannel        InterfaceType = "Port-channel"
	Vlan               InterfaceType = "Vlan"
	VirtualTemplate    InterfaceType = "Virtual-Template"
	VirtualAccess      InterfaceType = "Virtual-Access" // cloned from one; never configured
	Null               InterfaceType = "Null"
)

// order is the place of the type in running-config.
func (t InterfaceType) order() int { return syntax.TypeOrder(string(t)) }

// Logical says whether interfaces of the type are made by configuration, as
// opposed to the device's own.
func (t InterfaceType) Logical() bool { return syntax.Made(string(t)) }

// Wired says whether cables are plugged into interfaces of the type.
func (t InterfaceType) Wired() bool { return slices.Contains(WiredTypes, string(t)) }

// WiredTypes are all of which that is true.
var WiredTypes = syntax.Wired()

// Physical says whether interfaces of the type are ports of the device.
func (t InterfaceType) Physical() bool { return !t.Logical() }

// Interface is one `interface` section.
type Interface struct {
	Type        InterfaceType
	Number      string // "0/0", "0"
	Description string
	Addressing
	IPv6      IPv6
	MTU       int // ip mtu, 0: that of the interface
	LinkMTU   int // mtu, 0: 1500
	AdjustMSS int // ip tcp adjust-mss, 0: off
	Declared
	Dot1Q
	Tunnel    TunnelConfig
	Crypto    Sizes
	CryptoMap string // "": none
	// AccessGroups are the lists of `ip access-group … in` and `… out`.
	AccessGroups   [2]string
	NAT            string   // inside, outside; "": neither
	Kept           []string // accepted without effect
	Shutdown       bool
	TunnelTemplate bool // a Virtual-Template of type tunnel
	Texts          Texts
}

// Declared is what is shown only.
type Declared struct {
	Bandwidth int    // kbit/s, 0: default
	Delay     int    // tens of microseconds, 0: default
	Link      string // point-to-point, multipoint; "": it was not said
}

// Dot1Q is `encapsulation dot1Q` of a subinterface.
type Dot1Q struct {
	VLAN   int // 0: none
	Native bool
}

// Name is the full name: "Ethernet0/0".
func (i *Interface) Name() string { return string(i.Type) + i.Number }

// TunnelConfig is what a tunnel interface has beyond an ordinary one.
type TunnelConfig struct {
	SourceInterface string     // full name; or
	Source          netip.Addr // an address
	Destination     netip.Addr
	VRF             string // tunnel vrf: in which both are; "": the global table
	Mode            string // "gre ip" (default), "ipsec ipv4"
	Protection      string // ipsec profile name; "": none
	TTL             int    // 0: default 255
	Key             uint32
	Keepalive       uint16 // seconds, 0: none
	PathMTU         PathMTU
	Retries         uint8 // of keepalives
	TOS             uint8
	TOSGiven        bool // tunnel tos
	Keyed           bool // tunnel key
	Checksum        bool
	Dynamic         bool // tunnel destination dynamic: a FlexVPN client says it
	Shared          bool // tunnel protection … shared
}

// IKEv2 is everything under `crypto ikev2` and `crypto logging`.
type IKEv2 struct {
	Proposals       List[Proposal] // user-defined and, when edited, "default"
	Policies        List[Policy]
	Keyrings        List[Keyring]
	Profiles        List[Profile]
	NoDefaults      Defaults // `no crypto ikev2 proposal default` and kin
	DPD             *DPD
	Window          int // 0: default 5
	NATKeepalive    int // seconds, 0: off
	CookieChallenge int // half-open SAs, 0: off
	MaxSA           int // crypto ikev2 limit max-sa, 0: none
	MaxNegotiating  Negotiating
	FragmentMTU     int  // crypto ikev2 fragmentation mtu, 0: off
	HTTPURLCert     bool // crypto ikev2 http-url cert: on by default
	DiagnoseErrors  int  // crypto ikev2 diagnose error N; 50 by default
	SPIRecovery     bool // crypto isakmp invalid-spi-recovery
	Childless       bool // crypto ikev2 childless
	LogIKEv2        bool // crypto logging ikev2
	LogSession      bool // crypto logging session
	Redirect        Redirect
	Flex
}

// Negotiating is `crypto ikev2 limit max-in-negotation-sa` (sic); 0: the
// default.
type Negotiating struct{ In, Out int }

// Defaults records which smart defaults were taken away.
type Defaults struct{ Proposal, Policy, TransformSet, IPsecProfile, Authorization bool }

// DPD is `dpd INTERVAL RETRY {on-demand|periodic}`, in seconds.
type DPD struct {
	Interval, Retry int
	OnDemand        bool
}

// Proposal is `crypto ikev2 proposal`; the lists hold the IOS keywords in
// order of preference ("aes-cbc-128", "sha1", "2"). An empty PRF list means
// the integrity list.
type Proposal struct {
	Name       string
	Encryption []string
	Integrity  []string
	PRF        []string
	Group      []int
	PQC        []string // methods of an additional key exchange
	Classical  bool     // pqc … optional: a peer without will do
}

// Combined says whether the encryption authenticates too (AES-GCM, ChaCha20-Poly1305).
func (p *Proposal) Combined() bool {
	return len(p.Encryption) > 0 && (strings.HasPrefix(p.Encryption[0], "aes-gcm") || strings.HasPrefix(p.Encryption[0], "chacha20"))
}

// Policy is `crypto ikev2 policy`.
type Policy struct {
	Name       string
	MatchLocal []netip.Addr
	MatchFVRF  string // "", "any" or a name
	Proposals  []string
}

// Keyring is `crypto ikev2 keyring`.
type Keyring struct {
	Name  string
	Peers List[KeyringPeer]
}

// KeyringPeer is one `peer` of a keyring.
type KeyringPeer struct {
	Name        string
	Description string
	Address     netip.Prefix // zero: none. The mask is the configured one (10.0.0.2/24 keeps its host bits)
	Hostname    string
	Identity    *Identity
	Local       *Secret // pre-shared-key local, or both when symmetric
	Remote      *Secret
	Symmetric   bool // one `pre-shared-key KEY` line for both
	PPK         *PPK
}

// PPK is `ppk manual id ID key KEY [required]` (RFC 8784).
type PPK struct {
	ID       string
	Key      Secret
	Required bool
}

// Secret is a pre-shared key as configured.
type Secret struct {
	Text string // the key as typed; for hex the digits
	Hex  bool
	Type string // "", "0" or "6" as typed
}

// Identity is an IKE identity: Kind is address, fqdn, email, key-id or dn.
// Domain marks the `fqdn domain X` and `email domain X` forms.
type Identity struct {
	Kind   string
	Value  string
	Mask   netip.Prefix // address forms with a mask
	Domain bool
}

// NAT is what a profile says of NAT traversal.
type NAT struct {
	NATKeepalive int  // seconds, 0: the global one
	ForceEncap   bool // nat force-encap
}

// IKELife is when an IKE SA ends, and what comes then.
type IKELife struct {
	Lifetime         int  // seconds, 0: default 86400
	Reauthentication bool // a new SA from scratch instead of a rekey
}

// ProfileKeyrings are those that a profile names.
type ProfileKeyrings struct {
	Keyring          string // keyring local NAME
	KeyringLocalWord bool   // written as `keyring local NAME`, as opposed to the older `keyring NAME`
	PPKKeyring       string // keyring ppk NAME
}

// Profile is `crypto ikev2 profile`.
type Profile struct {
	Name            string
	Description     string
	MatchRemote     []Identity // Kind "any" for `match identity remote any`
	MatchLocalAddr  netip.Addr
	MatchLocalIface string
	MatchFVRF       string
	LocalIdentity   *Identity
	AuthLocal       string  // "pre-share", "rsa-sig", "ecdsa-sig", "eddsa-sig"; "": none
	AuthLocalKey    *Secret // pre-share key KEY
	AuthRemote      []string
	AuthRemoteKey   *Secret
	ProfileKeyrings
	ProfileCertificates
	IKELife
	DPD *DPD
	NAT
	InitialContact bool // initial-contact force
	IVRF           string
	ProfileFlex
	Kept []string // accepted without effect
}

// IPsec is everything under `crypto ipsec`.
type IPsec struct {
	TransformSets List[TransformSet]
	Profiles      List[IPsecProfile]
	Maps          List[CryptoMap] // by name and sequence number
	MapSources    List[MapSource]
	Lifetime      Lifetime // global
	ReplayWindow  int      // packets; 0: default 64; -1: disabled
	IdleTime      int
	Dummies       Dummies
	NoNAT         bool // no crypto ipsec nat-transparency udp-encapsulation
	Sizes
}

// Sizes is what becomes of packets that encryption makes too long; of an interface
// it goes before what is global. "" is not said.
type Sizes struct {
	DFBit         string // "copy", "clear", "set"
	Fragmentation string // "before-encryption", "after-encryption"
}

// CryptoMap is one entry of a crypto map: `crypto map NAME SEQ ipsec-isakmp`.
type CryptoMap struct {
	Name        string
	Sequence    int
	Description string
	Match       string // match address; "": none
	Peers       []MapPeer
	Default     MapPeer // the one of `set peer … default`; zero: none
	PerHost     bool    // set security-association level per-host
	Protection
	Kept []string // accepted without effect
}

// Key is what the entry is found by.
func (m *CryptoMap) Key() string { return m.Name + " " + strconv.Itoa(m.Sequence) }

// MapSource is `crypto map NAME local-address INTERFACE`.
type MapSource struct{ Name, Interface string }

// Compression is the transform that compresses (RFC 3173).
const Compression = "comp-lzs"

// IsAH says whether a transform is one of AH (RFC 4302).
func IsAH(transform string) bool { return strings.HasPrefix(transform, "ah-") }

// ESN is the transform by which a set asks for 64-bit sequence numbers.
const ESN = "esn"

// TransformSet is `crypto ipsec transform-set`.
type TransformSet struct {
	Name       string
	Transforms []string // as typed and normalized: "esp-aes 256", "esp-sha-hmac"
	Mode       string   // "tunnel" (default) or "transport"
	Require    bool     // mode transport require: nothing but that
}

// IPsecProfile is `crypto ipsec profile`.
type IPsecProfile struct {
	Name          string
	Description   string
	ResponderOnly bool
	Protection
	Kept []string // accepted without effect
}
