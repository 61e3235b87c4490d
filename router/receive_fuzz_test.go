package router

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2"
	"ikelab/router/crypto"
	"ikelab/router/ip"
)

// FuzzReceive throws frames at a router with a live tunnel: whatever they
// are, it does not panic, its SAs stay as they are, and the tunnel works.
// mode says how the octets are dressed, so that the fuzzer gets past the
// Ethernet header and the checksum.
func FuzzReceive(f *testing.F) {
	l := manualTunnel(f, suitesUnderTest[1])
	require.True(f, l.echo("R1", "192.168.1.1", "192.168.2.1", 100, false))
	for mode := range byte(5) {
		for _, frame := range l.sent {
			f.Add(mode, frame.data)
		}
		f.Add(mode, l.nodes["R2"].frame(0, ip.ProtoUDP, "10.0.0.1", "10.0.0.2", udp(1000, 2000, []byte("payload"))))
		f.Add(mode, []byte{})
	}
	message := icmp(8, 0, 0, make([]byte, 2900))
	for _, frame := range ip.Fragments(l.nodes["R2"].frame(0, ip.ProtoICMP, "10.0.0.1", "10.0.0.2", message)[ip.EthernetHeader:], 600) {
		f.Add(byte(1), frame)
	}
	f.Fuzz(func(t *testing.T, mode byte, data []byte) {
		l := manualTunnel(t, suitesUnderTest[1])
		l.mute = true
		require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 100, false)) // so that the seeds are replays
		r := l.nodes["R2"]
		before := saState(r)
		frame := dress(mode, r, data)
		kept := bytes.Clone(frame)
		r.Receive(l.now, 0, frame, 0, 0)
		require.Equal(t, kept, frame)
		require.Equal(t, before, saState(r))
		l.run(40 * time.Second)
		require.Equal(t, 1, r.machine.crypto.Pairs())
		require.True(t, r.tunnelUp())
		for _, n := range l.nodes { // whatever the frame has taught them of neighbours
			n.Carrier(l.now, 0, false)
			n.Carrier(l.now, 0, true)
		}
		require.True(t, l.echo("R1", "192.168.1.1", "192.168.2.1", 100, false))
	})
}

// dress makes a frame of octets: 0 as they are, 1 to our MAC address, 2 also a
// right header checksum, 3 an IPv4 packet for us with the octets as ESP, 4 the
// same as a UDP datagram for port 500.
func dress(mode byte, r *labNode, data []byte) []byte {
	mac := r.port(0).MAC
	switch mode % 5 {
	case 1, 2:
		frame := bytes.Clone(data)
		copy(frame, mac[:])
		if b := frame[min(len(frame), ip.EthernetHeader):]; mode%5 == 2 && len(b) >= ip.HeaderLen && len(b) >= int(b[0]&15)*4 && b[0]&15 >= 5 {
			binary.BigEndian.PutUint16(frame[12:], 0x0800)
			ip.SetHeaderChecksum(b)
		}
		return frame
	case 3, 4:
		data = data[:min(len(data), 1400)]
		if mode%5 == 4 {
			return r.frame(0, ip.ProtoUDP, "10.0.0.1", "10.0.0.2", udp(500, 500, data))
		}
		return r.frame(0, ip.ProtoESP, "10.0.0.1", "10.0.0.2", data)
	}
	return data
}

// "The receiver SHOULD ignore a received NAT-keepalive packet." (RFC 3948 2.3) Port 4500 is
// served.
func TestUDP4500IsServed(t *testing.T) {
	l := manualTunnel(t, suitesUnderTest[0])
	r := l.nodes["R2"]
	send := func(data string) {
		r.seen = nil
		r.Receive(l.now, 0, r.frame(0, ip.ProtoUDP, "10.0.0.1", "10.0.0.2", udp(4500, 4500, []byte(data))), 0, 0)
		require.Empty(t, l.sent)
	}
	send("\xff")
	require.Empty(t, r.seen)
	send("\x00\x00\x00\x00hello")
	require.Equal(t, addrPort("10.0.0.1:4500"), r.seen[len(r.seen)-1].(ikev2.Refused).From)
	send("\x12\x34\x56\x78\x00\x00\x00\x01")
	require.Len(t, r.seen, 1)
	require.Equal(t, crypto.InvalidSPI, r.seen[0].(crypto.Refused).Why)
}
