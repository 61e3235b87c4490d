package netsim

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestFramesCrossALink(t *testing.T) {
	p := newPair(t, 1)
	data := []byte("hello")
	p.a.send(0, data)
	data[0] = 'J' // send has copied
	p.b.send(0, []byte("ho"))
	require.Empty(t, p.b.got, "never inside the call that sends")
	p.Run(epoch)
	require.Equal(t, []arrival{{0, 0, "hello"}}, p.b.got)
	require.Equal(t, []arrival{{0, 0, "ho"}}, p.a.got)
	require.Equal(t, Counters{Sent: 1, SentOctets: 5, Received: 1, ReceivedOctets: 2}, p.pa.Counters())
	require.Equal(t, "A:e0 <-> B:e0", p.link.Name())
	require.Same(t, p.pb, p.pa.Far())
	require.Same(t, p.Device("B"), p.pa.Far().Device())
	require.Same(t, p.link, p.pb.Link())
	require.Equal(t, []*Link{p.link}, p.Links())
	requireConserved(t, p.Sim)
}

func TestALinkGoesDownAndUp(t *testing.T) {
	p := newPair(t, 1)
	require.NoError(t, p.pa.SetImpairments(Impairments{Delay: 10 * ms}))
	p.a.send(0, []byte("cut"))
	p.Run(at(5 * ms))
	p.link.SetUp(false)
	p.link.SetUp(false)
	require.Equal(t, []string{"A carrier 5ms 0 false", "B carrier 5ms 0 false"}, p.journal, "at once, and once")
	require.False(t, p.link.Up())
	require.False(t, p.pa.Up())
	p.a.send(0, []byte("no carrier"))
	p.journal = nil
	p.link.SetUp(true)
	require.Equal(t, []string{"A carrier 5ms 0 true", "B carrier 5ms 0 true"}, p.journal)
	p.a.send(0, []byte("through"))
	p.Run(at(time.Second))
	require.Equal(t, []arrival{{15 * ms, 0, "through"}}, p.b.got)
	c := p.pa.Counters()
	require.EqualValues(t, 1, c.Dropped[DropCut])
	require.EqualValues(t, 1, c.Dropped[DropNoCarrier])
	requireConserved(t, p.Sim)
}

func TestAPortGoesDownAndUp(t *testing.T) {
	p := newPair(t, 1)
	p.pb.SetUp(false)
	require.Equal(t, []string{"B carrier 0s 0 false"}, p.journal, "the far port keeps its carrier")
	require.True(t, p.pa.Up())
	p.a.send(0, []byte("into the void"))
	p.b.send(0, []byte("not out"))
	p.Run(at(ms))
	p.pb.SetUp(true)
	p.Run(at(2 * ms))
	require.Equal(t, []string{"B carrier 0s 0 false", "B carrier 1ms 0 true"}, p.journal)
	require.EqualValues(t, 1, p.pa.Counters().Dropped[DropFarDown])
	require.EqualValues(t, 1, p.pb.Counters().Dropped[DropNoCarrier])
	requireConserved(t, p.Sim)
}

// An observer may cut a link from inside a node; the nodes hear of it at the
// same instant, after that call.
func TestCutFromInsideANode(t *testing.T) {
	p := newPair(t, 1)
	p.b.onReceive = func(time.Time, int, []byte) { p.link.SetUp(false); p.b.note("still here") }
	p.burst(2)
	p.Run(epoch)
	require.Equal(t, []string{`B receive 0s 0 "frame 000000"`, "B still here", "A carrier 0s 0 false", "B carrier 0s 0 false"}, p.journal)
	require.EqualValues(t, 1, p.pa.Counters().Dropped[DropCut])
}

func TestLinkWhileRunning(t *testing.T) {
	p := newPair(t, 1)
	c := p.AddNode("C", &station{name: "C", journal: &p.journal}, []string{"e0"})
	d := p.AddNode("D", &station{name: "D", journal: &p.journal}, []string{"e0"})
	p.Run(at(ms))
	_, err := p.Link(c.Port(0), d.Port(0))
	require.NoError(t, err)
	require.Equal(t, []string{"C start 0s", "D start 0s", "C carrier 1ms 0 true", "D carrier 1ms 0 true"}, p.journal)
}

func TestLinkRefuses(t *testing.T) {
	p := newPair(t, 1)
	c := p.AddNode("C", &station{}, []string{"e0"}).Port(0)
	for _, ends := range [][2]*Port{{p.pa, c}, {c, p.pa}, {c, c}} {
		_, err := p.Link(ends[0], ends[1])
		require.ErrorIs(t, err, ErrLinked)
		require.ErrorContains(t, err, ends[0].Name()+" <-> "+ends[1].Name())
	}
	require.Nil(t, c.Link())
}

func TestHostPort(t *testing.T) {
	s := New(1, epoch)
	n := &station{name: "A"}
	d := s.AddNode("A", n, []string{"e0"})
	var out []string
	h := s.HostPort("udp", func(now time.Time, f []byte) { out = append(out, now.Sub(epoch).String()+" "+string(f)) })
	l, err := s.Link(d.Port(0), h.Port())
	require.NoError(t, err)
	require.Equal(t, "A:e0 <-> host:udp", l.Name())
	require.NoError(t, d.Port(0).SetImpairments(Impairments{Delay: 2 * ms}))
	s.Run(at(ms))
	require.True(t, d.Port(0).Up())
	n.send(0, []byte("ping"))
	frame := []byte("now")
	h.Inject(s.Now(), frame)
	copy(frame, "???")
	h.Inject(at(0), []byte("late"))
	h.Inject(at(5*ms), []byte("ahead"))
	s.Run(at(10 * ms))
	require.Equal(t, []string{"3ms ping"}, out)
	require.Equal(t, []arrival{{ms, 0, "now"}, {ms, 0, "late"}, {5 * ms, 0, "ahead"}}, n.got)
	l.SetUp(false)
	h.Inject(s.Now(), []byte("dropped"))
	require.EqualValues(t, 1, h.Port().Counters().Dropped[DropNoCarrier])
	requireConserved(t, s)
}

// TestHostsEnd: the link of a door is up while both ends want it so, and the host
// hears of what is done at ours only.
func TestHostsEnd(t *testing.T) {
	s := New(1, epoch)
	n := &station{name: "A"}
	d := s.AddNode("A", n, []string{"e0"})
	var out []string
	h := s.HostPort("tap", func(_ time.Time, f []byte) { out = append(out, string(f)) })
	h.SetCarrier(true)
	h.SetMTU(9)
	l, err := s.Link(d.Port(0), h.Port())
	require.NoError(t, err)
	var told []bool
	h.OnCut(func(up bool) { told = append(told, up) })
	s.Run(at(ms))
	for _, step := range []struct {
		do func()
		up bool
	}{
		{func() { h.SetCarrier(false) }, false}, {func() { l.SetUp(false) }, false}, {func() { l.SetUp(false) }, false},
		{func() { h.SetCarrier(true) }, false}, {func() { l.SetUp(true) }, true}, {func() { h.SetCarrier(true) }, true},
	} {
		step.do()
		require.Equal(t, step.up, l.Up())
		require.Equal(t, step.up, d.Port(0).Up())
	}
	require.Equal(t, []bool{false, true}, told)
	frame := func(n int) string { return strings.Repeat("x", 14+n) }
	for _, mtu := range []int{20, 30, 0} {
		h.SetMTU(mtu)
		for _, octets := range []int{20, 21, 30, 31} {
			n.send(0, []byte(frame(octets)))
		}
		s.Run(s.Now().Add(ms))
	}
	require.Equal(t, []string{frame(20), frame(20), frame(21), frame(30), frame(20), frame(21), frame(30), frame(31)}, out)
	require.EqualValues(t, 4, d.Port(0).Counters().Dropped[DropOversize])
	requireConserved(t, s)
}
