package shell

import (
	"cmp"
	"fmt"
	"net/netip"
	"strconv"
	"time"

	"ikelab/iosconfig"
	"ikelab/iosconfig/syntax"
)

const (
	pingLineWidth = 70 // marks on one line

	icmpUnreachable         = 3
	icmpTimeExceeded        = 11
	codePort                = 3
	codeFragmentationNeeded = 4
)

// pinging is a `ping` under way, as the terminal shows it.
type pinging struct {
	s             *Session
	ask           PingRequest
	verbose       bool // a line for each echo
	marks         int
	sent, got     int // echoes that have ended, and that were answered
	min, max, sum time.Duration
}

// ping starts a ping; the session is busy until it ends.
func (x *exec) ping(ask PingRequest, v view) {
	x.line("Type escape sequence to abort.")
	sizes := strconv.Itoa(ask.Size)
	if ask.Sweep.By > 0 {
		sizes = fmt.Sprintf("[%d..%d]", ask.Size, ask.Sweep.To)
	}
	x.linef("Sending %d, %s-byte ICMP Echos to %s, timeout is %d seconds:", ask.Echoes(), sizes, iosconfig.Upper(ask.Destination), ask.Timeout/time.Second)
	if v.source {
		x.linef("Packet sent with a source address of %s", iosconfig.Upper(ask.Source))
	}
	if ask.DF {
		x.line("Packet sent with the DF bit set")
	}
	if ask.Validate {
		x.line("Reply data will be validated")
	}
	if v.pattern {
		x.linef("Packet has data pattern 0x%X", ask.Pattern)
	}
	x.s.print(join(x.take()))
	p := &pinging{s: x.s, ask: ask, verbose: v.verbose}
	ask.Report, ask.Done = p.ended, func(time.Time) {
		p.finish()
		p.s.task.ended()
	}
	x.runs(x.d.Ping(x.now, ask), func(*exec) { p.finish() })
}

// ended shows how an echo ended.
func (p *pinging) ended(_ time.Time, e Echo) {
	p.sent++
	if p.verbose {
		p.tell(e)
	}
	switch {
	case e.Answered:
		if p.got == 0 || e.RTT < p.min {
			p.min = e.RTT
		}
		p.max = max(p.max, e.RTT)
		p.sum += e.RTT
		p.got++
		p.mark("!")
	case e.Failed:
		p.mark(unreachableMark(p.ask.Destination, e.Type, e.Code))
	default:
		p.mark(".")
	}
}

// tell shows how an echo ended on a line of its own.
func (p *pinging) tell(e Echo) {
	how := "timed out"
	switch {
	case e.Answered:
		p.s.print(fmt.Sprintf("Reply to request %d (%d ms)\n", p.sent-1, millis(e.RTT)))
		return
	case e.Failed && p.ask.Destination.Is6():
		how = "unreachable"
	case e.Failed:
		how = fmt.Sprintf("unreachable, ICMP type %d code %d", e.Type, e.Code)
	}
	p.s.print(fmt.Sprintf("Request %d %s\n", p.sent-1, how))
}

// mark prints one character of the row of marks.
func (p *pinging) mark(c string) {
	if p.verbose {
		return
	}
	p.s.print(c)
	if p.marks++; p.marks%pingLineWidth == 0 {
		p.s.print("\n")
	}
}

// unreachableMark is the character that IOS prints for an ICMP error.
func unreachableMark(dst netip.Addr, kind, code uint8) string {
	switch {
	case dst.Is6():
		return unreachableMark6(kind, code)
	case kind == icmpTimeExceeded:
		return "&"
	case kind == icmpUnreachable && code == codeFragmentationNeeded:
		return "M"
	}
	return "U"
}

func (p *pinging) finish() {
	if p.marks%pingLineWidth != 0 {
		p.s.print("\n")
	}
	rate := 0
	if p.sent > 0 {
		rate = 100 * p.got / p.sent
	}
	text := fmt.Sprintf("Success rate is %d percent (%d/%d)", rate, p.got, p.sent)
	if p.got > 0 {
		text += fmt.Sprintf(", round-trip min/avg/max = %d/%d/%d ms", millis(p.min), millis(p.sum/time.Duration(p.got)), millis(p.max))
	}
	p.s.print(text + "\n")
}

// millis rounds up: an answer within the same millisecond took one, as IOS
// shows it.
func millis(d time.Duration) int64 { return max(1, int64((d+time.Millisecond/2)/time.Millisecond)) }

// destination is the address of a ping or traceroute. There is no name server
// in a lab, but what `ip host` says.
func (x *exec) destination(a args) (netip.Addr, error) {
	if a.Given("host") {
		if to, err := netip.ParseAddr(a.Word("host")); err == nil && to.Is6() && to.Zone() == "" && !to.Is4In6() {
			return to, nil
		}
		if to, ok := x.host(a.Word("host")); ok {
			return to, nil
		}
		return netip.Addr{}, syntax.Refuse("%% Unrecognized host or address, or protocol not running.\n")
	}
	return a.Addr("to"), nil
}

// source is the address to send from: the one asked for or the one that the
// way out has.
func (x *exec) source(a args, dst netip.Addr) (netip.Addr, error) {
	word, vrf := a.Word("from")+a.Word("iface"), a.Word("vrf")
	if err := knowsVRF(x, vrf); err != nil {
		return netip.Addr{}, err
	}
	if word == "" {
		src := x.d.SourceFor(vrf, dst)
		if dst.Is6() && !src.IsValid() && !dst.IsLinkLocalUnicast() {
			return src, syntax.Refuse("%% No valid route for destination")
		}
		return src, nil
	}
	src, ok := x.sourceAddress(vrf, word, dst)
	if !ok {
		return src, syntax.Refuse("%% Invalid source address- IP address not on any of our up interfaces\n")
	}
	return src, nil
}

// sourceAddress is the address of an interface or the address itself, as
// `source` takes both; it has to be in the VRF.
func (x *exec) sourceAddress(vrf, word string, dst netip.Addr) (netip.Addr, bool) {
	if a, err := netip.ParseAddr(word); err == nil {
		return a, x.d.OwnAddress(vrf, a)
	}
	list := x.d.Interfaces(syntax.InterfaceName(word))
	if len(list) != 1 {
		return netip.Addr{}, false
	}
	if dst.Is6() {
		if six := list[0].Six; six != nil && six.Lender != "" && len(six.Addresses) == 0 && !dst.IsLinkLocalUnicast() {
			if list = x.d.Interfaces(six.Lender); len(list) != 1 {
				return netip.Addr{}, false
			}
		}
		return list[0].SixSource(dst)
	}
	a := list[0].Address.Addr()
	return a, a.IsValid() && x.d.OwnAddress(vrf, a) // not that of one that carries nothing
}

func startPing(x *exec, a args) error {
	dst, err := x.destination(a)
	if err != nil {
		return err
	}
	ask := PingRequest{
		VRF: a.Word("vrf"), Destination: dst, Repeat: cmp.Or(a.Int("repeat"), defaultEchoes), Size: cmp.Or(a.Int("size"), defaultSize), Timeout: defaultTimeout,
		DF: a.Has("df-bit"), Validate: a.Has("validate"),
	}
	if a.Given("data") {
		var ok bool
		if ask.Pattern, ok = pattern(a.Word("data")); !ok {
			return a.Invalid("data")
		}
	}
	if a.Given("timeout") {
		ask.Timeout = time.Duration(a.Int("timeout")) * time.Second
	}
	if ask.Source, err = x.source(a, dst); err != nil {
		return err
	}
	if ask.Link, err = linkOf(a, dst); err != nil {
		return err
	}
	x.ping(ask, view{source: a.Given("from") || a.Given("iface"), verbose: a.Has("verbose"), pattern: a.Given("data")})
	return nil
}
