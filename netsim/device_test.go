package netsim

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestStartThenCarrierInTheOrderAdded(t *testing.T) {
	var journal []string
	s := New(1, epoch)
	add := func(name string) *Device {
		return s.AddNode(name, &station{name: name, journal: &journal}, []string{"e0", "e1"})
	}
	a, b := add("A"), add("B")
	_, err := s.Link(a.Port(1), b.Port(0))
	require.NoError(t, err)
	require.Empty(t, journal, "nothing happens before Run")
	s.At(epoch, func(time.Time) { journal = append(journal, "first command") })
	s.Run(epoch)
	require.Equal(t, []string{"A start 0s", "A carrier 0s 1 true", "B start 0s", "B carrier 0s 0 true", "first command"}, journal)
	require.Equal(t, []*Device{a, b}, s.Devices())
	require.Same(t, a, s.Device("A"))
	require.Same(t, a.Port(1), s.Port("A:e1"))
	require.Nil(t, s.Device("C"))
	require.Nil(t, s.Port("C:e0"))
}

// A command given at the instant of the start comes before any packet.
func TestFirstCommandBeforeAnyPacket(t *testing.T) {
	p := &pair{Sim: New(1, epoch)}
	p.a, p.b = &station{name: "A"}, &station{name: "B", journal: &p.journal}
	a, b := p.AddNode("A", p.a, []string{"e0"}), p.AddNode("B", p.b, []string{"e0"})
	_, err := p.Link(a.Port(0), b.Port(0))
	require.NoError(t, err)
	p.a.onStart = func(time.Time) { p.a.send(0, []byte("hello")) }
	p.At(epoch, func(time.Time) { p.journal = append(p.journal, "first command") })
	p.Run(epoch)
	require.Equal(t, []string{"B start 0s", "B carrier 0s 0 true", "first command", `B receive 0s 0 "hello"`}, p.journal)
}

func TestStartupDelay(t *testing.T) {
	var journal []string
	s := New(1, epoch)
	na, nb := &station{name: "A", journal: &journal}, &station{name: "B", journal: &journal}
	a, b := s.AddNode("A", na, []string{"e0"}), s.AddNode("B", nb, []string{"e0"})
	b.StartAt(at(3 * time.Second))
	b.StartAt(at(time.Second))
	_, err := s.Link(a.Port(0), b.Port(0))
	require.NoError(t, err)
	nb.deadline = at(10 * ms) // not looked at before the start
	s.Run(at(500 * ms))
	require.Equal(t, []string{"A start 0s", "A carrier 0s 0 true"}, journal, "the peer's port is up already")
	require.False(t, b.Started())
	require.Equal(t, at(time.Second), b.StartsAt())
	na.send(0, []byte("too early"))
	nb.send(0, []byte("from a router without power"))
	s.Run(at(900 * ms))
	require.EqualValues(t, 1, a.Port(0).Counters().Dropped[DropFarOff])
	require.EqualValues(t, 1, b.Port(0).Counters().Dropped[DropNoCarrier])
	require.Empty(t, na.got)
	requireConserved(t, s)
	journal = nil
	nb.deadline = at(2 * time.Second)
	s.Run(at(5 * time.Second))
	require.Equal(t, []string{"B start 1s", "B carrier 1s 0 true", "B advance 2s"}, journal)
	require.True(t, b.Started())
	b.StartAt(at(time.Hour))
	_, ok := s.Next()
	require.False(t, ok, "started devices do not start again")
}

func TestDeadlineIsAskedForAfterEachCall(t *testing.T) {
	p := newPair(t, 1)
	b := p.Device("B")
	p.b.onReceive = func(now time.Time, _ int, f []byte) {
		d, err := time.ParseDuration(string(f))
		require.NoError(t, err)
		p.b.deadline = now.Add(d)
		if d == 0 {
			p.b.deadline = time.Time{}
		}
	}
	tell := func(d string) { p.a.send(0, []byte(d)); p.Run(p.Now()); p.journal = nil }
	tell("10ms")
	next, _ := p.Next()
	require.Equal(t, at(10*ms), next)
	tell("5ms") // earlier
	tell("20ms")
	next, _ = p.Next()
	require.Equal(t, at(20*ms), next)
	require.Equal(t, 1, p.queue.count, "a moved deadline leaves nothing behind")
	p.Run(at(19 * ms))
	require.Empty(t, p.journal)
	p.Run(at(20 * ms))
	require.Equal(t, []string{"B advance 20ms"}, p.journal)
	tell("10ms")
	tell("0s")
	_, ok := p.Next()
	require.False(t, ok, "zero is never")

	p.b.deadline = at(time.Second) // by a call from outside
	p.Touch(b)
	p.Run(at(2 * time.Second))
	require.Equal(t, []string{"B advance 1s"}, p.journal)

	p.b.deadline = at(0) // passed long ago: now
	p.Touch(b)
	next, _ = p.Next()
	require.Equal(t, at(2*time.Second), next)
}

func TestADeadlineThatAdvanceDoesNotMove(t *testing.T) {
	p := newPair(t, 1)
	p.a.onAdvance = func(now time.Time) { p.a.deadline = now }
	p.a.deadline = at(ms)
	p.Touch(p.Device("A"))
	require.Panics(t, func() { p.Run(at(time.Second)) })
}

func TestAnIdleLabCostsNothing(t *testing.T) {
	s := New(1, epoch)
	for i := range 1000 {
		s.AddNode(string(rune('A'+i)), &station{}, []string{"e0"})
	}
	s.Run(epoch)
	before := s.Events()
	s.Run(at(24 * time.Hour))
	require.Equal(t, before, s.Events())
}

func TestNamesAreUnique(t *testing.T) {
	s := New(1, epoch)
	s.AddNode("A", &station{}, []string{"e0"})
	require.Panics(t, func() { s.AddNode("A", &station{}, nil) })
	require.Panics(t, func() { s.AddNode("B", &station{}, []string{"e0", "e0"}) })
}

func TestAccessors(t *testing.T) {
	p := newPair(t, 9)
	a := p.Device("A")
	require.Equal(t, "A", a.Name())
	require.Same(t, p.a, a.Node())
	require.Equal(t, []*Port{p.pa}, a.Ports())
	require.Equal(t, Seed(9), p.Seed())
	first, second := p.link.Ends()
	require.Equal(t, []*Port{p.pa, p.pb}, []*Port{first, second})
	g := p.Segment("LAN")
	require.Equal(t, []*Segment{g}, p.Segments())
	require.Nil(t, g.NewPort("x").Device())
}

func TestTouchBeforeTheStart(t *testing.T) {
	s := New(1, epoch)
	n := &station{name: "A", deadline: at(ms)}
	d := s.AddNode("A", n, nil)
	d.StartAt(at(time.Second))
	s.Touch(d)
	s.Run(at(500 * ms))
	require.Equal(t, at(ms), n.deadline, "not advanced")
}

// A node that reaches another one during a call into it breaks the contract.
func TestCallsIntoNodesNeverNest(t *testing.T) {
	p := newPair(t, 1)
	p.b.onReceive = func(time.Time, int, []byte) { p.pa.owner.carrier(p.pa, false) }
	p.burst(1)
	require.PanicsWithValue(t, "netsim: A called from inside a call into a node", func() { p.Run(epoch) })
}
