package ikev2

import (
	"io"
	"reflect"
	"slices"
	"time"

	"ikelab/ipsec"
)

// Engine is the IKEv2 side of one router. Its methods must not be called
// concurrently; each returns what the caller has to do.
type Engine struct {
	machine *machine
	lives   *lives
	now     time.Time

	draws
	configured
	database
	agenda
	admission
	jobs
	recording
	paths
	hmacs     hmacs
	diagnoses *diagnoses // nil: nothing has failed
	lastCE    int        // SAs that have come up
}

// theMachine is the table that every engine runs; nothing changes it.
var theMachine = newMachine()

// New returns an engine that draws every random octet from rand. Details says
// whether somebody reads the bodies that a negotiation is full of; while nobody
// does, Unheard stands for them.
func New(rand io.Reader, details func() bool) *Engine {
	few := make([]*ikeSA, 8) // that one call touches, mostly, and the one before
	e := &Engine{
		machine: theMachine, lives: theLives, draws: draws{rand: rand}, recording: recording{details: details},
		configured: configured{&Global{}, newIndex(&Config{})}, agenda: agenda{touched: few[:0:4], settled: few[4:4]},
	}
	e.paths.e = e
	return e
}

// begin opens a call at an instant; end closes it with its effects.
func (e *Engine) begin(now time.Time) {
	e.now = now
	e.recording.begin()
}

func (e *Engine) end() Effects {
	relocate(e)
	e.settle()
	return e.recording.end()
}

// Recycle takes back the list of a call that the caller has gone through: room for the effects
// of the next one. A list that has grown is not kept.
func Recycle(e *Engine, fx Effects) {
	if cap(fx) == usual {
		clear(fx)
		e.spare = fx[:0]
	}
}

// Follow has what comes due for the SAs that the last call was about follow from a record.
func Follow(e *Engine, id uint64) {
	for _, sa := range e.settled {
		sa.after = id
	}
}

// Follows is the record that the SA which is due first follows from; 0: none.
func Follows(e *Engine) uint64 {
	if sa := e.due.peek(); sa != nil {
		return sa.after
	}
	return 0
}

// Deadline is when Advance must next be called; zero: never.
func (e *Engine) Deadline() time.Time { return e.next }

// Advance does what has become due for one SA, the first of those that are: what comes of
// it is not what another's effects follow from. Deadline says whether there are more.
func (e *Engine) Advance(now time.Time) Effects {
	e.begin(now)
	if sa := e.due.peek(); sa != nil && isDue(sa.due, now) {
		e.tick(sa)
		e.enter(sa, time.Time{})
		e.touch(sa)
	}
	return e.end()
}

// Configure sets what the engine knows about IKE. SAs keep what they
// negotiated.
func (e *Engine) Configure(c *Config) {
	global := c.Global // alone: the rest is in the index
	e.cfg, e.index = &global, newIndex(c)
}

// SetGlobal sets what holds for whatever profile.
func SetGlobal(e *Engine, c *Global) {
	e.cfg = c
	e.index.global(c)
}

// SetProfile puts a profile in the place of the one with its name; nil: there is none any
// more. It says whether that is another one.
func SetProfile(e *Engine, name string, p *Profile) bool {
	if reflect.DeepEqual(e.index.profile(name), p) {
		return false
	}
	e.index.setProfile(name, p)
	return true
}

// SetKeyring makes a keyring without peers, unless there is one, or takes it away. It says whether
// that was anything.
func SetKeyring(e *Engine, name string, there bool) bool {
	if before := e.index.keyrings.Get(name); (before != nil) == there {
		return false
	}
	if e.index.keyrings.Delete(name); there {
		e.index.keyrings.Put(name, &keyring{})
	}
	return true
}

// SetPeer puts what a keyring says of a peer in the place of what it said; nothing: there is none
// of its name any more. What it returns is both, if they differ.
func SetPeer(e *Engine, ring, name string, list []KeyringPeer) (differ []*KeyringPeer) {
	k := e.index.keyrings.Get(ring)
	if k == nil {
		return nil
	}
	before := slices.Clone(k.peers.Get(name))
	if slices.EqualFunc(before, list, func(a ranked[KeyringPeer], b KeyringPeer) bool { return reflect.DeepEqual(a.of, &b) }) {
		return nil
	}
	for _, r := range before {
		k.change(r, false)
		differ = append(differ, r.of)
	}
	for i := range list {
		e.index.addPeer(ring, &list[i])
		differ = append(differ, &list[i])
	}
	return differ
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

// ClearSAs deletes IKE SAs that there are, in their order, as Clear does.
func ClearSAs(e *Engine, now time.Time, list []SAInfo) Effects {
	e.begin(now)
	for _, info := range list {
		own := info.SPIr
		if info.Initiator {
			own = info.SPIi
		}
		if sa := e.sas.Get(own); sa != nil {
			e.closeSA(sa, ReasonCleared)
		}
	}
	return e.end()
}

// ClearChildren deletes the pairs of an entry and leaves the IKE SA.
func (e *Engine) ClearChildren(now time.Time, name string) Effects {
	e.begin(now)
	if f := e.entries.Get(name); f != nil {
		e.deletePairs(f, func(*child) bool { return true }, ReasonCleared)
	}
	return e.end()
}

// Homeless ends the SAs of an entry whose own address this device has no more: what the
// peer sends does not come, and no word of the end could leave.
func Homeless(e *Engine, now time.Time, name string) Effects {
	e.begin(now)
	if f := e.entries.Get(name); f != nil {
		for _, sa := range slices.Clone(e.peers.Get(f.path()).sas) {
			if sa.up() {
				e.drop(sa, saLost, ReasonHomeless)
			}
		}
	}
	return e.end()
}

// VolumeSoft rekeys a child whose traffic volume nears its limit; in is the
// SPI that we receive on.
func (e *Engine) VolumeSoft(now time.Time, in ipsec.SPI) Effects {
	e.begin(now)
	if c := e.children.Get(in); c != nil {
		e.rekeyChild(c)
	}
	return e.end()
}

// EndChild deletes a child, for a reason such as that its traffic volume is used up; in
// is the SPI that we receive on.
func (e *Engine) EndChild(now time.Time, in ipsec.SPI, r Reason) Effects {
	e.begin(now)
	if c := e.children.Get(in); c != nil {
		e.deleteChildren(c.sa, []*child{c}, r)
	}
	return e.end()
}

// Traffic tells that a valid ESP packet came in: proof of life (RFC 7296 2.4).
func (e *Engine) Traffic(now time.Time, in ipsec.SPI) {
	if c := e.children.Get(in); c != nil {
		c.sa.lastHeard = now
	}
}
