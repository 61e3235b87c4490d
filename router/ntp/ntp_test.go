package ntp

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/router/ip"
	"ikelab/router/record"
)

var epoch2002 = time.Date(2002, time.March, 1, 0, 0, 0, 0, time.UTC)

// net is devices that hear each other at once, but for those that are silent.
type net struct {
	now   time.Time
	list  map[netip.Addr]*device
	queue []func()
}

// device is one of them.
type device struct {
	*Service
	net    *net
	at     netip.Addr
	clock  Clock
	timers *ip.Timers
	steps  int
	silent bool
	said   []record.Body
}

func newNet() *net { return &net{now: epoch2002, list: map[netip.Addr]*device{}} }

func (n *net) add(a string, ahead time.Duration, set Settings) *device {
	d := &device{net: n, at: netip.MustParseAddr(a)}
	records := record.New(1, a)
	records.ListenTo(func(r record.Record) { d.said = append(d.said, r.Body) }, func() bool { return true })
	d.timers = ip.NewTimers(records)
	d.clock.Boot(n.now, n.now.Add(ahead))
	d.Service = New(&d.clock, d.timers, records, d)
	n.list[d.at] = d
	d.Configure(n.now, set)
	return d
}

func (d *device) From(*Server) netip.Addr     { return d.at }
func (d *device) Own(_ int, r [4]byte) bool   { return d.at.Is4() && d.at.As4() == r }
func (d *device) Name(int, netip.Addr) string { return "Ethernet0/0" }
func (d *device) Stepped(time.Time)           { d.steps++ }
func (d *device) Send(_ time.Time, _ int, from netip.Addr, to netip.AddrPort, data []byte) {
	if other := d.net.list[to.Addr()]; other != nil && !other.silent && !d.silent {
		d.net.queue = append(d.net.queue, func() {
			other.Receive(d.net.now, ip.Datagram{Local: to, Remote: netip.AddrPortFrom(from, Port), Data: data})
		})
	}
}

// pass lets time pass.
func (n *net) pass(d time.Duration) {
	for end := n.now.Add(d); ; {
		var next time.Time
		for _, d := range n.list {
			if at := d.timers.Next(); !at.IsZero() && (next.IsZero() || at.Before(next)) {
				next = at
			}
		}
		if next.IsZero() || next.After(end) {
			n.now = end
			return
		}
		n.now = next
		for _, d := range n.list {
			d.timers.Run(n.now)
		}
		for len(n.queue) > 0 {
			one := n.queue[0]
			n.queue = n.queue[1:]
			one()
		}
	}
}

func (d *device) asks(servers ...string) Settings {
	var set Settings
	for _, a := range servers {
		set.Servers = append(set.Servers, Server{Address: netip.MustParseAddr(a), Version: 4, MinPoll: DefaultMinPoll, MaxPoll: DefaultMaxPoll})
	}
	return set
}

func (d *device) shows(t *testing.T, want time.Time) {
	t.Helper()
	require.InDelta(t, 0, d.clock.At(d.net.now).Sub(want).Seconds(), 0.001)
}

// A clock that is years off shows the time of the server once four answers agree; a server that is
// silent for eight requests is one no more, and the clock goes on by itself.
func TestClientFollowsServer(t *testing.T) {
	n := newNet()
	server := n.add("10.0.0.1", 0, Settings{Master: 3})
	d := n.add("10.0.0.2", -9*365*24*time.Hour, server.asks("10.0.0.1"))
	require.Equal(t, Nobody, d.clock.Source())
	n.pass(3 * time.Minute)
	require.False(t, d.State(n.now).Synchronized, "three answers are too few")
	require.Zero(t, d.steps)
	n.pass(time.Minute)
	d.shows(t, n.now)
	require.Equal(t, 1, d.steps)
	require.Equal(t, ByNTP, d.clock.Source())
	s := d.State(n.now)
	require.Equal(t, 4, s.Stratum)
	require.Equal(t, "10.0.0.1", s.Reference)
	n.pass(12 * time.Hour)
	require.Equal(t, 1024, d.State(n.now).Interval, "what answers is asked ever less often")
	require.Equal(t, 1, d.steps)

	server.silent = true
	n.pass(time.Hour)
	s = d.State(n.now)
	require.False(t, s.Synchronized)
	require.Equal(t, 16, s.Stratum)
	require.Zero(t, s.Associations[0].Reach)
	require.False(t, d.clock.Synchronized())
	d.shows(t, n.now)
	require.Contains(t, d.said, Reachable{Server: server.at})
	require.Contains(t, d.said, Lost{Server: server.at})
	server.silent = false
	n.pass(10 * time.Minute)
	require.True(t, d.State(n.now).Synchronized)
}

// A server that follows nothing is answered by, and not believed; nor is one that follows whom it asks.
func TestUnsteadyServersAndLoops(t *testing.T) {
	n := newNet()
	a := n.add("10.0.0.1", time.Hour, (&device{}).asks("10.0.0.2"))
	b := n.add("10.0.0.2", 0, a.asks("10.0.0.1"))
	n.pass(time.Hour)
	a.shows(t, n.now.Add(time.Hour))
	require.Contains(t, a.said, Refused{From: b.at, Reason: Unsteady})
	require.Zero(t, a.steps+b.steps)
	c := n.add("10.0.0.3", 0, Settings{Master: 1})
	set := b.asks("10.0.0.1", "10.0.0.3")
	b.Configure(n.now, set)
	n.pass(time.Hour)
	a.shows(t, n.now)
	c.silent = true
	n.pass(3 * time.Hour)
	require.Contains(t, b.said, Refused{From: a.at, Reason: Loop})
	require.False(t, b.State(n.now).Synchronized)
}

// A router that is to serve all the same follows only who is nearer to the time than it says to be
// itself: two that ask each other, and three that ask in a ring, come to rest.
func TestMasters(t *testing.T) {
	n := newNet()
	a := n.add("10.0.0.1", 0, Settings{})
	masters := a.asks("10.0.0.2")
	masters.Master = 3
	a.Configure(n.now, masters)
	masters = a.asks("10.0.0.1")
	masters.Master = 3
	b := n.add("10.0.0.2", -30*365*24*time.Hour, masters)
	n.pass(2 * time.Hour)
	require.Zero(t, a.steps+b.steps)
	require.Equal(t, 3, a.State(n.now).Stratum)
	masters.Master = 10
	b.Configure(n.now, masters)
	n.pass(2 * time.Hour)
	require.Zero(t, a.steps)
	require.Equal(t, 3, a.State(n.now).Stratum)
	require.Equal(t, 4, b.State(n.now).Stratum)
	b.shows(t, n.now)
	b.Configure(n.now, b.asks("10.0.0.3"))
	c := n.add("10.0.0.3", 0, b.asks("10.0.0.1"))
	n.pass(6 * time.Hour)
	require.Equal(t, []int{3, 5, 4}, []int{a.State(n.now).Stratum, b.State(n.now).Stratum, c.State(n.now).Stratum})
}

// Of three servers the one that says another time than the others is followed by nobody; of two that
// contradict each other neither is.
func TestMajority(t *testing.T) {
	n := newNet()
	n.add("10.0.0.1", 0, Settings{Master: 5})
	n.add("10.0.0.2", 0, Settings{Master: 5})
	n.add("10.0.0.3", time.Hour, Settings{Master: 1})
	d := n.add("10.0.0.4", -time.Hour, (&device{}).asks("10.0.0.1", "10.0.0.2", "10.0.0.3"))
	n.pass(10 * time.Minute)
	d.shows(t, n.now)
	require.True(t, d.State(n.now).Associations[2].FalseTicker)
	two := n.add("10.0.0.5", -time.Hour, d.asks("10.0.0.1", "10.0.0.3"))
	n.pass(10 * time.Minute)
	require.False(t, two.State(n.now).Synchronized)
}

// What nobody asked for, what does not answer the request that is out, and what comes again moves no
// clock; one forged kiss of death ends nothing.
func TestForged(t *testing.T) {
	n := newNet()
	d := n.add("10.0.0.2", 0, (&device{}).asks("10.0.0.1"))
	n.pass(10 * time.Second)
	forged := message{Version: 4, Mode: Reply, Stratum: 1, Receive: StampOf(n.now.Add(time.Hour)), Transmit: StampOf(n.now.Add(time.Hour))}
	send := func(from string, port uint16) {
		d.Receive(n.now, ip.Datagram{Local: netip.AddrPortFrom(d.at, Port), Remote: netip.AddrPortFrom(netip.MustParseAddr(from), port), Data: forged.marshal(nil)})
	}
	for range 10 {
		send("10.0.0.1", Port)
	}
	send("10.0.0.1", 4000)
	send("10.0.0.9", Port)
	forged.Stratum, forged.Reference = 0, [4]byte{'D', 'E', 'N', 'Y'}
	send("10.0.0.1", Port)
	require.Zero(t, d.steps)
	require.Zero(t, d.State(n.now).Associations[0].Received)
	sent := d.State(n.now).Associations[0].Sent
	n.pass(5 * time.Minute)
	require.Greater(t, d.State(n.now).Associations[0].Sent, sent, "it still asks")
	require.Contains(t, d.said, Refused{From: netip.MustParseAddr("10.0.0.9"), Reason: Strange})

	forged.Origin = d.servers[0].asked
	send("10.0.0.1", Port)
	require.Contains(t, d.said, Refused{From: netip.MustParseAddr("10.0.0.1"), Reason: KissedDenied})
	require.True(t, d.timers.Next().IsZero(), "whoever was asked does not want it any more")
}

// iburst has a server that is not reached asked eight times at once; what is not configured any more
// is not asked, and without NTP nothing is ever due.
func TestBurstAndEnd(t *testing.T) {
	n := newNet()
	n.add("2001:db8::1", time.Hour, Settings{Master: 8})
	set := (&device{}).asks("2001:db8::1")
	set.Servers[0].IBurst = true
	d := n.add("2001:db8::2", 0, set)
	n.pass(20 * time.Second)
	d.shows(t, n.now.Add(time.Hour))
	require.Equal(t, 9, d.State(n.now).Stratum)
	d.Configure(n.now, Settings{})
	require.True(t, d.timers.Next().IsZero())
	require.Equal(t, Started{}, d.said[len(d.said)-2])
	require.False(t, d.State(n.now).On)
}

// Who sets the clock by hand is overruled by the next answer.
func TestSetByHand(t *testing.T) {
	n := newNet()
	n.add("10.0.0.1", 0, Settings{Master: 3})
	d := n.add("10.0.0.2", 0, (&device{}).asks("10.0.0.1"))
	n.pass(10 * time.Minute)
	require.Zero(t, d.steps, "it showed the right time")
	d.Moved(d.clock.Set(n.now, n.now.Add(48*time.Hour), ByUser))
	require.Equal(t, ByUser, d.clock.Source())
	n.pass(20 * time.Minute)
	d.shows(t, n.now)
	require.Equal(t, ByNTP, d.clock.Source())
}

func TestTimestamps(t *testing.T) {
	for _, at := range []time.Time{epoch2002, epoch2002.Add(123456789), time.Date(2036, 2, 7, 6, 28, 17, 5e8, time.UTC), time.Date(1970, 1, 1, 0, 0, 0, 1, time.UTC)} {
		require.InDelta(t, 0, StampOf(at).near(at.Add(60*365*24*time.Hour)).Sub(at), 1, "%v", at)
	}
	require.Equal(t, Timestamp(1)<<63, StampOf(time.Date(1968, 1, 20, 3, 14, 8, 0, time.UTC)))
	require.True(t, Timestamp(0).near(epoch2002).IsZero())
}

func FuzzMessage(f *testing.F) {
	m := message{Version: 4, Mode: Client, Precision: -10, RootDelay: time.Second, Transmit: 5}
	f.Add(m.marshal(nil))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		if m, ok := parse(b); ok {
			again, ok := parse(m.marshal(nil))
			require.True(t, ok)
			require.Equal(t, m, again)
		}
		n := newNet()
		d := n.add("10.0.0.2", 0, (&device{}).asks("10.0.0.1"))
		n.pass(2 * time.Second)
		if len(b) >= headerLen { // as if it answered
			stamp := (&message{Origin: d.servers[0].asked}).marshal(nil)
			b = append(append(append([]byte{}, b[:24]...), stamp[24:32]...), b[32:]...)
		}
		d.Receive(n.now, ip.Datagram{Local: netip.AddrPortFrom(d.at, Port), Remote: netip.MustParseAddrPort("10.0.0.1:123"), Data: b})
		d.State(n.now)
		n.pass(time.Hour)
	})
}
