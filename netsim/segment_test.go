package netsim

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// lan is n stations A, B, … on one segment; station i has the address 2:i.
type lan struct {
	*Sim
	seg      *Segment
	stations []*station
}

func newLAN(t testing.TB, n int) *lan {
	l := &lan{Sim: New(1, epoch)}
	l.seg = l.Segment("LAN")
	for i := range n {
		st := &station{name: fmt.Sprintf("S%d", i)}
		l.stations = append(l.stations, st)
		_, err := l.seg.Connect(l.AddNode(st.name, st, []string{"e0"}).Port(0))
		require.NoError(t, err)
	}
	l.Run(epoch)
	return l
}

func address(i int) mac { return mac{2, 0, 0, 0, byte(i >> 8), byte(i)} }

var broadcast = mac{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

func ether(dst, src mac, text string) []byte {
	return slices.Concat(dst[:], src[:], []byte{0x88, 0xb5}, []byte(text))
}

// say sends from one station and returns who got the frame.
func (l *lan) say(from int, dst, src mac) []int {
	for _, st := range l.stations {
		st.got = nil
	}
	l.stations[from].send(0, ether(dst, src, "hi"))
	l.Run(l.Now())
	var who []int
	for i, st := range l.stations {
		for range st.got {
			who = append(who, i)
		}
	}
	return who
}

func TestSegmentLearns(t *testing.T) {
	l := newLAN(t, 4)
	require.Equal(t, []int{1, 2, 3}, l.say(0, broadcast, address(0)))
	require.Equal(t, []int{0}, l.say(2, address(0), address(2)), "0 has been seen")
	require.Equal(t, []int{2}, l.say(0, address(2), address(0)))
	require.Equal(t, []int{0, 1, 2}, l.say(3, address(77), address(3)), "unknown: to all others")
	require.Empty(t, l.say(0, address(0), address(0)), "it is where it came from")
	require.Equal(t, []int{0, 2, 3}, l.say(1, mac{1, 0, 0x5e, 0, 0, 5}, address(1)), "a group")
	require.Equal(t, SegmentCounters{Forwarded: 2, Flooded: 3, Filtered: 1}, l.seg.Counters())
	requireConserved(t, l.Sim)
}

func TestSegmentDoesNotLearnGroups(t *testing.T) {
	l := newLAN(t, 3)
	require.Equal(t, []int{1, 2}, l.say(0, address(9), broadcast), "a broken source")
	require.Equal(t, []int{0, 2}, l.say(1, broadcast, address(1)))
}

func TestAnAddressMoves(t *testing.T) {
	l := newLAN(t, 3)
	l.say(0, broadcast, address(9))
	require.Equal(t, []int{0}, l.say(2, address(9), address(2)))
	l.say(1, broadcast, address(9))
	require.Equal(t, []int{1}, l.say(2, address(9), address(2)))
}

func TestALinkDownForgetsItsAddresses(t *testing.T) {
	l := newLAN(t, 3)
	l.say(0, broadcast, address(0))
	l.say(1, broadcast, address(1))
	link := l.seg.Ports()[0].Link()
	link.SetUp(false)
	link.SetUp(true)
	require.Equal(t, []int{0, 1}, l.say(2, address(0), address(2)), "flooded again")
	require.Equal(t, []int{1}, l.say(2, address(1), address(2)), "the others stay")
}

func TestARuntEndsInTheSegment(t *testing.T) {
	l := newLAN(t, 2)
	for n := range headerLen {
		l.stations[0].send(0, make([]byte, n))
	}
	l.Run(epoch)
	require.Empty(t, l.stations[1].got)
	require.EqualValues(t, headerLen, l.seg.Counters().Runts)
	requireConserved(t, l.Sim)
}

func TestAFloodedFrameIsOneBuffer(t *testing.T) {
	l := newLAN(t, 100)
	l.stations[0].send(0, ether(broadcast, address(0), "to all"))
	require.Equal(t, 1, l.frames.live)
	require.Equal(t, 1, l.queue.count, "and one event")
	l.Run(epoch)
	requireConserved(t, l.Sim)
}

// Each member of a segment has impairments of its own, in both directions.
func TestImpairmentsOfMembers(t *testing.T) {
	l := newLAN(t, 3)
	require.NoError(t, l.Port("S0:e0").SetImpairments(Impairments{Delay: 3 * ms}))
	require.NoError(t, l.Port("LAN:2").SetImpairments(Impairments{Delay: 4 * ms}))
	require.NoError(t, l.Port("LAN:3").SetImpairments(Impairments{Corrupt: 1}))
	frame := ether(broadcast, address(0), "hi")
	l.stations[0].send(0, frame)
	l.Run(at(10 * ms))
	require.Equal(t, []arrival{{7 * ms, 0, string(frame)}}, l.stations[1].got)
	require.Equal(t, 3*ms, l.stations[2].got[0].after)
	require.NotEqual(t, string(frame), l.stations[2].got[0].data, "only this copy is corrupted")
	requireConserved(t, l.Sim)
}

func TestSegmentsInARowButNotInALoop(t *testing.T) {
	l := newLAN(t, 2)
	b, c := l.Segment("B"), l.Segment("C")
	far := &station{name: "far"}
	_, err := c.Connect(l.AddNode("far", far, []string{"e0"}).Port(0))
	require.NoError(t, err)
	for _, two := range [][2]*Segment{{l.seg, b}, {b, c}} {
		_, err = l.Link(two[0].NewPort("to "+two[1].Name()), two[1].NewPort("to "+two[0].Name()))
		require.NoError(t, err)
	}
	_, err = l.Link(c.NewPort("x"), l.seg.NewPort("x"))
	require.ErrorIs(t, err, ErrLoop)
	_, err = l.Link(c.NewPort("y"), c.NewPort("z"))
	require.ErrorIs(t, err, ErrLoop)
	l.Run(epoch)
	require.Equal(t, []int{1}, l.say(0, broadcast, address(0)))
	require.Len(t, far.got, 1)
	far.send(0, ether(address(0), address(9), "back"))
	l.Run(epoch)
	require.Equal(t, string(ether(address(0), address(9), "back")), l.stations[0].got[0].data)
	requireConserved(t, l.Sim)
}

func TestSegmentBoundsWhatItLearns(t *testing.T) {
	l := newLAN(t, 2)
	for i := range maxAddresses + 100 {
		a := mac{2, 1, byte(i >> 16), byte(i >> 8), byte(i), 0}
		l.seg.learn(a, l.seg.ports[0])
	}
	require.Len(t, l.seg.seen, maxAddresses)
	l.seg.learn(mac{2, 1, 0, 0, 0, 0}, l.seg.ports[1])
	require.Same(t, l.seg.ports[1], l.seg.seen[mac{2, 1, 0, 0, 0, 0}].at, "a known address may still move")
}

// FuzzSegment sends any two frames through a segment whose members have
// faults: nothing panics, and every frame and buffer is accounted for.
func FuzzSegment(f *testing.F) {
	f.Add([]byte{}, []byte{0})
	f.Add(make([]byte, 13), make([]byte, 14))
	f.Add(ether(broadcast, address(0), "arp"), ether(address(0), address(1), "reply"))
	f.Add(ether(address(0), address(0), "own"), ether(mac{}, broadcast, ""))
	f.Add(append(ether(address(1), address(0), ""), 0x81, 0), make([]byte, 20_000))
	f.Fuzz(func(t *testing.T, one, two []byte) {
		l := newLAN(t, 3)
		require.NoError(t, l.Port("S1:e0").SetImpairments(Impairments{Corrupt: 0.5, Duplicate: 0.5, Delay: ms, Reorder: 0.5, Jitter: ms}))
		require.NoError(t, l.Port("LAN:3").SetImpairments(Impairments{Corrupt: 0.5, Loss: 0.5, MTU: 1000, Rate: 1e6}))
		for range 3 {
			l.stations[0].send(0, one)
			l.stations[1].send(0, two)
			l.stations[2].send(0, one)
			l.Run(l.Now().Add(ms))
		}
		l.Run(at(1000 * ms))
		requireConserved(t, l.Sim)
		c := l.seg.Counters()
		var entered uint64
		for _, p := range l.seg.Ports() {
			entered += p.Counters().Received
		}
		require.Equal(t, entered, c.Flooded+c.Forwarded+c.Filtered+c.Runts+c.Overrun)
	})
}

func TestAddressesAge(t *testing.T) {
	l := newLAN(t, 3)
	l.say(0, broadcast, address(0))
	l.say(1, broadcast, address(0)) // a frame of 0 whose sender was changed, or of a liar
	require.Equal(t, []int{1}, l.say(2, address(0), address(2)), "0, silent, hears nothing")
	l.Run(l.Now().Add(299 * time.Second))
	require.Equal(t, []int{1}, l.say(2, address(0), address(2)))
	l.Run(l.Now().Add(time.Second))
	require.Equal(t, []int{0, 1}, l.say(2, address(0), address(2)), "nothing has been heard from the address for 300 s")
	require.Equal(t, []int{2}, l.say(0, address(2), address(0)), "2 goes on to be heard")
}
