package nat

import (
	"net/netip"
	"time"
)

// Behaviour is what a mapping, or a filter, depends on besides the inside
// endpoint (RFC 4787 4.1, 5).
type Behaviour string

// The behaviours.
const (
	EndpointIndependent     Behaviour = "endpoint-independent"
	AddressDependent        Behaviour = "address-dependent"
	AddressAndPortDependent Behaviour = "address-and-port-dependent"
)

// Settings are how a translator behaves.
type Settings struct {
	Outside            netip.Addr
	Mapping, Filtering Behaviour
	NewPorts           bool          // the port outside is another one even where the inside one is free (RFC 4787 4.2.1)
	NoHairpin          bool          // inside hosts do not reach each other by their outside endpoints (RFC 4787 6)
	InboundRefresh     bool          // packets from the outside keep a mapping, too (RFC 4787 4.3)
	UDP, TCP, Echo     time.Duration // without packets after which a mapping ends
	Most               int           // mappings
}

// Defaults are the settings of RFC 4787 REQ-5, RFC 5382 REQ-5 and RFC 5508 REQ-1.
func Defaults() Settings {
	return Settings{
		Mapping: EndpointIndependent, Filtering: AddressAndPortDependent,
		UDP: 5 * time.Minute, TCP: 2*time.Hour + 4*time.Minute, Echo: time.Minute, Most: 16384,
	}
}

// part is what a behaviour looks at of a remote endpoint.
func (b Behaviour) part(remote netip.AddrPort) netip.AddrPort {
	switch b {
	case EndpointIndependent:
		return netip.AddrPort{}
	case AddressDependent:
		return netip.AddrPortFrom(remote.Addr(), 0)
	}
	return remote
}

// timeout is how long a mapping lives without packets.
func (s *Settings) timeout(proto uint8) time.Duration {
	switch proto {
	case protoUDP:
		return s.UDP
	case protoTCP:
		return s.TCP
	}
	return s.Echo
}
