package standby

import (
	"maps"
	"net/netip"
	"slices"
	"time"

	"ikelab/router/ip"
)

// Groups are those of a device.
type Groups struct {
	Options
	links map[string]*link
}

// link is an interface with groups.
type link struct {
	name   string
	of     *Groups
	own    netip.Addr // by which this device is known there; invalid: it is down, or has none
	groups []*group   // by number
}

// group is this device's part of one.
type group struct {
	Settings
	on       *link
	state    State
	address  netip.Addr // of the group; invalid: it is not known yet
	weight   int        // the priority, less what tracked objects take
	barred   bool       // a tracked object has it take no part
	learned  times      // from the active router
	active   peer
	standby  peer
	hello    ip.Timer
	delay    ip.Timer // before it takes over
	ready    bool     // the delay is over
	ends     bool     // it is configured no more
	changes  int
	since    time.Time
	differed netip.Addr // the address of the active router's that was told of
}

type times struct{ hello, hold time.Duration }

// peer is who has a role.
type peer struct {
	who      Who
	priority int
	timer    ip.Timer
}

// New makes them; there are none yet.
func New(o Options) *Groups {
	return &Groups{Options: o}
}

// Configure gives an interface its groups, all that it has.
func (g *Groups) Configure(now time.Time, name string, list []Settings) {
	l := g.links[name]
	if l == nil && len(list) == 0 {
		return
	}
	if l == nil {
		l = &link{name: name, of: g}
		if g.links == nil {
			g.links = map[string]*link{}
		}
		g.links[name] = l
	}
	old := l.groups
	l.groups = nil
	for _, set := range list {
		i := slices.IndexFunc(old, func(x *group) bool { return x.Number == set.Number && x.Version == set.Version })
		if i < 0 {
			l.groups = append(l.groups, l.newGroup(now, set))
			continue
		}
		l.groups = append(l.groups, old[i])
		old[i].set(now, set)
	}
	for _, x := range old {
		if !slices.Contains(l.groups, x) {
			x.ends = !slices.ContainsFunc(l.groups, func(y *group) bool { return y.Number == x.Number })
			x.happens(now, Disabled, nil)
			x.stop()
		}
	}
	l.join()
	if len(list) == 0 {
		delete(g.links, name)
	}
	g.listen()
	l.settle(now)
}

// listen takes the messages of groups as long as there are any.
func (g *Groups) listen() {
	if len(g.links) > 0 {
		g.Stack.UDP.HandleOnLink(port, g.hear)
	} else {
		g.Stack.UDP.HandleOnLink(port, nil)
	}
}

// join has the interface take what is sent to the groups of its versions.
func (l *link) join() {
	i := l.of.Stack.Interfaces.Get(l.name)
	if i == nil {
		return
	}
	for version := 1; version <= version2; version++ {
		ip.Join(i, groupsOf[version], slices.ContainsFunc(l.groups, func(x *group) bool { return x.Version == version }))
	}
}

func (l *link) newGroup(now time.Time, set Settings) *group {
	x := &group{Settings: set, on: l, address: set.Address, since: now}
	x.weigh()
	x.active.timer = ip.NewTimer(func(now time.Time) { x.gone(now, &x.active, TheActive, ActiveGone) })
	x.standby.timer = ip.NewTimer(func(now time.Time) { x.gone(now, &x.standby, TheStandby, StandbyGone) })
	x.hello = ip.NewTimer(func(now time.Time) { x.happens(now, HelloDue, nil) })
	x.delay = ip.NewTimer(func(time.Time) { x.ready = true })
	return x
}

// set gives a group other settings. One with another address begins anew.
func (x *group) set(now time.Time, set Settings) {
	if x.Address != set.Address {
		x.happens(now, Disabled, nil)
		x.address = set.Address
	}
	again := x.state == Active && !slices.Equal(x.Secondary, set.Secondary)
	if again {
		x.own(now, false)
	}
	before := x.times()
	if x.Settings = set; again {
		x.own(now, true)
	}
	if !x.Preempt {
		x.unready()
	}
	x.weigh()
	if t := x.times(); t != before {
		hasten(now, x, &x.hello, t.hello)
		hasten(now, x, &x.active.timer, t.hold)
		hasten(now, x, &x.standby.timer, t.hold)
	}
}

// hasten has a timer that runs wait no longer than that.
func hasten(now time.Time, x *group, timer *ip.Timer, most time.Duration) {
	if at := timer.At(); !at.IsZero() && at.After(now.Add(most)) {
		x.timers().Set(timer, now.Add(most))
	}
}

// stop ends the timers of a group that goes.
func (x *group) stop() {
	for _, t := range []*ip.Timer{&x.hello, &x.delay, &x.active.timer, &x.standby.timer} {
		x.timers().Set(t, time.Time{})
	}
}

func (x *group) timers() *ip.Timers { return x.on.of.Timers }

// Interface says that an interface came up or went down, or has another address.
func (g *Groups) Interface(now time.Time, name string) {
	if l := g.links[name]; l != nil {
		l.join()
		l.settle(now)
	}
	g.reweigh(now, Track{Interface: name})
}

// Leave says that an interface is about to be shut down: who is active says so as long as it can.
func (g *Groups) Leave(now time.Time, name string) {
	if l := g.links[name]; l != nil {
		for _, x := range l.groups {
			x.happens(now, Disabled, nil)
		}
	}
}

// settle starts the groups of an interface that can, and ends them where it cannot any more.
func (l *link) settle(now time.Time) {
	own := netip.Addr{}
	if i := l.of.Stack.Interfaces.Get(l.name); i != nil && i.Protocol && i.Physical { // where others can hear it
		own = ip.Primary(i)
	}
	if own != l.own {
		for _, x := range l.groups {
			x.happens(now, Disabled, nil)
		}
		l.own = own
	}
	for _, x := range l.groups {
		switch {
		case !own.IsValid() || x.barred:
			x.happens(now, Disabled, nil)
		case x.state == Initial:
			x.happens(now, Enabled, nil)
		}
	}
}

// Tracked says that an object has another state.
func (g *Groups) Tracked(now time.Time, number int) { g.reweigh(now, Track{Object: number}) }

// reweigh has the groups that depend on something follow it.
func (g *Groups) reweigh(now time.Time, what Track) {
	if len(g.links) == 0 { // as on nearly all routers
		return
	}
	for _, name := range slices.Sorted(maps.Keys(g.links)) {
		l := g.links[name]
		for _, x := range l.groups {
			if !slices.ContainsFunc(x.Tracked, what.same) {
				continue
			}
			was := x.weight
			if x.weigh(); was != x.weight {
				up, _ := g.up(&what)
				g.Records.Emit(Weighed{Interface: x.on.name, Group: x.Number, From: was, To: x.weight, Object: what.Object, Tracked: what.Interface, Up: up})
			}
			l.settle(now)
		}
	}
}

// same says whether that is what a group depends on.
func (t *Track) same(o Track) bool { return t.Object == o.Object && t.Interface == o.Interface }

// up says whether something tracked is up; not known: there is no such thing.
func (g *Groups) up(t *Track) (up, known bool) {
	if t.Interface == "" {
		return g.Up(t.Object)
	}
	i := g.Stack.Interfaces.Get(t.Interface)
	return i != nil && i.Protocol, i != nil
}

// weigh works the priority out: each object that is down takes from it. One that there is not is as if it were
// down.
func (x *group) weigh() {
	x.weight, x.barred = x.Priority, false
	for _, t := range x.Settings.Tracked {
		if up, known := x.on.of.up(&t); up && known {
			continue
		}
		x.weight, x.barred = x.weight-t.Decrement, x.barred || t.Shutdown
	}
	x.weight = max(x.weight, 0)
}
