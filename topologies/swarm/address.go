package swarm

import (
	"fmt"
	"net/netip"
	"slices"

	"ikelab/router/nat"
	"ikelab/topologies"
)

// The outer addresses. A tunnel that leads through a NAT gateway has a link on
// either side of it.

// outer is the address of an end, and moved the one that it has while it has
// another.
func (t *Tunnel) outer(router int) netip.Addr { return t.address(router, 0) }
func (t *Tunnel) moved(router int) netip.Addr { return t.address(router, 1) }

func (t *Tunnel) address(router int, moved byte) netip.Addr {
	switch {
	case t.Six:
		return six(t, router, moved)
	case t.Shared:
		return netip.AddrFrom4([4]byte{10, 0, moved, byte(router)})
	case t.outside(router):
		return t.public(2)
	case t.Front && t.Inside == 0:
		return netip.AddrFrom4([4]byte{10, 1 + moved, 0, t.host(router)})
	}
	return netip.AddrFrom4([4]byte{10, 1 + moved, byte(t.Number), t.host(router)})
}

// outside says whether an end is where the NAT gateway has its public address.
func (t *Tunnel) outside(router int) bool { return t.Inside != 0 && router != t.Inside }

// public is an address outside the gateway: its own is the first, or the third
// while that is another one.
func (t *Tunnel) public(host byte) netip.Addr {
	return netip.AddrFrom4([4]byte{10, 4, byte(t.Number), host})
}

// leads is where the tunnel leads, seen from an end.
func (t *Tunnel) leads(near int) netip.Addr {
	if t.outside(near) {
		return t.public(1)
	}
	return t.outer(t.far(near))
}

// hop is the neighbour of an end on the tunnel's way.
func (t *Tunnel) hop(near int) netip.Addr {
	if t.Inside == near {
		return t.private()
	}
	return t.leads(near)
}

// private is the gateway's address inside.
func (t *Tunnel) private() netip.Addr {
	return netip.AddrFrom4([4]byte{10, 1, byte(t.Number), t.host(t.far(t.Inside))})
}

// behind is who sends by an address: its own router, or the one behind the
// gateway whose address it is.
func (p *Plan) behind(a netip.Addr) netip.Addr {
	if i := slices.IndexFunc(p.Tunnels, func(t Tunnel) bool { return t.Inside != 0 && (a == t.public(1) || a == t.public(3)) }); i >= 0 {
		return p.Tunnels[i].outer(p.Tunnels[i].Inside)
	}
	return a
}

// mask is that of an end's port.
func (t *Tunnel) mask(router int) string {
	switch {
	case t.Shared:
		return "255.255.252.0"
	case t.outside(router):
		return "255.255.255.248"
	}
	return "255.255.255.252"
}

// host is 1 at one end and 2 at the other.
func (t *Tunnel) host(router int) byte {
	if t.A == router {
		return 1
	}
	return 2
}

// gateway is the tunnel's NAT gateway, and nat its name.
func (t *Tunnel) gateway() *topologies.Node {
	s := nat.Defaults()
	s.Outside = t.public(1)
	return &topologies.Node{Name: t.nat(), Kind: topologies.KindNAT, Station: topologies.Station{
		Addresses: map[string]netip.Prefix{"eth0": netip.PrefixFrom(t.private(), 30), "eth1": netip.PrefixFrom(t.public(1), 29)}, Outside: "eth1", NAT: s,
	}}
}

func (t *Tunnel) nat() string { return fmt.Sprintf("N%d", t.Number) }

// six is an outer address of IPv6: a link's has the number of its tunnel, and another while it is
// moved; the segment's addresses are those of the routers.
func six(t *Tunnel, router int, moved byte) netip.Addr {
	a := [16]byte{0x20, 0x01, 0x0d, 0xb8}
	if t.Shared {
		a[14], a[15] = moved, byte(router)
	} else {
		a[5], a[7], a[15] = 1+moved, byte(t.Number), t.host(router)
		if t.Front { // as others have
			a[7] = 0
		}
	}
	return netip.AddrFrom16(a)
}

// Some tunnels lead over IPv6, and in some networks all carry both families.

// addressLine gives the tunnel's port at an end an address.
func addressLine(t *Tunnel, router int, a netip.Addr) string {
	if a.Is6() {
		return fmt.Sprintf("ipv6 address %v/64", a)
	}
	return fmt.Sprintf("ip address %v %s", a, t.mask(router))
}

// readdress are the lines by which the port has another address instead. One of IPv6 comes
// beside those that there are.
func readdress(t *Tunnel, router int, from, to netip.Addr) []string {
	lines := []string{"interface " + t.port()}
	if from.Is6() {
		lines = append(lines, "no "+addressLine(t, router, from))
	}
	return append(lines, addressLine(t, router, to))
}

// mode is the mode of the tunnel interface.
func mode(p *Plan, t *Tunnel) string {
	switch {
	case p.Both:
		return "ipsec dual-overlay"
	case t.Six:
		return "ipsec ipv6 v4-overlay"
	case t.Mode == "":
		return "ipsec ipv4"
	}
	return t.Mode
}

// overSix says whether there is such a tunnel, of a router or, 0, at all.
func overSix(p *Plan, router int) bool {
	return slices.ContainsFunc(p.Tunnels, func(t Tunnel) bool { return t.Six && (router == 0 || t.has(router)) })
}

// sharesSix says whether a router has one on the segment.
func sharesSix(p *Plan, router int) bool {
	return slices.ContainsFunc(p.Tunnels, func(t Tunnel) bool { return t.Six && t.Shared && t.has(router) })
}

// unadvertised has a port not advertise its router, which nobody needs and which is always due.
const unadvertised = " ipv6 nd ra suppress all\n"
