package router

import (
	"maps"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"time"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/router/cluster"
	"ikelab/router/crypto"
	"ikelab/router/ip"
	"ikelab/router/policy"
)

// settle puts into effect what depends on what was touched: the tunnels, then
// the engine's policy, then what it is asked for.
func (m *machine) settle(now time.Time, t *touched) {
	before := m.demands.Len()
	var gone []string
	var asked []*ikev2.ChildPolicy
	for _, name := range slices.Sorted(maps.Keys(t.tunnels)) {
		switch demand, changed := m.settleTunnel(now, name); {
		case changed && demand == nil:
			gone = append(gone, name)
			m.demands.Delete(name)
		case changed:
			asked = append(asked, demand)
			m.demands.Put(name, demand)
			t.retry[name] = true
		}
	}
	more, less := settleMaps(now, m, &t.maps)
	asked, gone = append(asked, more...), append(gone, less...)
	if t.nat {
		settleNAT(m)
	}
	settleCluster(now, m)
	m.switched(before, m.demands.Len())
	m.settleIKE(t)
	for _, name := range gone {
		m.apply(now, m.engine.Unprotect(now, name))
	}
	for _, demand := range asked {
		m.apply(now, m.engine.Protect(now, demand))
	}
	for _, name := range slices.Sorted(maps.Keys(t.retry)) {
		if tunnel := m.tunnels.Get(name); tunnel != nil {
			tunnel.Retry(now)
		}
	}
}

// settleTunnel gives one tunnel its settings. demand is what the engine is to
// be asked for, if that has changed; nil: nothing any more.
func (m *machine) settleTunnel(now time.Time, name string) (demand *ikev2.ChildPolicy, changed bool) {
	before := m.demands.Get(name)
	c, tunnel := m.running().Interface(name), m.tunnels.Get(name)
	if c == nil || tunnel == nil {
		return nil, before != nil
	}
	set, asks := policy.Tunnel(m.running(), c)
	if made, ok := m.flex.clones[name]; ok {
		asks.Profile, asks.Made = made.profile, true // whatever the IPsec profile says
	}
	tunnel.Set(now, set)
	if !set.Entry.Active {
		return nil, before != nil
	}
	return &asks, before == nil || !reflect.DeepEqual(*before, asks)
}

// settleMaps gives crypto maps what was touched of them. asked is what the engine is to be asked for,
// gone what no more.
func settleMaps(now time.Time, m *machine, t *touchedMaps) (asked []*ikev2.ChildPolicy, gone []string) {
	if len(t.interfaces)+len(t.entries) == 0 {
		return nil, nil
	}
	s := settling{mapped: &m.maps, now: now, config: m.running(), lists: m.lists.four, demands: &m.demands}
	for _, name := range slices.Sorted(maps.Keys(t.interfaces)) {
		s.whole(name)
	}
	for _, key := range slices.Sorted(maps.Keys(t.entries)) {
		tag, number, _ := strings.Cut(key, " ")
		for name := range iosconfig.Users(s.config, iosconfig.KindCryptoMap.Named(tag), iosconfig.KindInterface) {
			if on := m.maps.on[name]; on != nil && !t.interfaces[name] {
				s.entry(name, iosconfig.NumberOf(number))
			}
		}
	}
	return s.asked, s.gone
}

// switched tells that the first tunnel wants IKE, or that none does any more.
func (m *machine) switched(before, after int) {
	if (before > 0) != (after > 0) {
		m.records.Emit(crypto.Switched{On: after > 0})
	}
}

// routesTo are the static routes to a prefix, behind a VRF and a blank if it is in one.
func routesTo(c *iosconfig.Config, name string) (list []ip.StaticRoute) {
	for r := range routesOf(c, name) {
		list = append(list, policy.Route(c, r))
	}
	return list
}

// What the engine is told about IKE, object by object as they change.

// touchedIKE is what a step has touched of it.
type touchedIKE struct {
	global   bool            // what holds for whatever profile
	all      bool            // that, and every profile
	profiles map[string]bool // by name
	rings    map[string]bool // keyrings with all their peers
	peers    map[string]bool // keyring and peer, with a blank between
}

// settleNAT puts into effect what the configuration says of translation; a router of which
// it never said anything has none.
func settleNAT(m *machine) {
	set := policy.NATOf(m.running(), m.lists.four, func(name string) netip.Addr { return addressOf(m.ip, name) })
	if m.nat == nil && len(set.Inside)+len(set.Outs)+len(set.Named)+len(set.Static) == 0 {
		return
	}
	if m.nat == nil {
		m.nat = newTranslated(m.ip, m.timers, m.records)
	}
	m.nat.settle(set)
}

// settleCluster has the gateway take its part in a cluster, where one is configured.
func settleCluster(now time.Time, m *machine) {
	set := policy.Cluster(m.running())
	if m.flex.cluster == nil && set == (cluster.Settings{}) {
		return
	}
	if m.flex.cluster == nil {
		m.flex.cluster = newCluster(m.ip, m.timers, m.records, m.engine, m.tracked.standby)
	}
	m.flex.cluster.Configure(now, set)
}

// bootIKE tells the engine everything.
func bootIKE(m *machine) {
	c := m.running()
	given := policy.IKE(c, m.certified.papers(c))
	m.policy = given.Global
	given.Choose = m.flex.gatewayFor
	m.engine.Configure(&given)
}

// settleIKE tells the engine what was touched. Tunnels that wait for SAs have a new chance, where
// it may be what they have waited for.
func (m *machine) settleIKE(t *touched) {
	ike := &t.ike
	for _, name := range slices.Sorted(maps.Keys(ike.rings)) {
		settleKeyring(m, name, t)
	}
	for _, name := range slices.Sorted(maps.Keys(ike.peers)) {
		settlePeer(m, name, t)
	}
	if !ike.all && !ike.global && len(ike.profiles) == 0 {
		return
	}
	c := m.running()
	papers := m.certified.papers(c)
	if ike.all {
		for p := range c.IKEv2.Profiles.All() {
			mark(&ike.profiles, p.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(ike.profiles)) {
		settleProfile(m, name, papers, t)
	}
	if !ike.all && !ike.global {
		return
	}
	if given := policy.Global(c, papers.ClockAhead); !reflect.DeepEqual(given, m.policy) {
		m.policy = given
		given.Choose = m.flex.gatewayFor
		ikev2.SetGlobal(m.engine, &given)
		retryAskers(m, netip.Prefix{}, t)
	}
}

// settleKeyring tells of a keyring that was made, replaced or taken away.
func settleKeyring(m *machine, name string, t *touched) {
	ikev2.SetKeyring(m.engine, name, false)
	k := m.running().Keyring(name)
	if k == nil {
		return
	}
	ikev2.SetKeyring(m.engine, name, true)
	for p := range k.Peers.All() {
		mark(&t.ike.peers, k.Name+" "+p.Name)
	}
}

// settlePeer tells of a peer of a keyring.
func settlePeer(m *machine, name string, t *touched) {
	ring, peer, _ := strings.Cut(name, " ")
	var p *iosconfig.KeyringPeer
	var list []ikev2.KeyringPeer
	if k := m.running().Keyring(ring); k != nil {
		if p = k.Peers.Get(peer); p != nil {
			list = policy.Peer(m.running(), k, p)
		}
	}
	for _, d := range ikev2.SetPeer(m.engine, ring, peer, list) {
		switch {
		case d.Identity != nil: // where such a peer is, nobody knows
			retryAskers(m, netip.Prefix{}, t)
		case d.Address.IsValid():
			retryAskers(m, d.Address, t)
		}
	}
}

// settleProfile tells of an IKEv2 profile.
func settleProfile(m *machine, name string, papers policy.Papers, t *touched) {
	var given *ikev2.Profile
	p := m.running().Profile(name)
	if p != nil {
		given = policy.Profile(m.running(), p, papers)
	}
	if ikev2.SetProfile(m.engine, name, given) && crypto.Ask(m.crypto) {
		addTo(t.retry, tunnelsOf(m.running(), name))
	}
}

// retryAskers has those tunnels forget their failures that wait for SAs with peers of a prefix; of
// an invalid one: all.
func retryAskers(m *machine, p netip.Prefix, t *touched) {
	for e := range crypto.Askers(m.crypto, p) {
		t.retry[e.Name()] = true
	}
}

// changeIKE notes what a line about IKE has touched.
func changeIKE(m *machine, c *iosconfig.Commit, o iosconfig.Object, t *touched) {
	switch o.Kind {
	case iosconfig.KindProposal, iosconfig.KindPolicy:
		t.ike.global = true
	case iosconfig.KindProfile:
		mark(&t.ike.profiles, o.Name)
		if before, after := c.Before.Profile(o.Name), c.After.Profile(o.Name); before == nil || after == nil || before.TellsBy() != after.TellsBy() {
			addTo(t.tunnels, tunnelsOf(m.running(), o.Name))
		}
	case iosconfig.KindKeyring:
		if c.Before.Keyring(o.Name) != c.After.Keyring(o.Name) {
			mark(&t.ike.rings, o.Name)
		}
	case iosconfig.KindPeer:
		mark(&t.ike.peers, o.Name)
	case iosconfig.KindTrustpoint:
		t.ike.all = true
	}
}

// changeTransformSet notes what depends on a transform set: what names it; of the default one, what
// names none.
func changeTransformSet(m *machine, set iosconfig.Object, t *touched) {
	c := m.running()
	markTo(&t.maps.entries, iosconfig.Users(c, set, iosconfig.KindCryptoMap))
	for p := range iosconfig.Users(c, set, iosconfig.KindIPsecProfile) {
		addTo(t.tunnels, iosconfig.Users(c, iosconfig.KindIPsecProfile.Named(p), iosconfig.KindInterface))
	}
	if set.Name == iosconfig.DefaultName { // the profile that is there by itself has it
		addTo(t.tunnels, iosconfig.Users(c, iosconfig.KindIPsecProfile.Named(set.Name), iosconfig.KindInterface))
	}
}

// changeMap notes what has changed of crypto maps: one entry, or a whole map.
func changeMap(m *machine, o iosconfig.Object, t *touched) {
	if strings.Contains(o.Name, " ") {
		mark(&t.maps.entries, o.Name)
		return
	}
	markTo(&t.maps.interfaces, iosconfig.Users(m.running(), o, iosconfig.KindInterface))
}

// changeMaps notes the crypto maps that depend on an interface, as it is now: its own, and those that have
// its address.
func changeMaps(m *machine, name string, i *iosconfig.Interface, t *touched) {
	tag := ""
	if i != nil && carries(i) {
		tag = i.CryptoMap
	}
	m.maps.follow(name, tag, &t.maps)
	for tag := range iosconfig.Users(m.running(), iosconfig.KindInterface.Named(name), iosconfig.KindCryptoMap) {
		markTo(&t.maps.interfaces, iosconfig.Users(m.running(), iosconfig.KindCryptoMap.Named(tag), iosconfig.KindInterface))
	}
}

// changeVRF notes what depends on a VRF that has come or gone: interfaces in it go by themselves.
func changeVRF(m *machine, c *iosconfig.Commit, vrf iosconfig.Object, t *touched) {
	number := iosconfig.VRFNumber(c.After, vrf.Name)
	if number == iosconfig.VRFNumber(c.Before, vrf.Name) {
		return
	}
	if number > 0 {
		m.ip.VRF(number).Name = vrf.Name
	}
	t.ike.global = true // policies match it
	for p := range iosconfig.Users(c.After, vrf, iosconfig.KindProfile) {
		mark(&t.ike.profiles, p)
		markTo(&t.maps.entries, iosconfig.Users(c.After, iosconfig.KindProfile.Named(p), iosconfig.KindCryptoMap))
	}
	for i := range iosconfig.Users(m.running(), vrf, iosconfig.KindInterface) {
		if m.running().Interface(i).Tunnel.VRF != vrf.Name {
			continue
		}
		if t.tunnels[i] = true; iosconfig.TypeOf(i) == iosconfig.VirtualTemplate {
			touchClones(m, t)
		}
	}
}

// changeHosts notes what depends on the names of hosts that have changed.
func changeHosts(c *iosconfig.Commit, t *touched) {
	t.ike.global = t.ike.global || c.After.IKEv2.Redirect.Client
	for _, name := range iosconfig.ChangedHosts(c.Before, c.After) {
		host := iosconfig.KindHost.Named(name)
		markTo(&t.maps.entries, iosconfig.Users(c.After, host, iosconfig.KindCryptoMap))
		markTo(&t.ike.peers, iosconfig.Users(c.After, host, iosconfig.KindPeer))
	}
}

// inherit notes what a global command has touched.
func inherit(m *machine, command string, t *touched) {
	by := inheritances[command]
	t.ike.global = t.ike.global || by.engine
	t.ike.all = t.ike.all || by.profiles
	if by.maps {
		m.maps.all(&t.maps)
	}
	if by.clones {
		touchClones(m, t)
	}
	if by.tunnels {
		addTo(t.tunnels, protected(m.running()))
	}
}
