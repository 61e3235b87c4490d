package cluster

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/router/ip"
	"ikelab/router/record"
	"ikelab/router/standby"
	"ikelab/tests/kit"
)

var virtual = netip.MustParseAddr("10.0.0.254")

// net is gateways on one link, of which one has the address of the group.
type net struct {
	*kit.Link
	gateways []*gateway
	active   *gateway // nil: nobody is known
}

type gateway struct {
	*Cluster
	*kit.Device
	sessions int
}

func usual() Settings {
	return Settings{Group: "G", Port: 2012, Hold: 3 * time.Second, Hello: time.Second, Update: 3 * time.Second, Most: 10, Priority: 100, Overload: 99, Weight: 100}
}

func (n *net) add(at string, edit ...func(*Settings)) *gateway {
	g := &gateway{}
	n.Add(netip.MustParseAddr(at), func(on *kit.Device) {
		g.Device = on
		g.Cluster = New(Options{
			Stack: on.Stack, Timers: on.Timers, Records: on.Records, Sessions: func() int { return g.sessions },
			Group: func(name string) (standby.GroupState, bool) {
				s := standby.GroupState{Interface: kit.Port, Address: virtual}
				if n.active != nil {
					s.Active.Local, s.Active.Address = n.active == g, n.active.At
				}
				return s, name == "G"
			},
		})
	})
	n.gateways = append(n.gateways, g)
	if n.active == nil && len(n.gateways) == 1 {
		n.active = g
	}
	set := usual()
	for _, f := range edit {
		f(&set)
	}
	g.Configure(n.Now, set)
	return g
}

// spread is where so many clients go, one after the other; those that stay are sessions at once.
func (n *net) spread(clients int) (to []string) {
	g := n.active
	for range clients {
		at := g.Least(0, virtual, false)
		if to = append(to, at.String()); !at.IsValid() {
			to[len(to)-1] = "stays"
			g.sessions++
		}
	}
	return to
}

func newNet(gateways ...string) *net {
	n := &net{Link: kit.NewLink()}
	for _, at := range gateways {
		n.add(at)
	}
	n.Pass(2 * time.Second)
	return n
}

// count is how many records a gateway has of those that fit.
func count[B record.Body](g *gateway, fits func(B) bool) (k int) {
	for _, b := range g.Said {
		if x, ok := b.(B); ok && fits(x) {
			k++
		}
	}
	return k
}

func refused(g *gateway, why Reason) int {
	return count(g, func(r Refused) bool { return r.Reason == why })
}

func TestClientsSpread(t *testing.T) {
	n := newNet("10.0.0.1", "10.0.0.2", "10.0.0.3")
	require.Equal(t, []string{"stays", "10.0.0.2", "10.0.0.3", "stays", "10.0.0.2", "10.0.0.3"}, n.spread(6), "each in its turn, before they tell of their clients")
	require.False(t, n.gateways[1].Least(0, virtual, false).IsValid(), "a slave sends nobody away")
	n.gateways[1].sessions, n.gateways[2].sessions = 9, 0
	n.Pass(7 * time.Second)
	require.Equal(t, []string{"10.0.0.3", "10.0.0.3", "stays"}, n.spread(3))
	n.gateways[2].sessions = 4
	n.Pass(7 * time.Second)
	require.False(t, n.active.Least(0, virtual, true).IsValid(), "two without it: the client is one of the three here")
	n.active.sessions = 5
	require.False(t, n.active.Least(0, virtual, true).IsValid(), "as many as there")
	require.False(t, n.active.Least(0, n.active.At, false).IsValid(), "who comes to the gateway itself stays")
	require.False(t, n.active.Least(1, virtual, false).IsValid(), "the address is of another VRF")
	require.True(t, n.active.Least(0, virtual, false).IsValid())
}

// Who was sent to a gateway counts until its second load from then on.
func TestClientsOnTheirWay(t *testing.T) {
	n := newNet("10.0.0.1", "10.0.0.2")
	a := n.gateways[0]
	require.Equal(t, []string{"stays", "10.0.0.2"}, n.spread(2))
	for _, sent := range []int{1, 1, 0} {
		require.Equal(t, sent, a.State().Members[1].Sent)
		n.Pass(3 * time.Second)
	}
}

// Settings take effect at once.
func TestOtherSettings(t *testing.T) {
	n := newNet("10.0.0.1", "10.0.0.2")
	a, b := n.gateways[0], n.gateways[1]
	set := usual()
	set.Hold = 500 * time.Millisecond
	a.Configure(n.Now, set)
	n.Pass(600 * time.Millisecond)
	require.Equal(t, 1, count(a, func(m Member) bool { return m.Silent }), "hellos come each second")
	set = usual()
	set.Port = 2013
	a.Configure(n.Now, set)
	require.Equal(t, Master, a.State().Role)
	n.Pass(5 * time.Second)
	require.Len(t, a.State().Members, 1)
	require.Zero(t, count(a, func(Refused) bool { return true }), "nobody listens at the port that was")
	b.Configure(n.Now, set)
	n.Pass(time.Millisecond)
	require.Len(t, a.State().Members, 2)
}

// Loads are parts of what a gateway can have; a limit bars who has too much, priorities decide between equals.
func TestLoads(t *testing.T) {
	n := &net{Link: kit.NewLink()}
	a := n.add("10.0.0.1")
	b := n.add("10.0.0.2", func(s *Settings) { s.Most = 100 })
	n.Pass(2 * time.Second)
	a.sessions, b.sessions = 1, 9
	n.Pass(4 * time.Second)
	require.Equal(t, []string{"10.0.0.2", "stays"}, n.spread(2), "9 of 100 are less than 1 of 10, 10 are as much")
	a.sessions, b.sessions = 10, 99
	n.Pass(7 * time.Second)
	require.Equal(t, []string{"stays"}, n.spread(1), "all have too much to do")
	require.True(t, a.State().Members[1].Overloaded)
	set := usual()
	set.Priority = 99
	a.Configure(n.Now, set)
	a.sessions, b.sessions = 2, 20
	n.Pass(7 * time.Second)
	require.Equal(t, []string{"10.0.0.2"}, n.spread(1), "as much, but a higher priority")
	set.Weight = 0
	a.Configure(n.Now, set)
	n.Pass(7 * time.Second)
	require.Equal(t, []string{"10.0.0.2", "10.0.0.2", "10.0.0.2"}, n.spread(3), "sessions weigh nothing")
}

func TestMembersComeAndGo(t *testing.T) {
	n := newNet("10.0.0.1", "10.0.0.2", "10.0.0.3")
	a, b, c := n.gateways[0], n.gateways[1], n.gateways[2]
	require.Len(t, a.State().Members, 3)
	b.Deaf = true
	n.Pass(2900 * time.Millisecond)
	require.Len(t, a.State().Members, 3)
	n.Pass(1200 * time.Millisecond)
	require.Len(t, a.State().Members, 2, "it was silent for the hold time")
	require.Equal(t, 1, count(a, func(m Member) bool { return m.Address == b.At && m.Silent }))
	b.Deaf = false
	n.Pass(4 * time.Second)
	require.Len(t, a.State().Members, 3, "its next load makes it known again")
	c.Configure(n.Now, Settings{})
	n.Pass(time.Millisecond)
	require.Len(t, a.State().Members, 2, "it said that it leaves")
	require.Zero(t, c.timer.At(), "and is quiet")
	require.False(t, c.State().Configured)
	n.Pass(5 * time.Second)
	require.Zero(t, count(a, func(m Member) bool { return m.Address == c.At && m.Silent }))
	c.Configure(n.Now, usual())
	n.Pass(time.Millisecond)
	require.Len(t, a.State().Members, 3)
	n.active = b // the other takes over: who was the master tells it
	a.Moved(n.Now)
	b.Moved(n.Now)
	c.Moved(n.Now)
	n.Pass(time.Millisecond)
	require.Equal(t, []Role{Slave, Master}, []Role{a.State().Role, b.State().Role})
	require.Len(t, a.State().Members, 1)
	require.Len(t, b.State().Members, 3, "a new master is told at once")
	n.active = nil
	n.Pass(time.Second)
	require.Equal(t, Alone, b.State().Role)
	require.Len(t, b.State().Members, 1)
}

// What is heard counts only of a member of the link that speaks as one.
func TestHostileMessages(t *testing.T) {
	n := newNet("10.0.0.1", "10.0.0.2")
	a, b := n.gateways[0], n.gateways[1]
	good := message{op: Load, load: load{Sessions: 1, Most: 1000, Priority: 100}, group: "G"}
	send := func(g *gateway, from, to string, m []byte) {
		g.hear(n.Now, ip.Datagram{Local: netip.MustParseAddrPort(to), Remote: netip.MustParseAddrPort(from), Data: m})
	}
	for i, x := range [][2]string{
		{"192.0.2.9:2012", "10.0.0.1:2012"}, {"10.0.0.9:2013", "10.0.0.1:2012"}, {"10.0.0.1:2012", "10.0.0.1:2012"}, {"10.0.0.9:2012", "10.0.0.254:2012"}, // to the address of the group
	} {
		send(a, x[0], x[1], good.marshal())
		require.Equal(t, i+1, refused(a, Stranger), x)
	}
	send(b, "10.0.0.9:2012", "10.0.0.2:2012", good.marshal())
	require.Equal(t, 1, refused(b, NotMaster))
	other := good
	other.group = "H"
	send(a, "10.0.0.9:2012", "10.0.0.1:2012", other.marshal())
	require.Equal(t, 1, refused(a, OtherGroup))
	whole := good.marshal()
	broken := [][]byte{nil, whole[:3], whole[:8], whole[:len(whole)-1], append(slices.Clone(whole), 0)}
	for i, v := range map[int]byte{0: 2, 1: 9, 2: 0, 3: 0, 4: 255, 8: 255} {
		x := slices.Clone(whole)
		x[i] = v
		broken = append(broken, x)
	}
	high, long := good, good
	high.load.Priority, long.group = 101, strings.Repeat("G", mostName+1)
	broken = append(broken, high.marshal(), long.marshal())
	for _, x := range broken {
		send(a, "10.0.0.9:2012", "10.0.0.1:2012", x)
	}
	require.Equal(t, len(broken), refused(a, Broken))
	a.hear(n.Now, ip.Datagram{VRF: 1, Local: netip.MustParseAddrPort("10.0.0.1:2012"), Remote: netip.MustParseAddrPort("10.0.0.9:2012"), Data: whole})
	require.Equal(t, 5, refused(a, Stranger), "of another VRF")
	send(a, "10.0.0.9:2012", "10.0.0.1:2012", (&message{op: Hello, load: load{Priority: 1}, group: "G"}).marshal())
	send(a, "10.0.0.9:2012", "10.0.0.1:2012", (&message{op: Leave, load: load{Priority: 1}, group: "G"}).marshal())
	require.Len(t, a.State().Members, 2, "nothing is known of who says no load")
	for k := range byte(20) {
		send(a, netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, 0, 100 + k}), 2012).String(), "10.0.0.1:2012", whole)
	}
	require.Len(t, a.State().Members, mostMembers)
	require.Positive(t, refused(a, Full))
}

func FuzzMessage(f *testing.F) {
	for _, op := range []Op{Hello, Load, Leave} {
		m := message{op: op, load: load{Sessions: 3, Most: 10, Priority: 100}, group: "G"}
		f.Add(m.marshal())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if m, ok := parse(b); ok {
			require.Equal(t, b, m.marshal())
		}
		n := newNet("10.0.0.1")
		a := n.gateways[0]
		for range 2 {
			a.hear(n.Now, ip.Datagram{Local: netip.MustParseAddrPort("10.0.0.1:2012"), Remote: netip.MustParseAddrPort("10.0.0.9:2012"), Data: b})
			a.State()
			n.spread(2)
		}
		n.Pass(time.Minute)
		require.Len(t, a.State().Members, 1, "nobody else is there any more")
	})
}
