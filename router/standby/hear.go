package standby

import (
	"net/netip"
	"slices"
	"time"

	"ikelab/router/ip"
)

// hear takes a message. Nothing counts before all of it has been judged.
func (g *Groups) hear(now time.Time, in *ip.Interface, d ip.Datagram) {
	l := g.links[in.Name]
	if l == nil || d.Remote.Port() != port {
		return
	}
	version := slices.Index(groupsOf[:], d.Local.Addr())
	parse := parse1
	if version == version2 {
		parse = parse2
	}
	from := d.Remote.Addr()
	m, ok := parse(d.Data)
	i := slices.IndexFunc(l.groups, func(x *group) bool { return x.Number == m.group && x.Version == version })
	var why Reason
	switch {
	case version < 1, !ok:
		if version == 1 && passive(d.Data) {
			return
		}
		why = Broken
	case i < 0:
		why = NoGroup
	case !ip.OnLink(in, from) || ip.Has(in, from) || from == l.groups[i].address:
		why = Elsewhere
	default:
		why = l.groups[i].doubts(d.Data, &m, from)
	}
	if why != "" {
		g.Records.Emit(Refused{Interface: in.Name, From: from, Group: m.group, State: min(m.state, Active), Reason: why})
		return
	}
	g.Records.Emit(Said{Op: m.op, Interface: in.Name, Group: m.group, From: from, State: m.state, Priority: m.priority, Address: m.address})
	l.groups[i].heard(now, &heard{m, from})
}

// passive says whether a message is one of version 1 by which an interface tells where it is passive.
func passive(b []byte) bool { return len(b) >= 2 && b[0] == 0 && b[1] == byte(advertise) }

// doubts says why a message is not believed; "": it is.
func (x *group) doubts(b []byte, m *message, from netip.Addr) Reason {
	switch {
	case x.Key == "" && m.digest != nil:
		return OtherWay
	case x.Key == "" && m.text != x.text():
		return BadText
	case x.Key == "":
		return ""
	case m.digest == nil:
		return Unsigned
	case m.digest.from != from:
		return OtherSender
	case !signed(b, m.digest, x.Key):
		return BadDigest
	}
	return ""
}

// heard has what a message tells happen.
func (x *group) heard(now time.Time, m *heard) {
	if x.state == Initial {
		return
	}
	better := x.better(m)
	switch {
	case m.op == Resign:
		if x.active.who.Address == m.from {
			x.happens(now, Resigned, m)
		}
	case m.op == Coup:
		if better {
			x.happens(now, Couped, m)
		}
	case x.state == Learn && !x.on.usable(m.address):
	case m.state == Active:
		x.differ(m)
		if better {
			x.unready()
			x.happens(now, BetterActive, m)
			return
		}
		x.prepare(now, m)
		x.happens(now, WorseActive, m)
	case m.state == Standby && better:
		x.happens(now, BetterHot, m)
	case m.state == Standby:
		x.happens(now, WorseHot, m)
	case m.state == Speak && better:
		x.happens(now, BetterSpeak, m)
	}
}

// better says whether the sender of a message has a higher priority than this device: "In the case of routers with equal
// priority the router with the higher IP address wins" (RFC 2281 section 5.1).
func (x *group) better(m *heard) bool {
	if m.priority != x.weight {
		return m.priority > x.weight
	}
	return x.on.own.Less(m.from)
}

// prepare has the delay begin when there is somebody from whom to take over.
func (x *group) prepare(now time.Time, m *heard) {
	switch {
	case !x.Preempt || x.state == Active || m.priority >= x.weight:
		x.unready()
	case x.Delay == 0:
		x.ready = true
	case !x.ready && x.delay.At().IsZero():
		x.timers().Set(&x.delay, now.Add(x.Delay))
	}
}

func (x *group) unready() {
	x.ready = false
	x.timers().Set(&x.delay, time.Time{})
}

// differ tells once that the active router has another address for the group.
func (x *group) differ(m *heard) {
	if x.Address.IsValid() && m.address != x.Address && m.address != x.differed {
		x.differed = m.address
		x.on.of.Records.Emit(Differs{Interface: x.on.name, Group: x.Number, Theirs: m.address, Ours: x.Address})
	}
}
