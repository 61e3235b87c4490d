package ip

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A stack with two ports, 10.0.12.2/24 and 10.0.23.2/24, and what stands at the
// far ends of its wires.
var (
	host1 = [6]byte{2, 0, 0, 0, 1, 1} // 10.0.12.1
	host3 = [6]byte{2, 0, 0, 0, 3, 3} // 10.0.23.3
)

// middle is that stack, which knows both hosts.
func middle(t testing.TB) *device {
	d := newDevice(t, 2)
	d.set("eth0", "eth", "10.0.12.2/24")
	d.set("eth1", "eth", "10.0.23.2/24")
	d.add(staticOf("1.1.1.1/32", "10.0.12.1", "", 1), staticOf("3.3.3.3/32", "10.0.23.3", "", 1))
	d.Receive(epoch, 0, arpFrame(host1, arpRequest, "10.0.12.1", "10.0.12.2"))
	d.Receive(epoch, 1, arpFrame(host3, arpRequest, "10.0.23.3", "10.0.23.2"))
	d.timers.Run(epoch)
	d.frames = nil
	return d
}

// arpFrame is a broadcast ARP packet.
func arpFrame(from [6]byte, op byte, sender, target string) []byte {
	f := append(BroadcastMAC[:0:0], BroadcastMAC[:]...)
	f = append(append(f, from[:]...), 8, 6, 0, 1, 8, 0, 6, 4, 0, op)
	f = append(append(f, from[:]...), addr(sender).AsSlice()...)
	return append(append(f, 0, 0, 0, 0, 0, 0), addr(target).AsSlice()...)
}

// frameTo makes a frame of a packet for a port.
func (d *device) frameTo(port int, p *Packet) []byte {
	SetHeaderChecksum(p.Bytes())
	i := d.Interfaces.port(port)
	copy(p.buf, i.MAC[:])
	binary.BigEndian.PutUint16(p.buf[12:], ethertypeIP4)
	return p.buf
}

// echoTo is an echo request with n octets of data.
func echoTo(src, dst string, n int) *Packet {
	p := newPacket(ProtoICMP, addressOf(addr(src)), addressOf(addr(dst)), 64, icmpHeader+n)
	b := p.Payload()
	b[0] = echoRequest
	for i := icmpHeader; i < len(b); i++ {
		b[i] = byte(i * 7)
	}
	binary.BigEndian.PutUint16(b[2:], Checksum(b))
	return p
}

// sent lists the packets that left since the last call, without Ethernet.
func (d *device) sent() [][]byte {
	var list [][]byte
	for _, f := range d.frames {
		if binary.BigEndian.Uint16(f[12:]) == ethertypeIP4 {
			list = append(list, f[EthernetHeader:])
		}
	}
	d.frames = nil
	return list
}

// asked counts the ARP packets that left since the last call.
func (d *device) asked() int {
	n := 0
	for _, f := range d.frames {
		if binary.BigEndian.Uint16(f[12:]) == ethertypeARP {
			n++
		}
	}
	d.frames = nil
	return n
}

// until runs the timers up to an instant, each at its own.
func (d *device) until(t time.Time) {
	for next := d.timers.Next(); !next.IsZero() && !next.After(t); next = d.timers.Next() {
		d.timers.Run(next)
	}
}

// last is the last record.
func (d *device) last() any { return d.records[len(d.records)-1] }

// resummed is a change after which the header checksum is right again.
func resummed(change func(b []byte)) func([]byte) {
	return func(b []byte) {
		change(b)
		SetHeaderChecksum(b)
	}
}

// TestInputChecks: RFC 1812 section 5.2.2 and 5.3.7.
func TestInputChecks(t *testing.T) {
	for name, row := range map[string]struct {
		change  func(b []byte)
		forward bool
	}{
		"good":                   {func([]byte) {}, true},
		"checksum":               {func(b []byte) { b[10] ^= 1 }, false},
		"version":                {resummed(func(b []byte) { b[0] = 0x65 }), false},
		"header too short":       {resummed(func(b []byte) { b[0] = 0x44 }), false},
		"header beyond packet":   {func(b []byte) { b[0] = 0x4f }, false},
		"length beyond frame":    {resummed(func(b []byte) { b[3] += 9 }), false},
		"length below header":    {resummed(func(b []byte) { b[3] = 19 }), false},
		"source this network":    {resummed(func(b []byte) { b[12] = 0 }), false},
		"source loopback":        {resummed(func(b []byte) { b[12] = 127 }), false},
		"source multicast":       {resummed(func(b []byte) { b[12] = 224 }), false},
		"source ourselves":       {resummed(func(b []byte) { copy(b[12:], []byte{10, 0, 12, 2}) }), false},
		"source broadcast":       {resummed(func(b []byte) { copy(b[12:], []byte{10, 0, 12, 255}) }), false},
		"destination loopback":   {resummed(func(b []byte) { b[16] = 127 }), false},
		"destination multicast":  {resummed(func(b []byte) { b[16] = 239 }), false},
		"directed broadcast":     {resummed(func(b []byte) { copy(b[16:], []byte{10, 0, 23, 255}) }), false},
		"last hop, ttl 2":        {resummed(func(b []byte) { b[8] = 2 }), true},
		"ttl 1":                  {resummed(func(b []byte) { b[8] = 1 }), false},
		"checksum wraps, ttl 65": {resummed(func(b []byte) { b[8] = 65; b[4], b[5] = 0xff, 0xff }), true},
	} {
		d := middle(t)
		frame := append(d.frameTo(0, echoTo("1.1.1.1", "3.3.3.3", 7)), 0, 0, 0) // Ethernet padding
		row.change(frame[EthernetHeader:])
		before := bytes.Clone(frame)
		d.Receive(epoch, 0, frame)
		require.Equal(t, before, frame, "%s: a frame is not modified", name)
		sent := d.sent()
		if !row.forward {
			require.LessOrEqual(t, len(sent), 1, name) // time exceeded
			require.True(t, len(sent) == 0 || sent[0][20] == TimeExceeded, name)
			continue
		}
		require.Len(t, sent, 1, name)
		require.Len(t, sent[0], len(frame)-3-EthernetHeader, "%s: padding is not forwarded", name)
		require.Equal(t, frame[EthernetHeader+8]-1, sent[0][8], name)
		require.Zero(t, Checksum(sent[0][:HeaderLen]), name)
	}
}

func TestBroadcastsAndStrangers(t *testing.T) {
	d := middle(t)
	deliver := func(to [6]byte, dst string) int {
		p := udpPacket(d.Stack, &Packet{}, Datagram{Local: addrPort("1.1.1.1:1000"), Remote: addrPort(dst + ":2000"), Data: []byte("payload")}, 64)
		frame := d.frameTo(0, p)
		copy(frame, to[:])
		d.Receive(epoch, 0, frame)
		return len(d.sent())
	}
	require.Zero(t, deliver([6]byte{2, 1, 1, 1, 1, 1}, "3.3.3.3"), "another station's frame")
	require.Zero(t, deliver(BroadcastMAC, "3.3.3.3"), "a broadcast frame is not forwarded (RFC 1122 section 3.3.6)")
	require.Zero(t, deliver(BroadcastMAC, "255.255.255.255"), "no port unreachable to a broadcast")
	require.Equal(t, 1, deliver(d.Interfaces.port(0).MAC, "10.0.12.2"), "port unreachable")
	require.Equal(t, NoPort, d.dropped())
}

// dropped is the reason of the last packet that was dropped.
func (d *device) dropped() Reason {
	for i := len(d.records) - 1; i >= 0; i-- {
		if b, ok := d.records[i].(Dropped); ok {
			return b.Reason
		}
	}
	return ""
}

func TestUnreachablesAreRateLimited(t *testing.T) {
	d := middle(t)
	frame := d.frameTo(0, echoTo("1.1.1.1", "9.9.9.9", 10))
	n := 0
	for i := range 20 {
		d.Receive(epoch.Add(time.Duration(i)*100*time.Millisecond), 0, frame)
		n += len(d.sent())
	}
	require.Equal(t, 4, n, "one in 500 ms")
	require.Equal(t, NoRoute, d.dropped())
}

func TestForwardingAllocatesNothing(t *testing.T) {
	d := middle(t)
	d.options.Send = func(int, []byte) {}
	frame := d.frameTo(0, echoTo("1.1.1.1", "3.3.3.3", 1000))
	require.Zero(t, testing.AllocsPerRun(100, func() { d.Receive(epoch, 0, frame) }))
}

func TestSetTTLKeepsTheChecksum(t *testing.T) {
	for id := range 1 << 16 {
		b := newPacket(ProtoUDP, v4Address(0x0a000001), v4Address(0x0a000002), uint8(id), 8).Bytes()
		binary.BigEndian.PutUint16(b[4:], uint16(id))
		SetHeaderChecksum(b)
		setTTL(b, uint8(id>>8))
		require.Zero(t, Checksum(b[:HeaderLen]), id)
		require.EqualValues(t, id>>8, b[8])
	}
}

func BenchmarkForward(b *testing.B) {
	d := middle(b)
	d.options.Send = func(int, []byte) {}
	frame := d.frameTo(0, echoTo("1.1.1.1", "3.3.3.3", 1000))
	b.ReportAllocs()
	for b.Loop() {
		d.Receive(epoch, 0, frame)
	}
}

// BenchmarkBroadcastForOthers is what a question for somebody else costs.
func BenchmarkBroadcastForOthers(b *testing.B) {
	d := middle(b)
	frame := arpFrame([6]byte{2, 0, 0, 0, 9, 9}, arpRequest, "10.0.12.9", "10.0.12.8")
	for b.Loop() {
		d.Receive(epoch, 0, frame)
	}
}
