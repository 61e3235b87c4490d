package ip

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// withOptions is an echo with four octets of options.
func withOptions(o ...byte) *Packet {
	p := echoTo("10.0.12.1", "10.0.12.2", 0)
	b := append([]byte(nil), p.buf[:EthernetHeader+HeaderLen]...)
	p.hold(append(append(b, o...), p.Payload()...))
	p.buf[EthernetHeader], p.buf[EthernetHeader+3] = 0x46, p.buf[EthernetHeader+3]+4
	return p
}

// TestTotals: each kind of packet counts where `show ip traffic` has it, and nowhere else.
func TestTotals(t *testing.T) {
	broken := func(p *Packet, at int) func(*device) []byte {
		return func(d *device) []byte {
			f := d.frameTo(0, p)
			f[EthernetHeader+at] ^= 1
			return f
		}
	}
	sound := func(p *Packet) func(*device) []byte { return func(d *device) []byte { return d.frameTo(0, p) } }
	ttl := echoTo("10.0.12.1", "3.3.3.3", 4)
	ttl.Bytes()[8] = 1
	in := func(change func(*Totals)) Totals {
		want := Totals{Received: 1, Local: 1, ICMP: ICMPTotals{In: map[uint8]uint64{echoRequest: 1}}}
		change(&want)
		return want
	}
	lost := func(why Reason) func(*Totals) {
		return func(w *Totals) { w.Local, w.ICMP.In, w.Dropped = 0, nil, map[Reason]uint64{why: 1} }
	}
	sends := func(w *Totals, kind uint8) { w.Generated, w.ICMP.Out = 1, map[uint8]uint64{kind: 1} }
	for name, c := range map[string]struct {
		frame func(*device) []byte
		want  Totals
	}{
		"echo":    {sound(echoTo("10.0.12.1", "10.0.12.2", 4)), in(func(w *Totals) { sends(w, echoReply) })},
		"forward": {sound(echoTo("10.0.12.1", "3.3.3.3", 4)), in(func(w *Totals) { w.Local, w.ICMP.In, w.Forwarded = 0, nil, 1 })},
		"ttl":     {sound(ttl), in(func(w *Totals) { lost(TTLExceeded)(w); sends(w, TimeExceeded) })},
		"sum":     {broken(echoTo("10.0.12.1", "10.0.12.2", 4), 10), in(func(w *Totals) { lost(BadHeader)(w); w.HeaderSums = 1 })},
		"length":  {broken(echoTo("10.0.12.1", "10.0.12.2", 4), 2), in(lost(BadHeader))},
		"icmp sum": {broken(echoTo("10.0.12.1", "10.0.12.2", 4), HeaderLen+icmpHeader), in(func(w *Totals) {
			lost(BadTransport)(w)
			w.Local, w.ICMP.Sums = 1, 1
		})},
		"zero":     {sound(echoTo("0.1.2.3", "10.0.12.2", 4)), in(func(w *Totals) { lost(ImpossibleFrom)(w); w.FromZero = 1 })},
		"loopback": {sound(echoTo("127.1.2.3", "10.0.12.2", 4)), in(func(w *Totals) { lost(ImpossibleFrom)(w); w.FromLoopback = 1 })},
		"options": {sound(withOptions(1, 7, 3, 4)), in(func(w *Totals) {
			sends(w, echoReply)
			w.WithOptions, w.Options = 1, map[uint8]uint64{1: 1, 7: 1}
		})},
		"broken options": {sound(withOptions(1, 7, 9, 4)), in(func(w *Totals) {
			sends(w, echoReply)
			w.WithOptions, w.Options = 1, map[uint8]uint64{1: 1}
		})},
	} {
		t.Run(name, func(t *testing.T) {
			d := middle(t)
			d.Totals = Totals{}
			d.Receive(epoch, 0, c.frame(d))
			require.Equal(t, c.want, d.Totals)
		})
	}
}

// TestTotalsOfFragments: what is cut and put together, and the questions of ARP.
func TestTotalsOfFragments(t *testing.T) {
	d := middle(t)
	require.Equal(t, ARPTotals{Requests: 2}, d.Totals.ARPIn)
	require.Equal(t, uint64(2), d.Totals.ARPOut.Replies-uint64(len(d.Interfaces.port(0).addrs)+len(d.Interfaces.port(1).addrs)), "answers, beside announcements")
	d.Totals = Totals{}
	for _, f := range pieces(d, 3000, 1500) {
		d.Receive(epoch, 0, f)
	}
	require.Equal(t, Totals{
		Received: 3, Local: 3, Reassembled: 1, Fragmented: 1, Fragments: 3, Generated: 1,
		ICMP: ICMPTotals{In: map[uint8]uint64{echoRequest: 1}, Out: map[uint8]uint64{echoReply: 1}},
	}, d.Totals)
}
