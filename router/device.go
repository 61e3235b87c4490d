package router

import (
	"errors"
	"maps"
	"net/netip"
	"slices"
	"time"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/iosconfig/editor"
	"ikelab/iosconfig/rows"
	"ikelab/ipsec"
	"ikelab/router/cluster"
	"ikelab/router/crypto"
	"ikelab/router/dhcp"
	"ikelab/router/ip"
	"ikelab/router/ntp"
	"ikelab/router/shell"
	"ikelab/router/show"
	"ikelab/router/standby"
	"ikelab/router/track"
)

// device is the router as its shell sees it.
type device struct {
	r *Router
	clearing
	listed
	leasing
	papers
	timing
}

func deviceOf(r *Router) device {
	return device{r, clearing{r}, listed{r}, leasing{r}, papers{r.certified}, timing{r}}
}

var _ shell.Device = device{}

func (d device) Name() string                            { return d.r.options.Name }
func (d device) Generation() iosconfig.Generation        { return d.r.generation() }
func (d device) Running() *iosconfig.Config              { return d.r.store.Running() }
func (d device) Startup() string                         { return d.r.nvram.startup }
func (d device) Flash() *shell.Flash                     { return &d.r.nvram.flash }
func (d device) Started() time.Time                      { return d.r.machine.time.started }
func (d device) RestartReason() string                   { return d.r.reason }
func (d device) Interfaces(name string) []show.Interface { return d.r.machine.interfaceStates(name) }
func (d device) Neighbours() []ip.NeighbourState         { return d.r.machine.ip.Interfaces.NeighbourStates() }
func (d device) Traffic() *ip.Totals                     { return &d.r.machine.ip.Totals }
func (d device) Flows(w show.Which) []crypto.FlowState   { return d.r.machine.flowStates(w) }
func (d device) IKEStats() ikev2.Stats                   { return d.r.machine.engine.Stats() }
func (d device) Reload(now time.Time)                    { d.r.reload(now) }
func (d device) Editor() shell.Editor                    { return newEditor(d.r) }

// IKESAs are those with certain ends.
func (d device) IKESAs(w show.Which) []ikev2.SAInfo {
	return ikev2.SAsBetween(d.r.machine.engine, w.Local, w.Peer)
}

// SetStartup writes the startup configuration, and the key pairs with it.
func (d device) SetStartup(text string) error {
	return d.r.nvram.write(text, d.r.certified.keys.text())
}

// Diagnoses are the failures that are kept, and all of them counted.
func (d device) Diagnoses() ([]ikev2.Diagnosis, []ikev2.FailureCount) {
	e := d.r.machine.engine
	return e.Diagnoses(), ikev2.FailureCounts(e)
}

// Worked is what public-key operations took.
func (d device) Worked(now time.Time) show.Work {
	return d.r.jobs.load.state(now, d.r.machine.time.started)
}

// NAT is what is translated.
func (d device) NAT(now time.Time) show.NATState { return d.r.machine.nat.state(now) }

// SourceFor is the address that a packet to somewhere gets, by the table of a VRF.
func (d device) SourceFor(vrf string, dst netip.Addr) netip.Addr {
	src, _ := d.r.machine.ip.VRF(vrfNumber(d.r, vrf)).SourceFor(dst)
	return src
}

// Routes are those of a VRF's table.
func (d device) Routes(vrf string) []ip.RouteState {
	return d.r.machine.ip.VRF(vrfNumber(d.r, vrf)).States()
}

// Derived is the configuration with the interfaces that were cloned from templates.
func (l listed) Derived() *iosconfig.Config {
	with := *l.r.store.Running()
	for name, made := range l.r.machine.flex.clones {
		with.Interfaces.Put(name, made.Interface)
	}
	return &with
}

// RoutesAt are those to an address, and one of those within a network besides.
func (l listed) RoutesAt(vrf string, a netip.Addr, within netip.Prefix) []ip.RouteState {
	return ip.RoutesAt(l.r.machine.ip.VRF(vrfNumber(l.r, vrf)), a, within)
}

// OwnAddress says whether an address is that of an interface of a VRF.
func (d device) OwnAddress(vrf string, a netip.Addr) bool {
	return d.r.machine.ip.Interfaces.Owns(vrfNumber(d.r, vrf), a)
}

func vrfNumber(r *Router, name string) int { return iosconfig.VRFNumber(r.store.Running(), name) }

// Unsaved says whether the running configuration differs from the saved one.
func (d device) Unsaved() bool {
	saved := rows.Load(d.r.nvram.startup, d.r.generation()).Commit
	return !slices.Equal(rows.Running(d.r.options.withPorts(saved.After)), rows.Running(d.r.store.Running()))
}

// listed is what the access lists of a router say.
type listed struct{ r *Router }

// Matches are how many packets each line of an access list was about.
func (l listed) Matches(list *iosconfig.AccessList) map[int]uint64 {
	return l.r.machine.lists.of(list).Counts()
}

// Permits says whether an access list permits a packet of which it sees the beginning.
func (l listed) Permits(list string, packet []byte) bool {
	return l.r.machine.lists.four.Get(list).Permits(packet)
}

// IPv6 is what the router has of it.
func (l leasing) IPv6(vrf string) ip.SixState {
	return ip.SixStateOf(l.r.machine.ip, vrfNumber(l.r, vrf))
}

// leasing is a router's DHCP, and what else it has beside addresses of IPv4 that are configured.
type leasing struct{ r *Router }

// DHCP is what there is of it.
func (l leasing) DHCP() show.DHCPState {
	d := l.r.machine.leases
	s := show.DHCPState{Leases: []dhcp.ClientState{}, Bindings: d.server.Bindings(), Pools: d.server.Pools(), Conflicts: d.server.Conflicts()}
	for _, name := range slices.Sorted(maps.Keys(d.clients)) {
		s.Leases = append(s.Leases, d.clients[name].Snapshot())
	}
	return s
}

// Tracking is what is watched.
func (l leasing) Tracking() track.State { return l.r.machine.tracked.objects.State() }

// HSRP is what it shares with other routers.
func (l leasing) HSRP() []standby.GroupState { return l.r.machine.tracked.standby.State() }

// Cluster is its part of a cluster of gateways.
func (l leasing) Cluster() cluster.State { return l.r.machine.flex.clusterState() }

// Clients are FlexVPN clients and how they stand.
func (l leasing) Clients() []show.FlexClient {
	m := l.r.machine
	list := []show.FlexClient{}
	for f := range m.store.Running().IKEv2.Clients.All() {
		v := show.FlexClient{Name: f.Name, Tunnel: f.Tunnel, State: "CONNECT_REQUIRED", Peer: m.flex.peers[f.Tunnel], Address: m.flex.addresses[f.Tunnel].Addr()}
		if i := m.running().Interface(f.Tunnel); i != nil {
			v.Source = i.Tunnel.SourceInterface
		}
		if to := m.flex.destination(f.Tunnel, v.Peer); to != v.Peer {
			v.Peer, v.From = to, v.Peer
		}
		if v.Peer.IsValid() {
			v.State = [...]string{ikev2.EntryIsDown: "READY", ikev2.EntryNegotiating: "NEGOTIATING", ikev2.EntryIsUp: "ACTIVE"}[m.engine.EntryState(f.Tunnel)]
		}
		list = append(list, v)
	}
	return list
}

// Connect starts a FlexVPN client, or ends what it has; false: there is none of that name.
func (l leasing) Connect(now time.Time, name string, on bool) bool {
	m := l.r.machine
	f := m.store.Running().IKEv2.Clients.Get(name)
	if f == nil {
		return false
	}
	put(&m.flex.started, name, on)
	t := newTouched()
	if changed := m.flex.choose(m.store.Running(), m.tracked.holds, 0); len(changed) > 0 {
		redial(now, m, changed, t)
	} else if !on {
		m.apply(now, m.engine.Clear(now, func(sa ikev2.SAInfo) bool { return sa.Remote.Addr() == m.flex.peers[f.Tunnel] }))
	}
	m.settle(now, t)
	return true
}

// Pools are those of addresses that peers are given.
func (l leasing) Pools() []ikev2.PoolState { return ikev2.Pools(l.r.machine.engine) }

// ClearBinding is `clear ip dhcp binding`, ClearConflict `clear ip dhcp conflict`; an
// invalid address: all of them. False: there is none of it.
func (l leasing) ClearBinding(a netip.Addr) bool  { return l.r.machine.leases.server.Clear(a) }
func (l leasing) ClearConflict(a netip.Addr) bool { return l.r.machine.leases.server.ClearConflict(a) }

// Renew and Release are what a person does to an interface's lease; false: it asks for
// none.
func (l leasing) Renew(now time.Time, name string) bool {
	return l.lease(name, func(c *client) { c.Renew(now) })
}

func (l leasing) Release(now time.Time, name string) bool {
	return l.lease(name, func(c *client) { c.Release(now) })
}

func (l leasing) lease(name string, do func(c *client)) bool {
	c := l.r.machine.leases.clients[name]
	if c != nil {
		do(c)
	}
	return c != nil
}

// clearing is what the `clear` commands do to a router.
type clearing struct{ r *Router }

// ClearTranslations forgets what is translated, but for what always is.
func (c clearing) ClearTranslations() {
	if t := c.r.machine.nat; t != nil {
		t.translator.Flush()
	}
}

// ClearIKE deletes IKE SAs, and their children with them.
func (c clearing) ClearIKE(now time.Time, of show.Which) {
	ids, d := map[int]bool{}, deviceOf(c.r)
	for _, sa := range show.IKEv2SAsOf(d, now, of, false).SAs {
		ids[sa.ID] = true
	}
	list := slices.DeleteFunc(d.IKESAs(of), func(sa ikev2.SAInfo) bool { return !ids[sa.ID] })
	c.r.machine.apply(now, ikev2.ClearSAs(c.r.machine.engine, now, list))
}

// ClearPairs deletes the pairs of some flows, or all of them.
func (c clearing) ClearPairs(now time.Time, of show.Which) {
	for _, e := range c.r.machine.entries(of.Interface) {
		if f := crypto.Outline(e); of.Has(&f) {
			c.r.machine.apply(now, c.r.machine.engine.ClearChildren(now, e.Name()))
		}
	}
}

// ClearPair deletes the pair of which an SA to an address has the SPI.
func (c clearing) ClearPair(now time.Time, to netip.Addr, number uint32) {
	spi := ipsec.SPI(number)
	for _, f := range c.r.machine.flowStates(show.Which{}) {
		for _, p := range f.Pairs {
			ours := p.In.SPI == spi && (!to.IsValid() || to == f.Local)
			if ours || p.Out.SPI == spi && (!to.IsValid() || to == f.Remote) {
				c.r.machine.apply(now, c.r.machine.engine.EndChild(now, p.In.SPI, ikev2.ReasonCleared))
			}
		}
	}
}

// ClearIKEStats is `clear crypto ikev2 stats`.
func (c clearing) ClearIKEStats() { ikev2.ClearStats(c.r.machine.engine) }

// ClearPairCounters is `clear crypto sa counters`.
func (c clearing) ClearPairCounters() {
	for _, e := range c.r.machine.entries("") {
		e.ClearCounters()
	}
}

// ClearCounters is `clear counters`.
func (c clearing) ClearCounters(now time.Time, name string) {
	all := c.r.machine.ip.Interfaces.All()
	if name != "" {
		all = []*ip.Interface{c.r.machine.ip.Interfaces.Get(name)}
	}
	for _, i := range all {
		if i != nil { // one that carries nothing counts nothing
			i.ClearCounters(now)
		}
	}
}

// ClearTraffic is `clear ip traffic`, or `clear ipv6 traffic`.
func (c clearing) ClearTraffic(six bool) {
	if s := c.r.machine.ip; six {
		*s.Totals6(), s.Limited6 = ip.Totals{}, 0
	} else {
		s.Totals = ip.Totals{}
	}
}

// ClearNeighbours is `clear arp-cache`.
func (c clearing) ClearNeighbours(now time.Time, only netip.Addr) {
	ip.RefreshNeighbours(now, c.r.machine.ip, only)
}

// ForgetNeighbours is `clear ipv6 neighbors`.
func (c clearing) ForgetNeighbours() { ip.ForgetNeighbours6(c.r.machine.ip) }

// ClearMatches is `clear access-list counters`, or `clear ipv6 access-list`; name "": of all
// lists of the family.
func (c clearing) ClearMatches(name string, six bool) {
	all := c.r.store.Running().Access
	if six {
		all = c.r.store.Running().Access6
	}
	for list := range all.All() {
		if name == "" || name == list.Name {
			c.r.machine.lists.of(list).ClearCounts()
		}
	}
}

// Ping starts an echo process.
func (d device) Ping(now time.Time, ask shell.PingRequest) func() {
	p := &ip.Ping{
		VRF: vrfNumber(d.r, ask.VRF), Destination: ask.Destination, Source: ask.Source, Repeat: ask.Echoes(), Size: ask.Size, Timeout: ask.Timeout, DF: ask.DF, TOS: ask.TOS, Pattern: ask.Pattern, Done: ask.Done,
		Validate: ask.Validate, Sweep: ip.Sweep(ask.Sweep), Link: d.r.machine.ip.Interfaces.Get(ask.Link),
		Report: func(now time.Time, e ip.Echo) { ask.Report(now, shell.Echo(e)) },
	}
	d.r.machine.ip.Echoes.Ping(now, p)
	return p.Stop
}

// Trace starts a traceroute process.
func (d device) Trace(now time.Time, ask shell.TraceRequest) func() {
	t := &ip.Trace{
		VRF: vrfNumber(d.r, ask.VRF), Destination: ask.Destination, Source: ask.Source, Done: ask.Done, Timeout: ask.Timeout, Probes: ask.Probes, First: ask.First, Last: ask.Last,
		Port: ask.Port, TOS: ask.TOS, Link: d.r.machine.ip.Interfaces.Get(ask.Link),
		Report: func(now time.Time, p ip.Probe) { ask.Report(now, shell.Probe(p)) },
	}
	d.r.machine.ip.Echoes.Trace(now, t)
	return t.Stop
}

// configure is configure mode of the router: what a line changes takes effect
// with it.
type configure struct {
	*editor.Editor
	r *Router
}

func newEditor(r *Router) shell.Editor {
	e := configure{rows.NewEditor(r.store), r}
	e.Exists, e.InEffect = r.options.hasPort, func(c *iosconfig.Config) *iosconfig.Config { return r.machine.flex.with(r.machine.leases.with(c)) }
	return e
}

// Enter takes a line.
func (e configure) Enter(now time.Time, line string) (shell.Edited, error) {
	result, err := e.Editor.Enter(line)
	var do editor.ErrDo
	if errors.As(err, &do) {
		return shell.Edited{Do: do.Line, At: do.Offset}, nil
	}
	if len(result.Commit.Changes) > 0 {
		e.r.machine.commit(now, result.Commit)
	}
	return shell.Edited{Messages: result.Messages, Left: result.Left}, err
}

// enterAll enters lines that the router itself has written.
func enterAll(e shell.Editor, now time.Time, lines []string) {
	e.FromFile()
	for _, line := range lines {
		if _, err := e.Enter(now, line); err != nil {
			return
		}
	}
}

// timing is the clock of a router, as its shell sees it.
type timing struct{ r *Router }

// Clock is the router's.
func (d timing) Clock() *ntp.Clock { return &d.r.clock }

// ClockSet sets it.
func (d timing) ClockSet(now, to time.Time) {
	d.r.machine.time.ntp.Moved(d.r.clock.Set(now, to, ntp.ByUser))
}

// ClockMoved has all follow that goes by it.
func (d timing) ClockMoved(now time.Time) { clockMoved(now, d.r) }

// NTP is how it is asked for and told.
func (d timing) NTP(now time.Time) ntp.State { return d.r.machine.time.ntp.State(now) }
