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

func (w *way) init(t *Tunnel) {
	w.t = t
	w.under.Init(t.tunnels.Stack, t.iface, w)
}

// clear says whether the tunnel's packets leave as they are.
func (w *way) clear() bool { return w.t.settings.Mode != VTI && !w.t.settings.Entry.Protected }

// set follows the ends that the settings name.
func (w *way) set(now time.Time) {
	s := &w.t.settings
	w.path = ip.Path{VRF: s.VRF}
	if w.clear() && !s.Shutdown {
		w.under.Follow(s.VRF, s.Source, s.Destination)
	} else {
		w.under.Follow(s.VRF, netip.Addr{}, netip.Addr{})
	}
	if s.Mode != VTI {
		w.RouteChanged(now)
	}
}

// RouteChanged works the line protocol and the MTU out.
func (w *way) RouteChanged(now time.Time) {
	if w.clear() {
		w.up = w.under.Look(now)
		w.Refit()
	}
	w.t.tunnels.Stack.Interfaces.Settle(now, w.t.iface)
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
	if t.way.clear() {
		return t.way.under.Out()
	}
	return t.Entry.Under()
}
