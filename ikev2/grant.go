package ikev2

import "net/netip"

// What a configuration says of configuration payloads (RFC 7296 2.19).

// Pool is `ip local pool`: addresses to give away, of ranges in their order.
type Pool struct {
	Name   string
	Ranges []AddrRange
}

// AddrRange is from one address to another, both of them too.
type AddrRange struct{ First, Last netip.Addr }

// Grant is the `crypto ikev2 authorization policy` of a profile: what a peer is given
// that asks for it, and whether the subnets that it tells are believed.
type Grant struct {
	List      string // of AAA, that names the policy
	Policy    string
	Pool      string     // of addresses; "": none are given
	Netmask   netip.Addr // beside the address; invalid: none
	DNS, NBNS []netip.Addr
	Domain    string
	Accept    bool // `route accept any`
}

// Serving is what a profile has for peers, and tells them.
type Serving struct {
	ConfigSet bool // send CFG_SET: which subnets are behind us

	RedirectAuth bool // Redirecting.Choose is asked when a peer has proved who it is

	Grant     *Grant    // what peers with a pre-shared key are given; nil: nothing
	CertGrant *Grant    // and those with a certificate
	Template  *Template // of entries for peers; nil: there is none
}

// Configuring is what an entry has to do with configuration payloads: whether its
// interface wants its address from the peer, and which subnets the peer is told.
type Configuring struct {
	Addressed bool
	Tells     []netip.Prefix
	TellsOwn  bool // and the address that the peer has given
}

// Template is what entries for peers are made of for whom none is configured.
type Template struct {
	Name   string      // of the interface that is cloned: "Virtual-Template1"
	Prefix string      // of the names of the entries; their number follows: "Virtual-Access"
	Policy ChildPolicy // without ends; its selectors are for Proto 0
	Proto  uint8       // that the pairs carry between their ends; 0: everything
	Auto   bool        // the peer's selectors decide that
}

// Configuration is what configuration payloads have settled.
type Configuration struct {
	Address   netip.Addr // that the responder has given to the initiator; invalid: none
	Netmask   netip.Addr
	DNS, NBNS []netip.Addr
	Domain    string
	Subnets   []netip.Prefix // that the peer tells
}

// MakeAccess is an entry that was made for a peer, whose interface is to be cloned. The
// entry's pairs follow, and DropAccess when the peer has gone.
type MakeAccess struct {
	Entry, Template, Profile string
	Local, Remote            netip.Addr
	Proto                    uint8 // that it carries; 0: everything
}

// DropAccess is the end of such an entry.
type DropAccess struct{ Entry string }

// Configured is what an entry has by configuration payloads, all of it; nothing of what
// it had before holds. Initiator is the role in the IKE SA.
type Configured struct {
	SA        Ref
	Entry     string
	Initiator bool
	Configuration
}

// Unconfigured says that nothing of it holds any more.
type Unconfigured struct{ Entry string }

// GroupAuthorized is the policy by which a peer gets what it asks for; "": there is none.
type GroupAuthorized struct {
	SA           Ref
	List, Policy string
}

// PeerChosen is the peer that a FlexVPN client tries after another has failed.
type PeerChosen struct {
	Entry string
	Peer  netip.Addr
}

// ClientConnected says that a FlexVPN client has its tunnel up, or has it no more.
type ClientConnected struct {
	Client, Entry string
	Local, Peer   netip.Addr
	Address       netip.Addr // that the peer has given; invalid: none
	Up            bool
}

// AddressLeased is an address of a pool that a peer gets, or gives back; AddressRefused
// is none for a peer that asks for one.
type AddressLeased struct {
	SA      Ref
	Pool    string
	Address netip.Addr
	Back    bool
}

// AddressRefused says that a pool has no address for a peer.
type AddressRefused struct {
	SA   Ref
	Pool string
}

// AddressUnfit is an address that a tunnel cannot have: another interface is in its network.
type AddressUnfit struct {
	Entry     string
	Address   netip.Prefix
	Interface string
}

// Kind names the body in the stream.
func (AddressUnfit) Kind() string    { return "ike.address_unfit" }
func (GroupAuthorized) Kind() string { return "ike.group_authorized" }
func (PeerChosen) Kind() string      { return "ike.peer_chosen" }
func (ClientConnected) Kind() string { return "ike.client_connected" }
func (MakeAccess) Kind() string      { return "ike.access_made" }
func (DropAccess) Kind() string      { return "ike.access_dropped" }
func (Configured) Kind() string      { return "ike.configured" }
func (Unconfigured) Kind() string    { return "ike.unconfigured" }
func (AddressLeased) Kind() string   { return "ike.address_leased" }
func (AddressRefused) Kind() string  { return "ike.address_refused" }
