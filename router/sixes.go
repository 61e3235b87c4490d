package router

import (
	"net/netip"
	"slices"

	"ikelab/iosconfig"
	"ikelab/router/ip"
)

// Addresses of IPv6 that interfaces make by themselves: `eui-64` of their hardware address,
// `autoconfig` in the networks that routers advertise. Tunnels may have them as their source.

// makes notes whether an interface does, which has its settings now.
func (l *leased) makes(c *iosconfig.Interface) {
	made := c.IPv6.Auto || slices.ContainsFunc(c.IPv6.Addresses, func(a iosconfig.SixAddress) bool { return a.EUI64 })
	if made || l.sixes[c.Name()] {
		l.base = nil
	}
	if delete(l.sixes, c.Name()); made {
		mark(&l.sixes, c.Name())
	}
}

// withSixes is an interface's configuration with the addresses that it has made.
func withSixes(c *iosconfig.Interface, i *ip.Interface) *iosconfig.Interface {
	eui64, auto := ip.Learned(i)
	with := *c
	with.IPv6.Addresses = slices.Clone(c.IPv6.Addresses)
	for n, a := range with.IPv6.Addresses {
		at := slices.IndexFunc(eui64, func(p netip.Prefix) bool { return a.EUI64 && p.Masked() == a.Prefix.Masked() })
		if at >= 0 {
			with.IPv6.Addresses[n].Prefix = eui64[at]
		}
	}
	for _, p := range auto {
		with.IPv6.Addresses = append(with.IPv6.Addresses, iosconfig.SixAddress{Prefix: p, Given: true})
	}
	return &with
}
