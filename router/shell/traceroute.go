package shell

import (
	"cmp"
	"fmt"
	"net/netip"
	"time"

	"ikelab/iosconfig"
)

// tracing is a `traceroute` under way, as the terminal shows it.
type tracing struct {
	s       *Session
	ask     TraceRequest
	numeric bool       // no names
	shown   netip.Addr // router named last for this hop
	results int        // printed for this hop
}

func startTrace(x *exec, a args) error {
	dst, err := x.destination(a)
	if err != nil {
		return err
	}
	src, err := x.source(a, dst)
	if err != nil {
		return err
	}
	ask := defaultTrace
	if ask.Link, err = linkOf(a, dst); err != nil {
		return err
	}
	ask.VRF, ask.Destination, ask.Source = a.Word("vrf"), dst, src
	if a.Given("timeout") {
		ask.Timeout = time.Duration(a.Int("timeout")) * time.Second
	}
	ask.Probes, ask.First, ask.Last = cmp.Or(a.Int("probe"), ask.Probes), cmp.Or(a.Int("first"), ask.First), cmp.Or(a.Int("last"), ask.Last)
	if a.Given("port") {
		ask.Port = a.Int("port")
	}
	if !ask.inOrder() {
		return a.Invalid("last")
	}
	x.trace(ask, a.Word("host"), a.Has("numeric"))
	return nil
}

// trace starts a traceroute; the session is busy until it ends.
func (x *exec) trace(ask TraceRequest, named string, numeric bool) {
	x.line("Type escape sequence to abort.")
	if named == "" {
		x.linef("Tracing the route to %s", iosconfig.Upper(ask.Destination))
	} else {
		x.linef("Tracing the route to %s (%s)", named, iosconfig.Upper(ask.Destination))
	}
	if ask.Destination.Is4() {
		x.line("VRF info: (vrf in name/id, vrf out name/id)")
	} else {
		x.line("")
	}
	x.s.print(join(x.take()))
	t := &tracing{s: x.s, ask: ask, numeric: numeric}
	t.begin(ask.First)
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
	if p.Number == t.ask.Probes-1 {
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
		t.s.print("\n    " + t.name(p.From) + " ")
	case t.shown != p.From:
		t.s.print(t.name(p.From) + " ")
	default:
		t.s.print(" ")
	}
	t.shown = p.From
	t.s.print(fmt.Sprintf("%d msec", int64(p.RTT/time.Millisecond)))
	if p.Type == icmpUnreachable && p.Code != codePort { // any other unreachable is a refusal on the way
		t.s.print(" " + refusalMark(p.Code))
	}
}

// refusalMark is what IOS prints for an unreachable, by its code (RFC 792, RFC 1812 5.2.7.1).
func refusalMark(code uint8) string {
	switch code {
	case 0:
		return "!N"
	case 2:
		return "!P"
	case 9, 10, 13:
		return "!A"
	}
	return "!H"
}

// name is a router's, if `ip host` knows it.
func (t *tracing) name(a netip.Addr) string {
	if t.numeric {
		return iosconfig.Upper(a)
	}
	if name := t.s.sh.device.Running().HostOf(a); name != "" {
		return name + " (" + a.String() + ")"
	}
	return iosconfig.Upper(a)
}
