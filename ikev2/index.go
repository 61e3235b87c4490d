package ikev2

import (
	"bytes"
	"crypto/x509"
	"net/netip"
	"slices"
	"strings"
)

// Lookups in the configuration, each in a step or two however much there is.

// index finds the objects of a Config.
type index struct {
	proposals map[string]*Proposal
	choices   []choice // a policy each, in their order
	profiles  map[string]*Profile
	keyrings  map[string]*keyring
	matches   matches
	pools     map[string]*Pool
	ppk       bool // some profile has a post-quantum preshared key for some peer

	certified   bool   // some profile has to do with certificates, and
	authorities []byte // whose are believed by some profile: CERTREQ
	byMap       []ranked
}

func newIndex(c *Config, before *index) *index {
	x := &index{proposals: map[string]*Proposal{}, profiles: map[string]*Profile{}, keyrings: map[string]*keyring{}, pools: map[string]*Pool{}}
	for _, p := range c.Pools {
		x.pools[p.Name] = p
	}
	for _, p := range c.Proposals {
		x.proposals[p.Name] = p
	}
	for i := range c.Policies {
		x.choices = append(x.choices, x.choiceOf(&c.Policies[i]))
	}
	for i, p := range c.Profiles {
		x.profiles[p.Name] = p
		x.matches.add(p, i)
		x.addCertified(p, i)
	}
	for _, k := range c.Keyrings {
		if old := before.keyrings[k.Name]; old != nil && old.of == k {
			x.keyrings[k.Name] = old
			continue
		}
		x.keyrings[k.Name] = newKeyring(k)
	}
	x.ppk = slices.ContainsFunc(c.Profiles, func(p *Profile) bool { ring := x.keyrings[p.PPKKeyring]; return ring != nil && ring.ppk })
	return x
}

// addCertified notes what a profile has to do with certificates.
func (x *index) addCertified(p *Profile, rank int) {
	x.certified = x.certified || (p.AuthLocal|p.AuthRemote)&certified != 0
	if p.believes() {
		for hashes := hashesOf(p.Anchors); len(hashes) > 0; hashes = hashes[20:] {
			if !bytes.Contains(x.authorities, hashes[:20]) {
				x.authorities = append(x.authorities, hashes[:20]...)
			}
		}
	}
	if len(p.Maps) > 0 {
		x.byMap = append(x.byMap, ranked{p, rank})
	}
}

// profileFor is the profile for a peer that has said who it is: the one that takes its identity,
// else the first that takes its certificate. nil: there is none.
func (x *index) profileFor(vrf int, at netip.Addr, id Identity, leaf *x509.Certificate) *Profile {
	if p := x.matches.first(vrf, at, id); p != nil {
		return p
	}
	for _, r := range x.byMap {
		if r.in(vrf) && (!r.MatchLocal.IsValid() || r.MatchLocal == at) && r.takes(leaf) {
			return r.Profile
		}
	}
	return nil
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
	domains   []*KeyringPeer // the longest first
	ppk       bool           // a peer has a post-quantum preshared key
}

func newKeyring(of *Keyring) *keyring {
	k := &keyring{of: of, ids: map[idKey]*KeyringPeer{}}
	for i := range of.Peers {
		p := &of.Peers[i]
		k.ppk = k.ppk || p.PPK != nil
		if p.Address.IsValid() {
			k.addresses.add(p.Address, p)
		}
		switch {
		case p.Identity == nil:
		case p.Domain:
			k.domains = append(k.domains, p)
		case k.ids[p.Identity.key()] == nil:
			k.ids[p.Identity.key()] = p
		}
	}
	slices.SortStableFunc(k.domains, func(a, b *KeyringPeer) int { return len(b.Identity.Data) - len(a.Identity.Data) })
	return k
}

// find looks a peer up: by its identity, once it has said who it is, and then by
// its address, of which the longest prefix wins. So a responder prefers the
// identity, and an initiator has nothing but the address.
func (k *keyring) find(remote netip.Addr, id Identity) (*KeyringPeer, By) {
	if p := k.ids[id.key()]; p != nil {
		return p, ByIdentity
	}
	for _, p := range k.domains {
		if id.within(*p.Identity) {
			return p, ByIdentity
		}
	}
	var best *KeyringPeer
	k.addresses.each(remote, func(p *KeyringPeer) bool {
		best = p
		return false
	})
	return best, ByAddress
}

// within says whether a name or an e-mail address lies in a domain.
func (id Identity) within(domain Identity) bool {
	host, ok := strings.CutSuffix(string(id.Data), string(domain.Data))
	if id.Kind != domain.Kind || !ok || host == "" {
		return false
	}
	return strings.ContainsAny(host[len(host)-1:], ".@") || strings.IndexAny(string(domain.Data), ".@") == 0
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

// first is the profile of a VRF that takes an identity at a local address most
// specifically; of those that do so alike the one with `match address local`, and
// then the first in the configuration. nil: there is none.
func (m *matches) first(vrf int, local netip.Addr, id Identity) *Profile {
	var best *ranked
	fit := 0
	consider := func(list []ranked) {
		for i := range list {
			p := &list[i]
			if !p.in(vrf) || p.MatchLocal.IsValid() && p.MatchLocal != local {
				continue
			}
			if n := p.fit(id); n > fit || n > 0 && n == fit && p.rank < best.rank {
				best, fit = p, n
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

// fit is how specifically a profile takes an identity; 0: it does not.
func (p *Profile) fit(id Identity) (most int) {
	for i := range p.MatchRemote {
		most = max(most, p.MatchRemote[i].fit(id))
	}
	if most > 0 && p.MatchLocal.IsValid() {
		most++
	}
	return most
}

// matches says whether a profile takes an identity.
func (p *Profile) matches(id Identity) bool {
	return slices.ContainsFunc(p.MatchRemote, func(m IdentityMatch) bool { return m.matches(id) })
}

func (m *IdentityMatch) matches(id Identity) bool { return m.fit(id) > 0 }

// fit is how specifically an identity is matched, in steps of two: itself before
// the longest prefix or domain that holds it, and any is last.
func (m *IdentityMatch) fit(id Identity) int {
	const any, held, itself = 2, 4, 1 << 20
	addr, isAddress := id.address()
	switch {
	case m.Any:
		return any
	case m.Prefix.IsValid() && isAddress && m.Prefix.Contains(addr):
		return held + 2*m.Prefix.Bits()
	case m.Domain && id.within(m.Identity):
		return held + 2*len(m.Identity.Data)
	case !m.Prefix.IsValid() && !m.Domain && id.equal(m.Identity):
		return itself
	}
	return 0
}
