package netsim

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var epoch = time.Date(2013, time.November, 11, 19, 30, 0, 0, time.UTC)

// arrival is a frame as a node got it.
type arrival struct {
	after time.Duration // since the epoch
	port  int
	data  string
}

// station is a Node that writes down what happens to it.
type station struct {
	name     string
	journal  *[]string
	got      []arrival
	numbers  []uint64 // and their numbers
	causes   []uint64
	out      func(port int, frame []byte, cause uint64) uint64
	start    func(cost time.Duration, id uint64)
	jobs     []stationJob // by id
	deadline time.Time

	onStart   func(now time.Time)
	onReceive func(now time.Time, port int, frame []byte)
	onAdvance func(now time.Time)
}

func (n *station) note(format string, args ...any) {
	if n.journal != nil {
		*n.journal = append(*n.journal, n.name+" "+fmt.Sprintf(format, args...))
	}
}

// stationJob is what a job computes, and what happens then.
type stationJob struct {
	compute func()
	done    func(now time.Time)
}

func (n *station) Attach(send func(int, []byte, uint64) uint64, job func(time.Duration, uint64)) {
	n.out, n.start = send, job
}

func (n *station) send(port int, frame []byte) uint64 { return n.out(port, frame, 0) }

func (n *station) job(cost time.Duration, compute func(), done func(now time.Time)) {
	n.jobs = append(n.jobs, stationJob{compute, done})
	n.start(cost, uint64(len(n.jobs)-1))
}

func (n *station) Work(id uint64) func() { return n.jobs[id].compute }

func (n *station) Deliver(now time.Time, id uint64) { n.jobs[id].done(now) }

func (n *station) Start(now time.Time) {
	n.note("start %v", now.Sub(epoch))
	if n.onStart != nil {
		n.onStart(now)
	}
}

func (n *station) Receive(now time.Time, port int, frame []byte, number, cause uint64) {
	n.numbers, n.causes = append(n.numbers, number), append(n.causes, cause)
	n.note("receive %v %d %q", now.Sub(epoch), port, frame)
	n.got = append(n.got, arrival{now.Sub(epoch), port, string(frame)})
	if n.onReceive != nil {
		n.onReceive(now, port, frame)
	}
}

func (n *station) Carrier(now time.Time, port int, up bool) {
	n.note("carrier %v %d %v", now.Sub(epoch), port, up)
}

func (n *station) Advance(now time.Time) {
	n.note("advance %v", now.Sub(epoch))
	n.deadline = time.Time{}
	if n.onAdvance != nil {
		n.onAdvance(now)
	}
}

func (n *station) Deadline() time.Time { return n.deadline }

// texts are the frames a station got, without times.
func (n *station) texts() []string {
	var all []string
	for _, a := range n.got {
		all = append(all, a.data)
	}
	return all
}

// pair is two started stations on one link; A's journal and B's are one.
type pair struct {
	*Sim
	a, b    *station
	pa, pb  *Port
	link    *Link
	journal []string
}

func newPair(t testing.TB, seed Seed) *pair {
	p := &pair{Sim: New(seed, epoch)}
	p.a, p.b = &station{name: "A", journal: &p.journal}, &station{name: "B", journal: &p.journal}
	p.pa = p.AddNode("A", p.a, []string{"e0"}).Port(0)
	p.pb = p.AddNode("B", p.b, []string{"e0"}).Port(0)
	var err error
	p.link, err = p.Link(p.pa, p.pb)
	require.NoError(t, err)
	p.Run(epoch)
	p.journal = nil
	return p
}

// burst sends n numbered frames out of A at once.
func (p *pair) burst(n int) {
	for i := range n {
		p.a.send(0, fmt.Appendf(nil, "frame %06d", i))
	}
}

func at(d time.Duration) time.Time { return epoch.Add(d) }

// requireConserved checks that every frame sent is accounted for once nothing
// is in flight, and that every buffer came back.
func requireConserved(t *testing.T, s *Sim) {
	t.Helper()
	for _, p := range s.ports {
		c := p.Counters()
		var dropped, received uint64
		for _, n := range c.Dropped {
			dropped += n
		}
		if p.far != nil {
			received = p.far.Counters().Received
		}
		require.Equal(t, c.Sent+c.Duplicated, received+dropped, "%s %+v", p.Name(), c)
	}
	require.Zero(t, s.frames.live, "frames not given back")
}

const ms = time.Millisecond
