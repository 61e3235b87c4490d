package tunnel

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/router/ip"
)

// The headers that may be: RFC 2784 section 2, RFC 2890 section 2.
func TestGREHeader(t *testing.T) {
	payload := []byte{0x45, 1, 2, 3, 4}
	for _, c := range []struct {
		h        gre
		checksum bool
		wire     []byte
	}{
		{gre{protocol: protoIPv4}, false, []byte{0, 0, 8, 0}},
		{gre{protocol: protoIPv4, keyed: true, key: 77}, false, []byte{0x20, 0, 8, 0, 0, 0, 0, 77}},
		{gre{protocol: protoKeepalive}, false, []byte{0, 0, 0, 0}},
		{gre{protocol: protoIPv4}, true, []byte{0x80, 0, 8, 0, 0x2c, 0xfb, 0, 0}},
		{gre{protocol: protoIPv4, keyed: true, key: 1 << 31}, true, []byte{0xa0, 0, 8, 0, 0x8c, 0xfa, 0, 0, 0x80, 0, 0, 0}},
	} {
		n := greHeader(c.h.keyed, c.checksum)
		b := append(make([]byte, n), payload...)
		writeGRE(b, c.h, c.checksum)
		require.Equal(t, c.wire, b[:n])
		got, length, err := parseGRE(b)
		require.NoError(t, err)
		require.Equal(t, n, length)
		require.Equal(t, c.h, got)
		for k := range n {
			_, _, err := parseGRE(b[:k])
			require.Error(t, err, "%d of %d octets", k, n)
		}
		if c.checksum {
			b[len(b)-1]++
			_, _, err = parseGRE(b)
			require.Error(t, err)
		}
	}
	// "Bits 1-5 ... a receiver MUST discard a packet where any of bits 1-5 are
	// non-zero, unless that receiver implements RFC 1701", and "the Version Number
	// field MUST contain the value zero" (RFC 2784, sections 2.3 and 2.3.1).
	for _, flags := range []uint16{0x4000, 0x0800, 0x0001, 0x0007} {
		b := make([]byte, 16)
		binary.BigEndian.PutUint16(b, flags)
		_, _, err := parseGRE(b)
		require.Error(t, err, "%#x", flags)
	}
}

func FuzzGRE(f *testing.F) {
	f.Add([]byte{0xb0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0x45})
	f.Fuzz(func(t *testing.T, b []byte) {
		h, n, err := parseGRE(b)
		if err == nil {
			require.LessOrEqual(t, n, len(b))
			require.True(t, h.keyed || h.key == 0)
		}
	})
}

// clearTunnel is a device whose Tunnel0 carries in clear and knows the peer's MAC.
func clearTunnel(t *testing.T, change func(*Settings)) *device {
	d := newDevice(t)
	s := settings(GRE)
	s.TOS = -1
	if change != nil {
		change(&s)
	}
	d.tunnels.Get("Tunnel0").Set(epoch, s)
	d.receive(arpRequest())
	d.sent = nil
	return d
}

// arpRequest shows that 10.0.0.2 has 02:00:00:00:00:02.
func arpRequest() []byte {
	return append([]byte{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1,
		2, 0, 0, 0, 0, 2, 10, 0, 0, 2, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1}, make([]byte, 18)...)
}

func (d *device) receive(frame []byte) { d.stack.Receive(epoch, 0, frame) }

// fromPeer is a frame with what the other end's tunnel would send.
func fromPeer(proto uint8, payload []byte) []byte {
	b := make([]byte, ip.EthernetHeader+ip.HeaderLen, 200)
	copy(b, []byte{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0})
	b = append(b, payload...)
	p := b[ip.EthernetHeader:]
	copy(p, []byte{0x45, 0, 0, 0, 0, 1, 0, 0, 255, proto, 0, 0, 10, 0, 0, 2, 10, 0, 0, 1})
	binary.BigEndian.PutUint16(p[2:], uint16(len(p)))
	ip.SetHeaderChecksum(p)
	return b
}

// echo is an echo request from the peer's network to this end of the tunnel.
func echo() []byte {
	p := make([]byte, 28)
	copy(p, []byte{0x45, 0, 0, 28, 0, 9, 0, 0, 64, ip.ProtoICMP, 0, 0, 192, 168, 2, 1, 172, 16, 0, 1, 8, 0, 0, 0, 0, 1, 0, 1})
	binary.BigEndian.PutUint16(p[22:], ip.Checksum(p[20:]))
	ip.SetHeaderChecksum(p)
	return p
}

// What is routed into the tunnel leaves with both headers, and what comes with
// them is answered.
func TestGRECarries(t *testing.T) {
	d := clearTunnel(t, func(s *Settings) { s.Keyed, s.Key, s.TTL, s.TOS = true, 5, 9, 32 })
	require.True(t, d.stack.Interfaces.Get("Tunnel0").Protocol)
	require.Equal(t, 1500-28, d.stack.Interfaces.Get("Tunnel0").MTU)
	d.receive(fromPeer(ip.ProtoGRE, append([]byte{0x20, 0, 8, 0, 0, 0, 0, 5}, echo()...)))
	require.Len(t, d.sent, 1)
	b := d.sent[0][ip.EthernetHeader:]
	require.Equal(t, []byte{0x45, 32, 0, 56}, b[:4])
	require.Equal(t, []byte{9, ip.ProtoGRE}, b[8:10])
	require.Zero(t, ip.Checksum(b[:20]))
	require.Equal(t, []byte{0x20, 0, 8, 0, 0, 0, 0, 5}, b[20:28])
	require.Equal(t, []byte{172, 16, 0, 1, 192, 168, 2, 1, 0, 0}, b[40:50], "the echo reply")
	for name, payload := range map[string][]byte{
		"another key": append([]byte{0x20, 0, 8, 0, 0, 0, 0, 6}, echo()...), "no key": append([]byte{0, 0, 8, 0}, echo()...), "half": {0x20, 0, 8},
		"another protocol": append([]byte{0x20, 0, 0x86, 0xdd, 0, 0, 0, 5}, echo()...), "nothing inside": {0x20, 0, 8, 0, 0, 0, 0, 5},
	} {
		d.receive(fromPeer(ip.ProtoGRE, payload))
		require.Len(t, d.sent, 1, name)
	}
	d.receive(fromPeer(ip.ProtoIPIP, echo()))
	require.Len(t, d.sent, 1, "IPIP is no GRE")
}

// An SA that looks at no ports carries fragments as well, those after the first too (RFC 4301 section
// 7.1): a peer may cut a packet of GRE or IPIP before it encrypts it. Fragments that come in clear, or
// by another tunnel, complete nothing.
func TestFragmentsByAPair(t *testing.T) {
	for mode, payload := range map[Mode][]byte{GRE: append([]byte{0, 0, 8, 0}, longEcho()...), IPIP: longEcho()} {
		d := clearTunnel(t, func(s *Settings) { s.Mode = mode })
		tunnel := d.tunnels.Get("Tunnel0")
		list := ip.Fragments(fromPeer(mode.Protocol(), payload)[ip.EthernetHeader:], 300)
		require.Len(t, list, 3)
		for i := range list {
			tunnel.decrypted(epoch, bytes.Clone(list[len(list)-1-i]))
			require.Equal(t, i == len(list)-1, len(d.sent) > 0, "%v: fragment %d", mode, i)
		}
		require.Zero(t, tunnel.iface.Counters.InErrors)

		d.sent = nil
		tunnel.decrypted(epoch, bytes.Clone(list[0]))
		for _, f := range list[1:] {
			d.receive(append([]byte{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0}, f[ip.EthernetHeader:]...))
			d.stack.Input(epoch, tunnel.iface, bytes.Clone(f))
		}
		require.Empty(t, d.sent, mode)
	}
}

// longEcho is an echo of 628 octets.
func longEcho() []byte {
	p := append(echo(), make([]byte, 600)...)
	binary.BigEndian.PutUint16(p[2:], uint16(len(p)))
	p[22], p[23] = 0, 0
	binary.BigEndian.PutUint16(p[22:], ip.Checksum(p[20:]))
	ip.SetHeaderChecksum(p)
	return p
}

// IPIP has no key: one that is configured is GRE's, and changes nothing.
func TestIPIPCarries(t *testing.T) {
	for _, keyed := range []bool{false, true} {
		d := clearTunnel(t, func(s *Settings) {
			if s.Mode = IPIP; keyed {
				s.Keyed, s.Key = true, 77
			}
		})
		require.Equal(t, 1480, d.stack.Interfaces.Get("Tunnel0").MTU)
		d.receive(fromPeer(ip.ProtoIPIP, echo()))
		require.Len(t, d.sent, 1)
		require.EqualValues(t, ip.ProtoIPIP, d.sent[0][ip.EthernetHeader+9])
	}
}

// A keepalive of the peer's goes back as it is; ours is one, and without answers
// to as many as there are retries the line protocol goes down, until one comes.
func TestKeepalives(t *testing.T) {
	d := clearTunnel(t, func(s *Settings) { s.Keepalive = Keepalive{Interval: 10 * time.Second, Retries: 3} })
	line := func() bool { return d.stack.Interfaces.Get("Tunnel0").Protocol }
	for n := range 3 {
		d.timers.Run(epoch.Add(time.Duration(n+1) * 10 * time.Second))
		require.Len(t, d.sent, n+1)
		require.True(t, line())
	}
	b := d.sent[0][ip.EthernetHeader:]
	require.Len(t, b, 48)
	require.Equal(t, []byte{0, 0, 8, 0}, b[20:24])
	require.Equal(t, []byte{10, 0, 0, 2, 10, 0, 0, 1, 0, 0, 0, 0}, b[36:48], "from the peer to us, and no payload")
	d.timers.Run(epoch.Add(40 * time.Second))
	require.False(t, line())
	d.receive(fromPeer(ip.ProtoGRE, []byte{0, 0, 0, 0}))
	require.True(t, line())
	theirs := fromPeer(ip.ProtoGRE, append([]byte{0, 0, 8, 0}, swapped(b[24:48])...))
	d.sent = nil
	d.receive(theirs)
	require.Len(t, d.sent, 1)
	require.Equal(t, theirs[ip.EthernetHeader+24:], d.sent[0][ip.EthernetHeader:])
}

// swapped is a keepalive as the other end would make it.
func swapped(b []byte) []byte {
	p := append([]byte{}, b...)
	copy(p[12:16], b[16:20])
	copy(p[16:20], b[12:16])
	return p
}

// The way to the destination must not lead through the tunnel itself.
func TestRecursion(t *testing.T) {
	d := clearTunnel(t, nil)
	through := ip.StaticRoute{Prefix: netip.MustParsePrefix("10.0.0.2/32"), Interface: "Tunnel0", Distance: 1}
	d.said = nil
	d.stack.SetRoutes(epoch, []ip.StaticRoute{through}, nil)
	require.Contains(t, d.said, ip.Recursive{Interface: "Tunnel0", Number: 2})
	require.False(t, d.stack.Interfaces.Get("Tunnel0").Protocol)
	d.stack.SetRoutes(epoch, nil, []ip.StaticRoute{through})
	require.False(t, d.stack.Interfaces.Get("Tunnel0").Protocol, "it rests")
	d.timers.Run(epoch.Add(time.Minute))
	require.True(t, d.stack.Interfaces.Get("Tunnel0").Protocol)
}

// What should have come encrypted is refused in clear.
func TestClearForProtected(t *testing.T) {
	d := clearTunnel(t, func(s *Settings) {
		s.Entry.Local, s.Entry.Remote, s.Entry.Protected, s.Entry.Active, s.Entry.TTL = s.Source, s.Destination, true, true, 255
	})
	d.receive(fromPeer(ip.ProtoGRE, append([]byte{0, 0, 8, 0}, echo()...)))
	require.EqualValues(t, 1, d.tunnels.Crypto.Drops.NotIPsec)
	require.Empty(t, d.sent)
}
