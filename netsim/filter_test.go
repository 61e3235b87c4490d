package netsim

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestFilterVerdicts(t *testing.T) {
	for name, row := range map[string]struct {
		verdict Verdict
		want    []arrival
		comment string
	}{
		"pass":      {Verdict{}, []arrival{{ms, 0, "0123456789abcdef"}}, ""},
		"drop":      {Verdict{Drop: true, Why: "the second IKE_AUTH"}, nil, "dropped: by a filter; the second IKE_AUTH (A:e0 -> B:e0)"},
		"replace":   {Verdict{Replace: []byte("other")}, []arrival{{ms, 0, "other"}}, "replaced by a filter (A:e0 -> B:e0)"},
		"delay":     {Verdict{Delay: 5 * ms}, []arrival{{6 * ms, 0, "0123456789abcdef"}}, "delayed by a filter (A:e0 -> B:e0)"},
		"duplicate": {Verdict{Copies: 1}, []arrival{{ms, 0, "0123456789abcdef"}, {ms, 0, "0123456789abcdef"}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPair(t, 1)
			require.NoError(t, p.pa.SetImpairments(Impairments{Delay: ms}))
			file := &bytes.Buffer{}
			_, err := p.StartCapture(file, nil)
			require.NoError(t, err)
			var seen []Frame
			p.pa.SetFilter(func(now time.Time, f Frame) Verdict {
				require.Equal(t, p.Now(), now)
				seen = append(seen, Frame{f.Number, f.Cause, append([]byte(nil), f.Data...)})
				return row.verdict
			})
			p.a.out(0, []byte("0123456789abcdef"), 9)
			p.Run(at(time.Second))
			require.Equal(t, []Frame{{1, 9, []byte("0123456789abcdef")}}, seen, "a filter sees each frame once")
			require.Equal(t, row.want, p.b.got)
			for i := range p.b.got {
				require.EqualValues(t, 1, p.b.numbers[i], "whatever was done to it")
			}
			records, _ := readBack(t, file.Bytes())
			require.Equal(t, row.comment, records[0].comment)
			requireConserved(t, p.Sim)
		})
	}
}

// TestDelayedFramesAreOvertaken: that is what a filter's delay is for.
func TestDelayedFramesAreOvertaken(t *testing.T) {
	p := newPair(t, 1)
	p.pa.SetFilter(func(_ time.Time, f Frame) Verdict {
		return Verdict{Delay: time.Duration(10-f.Number) * ms}
	})
	p.burst(3)
	p.Run(at(time.Second))
	require.Equal(t, []uint64{3, 2, 1}, p.b.numbers)
	p.pa.SetFilter(nil)
	p.burst(1)
	p.Run(at(2 * time.Second))
	require.Len(t, p.b.got, 4)
}

// TestDelayedFramesAreCorrupted: the copy that is corrupted and the frame that was
// held are both given back, each once.
func TestDelayedFramesAreCorrupted(t *testing.T) {
	p := newPair(t, 1)
	require.NoError(t, p.pa.SetImpairments(Impairments{Delay: ms, Corrupt: 1, Duplicate: 0.5}))
	p.pa.SetFilter(func(time.Time, Frame) Verdict { return Verdict{Delay: ms, Copies: 1} })
	p.burst(20)
	p.Run(at(time.Second))
	require.GreaterOrEqual(t, len(p.b.got), 40)
	requireConserved(t, p.Sim)
}

// TestALinkThatGoesDownDropsWhatAFilterHolds.
func TestALinkThatGoesDownDropsWhatAFilterHolds(t *testing.T) {
	p := newPair(t, 1)
	p.pa.SetFilter(func(time.Time, Frame) Verdict { return Verdict{Delay: 5 * ms} })
	p.burst(1)
	p.link.SetUp(false)
	p.Run(at(time.Second))
	require.Empty(t, p.b.got)
	require.EqualValues(t, 1, p.pa.Counters().Dropped[DropNoCarrier])
	requireConserved(t, p.Sim)
}

// TestFilterOfASegmentsPort judges what leaves towards one member.
func TestFilterOfASegmentsPort(t *testing.T) {
	l := newLAN(t, 3)
	l.Port("LAN:2").SetFilter(func(time.Time, Frame) Verdict { return Verdict{Drop: true} })
	require.Equal(t, []int{2}, l.say(0, broadcast, address(0)))
	requireConserved(t, l.Sim)
}

// TestFramesInFlightAreBounded: a loop whose links duplicate ends in drops
// that have a name.
func TestFramesInFlightAreBounded(t *testing.T) {
	p := newPair(t, 1)
	for _, port := range []*Port{p.pa, p.pb} {
		require.NoError(t, port.SetImpairments(Impairments{Delay: ms, Duplicate: 1}))
	}
	for _, n := range []*station{p.a, p.b} {
		n.onReceive = func(_ time.Time, _ int, f []byte) { n.got = nil; n.send(0, f) }
	}
	p.burst(1)
	p.Run(at(20 * ms))
	require.LessOrEqual(t, int(p.pa.inFlight), maxInFlight)
	require.LessOrEqual(t, p.frames.live, 2*maxInFlight)
	require.NotZero(t, p.pa.Counters().Dropped[DropQueue]+p.pb.Counters().Dropped[DropQueue])
	require.Equal(t, "too many frames in flight", fmt.Sprint(DropQueue))
}

// notebook is an observer that writes down what it is told.
type notebook struct {
	sim   *Sim
	lines []string
}

func (n *notebook) FrameSent(p *Port, number, cause uint64, octets int) {
	n.write("sent %s #%d<-%d %d", p.Name(), number, cause, octets)
}

func (n *notebook) Happened(e Event) {
	n.write("%d %s #%d<-%d %d %v %q", e.What, e.Port.Name(), e.Number, e.Cause, e.Octets, e.Drop, e.Note)
}

func (n *notebook) write(format string, a ...any) {
	n.lines = append(n.lines, n.sim.Now().Sub(epoch).String()+" "+fmt.Sprintf(format, a...))
}

func TestObserver(t *testing.T) {
	p := newPair(t, 1)
	n := &notebook{sim: p.Sim}
	p.Observe(n)
	p.a.out(0, []byte("hello"), 7)
	require.NoError(t, p.pa.SetImpairments(Impairments{Corrupt: 1}))
	p.a.out(0, []byte("hello"), 8)
	p.Run(at(ms))
	p.link.SetUp(false)
	p.a.out(0, []byte("hello"), 9)
	p.link.SetUp(true)
	p.pb.SetUp(false)
	p.pb.SetUp(true)
	require.Equal(t, []string{
		`0s sent A:e0 #1<-7 5`,
		`0s 6 A:e0 #0<-0 0  ""`,
		`0s sent A:e0 #2<-8 5`,
		n.lines[3],
		`1ms 3 A:e0 #0<-0 0  ""`,
		`1ms sent A:e0 #3<-9 5`,
		`1ms 0 A:e0 #3<-9 5 no carrier ""`,
		`1ms 2 A:e0 #0<-0 0  ""`,
		`1ms 5 B:e0 #0<-0 0  ""`,
		`1ms 4 B:e0 #0<-0 0  ""`,
	}, n.lines)
	require.Regexp(t, `^0s 1 A:e0 #2<-8 5  "corrupted: bit `, n.lines[3])
}
