package router

import (
	"fmt"
	"net/netip"
	"time"

	"ikelab/iosconfig"
)

const (
	icmpUnreachable  = 3
	icmpTimeExceeded = 11
	pingLineWidth    = 70               // marks on one line
	pingPause        = time.Millisecond // the least that an echo takes
)

// pingRequest is what `ping` was asked to do.
type pingRequest struct {
	dst, src netip.Addr // src: the one to use
	named    bool       // the user chose the source
	repeat   int
	size     int // of the IP packet
	timeout  time.Duration
	df       bool
}

// pinging is a `ping` under way: one echo at a time, the next as soon as the
// last was answered or has timed out.
type pinging struct {
	s             *Session
	ask           pingRequest
	id            uint16
	seq           uint16 // of the echo that is out
	sent          int
	got           int
	at            time.Time // when it left
	marks         int
	min, max, sum time.Duration

	sending bool      // the router is sending the echo at this moment
	resume  time.Time // when to go on after an answer of our own; zero: waiting for one
}

// ping starts a ping; the session is busy until it ends.
func (x *exec) ping(ask pingRequest) {
	x.r.shell.echoID++
	x.line("Type escape sequence to abort.")
	x.linef("Sending %d, %d-byte ICMP Echos to %v, timeout is %d seconds:", ask.repeat, ask.size, ask.dst, ask.timeout/time.Second)
	if ask.named {
		x.linef("Packet sent with a source address of %v", ask.src)
	}
	if ask.df {
		x.line("Packet sent with the DF bit set")
	}
	p := &pinging{s: x.s, ask: ask, id: x.r.shell.echoID}
	x.s.show(x.take())
	x.s.running = p
	p.next(x)
}

// next sends the next echo, or ends the command. An answer that comes before
// the send has returned, to an echo to ourselves, waits a moment: a ping takes
// time, or nobody could interrupt it.
func (p *pinging) next(x *exec) {
	switch {
	case p.sending:
		p.resume = x.now.Add(pingPause)
		return
	case p.sent == p.ask.repeat:
		p.finish(x)
		return
	}
	p.seq = uint16(p.sent)
	p.sent++
	p.at, p.resume = x.now, time.Time{}
	p.sending = true
	x.r.sendEcho(x.now, p.ask.src, p.ask.dst, p.id, p.seq, p.ask.size, p.ask.df)
	p.sending = false
}

func (p *pinging) deadline() time.Time {
	if !p.resume.IsZero() {
		return p.resume
	}
	return p.at.Add(max(p.ask.timeout, pingPause))
}

// advance is the timeout of the echo that is out, unless it was answered.
func (p *pinging) advance(x *exec) {
	if p.resume.IsZero() {
		p.mark(x, '.')
	}
	p.next(x)
}

// mark prints one character of the row of marks.
func (p *pinging) mark(x *exec, c byte) {
	x.s.print(string(c))
	if p.marks++; p.marks%pingLineWidth == 0 {
		x.s.print("\n")
	}
}

func (p *pinging) interrupt(x *exec) {
	p.sent = max(p.sent-1, p.got)
	p.finish(x)
}

func (p *pinging) finish(x *exec) {
	x.s.running = nil
	if p.marks%pingLineWidth != 0 {
		x.s.print("\n")
	}
	rate := 0
	if p.sent > 0 {
		rate = 100 * p.got / p.sent
	}
	text := fmt.Sprintf("Success rate is %d percent (%d/%d)", rate, p.got, p.sent)
	if p.got > 0 {
		text += fmt.Sprintf(", round-trip min/avg/max = %d/%d/%d ms", millis(p.min), millis(p.sum/time.Duration(p.got)), millis(p.max))
	}
	x.s.print(text + "\n")
}

// millis rounds up: an answer within the same millisecond took one, as IOS
// shows it.
func millis(d time.Duration) int64 { return max(1, int64((d+time.Millisecond/2)/time.Millisecond)) }

func (p *pinging) answered(x *exec) {
	d := x.now.Sub(p.at)
	if p.got == 0 || d < p.min {
		p.min = d
	}
	p.max = max(p.max, d)
	p.sum += d
	p.got++
	p.mark(x, '!')
	p.next(x)
}

// echoReply takes an ICMP echo reply that was addressed to this router.
func (r *Router) echoReply(now time.Time, from netip.Addr, id, seq uint16) {
	for _, s := range r.shell.sessions {
		if p, ok := s.running.(*pinging); ok && p.resume.IsZero() && p.id == id && p.seq == seq && p.ask.dst == from {
			p.answered(&exec{s: s, r: r, now: now})
			return
		}
	}
}

// icmpError takes an ICMP error (type and code) whose quoted packet, the IPv4
// header and what the sender included of the rest, was ours.
func (r *Router) icmpError(now time.Time, from netip.Addr, kind, code uint8, quoted []byte) {
	q, ok := parseQuoted(quoted)
	if !ok {
		return
	}
	for _, s := range r.shell.sessions {
		x := &exec{s: s, r: r, now: now}
		switch t := s.running.(type) {
		case *pinging:
			if r.ownAddress(from) && code != codeFragmentationNeeded {
				continue // without a way out IOS waits and prints a dot
			}
			if q.proto == 1 && q.id == t.id && q.seq == t.seq && t.resume.IsZero() {
				t.mark(x, unreachableMark(kind, code))
				t.next(x)
				return
			}
		case *tracing:
			if q.proto == 17 && q.sport == t.sport && q.dport == t.dport() {
				t.heard(x, from, kind, code)
				return
			}
		}
	}
}

// unreachableMark is the character that IOS prints for an ICMP error.
func unreachableMark(kind, code uint8) byte {
	switch {
	case kind == icmpTimeExceeded:
		return '&'
	case kind == icmpUnreachable && code == codeFragmentationNeeded:
		return 'M'
	}
	return 'U'
}

// quotedPacket is what identifies our packet inside an ICMP error.
type quotedPacket struct {
	proto        uint8
	id, seq      uint16 // ICMP
	sport, dport uint16 // UDP
}

func parseQuoted(b []byte) (quotedPacket, bool) {
	if len(b) < 20 || b[0]>>4 != 4 {
		return quotedPacket{}, false
	}
	header := int(b[0]&15) * 4
	if header < 20 || len(b) < header+8 {
		return quotedPacket{}, false
	}
	u16 := func(i int) uint16 { return uint16(b[header+i])<<8 | uint16(b[header+i+1]) }
	return quotedPacket{proto: b[9], id: u16(4), seq: u16(6), sport: u16(0), dport: u16(2)}, true
}

// sourceAddress is the address of an interface or the address itself, as
// `source` takes both.
func (x *exec) sourceAddress(word string) (netip.Addr, bool) {
	if a, err := netip.ParseAddr(word); err == nil {
		return a, x.r.ownAddress(a)
	}
	a := x.r.interfaceAddress(iosconfig.InterfaceName(word))
	return a, a.IsValid()
}

// ownAddress says whether an address is configured on this router.
func (r *Router) ownAddress(a netip.Addr) bool {
	for _, ifc := range r.running().Interfaces {
		if ifc.Address.IsValid() && ifc.Address.Addr() == a {
			return true
		}
		for _, second := range ifc.Secondary {
			if second.Addr() == a {
				return true
			}
		}
	}
	return false
}
