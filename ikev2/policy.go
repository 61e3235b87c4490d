package ikev2

import (
	"bytes"
	"net/netip"
	"slices"

	"ikelab/ikev2/wire"
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
