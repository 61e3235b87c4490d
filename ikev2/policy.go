package ikev2

import (
	"bytes"
	"net/netip"
	"slices"
	"strings"

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
		j := slices.IndexFunc(e.cfg.Proposals, func(p Proposal) bool { return p.Name == name })
		if j < 0 {
			continue
		}
		e.noteFree(Note{What: AddingProposal, Name: name})
		list = append(list, &e.cfg.Proposals[j])
	}
	return list
}

func (e *Engine) profile(name string) *Profile {
	i := slices.IndexFunc(e.cfg.Profiles, func(p Profile) bool { return p.Name == name })
	if i < 0 {
		return nil
	}
	return &e.cfg.Profiles[i]
}

// profileFor is the first profile that takes the peer's identity at this
// local address.
func (e *Engine) profileFor(local netip.Addr, id Identity) *Profile {
	for i := range e.cfg.Profiles {
		p := &e.cfg.Profiles[i]
		if (!p.MatchLocal.IsValid() || p.MatchLocal == local) && p.matches(id) {
			return p
		}
	}
	return nil
}

func (p *Profile) matches(id Identity) bool {
	return slices.ContainsFunc(p.MatchRemote, func(m IdentityMatch) bool { return m.matches(id) })
}

func (m *IdentityMatch) matches(id Identity) bool {
	switch {
	case m.Any:
		return true
	case m.Prefix.IsValid():
		addr, ok := id.address()
		return ok && m.Prefix.Contains(addr)
	case m.Domain:
		return id.Kind == m.Identity.Kind && strings.HasSuffix(string(id.Data), string(m.Identity.Data))
	}
	return id.equal(m.Identity)
}

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

// keyringPeer looks a peer up in a keyring: by address first, the longest
// prefix wins, then by identity.
func (e *Engine) keyringPeer(p *Profile, remote netip.Addr, id *Identity) *KeyringPeer {
	i := slices.IndexFunc(e.cfg.Keyrings, func(k Keyring) bool { return k.Name == p.Keyring })
	if p.Keyring == "" || i < 0 {
		return nil
	}
	e.noteFree(Note{What: GettingKeyByAddress, Addr: remote})
	var best *KeyringPeer
	peers := e.cfg.Keyrings[i].Peers
	for i := range peers {
		k := &peers[i]
		if k.Address.IsValid() && k.Address.Contains(remote) && (best == nil || k.Address.Bits() > best.Address.Bits()) {
			best = k
		}
	}
	for i := range peers {
		if best == nil && id != nil && peers[i].Identity != nil && peers[i].Identity.equal(*id) {
			best = &peers[i]
		}
	}
	return best
}

// keys finds the pre-shared keys for a peer: the profile's own, else the
// keyring's. nil: none.
func (e *Engine) keys(p *Profile, remote netip.Addr, id *Identity) (local, peer []byte) {
	local, peer = p.LocalKey, p.RemoteKey
	if local != nil && peer != nil {
		return local, peer
	}
	if k := e.keyringPeer(p, remote, id); k != nil {
		if local == nil {
			local = k.Local
		}
		if peer == nil {
			peer = k.Remote
		}
	}
	return local, peer
}

// flowFor is the flow between two addresses that uses a profile.
func (e *Engine) flowFor(local, remote netip.Addr, profile string) *flow {
	var best *flow
	for _, f := range e.flows {
		if f.cfg.Local == local && f.cfg.Remote == remote && f.cfg.Profile == profile &&
			(best == nil || f.cfg.Name < best.cfg.Name) {
			best = f
		}
	}
	return best
}
