package iosconfig

import (
	"net/netip"
	"strings"
)

// HostLines are the words of the lines that name hosts: there is no other resolver.
const HostLines = "ip host"

// Host is the address of a host: itself, or what `ip host` says.
func (c *Config) Host(word string) (netip.Addr, bool) {
	if a, err := netip.ParseAddr(word); err == nil && a.Is4() || word == "" {
		return a, a.IsValid()
	}
	list := c.Texts.Family(HostLines)
	for t := range Beginning(&list, HostLines+" "+word+" ") {
		if a, ok := hostOn(t.Line, word); ok {
			return a, true
		}
	}
	for t := range list.All() { // in letters of another size
		if a, ok := hostOn(t.Line, word); ok {
			return a, true
		}
	}
	return netip.Addr{}, false
}

// hostOn is the address that a line gives a host.
func hostOn(line, word string) (netip.Addr, bool) {
	rest, ok := strings.CutPrefix(line, HostLines+" ")
	if !ok || len(rest) <= len(word) || !strings.EqualFold(rest[:len(word)], word) || rest[len(word)] != ' ' {
		return netip.Addr{}, false
	}
	first, _, _ := strings.Cut(rest[len(word)+1:], " ")
	a, err := netip.ParseAddr(first)
	return a, err == nil
}

// ChangedHosts are the names, in small letters, of the hosts about which two configurations differ
// of which one was made of the other.
func ChangedHosts(before, after *Config) (names []string) {
	old, list := before.Texts.Family(HostLines), after.Texts.Family(HostLines)
	for _, line := range list.byName.differs(old.byName) {
		if f := strings.Fields(line); len(f) > 3 {
			names = append(names, strings.ToLower(f[2]))
		}
	}
	return names
}

// HostOf is the name of an address in `ip host`, "" where it has none.
func (c *Config) HostOf(a netip.Addr) string {
	for _, l := range c.Texts.Lines(HostLines) {
		f := strings.Fields(l)
		if len(f) < 4 || f[0] != "ip" || f[1] != "host" {
			continue
		}
		if b, err := netip.ParseAddr(f[3]); err == nil && a == b {
			return f[2]
		}
	}
	return ""
}

// AddressOfPeer is where a peer is now.
func (c *Config) AddressOfPeer(p MapPeer) (netip.Addr, bool) {
	if p.Name != "" {
		return c.Host(p.Name)
	}
	return p.Address, true
}

// FQDN is the name of the router, with the domain of `ip domain name` where there is one.
func (c *Config) FQDN() string {
	for _, family := range []string{"ip domain name", "ip domain-name"} {
		for _, l := range c.Texts.Lines(family) {
			if domain := strings.TrimPrefix(l, family+" "); domain != l {
				return c.Hostname + "." + domain
			}
		}
	}
	return c.Hostname
}

// AddressOfServer is where a server of NTP is now; false: its name means nothing.
func AddressOfServer(c *Config, s *NTPServer) (netip.Addr, bool) {
	if a, err := netip.ParseAddr(s.Host); err == nil {
		return a, true
	}
	return c.Host(s.Host)
}

// Hosts are the addresses of all names that `ip host` has, in small letters.
func Hosts(c *Config) map[string]netip.Addr {
	hosts := map[string]netip.Addr{}
	for _, l := range c.Texts.Lines(HostLines) {
		if f := strings.Fields(l); len(f) > 3 {
			if a, ok := c.Host(f[2]); ok {
				hosts[strings.ToLower(f[2])] = a
			}
		}
	}
	return hosts
}
