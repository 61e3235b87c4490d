package crypto

import (
	"encoding/binary"
	"iter"
	"net/netip"
	"slices"
	"time"

	"ikelab/ipsec/few"
	"ikelab/ipsec/spd"
	"ikelab/router/ip"
)

const (
	acquireFirst = 2 * time.Second        // after its way came up an entry waits so long
	acquireMore  = 900 * time.Millisecond // and a part of this
	acquireAgain = time.Second            // after its SAs were lost
	acquireOver  = 30 * time.Second       // for one pair of several
	acquireCheck = 10 * time.Second       // while somebody negotiates
)

// backOff are the pauses after failures; the last one repeats.
var backOff = [...]time.Duration{10 * time.Second, 20 * time.Second, 40 * time.Second, 80 * time.Second, 120 * time.Second}

// acquisition is how an entry comes by its SAs, and when it lets them go.
type acquisition struct {
	e         *Entry
	asking    ip.Timer  // when to ask for SAs; not set: not on its own
	idling    *ip.Timer // when they may have been idle for too long; nil: they never were to be
	leaving   *ip.Timer // set: they go now; nil: they never had to
	place     asker
	asleep    bool // they went for that: only traffic brings them back
	pushed    bool // traffic has asked during this pause
	byTraffic bool // the attempt under way was asked for by traffic
	failures  int  // in a row
}

func (a *acquisition) init(e *Entry) {
	a.e = e
	a.asking = ip.NewTimer(func(now time.Time) {
		a.pushed = false
		if e.settings.OnDemand {
			a.stop()
			return
		}
		e.acquire(now, false, nil)
	})
}

// leave has the SAs go whose own address is gone, in a moment: the tables are just changing.
func (a *acquisition) leave(now time.Time) {
	e := a.e
	if a.leaving == nil {
		leaving := ip.NewTimer(func(now time.Time) {
			if e.way.Homeless() {
				e.c.ike.Homeless(now, e.name)
			}
		})
		a.leaving = &leaving
	}
	e.c.timers.Set(a.leaving, now)
}

func (a *acquisition) askIn(now time.Time, d time.Duration) {
	a.e.c.timers.Set(&a.asking, now.Add(d))
	a.e.c.askers.add(a.e)
}

// stop ends the asking that is to come.
func (a *acquisition) stop() {
	a.e.c.timers.Set(&a.asking, time.Time{})
	a.e.c.askers.remove(a.e)
}

// rest ends all asking.
func (a *acquisition) rest() {
	a.e.asleep = false
	a.stop()
}

// AsksAt is when the entry asks on its own; zero: it does not.
func (a *acquisition) AsksAt() time.Time { return a.asking.At() }

// Retry forgets failures: the way or the configuration has changed.
func (a *acquisition) Retry(now time.Time) {
	e := a.e
	e.failures, e.pushed = 0, false
	if e.settings.Active && e.underlay && len(e.sending) == 0 && !e.asleep && !e.settings.OnDemand {
		e.askIn(now, acquireFirst+e.c.draw(acquireMore))
	}
}

// acquire asks for SAs unless there are some or somebody, also the peer,
// negotiates them. packet is the one that asks; nil: none does.
func (a *acquisition) acquire(now time.Time, byTraffic bool, packet []byte) {
	e := a.e
	e.stop()
	if !e.settings.Active || !e.underlay {
		return
	}
	state := e.c.ike.Negotiation(e.name)
	if state == Established && e.settings.Several {
		state = Idle // for one pair more
	}
	switch state {
	case Idle:
		e.byTraffic = byTraffic
		if !e.settings.ResponderOnly {
			if !e.c.records.Unheard() {
				e.c.records.Emit(e.requested())
			}
			e.askIn(now, silence(&e.settings)) // should no word come of the outcome
			e.c.ike.Acquire(now, e.name, asks(&e.settings, packet))
		}
	case Negotiating:
		e.askIn(now, acquireCheck)
	}
}

// silence is how long an entry waits for an outcome. Of one pair more of several there
// may be no word, and other packets want others: as IOS's, a request for such is over
// after half a minute.
func silence(set *Settings) time.Duration {
	if set.Several {
		return acquireOver
	}
	return backOff[len(backOff)-1]
}

// asks are the selectors of a packet that asks for SAs, where they say more than
// the entry does.
func asks(set *Settings, packet []byte) (s [2]spd.Selector) {
	if packet != nil && set.Several {
		s[0], s[1] = spd.PacketSelectors(packet)
	}
	return s
}

// push is traffic that meets an entry without SAs, or without those that it needs:
// it may shorten each pause once.
func (a *acquisition) push(now time.Time, packet []byte) {
	e := a.e
	if !e.underlay {
		wake(e, now)
	}
	if e.pushed || len(e.sending) > 0 && !e.settings.Several || !e.settings.Active || !e.underlay {
		return
	}
	e.pushed, e.asleep = true, false
	e.acquire(now, true, packet)
}

// wake has traffic that meets an entry wake what its own packets travel in, where that
// is a tunnel whose SAs were idle for too long.
func wake(e *Entry, now time.Time) {
	for under, nest := e, 0; under != nil && under.settings.Active && nest < maxNest; nest++ {
		if under.underlay {
			under.push(now, nil)
			return
		}
		out := e.c.stack.VRF(under.settings.VRF).Lookup(under.settings.Remote).Out
		if out == nil {
			return
		}
		under = e.c.Entry(out.Name)
	}
}

// maxNest is how many tunnels deep that is looked for.
const maxNest = 8

// served: SAs have come.
func (a *acquisition) served() {
	e := a.e
	e.asleep, e.pushed = false, false
	e.stop()
	e.watchIdle()
}

// Down says that an attempt has failed or, where lost says so, that SAs which
// had worked are gone.
func (a *acquisition) Down(now time.Time, lost bool) {
	e := a.e
	switch {
	case !e.settings.Active:
	case e.settings.OnDemand: // the next packet asks again, after a moment
		if e.askIn(now, acquireAgain); e.failed != nil && !lost && len(e.pairs) == 0 {
			e.failed()
		}
	case lost:
		e.failures, e.pushed = 0, false
		if !e.asleep {
			e.askIn(now, acquireAgain)
		}
	default:
		if !e.byTraffic || e.failures == 0 {
			e.failures++
		}
		e.askIn(now, backOff[min(e.failures, len(backOff))-1])
	}
}

// watchIdle sets the timer of the idle time.
func (a *acquisition) watchIdle() {
	at := a.idleAt()
	if a.idling == nil && !at.IsZero() {
		idling := ip.NewTimer(a.checkIdle)
		a.idling = &idling
	}
	a.e.c.timers.Set(a.idling, at)
}

// idleAt is when the SAs have been idle for too long (IOS: set
// security-association idle-time); zero: never.
func (a *acquisition) idleAt() time.Time {
	e := a.e
	if !e.settings.Active || e.settings.Idle == 0 || len(e.sending) == 0 || e.asleep {
		return time.Time{}
	}
	last := newest(e.pairs)
	if e.used.After(last) {
		last = e.used
	}
	return last.Add(e.settings.Idle)
}

// newest is when the last of the flows of pairs got its first one.
func newest(pairs []*pair) (last time.Time) {
	for _, p := range pairs {
		if p.flow.since.After(last) {
			last = p.flow.since
		}
	}
	return last
}

// checkIdle has the SAs deleted when they have been idle for too long.
func (a *acquisition) checkIdle(now time.Time) {
	e := a.e
	at := e.idleAt()
	if at.IsZero() || at.After(now) {
		e.c.timers.Set(e.idling, at)
		return
	}
	e.asleep = true
	e.c.records.Emit(WentIdle{Entry: e.name, After: e.settings.Idle})
	e.c.ike.Clear(now, e.name)
}

// dummies are packets that carry nothing, so that who listens cannot tell when there is
// traffic: "A transmitter MUST be capable of generating dummy packets marked with this
// value in the next protocol field" (RFC 4303 section 2.6; IOS: set security-association
// dummy). They are no use of an entry, and no word to IKE that something is sent.
type dummies struct {
	e     *Entry
	timer *ip.Timer // nil: there never were any
}

// watch begins to send, or ends it.
func (d *dummies) watch(now time.Time) {
	e := d.e
	switch every := e.settings.Dummies; {
	case every == 0 || !e.Ready():
		e.c.timers.Set(d.timer, time.Time{})
	case d.timer.At().IsZero() || d.timer.At().After(now.Add(every)):
		if d.timer == nil {
			timer := ip.NewTimer(d.send)
			d.timer = &timer
		}
		e.c.timers.Set(d.timer, now.Add(every))
	}
}

// shortDummy is how short one may be: an IPv4 header and that of TCP.
const shortDummy = 40

// send sends one by each flow's newest pair.
func (d *dummies) send(now time.Time) {
	e := d.e
	var done []*flow
	for _, p := range e.sending {
		if !p.closing && !slices.Contains(done, p.flow) {
			done = append(done, p.flow)
			p.sendDummy(now)
		}
	}
	d.watch(now)
}

// draw is a random duration of [0, d).
func (c *Crypto) draw(d time.Duration) time.Duration {
	var b [4]byte
	if _, err := c.pace.Read(b[:]); err != nil {
		return 0 // no randomness: everybody asks at once, and that is all
	}
	return time.Duration(uint64(binary.BigEndian.Uint32(b[:])) * uint64(d) >> 32)
}

// askers are the entries that have no SAs and ask for some, by the address of the peer: the last
// one that began, the others behind it.
type askers struct{ few.Map[netip.Addr, *Entry] }

// asker is the place of an entry among them.
type asker struct {
	peer         netip.Addr // invalid: it does not ask
	newer, older *Entry
}

// Askers are the entries that ask for SAs with a peer of a prefix; of an invalid one: all that
// ask.
func Askers(c *Crypto, p netip.Prefix) iter.Seq[*Entry] {
	return func(yield func(*Entry) bool) {
		if p.IsValid() && p.IsSingleIP() {
			c.askers.with(p.Addr(), yield)
			return
		}
		var peers []netip.Addr // who is asked for SAs may ask no more
		for peer := range c.askers.All() {
			if !p.IsValid() || p.Contains(peer) {
				peers = append(peers, peer)
			}
		}
		for _, peer := range peers {
			if !c.askers.with(peer, yield) {
				return
			}
		}
	}
}

// Ask says whether any entry does.
func Ask(c *Crypto) bool { return c.askers.Len() > 0 }

func (a *askers) with(peer netip.Addr, yield func(*Entry) bool) bool {
	for e := a.Get(peer); e != nil; e = e.place.older {
		if !yield(e) {
			return false
		}
	}
	return true
}

// add has an entry be among them; one that knows no peer is not.
func (a *askers) add(e *Entry) {
	peer := e.settings.Remote
	if e.place.peer == peer {
		return
	}
	a.remove(e)
	if !peer.IsValid() {
		return
	}
	e.place = asker{peer: peer, older: a.Get(peer)}
	if e.place.older != nil {
		e.place.older.place.newer = e
	}
	a.Put(peer, e)
}

func (a *askers) remove(e *Entry) {
	at := e.place
	switch {
	case !at.peer.IsValid():
		return
	case at.newer != nil:
		at.newer.place.older = at.older
	case at.older != nil:
		a.Put(at.peer, at.older)
	default:
		a.Delete(at.peer)
	}
	if at.older != nil {
		at.older.place.newer = at.newer
	}
	e.place = asker{}
}
