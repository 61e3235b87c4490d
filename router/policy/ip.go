package policy

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/acl"
	"ikelab/router/ip"
)

// Interface is what the Internet layer is told of an interface.
func Interface(all *iosconfig.Config, c *iosconfig.Interface) ip.InterfaceSettings {
	s := ip.InterfaceSettings{Name: c.Name(), VRF: iosconfig.VRFNumber(all, c.VRF), Kind: string(c.Type), Shutdown: c.Shutdown, Asks: c.DHCP.On || c.Negotiated, MTU: cmp.Or(c.MTU, all.LinkMTUOf(c)), MSS: c.AdjustMSS}
	for _, p := range append([]netip.Prefix{c.Address}, c.Secondary...) {
		if p.IsValid() {
			s.Addresses = append(s.Addresses, p)
		}
	}
	if c.IPv6.On() {
		s.Six = six(&c.IPv6)
		s.Six.NoUnreachables = slices.Contains(c.Texts.Lines("ipv6 unreachables"), "no ipv6 unreachables")
	}
	s.NoUnreachables = slices.Contains(c.Texts.Lines("ip unreachables"), "no ip unreachables")
	if main, _, part := strings.Cut(c.Name(), "."); part {
		s.VLAN = ip.VLAN{Of: main, ID: c.VLAN, Native: c.Native}
	}
	if lender := all.Interface(c.Unnumbered); lender != nil && lender.VRF == c.VRF {
		s.Lender, s.Lent = c.Unnumbered, all.AddressOf(c.Name())
	}
	return s
}

// six is what it is told of IPv6.
func six(c *iosconfig.IPv6) *ip.SixSettings {
	s := &ip.SixSettings{On: true, LinkLocal: c.LinkLocal, Lender: c.Unnumbered, Auto: c.Auto, DefaultRouter: c.Default, RA: ip.Advertising{
		Quiet: c.RA.Suppress != "", Silent: c.RA.Suppress == "suppress all",
		Interval: time.Duration(cmp.Or(c.RA.Interval, iosconfig.RAInterval)) * time.Second, Lifetime: time.Duration(cmp.Or(c.RA.Lifetime, iosconfig.RALifetime)) * time.Second,
	}}
	if c.RA.Never {
		s.RA.Lifetime = 0
	}
	for _, a := range c.Addresses {
		switch {
		case a.Given:
		case a.EUI64:
			s.EUI64 = append(s.EUI64, a.Prefix.Masked())
		default:
			s.Addresses = append(s.Addresses, a.Prefix)
		}
	}
	return s
}

// Filters are access lists of an interface; one that does not exist lets everything pass.
func Filters(names [2]string, lists acl.Lists) (list [2]ip.Filter) {
	for way, name := range names {
		if name != "" {
			list[way] = filter{name, lists.Get(name)}
		}
	}
	return list
}

// filter is an access list as an interface asks it.
type filter struct {
	name string
	list *acl.List
}

func (f filter) Judge(packet []byte) (permits bool, log ip.Logging) {
	permits, by := f.list.Judge(packet)
	if by != nil {
		log = ip.Logging{List: f.name, Line: by.Number, Input: by.Log == acl.LogInput, Standard: by.Log == acl.LogSource}
	}
	return permits, log
}

// Route is a static route.
func Route(all *iosconfig.Config, c iosconfig.Route) ip.StaticRoute {
	vrf := iosconfig.VRFNumber(all, c.VRF)
	hop := vrf
	if c.Global {
		hop = 0
	}
	return ip.StaticRoute{VRF: vrf, HopVRF: hop, Prefix: c.Prefix, NextHop: c.NextHop, Interface: c.Interface, Distance: c.Distance, Permanent: c.Permanent, Tag: uint32(c.Tag)}
}
