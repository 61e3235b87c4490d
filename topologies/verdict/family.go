package verdict

import (
	"fmt"
	"net/netip"

	"ikelab/iosconfig"
)

// networks are the addresses that a configuration gives an interface, first that of IPv4. One
// that follows from the hardware (eui-64, link-local) is not in a configuration.
func (s *site) networks(i *iosconfig.Interface) (list []netip.Prefix) {
	if four := s.cfg.AddressOf(i.Name()); four.IsValid() {
		list = append(list, four)
	}
	for _, a := range i.IPv6.Addresses {
		if !a.EUI64 {
			list = append(list, a.Prefix)
		}
	}
	return list
}

// network is the first of them of a family; invalid: there is none.
func (s *site) network(name string, six bool) netip.Prefix {
	if i := s.cfg.Interface(name); i != nil {
		for _, p := range s.networks(i) {
			if p.Addr().Is6() == six {
				return p
			}
		}
	}
	return netip.Prefix{}
}

// own are the addresses of a tunnel interface itself.
func (e *end) own() []netip.Prefix {
	i := e.site.cfg.Interface(e.name)
	if i == nil {
		return nil
	}
	list := e.site.networks(i)
	if e.live != nil && i.Negotiated {
		list = append(list, e.live.Address(e.live.name))
	}
	return list
}

func (p *port) six() bool { return p.address.Addr().Is6() }

// unknown says what of a tunnel over IPv6 no configuration says; "": nothing.
func (s *site) unknown(e *end, t *iosconfig.TunnelConfig) string {
	switch {
	case !t.Over6() || e.remote.Is4():
	case e.remote.IsLinkLocalUnicast():
		return "a link-local address does not say by which cable"
	case !e.local.IsValid():
		return t.SourceInterface + " has no address that the configuration says (one by eui-64 and a link-local one follow from the hardware)"
	case e.wan == nil:
		return "the interface that it leaves by has no address that the configuration says (one by eui-64 and a link-local one follow from the hardware)"
	}
	return ""
}

// made is the router that may have an address of its hardware (eui-64), nil: none.
func (b *addresses) made(a netip.Addr) *site {
	for _, s := range b.sites {
		for i := range s.cfg.Interfaces.All() {
			for _, own := range i.IPv6.Addresses {
				if own.EUI64 && !i.Shutdown && own.Prefix.Contains(a) {
					return s
				}
			}
		}
	}
	return nil
}

// unknown says why nothing can be said of an end; "": something can.
func (b *addresses) unknown(e *end) string {
	if e.unknown != "" {
		return e.unknown
	}
	owner := b.owner(e.remote)
	if owner == nil {
		if s := b.made(e.remote); s != nil && s != e.site {
			return fmt.Sprintf("%s has an address of that network that follows from its hardware (eui-64)", s.name)
		}
		return ""
	}
	for _, o := range owner.ends {
		if o.unknown != "" && (o.remote == b.seen(e) || o.remote.IsLinkLocalUnicast()) {
			return fmt.Sprintf("it is %s, and of %s there nothing can be said, either", owner.name, o.name)
		}
	}
	return ""
}

// carries says whether a tunnel is for packets of an address's family.
func (e *end) carries(a netip.Addr) bool {
	if e.entry != nil {
		return a.Is4()
	}
	four, six := e.site.cfg.Interface(e.name).Tunnel.Carries()
	return a.Is4() && four || a.Is6() && six
}

// family is what an address is of.
func family(a netip.Addr) string {
	if a.Is4() {
		return "IPv4"
	}
	return "IPv6"
}
