package ikev2

import (
	"io"
	"maps"
	"net/netip"
	"slices"
	"time"

	"ikelab/ipsec"
)

// Engine is the IKEv2 side of one router. Its methods must not be called
// concurrently; each returns what the caller has to do.
type Engine struct {
	rand    io.Reader
	cfg     *Config
	index   *index
	machine *machine
	lives   *lives

	entries  map[string]*entry
	peers    map[path]*peer
	sas      map[uint64]*ikeSA    // by the SPI that we chose
	halves   map[halfKey]*ikeSA   // responder SAs by the initiator's side
	children map[ipsec.SPI]*child // by the SPI that we receive on
	jobs     map[uint64]*pending
	due      queue
	touched  []*ikeSA

	now time.Time
	recording
	ids       ids
	halfOpen  []*ikeSA // begun by peers, the oldest first; some have ended
	diagnoses diagnoses
	lastJob   uint64
	lastCE    int // SAs that have come up
	stats     Stats
}

// halfKey finds the responder's SA for a retransmitted IKE_SA_INIT request,
// which does not carry our SPI yet.
type halfKey struct {
	remote netip.AddrPort
	spiI   uint64
}

// theMachine is the table that every engine runs; nothing changes it.
var theMachine = newMachine()

// New returns an engine that draws every random octet from rand. Details says
// whether somebody reads the bodies that a negotiation is full of; while nobody
// does, Unheard stands for them.
func New(rand io.Reader, details func() bool) *Engine {
	return &Engine{
		rand: rand, recording: recording{details: details}, cfg: &Config{}, index: newIndex(&Config{}, &index{}), machine: theMachine, lives: theLives,
		entries: map[string]*entry{}, peers: map[path]*peer{}, sas: map[uint64]*ikeSA{}, halves: map[halfKey]*ikeSA{},
		children: map[ipsec.SPI]*child{}, jobs: map[uint64]*pending{},
	}
}

// begin opens a call at an instant; end closes it with its effects.
func (e *Engine) begin(now time.Time) {
	e.now = now
	e.recording.begin()
}

func (e *Engine) end() Effects {
	for _, sa := range e.touched {
		sa.touched = false
		e.schedule(sa)
	}
	e.touched = e.touched[:0]
	return e.recording.end()
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
	if sa.state == saDead {
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

// Configure sets what the engine knows about IKE. SAs keep what they
// negotiated.
func (e *Engine) Configure(now time.Time, c *Config) Effects {
	e.begin(now)
	e.cfg, e.index = c, newIndex(c, e.index)
	return e.end()
}

// insert makes an SA known under its SPI, its id and to its peer, whose list stays in
// the order of the ids.
func (e *Engine) insert(sa *ikeSA) {
	e.number(sa)
	e.sas[sa.localSPI()] = sa
	sa.peer = e.peerAt(sa.path())
	i, _ := slices.BinarySearchFunc(sa.peer.sas, sa.id, byID)
	sa.peer.sas = slices.Insert(sa.peer.sas, i, sa)
}

// number gives an SA its id.
func (e *Engine) number(sa *ikeSA) {
	if sa.id == 0 {
		sa.id = e.ids.take()
	}
}

func (e *Engine) remove(sa *ikeSA) {
	e.ids.free(sa.id)
	if sa.peer == nil { // it was refused before it was inserted
		return
	}
	delete(e.sas, sa.localSPI())
	delete(e.halves, halfKey{sa.remote, sa.spiI})
	if i, found := slices.BinarySearchFunc(sa.peer.sas, sa.id, byID); found {
		sa.peer.sas = slices.Delete(sa.peer.sas, i, i+1)
	}
	e.forget(sa.peer)
}

func byID(sa *ikeSA, id int) int { return sa.id - id }

// sorted lists the SAs by id.
func (e *Engine) sorted() []*ikeSA {
	return slices.SortedFunc(maps.Values(e.sas), func(a, b *ikeSA) int { return a.id - b.id })
}

// Clear deletes the matching IKE SAs and, with them, their children.
func (e *Engine) Clear(now time.Time, match func(SAInfo) bool) Effects {
	e.begin(now)
	for _, sa := range e.sorted() {
		if match(sa.info()) {
			e.closeSA(sa, ReasonCleared)
		}
	}
	return e.end()
}

// ClearChildren deletes the pairs of an entry and leaves the IKE SA.
func (e *Engine) ClearChildren(now time.Time, name string) Effects {
	e.begin(now)
	if f := e.entries[name]; f != nil {
		e.deletePairs(f, ReasonCleared)
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
