package netsim

import (
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// echo is a node that does nothing but return what it gets.
type echo struct {
	out  func(port int, frame []byte, cause uint64) uint64
	back bool
	next time.Duration // between two deadlines, 0: none
	due  time.Time
}

func (n *echo) Attach(send func(int, []byte, uint64) uint64, _ func(time.Duration, uint64)) {
	n.out = send
}
func (n *echo) send(port int, frame []byte) { n.out(port, frame, 0) }
func (n *echo) Work(uint64) func()          { return nil }
func (n *echo) Deliver(time.Time, uint64)   {}
func (n *echo) Start(now time.Time)         { n.Advance(now) }
func (n *echo) Receive(_ time.Time, port int, frame []byte, _, _ uint64) {
	if n.back {
		n.send(port, frame)
	}
}
func (n *echo) Carrier(time.Time, int, bool) {}
func (n *echo) Advance(now time.Time) {
	if n.next > 0 {
		n.due = now.Add(n.next)
	}
}
func (n *echo) Deadline() time.Time { return n.due }

// shuttle is a frame going to and fro over a link with the given impairments.
func shuttle(t testing.TB, size int, im Impairments) *Sim {
	s := New(1, epoch)
	a, b := &echo{back: true}, &echo{back: true}
	pa, pb := s.AddNode("A", a, []string{"e0"}).Port(0), s.AddNode("B", b, []string{"e0"}).Port(0)
	_, err := s.Link(pa, pb)
	require.NoError(t, err)
	require.NoError(t, pa.SetImpairments(im))
	require.NoError(t, pb.SetImpairments(im))
	s.Run(epoch)
	a.send(0, ether(address(1), address(0), string(make([]byte, size-headerLen))))
	return s
}

var links = []struct {
	name string
	im   Impairments
}{
	{"delay", Impairments{Delay: ms}},
	{"rate", Impairments{Delay: ms, Rate: 1e9}},
	{"all", Impairments{Delay: ms, Jitter: ms, Rate: 1e9, Corrupt: 0.1, Reorder: 0.1, Duplicate: 1e-12, MTU: 1500}},
}

func TestSteadyStateAllocatesNothing(t *testing.T) {
	for _, l := range links {
		for _, capture := range []bool{false, true} {
			s := shuttle(t, 1400, l.im)
			if capture && l.im.Corrupt == 0 { // a comment is made for the one frame that needs it
				_, err := s.StartCapture(io.Discard, nil)
				require.NoError(t, err)
			}
			s.Run(s.Now().Add(time.Second))
			before := s.Events()
			require.Zero(t, testing.AllocsPerRun(20, func() { s.Run(s.Now().Add(time.Second)) }), "%s, capture %v", l.name, capture)
			require.Greater(t, s.Events()-before, uint64(5000))
		}
	}
}

func TestSegmentsAllocateNothing(t *testing.T) {
	s, nodes := crowd(t, 20)
	flood, unicast := ether(broadcast, address(0), "hi"), ether(address(0), address(1), "hi")
	send := func() {
		nodes[0].send(0, flood)
		nodes[1].send(0, unicast)
		s.Run(epoch)
	}
	send()
	require.Zero(t, testing.AllocsPerRun(100, send))
	requireConserved(t, s)
}

// crowd is n silent nodes on one segment.
func crowd(t testing.TB, n int) (*Sim, []*echo) {
	s := New(1, epoch)
	g := s.Segment("LAN")
	nodes := make([]*echo, n)
	for i := range nodes {
		nodes[i] = &echo{}
		_, err := g.Connect(s.AddNode(fmt.Sprint(i), nodes[i], []string{"e0"}).Port(0))
		require.NoError(t, err)
	}
	s.Run(epoch)
	return s, nodes
}

func BenchmarkFrame(b *testing.B) {
	for _, l := range links {
		for _, size := range []int{100, 1400} {
			b.Run(fmt.Sprintf("%s/%d", l.name, size), func(b *testing.B) {
				s := shuttle(b, size, l.im)
				s.Run(s.Now().Add(time.Second))
				start := s.Events()
				b.ReportAllocs()
				for b.Loop() {
					s.step(1 << 62)
				}
				require.NotEqual(b, start, s.Events())
			})
		}
	}
}

// BenchmarkFrameAtOnce is a frame over a link without a delay, 16 at a time.
func BenchmarkFrameAtOnce(b *testing.B) {
	const burst = 16
	s := shuttle(b, 100, Impairments{Delay: ms})
	s.Device("A").Node().(*echo).back = false
	require.NoError(b, s.Port("B:e0").SetImpairments(Impairments{}))
	s.Run(s.Now().Add(time.Second))
	from, frame := s.Device("B").Node().(*echo), make([]byte, 100)
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		if from.send(0, frame); n%burst == burst-1 {
			s.Run(s.Now().Add(time.Microsecond))
		}
	}
}

func BenchmarkFrameCaptured(b *testing.B) {
	s := shuttle(b, 1400, Impairments{Delay: ms})
	_, err := s.StartCapture(io.Discard, nil)
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		s.step(1 << 62)
	}
}

// BenchmarkSegment is a unicast frame through a segment of 1,000 ports.
func BenchmarkSegment(b *testing.B) {
	s, nodes := crowd(b, 1000)
	nodes[7].send(0, ether(broadcast, address(7), ""))
	s.Run(epoch)
	frame := ether(address(7), address(3), string(make([]byte, 1386)))
	b.ReportAllocs()
	for b.Loop() {
		nodes[3].send(0, frame)
		s.step(1 << 62)
	}
}

// BenchmarkDeadlines is the cost of an event when 10,000 devices have a timer
// each.
func BenchmarkDeadlines(b *testing.B) {
	s := New(1, epoch)
	for i := range 10_000 {
		s.AddNode(fmt.Sprint(i), &echo{next: time.Second + time.Duration(i*37%1000)*ms}, nil)
	}
	s.Run(epoch)
	b.ReportAllocs()
	for b.Loop() {
		s.step(1 << 62)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkPending is the cost of a frame while 100,000 others are in flight.
func BenchmarkPending(b *testing.B) {
	s := shuttle(b, 100, Impairments{Delay: ms})
	a := s.Device("A").Node().(*echo)
	for range 100_000 {
		a.send(0, make([]byte, 100))
		s.Run(s.Now().Add(10))
	}
	b.ReportAllocs()
	for b.Loop() {
		s.step(1 << 62)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkIdle is a virtual day of 10,000 devices with nothing to do.
func BenchmarkIdle(b *testing.B) {
	s := New(1, epoch)
	for i := range 10_000 {
		s.AddNode(fmt.Sprint(i), &echo{}, []string{"e0"})
	}
	s.Run(epoch)
	b.ReportAllocs()
	for b.Loop() {
		s.Run(s.Now().Add(24 * time.Hour))
	}
}
