package verdict

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"ikelab/iosconfig"
)

// addresses are who is in the network, and who has which address.
type addresses struct {
	sites   []*site
	natted  *site // behind the NAT gateway; nil: nobody
	gateway *port // the gateway's outside
}

// ends are those of all routers.
func (b *addresses) ends() (list []*end) {
	for _, s := range b.sites {
		list = append(list, s.ends...)
	}
	return list
}

// unclaimed is an address to which somebody's tunnel leads and which nobody has.
func (b *addresses) unclaimed() netip.Addr {
	for _, e := range b.ends() {
		if e.remote.Is4() && b.owner(e.remote) == nil && (b.gateway == nil || b.gateway.address.Addr() != e.remote) {
			return e.remote
		}
	}
	return netip.Addr{}
}

// networkFor gives an address a network: that of a router's outside if it lies there.
func (b *addresses) networkFor(a netip.Addr) netip.Prefix {
	for _, s := range b.sites {
		for _, w := range s.wan {
			if !w.behind && w.address.IsValid() && w.address.Contains(a) {
				return netip.PrefixFrom(a, w.address.Bits())
			}
		}
	}
	return netip.PrefixFrom(a, 24)
}

// owner is the router that an address leads to.
func (b *addresses) owner(a netip.Addr) *site {
	if b.gateway != nil && b.gateway.address.Addr() == a {
		return b.natted
	}
	for _, s := range b.sites {
		if s.owns(a) && s != b.natted {
			return s
		}
	}
	return nil
}

// twice finds an end that leads to an address which several routers have, as customers in VRFs of
// their own may: which of them is at the other end of its cable, no address says.
func (b *addresses) twice() error {
	for _, e := range b.ends() {
		var names []string
		for _, s := range b.sites {
			if s != e.site && s != b.natted && s.owns(e.remote) {
				names = append(names, s.name)
			}
		}
		if len(names) > 1 {
			return fmt.Errorf("%s of %s leads to %v, which %s have: which of them is meant does not follow from the configurations; check it with each of them alone", e.name, e.site.name, e.remote, strings.Join(names, " and "))
		}
	}
	return nil
}

// unable says what of a router leads back to an end and cannot be its other one; "": nothing leads
// back.
func (b *addresses) unable(s *site, e *end) string {
	kind := func(e *end) string {
		if e.entry != nil {
			return "a crypto map"
		}
		return "a tunnel interface"
	}
	if e.entry == nil {
		if t := &e.site.cfg.Interface(e.name).Tunnel; t.Over6() != e.remote.Is6() {
			return fmt.Sprintf("tunnel mode %s of %s does not lead over %s", t.Mode, e.site.name, family(e.remote))
		}
	}
	for _, o := range s.ends {
		if o.remote == b.seen(e) && kind(o) != kind(e) {
			return fmt.Sprintf("%s there, which leads back, is %s where this is %s", o.name, kind(o), kind(e))
		}
	}
	for i := range s.cfg.Interfaces.All() {
		if i.Type == iosconfig.Tunnel && i.Tunnel.Destination == b.seen(e) {
			switch {
			case i.Shutdown:
				return i.Name() + " there, which leads back, is shut down"
			case i.Tunnel.Protection == "":
				return i.Name() + " there, which leads back, has no protection (tunnel protection ipsec profile)"
			}
		}
	}
	return ""
}

// seen is the address that others know an end by.
func (b *addresses) seen(e *end) netip.Addr {
	if e.site == b.natted {
		return b.gateway.address.Addr()
	}
	return e.local
}

// neighbours are the addresses, in a port's network and nobody's, that its router routes
// to; where it names none, the first free one.
func (b *addresses) neighbours(w *port) (list []netip.Addr) {
	for r := range w.site.cfg.Routes.In(w.site.cfg.Interface(w.name).VRF) {
		a := r.NextHop
		near := w.address.Contains(a) || w.six() && a.IsLinkLocalUnicast() && r.Interface == w.name
		if a.IsValid() && near && a != w.address.Addr() && !slices.Contains(list, a) && !b.onSegment(w, a) {
			list = append(list, a)
		}
	}
	global := func(a netip.Addr) bool { return !a.Is6() || !a.IsLinkLocalUnicast() }
	if free := b.free(w.address); !slices.ContainsFunc(list, global) && free.IsValid() {
		list = append(list, free)
	}
	return list
}

// onSegment says whether an address is that of a router on the same segment.
func (b *addresses) onSegment(w *port, a netip.Addr) bool {
	for _, s := range b.sites {
		for _, other := range s.wan {
			if other.six() && s.cfg.Interface(other.name).IPv6.LinkLocal == a {
				return true
			}
			if other.address.Addr() == a && other.address.Masked() == w.address.Masked() && !other.behind {
				return true
			}
		}
	}
	return false
}

// free is an address of a network that no router has.
func (b *addresses) free(n netip.Prefix) netip.Addr {
	a := n.Masked().Addr()
	if n.Bits() < a.BitLen()-1 {
		a = a.Next()
	}
	for ; n.Contains(a); a = a.Next() {
		taken := b.gateway != nil && b.gateway.address.Addr() == a
		for _, s := range b.sites {
			taken = taken || s.owns(a)
		}
		if !taken {
			return a
		}
	}
	return netip.Addr{}
}
