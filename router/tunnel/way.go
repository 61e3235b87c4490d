package tunnel

import (
	"net/netip"
	"time"

	"ikelab/router/ip"
)

// recursionPause is how long a tunnel stays down whose own packets were about
// to go through it.
const recursionPause = time.Minute

// Recursive says that the way to a tunnel's destination leads through the
// tunnel: it is taken down for a while.
type Recursive struct{ Interface string }

func (Recursive) Kind() string { return "tunnel.recursive" }

// way is whether and how the packets of a tunnel in clear leave.
type way struct {
	t       *Tunnel
	watches [2]ip.Watch // on the ways to both ends
	up      bool
	pause   ip.Timer // set: the tunnel rests from recursion
	path    ip.Path
}

func (w *way) init(t *Tunnel) {
	w.t = t
	w.pause = ip.NewTimer(w.settle)
}

// set follows the ends that the settings name.
func (w *way) set(now time.Time) {
	s, table := &w.t.settings, &w.t.tunnels.Stack.Table
	w.path = ip.Path{}
	w.t.tunnels.Timers.Set(&w.pause, time.Time{})
	ends := [2]netip.Addr{s.Source, s.Destination}
	if s.Mode == VTI || s.Entry.Protected { // then the SPD entry follows them
		ends = [2]netip.Addr{}
	}
	for i, end := range ends {
		table.Follow(&w.watches[i], w, end)
	}
	if s.Mode != VTI {
		w.settle(now)
	}
}

// RouteChanged follows a change of the way to either end.
func (w *way) RouteChanged(now time.Time) { w.settle(now) }

// settle works the line protocol and the MTU out.
func (w *way) settle(now time.Time) {
	t := w.t
	if !t.settings.Entry.Protected {
		w.up = w.open(now)
	}
	t.tunnels.Stack.Interfaces.Settle(now, t.iface)
}

// open says whether packets can leave: by a port, never through the tunnel
// itself.
func (w *way) open(now time.Time) bool {
	t, table := w.t, &w.t.tunnels.Stack.Table
	s := &t.settings
	if s.Shutdown || !s.Source.Is4() || !s.Destination.Is4() || !w.pause.At().IsZero() || table.Lookup(s.Source).Kind != ip.Local {
		return false
	}
	to := table.Lookup(s.Destination)
	if to.Kind != ip.Link && to.Kind != ip.Via || to.Out == nil {
		return false
	}
	if to.Out == t.iface {
		t.tunnels.Records.Emit(Recursive{Interface: t.iface.Name})
		t.tunnels.Timers.Set(&w.pause, now.Add(recursionPause))
		return false
	}
	if s.MTU == 0 {
		t.iface.MTU = to.Out.MTU - s.Overhead()
	}
	return to.Out.Physical
}
