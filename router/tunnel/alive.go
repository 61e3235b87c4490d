package tunnel

import (
	"encoding/binary"
	"slices"
	"time"

	"ikelab/router/ip"
)

// alive is IOS's keepalive of GRE: a packet from the other end to this one,
// sent to the other end in the tunnel, which forwards it. So only the end that
// sends them has to know of keepalives.
type alive struct {
	t      *Tunnel
	next   ip.Timer
	missed int  // sent since one came back
	dead   bool // too many
}

// keepAlive begins anew when the settings have changed.
func (t *Tunnel) keepAlive(now time.Time, before Keepalive) {
	s := &t.settings
	on := s.Mode == GRE && s.Keepalive.Interval > 0 && !s.Shutdown
	if t.alive == nil && on {
		t.alive = &alive{t: t}
		t.alive.next = ip.NewTimer(t.alive.due)
	}
	if a := t.alive; a != nil {
		if on && s.Keepalive == before && !a.next.At().IsZero() {
			return
		}
		a.missed, a.dead = 0, false
		at := time.Time{}
		if on {
			at = now.Add(s.Keepalive.Interval)
		}
		t.tunnels.Timers.Set(&a.next, at)
	}
	t.tunnels.Stack.Interfaces.Settle(now, t.iface)
}

func (a *alive) due(now time.Time) {
	k := a.t.settings.Keepalive
	a.t.tunnels.Timers.Set(&a.next, now.Add(k.Interval))
	if a.missed >= k.Retries && !a.dead {
		a.dead = true
		a.t.tunnels.Stack.Interfaces.Settle(now, a.t.iface)
	}
	if a.t.way != nil && a.t.way.up || a.t.Entry.Ready() {
		a.missed++
		a.t.probe(now)
	}
}

// heard: a keepalive of ours has come back.
func (a *alive) heard(now time.Time) {
	a.missed = 0
	if a.dead {
		a.dead = false
		a.t.tunnels.Stack.Interfaces.Settle(now, a.t.iface)
	}
}

// probe sends a keepalive.
func (t *Tunnel) probe(now time.Time) {
	s := &t.settings
	back := make([]byte, ip.HeaderLen+greHeader(s.Keyed, false))
	writeGRE(back[ip.HeaderLen:], gre{protocol: protoKeepalive, keyed: s.Keyed, key: s.Key}, false)
	t.header(back, ip.ProtoGRE, 0)
	there := slices.Clone(back[12:16]) // from the other end to this one: the checksum stays
	copy(back[12:], back[16:20])
	copy(back[16:], there)
	binary.BigEndian.PutUint16(back[4:], 0)
	ip.SetHeaderChecksum(back)
	t.pack(now, back)
}
