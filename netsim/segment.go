package netsim

import (
	"strconv"
	"time"
)

// Segment is a broadcast domain with many ports: a switch that learns where
// addresses are, so that a unicast frame costs one delivery however many
// ports there are. What is learned is kept until the port loses its link, the
// address shows up elsewhere or nothing is heard from it for five minutes.
type Segment struct {
	sim     *Sim
	name    string
	ports   []*Port
	seen    map[mac]*learned
	apart   []*Port  // where frames do not leave at once, by index
	pending int      // floods on their way
	root    *Segment // of the segments linked together, to find loops
	tap     *tap
	count   SegmentCounters
}

// SegmentCounters count the frames that entered a segment, by what it did.
type SegmentCounters struct {
	Forwarded uint64 // to the one port where the address was seen
	Flooded   uint64 // to all other ports
	Filtered  uint64 // not at all: the address is where the frame came from
	Runts     uint64 // not at all: shorter than an Ethernet header
	Overrun   uint64 // not at all: too many wait to be flooded at this instant
}

type mac [6]byte

// learned is where a segment has heard an address, and when last.
type learned struct {
	at    *Port
	heard int64 // nanoseconds since the epoch
}

// ageing is how long an address is believed to be where it was heard (IEEE
// 802.1D section 7.9.2): a frame that was changed on its way may have told of
// one that is not there.
const ageing = int64(300 * time.Second)

// maxAddresses bounds what a segment learns; beyond, it floods.
const maxAddresses = 1 << 16

// Segment adds an empty segment.
func (s *Sim) Segment(name string) *Segment {
	g := &Segment{sim: s, name: name, seen: map[mac]*learned{}}
	g.root = g
	g.tap = s.newTap(name)
	s.segments = append(s.segments, g)
	return g
}

// Segments returns the segments in the order added; not to be modified.
func (w *wiring) Segments() []*Segment { return w.segments }

// Name is the segment's name.
func (g *Segment) Name() string { return g.name }

// Counters returns the segment's counters.
func (g *Segment) Counters() SegmentCounters { return g.count }

// Ports returns the ports in the order added; not to be modified.
func (g *Segment) Ports() []*Port { return g.ports }

// NewPort adds a port to be linked; an empty name numbers it.
func (g *Segment) NewPort(name string) *Port {
	if name == "" {
		name = strconv.Itoa(len(g.ports) + 1)
	}
	p := g.sim.newPort(g.name, name, len(g.ports), g)
	g.ports = append(g.ports, p)
	return p
}

// Connect links a device's port to a new port of the segment.
func (g *Segment) Connect(p *Port) (*Link, error) { return g.sim.Link(p, g.NewPort("")) }

func (g *Segment) ready() bool { return true }

// carrier forgets what was behind a port that has no carrier any more.
func (g *Segment) carrier(p *Port, up bool) {
	if up {
		return
	}
	for a, s := range g.seen {
		if s.at == p {
			delete(g.seen, a)
		}
	}
}

func (g *Segment) receive(from *Port, f *frame) {
	if len(f.data) < headerLen {
		g.count.Runts++
		return
	}
	g.learn(mac(f.data[6:12]), from)
	switch to := g.where(mac(f.data[0:6])); to {
	case nil: // groups too: they are no one's source address, so never learned
		g.flood(from, f)
	case from:
		g.count.Filtered++
	default:
		g.count.Forwarded++
		to.transmit(f)
	}
}

func (g *Segment) learn(a mac, at *Port) {
	const group = 1 // IEEE 802 individual/group bit
	if a[0]&group != 0 {
		return
	}
	switch s := g.seen[a]; {
	case s != nil:
		*s = learned{at, g.sim.at}
	case len(g.seen) < maxAddresses:
		g.seen[a] = &learned{at, g.sim.at}
	}
}

// where is the port behind which an address is; nil: it is not known.
func (g *Segment) where(a mac) *Port {
	s := g.seen[a]
	switch {
	case s == nil:
		return nil
	case g.sim.at-s.heard >= ageing:
		delete(g.seen, a)
		return nil
	}
	return s.at
}

// joinSegments refuses a link that would close a loop of segments.
func joinSegments(a, b *Port) error {
	ga, ok := a.owner.(*Segment)
	gb, both := b.owner.(*Segment)
	if !ok || !both {
		return nil
	}
	ra, rb := ga.find(), gb.find()
	if ra == rb {
		return ErrLoop
	}
	ra.root = rb
	return nil
}

func (g *Segment) find() *Segment {
	for g.root != g {
		g = g.root
	}
	return g
}
