package ikev2

import (
	"bytes"
	"crypto/x509"
	"net/netip"
	"slices"
	"strings"

	"ikelab/ikev2/pki"
	"ikelab/ipsec/few"
)

// Lookups in the configuration, each in a step or two however much there is.

// index finds the objects of a Config.
type index struct {
	proposals few.Map[string, *Proposal]
	choices   []choice // a policy each, in their order
	pools     few.Map[string, *Pool]
	profiles  few.Map[string, ranked[Profile]]
	keyrings  few.Map[string, *keyring]
	made      int // objects, ever
	matches   matches
	byPPK     shelf[string, Profile] // by the keyring of post-quantum preshared keys

	certified ranking[Profile] // have to do with certificates; whose are believed by some of
	asked     []byte           // them: CERTREQ; nil: it is not worked out
	byMap     ranking[Profile]
}

func newIndex(c *Config) *index {
	x := &index{}
	x.global(&c.Global)
	for _, p := range c.Profiles {
		x.setProfile(p.Name, p)
	}
	for _, k := range c.Keyrings {
		x.keyrings.Put(k.Name, &keyring{})
		for i := range k.Peers {
			x.addPeer(k.Name, &k.Peers[i])
		}
	}
	return x
}

// global finds what holds for whatever profile.
func (x *index) global(c *Global) {
	x.proposals, x.choices, x.pools = few.Map[string, *Proposal]{}, nil, few.Map[string, *Pool]{}
	for _, p := range c.Pools {
		x.pools.Put(p.Name, p)
	}
	for _, p := range c.Proposals {
		x.proposals.Put(p.Name, p)
	}
	for i := range c.Policies {
		x.choices = append(x.choices, x.choiceOf(&c.Policies[i]))
	}
}

func (x *index) profile(name string) *Profile { return x.profiles.Get(name).of }

// setProfile puts a profile in the place of the one with its name; nil: there is none any more.
func (x *index) setProfile(name string, p *Profile) {
	if old, ok := x.profiles.Find(name); ok {
		x.change(old, false)
		x.profiles.Delete(name)
	}
	if p != nil {
		x.made++
		r := ranked[Profile]{of: p, order: p.Order, made: x.made}
		x.profiles.Put(name, r)
		x.change(r, true)
	}
}

// change has a profile be found, or not any more.
func (x *index) change(r ranked[Profile], there bool) {
	p := r.of
	x.matches.change(r, there)
	if p.PPKKeyring != "" {
		x.byPPK.change(p.PPKKeyring, r, there)
	}
	if (p.AuthLocal|p.AuthRemote)&certified != 0 {
		x.certified, x.asked = x.certified.move(r, there), nil
	}
	if len(p.Maps) > 0 {
		x.byMap = x.byMap.move(r, there)
	}
}

// authorities are the key hashes of those whom some profile believes, as CERTREQ has them.
func (x *index) authorities() []byte {
	if x.asked != nil {
		return x.asked
	}
	x.asked = []byte{}
	seen := map[*pki.Anchor]bool{}
	for _, r := range x.certified {
		for _, a := range r.of.Anchors {
			if !r.of.believes() || seen[a] {
				continue
			}
			seen[a] = true
			if hash := pki.KeyHash(a.CA); !bytes.Contains(x.asked, hash) {
				x.asked = append(x.asked, hash...)
			}
		}
	}
	return x.asked
}

// hasPPK says whether some profile has a post-quantum preshared key for some peer.
func (x *index) hasPPK() bool {
	for name := range x.byPPK.All() {
		if ring := x.keyrings.Get(name); ring != nil && ring.ppks > 0 {
			return true
		}
	}
	return false
}

// profileFor is the profile for a peer that has said who it is: the one that takes its identity,
// else the first that takes its certificate. nil: there is none.
func (x *index) profileFor(vrf int, at netip.Addr, id Identity, leaf *x509.Certificate) *Profile {
	if p := x.matches.first(vrf, at, id); p != nil {
		return p
	}
	for _, r := range x.byMap {
		if p := r.of; p.in(vrf) && (!p.MatchLocal.IsValid() || p.MatchLocal == at) && p.takes(leaf) {
			return p
		}
	}
	return nil
}

// prefixes finds objects by prefixes.
type prefixes[O any] struct {
	at   shelf[netip.Prefix, O]
	bits []int // lengths that have occurred, the longest first
}

// change adds an object under a prefix, or takes it away.
func (t *prefixes[O]) change(p netip.Prefix, r ranked[O], there bool) {
	t.at.change(p.Masked(), r, there)
	if i, found := slices.BinarySearchFunc(t.bits, p.Bits(), func(a, b int) int { return b - a }); !found {
		t.bits = slices.Insert(t.bits, i, p.Bits())
	}
}

// each calls f with the objects of the prefixes that hold an address, the
// longest first, until f says no.
func (t *prefixes[O]) each(a netip.Addr, f func(ranking[O]) bool) {
	for _, n := range t.bits {
		if n > a.BitLen() {
			continue
		}
		if l := t.at.Get(netip.PrefixFrom(a, n).Masked()); l != nil && !f(l) {
			return
		}
	}
}

// idKey is an identity as a map's key.
type idKey string

func (id Identity) key() idKey { return idKey(string([]byte{byte(id.Kind)}) + string(id.Data)) }

// keyring finds the peers of a Keyring.
type keyring struct {
	peers     shelf[string, KeyringPeer]
	addresses prefixes[KeyringPeer]
	ids       shelf[idKey, KeyringPeer]
	domains   ranking[KeyringPeer] // the longest first
	ppks      int                  // peers that have a post-quantum preshared key
}

func (k *keyring) change(r ranked[KeyringPeer], there bool) {
	p := r.of
	k.peers.change(p.Name, r, there)
	switch {
	case p.PPK != nil && there:
		k.ppks++
	case p.PPK != nil:
		k.ppks--
	}
	if p.Address.IsValid() {
		k.addresses.change(p.Address, r, there)
	}
	switch {
	case p.Identity == nil:
	case !p.Domain:
		k.ids.change(p.Identity.key(), r, there)
	default:
		r.group = -len(p.Identity.Data)
		k.domains = k.domains.move(r, there)
	}
}

// addPeer adds a peer to a keyring that there is.
func (x *index) addPeer(ring string, p *KeyringPeer) {
	x.made++
	x.keyrings.Get(ring).change(ranked[KeyringPeer]{of: p, order: p.Order, made: x.made}, true)
}

// find looks a peer up: by its identity, once it has said who it is, and then by
// its address, of which the longest prefix wins. So a responder prefers the
// identity, and an initiator has nothing but the address.
func (k *keyring) find(remote netip.Addr, id Identity) (*KeyringPeer, By) {
	if p := k.ids.first(id.key()); p != nil {
		return p, ByIdentity
	}
	for _, r := range k.domains {
		if id.within(*r.of.Identity) {
			return r.of, ByIdentity
		}
	}
	var best *KeyringPeer
	k.addresses.each(remote, func(l ranking[KeyringPeer]) bool {
		best = l[0].of
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

// matches finds the profiles that take an identity: of each kind of `match
// identity remote` those that say the same.
type matches struct {
	ids      shelf[idKey, Profile]
	prefixes prefixes[Profile]
	any      ranking[Profile]
	domains  ranking[Profile] // to be looked at one by one
}

func (m *matches) change(r ranked[Profile], there bool) {
	for i := range r.of.MatchRemote {
		switch im := &r.of.MatchRemote[i]; {
		case im.Any:
			m.any = m.any.move(r, there)
		case im.Prefix.IsValid():
			m.prefixes.change(im.Prefix, r, there)
		case im.Domain:
			m.domains = m.domains.move(r, there)
		default:
			m.ids.change(im.Identity.key(), r, there)
		}
	}
}

// first is the profile of a VRF that takes an identity at a local address most
// specifically; of those that do so alike the one with `match address local`, and
// then the first in the configuration. nil: there is none.
func (m *matches) first(vrf int, local netip.Addr, id Identity) *Profile {
	var best ranked[Profile]
	fit := 0
	consider := func(list ranking[Profile]) {
		for _, r := range list {
			p := r.of
			if !p.in(vrf) || p.MatchLocal.IsValid() && p.MatchLocal != local {
				continue
			}
			if n := p.fit(id); n > fit || n > 0 && n == fit && r.compare(best) < 0 {
				best, fit = r, n
			}
		}
	}
	consider(m.any)
	consider(m.domains)
	consider(m.ids.Get(id.key()))
	if addr, ok := id.address(); ok {
		m.prefixes.each(addr, func(list ranking[Profile]) bool {
			consider(list)
			return true
		})
	}
	return best.of
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
