package ikev2

import (
	"net/netip"
	"slices"
	"strings"
)

// Lookups in the configuration, each in a step or two however much there is.

// index finds the objects of a Config.
type index struct {
	proposals map[string]*Proposal
	profiles  map[string]*Profile
	keyrings  map[string]*keyring
	matches   matches
}

func newIndex(c *Config, before *index) *index {
	x := &index{proposals: map[string]*Proposal{}, profiles: map[string]*Profile{}, keyrings: map[string]*keyring{}}
	for _, p := range c.Proposals {
		x.proposals[p.Name] = p
	}
	for i, p := range c.Profiles {
		x.profiles[p.Name] = p
		x.matches.add(p, i)
	}
	for _, k := range c.Keyrings {
		if old := before.keyrings[k.Name]; old != nil && old.of == k {
			x.keyrings[k.Name] = old
			continue
		}
		x.keyrings[k.Name] = newKeyring(k)
	}
	return x
}

// prefixes maps prefixes to values, the first value given for each.
type prefixes[V any] struct {
	at   map[netip.Prefix]V
	bits []int // lengths that occur, the longest first
}

func (t *prefixes[V]) add(p netip.Prefix, v V) {
	p = p.Masked()
	if t.at == nil {
		t.at = map[netip.Prefix]V{}
	}
	if _, taken := t.at[p]; !taken {
		t.at[p] = v
	}
	if i, found := slices.BinarySearchFunc(t.bits, p.Bits(), func(a, b int) int { return b - a }); !found {
		t.bits = slices.Insert(t.bits, i, p.Bits())
	}
}

// each calls f with the values of the prefixes that hold an address, the
// longest first, until f says no.
func (t *prefixes[V]) each(a netip.Addr, f func(V) bool) {
	for _, n := range t.bits {
		if n > a.BitLen() {
			continue
		}
		if v, ok := t.at[netip.PrefixFrom(a, n).Masked()]; ok && !f(v) {
			return
		}
	}
}

// idKey is an identity as a map's key.
type idKey string

func (id Identity) key() idKey { return idKey(append([]byte{byte(id.Kind)}, id.Data...)) }

// keyring finds the peers of a Keyring.
type keyring struct {
	of        *Keyring
	addresses prefixes[*KeyringPeer]
	ids       map[idKey]*KeyringPeer
}

func newKeyring(of *Keyring) *keyring {
	k := &keyring{of: of, ids: map[idKey]*KeyringPeer{}}
	for i := range of.Peers {
		p := &of.Peers[i]
		if p.Address.IsValid() {
			k.addresses.add(p.Address, p)
		}
		if p.Identity != nil && k.ids[p.Identity.key()] == nil {
			k.ids[p.Identity.key()] = p
		}
	}
	return k
}

// find looks a peer up: by address first, the longest prefix wins, then by
// identity.
func (k *keyring) find(remote netip.Addr, id Identity) (*KeyringPeer, By) {
	var best *KeyringPeer
	k.addresses.each(remote, func(p *KeyringPeer) bool {
		best = p
		return false
	})
	if best != nil {
		return best, ByAddress
	}
	return k.ids[id.key()], ByIdentity
}

// ranked is a profile and its place in the configuration.
type ranked struct {
	*Profile
	rank int
}

// matches finds the profiles that take an identity: of each kind of `match
// identity remote` those that say the same, in the order of configuration.
type matches struct {
	ids      map[idKey][]ranked
	prefixes prefixes[*[]ranked]
	any      []ranked
	domains  []ranked // to be looked at one by one
}

func (m *matches) add(p *Profile, rank int) {
	r := ranked{p, rank}
	for i := range p.MatchRemote {
		switch im := &p.MatchRemote[i]; {
		case im.Any:
			m.any = append(m.any, r)
		case im.Prefix.IsValid():
			list := &[]ranked{}
			m.prefixes.add(im.Prefix, list)
			list = m.prefixes.at[im.Prefix.Masked()]
			*list = append(*list, r)
		case im.Domain:
			m.domains = append(m.domains, r)
		default:
			if m.ids == nil {
				m.ids = map[idKey][]ranked{}
			}
			m.ids[im.Identity.key()] = append(m.ids[im.Identity.key()], r)
		}
	}
}

// first is the first profile in the configuration that takes an identity at a
// local address; nil without.
func (m *matches) first(local netip.Addr, id Identity) *Profile {
	var best *ranked
	consider := func(list []ranked) {
		for i := range list {
			p := &list[i]
			if (!p.MatchLocal.IsValid() || p.MatchLocal == local) && (best == nil || p.rank < best.rank) && p.matches(id) {
				best = p
			}
		}
	}
	consider(m.any)
	consider(m.domains)
	consider(m.ids[id.key()])
	if addr, ok := id.address(); ok {
		m.prefixes.each(addr, func(list *[]ranked) bool {
			consider(*list)
			return true
		})
	}
	if best == nil {
		return nil
	}
	return best.Profile
}

// matches says whether a profile takes an identity.
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

// known finds proposals by their names, and says which names those are.
func (x *index) known(names []string) ([]*Proposal, []string) {
	list := make([]*Proposal, 0, len(names))
	missing := func(name string) bool { return x.proposals[name] == nil }
	if slices.ContainsFunc(names, missing) {
		names = slices.DeleteFunc(slices.Clone(names), missing)
	}
	for _, name := range names {
		list = append(list, x.proposals[name])
	}
	return list, names
}
