package hostlink

import (
	"bytes"
	"encoding/hex"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/tests/kit"
)

// TestVXLANHeader: "The header: Flags (8 bits): where the I flag MUST be set to 1
// for a valid VXLAN Network ID (VNI). The other 7 bits (designated "R") are
// reserved fields and MUST be set to zero on transmission and ignored on receipt"
// (RFC 7348 5).
func TestVXLANHeader(t *testing.T) {
	frame := bytes.Repeat([]byte{0xab}, 60)
	data := encapsulate(0x123456, frame)
	require.Equal(t, "0800000012345600", hex.EncodeToString(data[:8]))
	for _, row := range []struct {
		about  string
		change func([]byte) []byte
		want   string
	}{
		{"as sent", func(b []byte) []byte { return b }, ""},
		{"reserved flags", func(b []byte) []byte { b[0] = 0xff; return b }, ""},
		{"reserved octets", func(b []byte) []byte { b[1], b[2], b[3], b[7] = 1, 2, 3, 4; return b }, ""},
		{"no flag", func(b []byte) []byte { b[0] = 0xf7; return b }, "no VXLAN packet: flags 0xf7"},
		{"nothing", func([]byte) []byte { return nil }, "no VXLAN packet: 0 octets"},
		{"half a header", func(b []byte) []byte { return b[:7] }, "no VXLAN packet: 7 octets"},
		{"no frame", func(b []byte) []byte { return b[:8] }, "no VXLAN packet: a frame of 0 octets"},
		{"a runt", func(b []byte) []byte { return b[:8+13] }, "no VXLAN packet: a frame of 13 octets"},
	} {
		vni, got, err := decapsulate(row.change(bytes.Clone(data)))
		if row.want != "" {
			require.EqualError(t, err, row.want, row.about)
			require.ErrorIs(t, err, ErrVXLAN)
			continue
		}
		require.NoError(t, err, row.about)
		require.EqualValues(t, 0x123456, vni, row.about)
		require.Equal(t, frame, got, row.about)
	}
}

// kernelSide is a VTEP of somebody else's: a socket that sends from any port.
func kernelSide(t *testing.T, address string) *net.UDPConn {
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(address), 0)))
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	return conn
}

// TestVTEP: links share a socket, and a frame goes to the one of its sender
// and VNI, whatever port it comes from.
func TestVTEP(t *testing.T) {
	if _, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 9)}); err != nil {
		t.Skip("only 127.0.0.1 is an address here")
	}
	var all VTEPs
	here, port := netip.MustParseAddr("127.0.0.1"), uint16(kit.FreePort(t))
	open := func(remote string, vni uint32) (*VXLAN, chan []byte) {
		x, err := all.Open(here, netip.MustParseAddr(remote), port, vni)
		require.NoError(t, err)
		in := make(chan []byte, 10)
		x.Start(func(frame []byte) { in <- frame }, func(State) {})
		return x, in
	}
	a, inA := open("127.0.0.2", 7)
	b, inB := open("127.0.0.2", 8)
	c, inC := open("127.0.0.3", 7)
	_, err := all.Open(here, netip.MustParseAddr("127.0.0.2"), port, 7)
	require.ErrorContains(t, err, "two links for VNI 7 of 127.0.0.2")
	two, three, stranger := kernelSide(t, "127.0.0.2"), kernelSide(t, "127.0.0.3"), kernelSide(t, "127.0.0.4")
	send := func(from *net.UDPConn, data []byte) {
		_, err := from.WriteToUDPAddrPort(data, netip.AddrPortFrom(here, port))
		require.NoError(t, err)
	}
	frame := func(n byte) []byte { return bytes.Repeat([]byte{n}, 60) }
	send(stranger, encapsulate(7, frame(0)))
	send(two, encapsulate(9, frame(1)))
	send(three, encapsulate(8, frame(2)))
	send(two, encapsulate(7, frame(3))[:10])
	send(two, encapsulate(7, frame(4)))
	send(two, encapsulate(8, frame(5)))
	send(three, encapsulate(7, frame(6)))
	require.Equal(t, frame(4), next(t, inA))
	require.Equal(t, frame(5), next(t, inB))
	require.Equal(t, frame(6), next(t, inC))
	require.Equal(t, Counters{Received: 1, Strangers: 3, Malformed: 1}, a.Counters())
	require.Equal(t, Counters{Received: 1, Strangers: 3}, c.Counters())
	for _, x := range []*VXLAN{a, b, c, a} {
		require.NoError(t, x.Close())
	}
	require.Empty(t, all.open)
	again, _ := open("127.0.0.2", 7)
	require.NoError(t, again.Close())
}

// TestClosesAfterNonsense: a link to network 0, which a datagram that is no VXLAN packet seems to be
// of, is closed as any other.
func TestClosesAfterNonsense(t *testing.T) {
	var all VTEPs
	peer, port := kernelSide(t, "127.0.0.1"), uint16(kit.FreePort(t))
	here := netip.MustParseAddr("127.0.0.1")
	x, err := all.Open(here, here, port, 0)
	require.NoError(t, err)
	x.Start(func([]byte) {}, func(State) {})
	_, err = peer.WriteToUDPAddrPort([]byte("nonsense"), netip.AddrPortFrom(here, port))
	require.NoError(t, err)
	require.Eventually(t, func() bool { return x.Counters().Malformed == 1 }, patience, time.Millisecond)
	closed := make(chan error)
	go func() { closed <- x.Close() }()
	select {
	case err = <-closed:
		require.NoError(t, err)
	case <-time.After(patience):
		t.Fatal("it waits for a call that has ended")
	}
}

// TestVXLANSends to the port that it listens at, and refuses giants.
func TestVXLANSends(t *testing.T) {
	var all VTEPs
	peer := kernelSide(t, "127.0.0.2")
	port := uint16(peer.LocalAddr().(*net.UDPAddr).Port)
	x, err := all.Open(netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("127.0.0.2"), port, 5)
	require.NoError(t, err)
	defer x.Close()
	frame := bytes.Repeat([]byte{1}, 1514)
	require.NoError(t, x.Send(frame))
	buf := make([]byte, 2000)
	require.NoError(t, peer.SetReadDeadline(time.Now().Add(patience)))
	n, from, err := peer.ReadFromUDPAddrPort(buf)
	require.NoError(t, err)
	require.Equal(t, encapsulate(5, frame), buf[:n])
	require.Equal(t, port, from.Port())
	require.ErrorIs(t, x.Send(make([]byte, MaxFrame-7)), ErrTooLong)
	require.EqualValues(t, 1, x.Counters().Failed)
}

func TestVXLANRefusals(t *testing.T) {
	var all VTEPs
	here := netip.MustParseAddr("127.0.0.1")
	for _, row := range []struct {
		local, remote netip.Addr
		port          uint16
		vni           uint32
		want          string
	}{
		{here, netip.Addr{}, 1, 1, "remote invalid IP is no address"},
		{here, netip.IPv4Unspecified(), 1, 1, "remote 0.0.0.0 is no address"},
		{here, here, 0, 1, "no port 0"},
		{here, here, 1, 1 << 24, "no VNI 16777216"},
		{netip.MustParseAddr("192.0.2.1"), here, 4789, 1, "hostlink: vxlan: listen"},
	} {
		_, err := all.Open(row.local, row.remote, row.port, row.vni)
		require.ErrorContains(t, err, row.want)
	}
}

// FuzzDecapsulate: what is taken is what would be sent again.
func FuzzDecapsulate(f *testing.F) {
	f.Add([]byte{})
	f.Add(encapsulate(1, make([]byte, 60)))
	f.Add(append([]byte{0xf7}, encapsulate(1, make([]byte, 60))[1:]...))
	f.Add(encapsulate(maxVNI, make([]byte, 13)))
	f.Fuzz(func(t *testing.T, data []byte) {
		vni, frame, err := decapsulate(data)
		if err != nil {
			require.Nil(t, frame)
			return
		}
		again, same, err := decapsulate(encapsulate(vni, frame))
		require.NoError(t, err)
		require.Equal(t, vni, again)
		require.Equal(t, frame, same)
	})
}
