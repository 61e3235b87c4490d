package shell

import (
	"fmt"
	"net/netip"
	"time"
)

// tracing is a `traceroute` under way, as the terminal shows it.
type tracing struct {
	s       *Session
	shown   netip.Addr // router named last for this hop
	results int        // printed for this hop
}

// probesPerHop is how many probes a hop's line shows.
const probesPerHop = 3

func startTrace(x *exec, a args) error {
	dst, err := x.destination(a)
	if err != nil {
		return err
	}
	src, err := x.source(a, dst)
	if err != nil {
		return err
	}
	x.trace(TraceRequest{Destination: dst, Source: src})
	return nil
}

// trace starts a traceroute; the session is busy until it ends.
func (x *exec) trace(ask TraceRequest) {
	x.line("Type escape sequence to abort.")
	x.linef("Tracing the route to %v", ask.Destination)
	x.line("VRF info: (vrf in name/id, vrf out name/id)")
	x.s.print(join(x.take()))
	t := &tracing{s: x.s}
	t.begin(1)
	ask.Report, ask.Done = t.ended, func(time.Time) { t.s.task.ended() }
	x.runs(x.d.Trace(x.now, ask), func(x *exec) { x.s.print("\n") })
}

// begin begins the line of a hop.
func (t *tracing) begin(hop int) {
	t.s.print(fmt.Sprintf("%3d ", hop))
	t.shown, t.results = netip.Addr{}, 0
}

// ended shows how a probe ended.
func (t *tracing) ended(_ time.Time, p Probe) {
	if p.From.IsValid() {
		t.heard(p)
	} else {
		t.s.print(" * ")
	}
	t.results++
	if p.Number == probesPerHop-1 {
		t.s.print("\n")
		if !p.Last {
			t.begin(p.Hop + 1)
		}
	}
}

// heard shows the ICMP error that a probe provoked.
func (t *tracing) heard(p Probe) {
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
	if p.Type == icmpUnreachable && p.Code != codePort { // any other unreachable is a refusal on the way
		t.s.print(" !H")
	}
}
