package router

import (
	"fmt"
	"net/netip"
	"time"

	"ikelab/router/ip"
)

// tracing is a `traceroute` under way.
type tracing struct {
	s       *Session
	process ip.Trace
	shown   netip.Addr // router named last for this hop
	results int        // printed for this hop
}

// traceroute starts a traceroute; the session is busy until it ends.
func (x *exec) traceroute(dst, src netip.Addr) {
	x.line("Type escape sequence to abort.")
	x.linef("Tracing the route to %v", dst)
	x.line("VRF info: (vrf in name/id, vrf out name/id)")
	x.s.show(x.take())
	t := &tracing{s: x.s}
	t.process = ip.Trace{Destination: dst, Source: src, Report: t.probe, Done: func(time.Time) { t.s.running = nil }}
	x.s.running = t
	t.head(1)
	x.r.ip.Echoes.Trace(x.now, &t.process)
}

// head begins the line of a hop.
func (t *tracing) head(hop int) {
	t.s.print(fmt.Sprintf("%3d ", hop))
	t.shown, t.results = netip.Addr{}, 0
}

// probe prints how one probe ended.
func (t *tracing) probe(_ time.Time, p ip.Probe) {
	if p.From.IsValid() {
		t.answer(p)
	} else {
		t.s.print(" * ")
	}
	t.results++
	if p.Number < ip.TraceProbes-1 {
		return
	}
	t.s.print("\n")
	if !p.Last {
		t.head(p.Hop + 1)
	}
}

// answer prints the ICMP error that a probe provoked.
func (t *tracing) answer(p ip.Probe) {
	switch {
	case t.shown != p.From && t.results > 0:
		t.s.print("\n    " + p.From.String() + " ")
	case t.shown != p.From:
		t.s.print(p.From.String() + " ")
	default:
		t.s.print(" ")
	}
	t.shown = p.From
	t.s.print(fmt.Sprintf("%d msec", int64(p.RTT/time.Millisecond)))
	if p.Type == ip.Unreachable && p.Code != ip.CodePort { // a refusal on the way
		t.s.print(" !H")
	}
}

func (t *tracing) interrupt() {
	t.process.Stop()
	t.s.running = nil
	t.s.print("\n")
}
