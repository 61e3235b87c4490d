package router

import (
	"encoding/binary"
	"net/netip"
	"time"

	"ikelab/ikev2"
	"ikelab/iosconfig"
	"ikelab/ipsec"
	"ikelab/router/ip"
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

// tunnel is what a tunnel interface has beyond an ordinary one. One that is
// not active, because of what its configuration lacks, carries nothing.
type tunnel struct {
	r             *Router
	iface         *ip.Interface
	config        iosconfig.TunnelConfig
	protected     bool // `tunnel mode ipsec ipv4` or `tunnel protection`
	active        bool // has all that a flow needs, and is not shut down
	local, remote netip.Addr
	watches       [2]ip.Watch // on the ways to both
	underlay      bool        // its source is up and its destination can be reached
	path          ip.Path

	pairs   []*saPair // oldest first
	sending *saPair   // nil: the tunnel is down
	since   time.Time // of the first pair

	narrow      int // path MTU learned; 0: none
	narrowUntil time.Time

	asking    ip.Timer      // when to ask for SAs; not set: not on its own
	idling    ip.Timer      // when they may have been idle for too long
	idle      time.Duration // without packets after which the SAs go; 0: never
	asleep    bool          // they went for that: only traffic brings them back
	failures  int           // in a row
	pushed    bool          // traffic has asked during this pause
	byTraffic bool          // the attempt under way was asked for by traffic

	count tunnelCounters
}

// newTunnel makes what carries the packets of a tunnel interface.
func (r *Router) newTunnel(i *ip.Interface) ip.Output {
	t := &tunnel{r: r, iface: i}
	t.asking = ip.NewTimer(func(now time.Time) {
		t.pushed = false
		r.acquire(now, t, false)
	})
	t.idling = ip.NewTimer(t.checkIdle)
	return t
}

// tunnelCounters count over all pairs of SAs.
type tunnelCounters struct {
	encaps, decaps         uint64
	sendErrors, recvErrors uint64
	dropsDown              uint64 // packets that met a tunnel without SAs
}

// Ready says whether the tunnel carries packets.
func (t *tunnel) Ready() bool { return t.active && t.underlay && t.sending != nil }

// Holds: what should be encrypted takes no other way while the tunnel is down.
func (t *tunnel) Holds() bool { return t.protected }

// Place is where Seal wants the inner packet.
func (t *tunnel) Place(n int) []byte {
	if t.sending == nil {
		return nil
	}
	room := t.sending.out.Room()
	return ip.Scratch(&t.r.sealed, room+n)[room:]
}

// RouteChanged follows a change of the way to the tunnel's source or
// destination.
func (t *tunnel) RouteChanged(now time.Time) { t.settle(now) }

// settle works out whether the tunnel's own packets can leave, and with that
// the line protocol.
func (t *tunnel) settle(now time.Time) {
	before := t.underlay
	t.underlay = t.active && t.underlayUp()
	if t.underlay && !before && t.sending == nil {
		t.failures, t.pushed = 0, false
		t.acquireIn(now, acquireFirst+t.r.draw(acquireMore))
	}
	t.fitMTU()
	t.r.ip.Settle(now, t.iface)
}

// underlayUp: a tunnel's own packets never go through another tunnel.
func (t *tunnel) underlayUp() bool {
	if t.r.ip.Table.Lookup(t.local).Kind != ip.Local {
		return false
	}
	e := t.r.ip.Table.Lookup(t.remote)
	return (e.Kind == ip.Link || e.Kind == ip.Via) && e.Out.Physical
}

// set gives the tunnel the settings of its configuration.
func (t *tunnel) set(now time.Time, c *iosconfig.Interface) {
	r := t.r
	t.config = c.Tunnel
	t.protected = c.Tunnel.Protection != "" || c.Tunnel.Mode == modeIPsec
	local := c.Tunnel.Source
	if c.Tunnel.SourceInterface != "" {
		local = netip.Addr{}
		if i := r.ip.Interfaces.Get(c.Tunnel.SourceInterface); i != nil {
			local = i.Primary()
		}
	}
	if remote := c.Tunnel.Destination; local != t.local || remote != t.remote {
		t.local, t.remote, t.path, t.narrow = local, remote, ip.Path{}, 0
		r.ip.Table.Follow(&t.watches[0], t, local)
		r.ip.Table.Follow(&t.watches[1], t, remote)
	}
	profile := r.ipsecProfile(c.Tunnel.Protection)
	t.active = !c.Shutdown && t.local.Is4() && t.remote.Is4() && c.Tunnel.Mode == modeIPsec && profile != nil
	if t.active {
		t.idle = r.idleTime(profile)
		t.encapsulate()
	} else {
		t.idle, t.asleep = 0, false
		r.timers.Set(&t.asking, time.Time{})
	}
	r.timers.Set(&t.idling, t.idleAt())
	t.settle(now)
}

// encapsulate gives live pairs what the configuration says of their outer
// packets.
func (t *tunnel) encapsulate() {
	for _, p := range t.pairs {
		e := p.child.Out.Encapsulation
		if _, e.DF, e.TTL = t.r.espSettings(t); e != p.out.Encapsulation() {
			_ = p.out.Encapsulate(e) // its addresses were good before
		}
	}
}

// vanish ends a tunnel whose interface was taken away. Its SAs go when the
// engine learns that the flow is gone.
func (t *tunnel) vanish() {
	t.active, t.protected = false, false
	for i := range t.watches {
		t.r.ip.Table.Follow(&t.watches[i], t, netip.Addr{})
	}
	t.r.timers.Set(&t.asking, time.Time{})
	t.r.timers.Set(&t.idling, time.Time{})
}

// draw is a random duration of [0, d).
func (r *Router) draw(d time.Duration) time.Duration {
	var b [4]byte
	if _, err := r.paceRand.Read(b[:]); err != nil {
		panic("router: the random stream ended: " + err.Error())
	}
	return time.Duration(uint64(binary.BigEndian.Uint32(b[:])) * uint64(d) >> 32)
}

func (t *tunnel) acquireIn(now time.Time, d time.Duration) { t.r.timers.Set(&t.asking, now.Add(d)) }

// checkIdle has the SAs deleted when they have been idle for too long.
func (t *tunnel) checkIdle(now time.Time) {
	at := t.idleAt()
	if at.IsZero() || at.After(now) {
		t.r.timers.Set(&t.idling, at)
		return
	}
	t.asleep = true
	t.r.apply(now, t.r.engine.ClearChildren(now, t.iface.Name))
}

// idleAt is when the SAs of a tunnel have been idle for too long (IOS:
// security-association idle-time).
func (t *tunnel) idleAt() time.Time {
	if t.idle == 0 || t.sending == nil || t.asleep {
		return time.Time{}
	}
	last := t.since
	for _, at := range []time.Time{t.iface.Counters.LastIn, t.iface.Counters.LastOut} {
		if at.After(last) {
			last = at
		}
	}
	return last.Add(t.idle)
}

// acquire asks the engine for SAs unless there are some or somebody, also the
// peer, negotiates them.
func (r *Router) acquire(now time.Time, t *tunnel, byTraffic bool) {
	r.timers.Set(&t.asking, time.Time{})
	if !t.active || !t.underlay {
		return
	}
	switch r.engine.EntryState(t.iface.Name) {
	case ikev2.EntryIsDown:
		t.byTraffic = byTraffic
		if f, ok := r.flows[t.iface.Name]; ok && !f.ResponderOnly {
			r.records.Emit(requestOf(f))
			t.acquireIn(now, backOff[len(backOff)-1]) // should no word come of the outcome
			r.apply(now, r.engine.Acquire(now, t.iface.Name))
		}
	case ikev2.EntryNegotiating:
		t.acquireIn(now, acquireCheck)
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
		t.pushed = false
		r.timers.Set(&t.asking, time.Time{})
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
		t.acquireIn(now, acquireAgain)
		return
	}
	if !t.byTraffic || t.failures == 0 {
		t.failures++
	}
	t.acquireIn(now, backOff[min(t.failures, len(backOff))-1])
}

// retry forgets failures: the configuration has changed.
func (t *tunnel) retry(now time.Time) {
	t.failures, t.pushed = 0, false
	if t.active && t.underlay && t.sending == nil && !t.asleep {
		t.acquireIn(now, acquireFirst+t.r.draw(acquireMore))
	}
}

// tunnelByName finds a tunnel by the name of its interface.
func (r *Router) tunnelByName(name string) *tunnel { return tunnelOf(r.ip.Interfaces.Get(name)) }

// tunnelOf is what a tunnel interface has; nil for any other interface.
func tunnelOf(i *ip.Interface) *tunnel {
	if i == nil {
		return nil
	}
	t, _ := i.Output().(*tunnel)
	return t
}

// tunnels lists the protected ones in the order of their interfaces.
func (r *Router) tunnels() []*tunnel {
	var list []*tunnel
	for _, i := range r.ip.Interfaces.All() {
		if t := tunnelOf(i); t != nil && t.protected {
			list = append(list, t)
		}
	}
	return list
}

// outerMTU is the longest outer packet that goes to the peer whole.
func (t *tunnel) outerMTU() int {
	mtu := ip.EthernetMTU
	if e := t.r.ip.Table.Lookup(t.remote); e.Out != nil {
		mtu = e.Out.MTU
	}
	if t.narrow > 0 {
		mtu = min(mtu, t.narrow)
	}
	return mtu
}

// fitMTU sets the tunnel's MTU: what `ip mtu` says, else the longest inner
// packet whose ESP packet goes to the peer in one piece.
func (t *tunnel) fitMTU() {
	if t.iface.Settings.MTU > 0 || !t.protected {
		return
	}
	n := t.outerMTU()
	for outer := n; t.sending != nil && n > minInner && n+t.sending.out.Overhead(n) > outer; {
		n--
	}
	t.iface.MTU = n
}

// pathTooNarrow takes "fragmentation needed" about an ESP packet of ours; the
// quote must name an SA (RFC 4301 section 8.2.1).
func (r *Router) pathTooNarrow(now time.Time, f ip.Failure) {
	if f.Type != ip.Unreachable || f.Code != ip.CodeFragmentationNeeded {
		return
	}
	spi := ipsec.SPI(binary.BigEndian.Uint32(f.Begin))
	for _, t := range r.tunnels() {
		if t.sending == nil || t.sending.child.Out.SPI != spi || ip.Destination(f.Header) != t.remote {
			continue
		}
		if mtu := max(f.MTU, minNarrow); mtu < t.outerMTU() {
			t.narrow, t.narrowUntil = mtu, now.Add(narrowAge)
			t.fitMTU()
		}
	}
}
