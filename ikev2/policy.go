package ikev2

import (
	"bytes"
	"net/netip"
	"slices"

	"ikelab/ikev2/propose"
	"ikelab/ikev2/wire"
	"ikelab/ipsec"
)

func (c *Config) window() int {
	if c.Window > 0 {
		return c.Window
	}
	return 5
}

func (c *Config) maxNegotiating() int {
	if c.MaxNegotiating > 0 {
		return c.MaxNegotiating
	}
	return 40
}

// policyFor gives the proposals for a local address: those of the policy that
// names the address, else of the first one that names none.
func (e *Engine) policyFor(local netip.Addr) []*Proposal {
	i := slices.IndexFunc(e.cfg.Policies, func(p Policy) bool { return slices.Contains(p.Match, local) })
	if i < 0 {
		i = slices.IndexFunc(e.cfg.Policies, func(p Policy) bool { return len(p.Match) == 0 })
	}
	if i < 0 {
		return nil
	}
	var list []*Proposal
	for _, name := range e.cfg.Policies[i].Proposals {
		if p := e.index.proposals[name]; p != nil {
			e.noteFree(Note{What: AddingProposal, Name: name})
			list = append(list, p)
		}
	}
	return list
}

func (e *Engine) profile(name string) *Profile { return e.index.profiles[name] }

func (id Identity) equal(other Identity) bool {
	return id.Kind == other.Kind && bytes.Equal(id.Data, other.Data)
}

func (id Identity) address() (netip.Addr, bool) {
	if id.Kind != wire.IDIPv4Addr {
		return netip.Addr{}, false
	}
	return netip.AddrFromSlice(id.Data)
}

// addressIdentity is the identity that IOS uses without `identity local`.
func addressIdentity(addr netip.Addr) Identity {
	return Identity{Kind: wire.IDIPv4Addr, Data: addr.AsSlice()}
}

func (p *Profile) identity(local netip.Addr) Identity {
	if p.LocalID != nil {
		return *p.LocalID
	}
	return addressIdentity(local)
}

// keys finds the pre-shared keys for a peer: the profile's own, else the
// keyring's. nil: none.
func (e *Engine) keys(p *Profile, remote netip.Addr, id *Identity) (local, peer []byte) {
	local, peer = p.LocalKey, p.RemoteKey
	if local != nil && peer != nil {
		return local, peer
	}
	ring := e.index.keyrings[p.Keyring]
	if ring == nil {
		return local, peer
	}
	e.noteFree(Note{What: GettingKeyByAddress, Addr: remote})
	if k := ring.find(remote, id); k != nil {
		if local == nil {
			local = k.Local
		}
		if peer == nil {
			peer = k.Remote
		}
	}
	return local, peer
}

// ikeMenus lists the menus of IKE proposals in order.
func ikeMenus(proposals []*Proposal) []propose.Menu {
	var list []propose.Menu
	for _, p := range proposals {
		list = append(list, propose.Apart(propose.Menu{
			Protocol: wire.ProtoIKE, Encr: p.Encr, PRF: p.PRF, Integ: p.Integ, Group: p.Group,
		})...)
	}
	return list
}

// espMenus lists the menus of an entry. PFS is not negotiated in IKE_AUTH, whose
// keys come from the IKE SA's own exchange (RFC 7296 1.2).
func espMenus(c *ChildPolicy, inAuth bool) []propose.Menu {
	var list []propose.Menu
	for _, s := range c.Suites {
		m := propose.Menu{Protocol: wire.ProtoESP, Encr: []ipsec.Encr{s.Encr}}
		if s.Integ != ipsec.IntegNone {
			m.Integ = []ipsec.IntegID{s.Integ}
		}
		if !inAuth && c.PFS != ipsec.GroupNone {
			m.Group = []ipsec.Group{c.PFS}
		}
		m.AnyGroup = !inAuth && c.PFS == ipsec.GroupNone
		list = append(list, m)
	}
	return list
}
