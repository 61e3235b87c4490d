package router

import (
	"net/netip"
	"time"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/router/ip"
)

// flex is what IKE gives the configuration while SAs last: interfaces that are cloned for
// peers, and addresses of tunnels.
type flex struct {
	clones    map[string]clone
	addresses map[string]netip.Prefix // of tunnels whose peer gives it
	routes    map[string][]ip.StaticRoute
	dialing
	balancing

	base, view *iosconfig.Config // what over made of what
}

// clone is an interface, and the profile by which its peer came.
type clone struct {
	*iosconfig.Interface
	profile string
}

// over is a configuration as it is in effect.
func (f *flex) over(c *iosconfig.Config) *iosconfig.Config {
	if len(f.clones)+len(f.addresses)+len(f.peers)+len(f.sent) == 0 {
		return c
	}
	if f.base != c {
		f.base, f.view = c, f.with(c)
	}
	return f.view
}

// with is over for a configuration that may still change. What was cloned, of which there may be thousands,
// stays from the view that there is.
func (f *flex) with(c *iosconfig.Config) *iosconfig.Config {
	next := *c
	if f.base != nil {
		next.Interfaces = f.view.Interfaces
		for _, name := range c.Interfaces.Changed(&f.base.Interfaces) {
			f.put(&next, c, name)
		}
	} else {
		for name := range f.clones {
			f.put(&next, c, name)
		}
	}
	for name := range f.addresses {
		f.put(&next, c, name)
	}
	for name := range f.peers {
		f.put(&next, c, name)
	}
	for name := range f.sent {
		f.put(&next, c, name)
	}
	return &next
}

// put brings one interface in line with what is given.
func (f *flex) put(next, c *iosconfig.Config, name string) {
	if made, ok := f.clones[name]; ok {
		next.Interfaces.Put(name, made.Interface)
		return
	}
	i := c.Interface(name)
	if i == nil {
		next.Interfaces.Remove(name)
		return
	}
	p, given := f.addresses[name]
	to, chosen := f.peers[name]
	with := *i
	if given && i.Negotiated {
		with.Address = p
	}
	if chosen && i.Tunnel.Dynamic {
		with.Tunnel.Destination = to
	}
	with.Tunnel.Destination = f.destination(name, with.Tunnel.Destination)
	if given || chosen || with.Tunnel.Destination != i.Tunnel.Destination {
		i = &with
	}
	next.Interfaces.Put(name, i)
}

// changed says that an interface is given something else: the rest of the view stays.
func (f *flex) changed(name string) {
	if f.base != nil {
		next := *f.view
		f.put(&next, f.base, name)
		f.view = &next
	}
}

// swap has an entry's interface have other routes than before.
func (f *flex) swap(now time.Time, stack *ip.Stack, entry string, routes []ip.StaticRoute) {
	before := f.routes[entry]
	if len(routes) > 0 {
		put(&f.routes, entry, routes)
	} else {
		delete(f.routes, entry)
	}
	stack.SetRoutes(now, without(routes, before), without(before, routes))
}

// prefixOf is the address that was given, with its mask; without one it is alone.
func prefixOf(c *ikev2.Configuration) netip.Prefix {
	if !c.Address.IsValid() {
		return netip.Prefix{}
	}
	if c.Netmask.IsValid() {
		if p, ok := iosconfig.ParseNet(c.Address, c.Netmask); ok && p.Bits() > 0 {
			return p
		}
	}
	return netip.PrefixFrom(c.Address, c.Address.BitLen())
}
