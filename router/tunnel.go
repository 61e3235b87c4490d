package router

import (
	"encoding/binary"
	"time"

	"ikelab/ikev2"
)

const (
	acquireFirst = 2 * time.Second        // after its source came up a tunnel waits so long
	acquireMore  = 900 * time.Millisecond // and a part of this
	acquireAgain = time.Second            // after its SAs were lost
	acquireCheck = 10 * time.Second       // while somebody negotiates

	narrowAge = 10 * time.Minute // a path MTU that was learned is tried again (RFC 1191 section 6.3)
	minNarrow = 576              // and none below this is believed
	minInner  = 68               // octets that every IPv4 link carries (RFC 791)
)

// backOff are the pauses after failures; the last one repeats.
var backOff = [...]time.Duration{10 * time.Second, 20 * time.Second, 40 * time.Second, 80 * time.Second, 120 * time.Second}

// tunnel is what a tunnel interface with `tunnel mode ipsec ipv4` or `tunnel
// protection` has beyond an ordinary one. One that is not active, because of
// what its configuration lacks, carries nothing.
type tunnel struct {
	iface         *iface
	active        bool // has all that a flow needs, and is not shut down
	local, remote ip4
	underlay      bool // its source is up and its destination can be reached
	path          tunnelPath

	pairs   []*saPair // oldest first
	sending *saPair   // nil: the tunnel is down
	since   time.Time // of the first pair

	narrow      int // path MTU learned; 0: none
	narrowUntil time.Time

	acquireAt time.Time     // when to ask for SAs; zero: not on its own
	idle      time.Duration // without packets after which the SAs go; 0: never
	asleep    bool          // they went for that: only traffic brings them back
	failures  int           // in a row
	pushed    bool          // traffic has asked during this pause
	byTraffic bool          // the attempt under way was asked for by traffic

	count tunnelCounters
}

// tunnelPath is where the outer packets go, kept from one packet to the next.
type tunnelPath struct {
	generation uint32 // of the forwarding table that it is from
	entry      fibEntry
	neighbour  *arpEntry
}

// tunnelCounters count over all pairs of SAs.
type tunnelCounters struct {
	encaps, decaps         uint64
	sendErrors, recvErrors uint64
	dropsDown              uint64 // packets that met a tunnel without SAs
}

// ready says whether the tunnel carries packets.
func (t *tunnel) ready() bool { return t.active && t.underlay && t.sending != nil }

// settleTunnels follows a change of routes and interfaces.
func (r *Router) settleTunnels(now time.Time) {
	for _, t := range r.tunnels {
		before := t.underlay
		t.underlay = t.active && r.underlayUp(t)
		if t.underlay && !before && t.sending == nil {
			t.failures, t.pushed = 0, false
			r.acquireIn(now, t, acquireFirst+r.draw(acquireMore))
		}
		t.fitMTU(r)
		r.settleProtocol(now, t.iface)
	}
}

// underlayUp says whether a tunnel's own packets can leave. They never go
// through another protected interface.
func (r *Router) underlayUp(t *tunnel) bool {
	if r.fib.lookup(t.local).kind != fibLocal {
		return false
	}
	e := r.fib.lookup(t.remote)
	return (e.kind == fibLink || e.kind == fibVia) && e.out.physical()
}

// draw is a random duration of [0, d).
func (r *Router) draw(d time.Duration) time.Duration {
	var b [4]byte
	if _, err := r.paceRand.Read(b[:]); err != nil {
		panic("router: the random stream ended: " + err.Error())
	}
	return time.Duration(uint64(binary.BigEndian.Uint32(b[:])) * uint64(d) >> 32)
}

func (r *Router) acquireIn(now time.Time, t *tunnel, d time.Duration) {
	t.acquireAt = now.Add(d)
	r.tunnelDue = earliest(r.tunnelDue, t.acquireAt)
}

func (r *Router) advanceTunnels(now time.Time) {
	r.tunnelDue = time.Time{}
	for _, t := range r.tunnels {
		if isDue(t.acquireAt, now) {
			t.pushed = false
			r.acquire(now, t, false)
		}
		if isDue(t.idleAt(), now) {
			t.asleep = true
			r.apply(now, r.engine.ClearChildren(now, t.iface.name))
		}
		r.tunnelDue = earliest(earliest(r.tunnelDue, t.acquireAt), t.idleAt())
	}
}

// idleAt is when the SAs of a tunnel have been idle for too long (IOS:
// security-association idle-time).
func (t *tunnel) idleAt() time.Time {
	if t.idle == 0 || t.sending == nil || t.asleep {
		return time.Time{}
	}
	last := t.since
	for _, at := range []time.Time{t.iface.count.lastIn, t.iface.count.lastOut} {
		if at.After(last) {
			last = at
		}
	}
	return last.Add(t.idle)
}

// acquire asks the engine for SAs unless there are some or somebody, also the
// peer, negotiates them.
func (r *Router) acquire(now time.Time, t *tunnel, byTraffic bool) {
	t.acquireAt = time.Time{}
	if !t.active || !t.underlay {
		return
	}
	switch r.engine.EntryState(t.iface.name) {
	case ikev2.EntryIsDown:
		t.byTraffic = byTraffic
		if f, ok := r.flows[t.iface.name]; ok && !f.ResponderOnly {
			r.traceIPsec(now, ipsecRequest{Flow: f})
			r.acquireIn(now, t, backOff[len(backOff)-1]) // should no word come of the outcome
			r.apply(now, r.engine.Acquire(now, t.iface.name))
		}
	case ikev2.EntryNegotiating:
		r.acquireIn(now, t, acquireCheck)
	}
}

// push is traffic that meets a tunnel without SAs: it may shorten each pause
// once.
func (r *Router) push(now time.Time, t *tunnel) {
	if t.pushed || t.sending != nil || !t.active || !t.underlay {
		return
	}
	t.pushed, t.asleep = true, false
	r.acquire(now, t, true)
}

// flowUp and flowDown follow the engine's events.
func (r *Router) flowUp(name string) {
	if t := r.tunnelByName(name); t != nil {
		t.pushed, t.acquireAt = false, time.Time{}
	}
}

func (r *Router) flowDown(now time.Time, ev ikev2.EntryDown) {
	t := r.tunnelByName(ev.Entry)
	if t == nil || !t.active {
		return
	}
	// A responder has SAs for a moment when the initiator does not believe it:
	// that is a failure like any other.
	if ev.WasUp && ev.Reason != ikev2.ReasonAuthFailed {
		t.failures, t.pushed = 0, false
		if t.asleep {
			return
		}
		r.acquireIn(now, t, acquireAgain)
		return
	}
	if !t.byTraffic || t.failures == 0 {
		t.failures++
	}
	r.acquireIn(now, t, backOff[min(t.failures, len(backOff))-1])
}

// retryTunnels forgets failures: the configuration has changed.
func (r *Router) retryTunnels(now time.Time) {
	for _, t := range r.tunnels {
		t.failures, t.pushed = 0, false
		if t.active && t.underlay && t.sending == nil && !t.asleep {
			r.acquireIn(now, t, acquireFirst+r.draw(acquireMore))
		}
	}
}

func (r *Router) tunnelByName(name string) *tunnel {
	for _, t := range r.tunnels {
		if t.iface.name == name {
			return t
		}
	}
	return nil
}

// outerMTU is the longest outer packet that goes to the peer whole.
func (t *tunnel) outerMTU(r *Router) int {
	mtu := ethernetMTU
	if e := r.fib.lookup(t.remote); e.out != nil {
		mtu = e.out.mtu
	}
	if t.narrow > 0 {
		mtu = min(mtu, t.narrow)
	}
	return mtu
}

// fitMTU sets the tunnel's MTU: what `ip mtu` says, else the longest inner
// packet whose ESP packet goes to the peer in one piece.
func (t *tunnel) fitMTU(r *Router) {
	if t.iface.config.MTU > 0 {
		t.iface.mtu = t.iface.config.MTU
		return
	}
	n := t.outerMTU(r)
	for outer := n; t.sending != nil && n > minInner && n+t.sending.out.Overhead(n) > outer; {
		n--
	}
	t.iface.mtu = n
}

// pathTooNarrow takes "fragmentation needed" about a packet of ours; the
// quote must name an SA (RFC 4301 section 8.2.1).
func (r *Router) pathTooNarrow(now time.Time, quoted []byte, mtu int) {
	if len(quoted) < ipHeader || quoted[9] != protoESP {
		return
	}
	header := int(quoted[0]&15) * 4
	if header < ipHeader || len(quoted) < header+4 {
		return
	}
	spi := binary.BigEndian.Uint32(quoted[header:])
	for _, t := range r.tunnels {
		if t.sending == nil || uint32(t.sending.child.Out.SPI) != spi || readIP4(quoted[16:]) != t.remote {
			continue
		}
		if mtu = max(mtu, minNarrow); mtu < t.outerMTU(r) {
			t.narrow, t.narrowUntil = mtu, now.Add(narrowAge)
			t.fitMTU(r)
		}
	}
}
