package router

import (
	"net/netip"
	"time"

	"ikelab/ikev2"
)

// Redirect has a gateway send its clients to another one: those that have SAs now, and those
// that come later as its `crypto ikev2 redirect gateway` says. Without an address it keeps
// them. It may be another address of its own.
func Redirect(r *Router, now time.Time, to netip.Addr) {
	r.machine.flex.away = to
	if !to.IsValid() {
		return
	}
	r.records.Begin(now, 0, 0)
	r.machine.apply(now, ikev2.Redirect(r.machine.engine, now, to, func(ikev2.SAInfo) bool { return true }))
}
