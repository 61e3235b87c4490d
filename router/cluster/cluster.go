package cluster

import (
	"net/netip"
	"slices"
	"time"

	"ikelab/router/ip"
	"ikelab/router/record"
	"ikelab/router/standby"
)

// Settings are what a configuration says.
type Settings struct {
	Group    string // of HSRP; "": the gateway takes no part
	Port     uint16
	Hold     time.Duration // after which a silent member is forgotten
	Hello    time.Duration // how often a member says that it is there
	Update   time.Duration // how often it says what it has to do
	Most     int           // sessions
	Priority int
	Overload int // percent from which on nobody is sent to a member
	Weight   int // of sessions in loads, in percent
}

// Options are what a member needs.
type Options struct {
	Stack    *ip.Stack
	Timers   *ip.Timers
	Records  *record.Emitter
	Group    func(name string) (standby.GroupState, bool)
	Sessions func() int
}

// Cluster is this gateway's part of one.
type Cluster struct {
	Options
	Settings Settings
	role     Role
	master   netip.Addr
	told     time.Time // when it was last told what there is to do; zero: not yet
	timer    ip.Timer
	members  []*member // that a master knows, by address
}

// member is another gateway, as a master knows it.
type member struct {
	at    netip.Addr
	load  load
	heard time.Time
	timer ip.Timer
	// sent are the clients that were sent to it since its last load, and between that and the one before: they count
	// until its second load from then on, as the first one may have been told before they were there.
	sent [2]int
}

// mostMembers is how many gateways a cluster has, this one included.
const mostMembers = 10

// New makes it; it takes no part yet.
func New(o Options) *Cluster {
	c := &Cluster{Options: o, role: Off}
	c.timer = ip.NewTimer(c.tick)
	return c
}

// Configure gives it other settings.
func (c *Cluster) Configure(now time.Time, set Settings) {
	if set == c.Settings {
		return
	}
	old := c.Settings
	if old.Group != "" && (set.Group != old.Group || set.Port != old.Port) {
		c.leave(now)
	}
	if old.Group != "" {
		c.Stack.UDP.Handle(old.Port, nil)
	}
	c.Settings, c.told = set, time.Time{}
	if set.Group == "" {
		c.Timers.Set(&c.timer, time.Time{})
		return
	}
	c.Stack.UDP.Handle(set.Port, c.hear)
	for _, m := range c.members {
		if at := now.Add(set.Hold); m.timer.At().After(at) {
			c.Timers.Set(&m.timer, at)
		}
	}
	c.look()
	c.Moved(now)
}

// Moved has it look at once who has the address of the group.
func (c *Cluster) Moved(now time.Time) {
	if c.Settings.Group != "" {
		c.Timers.Set(&c.timer, now)
	}
}

// leave ends what it is in its group.
func (c *Cluster) leave(now time.Time) {
	if i := c.look(); c.role == Slave && i != nil {
		c.say(now, i, message{op: Leave})
	}
	c.become(Off, netip.Addr{})
}

// tick looks who is the master, tells it what is due, and comes again.
func (c *Cluster) tick(now time.Time) {
	if i := c.look(); c.role == Slave && i != nil {
		m := message{op: Hello}
		if c.told.IsZero() || !now.Before(c.told.Add(c.Settings.Update)) {
			m.op, c.told = Load, now
		}
		c.say(now, i, m)
	}
	c.Timers.Set(&c.timer, now.Add(c.Settings.Hello))
}

// look finds out which role the gateway has, and gives the interface of the group; nil: there is none.
func (c *Cluster) look() *ip.Interface {
	g, found := c.Group(c.Settings.Group)
	i := c.Stack.Interfaces.Get(g.Interface)
	switch {
	case !found, i == nil:
		c.become(Alone, netip.Addr{})
	case g.Active.Local:
		c.become(Master, ip.Primary(i))
	case g.Active.Address.IsValid():
		c.become(Slave, g.Active.Address)
	default:
		c.become(Alone, netip.Addr{})
	}
	return i
}

// become gives it a role. Who is master no longer knows nobody.
func (c *Cluster) become(role Role, master netip.Addr) {
	if role == c.role && master == c.master {
		return
	}
	c.Records.Emit(Changed{Group: c.Settings.Group, From: c.role, To: role, Master: master})
	if role != Master {
		for _, m := range c.members {
			c.Timers.Set(&m.timer, time.Time{})
		}
		c.members = nil
	}
	c.role, c.master, c.told = role, master, time.Time{}
}

// say sends the master a message.
func (c *Cluster) say(now time.Time, i *ip.Interface, m message) {
	from := ip.Primary(i)
	if !i.Protocol || !from.IsValid() {
		return
	}
	m.load, m.group = c.own(), c.Settings.Group
	said := Said{Sent: true, Op: m.op, Peer: c.master, Priority: m.load.Priority}
	if m.op == Load {
		said.Sessions, said.Most = m.load.Sessions, m.load.Most
	}
	c.Records.Emit(said)
	c.Stack.UDP.Send(now, ip.Datagram{
		VRF: i.VRF(), Local: netip.AddrPortFrom(from, c.Settings.Port), Remote: netip.AddrPortFrom(c.master, c.Settings.Port), Data: m.marshal(),
	}, ip.DefaultTTL)
}

// own is what this gateway has to do.
func (c *Cluster) own() load {
	return load{Sessions: min(c.Sessions(), mostSessions), Most: c.Settings.Most, Priority: c.Settings.Priority}
}

// expected is what a member has to do, with the clients that are on their way to it.
func (m *member) expected() load {
	l := m.load
	l.Sessions += m.sent[0] + m.sent[1]
	return l
}

// Least is the gateway to which a client goes that has come to an address of ours in a VRF; invalid: it stays. That is
// asked of the master, for the address of the group: who comes to the own address of a gateway has chosen it, or was
// sent to it. This gateway keeps whom no other one would serve better, and all when everybody has too much to do. here: the client is one of its sessions already.
func (c *Cluster) Least(vrf int, local netip.Addr, here bool) netip.Addr {
	g, found := c.Group(c.Settings.Group)
	i := c.Stack.Interfaces.Get(g.Interface)
	if c.Settings.Group == "" || c.role != Master || !found || !g.Active.Local || g.Address != local || i == nil || i.VRF() != vrf {
		return netip.Addr{}
	}
	own := c.own()
	if here {
		own.Sessions--
	}
	best := c.least(own)
	if best == nil {
		return netip.Addr{}
	}
	best.sent[0]++
	return best.at
}

// least is the member that has least to do; nil: it is this gateway, or all have too much.
func (c *Cluster) least(own load) (best *member) {
	first := own
	for _, m := range c.members {
		if l := m.expected(); !c.overloaded(l) && l.less(first, c.Settings.Weight) {
			best, first = m, l
		}
	}
	return best
}

// overloaded says whether nobody is to be sent to who has so much to do.
func (c *Cluster) overloaded(l load) bool {
	return l.percent(c.Settings.Weight) >= float64(c.Settings.Overload)
}

// find is where a member is or would be among them.
func (c *Cluster) find(at netip.Addr) (int, bool) {
	return slices.BinarySearchFunc(c.members, at, func(m *member, a netip.Addr) int { return m.at.Compare(a) })
}
