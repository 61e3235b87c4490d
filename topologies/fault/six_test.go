package fault

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"ikelab/ikev2/wire"
	"ikelab/netsim"
	"ikelab/router/ip"
)

// frame6 is an IPv6 packet of a protocol in Ethernet.
func frame6(proto, hops byte, body []byte) []byte {
	b := make([]byte, ethernetLen+sixLen)
	binary.BigEndian.PutUint16(b[12:], 0x86dd)
	p := b[ethernetLen:]
	p[0], p[6], p[7] = 0x60, proto, hops
	binary.BigEndian.PutUint16(p[4:], uint16(len(body)))
	p[8], p[23], p[24], p[39] = 0xfd, 1, 0xfd, 2
	return append(b, body...)
}

// cutAs is a fragment of it.
func cutAs(proto byte, at uint16, body []byte) []byte {
	head := []byte{proto, 0, 0, 0, 0, 0, 0, 9}
	binary.BigEndian.PutUint16(head[2:], at)
	return frame6(protoCut, 64, append(head, body...))
}

// TestSix: what IPv6 carries is seen as what IPv4 does, and stays what it was made.
func TestSix(t *testing.T) {
	l, _ := street(t)
	port, err := l.Port("R1:Ethernet0/0")
	require.NoError(t, err)
	ike := udp(500, message(wire.IKE_AUTH, 1, false, true, notify))
	for _, c := range []struct {
		name               string
		frame              []byte
		ip, ike, esp, bare bool
	}{
		{"IKE", frame6(protoUDP, 64, ike), true, true, false, false},
		{"ESP", frame6(protoESP, 64, esp(0x1000, 5)), true, false, true, false},
		{"ESP in UDP", frame6(protoUDP, 64, udp(portNATT, esp(0x2000, 6))), true, false, true, false},
		{"DNS", frame6(protoUDP, 64, udp(53, make([]byte, 40))), true, false, false, true},
		{"an echo", frame6(protoICMPv6, 64, append([]byte{128}, make([]byte, 40)...)), true, false, false, true},
		{"what finds neighbours", frame6(protoICMPv6, 255, append([]byte{135}, make([]byte, 23)...)), false, false, false, false},
		{"what says that it does", frame6(protoICMPv6, 64, append([]byte{135}, make([]byte, 23)...)), true, false, false, true},
		{"the first of IKE", cutAs(protoUDP, 1, ike), true, true, false, false},
		{"a later one of ESP", cutAs(protoESP, 8, make([]byte, 40)), true, false, false, false},
		{"a later one of UDP", cutAs(protoUDP, 8, make([]byte, 40)), true, false, false, true},
		{"a cut one", frame6(protoESP, 64, esp(1, 1))[:60], false, false, false, false},
	} {
		p := parse(port, netsim.Frame{Data: c.frame})
		require.Equal(t, []bool{c.ip, c.ike, c.esp, c.bare}, []bool{p.IP, p.IKE, p.ESP, p.InClear()}, c.name)
	}
	p := parse(port, netsim.Frame{Data: append(frame6(protoUDP, 64, ike), 0, 0)}) // and padding
	b := p.changed(func(body []byte) []byte { return body[:len(body)-1] })
	again := parse(port, netsim.Frame{Data: b})
	require.Len(t, again.body, len(p.body)-1)
	packet := b[ethernetLen:]
	require.Zero(t, ip.Fold(ip.Sum(ip.Sum(uint32(protoUDP)+uint32(len(packet)-sixLen), packet[8:sixLen]), packet[sixLen:])), "the checksum is right")
}
