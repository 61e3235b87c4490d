package nat

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
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
	Whole              time.Duration // one of a whole address, too
	Most               int           // mappings
	Static             []Static
	Reserved           []uint16 // ports of UDP outside that nobody inside is given
}

// Static is a port outside that is always an endpoint's inside, for anybody: how
// a server behind a NAT is reached. One without a protocol is of the whole address.
type Static struct {
	Protocol uint8 // UDP or TCP
	Port     uint16
	Inside   netip.AddrPort
	Outside  netip.Addr // invalid: the translator's
	// Matches says which packets that leave it is for; nil: for all.
	Matches func(packet []byte) bool
}

// Rule is what a router translates that no static mapping has, and to what.
type Rule struct {
	Name        string // as screens have it
	Matches     func(packet []byte) bool
	First, Last netip.Addr // of the addresses outside
	Overload    bool       // ports of one address are shared out; or each inside address has one for itself
}

// has says whether an address is one of the rule's.
func (r *Rule) has(a netip.Addr) bool { return !a.Less(r.First) && !r.Last.Less(a) }

// RouterDefaults are the settings of an IOS router: one mapping for an endpoint, which
// lets in whom it was used for.
func RouterDefaults() Settings {
	s := Defaults()
	s.TCP, s.Whole = 24*time.Hour, 24*time.Hour
	return s
}

// Twice names a port or an endpoint that two static mappings have; "": none.
func (s *Settings) Twice() string {
	seen := map[string]bool{}
	for _, m := range s.Static {
		for _, end := range []string{fmt.Sprintf("port %d of protocol %d", m.Port, m.Protocol), fmt.Sprintf("%v of protocol %d", m.Inside, m.Protocol)} {
			if seen[end] {
				return end
			}
			seen[end] = true
		}
	}
	return ""
}

// ParseStatic reads "udp 4500 10.0.0.2:4500".
func ParseStatic(s string) (Static, error) {
	wrong := fmt.Errorf("%q is no static mapping such as udp 4500 10.0.0.2:4500", s)
	var m Static
	words := strings.Fields(s)
	if len(words) != 3 {
		return m, wrong
	}
	switch words[0] {
	case "udp":
		m.Protocol = protoUDP
	case "tcp":
		m.Protocol = protoTCP
	default:
		return m, wrong
	}
	port, err := strconv.ParseUint(words[1], 10, 16)
	inside, err2 := netip.ParseAddrPort(words[2])
	if err != nil || err2 != nil || port == 0 || inside.Port() == 0 || !inside.Addr().Is4() {
		return m, wrong
	}
	m.Port, m.Inside = uint16(port), inside
	return m, nil
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
	case whole:
		return s.Whole
	}
	return s.Echo
}
