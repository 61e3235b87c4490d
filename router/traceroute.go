package router

import (
	"fmt"
	"net/netip"
	"time"
)

const (
	traceFirstPort = 33434 // destination port of the first probe
	traceTimeout   = 3 * time.Second
	traceProbes    = 3
	traceMaxHops   = 30
)

// tracing is a `traceroute` under way: three UDP probes per hop, one at a time.
type tracing struct {
	dst, src netip.Addr
	sport    uint16
	probe    int        // number of the probe that is out, from 0
	at       time.Time  // when it left
	shown    netip.Addr // router named last for this hop
	results  int        // printed for this hop
	reached  bool
}

func (t *tracing) ttl() int      { return t.probe/traceProbes + 1 }
func (t *tracing) dport() uint16 { return uint16(traceFirstPort + t.probe) }

func (t *tracing) deadline() time.Time { return t.at.Add(traceTimeout) }

// traceroute starts a traceroute; the session is busy until it ends.
func (x *exec) traceroute(dst, src netip.Addr) {
	x.r.shell.udpPort++
	x.line("Type escape sequence to abort.")
	x.linef("Tracing the route to %v", dst)
	x.line("VRF info: (vrf in name/id, vrf out name/id)")
	x.s.show(x.take())
	t := &tracing{dst: dst, src: src, sport: 49152 + x.r.shell.udpPort%8192}
	x.s.running = t
	t.send(x)
}

func (t *tracing) send(x *exec) {
	if t.probe%traceProbes == 0 {
		x.s.print(fmt.Sprintf("%3d ", t.ttl()))
		t.shown, t.results = netip.Addr{}, 0
	}
	t.at = x.now
	x.r.sendUDP(x.now, t.src, t.dst, t.sport, t.dport(), uint8(t.ttl()))
}

// heard takes the ICMP error that a probe provoked.
func (t *tracing) heard(x *exec, from netip.Addr, kind, code uint8) {
	switch {
	case t.shown != from && t.results > 0:
		x.s.print("\n    " + from.String() + " ")
	case t.shown != from:
		x.s.print(from.String() + " ")
	default:
		x.s.print(" ")
	}
	t.shown = from
	t.results++
	x.s.print(fmt.Sprintf("%d msec", int64(x.now.Sub(t.at)/time.Millisecond)))
	if kind == icmpUnreachable {
		t.reached = true
		if code != codePort { // any other unreachable is a refusal on the way
			x.s.print(" !H")
		}
	}
	t.advanceProbe(x)
}

// advance is the timeout of the probe that is out.
func (t *tracing) advance(x *exec) {
	x.s.print(" * ")
	t.results++
	t.advanceProbe(x)
}

func (t *tracing) advanceProbe(x *exec) {
	t.probe++
	if t.probe%traceProbes == 0 {
		x.s.print("\n")
		if t.reached || t.ttl() > traceMaxHops {
			x.s.running = nil
			return
		}
	}
	t.send(x)
}

func (t *tracing) interrupt(x *exec) {
	x.s.running = nil
	x.s.print("\n")
}
