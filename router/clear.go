package router

import (
	"net/netip"
	"time"

	"ikelab/ikev2"
)

// clearIKE deletes the IKE SAs that match, and their children with them.
func (r *Router) clearIKE(now time.Time, match func(ikev2.SAInfo) bool) {
	r.apply(now, r.engine.Clear(now, match))
}

// clearChildren deletes the child SAs with a peer, or all of them.
func (r *Router) clearChildren(now time.Time, peer netip.Addr) {
	for _, t := range r.tunnels() {
		if !peer.IsValid() || peer == t.remote {
			r.apply(now, r.engine.ClearChildren(now, t.iface.Name))
		}
	}
}

// clearSACounters is `clear crypto sa counters`.
func (r *Router) clearSACounters() {
	for _, t := range r.tunnels() {
		t.count = tunnelCounters{}
	}
}
