package ikev2

import (
	"io"
	"net/netip"
	"slices"
	"time"

	"ikelab/ipsec"
)

// Engine is the IKEv2 side of one router. Its methods must not be called
// concurrently; each returns what the caller has to do.
type Engine struct {
	// Trace asks for the events that only `debug` renders: Step, Note,
	// MessageBuilt, MessageSent, PacketArrived and MessageParsed.
	Trace bool

	rand    io.Reader
	cfg     *Config
	flows   map[string]*flow
	machine *machine

	sas      map[uint64]*ikeSA    // by the SPI that we chose
	list     []*ikeSA             // the same, by id
	halves   map[halfKey]*ikeSA   // responder SAs by the initiator's side
	children map[ipsec.SPI]*child // by the SPI that we receive on
	due      queue
	touched  []*ikeSA

	now time.Time
	fx  Effects

	lastID, lastMIB int
	stats           Stats
}

// halfKey finds the responder's SA for a retransmitted IKE_SA_INIT request,
// which does not carry our SPI yet.
type halfKey struct {
	remote netip.AddrPort
	spiI   uint64
}

// theMachine is the table that every engine runs; nothing changes it.
var theMachine = newMachine()

// New returns an engine that draws every random octet from rand.
func New(rand io.Reader) *Engine {
	return &Engine{
		rand: rand, cfg: &Config{}, machine: theMachine,
		flows: map[string]*flow{}, sas: map[uint64]*ikeSA{}, halves: map[halfKey]*ikeSA{}, children: map[ipsec.SPI]*child{},
	}
}

// begin opens a call at an instant; end closes it with its effects.
func (e *Engine) begin(now time.Time) { e.now, e.fx = now, Effects{} }

func (e *Engine) end() Effects {
	for _, sa := range e.touched {
		sa.touched = false
		e.schedule(sa)
	}
	e.touched = e.touched[:0]
	fx := e.fx
	e.fx = Effects{}
	return fx
}

// touch notes that the deadline of an SA may have changed.
func (e *Engine) touch(sa *ikeSA) {
	if !sa.touched {
		sa.touched = true
		e.touched = append(e.touched, sa)
	}
}

func (e *Engine) schedule(sa *ikeSA) {
	due := sa.deadline()
	if sa.dead {
		due = time.Time{}
	}
	if !due.Equal(sa.due) {
		e.due.set(sa, due)
	}
}

// Deadline is when Advance must next be called; zero: never.
func (e *Engine) Deadline() time.Time { return e.due.first() }

// Advance does what has become due.
func (e *Engine) Advance(now time.Time) Effects {
	e.begin(now)
	for sa := e.due.peek(); sa != nil && isDue(sa.due, now); sa = e.due.peek() {
		e.tick(sa)
		e.due.set(sa, time.Time{})
		e.touch(sa)
	}
	return e.end()
}

// Deliver hands back a job whose cost has passed.
func (e *Engine) Deliver(now time.Time, j *Job) Effects {
	e.begin(now)
	if x := j.ex; !j.sa.dead && x.job == j {
		x.job = nil
		if j.ready != nil {
			j.ready()
		}
		e.run(x, j.in)
	}
	return e.end()
}

// job pauses an exchange until in is raised at its delivery.
func (e *Engine) job(x *exchange, cost time.Duration, in Input, compute func()) {
	if compute == nil {
		compute = func() {}
	}
	j := &Job{Cost: cost, Compute: compute, sa: x.sa, ex: x, in: in}
	x.job = j
	e.fx.Jobs = append(e.fx.Jobs, j)
}

func (e *Engine) emit(ev Event) { e.fx.Events = append(e.fx.Events, ev) }

// note emits a fact about an SA, noteFree one without an SA.
func (e *Engine) note(sa *ikeSA, what Fact) {
	if e.Trace {
		e.emit(Note{SA: sa.ref(), What: what})
	}
}

func (e *Engine) noteFree(n Note) {
	if e.Trace {
		e.emit(n)
	}
}

// octets draws n random octets.
func (e *Engine) octets(n int) []byte {
	b := make([]byte, n)
	e.fill(b)
	return b
}

func (e *Engine) fill(b []byte) {
	if _, err := io.ReadFull(e.rand, b); err != nil {
		panic("ikev2: the random stream ended: " + err.Error())
	}
}

// within draws a duration of [0, d).
func (e *Engine) within(d time.Duration) time.Duration {
	return time.Duration(uint64(be32(e.octets(4))) * uint64(d) >> 32)
}

// Configure sets the policy database. SAs keep what they negotiated; those of
// a flow that vanished or points elsewhere now are deleted.
func (e *Engine) Configure(now time.Time, c *Config) Effects {
	e.begin(now)
	e.cfg = c
	old := e.flows
	e.flows = make(map[string]*flow, len(c.Flows))
	for i := range c.Flows {
		cfg := c.Flows[i]
		f := old[cfg.Name]
		if f == nil || !f.cfg.sameEnds(&cfg) {
			f = &flow{}
		} else {
			delete(old, cfg.Name)
		}
		f.cfg = cfg
		e.flows[cfg.Name] = f
	}
	for _, sa := range slices.Clone(e.list) {
		if sa.usesOnly(old) {
			e.deleteSA(sa, ReasonConfigChanged)
		}
	}
	return e.end()
}

// sameEnds says whether SAs of the one flow serve the other.
func (f *Flow) sameEnds(g *Flow) bool {
	return f.Local == g.Local && f.Remote == g.Remote && f.Profile == g.Profile
}

// usesOnly says whether everything the SA is for is among these flows.
func (sa *ikeSA) usesOnly(gone map[string]*flow) bool {
	isGone := func(f *flow) bool { return f != nil && gone[f.cfg.Name] == f }
	if len(sa.children) == 0 {
		return isGone(sa.flow)
	}
	return !slices.ContainsFunc(sa.children, func(c *child) bool { return !isGone(c.flow) })
}

// insert makes an SA known under its SPI. The list stays in the order of the
// ids: maps have no order, runs must.
func (e *Engine) insert(sa *ikeSA) {
	e.sas[sa.localSPI()] = sa
	i, _ := slices.BinarySearchFunc(e.list, sa.id, byID)
	e.list = slices.Insert(e.list, i, sa)
}

func (e *Engine) remove(sa *ikeSA) {
	delete(e.sas, sa.localSPI())
	delete(e.halves, halfKey{sa.remote, sa.spiI})
	if i, found := slices.BinarySearchFunc(e.list, sa.id, byID); found {
		e.list = slices.Delete(e.list, i, i+1)
	}
}

func byID(sa *ikeSA, id int) int { return sa.id - id }

// FlowState says how far a flow is.
type FlowState uint8

// The states of a flow.
const (
	FlowIsDown FlowState = iota
	FlowNegotiating
	FlowIsUp
)

// FlowState is the state of a flow; a half-open SA that the flow's peer began
// counts as negotiating.
func (e *Engine) FlowState(name string) FlowState {
	f := e.flows[name]
	switch {
	case f == nil:
		return FlowIsDown
	case f.children > 0:
		return FlowIsUp
	case e.negotiating(f):
		return FlowNegotiating
	}
	return FlowIsDown
}

func (e *Engine) negotiating(f *flow) bool {
	for _, sa := range e.list {
		if sa.deleting || sa.dead {
			continue
		}
		if sa.flow == f && (sa.main != nil || sa.wants(f)) {
			return true
		}
		if sa.main != nil && !sa.initiator && sa.local.Addr() == f.cfg.Local && sa.remote.Addr() == f.cfg.Remote {
			return true
		}
	}
	return false
}

// wants says whether a new child for the flow is being made under the SA.
func (sa *ikeSA) wants(f *flow) bool {
	match := func(x *exchange) bool { return x.initiator && x.flow == f }
	return slices.ContainsFunc(sa.exchanges, match) || slices.ContainsFunc(sa.queue, match)
}

// Acquire asks for SAs for a flow. Nothing happens when they are up or being
// negotiated, whoever began.
func (e *Engine) Acquire(now time.Time, name string) Effects {
	e.begin(now)
	f := e.flows[name]
	if f == nil || f.children > 0 || f.cfg.ResponderOnly {
		return e.end()
	}
	if e.negotiating(f) {
		e.noteFree(Note{What: AlreadyNegotiating})
		return e.end()
	}
	if sa := e.readyFor(f); sa != nil {
		e.start(sa, &exchange{purpose: forChild, flow: f}, EvInitCreateChild)
		return e.end()
	}
	e.initiate(f)
	return e.end()
}

// readyFor finds an IKE SA under which a child for the flow can be made.
func (e *Engine) readyFor(f *flow) *ikeSA {
	for _, sa := range e.list {
		if sa.usable() && sa.profile.Name == f.cfg.Profile &&
			sa.local.Addr() == f.cfg.Local && sa.remote.Addr() == f.cfg.Remote {
			return sa
		}
	}
	return nil
}

// Clear deletes the matching IKE SAs and, with them, their children.
func (e *Engine) Clear(now time.Time, match func(SAInfo) bool) Effects {
	e.begin(now)
	for _, sa := range slices.Clone(e.list) {
		if match(sa.info()) {
			e.deleteSA(sa, ReasonCleared)
		}
	}
	return e.end()
}

// ClearChildren deletes the matching child SAs and leaves the IKE SA.
func (e *Engine) ClearChildren(now time.Time, match func(flow string, peer netip.Addr) bool) Effects {
	e.begin(now)
	for _, sa := range slices.Clone(e.list) {
		var doomed []*child
		for _, c := range sa.children {
			if match(c.flow.cfg.Name, sa.remote.Addr()) {
				doomed = append(doomed, c)
			}
		}
		e.deleteChildren(sa, doomed, ReasonCleared)
	}
	return e.end()
}

// VolumeSoft rekeys a child whose traffic volume nears its limit; in is the
// SPI that we receive on.
func (e *Engine) VolumeSoft(now time.Time, in ipsec.SPI) Effects {
	e.begin(now)
	if c := e.children[in]; c != nil {
		e.rekeyChild(c)
	}
	return e.end()
}

// VolumeHard deletes a child whose traffic volume is used up.
func (e *Engine) VolumeHard(now time.Time, in ipsec.SPI) Effects {
	e.begin(now)
	if c := e.children[in]; c != nil {
		e.deleteChildren(c.sa, []*child{c}, ReasonExpired)
	}
	return e.end()
}

// Traffic tells that a valid ESP packet came in: proof of life (RFC 7296 2.4).
func (e *Engine) Traffic(now time.Time, in ipsec.SPI) {
	if c := e.children[in]; c != nil {
		c.sa.lastHeard = now
	}
}
