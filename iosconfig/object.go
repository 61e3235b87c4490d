package iosconfig

// Object names a part of the configuration that can be applied by itself.
type Object struct {
	Kind Kind
	Name string
}

// Kind is what an object is.
type Kind string

// Named is the object of the kind that has a name; "" is any of them, where users are asked for.
func (k Kind) Named(name string) Object { return Object{k, name} }

// The kinds of objects and what their names are.
const (
	KindGlobal        Kind = "global"    // the command: "hostname", "crypto ikev2 window"
	KindInterface     Kind = "interface" // the full name
	KindRoute         Kind = "route"     // the prefix, behind its VRF and a blank if it is in one; all routes to it
	KindVRF           Kind = "vrf"
	KindVRFFamily     Kind = "vrf-family" // VRF and family, with a blank between
	KindAccessList    Kind = "access-list"
	KindAccessList6   Kind = "ipv6-access-list"
	KindObjectGroup   Kind = "object-group"
	KindProposal      Kind = "proposal"
	KindPolicy        Kind = "policy"
	KindKeyring       Kind = "keyring"
	KindPeer          Kind = "peer" // keyring and peer, with a blank between
	KindProfile       Kind = "profile"
	KindTransformSet  Kind = "transform-set"
	KindIPsecProfile  Kind = "ipsec-profile"
	KindDHCPPool      Kind = "dhcp-pool"
	KindCryptoMap     Kind = "crypto-map" // name and sequence number, with a blank between
	KindFlexClient    Kind = "flexvpn-client"
	KindCluster       Kind = "ikev2-cluster"
	KindAuthorization Kind = "authorization-policy"
	KindSection       Kind = "section"    // the head: "line vty 0 4"
	KindTrustpoint    Kind = "trustpoint" // and certificate maps
	KindTrack         Kind = "track"      // its number
	KindOperation     Kind = "ip-sla"     // its number
	KindText          Kind = "text"       // the words of a family of lines without effect

	// Of what objects name, and no line changes by itself:
	KindHost     Kind = "host"     // in small letters
	KindTemplate Kind = "template" // the number of a virtual one that is cloned
)
