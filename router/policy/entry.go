package policy

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
	"time"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/ipsec"
	"ikelab/ipsec/spd"
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/router/tunnel"
)

// protected says whether what leaves by a tunnel interface must be encrypted,
// and never takes another way.
func protected(i *iosconfig.Interface) bool {
	return i.Tunnel.Protection != "" || i.Tunnel.IPsec()
}

// Tunnel is a tunnel interface, and what IKE is asked for: nothing unless its
// entry is active.
func Tunnel(c *iosconfig.Config, i *iosconfig.Interface) (tunnel.Settings, ikev2.ChildPolicy) {
	t := &i.Tunnel
	s := tunnel.Settings{Outer: tunnel.Outer{
		Mode: modeOf(t), Name: t.Mode, Source: sourceOf(c, t), SourceInterface: t.SourceInterface, Destination: t.Destination, TTL: cmp.Or(t.TTL, ip.DefaultTTL), TOS: -1, VRF: iosconfig.VRFNumber(c, t.VRF),
		Keyed: t.Keyed, Key: t.Key, Checksum: t.Checksum, MTU: i.MTU, Profile: t.Protection, Shutdown: i.Shutdown,
		Path:      crypto.Discovery{On: t.PathMTU.On, Age: time.Duration(t.PathMTU.Age) * time.Minute, Least: int(t.PathMTU.Least)},
		Keepalive: tunnel.Keepalive{Interval: time.Duration(t.Keepalive) * time.Second, Retries: int(t.Retries)},
	}}
	if t.TOSGiven {
		s.TOS = int(t.TOS)
	}
	var demand ikev2.ChildPolicy
	s.Entry, demand = entry(c, i)
	s.Entry.Path = s.Path
	if s.Mode != tunnel.VTI {
		s.Entry.Header = s.Overhead()
	}
	return s, demand
}

func modeOf(t *iosconfig.TunnelConfig) tunnel.Mode {
	if t.IPsec() {
		return tunnel.VTI
	}
	switch t.Mode {
	case iosconfig.TunnelIPIP:
		return tunnel.IPIP
	}
	return tunnel.GRE
}

// entry is the SPD entry of a tunnel interface: what the data plane does with
// it, and what IKE is asked for. One that lacks something is not active.
func entry(c *iosconfig.Config, i *iosconfig.Interface) (crypto.Settings, ikev2.ChildPolicy) {
	s := crypto.Settings{
		Local: sourceOf(c, &i.Tunnel), Remote: i.Tunnel.Destination, Doors: crypto.Doors{VRF: iosconfig.VRFNumber(c, i.Tunnel.VRF)}, Protected: protected(i),
		Window: iosconfig.DefaultReplay, TTL: ip.DefaultTTL,
	}
	p := c.IPsecProfile(i.Tunnel.Protection)
	six := i.Tunnel.Over6()
	s.Active = !i.Shutdown && s.Local.IsValid() && s.Remote.IsValid() && s.Local.Is6() == six && s.Remote.Is6() == six && p != nil
	if !s.Active {
		return s, ikev2.ChildPolicy{}
	}
	if n := i.Tunnel.TTL; n != 0 {
		s.TTL = uint8(n)
	}
	s.ResponderOnly = p.ResponderOnly || i.Type == iosconfig.VirtualAccess
	d := childPolicy(c, i, p, &s)
	protect(c, i, &p.Protection, &d, &s)
	if r := &p.Reverse; r.On && modeOf(&i.Tunnel) == tunnel.VTI {
		s.Reverse = crypto.Share(crypto.Reverse{On: true, VRF: iosconfig.VRFNumber(c, i.VRF), HopVRF: iosconfig.VRFNumber(c, i.VRF), Interface: i.Name(), Distance: r.Metric, Tag: r.Tag})
	}
	return s, d
}

// childPolicy is what a tunnel interface asks for: everything, both ways, or
// the packets of its tunnel protocol between its ends.
func childPolicy(c *iosconfig.Config, i *iosconfig.Interface, p *iosconfig.IPsecProfile, s *crypto.Settings) ikev2.ChildPolicy {
	out := ikev2.ChildPolicy{Entry: i.Name(), Local: s.Local, Remote: s.Remote, VRF: s.VRF, ResponderOnly: s.ResponderOnly}
	ask(c, &p.Protection, &out)
	out.Configuring, out.Follows = configuring(c, i, c.Profile(out.Profile)), c.IKEv2.Redirect.Client && i.Type == iosconfig.Tunnel
	everything := everythingOf(&i.Tunnel)
	out.Selectors = [2][]spd.Selector{everything, everything}
	if mode := modeOf(&i.Tunnel); mode != tunnel.VTI {
		out.Hosts = true
		out.Selectors = [2][]spd.Selector{host(s.Local, mode.Protocol()), host(s.Remote, mode.Protocol())}
	}
	return out
}

// everythingOf is all that a tunnel carries.
func everythingOf(t *iosconfig.TunnelConfig) (list []spd.Selector) {
	four, six := t.Carries()
	if four {
		list = append(list, spd.AnyIPv4())
	}
	if six {
		list = append(list, spd.AnyIPv6())
	}
	return list
}

// host selects a protocol of one address.
func host(a netip.Addr, proto uint8) []spd.Selector {
	s := spd.PrefixSelector(netip.PrefixFrom(a, a.BitLen()))
	s.Proto = proto
	return []spd.Selector{s}
}

// sourceOf is a tunnel's own end.
func sourceOf(c *iosconfig.Config, t *iosconfig.TunnelConfig) netip.Addr {
	switch {
	case t.SourceInterface == "":
	case t.Over6():
		return sixOf(c, t.SourceInterface)
	default:
		return addressOf(c, t.SourceInterface)
	}
	return t.Source
}

// sixOf is the first address of IPv6 that an interface has in what is in effect; invalid:
// none.
func sixOf(c *iosconfig.Config, name string) netip.Addr {
	if i := c.Interface(name); i != nil {
		for _, a := range i.IPv6.Addresses {
			if !a.EUI64 || a.Prefix.Addr() != a.Prefix.Masked().Addr() { // made of the hardware address
				return a.Prefix.Addr()
			}
		}
	}
	return netip.Addr{}
}

// addressOf is the address of an interface; invalid: it has none.
func addressOf(c *iosconfig.Config, name string) netip.Addr { return c.AddressOf(name).Addr() }

// suites are a profile's transform sets, or the default one. Those that this
// router cannot do (AH) are left out. A virtual tunnel
// interface always uses tunnel mode, whatever the set says.
func suites(c *iosconfig.Config, names []string) []ikev2.ESPSuite {
	if len(names) == 0 {
		names = []string{iosconfig.DefaultName}
	}
	var out []ikev2.ESPSuite
	for _, name := range names {
		if s := c.TransformSet(name); s != nil {
			if suite, ok := suiteOf(s); ok {
				out = append(out, suite)
			}
		}
	}
	return out
}

func suiteOf(s *iosconfig.TransformSet) (ikev2.ESPSuite, bool) {
	suite := ikev2.ESPSuite{Name: s.Name, Transport: s.Mode == iosconfig.ModeTransport, Require: s.Require}
	for _, word := range s.Transforms {
		word = strings.Join(strings.Fields(word), " ")
		if e, ok := espEncr(word); ok {
			suite.Encr = e
		} else if word == iosconfig.ESN {
			suite.ESN = true
		} else if word == iosconfig.Compression {
			continue // what a peer that compresses does without (RFC 7296 2.22)
		} else if i, ok := hmacWords[word]; ok {
			suite.Integ = i
		} else {
			return suite, false
		}
	}
	if suite.Encr.AEAD() {
		suite.Integ = ipsec.IntegNone
	}
	return suite, suite.Encr.Known()
}

// windowOf: 0 is the next wider setting, -1 is off.
func windowOf(settings ...int) int {
	i := slices.IndexFunc(settings, func(n int) bool { return n != 0 })
	switch {
	case i < 0:
		return iosconfig.DefaultReplay
	case settings[i] < 0:
		return 0
	}
	return settings[i]
}

func dfOf(settings ...string) crypto.DFBit {
	i := slices.IndexFunc(settings, func(s string) bool { return s != "" })
	switch {
	case i >= 0 && settings[i] == "set":
		return crypto.DFSet
	case i >= 0 && settings[i] == "clear":
		return crypto.DFClear
	}
	return crypto.DFCopy
}

// idleTime is an object's own idle time, or the global one; 0: none.
func idleTime(c *iosconfig.Config, own int) time.Duration {
	if own != 0 {
		return time.Duration(own) * time.Second
	}
	return time.Duration(c.IPsec.IdleTime) * time.Second
}
