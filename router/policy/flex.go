package policy

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/ipsec/spd"
	"ikelab/router/ip"
	"ikelab/router/tunnel"
)

// What configuration payloads say and give (RFC 7296 2.19), and what tunnels are cloned from.

// poolsOf are the pools of addresses.
func poolsOf(c *iosconfig.Config) (list []*ikev2.Pool) {
	for p := range c.IKEv2.Pools.All() {
		pool := &ikev2.Pool{Name: p.Name}
		for _, r := range p.Ranges {
			pool.Ranges = append(pool.Ranges, ikev2.AddrRange(r))
		}
		list = append(list, pool)
	}
	return list
}

// servingOf is what a profile has for peers.
func servingOf(c *iosconfig.Config, p *iosconfig.Profile) ikev2.Serving {
	s := ikev2.Serving{ConfigSet: !p.ConfigSendOff, Template: templateOf(c, p), RedirectAuth: p.RedirectAuth || c.IKEv2.Redirect.Gateway == "auth"}
	s.Grant, s.CertGrant = grantOf(c, p, p.Authorize), grantOf(c, p, p.AuthorizeCert)
	return s
}

// redirecting is when clients are redirected, and what we follow ourselves (RFC 5685).
func redirecting(c *iosconfig.Config) (out ikev2.Redirecting) {
	r := &c.IKEv2.Redirect
	if out.AtInit = r.Gateway == "init"; r.Client {
		out.MaxRedirects, out.Hosts = cmp.Or(r.Max, iosconfig.DefaultRedirects), iosconfig.Hosts(c)
	}
	return out
}

// grantOf is what a profile gives peers that are authorized so; nil: nothing.
func grantOf(c *iosconfig.Config, p *iosconfig.Profile, g iosconfig.GroupAuthorization) *ikev2.Grant {
	a := iosconfig.Authorized(c, g)
	if a == nil {
		return nil
	}
	return &ikev2.Grant{
		List: g.List, Policy: a.Name, Pool: a.Pool, Netmask: a.Netmask, DNS: a.DNS, NBNS: a.WINS, Domain: a.Domain, Accept: !a.AcceptOff && !p.ConfigAcceptOff,
	}
}

// templateOf is what entries are made of for peers of a profile; nil: none are.
func templateOf(c *iosconfig.Config, p *iosconfig.Profile) *ikev2.Template {
	i := c.Interface(string(iosconfig.VirtualTemplate) + strconv.Itoa(p.Template))
	if i == nil || !i.TunnelTemplate || i.Shutdown || i.Tunnel.Protection == "" {
		return nil
	}
	protection := c.IPsecProfile(i.Tunnel.Protection)
	if protection == nil {
		return nil
	}
	t := &ikev2.Template{Name: i.Name(), Prefix: string(iosconfig.VirtualAccess), Auto: p.TemplateAuto}
	if mode := modeOf(&i.Tunnel); mode != tunnel.VTI {
		t.Proto = mode.Protocol()
	}
	ask(c, &protection.Protection, &t.Policy)
	everything := everythingOf(&i.Tunnel)
	t.Policy.Selectors = [2][]spd.Selector{everything, everything}
	t.Policy.Configuring, t.Policy.VRF = configuring(c, i, p), iosconfig.VRFNumber(c, i.Tunnel.VRF)
	return t
}

// Clone is the interface that is cloned for a peer: proto is what its pairs carry.
func Clone(c *iosconfig.Config, template *iosconfig.Interface, name string, local, remote netip.Addr, proto uint8) *iosconfig.Interface {
	i := *template
	fresh := iosconfig.NewInterface(name)
	i.Type, i.Number, i.TunnelTemplate = fresh.Type, fresh.Number, false
	t := &i.Tunnel
	t.Destination, t.Mode = remote, cloneMode(t, remote, proto)
	if sourceOf(c, t) != local {
		t.SourceInterface, t.Source = "", local
	}
	return &i
}

// cloneMode is the mode of such an interface: the template's, unless the peer has come with
// something else, which one in mode auto takes.
func cloneMode(template *iosconfig.TunnelConfig, remote netip.Addr, proto uint8) string {
	switch {
	case proto == 0 && template.IPsec():
		return template.Mode
	case proto == 0 && remote.Is6():
		return iosconfig.TunnelIPsec6
	case proto == 0:
		return iosconfig.TunnelIPsec
	case proto == tunnel.IPIP.Protocol():
		return iosconfig.TunnelIPIP
	}
	return iosconfig.TunnelGRE
}

// configuring is what the entry of an interface has to do with configuration payloads:
// p is the profile of its SAs.
func configuring(c *iosconfig.Config, i *iosconfig.Interface, p *iosconfig.Profile) (out ikev2.Configuring) {
	out.Addressed = i.Negotiated
	if p == nil {
		return out
	}
	a := iosconfig.Authorized(c, p.TellsBy())
	if a == nil {
		return out
	}
	tell := func(p netip.Prefix) {
		if p = p.Masked(); p.IsValid() && !slices.Contains(out.Tells, p) {
			out.Tells = append(out.Tells, p)
		}
	}
	own := func(p netip.Prefix) {
		if p.IsValid() {
			tell(netip.PrefixFrom(p.Addr(), p.Addr().BitLen()))
		}
	}
	if out.TellsOwn = a.SetInterface && i.Negotiated; a.SetInterface && !i.Negotiated {
		own(addressFor(c, i))
	}
	for _, name := range a.SetInterfaces {
		own(c.AddressOf(name))
	}
	for _, n := range listed(c, a.SetAccess) {
		tell(n)
	}
	for _, n := range a.SetRemote {
		tell(n)
	}
	return out
}

// addressFor is the address of an interface that need not be in the configuration.
func addressFor(c *iosconfig.Config, i *iosconfig.Interface) netip.Prefix {
	if lender := c.Interface(i.Unnumbered); i.Unnumbered != "" {
		if lender != nil && lender.VRF != i.VRF {
			return netip.Prefix{}
		}
		return c.AddressOf(i.Unnumbered)
	}
	return i.Address
}

// listed are the networks that an access list permits from: those that are one.
func listed(c *iosconfig.Config, list string) (out []netip.Prefix) {
	for _, line := range AccessList(c, list) {
		if p, exact := around(line.From); exact && !line.Deny && line.FromGroup == nil {
			out = append(out, p)
		}
	}
	return out
}

// Learned are the routes by an interface to what the peer of a profile has told, and to
// the address that it was given. A client that comes again, from elsewhere, is where it came
// from last, though the SA that it had before is not known to be dead.
func Learned(c *iosconfig.Config, profile string, l *ikev2.Configured) (list []ip.StaticRoute) {
	route := ip.StaticRoute{Interface: l.Entry, Distance: 1, Newest: !l.Initiator}
	if l.Address.IsValid() && !l.Initiator {
		route.Prefix = netip.PrefixFrom(l.Address, 32)
		list = append(list, route)
	}
	if p := c.Profile(profile); p != nil {
		if a := iosconfig.Authorized(c, p.TellsBy()); a != nil {
			route.Distance, route.Tag = max(1, a.AcceptMetric), uint32(a.AcceptTag)
		}
	}
	for _, n := range l.Subnets {
		if route.Prefix = n; !slices.ContainsFunc(list, func(r ip.StaticRoute) bool { return r.Prefix == n }) {
			list = append(list, route)
		}
	}
	return list
}
