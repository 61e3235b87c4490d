package tunnel

import (
	"net/netip"
	"time"

	"ikelab/router/ip"
)

// way is whether and how the packets of a tunnel in clear leave. That of others is
// their SPD entry's.
type way struct {
	t     *Tunnel
	under ip.Underlay
	up    bool
	path  ip.Path
}

// clear says whether the tunnel's packets leave as they are.
func (t *Tunnel) clear() bool { return t.settings.Mode != VTI && !t.protected }

// find follows the ends that the settings name.
func (t *Tunnel) find(now time.Time) {
	s := &t.settings
	if t.way == nil && t.clear() {
		t.way = &way{t: t}
		t.way.under.Init(t.tunnels.Stack, t.iface, t.way)
	}
	if w := t.way; w != nil {
		w.path = ip.Path{VRF: s.VRF}
		if t.clear() && !s.Shutdown {
			w.under.Follow(s.VRF, s.Source, s.Destination)
		} else {
			w.under.Follow(s.VRF, netip.Addr{}, netip.Addr{})
		}
		w.look(now)
	}
	if s.Mode != VTI {
		t.tunnels.Stack.Interfaces.Settle(now, t.iface)
	}
}

// RouteChanged works the line protocol and the MTU out.
func (w *way) RouteChanged(now time.Time) {
	w.look(now)
	w.t.tunnels.Stack.Interfaces.Settle(now, w.t.iface)
}

func (w *way) look(now time.Time) {
	if w.t.clear() {
		w.up = w.under.Look(now)
		w.Refit()
	}
}

// Refit sets the MTU of the interface: what `ip mtu` says, else the longest packet that
// leaves in one piece.
func (w *way) Refit() {
	if out, s := w.under.Out(), &w.t.settings; out != nil && s.MTU == 0 {
		w.t.iface.SetMTU(out.MTU - s.Overhead())
	}
}

// Under is the interface by which the tunnel's own packets leave; nil: there is no way.
func (t *Tunnel) Under() *ip.Interface {
	if t.clear() {
		return t.way.under.Out()
	}
	return t.Entry.Under()
}
