package verdict

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"ikelab/iosconfig"
	"ikelab/iosconfig/rows"
	"ikelab/topologies"
	"ikelab/topologies/lab"
)

// Config is a router as it was brought.
type Config struct{ File, Text, Image string }

// site is a router, and what leads from it to others.
type site struct {
	name   string // of its node
	config Config
	cfg    *iosconfig.Config
	ends   []*end
	wan    []*port // what its ends leave by
}

// end is one end of a tunnel.
type end struct {
	site          *site
	name          string // "Tunnel0", or "GigabitEthernet0/0 MAP 10" of a crypto map
	local, remote netip.Addr
	wan           *port
	tables                             // that its packets are looked up in
	entry         *iosconfig.CryptoMap // nil: a tunnel interface
	made          bool                 // a hub clones it from the template of its name when the client comes
	live          *live                // nil: its configuration says all that is to be known
	peer          *end                 // nil: it leads to nobody
	unknown       string               // why nothing can be said of it
}

// live is an end in a running network: what a hub and its client tell each other is known there only.
type live struct {
	*lab.Router
	name string // of its interface
}

// leads says whether packets to an address go into the end, as routes are now.
func (l *live) leads(table string, to netip.Addr) bool {
	return l.name != "" && l.Way(table, to) == l.name
}

// told is the end of a tunnel that has a name in a configuration, this one if it has.
func (e *end) told() *end {
	if e.made {
		return e.peer
	}
	return e
}

// tables are VRFs: the one in front, of a tunnel's own packets, and the one of what it carries.
type tables struct{ front, inside string }

// port is an interface that leads outside, with its address of one family.
type port struct {
	site    *site
	name    string // "GigabitEthernet0/0", or of a part of one "GigabitEthernet0/0.10"
	vlan    int
	address netip.Prefix
	dynamic bool // by DHCP
	behind  bool // a NAT gateway
}

// newSite reads a configuration.
func newSite(c Config, taken map[string]bool) *site {
	s := &site{config: c, cfg: rows.Load(c.Text, iosconfig.Generation(c.Image)).Commit.After}
	s.name = nodeName(s.cfg.Hostname, c.File)
	for n, base := 2, s.name; taken[s.name]; n++ {
		s.name = fmt.Sprintf("%s-%d", base, n)
	}
	taken[s.name] = true
	return s
}

var notInNames = regexp.MustCompile(`[^A-Za-z0-9_-]+`)

// nodeName is the host name, or where there is none what the file is called.
func nodeName(hostname, file string) string {
	if hostname == iosconfig.DefaultHostname {
		hostname = strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	}
	name := strings.Trim(notInNames.ReplaceAllString(hostname, "-"), "-")
	if name == "" || name[0] >= '0' && name[0] <= '9' || name[0] == '_' {
		name = "R" + name
	}
	return name
}

// findEnds finds the tunnels of a site whose packets IPsec protects.
func (s *site) findEnds() {
	for i := range s.cfg.Interfaces.All() {
		switch {
		case i.Shutdown:
		case i.Type == iosconfig.Tunnel && i.Tunnel.Protection != "" && s.destination(i).IsValid():
			e := s.newEnd(i, s.destination(i))
			e.local = s.sourceOf(&i.Tunnel, e.wan)
			e.unknown = s.unknown(e, &i.Tunnel)
			s.ends = append(s.ends, e)
		case i.CryptoMap != "" && i.Type.Physical():
			s.mapEnds(i)
		}
	}
}

// newEnd is the end that an interface is, of a tunnel to an address.
func (s *site) newEnd(i *iosconfig.Interface, remote netip.Addr) *end {
	e := &end{site: s, name: i.Name(), remote: remote, tables: tables{s.frontOf(&i.Tunnel), i.VRF}}
	e.wan = s.wayOut(e.front, e.remote, i.Tunnel.SourceInterface)
	return e
}

// destination is where a tunnel leads: of a FlexVPN client to the first of its peers.
func (s *site) destination(i *iosconfig.Interface) netip.Addr {
	if i.Tunnel.Dynamic {
		for c := range s.cfg.IKEv2.Clients.All() {
			if c.Tunnel == i.Name() && len(c.Peers) > 0 {
				return c.Peers[0].Address
			}
		}
	}
	return i.Tunnel.Destination
}

// frontOf is the table in front of a tunnel: the one where it begins, which `tunnel vrf` should
// name. Where it does not, the cable is still there.
func (s *site) frontOf(t *iosconfig.TunnelConfig) string {
	for i := range s.cfg.Interfaces.All() {
		from := func(p netip.Prefix) bool { return p.Addr() == t.Source }
		if i.Name() == t.SourceInterface || t.Source.IsValid() && (i.VRF == t.VRF || t.VRF == "") && slices.ContainsFunc(s.networks(i), from) {
			return i.VRF
		}
	}
	return t.VRF
}

// mapEnds are the entries of an interface's crypto map, one for each peer.
func (s *site) mapEnds(i *iosconfig.Interface) {
	for _, m := range s.cfg.CryptoMap(i.CryptoMap) {
		for _, p := range m.Peers {
			remote, ok := s.cfg.AddressOfPeer(p)
			if !ok {
				continue
			}
			wan := s.port(i.Name(), remote.Is6())
			if wan == nil {
				continue
			}
			local := wan.address.Addr()
			for source := range s.cfg.IPsec.MapSources.All() {
				if source.Name == i.CryptoMap {
					local = s.cfg.AddressOf(source.Interface).Addr()
				}
			}
			s.ends = append(s.ends, &end{site: s, name: i.Name() + " " + m.Key(), local: local, remote: remote, wan: wan, entry: m, tables: tables{i.VRF, iosconfig.InsideOf(s.cfg, i, m)}})
		}
	}
}

// sourceOf is the address that a tunnel's packets have.
func (s *site) sourceOf(t *iosconfig.TunnelConfig, out *port) netip.Addr {
	if t.Source.IsValid() {
		return t.Source
	}
	if a := s.network(t.SourceInterface, t.Over6()); a.IsValid() {
		return a.Addr()
	}
	if t.Over6() {
		return netip.Addr{}
	}
	if out != nil && out.name == t.SourceInterface {
		return out.address.Addr()
	}
	return netip.Addr{}
}

// wayOut is the interface that packets to an address leave by: what a route of a table says, and
// without one the tunnel's source.
func (s *site) wayOut(vrf string, to netip.Addr, source string) *port {
	name := s.routed(vrf, to, 0)
	if name == "" {
		name = source
	}
	if p := s.port(name, to.Is6()); p != nil {
		return p
	}
	return s.port(source, to.Is6())
}

// mostHops is how far a next hop is followed through other static routes.
const mostHops = 8

// routed is the interface that the configuration routes an address to in a table, "": none.
func (s *site) routed(vrf string, to netip.Addr, depth int) string {
	for i := range s.cfg.Interfaces.All() {
		on := func(a netip.Prefix) bool { return a.Contains(to) }
		if i.VRF == vrf && !i.Shutdown && i.Type.Physical() && slices.ContainsFunc(s.networks(i), on) {
			return i.Name()
		}
	}
	r, ok := s.routeTo(vrf, to)
	switch {
	case !ok || depth == mostHops:
		return ""
	case r.Interface != "":
		return r.Interface
	}
	return s.routed(vrf, r.NextHop, depth+1)
}

// routeTo is the static route of a table that fits best.
func (s *site) routeTo(vrf string, to netip.Addr) (best iosconfig.Route, ok bool) {
	for r := range s.cfg.Routes.In(vrf) {
		if r.Prefix.Contains(to) && (!ok || r.Prefix.Bits() > best.Prefix.Bits() || r.Prefix.Bits() == best.Prefix.Bits() && r.Distance < best.Distance) {
			best, ok = r, true
		}
	}
	return best, ok
}

// port is an interface that a cable can be plugged into, or a part of one; nil: it is
// none, or has no address of that family.
func (s *site) port(name string, six bool) *port {
	for _, p := range s.wan {
		if p.name == name && p.six() == six {
			return p
		}
	}
	i := s.cfg.Interface(name)
	if i == nil || !i.Type.Physical() {
		return nil
	}
	if _, err := topologies.PortName(cable(name)); err != nil {
		return nil
	}
	p := &port{site: s, name: name, vlan: i.VLAN, address: s.network(name, six), dynamic: i.DHCP.On && !six}
	if !p.address.IsValid() && !p.dynamic {
		return nil
	}
	s.wan = append(s.wan, p)
	return p
}

// cable is the port that an interface is, or is a part of.
func cable(name string) string {
	main, _, _ := strings.Cut(name, ".")
	return main
}

// owns says whether an address is one of the site's that tunnels may lead to: what is in a table
// that no end has in front, nobody outside reaches.
func (s *site) owns(a netip.Addr) bool {
	for i := range s.cfg.Interfaces.All() {
		outside := func(e *end) bool { return e.front == i.VRF }
		if len(s.ends) > 0 && !slices.ContainsFunc(s.ends, outside) {
			continue
		}
		is := func(p netip.Prefix) bool { return p.Addr() == a }
		if slices.ContainsFunc(s.networks(i), is) || slices.ContainsFunc(i.Secondary, is) {
			return true
		}
	}
	return slices.ContainsFunc(s.wan, func(p *port) bool { return p.address.Addr() == a })
}
