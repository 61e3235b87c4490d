package standby

import (
	"io"
	"net/netip"
	"strings"
	"time"

	"ikelab/router/ip"
)

// heard is a message with who has sent it.
type heard struct {
	message
	from netip.Addr
}

// happens takes a row of the table. m is the message that the event is about; nil: none is.
func (x *group) happens(now time.Time, e Event, m *heard) {
	r, ok := x.next(e)
	if !ok {
		return
	}
	was := x.state
	if strings.ContainsRune(r.do, 'G') { // a coup is of the state that was
		x.send(now, Coup)
	}
	changes := r.to != stays && r.to != was
	if changes {
		x.on.of.Records.Emit(happened(x, e, m))
	}
	x.note(e, r, m)
	if changes {
		x.enter(now, r.to)
	}
	for _, action := range r.do {
		x.act(now, action, was, m)
	}
	x.begins(now, was)
}

// next is what follows from an event, where anything does. Who preempts takes over from an active router of lower
// priority; in IOS an address does not count there.
func (x *group) next(e Event) (row, bool) {
	r, ok := table[e][x.state]
	switch {
	case e == Enabled && !x.address.IsValid():
		r.to = Learn
	case e == Disabled && ok && x.ends:
		r.to = Off
	case e == WorseActive && ok && r.to == Active && !(x.Preempt && x.ready):
		r = row{"A", stays}
	}
	return r, ok
}

// happened is an event with whom it is about.
func happened(x *group, e Event, m *heard) Happened {
	h := Happened{Interface: x.on.name, Group: x.Number, State: x.state, Event: e}
	switch {
	case m != nil:
		h.Peer, h.Priority = m.from, m.priority
	case e == ActiveGone:
		h.Peer = x.active.who.Address
	case e == StandbyGone:
		h.Peer = x.standby.who.Address
	}
	return h
}

// note keeps who has which role, as an event tells.
func (x *group) note(e Event, r row, m *heard) {
	if e == Disabled || e == ActiveGone && r.to != Active {
		x.elect(&x.active, TheActive, Who{}, 0)
	}
	if e == Disabled || e == StandbyGone && r.to != Standby {
		x.elect(&x.standby, TheStandby, Who{}, 0)
	}
	if m == nil {
		return
	}
	from := Who{Address: m.from}
	switch e {
	case BetterActive, WorseActive:
		if r.to != Active && !(x.state == Active && e == WorseActive) {
			x.elect(&x.active, TheActive, from, m.priority)
		}
	case Couped:
		x.elect(&x.active, TheActive, from, m.priority)
	case Resigned:
		if r.to != Active {
			x.elect(&x.active, TheActive, Who{}, 0)
		}
	case BetterHot, WorseHot:
		if r.to != Standby {
			x.elect(&x.standby, TheStandby, from, m.priority)
		}
	}
	if x.standby.who == from && m.state == Active { // it has moved up
		x.elect(&x.standby, TheStandby, Who{}, 0)
	}
}

// enter has a group be in another state.
func (x *group) enter(now time.Time, to State) {
	was := x.state
	switch { // who leaves a role has it no more
	case to == Active:
		x.elect(&x.active, TheActive, Who{Local: true}, x.weight)
	case was == Active && x.active.who.Local:
		x.elect(&x.active, TheActive, Who{}, 0)
	}
	switch {
	case to == Standby:
		x.elect(&x.standby, TheStandby, Who{Local: true}, x.weight)
	case x.standby.who.Local:
		x.elect(&x.standby, TheStandby, Who{}, 0)
	}
	if x.state = to; was.Counts(to) {
		x.changes, x.since = x.changes+1, now
	}
	x.on.of.Records.Emit(Changed{Interface: x.on.name, Group: x.Number, From: was, To: to})
	if was == Active {
		x.own(now, false)
	}
	if to == Active || to == Initial {
		x.unready()
	}
	if to == Initial { // it begins anew
		x.learned, x.address, x.differed = times{}, x.Address, netip.Addr{}
	}
}

// begins is what follows from a new state at once: who speaks says so, and a standby router takes over from nobody.
func (x *group) begins(now time.Time, was State) {
	if x.state == was {
		return
	}
	switch x.state {
	case Speak, Standby:
		x.act(now, 'F', was, nil)
	case Active:
	default:
		x.timers().Set(&x.hello, time.Time{})
		return
	}
	x.again(now)
	if x.state == Standby && x.active.timer.At().IsZero() {
		x.happens(now, ActiveGone, nil)
	}
}

// act does an action of RFC 2281 section 5.6, whose letter it has.
func (x *group) act(now time.Time, action rune, was State, m *heard) {
	hold := x.times().hold
	if m != nil && m.hold > 0 && m.op == Hello {
		hold = m.hold
	}
	switch action {
	case 'A':
		x.timers().Set(&x.active.timer, now.Add(hold))
	case 'B':
		x.timers().Set(&x.standby.timer, now.Add(hold))
	case 'C':
		x.timers().Set(&x.active.timer, time.Time{})
	case 'D':
		x.timers().Set(&x.standby.timer, time.Time{})
	case 'E':
		x.learn(m)
	case 'F':
		if x.send(now, Hello); was == x.state {
			x.again(now)
		}
	case 'H':
		x.send(now, Resign)
	case 'I':
		x.own(now, true)
	}
}

// again is when the next hello is due. "The Hello timer MUST be jittered" (RFC 2281 section 5.4): up to a sixteenth
// of the interval earlier.
func (x *group) again(now time.Time) {
	var b [1]byte
	_, _ = io.ReadFull(x.on.of.Random, b[:]) // a stream of random octets has no end
	hello := x.times().hello
	x.timers().Set(&x.hello, now.Add(hello-hello/16*time.Duration(b[0])/256))
}

// times are those in use: "The active router MUST NOT use one configured time and one learned time" (RFC 2281 section
// 5.1).
func (x *group) times() times {
	switch {
	case x.Hello > 0:
		return times{x.Hello, x.Hold}
	case x.learned.hello > 0:
		return x.learned
	}
	return times{DefaultHello, DefaultHold}
}

// learn takes from the active router what is not configured.
func (x *group) learn(m *heard) {
	if m == nil || m.op != Hello {
		return
	}
	if x.Hello == 0 && m.hello >= leastHello && m.hold > m.hello {
		x.learned = times{m.hello, m.hold}
	}
	if !x.Address.IsValid() && x.on.usable(m.address) {
		x.address = m.address
	}
}

// usable says whether a group can have an address that another router tells.
func (l *link) usable(a netip.Addr) bool {
	i := l.of.Stack.Interfaces.Get(l.name)
	return i != nil && ip.OnLink(i, a) && !ip.Has(i, a)
}

// gone is the end of a timer of somebody with a role, who has it no more.
func (x *group) gone(now time.Time, p *peer, role Role, e Event) {
	if x.happens(now, e, nil); !p.who.Local && p.timer.At().IsZero() {
		x.elect(p, role, Who{}, 0)
	}
}

// elect notes who has a role.
func (x *group) elect(p *peer, role Role, who Who, priority int) {
	p.priority = priority
	if p.who == who {
		return
	}
	x.on.of.Records.Emit(Elected{Interface: x.on.name, Group: x.Number, Role: role, Now: who, Was: p.who})
	p.who = who
}

// own has this device have the address of the group, or have it no more.
func (x *group) own(now time.Time, on bool) {
	of := x.on.of
	i := of.Stack.Interfaces.Get(x.on.name)
	if i == nil {
		return
	}
	for _, a := range append([]netip.Addr{x.address}, x.Secondary...) {
		if on {
			ip.Share(now, of.Stack, i, a, MAC(x.Version, x.Number))
		} else {
			ip.Unshare(now, of.Stack, i, a)
		}
	}
	of.Moved(now)
}

// send sends a message.
func (x *group) send(now time.Time, op Op) {
	of := x.on.of
	i := of.Stack.Interfaces.Get(x.on.name)
	if i == nil || !i.Protocol || !x.on.own.IsValid() || !ip.Has(i, x.on.own) {
		return
	}
	t := x.times()
	m := message{op: op, state: x.state, group: x.Number, priority: x.weight, hello: t.hello, hold: t.hold, address: x.address, text: x.text()}
	if m.state == Off {
		m.state = Initial
	}
	b := m.marshal1()
	if x.Version == version2 {
		b = m.marshal2(i.MAC)
	}
	if x.Key != "" {
		b = sign(b, x.on.own, x.Key)
	}
	from := i.MAC
	if x.state == Active {
		from = MAC(x.Version, x.Number)
	}
	of.Records.Emit(Said{Sent: true, Op: op, Interface: x.on.name, Group: x.Number, From: x.on.own, State: m.state, Priority: m.priority, Address: m.address})
	ip.SendToGroup(now, of.Stack, i, from, ip.Datagram{
		VRF: i.VRF(), Local: netip.AddrPortFrom(x.on.own, port), Remote: netip.AddrPortFrom(groupsOf[x.Version], port), Data: b,
	})
}

// text is that of authentication: none where there is a digest.
func (s *Settings) text() string {
	switch {
	case s.Key != "":
		return ""
	case s.Text != "":
		return s.Text
	}
	return defaultText
}
