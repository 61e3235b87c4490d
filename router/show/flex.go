package show

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"ikelab/ikev2"
	"ikelab/iosconfig"
)

// AuthorPolicies is `show crypto ikev2 authorization policy [NAME]`.
type AuthorPolicies struct {
	Policies []AuthorPolicy `json:"policies"`
}

// AuthorPolicy is an authorization policy in IOS's words.
type AuthorPolicy struct {
	Name     string       `json:"name"`
	Pool     string       `json:"pool,omitempty"`
	Netmask  netip.Addr   `json:"netmask,omitzero"`
	DNS      []netip.Addr `json:"dns"`
	WINS     []netip.Addr `json:"wins"`
	Domain   string       `json:"default_domain,omitempty"`
	Sets     []string     `json:"route_set"` // "interface", "access-list LAN"
	Accepts  bool         `json:"route_accept"`
	Tag      int          `json:"tag"`
	Distance int          `json:"distance"`
}

// AuthorPoliciesOf takes them from a configuration; the default one is the first.
func AuthorPoliciesOf(c *iosconfig.Config, name string) AuthorPolicies {
	s := AuthorPolicies{Policies: []AuthorPolicy{}}
	list := c.AuthorPolicies()
	slices.SortStableFunc(list, func(a, b *iosconfig.AuthorPolicy) int { return defaultFirst(a.Name, b.Name) })
	for _, p := range list {
		if name != "" && name != p.Name {
			continue
		}
		v := AuthorPolicy{
			Name: p.Name, Pool: p.Pool, Netmask: p.Netmask, DNS: append([]netip.Addr{}, p.DNS...), WINS: append([]netip.Addr{}, p.WINS...), Domain: p.Domain,
			Sets: []string{}, Accepts: !p.AcceptOff, Tag: max(1, p.AcceptTag), Distance: max(1, p.AcceptMetric),
		}
		if p.SetInterface {
			v.Sets = append(v.Sets, "interface")
		}
		for _, i := range p.SetInterfaces {
			v.Sets = append(v.Sets, "interface "+i)
		}
		if p.SetAccess != "" {
			v.Sets = append(v.Sets, "acl : "+p.SetAccess)
		}
		for _, n := range p.SetRemote {
			v.Sets = append(v.Sets, "remote ipv4 "+n.Addr().String()+" "+iosconfig.MaskOf(n))
		}
		s.Policies = append(s.Policies, v)
	}
	return s
}

// Lines names what a policy has.
func (s AuthorPolicies) Lines(iosconfig.Generation) []string {
	var p page
	for i := range s.Policies {
		v := &s.Policies[i]
		p.linef(" IKEv2 Authorization Policy : %s", v.Name)
		if v.Pool != "" {
			p.linef("   pool : %s", v.Pool)
		}
		if v.Netmask.IsValid() {
			p.linef("   netmask : %v", v.Netmask)
		}
		servers(&p, "dns", v.DNS)
		servers(&p, "wins", v.WINS)
		if v.Domain != "" {
			p.linef("   def-domain : %s", v.Domain)
		}
		for _, set := range v.Sets {
			p.linef("   route set %s", set)
		}
		if v.Accepts {
			p.linef("   route accept any tag : %d distance : %d", v.Tag, v.Distance)
		}
	}
	return p.lines
}

func servers(p *page, what string, list []netip.Addr) {
	if len(list) > 0 {
		p.linef("   %s : %s", what, strings.Trim(fmt.Sprint(list), "[]"))
	}
}

// LocalPools is `show ip local pool [NAME]`.
type LocalPools struct {
	Pools []LocalPool `json:"pools"`
}

// LocalPool is one range of a pool of addresses.
type LocalPool struct {
	Name  string     `json:"pool"`
	First netip.Addr `json:"begin"`
	Last  netip.Addr `json:"end"`
	Free  int        `json:"free"`
	InUse int        `json:"in_use"`
}

// LocalPoolsOf is of one pool, or of all.
func LocalPoolsOf(s Source, name string) LocalPools {
	out := LocalPools{Pools: []LocalPool{}}
	for _, p := range s.Pools() {
		for _, r := range p.Ranges {
			if name == "" || name == p.Name {
				out.Pools = append(out.Pools, LocalPool{Name: p.Name, First: r.First, Last: r.Last, Free: size(r.AddrRange) - r.InUse, InUse: r.InUse})
			}
		}
	}
	return out
}

// size is how many addresses a range has.
func size(r ikev2.AddrRange) int {
	number := func(a netip.Addr) int {
		b := a.As4()
		return int(b[0])<<24 | int(b[1])<<16 | int(b[2])<<8 | int(b[3])
	}
	return number(r.Last) - number(r.First) + 1
}

// Lines is range by range.
func (s LocalPools) Lines(iosconfig.Generation) []string {
	var p page
	p.line(" Pool                     Begin           End             Free  In use   Blocked")
	for _, v := range s.Pools {
		p.linef(" %-24s %-15v %-15v %5d %7d %9d", v.Name, v.First, v.Last, v.Free, v.InUse, 0)
	}
	return p.lines
}

// FlexClients is `show crypto ikev2 client flexvpn [NAME]`.
type FlexClients struct {
	Clients []FlexClient `json:"clients"`
}

// FlexClient is a FlexVPN client, and the peer that it has or tries.
type FlexClient struct {
	Name    string     `json:"name"`
	State   string     `json:"state"` // ACTIVE, NEGOTIATING, READY, CONNECT_REQUIRED
	Peer    netip.Addr `json:"peer,omitzero"`
	From    netip.Addr `json:"redirected_from,omitzero"` // the peer by the configuration, where another gateway has its place
	Source  string     `json:"source,omitempty"`
	Tunnel  string     `json:"tunnel"`
	Address netip.Addr `json:"assigned_address,omitzero"`
}

// FlexClientsOf is of one client, or of all.
func FlexClientsOf(s Source, name string) FlexClients {
	out := FlexClients{Clients: []FlexClient{}}
	for _, v := range s.Clients() {
		if name == "" || name == v.Name {
			out.Clients = append(out.Clients, v)
		}
	}
	return out
}

// Lines is client by client.
func (s FlexClients) Lines(iosconfig.Generation) []string {
	var p page
	for _, v := range s.Clients {
		p.linef("  Profile : %s", v.Name)
		p.linef("  Current state:%s", v.State)
		p.linef("  Peer : %s", addrOr(v.Peer, "None"))
		if v.From.IsValid() {
			p.linef("  Redirected from : %v", v.From)
		}
		p.linef("  Source : %s", orElse(v.Source, "None"))
		p.line("  ivrf : IP DEFAULT").line("  fvrf : IP DEFAULT").line("  Backup group: None")
		p.linef("  Tunnel interface : %s", orElse(v.Tunnel, "None"))
		if v.Address.IsValid() {
			p.linef("  Assigned IP address: %v", v.Address)
		}
	}
	return p.lines
}
