package topologies

import (
	"fmt"
	"net/netip"
	"regexp"

	"go.yaml.in/yaml/v3"

	"ikelab/router/nat"
	"ikelab/topologies/form"
)

// Stations: nodes that are devices and no routers.

// host reads what a host says of itself.
func (r *reader) host(n *Node, key *yaml.Node, l *layer) {
	loadSix(r, n, key, l)
	if l.address == nil {
		if n.Six.Only = n.Six.On; !n.Six.On {
			r.Fail(key, "host %q has no address", n.Name)
		}
		if n.Addresses = map[string]netip.Prefix{"": {}}; l.gateway != nil {
			r.Fail(l.gateway, "host %q has a gateway and no address", n.Name)
		}
		return
	}
	var address netip.Prefix
	if l.address.Kind == yaml.ScalarNode && l.address.Value == byDHCP {
		n.Addresses = map[string]netip.Prefix{"": {}}
		if l.gateway != nil {
			r.Fail(l.gateway, "host %q has its gateway by DHCP, as its address", n.Name)
		}
		return
	}
	r.Read(l.address, scalar(&address, "address", "address and length", parseInterfaceAddress))
	n.Addresses = map[string]netip.Prefix{"": address}
	if l.gateway != nil {
		r.gateway(n, l.gateway, address)
	}
}

// loadSix reads what a host says of its IPv6.
func loadSix(r *reader, n *Node, key *yaml.Node, l *layer) {
	x := &n.Six
	if x.On = l.address6 != nil; !x.On {
		if l.gateway6 != nil {
			r.Fail(l.gateway6, "host %q has a gateway6 and no address6", n.Name)
		}
		return
	}
	if l.address6.Kind != yaml.ScalarNode || l.address6.Value != byRouters {
		r.Read(l.address6, scalar(&x.Address, "address6", "address and length", parseInterfaceAddress6))
	}
	if l.gateway6 == nil {
		return
	}
	r.Read(l.gateway6, scalar(&x.Gateway, "gateway6", "address", netip.ParseAddr))
	switch near := x.Gateway.Is6() && x.Gateway.Zone() == "" && !x.Gateway.Is4In6(); {
	case !x.Gateway.IsValid():
	case !near, !x.Gateway.IsLinkLocalUnicast() && (!x.Address.IsValid() || !x.Address.Contains(x.Gateway) || x.Address.Addr() == x.Gateway):
		r.Fail(l.gateway6, "gateway6 %v is no neighbour of %s", x.Gateway, l.address6.Value)
	}
}

// byRouters is the address of a host that makes it of what routers advertise.
const byRouters = "auto"

// parseInterfaceAddress6 reads an IPv6 address that a port can have.
func parseInterfaceAddress6(s string) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(s)
	if a := p.Addr(); err != nil || !a.Is6() || a.Is4In6() || !a.IsGlobalUnicast() || p.Bits() == 0 || p.Bits() < 127 && p.Masked().Addr() == a {
		return netip.Prefix{}, fmt.Errorf("%q is not an address and length such as 2001:db8:1::10/64", s)
	}
	return p, nil
}

// byDHCP is the address of a host that asks for one.
const byDHCP = "dhcp"

// natGateway reads what a NAT gateway says of itself.
func (r *reader) natGateway(n *Node, key *yaml.Node, l *layer) {
	if l.inside == nil || l.outside == nil {
		r.Fail(key, "nat %q needs inside and outside: ports with their addresses", n.Name)
		return
	}
	n.Addresses, n.NAT = map[string]netip.Prefix{}, nat.Defaults()
	r.Read(l.inside, portsValue("inside", n.Addresses))
	outside := map[string]netip.Prefix{}
	r.Read(l.outside, portsValue("outside", outside))
	for name, address := range outside {
		if _, both := n.Addresses[name]; both || len(outside) > 1 {
			r.Fail(l.outside, "outside is one port, which is not inside")
			return
		}
		n.Addresses[name], n.Outside, n.NAT.Outside = address, name, address.Addr()
	}
	if l.nat != nil {
		r.Read(l.nat, form.Object("nat", natKeys(&n.NAT)))
		if twice := n.NAT.Twice(); twice != "" {
			r.Fail(l.nat, "static: %s has two mappings", twice)
		}
	}
	if l.gateway != nil {
		r.gateway(n, l.gateway, outside[n.Outside])
	}
}

// portsValue is ports with their addresses.
func portsValue(what string, into map[string]netip.Prefix) form.Value {
	return form.Map(what, func(r *form.Reader, key *yaml.Node) form.Value {
		if key.Value != "" && !stationPort.MatchString(key.Value) {
			r.Fail(key, "%q is not a port such as eth0", key.Value)
		}
		return form.Parsed(new(netip.Prefix), key.Value, "address and length", func(s string) (netip.Prefix, error) {
			p, err := parseInterfaceAddress(s)
			if err == nil {
				into[key.Value] = p
			}
			return p, err
		})
	})
}

// natKeys are how a gateway translates; what is given overwrites.
func natKeys(s *nat.Settings) []form.Key {
	behaviour := func(dst *nat.Behaviour, name string) form.Value {
		return form.Choice(dst, name, nat.EndpointIndependent, nat.AddressDependent, nat.AddressAndPortDependent)
	}
	return []form.Key{
		{Name: "mapping", Help: "what a port outside belongs to, besides the endpoint inside (RFC 4787 4.1); without: endpoint-independent", Value: behaviour(&s.Mapping, "mapping")},
		{Name: "filtering", Help: "who may send to it (RFC 4787 5); without: address-and-port-dependent", Value: behaviour(&s.Filtering, "filtering")},
		{Name: "new-ports", Help: "the port outside is another one even where the one inside is free", Value: form.Flag(&s.NewPorts, "new-ports")},
		{Name: "no-hairpin", Help: "the inside does not reach itself by outside endpoints", Value: form.Flag(&s.NoHairpin, "no-hairpin")},
		{Name: "inbound-refresh", Help: "packets from the outside keep a mapping, too", Value: form.Flag(&s.InboundRefresh, "inbound-refresh")},
		{Name: "udp-timeout", Help: "without packets, after which a mapping ends; without: 5m", Value: form.Duration(&s.UDP, "udp-timeout")},
		{Name: "tcp-timeout", Help: "the same of TCP; without: 2h4m", Value: form.Duration(&s.TCP, "tcp-timeout")},
		{Name: "icmp-timeout", Help: "the same of echoes; without: 1m", Value: form.Duration(&s.Echo, "icmp-timeout")},
		{Name: "static", Help: "ports outside that are always an endpoint's inside, for anybody: [udp 500 10.0.0.2:500, udp 4500 10.0.0.2:4500]", Value: form.List("static", "mapping", func() form.Value {
			s.Static = append(s.Static, nat.Static{})
			return form.Parsed(&s.Static[len(s.Static)-1], "static", "mapping", nat.ParseStatic)
		})},
		{Name: "mappings", Help: "how many there may be; without: 16384", Value: form.Number(&s.Most, "mappings", 1, 1<<20)},
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
