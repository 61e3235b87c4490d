package bench

import (
	"fmt"
	"math"
	"time"

	"ikelab/netsim"
)

// The bare fabric: what netsim costs when the devices do nothing.

const (
	fabricDevices = 10_000
	fabricEvents  = 200_000
	fabricRounds  = 30 // the best is the one that others disturbed least
)

// mirror is a device that sends back what it gets and has a deadline far away.
// One that is restless moves it at each frame.
type mirror struct {
	send     func(port int, frame []byte, cause uint64) uint64
	restless bool
	dumb     bool
	due      time.Time
}

// farAway is when a mirror's deadline comes.
const farAway = 1000 * time.Hour

// Attach and the others make it a netsim.Node.
func (m *mirror) Attach(send func(int, []byte, uint64) uint64, _ func(time.Duration, uint64)) {
	m.send = send
}

// Start sets the deadline.
func (m *mirror) Start(now time.Time) { m.due = now.Add(farAway) }

// Receive sends the frame back.
func (m *mirror) Receive(now time.Time, port int, frame []byte, _, _ uint64) {
	if m.restless {
		m.due = now.Add(farAway)
	}
	if !m.dumb {
		m.send(port, frame, 0)
	}
}

// Carrier does nothing.
func (m *mirror) Carrier(time.Time, int, bool) {}

// Advance does nothing.
func (m *mirror) Advance(time.Time) { m.due = time.Time{} }

// Deadline is far away.
func (m *mirror) Deadline() time.Time { return m.due }

// Work and Deliver are of no use to it.
func (m *mirror) Work(uint64) func() { return nil }

// Deliver does nothing.
func (m *mirror) Deliver(time.Time, uint64) {}

// mirrors are pairs of devices with a link each.
func mirrors(n int, restless bool) (*netsim.Sim, []*mirror) {
	s := netsim.New(1, time.Unix(0, 0))
	list := make([]*mirror, n)
	var last *netsim.Port
	for i := range list {
		list[i] = &mirror{restless: restless}
		p := s.AddNode(fmt.Sprint(i), list[i], []string{"e0"}).Port(0)
		im := netsim.Impairments{Delay: time.Millisecond + time.Duration(i%997)*time.Microsecond}
		if err := p.SetImpairments(im); err != nil {
			panic(err)
		}
		if i%2 == 0 {
			last = p
		} else if _, err := s.Link(last, p); err != nil {
			panic(err)
		}
	}
	s.Run(s.Now())
	return s, list
}

// pace is how many events a second a simulation makes that never ends.
func (h Host) pace(s *netsim.Sim) float64 {
	best := math.Inf(1)
	for range fabricRounds {
		first := s.Events()
		enough := func() bool { return s.Events()-first >= fabricEvents }
		seconds := h.took(func() {
			for !enough() {
				s.Run(s.Now().Add(10 * time.Millisecond))
			}
		})
		best = min(best, seconds/float64(s.Events()-first))
	}
	return 1 / best
}

func benchFabric(h Host) ([]Measure, error) {
	frame := make([]byte, 100)
	start := func(restless bool) *netsim.Sim {
		s, nodes := mirrors(fabricDevices, restless)
		for i := 0; i < len(nodes); i += 2 {
			nodes[i].send(0, frame, 0)
		}
		return s
	}
	return []Measure{
		{Name: "10,000 devices, deadlines moved at each event", Value: h.pace(start(true)), Unit: "events/s", Target: new(2.5e6), AtLeast: true},
		{Name: "10,000 devices, deadlines pending", Value: h.pace(start(false)), Unit: "events/s", Target: new(4e6), AtLeast: true},
		{Name: "broadcast to 10,000 devices, a receiver", Value: h.broadcast(), Unit: "ns"},
	}, nil
}

// broadcast is the time that one more receiver on a segment costs.
func (h Host) broadcast() float64 {
	s := netsim.New(1, time.Unix(0, 0))
	lan := s.Segment("LAN")
	var first *mirror
	for i := range fabricDevices {
		m := &mirror{dumb: true}
		if _, err := lan.Connect(s.AddNode(fmt.Sprint(i), m, []string{"e0"}).Port(0)); err != nil {
			panic(err)
		}
		if i == 0 {
			first = m
		}
	}
	s.Run(s.Now())
	frame := make([]byte, 60)
	copy(frame, []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1})
	best := math.Inf(1)
	for range fabricRounds {
		best = min(best, h.took(func() {
			first.send(0, frame, 0)
			s.Run(s.Now().Add(time.Millisecond))
		}))
	}
	return best / fabricDevices * 1e9
}
