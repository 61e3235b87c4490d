package router

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/router/ip"
	"ikelab/router/operator"
	"ikelab/router/policy"
	"ikelab/router/record"
)

// A step of the configuration takes effect object by object: what its lines
// name, and what depends on that.

// touched is what a step has touched.
type touched struct {
	tunnels map[string]bool // whose settings have to be worked out anew
	retry   map[string]bool // those that forget their failures
	ike     touchedIKE
	maps    touchedMaps
	nat     bool // so has what is translated
	boot    bool // every interface is going to be
}

func newTouched() *touched { return &touched{tunnels: map[string]bool{}, retry: map[string]bool{}} }

// boot puts the running configuration into effect whole. file is how it was
// made.
func (m *machine) boot(now time.Time, file iosconfig.Commit) {
	m.time.started = now
	m.flex.choose(m.store.Running(), m.tracked.holds, 0)
	recordLines(m.records, file.Changes)
	ip.RouteSix(now, m.ip, m.running().IPv6Routing)
	t := newTouched()
	t.nat, t.boot = true, true
	nameTables(m)
	for l := range m.running().Access.All() {
		m.lists.four.Set(l.Name, policy.AccessList(m.running(), l.Name))
	}
	for l := range m.running().Access6.All() {
		m.lists.six.Set(l.Name, policy.SixAccessList(m.running(), l.Name))
	}
	for i := range m.running().Interfaces.All() {
		m.setInterface(now, i, t)
	}
	t.boot = false
	bootTracked(now, m)
	redial(now, m, m.flex.choose(m.store.Running(), m.tracked.holds, 0), t)
	m.ip.SetRoutes(now, bootRoutes(m), nil)
	m.leases.serve()
	bootIKE(m)
	t.ike = touchedIKE{} // that was all
	m.settle(now, t)
	setTime(now, m)
}

// commit puts one step into effect.
func (m *machine) commit(now time.Time, c iosconfig.Commit) {
	if len(c.Changes) == 0 {
		return
	}
	recordLines(m.records, c.Changes)
	t := newTouched()
	for _, change := range c.Changes {
		m.change(now, &c, change.Object, t)
	}
	if slices.ContainsFunc(c.Changes, timed) {
		setTime(now, m)
	}
	m.settle(now, t)
}

// timed says whether a change is about NTP, or about what its servers are called or reached by.
func timed(c iosconfig.Change) bool {
	switch o := c.Object; o.Kind {
	case iosconfig.KindVRF:
		return true
	case iosconfig.KindText:
		return o.Name == "ntp" || o.Name == iosconfig.HostLines
	case iosconfig.KindGlobal:
		return strings.HasPrefix(o.Name, "ntp")
	}
	return false
}

// setTime puts NTP into effect.
func setTime(now time.Time, m *machine) { m.time.ask(now, policy.NTP(m.running())) }

// recordLines tells which lines changed the configuration: what follows
// follows from them.
func recordLines(e *record.Emitter, changes []iosconfig.Change) {
	if !e.Details() {
		e.Skip(len(changes))
		return
	}
	for _, c := range changes {
		line := operator.LineEntered{Line: c.Public, Object: string(c.Object.Kind), Name: c.Object.Name}
		if c.Public != c.Line {
			line.Whole = c.Line
		}
		e.Emit(line)
	}
}

// change puts one object into effect as it is now.
func (m *machine) change(now time.Time, c *iosconfig.Commit, o iosconfig.Object, t *touched) {
	reauthorize(now, m, c, o, t)
	changeIKE(m, c, o, t)
	switch o.Kind {
	case iosconfig.KindInterface:
		m.changeInterface(now, m.running().Interface(o.Name), o.Name, t)
	case iosconfig.KindRoute:
		m.changeRoutes(now, c, o.Name)
	case iosconfig.KindVRF:
		changeVRF(m, c, o, t)
	case iosconfig.KindAccessList:
		m.changeAccessList(c.After, o.Name, t)
	case iosconfig.KindAccessList6:
		m.lists.six.Set(o.Name, policy.SixAccessList(c.After, o.Name))
	case iosconfig.KindObjectGroup:
		for _, l := range slices.Sorted(maps.Keys(listsOf(c.After, o.Name))) {
			m.changeAccessList(c.After, l, t)
		}
	case iosconfig.KindCryptoMap:
		changeMap(m, o, t)
	case iosconfig.KindProfile: // whose ivrf crypto maps have
		markTo(&t.maps.entries, iosconfig.Users(c.After, o, iosconfig.KindCryptoMap))
	case iosconfig.KindIPsecProfile:
		addTo(t.tunnels, iosconfig.Users(m.running(), o, iosconfig.KindInterface))
	case iosconfig.KindTransformSet:
		changeTransformSet(m, o, t)
	case iosconfig.KindText:
		t.nat = t.nat || o.Name == "route-map"
		t.ike.all = t.ike.all || o.Name == iosconfig.CertificateChains
		if o.Name == iosconfig.HostLines {
			changeHosts(c, t)
		}
	case iosconfig.KindDHCPPool:
		m.leases.serve()
	case iosconfig.KindGlobal:
		ip.RouteSix(now, m.ip, m.running().IPv6Routing)
		switch {
		case strings.HasPrefix(o.Name, "ip dhcp"), o.Name == "service dhcp":
			m.leases.serve()
		case strings.HasPrefix(o.Name, "ip route"):
			m.leases.reroute(now)
		}
		t.nat = t.nat || strings.HasPrefix(o.Name, "ip nat")
		inherit(m, o.Name, t)
	}
}

// changeAccessList has an access list be what it is now, and notes what depends on it.
func (m *machine) changeAccessList(c *iosconfig.Config, name string, t *touched) {
	m.lists.four.Set(name, policy.AccessList(c, name))
	markTo(&t.maps.entries, iosconfig.Users(c, iosconfig.KindAccessList.Named(name), iosconfig.KindCryptoMap))
	t.nat = t.nat || asksLists(c)
}

// reauthorize has what peers are told and given worked out anew, when an object changes
// that says it.
func reauthorize(now time.Time, m *machine, c *iosconfig.Commit, o iosconfig.Object, t *touched) {
	switch o.Kind {
	case iosconfig.KindIPsecProfile, iosconfig.KindTransformSet:
		touchClones(m, t)
		return
	case iosconfig.KindFlexClient:
		redial(now, m, m.flex.choose(c.After, m.tracked.holds, 0), t)
		return
	case iosconfig.KindTrack, iosconfig.KindOperation:
		changeTracked(now, m, o)
		return
	case iosconfig.KindAuthorization:
	case iosconfig.KindAccessList:
		if c.After.IKEv2.Authorizations.Len() == 0 {
			return
		}
	default:
		if !slices.Contains([]string{"aaa authorization", "aaa new-model"}, o.Name) && !strings.HasPrefix(o.Name, "ip local pool ") { // the name is of a pool
			return
		}
	}
	t.ike.all = true
	addTo(t.tunnels, protected(m.running()))
}

// redial has tunnels go to the peers that their clients have chosen.
func redial(now time.Time, m *machine, tunnels []string, t *touched) {
	for _, name := range tunnels {
		m.flex.changed(name)
		if i := m.running().Interface(name); i != nil {
			m.setInterface(now, i, t)
			t.retry[name] = true
		}
	}
}

// nameTables has the routing tables of the VRFs know their names.
func nameTables(m *machine) {
	for v := range m.running().VRFs.All() {
		m.ip.VRF(iosconfig.VRFNumber(m.running(), v.Name)).Name = v.Name
	}
}

// changeInterface gives an interface its settings, or takes it away.
func (m *machine) changeInterface(now time.Time, c *iosconfig.Interface, name string, t *touched) {
	if c != nil {
		m.setInterface(now, c, t)
		return
	}
	if tunnel := m.tunnels.Get(name); tunnel != nil {
		tunnel.Remove(now)
	}
	if iosconfig.TypeOf(name) == iosconfig.VirtualTemplate {
		touchClones(m, t)
	}
	m.leases.stop(now, name, iosconfig.DHCPClient{})
	delete(m.leases.sixes, name)
	m.tracked.standby.Configure(now, name, nil)
	m.ip.Interfaces.Remove(now, name)
	changeMaps(m, name, nil, t)
	t.nat = t.nat || m.nat.side(name) != ""
	m.touch(now, name, t)
}

// setInterface gives one interface its settings.
func (m *machine) setInterface(now time.Time, c *iosconfig.Interface, t *touched) {
	if c.Type == iosconfig.VirtualTemplate {
		touchClones(m, t)
	}
	changeMaps(m, c.Name(), c, t)
	if !carries(c) {
		return
	}
	if tunnels(c) {
		t.tunnels[c.Name()] = true
	}
	t.nat = t.nat || m.nat.side(c.Name()) != policy.NATSide(c)
	m.leases.stop(now, c.Name(), c.DHCP)
	set, i := policy.Interface(m.running(), c), m.ip.Interfaces.Get(c.Name())
	set.Filters = policy.Filters(c.AccessGroups, m.lists.four)
	if six := policy.Filters(c.IPv6.Filters, m.lists.six); six != [2]ip.Filter{} {
		set.Six = cmp.Or(set.Six, &ip.SixSettings{})
		set.Six.Filters = six
	}
	if i == nil || !i.Settings.Equal(&set) {
		setPort(now, m.ip, m.tracked.standby, set)
		m.leases.makes(c)
		m.touch(now, c.Name(), t)
		setBorrowers(now, m, c.Name(), t)
	}
	m.tracked.standby.Configure(now, c.Name(), policy.Standby(c))
	m.leases.ask(now, c)
}

// setBorrowers gives those interfaces their settings that use the address of one.
func setBorrowers(now time.Time, m *machine, lender string, t *touched) {
	if t.boot {
		return
	}
	for name := range iosconfig.Users(m.running(), iosconfig.KindInterface.Named(lender), iosconfig.KindInterface) {
		if i := m.running().Interface(name); i.Unnumbered == lender && m.ip.Interfaces.Get(name) != nil {
			m.setInterface(now, i, t)
		}
	}
}

// readdress gives an interface the address that it has got by a lease, or takes it away.
func readdress(now time.Time, m *machine, name string) {
	c := m.running().Interface(name)
	if c == nil {
		return
	}
	t := newTouched()
	m.setInterface(now, c, t)
	m.settle(now, t)
}

// readdressed has tunnels follow the addresses that routers have had an interface make.
func readdressed(now time.Time, m *machine, name string) {
	m.leases.base = nil
	t := newTouched()
	m.touch(now, name, t)
	m.settle(now, t)
}

// touch notes what depends on an interface that has changed: tunnels that have
// it as their source, and IKEv2 profiles that match its address.
func (m *machine) touch(now time.Time, name string, t *touched) {
	t.nat = t.nat || m.nat.names(name)
	m.tracked.objects.Interface(now, name)
	for _, n := range append(m.tunnels.From(name), name) {
		t.tunnels[n], t.retry[n] = true, true
	}
	c := m.running()
	markTo(&t.ike.profiles, iosconfig.Users(c, iosconfig.KindInterface.Named(name), iosconfig.KindProfile))
	for p := range iosconfig.Users(c, iosconfig.KindAuthorization.Named(""), iosconfig.KindProfile) {
		if c.Profile(p).Template != 0 { // what it tells peers may have the addresses of interfaces
			mark(&t.ike.profiles, p)
		}
	}
}

// touchClones notes the IKEv2 profiles that clone interfaces: what they clone has changed.
func touchClones(m *machine, t *touched) {
	markTo(&t.ike.profiles, iosconfig.Users(m.running(), iosconfig.KindTemplate.Named(""), iosconfig.KindProfile))
}

// changeRoutes brings the static routes to one prefix in line.
func (m *machine) changeRoutes(now time.Time, c *iosconfig.Commit, name string) {
	before, depend := m.tracked.routes[name]
	if !depend {
		before = routesTo(c.Before, name)
	}
	after := m.tracked.follow(c.After, name)
	m.ip.SetRoutes(now, without(after, before), without(before, after))
}

// bootTracked has everything watched that the configuration says.
func bootTracked(now time.Time, m *machine) {
	m.tracked.booting = true
	c := m.running()
	for o := range c.Tracking.Operations.All() {
		m.tracked.objects.SetOperation(now, policy.Probing(c, o))
	}
	for o := range c.Tracking.Objects.All() {
		m.tracked.objects.Set(now, policy.Tracked(c, o))
	}
	m.tracked.booting = false
}

// bootRoutes are the static routes that are in effect when the router starts.
func bootRoutes(m *machine) []ip.StaticRoute {
	c := m.running()
	routes, depend := make([]ip.StaticRoute, 0, c.Routes.Len()), map[string]bool{}
	for r := range c.Routes.All() {
		if r.Track != 0 {
			depend[r.Object()] = true
		}
	}
	for r := range c.Routes.All() {
		if len(depend) == 0 || !depend[r.Object()] {
			routes = append(routes, policy.Route(c, r))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(depend)) {
		routes = append(routes, m.tracked.follow(c, name)...)
	}
	return routes
}

// changeTracked puts an object into effect, or an operation.
func changeTracked(now time.Time, m *machine, o iosconfig.Object) {
	c, t := m.running(), m.tracked.objects
	if o.Kind == iosconfig.KindTrack {
		if x := c.Tracking.Objects.Get(o.Name); x != nil {
			t.Set(now, policy.Tracked(c, x))
		} else {
			t.Remove(now, iosconfig.NumberOf(o.Name))
		}
		return
	}
	if x := c.Tracking.Operations.Get(o.Name); x != nil {
		t.SetOperation(now, policy.Probing(c, x))
	} else {
		t.RemoveOperation(now, iosconfig.NumberOf(o.Name))
	}
}

// trackChanged has the static routes and the tunnels of FlexVPN clients follow an object.
func trackChanged(now time.Time, m *machine, number int) {
	for _, name := range slices.Sorted(maps.Keys(m.tracked.names[number])) {
		before := m.tracked.routes[name]
		after := m.tracked.follow(m.store.Running(), name)
		m.ip.SetRoutes(now, without(after, before), without(before, after))
	}
	m.tracked.standby.Tracked(now, number)
	if m.tracked.booting {
		return
	}
	dialed := m.flex.choose(m.store.Running(), m.tracked.holds, number)
	if len(dialed) == 0 {
		return
	}
	for _, tunnel := range dialed {
		if to := m.flex.peers[tunnel]; to.IsValid() {
			m.records.Emit(ikev2.PeerChosen{Entry: tunnel, Peer: to})
		}
	}
	t := newTouched()
	redial(now, m, dialed, t)
	m.settle(now, t)
}
