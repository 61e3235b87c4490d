package topologies

import (
	"fmt"
	"net/netip"
	"regexp"

	"go.yaml.in/yaml/v3"
)

// Stations: nodes that are devices and no routers.

// station reads what a host says of itself.
func (r *reader) station(n *Node, key *yaml.Node, l *layer) {
	if l.address == nil {
		r.Fail(key, "host %q has no address", n.Name)
		return
	}
	var address netip.Prefix
	r.Read(l.address, scalar(&address, "address", "address and length", parseInterfaceAddress))
	n.Addresses = map[string]netip.Prefix{"": address}
	if l.gateway != nil {
		r.gateway(n, l.gateway, address)
	}
}

// gateway reads where the default route leads: to a neighbour.
func (r *reader) gateway(n *Node, v *yaml.Node, on netip.Prefix) {
	r.Read(v, scalar(&n.Gateway, "gateway", "address", netip.ParseAddr))
	if n.Gateway.IsValid() && on.IsValid() && (!on.Contains(n.Gateway) || n.Gateway == on.Addr()) {
		r.Fail(v, "gateway %v is no neighbour of %v", n.Gateway, on)
	}
}

// parseInterfaceAddress reads an IPv4 address that a port can have.
func parseInterfaceAddress(s string) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(s)
	a := p.Addr()
	if err != nil || !a.Is4() || !a.IsGlobalUnicast() && !a.IsLinkLocalUnicast() || p.Bits() == 0 || p.Bits() < 31 && p.Masked().Addr() == a {
		return netip.Prefix{}, fmt.Errorf("%q is not an address and length such as 192.168.1.10/24", s)
	}
	return p, nil
}

// stationPort is what a port of a station is called.
var stationPort = regexp.MustCompile(`^eth[0-9]{1,2}$`)

// placeStation checks the port of a station that a link names.
func (r *reader) placeStation(n *yaml.Node, node *Node, e *Endpoint) bool {
	if !stationPort.MatchString(e.Interface) {
		r.Fail(n, "%q is not a port of a %s such as eth0", e.Interface, node.Kind)
		return false
	}
	address, only := node.Addresses[""]
	if _, has := node.Addresses[e.Interface]; only {
		delete(node.Addresses, "")
		node.Addresses[e.Interface] = address
	} else if !has {
		r.Fail(n, "%s %q has no port %s", node.Kind, node.Name, e.Interface)
		return false
	}
	return true
}
