package ip

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"slices"
	"time"
)

// echoPause is the least that an echo takes: a ping takes time, or nobody
// could interrupt it.
const echoPause = time.Millisecond

// echoPattern is what IOS fills echoes with.
const echoPattern = "\xab\xcd"

// Echoes are the echo and traceroute processes of a device.
type Echoes struct {
	s      *Stack
	pings  []*Ping
	traces []*Trace
	lastID uint16 // identifier of the last ping
	ports  uint16 // source ports taken by traces
}

// Ping is an echo process: one echo at a time, the next as soon as the last
// was answered or has timed out.
type Ping struct {
	VRF                 int // by number; 0: the global table
	Destination, Source netip.Addr
	Repeat              int
	Size                int // of the packet
	Timeout             time.Duration
	DF                  bool
	TOS                 uint8
	Pattern             []byte     // of the data; nil: IOS's
	Validate            bool       // a reply with other data is none
	Sweep               Sweep      // of sizes, from Size on
	Link                *Interface // whose neighbour a link-local destination is

	// Report is told how each echo ended, Done that the last one has.
	Report func(now time.Time, e Echo)
	Done   func(now time.Time)

	Sent int // so far

	s *Stack
	flight
	due Timer
}

// flight is the echo that is out.
type flight struct {
	id, seq uint16
	at      time.Time // when it left
	out     bool      // it is out
	sending bool      // at this moment
}

// Sweep has sizes go up to one, each so much more than the last. By 0: there is none.
type Sweep struct{ To, By int }

// Echo is how an echo ended.
type Echo struct {
	Answered bool
	RTT      time.Duration
	Failed   bool // an ICMP error came instead, of this type and code
	Type     uint8
	Code     uint8
}

// Ping starts a ping.
func (e *Echoes) Ping(now time.Time, p *Ping) {
	e.lastID++
	p.s, p.id = e.s, e.lastID
	p.due = NewTimer(p.advance)
	e.pings = append(e.pings, p)
	p.next(now)
}

// Stop ends a ping early.
func (p *Ping) Stop() {
	p.s.timers.Set(&p.due, time.Time{})
	p.out = false
	p.s.Echoes.pings = slices.DeleteFunc(p.s.Echoes.pings, func(q *Ping) bool { return q == p })
}

// next sends the next echo, or ends the process. The timer is set before: the
// answer to an echo to ourselves comes before the send returns.
func (p *Ping) next(now time.Time) {
	if p.Sent == p.Repeat {
		p.Stop()
		p.Done(now)
		return
	}
	p.seq = uint16(p.Sent)
	p.Sent++
	p.at, p.out = now, true
	p.s.timers.Set(&p.due, now.Add(max(p.Timeout, echoPause)))
	p.sending = true
	p.s.Echoes.send(now, p)
	p.sending = false
}

// advance is the timeout of the echo that is out, or the moment after an
// answer that took no time.
func (p *Ping) advance(now time.Time) {
	if p.out {
		p.out = false
		p.Report(now, Echo{})
	}
	p.next(now)
}

func (p *Ping) ended(now time.Time, e Echo) {
	p.out = false
	p.Report(now, e)
	if p.sending {
		p.s.timers.Set(&p.due, now.Add(echoPause))
		return
	}
	p.next(now)
}

// answered takes an echo reply, or what would be one, to this device.
func (e *Echoes) answered(now time.Time, vrf int, from netip.Addr, b []byte) {
	if p := e.ping(vrf, b); p != nil && p.Destination == from && (!p.Validate || p.sent(b[icmpHeader:])) {
		p.ended(now, Echo{Answered: true, RTT: now.Sub(p.at)})
	}
}

// ping is the process whose echo is out in a VRF under the identifier and sequence
// number of an ICMP message.
func (e *Echoes) ping(vrf int, b []byte) *Ping {
	id, seq := binary.BigEndian.Uint16(b[4:]), binary.BigEndian.Uint16(b[6:])
	for _, p := range e.pings {
		if p.out && p.VRF == vrf && p.id == id && p.seq == seq {
			return p
		}
	}
	return nil
}

// echoFailed takes an ICMP error about an echo. Without a way out of the
// device IOS waits and prints a dot.
func (e *Echoes) echoFailed(now time.Time, f Failure) {
	if f.Local && f.Code != CodeFragmentationNeeded {
		return
	}
	if p := e.ping(f.VRF, f.Begin); p != nil {
		p.ended(now, Echo{Failed: true, Type: f.Type, Code: f.Code})
	}
}

// send sends the echo of a ping.
func (e *Echoes) send(now time.Time, ask *Ping) {
	size := ask.size()
	p := ask.packet(size)
	p.by = e.s.VRF(ask.VRF)
	setTOS(p.Bytes(), ask.TOS)
	b := p.Payload()
	binary.BigEndian.PutUint16(b[4:], ask.id)
	binary.BigEndian.PutUint16(b[6:], ask.seq)
	ask.fill(b[icmpHeader:])
	setICMPChecksum(p)
	e.s.originate(now, p)
}

// packet is that of an echo, without what it says.
func (p *Ping) packet(size int) *Packet {
	src, dst := addressOf(p.Source), addressOf(p.Destination)
	if dst.is4() {
		k := newPacket(ProtoICMP, src, dst, DefaultTTL, size-HeaderLen)
		if k.Payload()[0] = echoRequest; p.DF {
			k.Bytes()[6] = FlagDF >> 8
		}
		return k
	}
	k := newPacket(ProtoICMPv6, src, dst, hopLimit, size-HeaderLen6)
	k.Payload()[0], k.link = echoRequest6, p.Link
	return k
}

// size is that of the packet of the echo that is out.
func (p *Ping) size() int {
	size := p.Size
	if p.Sweep.By > 0 {
		size += (p.Sent - 1) % ((p.Sweep.To-p.Size)/p.Sweep.By + 1) * p.Sweep.By
	}
	return min(max(size, headerFor(addressOf(p.Destination))+icmpHeader), MaxLen)
}

// fill writes the data of an echo: the pattern over and over.
func (p *Ping) fill(data []byte) {
	pattern := p.Pattern
	if len(pattern) == 0 {
		pattern = []byte(echoPattern)
	}
	for i := 0; i < len(data); {
		i += copy(data[i:], pattern)
	}
}

// sent says whether data are those of the echo that is out.
func (p *Ping) sent(data []byte) bool {
	want := make([]byte, p.size()-headerFor(addressOf(p.Destination))-icmpHeader)
	p.fill(want)
	return bytes.Equal(data, want)
}
