package cluster

import (
	"net/netip"
	"slices"
	"time"

	"ikelab/router/ip"
)

// hear takes a message. Nothing counts before all of it has been judged.
func (c *Cluster) hear(now time.Time, d ip.Datagram) {
	from := d.Remote.Addr()
	m, ok := parse(d.Data)
	why := c.doubts(&d)
	k, known := c.find(from)
	switch {
	case why != "":
	case !ok:
		why = Broken
	case m.group != c.Settings.Group:
		why = OtherGroup
	case !known && m.op == Load && len(c.members) >= mostMembers-1:
		why = Full
	}
	if why != "" {
		c.Records.Emit(Refused{From: from, Reason: why})
		return
	}
	c.Records.Emit(Said{Op: m.op, Peer: from, Sessions: m.load.Sessions, Most: m.load.Most, Priority: m.load.Priority})
	switch {
	case m.op == Leave && known:
		c.forget(now, c.members[k], false)
	case m.op == Load:
		if !known {
			c.members = slices.Insert(c.members, k, c.newMember(from))
		}
		x := c.members[k]
		x.load, x.sent = m.load, [2]int{0, x.sent[0]}
		c.heard(now, x)
	case m.op == Hello && known: // of another one nothing is known yet
		c.heard(now, c.members[k])
	}
}

// doubts says why somebody is not believed, whatever he says; "": he is.
func (c *Cluster) doubts(d *ip.Datagram) Reason {
	i, from := c.look(), d.Remote.Addr()
	switch {
	case c.role != Master || i == nil:
		return NotMaster
	case d.VRF != i.VRF(), d.Local.Addr() != ip.Primary(i), d.Remote.Port() != c.Settings.Port, !ip.OnLink(i, from), ip.Has(i, from):
		return Stranger
	}
	return ""
}

func (c *Cluster) newMember(at netip.Addr) *member {
	m := &member{at: at}
	m.timer = ip.NewTimer(func(now time.Time) { c.forget(now, m, true) })
	c.Records.Emit(Member{Address: at, Known: true})
	return m
}

// heard is a sign of life.
func (c *Cluster) heard(now time.Time, m *member) {
	m.heard = now
	c.Timers.Set(&m.timer, now.Add(c.Settings.Hold))
}

// forget has a member be none.
func (c *Cluster) forget(now time.Time, m *member, silent bool) {
	c.Timers.Set(&m.timer, time.Time{})
	c.members = slices.DeleteFunc(c.members, func(x *member) bool { return x == m })
	c.Records.Emit(Member{Address: m.at, Silent: silent})
}
