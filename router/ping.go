package router

import (
	"fmt"
	"net/netip"
	"time"

	"ikelab/iosconfig"
	"ikelab/router/ip"
)

const pingLineWidth = 70 // marks on one line

// pingRequest is what `ping` was asked to do.
type pingRequest struct {
	dst, src netip.Addr // src: the one to use
	named    bool       // the user chose the source
	repeat   int
	size     int // of the IP packet
	timeout  time.Duration
	df       bool
}

// pinging is a `ping` under way.
type pinging struct {
	s             *Session
	process       ip.Ping
	got           int
	marks         int
	min, max, sum time.Duration
}

// ping starts a ping; the session is busy until it ends.
func (x *exec) ping(ask pingRequest) {
	x.line("Type escape sequence to abort.")
	x.linef("Sending %d, %d-byte ICMP Echos to %v, timeout is %d seconds:", ask.repeat, ask.size, ask.dst, ask.timeout/time.Second)
	if ask.named {
		x.linef("Packet sent with a source address of %v", ask.src)
	}
	if ask.df {
		x.line("Packet sent with the DF bit set")
	}
	x.s.show(x.take())
	p := &pinging{s: x.s}
	p.process = ip.Ping{
		Destination: ask.dst, Source: ask.src, Repeat: ask.repeat, Size: ask.size, Timeout: ask.timeout, DF: ask.df,
		Report: p.echo, Done: func(time.Time) { p.finish(p.process.Sent) },
	}
	x.s.running = p
	x.r.ip.Echoes.Ping(x.now, &p.process)
}

// echo prints how one echo ended.
func (p *pinging) echo(_ time.Time, e ip.Echo) {
	switch {
	case e.Answered:
		if p.got == 0 || e.RTT < p.min {
			p.min = e.RTT
		}
		p.max = max(p.max, e.RTT)
		p.sum += e.RTT
		p.got++
		p.mark('!')
	case e.Failed:
		p.mark(unreachableMark(e.Type, e.Code))
	default:
		p.mark('.')
	}
}

// mark prints one character of the row of marks.
func (p *pinging) mark(c byte) {
	p.s.print(string(c))
	if p.marks++; p.marks%pingLineWidth == 0 {
		p.s.print("\n")
	}
}

func (p *pinging) interrupt() {
	p.process.Stop()
	p.finish(max(p.process.Sent-1, p.got))
}

func (p *pinging) finish(sent int) {
	p.s.running = nil
	if p.marks%pingLineWidth != 0 {
		p.s.print("\n")
	}
	rate := 0
	if sent > 0 {
		rate = 100 * p.got / sent
	}
	text := fmt.Sprintf("Success rate is %d percent (%d/%d)", rate, p.got, sent)
	if p.got > 0 {
		text += fmt.Sprintf(", round-trip min/avg/max = %d/%d/%d ms", millis(p.min), millis(p.sum/time.Duration(p.got)), millis(p.max))
	}
	p.s.print(text + "\n")
}

// millis rounds up: an answer within the same millisecond took one, as IOS
// shows it.
func millis(d time.Duration) int64 { return max(1, int64((d+time.Millisecond/2)/time.Millisecond)) }

// unreachableMark is the character that IOS prints for an ICMP error.
func unreachableMark(kind, code uint8) byte {
	switch {
	case kind == ip.TimeExceeded:
		return '&'
	case kind == ip.Unreachable && code == ip.CodeFragmentationNeeded:
		return 'M'
	}
	return 'U'
}

// sourceAddress is the address of an interface or the address itself, as
// `source` takes both.
func (x *exec) sourceAddress(word string) (netip.Addr, bool) {
	if a, err := netip.ParseAddr(word); err == nil {
		return a, x.r.ip.OwnAddress(a)
	}
	a := x.r.interfaceAddress(iosconfig.InterfaceName(word))
	return a, a.IsValid()
}
