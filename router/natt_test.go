package router

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2"
	"ikelab/router/crypto"
	"ikelab/router/ip"
)

// ESP in UDP: RFC 3948, and what RFC 7296 2.23 says of it.

// udpTunnel is a tunnel whose ESP goes in UDP, and one packet of it that is on its way
// from R1 to R2: the ESP packet in it.
func udpTunnel(t *testing.T, inUDP bool) (l *lab, frame, packet []byte) {
	l = vtiRouters(t)
	l.start("R1", "R2")
	one, two := pairOf(suitesUnderTest[0], 0x1000)
	if one.UDP, two.UDP = inUDP, inUDP; inUDP {
		one.LocalEnd, one.Peer = addrPort("10.0.0.1:4500"), addrPort("10.0.0.2:4500")
		two.LocalEnd, two.Peer = one.Peer, one.LocalEnd
	}
	l.install(one, two)
	require.Contains(t, l.exec("R1", "ping 10.0.0.2"), "!") // they know each other's hardware addresses
	l.sent = nil
	l.nodes["R1"].oneEcho(l.now, "192.168.1.1", "192.168.2.1")
	for _, f := range l.sent {
		if proto := f.data[23]; proto == ip.ProtoESP || proto == ip.ProtoUDP {
			frame = f.data
		}
	}
	require.NotNil(t, frame)
	head := ip.EthernetHeader + ip.HeaderLen
	if inUDP {
		head += 8
	}
	return l, frame, frame[head:]
}

// arrives says what comes of a packet to R2: how many inner packets, and what is
// recorded.
func (l *lab) arrives(proto uint8, payload []byte) (inner uint64, seen []any) {
	r := l.nodes["R2"]
	before := r.machine.entries("")[0].Counters().Decaps
	r.seen = nil
	r.Receive(l.now, 0, r.frame(0, proto, "10.0.0.1", "10.0.0.2", payload), 0, 0)
	return r.machine.entries("")[0].Counters().Decaps - before, r.seen
}

// summed is a UDP datagram with its checksum, plus so much.
func summed(from, to uint16, data []byte, plus uint16) []byte {
	b := udp(from, to, data)
	head := []byte{10, 0, 0, 1, 10, 0, 0, 2, 0, ip.ProtoUDP, b[4], b[5]}
	binary.BigEndian.PutUint16(b[6:], ip.Checksum(append(head, b...))+plus)
	return b
}

// "The UDP header is a standard [RFC0768] header, where o the Source Port and Destination
// Port MUST be the same as that used by IKE traffic, o the IPv4 UDP Checksum SHOULD be
// transmitted as a zero value" (RFC 3948 2.1) "The SPI field in the ESP header MUST NOT be a
// zero value." (2.1)
func TestESPInUDPOnTheWire(t *testing.T) {
	_, frame, packet := udpTunnel(t, true)
	require.Equal(t, byte(ip.ProtoUDP), frame[23])
	header := frame[ip.EthernetHeader+ip.HeaderLen:]
	require.Equal(t, []byte{4500 >> 8, 4500 & 255, 4500 >> 8, 4500 & 255}, header[:4])
	require.EqualValues(t, len(header), binary.BigEndian.Uint16(header[4:]))
	require.Zero(t, binary.BigEndian.Uint16(header[6:]))
	require.EqualValues(t, 0x1000, binary.BigEndian.Uint32(packet))
}

// "receivers MUST NOT depend on the UDP checksum being a zero value" (RFC 3948 2.1).
func TestChecksumOfESPInUDP(t *testing.T) {
	for name, row := range map[string]struct {
		make func([]byte) []byte
		want uint64
	}{
		"zero":  {func(b []byte) []byte { return udp(4500, 4500, b) }, 1},
		"right": {func(b []byte) []byte { return summed(4500, 4500, b, 0) }, 1},
		"wrong": {func(b []byte) []byte { return summed(4500, 4500, b, 1) }, 0},
	} {
		l, _, packet := udpTunnel(t, true)
		inner, _ := l.arrives(ip.ProtoUDP, row.make(packet))
		require.Equal(t, row.want, inner, name)
	}
}

// "all devices MUST be able to receive and process both UDP-encapsulated ESP and
// non-UDP-encapsulated ESP packets at any time" and "Implementations MUST process received
// UDP-encapsulated ESP packets even when no NAT was detected." (RFC 7296 2.23)
func TestESPComesEitherWay(t *testing.T) {
	for _, agreed := range []bool{false, true} {
		l, _, packet := udpTunnel(t, agreed)
		inner, _ := l.arrives(ip.ProtoUDP, udp(4500, 4500, packet))
		require.EqualValues(t, 1, inner)
		l, _, packet = udpTunnel(t, agreed)
		inner, _ = l.arrives(ip.ProtoESP, packet)
		require.EqualValues(t, 1, inner)
	}
}

// "UDP encapsulation MUST NOT be done on port 500." (RFC 7296 2.23) What comes there is
// IKE.
func TestNoESPOnPort500(t *testing.T) {
	l, _, packet := udpTunnel(t, true)
	inner, seen := l.arrives(ip.ProtoUDP, udp(500, 500, packet))
	require.Zero(t, inner)
	require.IsType(t, ikev2.Refused{}, seen[len(seen)-1])
}

// "The UDP payload of all packets containing IKE messages sent on port 4500 MUST begin with
// the prefix of four zeros; otherwise, the receiver won't know how to handle them." (RFC
// 7296 2) "An IKE implementation supporting this protocol specification MUST NOT use the ESP
// SPI field zero for ESP packets." (RFC 3948 1): what begins with zeros is no ESP.
func TestWhatComesToPort4500(t *testing.T) {
	l, _, packet := udpTunnel(t, true)
	zero := append([]byte{0, 0, 0, 0}, packet[4:]...)
	inner, seen := l.arrives(ip.ProtoUDP, udp(4500, 4500, zero))
	require.Zero(t, inner)
	require.IsType(t, ikev2.Refused{}, seen[len(seen)-1])
	inner, seen = l.arrives(ip.ProtoESP, zero)
	require.Zero(t, inner)
	require.Equal(t, crypto.InvalidSPI, seen[len(seen)-1].(crypto.Refused).Why)
	require.Equal(t, []byte{0, 0, 0, 0, 1, 2}, marked(ikev2.Datagram{Local: addrPort("10.0.0.1:4500"), Data: []byte{1, 2}}))
	require.Equal(t, []byte{1, 2}, marked(ikev2.Datagram{Local: addrPort("10.0.0.1:500"), Data: []byte{1, 2}}))
}

// "The sender MUST use a one-octet-long payload with the value 0xFF. The receiver SHOULD
// ignore a received NAT-keepalive packet." (RFC 3948 2.3) "Reception of NAT-keepalive packets
// MUST NOT be used to detect whether a connection is live." (4): the engine hears of none.
func TestKeepaliveMeansNothing(t *testing.T) {
	l, _, _ := udpTunnel(t, true)
	l.sent = nil
	inner, seen := l.arrives(ip.ProtoUDP, udp(4500, 4500, []byte{0xff}))
	require.Zero(t, inner)
	require.Empty(t, seen)
	require.Empty(t, l.sent)
	m := l.nodes["R1"].machine
	l.sent = nil
	m.apply(l.now, ikev2.Effects{ikev2.Keepalive{Local: addrPort("10.0.0.1:4500"), Remote: addrPort("10.0.0.2:4500")}})
	require.Len(t, l.sent, 1)
	datagram := l.sent[0].data[ip.EthernetHeader+ip.HeaderLen:]
	require.Equal(t, []byte{4500 >> 8, 4500 & 255, 4500 >> 8, 4500 & 255, 0, 9}, datagram[:6])
	require.Equal(t, []byte{0xff}, datagram[8:])
}
