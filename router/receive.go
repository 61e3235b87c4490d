package router

import (
	"time"

	"ikelab/router/record"
)

// Receive takes a frame from a port. The frame is not modified and not kept.
func (r *Router) Receive(now time.Time, port int, frame []byte, number, cause uint64) {
	if r.on {
		r.records.Begin(now, record.ID(cause), number)
		r.ip.Receive(now, port, frame)
	}
}

// Carrier says that a port's carrier changed.
func (r *Router) Carrier(now time.Time, port int, up bool) {
	if port < 0 || port >= len(r.carriers) {
		return
	}
	r.carriers[port] = up
	if r.on {
		r.records.Begin(now, 0, 0)
		r.ip.Interfaces.Carrier(now, port, up)
	}
}
