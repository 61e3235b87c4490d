package iosconfig

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// relation is that one object names another: what is named, of which kind its user is, and its name.
type relation struct {
	of   Object
	by   Kind
	user string
}

// namedIn looks through all objects of a configuration for what they name.
func namedIn(c *Config) map[relation]bool {
	all := map[relation]bool{}
	note := func(by Kind, user string, kind Kind, names ...string) {
		for _, name := range names {
			if name != "" {
				all[relation{kind.Named(name), by, user}] = true
			}
		}
	}
	protects := func(by Kind, user string, p *Protection) {
		note(by, user, KindProfile, p.IKEv2Profile)
		note(by, user, KindTransformSet, p.TransformSets...)
		if len(p.TransformSets) == 0 {
			note(by, user, KindTransformSet, "default")
		}
	}
	for i := range c.Interfaces.All() {
		note(KindInterface, i.Name(), KindInterface, i.Unnumbered, i.IPv6.Unnumbered)
		note(KindInterface, i.Name(), KindVRF, i.VRF, i.Tunnel.VRF)
		note(KindInterface, i.Name(), KindCryptoMap, i.CryptoMap)
		note(KindInterface, i.Name(), KindIPsecProfile, i.Tunnel.Protection)
	}
	for p := range c.IPsec.Profiles.All() {
		protects(KindIPsecProfile, p.Name, &p.Protection)
	}
	for m := range c.IPsec.Maps.All() {
		protects(KindCryptoMap, m.Key(), &m.Protection)
		note(KindCryptoMap, m.Key(), KindAccessList, m.Match)
		for _, p := range m.Peers {
			note(KindCryptoMap, m.Key(), KindHost, strings.ToLower(p.Name))
		}
	}
	for s := range c.IPsec.MapSources.All() {
		note(KindCryptoMap, s.Name, KindInterface, s.Interface)
	}
	for p := range c.IKEv2.Policies.All() {
		note(KindPolicy, p.Name, KindProposal, p.Proposals...)
	}
	for p := range c.IKEv2.Profiles.All() {
		note(KindProfile, p.Name, KindKeyring, p.Keyring, p.PPKKeyring)
		note(KindProfile, p.Name, KindVRF, p.IVRF, p.MatchFVRF)
		note(KindProfile, p.Name, KindInterface, p.MatchLocalIface)
		note(KindProfile, p.Name, KindAuthorization, p.Authorize.Policy, p.AuthorizeCert.Policy)
		if p.Template > 0 {
			note(KindProfile, p.Name, KindTemplate, strconv.Itoa(p.Template))
		}
	}
	for k := range c.IKEv2.Keyrings.All() {
		for p := range k.Peers.All() {
			note(KindPeer, k.Name+" "+p.Name, KindHost, strings.ToLower(p.Hostname))
		}
	}
	for l := range c.Access.All() {
		for _, line := range l.Lines {
			note(KindAccessList, l.Name, KindObjectGroup, line.Groups()...)
		}
	}
	for g := range c.Groups.All() {
		for _, m := range g.Members {
			note(KindObjectGroup, g.Name, KindObjectGroup, m.Group)
		}
	}
	return all
}

// requireNaming asks who names each thing that may be named.
func requireNaming(t *testing.T, c *Config, all map[relation]bool) {
	t.Helper()
	found := map[relation]bool{}
	users := []Kind{KindInterface, KindIPsecProfile, KindCryptoMap, KindPolicy, KindProfile, KindPeer, KindAccessList, KindObjectGroup}
	for _, kind := range []Kind{KindInterface, KindVRF, KindCryptoMap, KindIPsecProfile, KindProfile, KindTransformSet, KindAccessList, KindHost, KindProposal, KindKeyring, KindAuthorization, KindTemplate, KindObjectGroup} {
		for _, by := range users {
			ofKind := map[string]int{}
			for _, name := range append([]string{"loopback1", "tunnel1", "tunnel2", "tunnel10"}, drawnNames...) { // hosts are in small letters
				list := slices.Collect(Users(c, kind.Named(name), by))
				require.Equal(t, len(list) > 0, Used(c, kind.Named(name), by))
				for _, user := range list {
					require.False(t, found[relation{kind.Named(name), by, user}], "once")
					found[relation{kind.Named(name), by, user}] = true
					ofKind[user]++
				}
			}
			for user := range Users(c, kind.Named(""), by) {
				ofKind[user]--
			}
			for user, more := range ofKind {
				require.Zero(t, more, user)
			}
		}
	}
	require.Equal(t, all, found)
}

// drawnNames are all that anything is called or names, one of them the beginning of another.
var drawnNames = []string{"default", "a", "a1", "b", "c", "1", "2", "Loopback1", "Tunnel1", "Tunnel2", "Tunnel10"}

// drawing changes configurations at random.
type drawing struct{ *rand.Rand }

// name is one of them, or none.
func (d drawing) name() string {
	if d.IntN(3) == 0 {
		return ""
	}
	return drawnNames[d.IntN(len(drawnNames))]
}

func (d drawing) object() string { return drawnNames[1+d.IntN(4)] }
func (d drawing) names() (list []string) {
	for range d.IntN(4) {
		list = append(list, drawnNames[d.IntN(len(drawnNames))])
	}
	return list
}

func (d drawing) protection() Protection {
	return Protection{TransformSets: d.names(), IKEv2Profile: d.name()}
}

// change puts an object or takes one away.
func (d drawing) change(c *Config) {
	name, gone := d.object(), d.IntN(4) == 0
	switch d.IntN(10) {
	case 0:
		iface := drawnNames[len(drawnNames)-1-d.IntN(4)]
		i := NewInterface(iface)
		i.Unnumbered, i.IPv6.Unnumbered, i.VRF, i.CryptoMap = d.name(), d.name(), d.name(), d.name()
		i.Tunnel.VRF, i.Tunnel.Protection = d.name(), d.name()
		place(gone, iface, i, c.Interfaces.Put, c.Interfaces.Remove)
	case 1:
		place(gone, name, &IPsecProfile{Name: name, Protection: d.protection()}, c.IPsec.Profiles.Put, c.IPsec.Profiles.Remove)
	case 2:
		m := &CryptoMap{Name: name, Sequence: d.IntN(3), Match: d.name(), Protection: d.protection()}
		for _, host := range d.names() {
			m.Peers = append(m.Peers, MapPeer{Name: strings.ToUpper(host)})
		}
		place(gone, m.Key(), m, c.IPsec.Maps.Put, c.IPsec.Maps.Remove)
	case 3:
		place(gone, name, &MapSource{name, d.name()}, c.IPsec.MapSources.Put, c.IPsec.MapSources.Remove)
	case 4:
		place(gone, name, &Policy{Name: name, Proposals: d.names()}, c.IKEv2.Policies.Put, c.IKEv2.Policies.Remove)
	case 5:
		p := &Profile{Name: name, MatchLocalIface: d.name(), MatchFVRF: d.name(), IVRF: d.name(), ProfileKeyrings: ProfileKeyrings{Keyring: d.name(), PPKKeyring: d.name()}}
		p.Template, p.Authorize.Policy, p.AuthorizeCert.Policy = d.IntN(3), d.name(), d.name()
		place(gone, name, p, c.IKEv2.Profiles.Put, c.IKEv2.Profiles.Remove)
	case 6:
		k := &Keyring{Name: name}
		if old := c.Keyring(name); old != nil {
			*k = *old
		}
		for range 1 + d.IntN(3) {
			peer := d.object()
			place(d.IntN(3) == 0, peer, &KeyringPeer{Name: peer, Hostname: strings.ToUpper(d.name())}, k.Peers.Put, k.Peers.Remove)
		}
		place(gone, name, k, c.IKEv2.Keyrings.Put, c.IKEv2.Keyrings.Remove)
	case 7, 8:
		place(gone && d.IntN(2) == 0, name, d.list(c.Access.Get(name), name), c.Access.Put, c.Access.Remove)
	case 9:
		g := &ObjectGroup{Name: name}
		for _, group := range d.names() {
			g.Members = append(g.Members, &GroupMember{Group: group})
		}
		place(gone, name, g, c.Groups.Put, c.Groups.Remove)
	}
}

// list is an access list with another line, with one replaced or without some.
func (d drawing) list(old *AccessList, name string) *AccessList {
	l := &AccessList{Name: name}
	if old != nil {
		*l = *old
	}
	line := AccessLine{Number: 10 * d.IntN(5), Protocol: "ip", From: AccessNet{Group: d.name()}, To: AccessNet{Group: d.name()}}
	if d.IntN(2) == 0 {
		line.Protocol = OfServices(d.object())
	}
	switch d.IntN(4) {
	case 0:
		n := d.IntN(3)
		l.Remove(func(x *AccessLine) bool { return x.Number/10%3 == n })
	case 1:
		l.Renumber(10, 10)
		l.Replace(line)
	default:
		l.Add(line)
	}
	return l
}

func place[O any](gone bool, name string, o *O, put func(string, *O), remove func(string)) {
	if gone {
		remove(name)
		return
	}
	put(name, o)
}

// TestUsers: whatever was put and removed, the users of everything are those that a look through all objects
// finds, and a copy that was kept has those that it had.
func TestUsers(t *testing.T) {
	for seed := range uint64(4) {
		d := drawing{rand.New(rand.NewPCG(seed, 1))}
		c := New(IOS151)
		for range 60 {
			before, had := *c, namedIn(c)
			for range 1 + d.IntN(6) {
				d.change(c)
			}
			requireNaming(t, c, namedIn(c))
			requireNaming(t, &before, had)
		}
	}
}

// TestUsersInOrder: interfaces come as in running-config, whatever else by name.
func TestUsersInOrder(t *testing.T) {
	c := New(IOS151)
	for _, name := range []string{"Tunnel10", "Tunnel9", "Ethernet0/0", "Loopback3"} {
		i := NewInterface(name)
		i.VRF = "RED"
		c.Interfaces.Put(name, i)
	}
	var all []string
	for i := range c.Interfaces.All() {
		all = append(all, i.Name())
	}
	require.Equal(t, all, slices.Collect(Users(c, KindVRF.Named("RED"), KindInterface)))
	for _, name := range []string{"Q", "P"} {
		c.IKEv2.Profiles.Put(name, &Profile{Name: name, IVRF: "RED"})
	}
	require.Equal(t, []string{"P", "Q"}, slices.Collect(Users(c, KindVRF.Named("RED"), KindProfile)))
}

// TestNamelessListsHaveNoNaming: what names nothing is no larger for it.
func TestNamelessListsHaveNoNaming(t *testing.T) {
	c := New(IOS151)
	c.IKEv2.Profiles.Put("P", &Profile{Name: "P"})
	require.Equal(t, 1, c.IKEv2.Profiles.order.Len())
	c.IKEv2.Profiles.Put("P", &Profile{Name: "P", IVRF: "RED"})
	require.Equal(t, 2, c.IKEv2.Profiles.order.Len())
	require.Len(t, slices.Collect(c.IKEv2.Profiles.All()), 1)
	c.IKEv2.Profiles.Remove("P")
	require.Zero(t, c.IKEv2.Profiles.order.Len())
}
