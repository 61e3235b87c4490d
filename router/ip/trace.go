package ip

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"time"
)

const (
	traceSourcePort = 49152 // first of the source ports
	probeLen        = 12    // octets of data
)

// Trace is a traceroute process: probes of a rising TTL, one at a time.
type Trace struct {
	VRF                 int // by number; 0: the global table
	Destination, Source netip.Addr
	Timeout             time.Duration
	Probes              int // per hop
	First, Last         int // TTL
	Port                int // destination port of the first probe
	TOS                 uint8
	Link                *Interface // as of a ping

	// Report is told how each probe ended, Done that the last one has.
	Report func(now time.Time, p Probe)
	Done   func(now time.Time)

	s       *Stack
	port    uint16
	probe   int // number of the probe that is out, from 0
	at      time.Time
	out     bool
	sending bool // at this moment
	reached bool
	due     Timer
}

// Probe is how a probe ended.
type Probe struct {
	Hop    int        // from 1
	Number int        // within the hop, from 0
	From   netip.Addr // who sent an ICMP error; invalid: nobody did
	Type   uint8
	Code   uint8
	RTT    time.Duration
	Last   bool
}

// Trace starts a traceroute.
func (e *Echoes) Trace(now time.Time, t *Trace) {
	e.ports++
	t.s, t.port = e.s, traceSourcePort+e.ports%8192
	t.due = NewTimer(t.expire)
	e.traces = append(e.traces, t)
	t.send(now)
}

// Stop ends a traceroute early.
func (t *Trace) Stop() {
	t.s.timers.Set(&t.due, time.Time{})
	t.out = false
	t.s.Echoes.traces = slices.DeleteFunc(t.s.Echoes.traces, func(u *Trace) bool { return u == t })
}

func (t *Trace) hop() int { return t.First + t.probe/t.Probes }

func (t *Trace) destinationPort() uint16 { return uint16(t.Port + t.probe) }

// send sends the next probe; its timer first, for errors that take no time.
func (t *Trace) send(now time.Time) {
	t.at, t.out = now, true
	t.s.timers.Set(&t.due, now.Add(max(t.Timeout, echoPause)))
	t.sending = true
	p := udpPacket(t.s, &Packet{}, Datagram{
		VRF: t.VRF, Local: netip.AddrPortFrom(t.Source, t.port), Remote: netip.AddrPortFrom(t.Destination, t.destinationPort()), Data: make([]byte, probeLen),
	}, uint8(t.hop()))
	setTOS(p.Bytes(), t.TOS)
	p.link = t.Link
	t.s.originate(now, p)
	t.sending = false
}

// expire is the timeout of the probe that is out, or the moment after an error
// that took no time.
func (t *Trace) expire(now time.Time) {
	if t.out {
		t.out = false
		t.Report(now, t.result())
	}
	t.next(now)
}

func (t *Trace) next(now time.Time) {
	if t.result().Last {
		t.Stop()
		t.Done(now)
		return
	}
	t.probe++
	t.send(now)
}

// result is how the probe that was out ended, if nobody answered.
func (t *Trace) result() Probe {
	p := Probe{Hop: t.hop(), Number: t.probe % t.Probes}
	p.Last = p.Number == t.Probes-1 && (t.reached || p.Hop >= t.Last)
	return p
}

// probeFailed takes the ICMP error that a probe provoked.
func (e *Echoes) probeFailed(now time.Time, f Failure) {
	from, to := binary.BigEndian.Uint16(f.Begin), binary.BigEndian.Uint16(f.Begin[2:])
	for _, t := range e.traces {
		if t.out && t.VRF == f.VRF && t.port == from && t.destinationPort() == to {
			t.heard(now, f)
			return
		}
	}
}

func (t *Trace) heard(now time.Time, f Failure) {
	t.out = false
	t.reached = t.reached || f.Type == Unreachable
	p := t.result()
	p.From, p.Type, p.Code, p.RTT = f.From, f.Type, f.Code, now.Sub(t.at)
	t.Report(now, p)
	if t.sending {
		t.s.timers.Set(&t.due, now.Add(echoPause))
		return
	}
	t.next(now)
}
