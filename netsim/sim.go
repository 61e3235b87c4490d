package netsim

import (
	"fmt"
	"math"
	"time"
)

// Sim is one simulation: its clock, its queue and all that is in it. It
// belongs to one goroutine.
type Sim struct {
	clock
	guard
	wiring
	seed     Seed
	events   uint64
	numbered uint64 // frames so far
	queue    queue
	frames   frames
	flights  slab[flight]
	floods   slab[flood]
	calls    slab[func(now time.Time)]
	jobs     slab[job]
	workers  Executor
	observer Observer
}

// clock is the virtual time.
type clock struct {
	epoch     time.Time
	epochSec  int64 // the same in two parts
	epochNano int
	now       time.Time // epoch + at
	at        int64     // nanoseconds since the epoch
}

// guard sees that calls do not nest.
type guard struct {
	running bool
	inside  bool // a Node is being called
}

// wiring is all that is in a simulation.
type wiring struct {
	devices  []*Device
	names    map[string]*Device
	ports    map[string]*Port
	links    []*Link
	segments []*Segment
	captures []*Capture
}

// New returns an empty simulation whose clock stands at epoch.
func New(seed Seed, epoch time.Time) *Sim {
	epoch = epoch.Round(0).UTC() // without a monotonic part
	return &Sim{
		clock:  clock{epoch: epoch, epochSec: epoch.Unix(), epochNano: epoch.Nanosecond(), now: epoch},
		wiring: wiring{names: map[string]*Device{}, ports: map[string]*Port{}},
		seed:   seed,
	}
}

// Now is the virtual time.
func (c *clock) Now() time.Time { return c.now }

// Seed is the seed of the simulation.
func (s *Sim) Seed() Seed { return s.seed }

// Events is how many events have happened so far.
func (s *Sim) Events() uint64 { return s.events }

// SetWorkers lets e compute jobs ahead; nil has them computed when due.
func (s *Sim) SetWorkers(e Executor) { s.workers = e }

// At calls f at t, or at the current instant if t has passed, after everything
// already scheduled for then.
func (s *Sim) At(t time.Time, f func(now time.Time)) {
	s.schedule(s.offset(t), kindCall, s.calls.put(f))
}

// Next is when something happens next; false when nothing is to happen.
func (s *Sim) Next() (time.Time, bool) {
	at, ok := s.queue.peek()
	if !ok {
		return time.Time{}, false
	}
	return s.time(at), true
}

// Run lets everything happen that is due up to and including until, and
// leaves the clock there. The clock never goes back.
func (s *Sim) Run(until time.Time) {
	limit := s.offset(until)
	s.begin()
	defer s.end()
	for s.step(limit) {
	}
}

// RunUntil runs until cond holds, asked before and after each event, or until
// limit. It reports whether cond holds; the clock then stands at the event
// that brought it about.
func (s *Sim) RunUntil(cond func() bool, limit time.Time) bool {
	if cond() {
		return true
	}
	end := s.offset(limit)
	s.begin()
	defer s.end()
	for s.step(end) {
		if cond() {
			return true
		}
	}
	return cond()
}

// Touch asks a device for its deadline again. Whoever calls into a device from
// outside the simulation calls it afterwards.
func (s *Sim) Touch(d *Device) {
	if !d.started {
		return
	}
	t := d.node.Deadline()
	if t == d.due {
		return // keeps its turn among equal instants
	}
	d.due = t
	if d.waking != 0 {
		s.queue.remove(d.waking)
		d.waking = 0
	}
	if !t.IsZero() {
		d.waking = s.queue.put(s.offset(t), kindWake, d.index)
	}
}

func (g *guard) begin() {
	if g.running {
		panic("netsim: Run called from inside Run")
	}
	g.running = true
}

func (g *guard) end() { g.running = false }

// step lets the next event happen. When it lies behind limit, the clock then
// stands at limit.
func (s *Sim) step(limit int64) bool {
	kind, index := s.queue.take(limit)
	s.setNow(s.queue.base)
	if kind == kindNone {
		return false
	}
	s.events++
	switch kind {
	case kindArrive:
		s.arrive(index)
	case kindHeld:
		s.proceed(index)
	case kindFlood:
		s.spread(index)
	case kindWake:
		s.devices[index].wake()
	case kindStart:
		s.devices[index].start(s.at)
	case kindCall:
		s.calls.take(index)(s.now)
	case kindJob:
		s.finish(index)
	}
	return true
}

func (s *Sim) schedule(at int64, k kind, index uint32) {
	s.queue.put(max(at, s.at), k, index)
}

func (c *clock) setNow(at int64) {
	if at > c.at {
		c.at, c.now = at, c.time(at)
	}
}

func (c *clock) time(at int64) time.Time { return c.epoch.Add(time.Duration(at)) }

// offset is t in nanoseconds since the epoch, not before the current instant.
func (c *clock) offset(t time.Time) int64 {
	if sec := t.Unix() - c.epochSec; sec > 0 && sec < math.MaxInt32 { // the usual, at a third of what Sub costs
		return max(sec*nanoseconds+int64(t.Nanosecond()-c.epochNano), c.at)
	}
	return max(int64(t.Sub(c.epoch)), c.at)
}

// after is the current instant plus d, which never wraps around.
func (c *clock) after(d time.Duration) int64 {
	if d <= 0 {
		return c.at
	}
	if int64(d) > math.MaxInt64-c.at {
		return math.MaxInt64
	}
	return c.at + int64(d)
}

// enter and leave stand around each call into a Node: such calls never nest,
// and each may have changed the node's deadline.
func (g *guard) enter(d *Device) {
	if g.inside {
		panic(fmt.Sprintf("netsim: %s called from inside a call into a node", d.name))
	}
	g.inside = true
}

func (s *Sim) leave(d *Device) {
	s.inside = false
	s.Touch(d)
}
