package netsim

import (
	"math"
	"math/bits"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// impaired sends n numbered frames, one each millisecond, from A to B.
func impaired(t *testing.T, seed Seed, im Impairments, n int) *pair {
	p := newPair(t, seed)
	require.NoError(t, p.pa.SetImpairments(im))
	require.Equal(t, im, p.pa.Impairments())
	for i := range n {
		p.At(at(time.Duration(i)*ms), func(time.Time) { p.a.send(0, []byte(number(i))) })
	}
	p.Run(at(time.Hour))
	requireConserved(t, p.Sim)
	return p
}

func number(i int) string {
	return "frame " + string(rune('0'+i/1000)) + string(rune('0'+i/100%10)) + string(rune('0'+i/10%10)) + string(rune('0'+i%10))
}

func TestCheckRefuses(t *testing.T) {
	for _, row := range []struct {
		im   Impairments
		want string
	}{
		{Impairments{Loss: -0.1}, "netsim: loss -0.1 is not a probability from 0 to 1"},
		{Impairments{Loss: 1.5}, "netsim: loss 1.5 is not"},
		{Impairments{Duplicate: math.NaN()}, "duplicate NaN"},
		{Impairments{Reorder: 2}, "reorder 2"},
		{Impairments{Corrupt: math.Inf(1)}, "corrupt +Inf"},
		{Impairments{Delay: -1}, "delay -1ns"},
		{Impairments{Jitter: -1}, "jitter -1ns"},
		{Impairments{Rate: -1}, "rate -1 bit/s"},
		{Impairments{MTU: -1}, "MTU -1"},
		{Impairments{Reorder: 0.5}, "reorder 0.5 needs a delay"},
	} {
		p := newPair(t, 1)
		require.ErrorContains(t, p.pa.SetImpairments(row.im), row.want)
		require.Equal(t, Impairments{}, p.pa.Impairments(), "nothing is half applied")
	}
	require.NoError(t, Impairments{Delay: 1, Jitter: 5, Loss: 1, Duplicate: 1, Reorder: 1, Corrupt: 1, Rate: 1, MTU: 1}.Check())
}

func TestDelayIsAQueueAndNeverThrottles(t *testing.T) {
	p := newPair(t, 1)
	require.NoError(t, p.pa.SetImpairments(Impairments{Delay: time.Second}))
	p.burst(5000)
	p.Run(at(time.Second - 1))
	require.Empty(t, p.b.got)
	p.Run(at(time.Second))
	require.Len(t, p.b.got, 5000)
	require.IsIncreasing(t, p.b.texts())
	require.Empty(t, p.pb.Impairments(), "one direction only")
}

func TestLoss(t *testing.T) {
	p := impaired(t, 7, Impairments{Loss: 0.25}, 4000)
	require.InDelta(t, 1000, int(p.pa.Counters().Dropped[DropLoss]), 90, "3 sigma")
	require.Empty(t, impaired(t, 7, Impairments{Loss: 1}, 100).b.got)
	require.Equal(t, p.b.got, impaired(t, 7, Impairments{Loss: 0.25}, 4000).b.got, "same seed, same frames")
	require.NotEqual(t, p.b.got, impaired(t, 8, Impairments{Loss: 0.25}, 4000).b.got)
}

// One fault more leaves the draws of another alone.
func TestFaultsDrawFromStreamsOfTheirOwn(t *testing.T) {
	alone := impaired(t, 7, Impairments{Loss: 0.25}, 1000).b.texts()
	joined := impaired(t, 7, Impairments{Loss: 0.25, Delay: 20 * ms, Jitter: ms}, 1000).b.texts()
	require.Equal(t, alone, joined)
}

func TestDuplicate(t *testing.T) {
	p := impaired(t, 7, Impairments{Duplicate: 0.1}, 4000)
	require.InDelta(t, 400, int(p.pa.Counters().Duplicated), 57, "3 sigma")
	require.Len(t, p.b.got, 4000+int(p.pa.Counters().Duplicated))
	require.Len(t, slices.Compact(p.b.texts()), 4000, "copies follow their originals")
}

func TestCorruptFlipsOneBit(t *testing.T) {
	p := impaired(t, 7, Impairments{Corrupt: 0.5}, 2000)
	require.InDelta(t, 1000, int(p.pa.Counters().Corrupted), 67, "3 sigma")
	require.Len(t, p.b.got, 2000)
	flipped, places := 0, map[int]bool{}
	for i, got := range p.b.texts() {
		for o := range got {
			n := bits.OnesCount8(got[o] ^ number(i)[o])
			flipped += n
			if n > 0 {
				places[o] = true
			}
		}
	}
	require.EqualValues(t, p.pa.Counters().Corrupted, flipped)
	require.Len(t, places, len(number(0)), "any octet")
}

func TestCorruptAnEmptyFrame(t *testing.T) {
	p := newPair(t, 1)
	require.NoError(t, p.pa.SetImpairments(Impairments{Corrupt: 1, Duplicate: 1}))
	p.a.send(0, nil)
	p.Run(at(ms))
	require.Equal(t, []string{"", ""}, p.b.texts())
	requireConserved(t, p.Sim)
}

func TestJitterKeepsOrder(t *testing.T) {
	p := impaired(t, 7, Impairments{Delay: 20 * ms, Jitter: 10 * ms}, 2000)
	require.Len(t, p.b.got, 2000)
	require.IsIncreasing(t, p.b.texts())
	least, most := time.Hour, time.Duration(0)
	for i, a := range p.b.got {
		d := a.after - time.Duration(i)*ms
		least, most = min(least, d), max(most, d)
	}
	require.GreaterOrEqual(t, least, 10*ms)
	require.LessOrEqual(t, most, 30*ms)
	require.Greater(t, most-least, 10*ms, "it varies")
}

func TestJitterBeyondTheDelay(t *testing.T) {
	p := impaired(t, 7, Impairments{Delay: ms, Jitter: 50 * ms}, 500)
	require.Len(t, p.b.got, 500)
	require.IsIncreasing(t, p.b.texts())
}

func TestReorderOvertakes(t *testing.T) {
	p := impaired(t, 7, Impairments{Delay: 5 * ms, Reorder: 0.2}, 2000)
	require.InDelta(t, 400, int(p.pa.Counters().Reordered), 54, "3 sigma")
	require.Len(t, p.b.got, 2000)
	early := 0
	for _, a := range p.b.got {
		var i int
		for _, c := range strings.TrimPrefix(a.data, "frame ") {
			i = 10*i + int(c-'0')
		}
		switch a.after - time.Duration(i)*ms {
		case 0:
			early++
		case 5 * ms:
		default:
			t.Fatalf("%s arrived after %v", a.data, a.after)
		}
	}
	require.EqualValues(t, p.pa.Counters().Reordered, early)
}

func TestRateSerializes(t *testing.T) {
	p := newPair(t, 1)
	// 12 octets at 96 kbit/s take a millisecond each; the delay comes on top.
	require.NoError(t, p.pa.SetImpairments(Impairments{Rate: 96_000, Delay: 100 * ms}))
	p.burst(1000)
	p.Run(at(time.Hour))
	require.Len(t, p.b.got, 1000)
	for i, a := range p.b.got {
		require.Equal(t, 101*ms+time.Duration(i)*ms, a.after)
	}
	p.burst(1) // the line has been idle: no waiting
	p.Run(at(2 * time.Hour))
	require.Equal(t, time.Hour+101*ms, p.b.got[1000].after)
	requireConserved(t, p.Sim)
}

func TestRateRoundsUp(t *testing.T) {
	p := newPair(t, 1)
	require.NoError(t, p.pa.SetImpairments(Impairments{Rate: 7_000_000_000}))
	p.a.send(0, []byte("x"))
	p.Run(at(ms))
	require.Equal(t, 2*time.Nanosecond, p.b.got[0].after, "8/7 ns")
}

func TestMTU(t *testing.T) {
	frame := func(packet int, tagged bool) []byte {
		f := make([]byte, headerLen+packet)
		if tagged {
			f = make([]byte, headerLen+tagLen+packet)
			f[12], f[13] = 0x81, 0x00
		}
		return f
	}
	for _, row := range []struct {
		frame []byte
		pass  bool
	}{
		{frame(1500, false), true}, {frame(1501, false), false},
		{frame(1500, true), true}, {frame(1501, true), false},
		{nil, true}, {make([]byte, 14), true}, {make([]byte, 15), true},
	} {
		p := newPair(t, 1)
		require.NoError(t, p.pa.SetImpairments(Impairments{MTU: 1500}))
		p.a.send(0, row.frame)
		p.Run(at(ms))
		require.Equal(t, row.pass, len(p.b.got) == 1, "%d octets", len(row.frame))
		require.Equal(t, !row.pass, p.pa.Counters().Dropped[DropOversize] == 1)
		requireConserved(t, p.Sim)
	}
}

// A change at run time concerns the frames from then on, and those before it
// keep their place ahead of them.
func TestSetImpairmentsAtRunTime(t *testing.T) {
	p := newPair(t, 1)
	require.NoError(t, p.pa.SetImpairments(Impairments{Delay: 10 * ms}))
	p.a.send(0, []byte("1"))
	require.NoError(t, p.pa.SetImpairments(Impairments{}))
	p.a.send(0, []byte("2"))
	p.Run(at(20 * ms))
	p.a.send(0, []byte("3"))
	p.Run(at(20 * ms))
	require.Equal(t, []arrival{{10 * ms, 0, "1"}, {10 * ms, 0, "2"}, {20 * ms, 0, "3"}}, p.b.got)
}

func TestDropsHaveNames(t *testing.T) {
	for d := DropNone + 1; d < Drops; d++ {
		require.NotEmpty(t, d.String())
	}
}
