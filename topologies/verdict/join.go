package verdict

import (
	"fmt"
	"net/netip"

	"ikelab/router/ip"
	"ikelab/router/nat"
	"ikelab/topologies"
	"ikelab/topologies/phrase"
)

// Options are how routers are joined.
type Options struct {
	NAT  string // file or host name of the router before which a NAT gateway stands; "": none
	Seed uint64
	Lang phrase.Lang // of why something does not work
}

// Plan is a network that configurations ask for.
type Plan struct {
	Topology *topologies.Topology
	options  Options
	addresses
	inside netip.Prefix // of the NAT gateway
}

// Join finds out who leads to whom, and lays the cables.
func Join(configs []Config, o Options) (*Plan, error) {
	p := &Plan{options: o}
	taken := map[string]bool{internet: true, gateway: true}
	for _, c := range configs {
		s := newSite(c, taken)
		s.findEnds()
		p.sites = append(p.sites, s)
	}
	if err := p.findNAT(); err != nil {
		return nil, err
	}
	if err := p.twice(); err != nil {
		return nil, err
	}
	p.lease()
	p.match()
	p.findTransits()
	p.lay()
	return p, nil
}

// findNAT places the NAT gateway: outside it has the address that others name and nobody
// has, inside the one that the router behind it sends to.
func (p *Plan) findNAT() error {
	if p.options.NAT == "" {
		return nil
	}
	for _, s := range p.sites {
		if s.name == p.options.NAT || s.config.File == p.options.NAT {
			p.natted = s
		}
	}
	switch {
	case p.natted == nil:
		return fmt.Errorf("there is no router %q to stand behind a NAT", p.options.NAT)
	case len(p.natted.wan) == 0:
		return fmt.Errorf("%s has no interface that leads outside, to stand behind a NAT", p.natted.name)
	case p.natted.wan[0].dynamic || p.natted.wan[0].vlan != 0:
		return fmt.Errorf("%s has its outside address by DHCP or on a subinterface: behind a NAT it needs a static one on a port", p.natted.name)
	}
	for _, w := range p.natted.wan {
		if w.six() {
			return fmt.Errorf("%s has a tunnel over IPv6 by %s: a NAT gateway is for IPv4 alone", p.natted.name, w.name)
		}
	}
	wan := p.natted.wan[0]
	wan.behind = true
	inside := p.neighbours(wan)
	if len(inside) == 0 {
		return fmt.Errorf("%s has no room for a NAT gateway in %v", p.natted.name, wan.address.Masked())
	}
	p.inside = netip.PrefixFrom(inside[0], wan.address.Bits())
	out := p.unclaimed()
	for _, e := range p.ends() {
		if e.site != p.natted && p.natted.owns(e.remote) {
			return fmt.Errorf("%s leads to %v, an address of %s itself: behind a NAT gateway nobody reaches that. It must lead to the gateway's address, which no router has", e.site.name, e.remote, p.natted.name)
		}
	}
	if !out.IsValid() {
		out = netip.AddrFrom4([4]byte{198, 51, 100, 2})
	}
	p.gateway = &port{name: "eth0", address: p.networkFor(out)}
	return nil
}

// lease says which addresses routers will have that ask for one: those to which others
// lead, while there are some.
func (p *Plan) lease() {
	n := byte(0)
	for _, s := range p.sites {
		for _, w := range s.wan {
			if !w.dynamic {
				continue
			}
			a := p.unclaimed()
			if n++; !a.IsValid() {
				a = netip.AddrFrom4([4]byte{100, 64, n, 10})
			}
			w.address = p.networkFor(a)
			for _, e := range s.ends {
				if e.wan == w && !e.local.IsValid() {
					e.local = a
				}
			}
		}
	}
}

// match finds the other end of each.
func (p *Plan) match() {
	for _, e := range p.ends() {
		if e.peer != nil || e.unknown != "" {
			continue
		}
		to := p.owner(e.remote)
		if to == nil || to == e.site {
			continue
		}
		for _, other := range to.ends {
			if other.peer == nil && other.unknown == "" && other.remote == p.seen(e) && p.seen(other) == e.remote && (other.entry == nil) == (e.entry == nil) {
				e.peer, other.peer = other, e
				break
			}
		}
		if e.peer == nil {
			p.clone(e, to)
		}
	}
}

// gatewayNode is the NAT gateway, which hands IKE and ESP in UDP on to the router behind.
func (p *Plan) gatewayNode() *topologies.Node {
	n := &topologies.Node{Name: gateway, Kind: topologies.KindNAT, Station: topologies.Station{
		Addresses: map[string]netip.Prefix{"eth0": p.gateway.address, "eth1": p.inside}, Outside: "eth0", NAT: nat.Defaults(),
	}}
	n.NAT.Outside = p.gateway.address.Addr()
	for _, number := range []uint16{ports.IKE, ports.NATT} {
		n.NAT.Static = append(n.NAT.Static, nat.Static{Protocol: ip.ProtoUDP, Port: number, Inside: netip.AddrPortFrom(p.natted.wan[0].address.Addr(), number)})
	}
	return n
}
