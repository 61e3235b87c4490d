package router

import (
	"ikelab/router/ip"
	"ikelab/router/record"
)

// render tells the logs of a record.
func (r *Router) render(rec record.Record) {
	switch ev := rec.Body.(type) {
	case ip.LinkChanged:
		r.logLink(rec, ev)
	case ip.LineProtocolChanged:
		r.logf(rec.At, "LINEPROTO", severityNotifications, "UPDOWN", "Line protocol on Interface %s, changed state to %s", ev.Interface, upDown(ev.Up))
	}
}

// logLink: loopbacks and tunnels report their link only when somebody shuts
// them or takes that back.
func (r *Router) logLink(rec record.Record, ev ip.LinkChanged) {
	switch {
	case ev.Shutdown:
		r.logf(rec.At, "LINK", severityNotifications, "CHANGED", "Interface %s, changed state to administratively down", ev.Interface)
	case ev.Physical || ev.Asked:
		r.logf(rec.At, "LINK", severityErrors, "UPDOWN", "Interface %s, changed state to %s", ev.Interface, upDown(ev.Up))
	}
}

func upDown(up bool) string {
	if up {
		return "up"
	}
	return "down"
}
