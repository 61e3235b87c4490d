package router

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// threeRouters are R1 - R2 - R3 in a row, 10.0.12.0/24 and 10.0.23.0/24.
func threeRouters(t testing.TB) *lab {
	l := newLab(t)
	l.add("R1", []string{"Ethernet0/0"}, "interface Ethernet0/0\n ip address 10.0.12.1 255.255.255.0\ninterface Loopback0\n ip address 1.1.1.1 255.255.255.255\nip route 0.0.0.0 0.0.0.0 10.0.12.2\n")
	l.add("R2", []string{"Ethernet0/0", "Ethernet0/1"}, "interface Ethernet0/0\n ip address 10.0.12.2 255.255.255.0\ninterface Ethernet0/1\n ip address 10.0.23.2 255.255.255.0\nip route 1.1.1.1 255.255.255.255 10.0.12.1\nip route 3.3.3.3 255.255.255.255 10.0.23.3\n")
	l.add("R3", []string{"Ethernet0/0"}, "interface Ethernet0/0\n ip address 10.0.23.3 255.255.255.0\ninterface Loopback0\n ip address 3.3.3.3 255.255.255.255\nip route 0.0.0.0 0.0.0.0 10.0.23.2\n")
	l.connect("R1", 0, "R2", 0)
	l.connect("R2", 1, "R3", 0)
	l.start("R1", "R2", "R3")
	return l
}

func TestForwarding(t *testing.T) {
	l := threeRouters(t)
	require.Contains(t, l.exec("R1", "ping 3.3.3.3 source 1.1.1.1"), "!!!!!")
	require.Contains(t, l.exec("R1", "ping 3.3.3.3 source 1.1.1.1 size 9000"), "!!!!!")
	require.Contains(t, l.exec("R1", "ping 1.1.1.1"), "!!!!!", "ourselves")
	require.Contains(t, l.exec("R1", "ping 9.9.9.9"), "U", "R2 has no route")
	require.Contains(t, l.exec("R1", "ping 10.0.12.77"), ".....", "nobody there")
	trace := l.exec("R1", "traceroute 3.3.3.3")
	require.Contains(t, trace, "10.0.12.2")
	require.Contains(t, trace, "10.0.23.3")
}

func TestDontFragment(t *testing.T) {
	l := threeRouters(t)
	l.configure("R2", "interface Ethernet0/1", "ip mtu 1000")
	require.Contains(t, l.exec("R1", "ping 3.3.3.3 size 1000 df-bit"), "!!!!!")
	require.Contains(t, l.exec("R1", "ping 3.3.3.3 size 1001 repeat 1 df-bit"), "M")
	require.Contains(t, l.exec("R1", "ping 3.3.3.3 size 1001"), "!!!!!")
	require.Contains(t, l.exec("R1", "ping 3.3.3.3 size 1501 repeat 1 df-bit"), "M", "refused by ourselves")
	quoted := 0
	for _, f := range l.sent {
		if b := f.data[ethernetHeader:]; f.from.node == "R2" && b[9] == protoICMP && b[20] == icmpUnreachable {
			require.EqualValues(t, 1000, binary.BigEndian.Uint16(b[26:]), "the next hop's mtu (RFC 1191)")
			require.Len(t, b, 20+8+28)
			quoted++
		}
	}
	require.Equal(t, 1, quoted)
}

func TestUnreachablesAreRateLimited(t *testing.T) {
	l := threeRouters(t)
	require.True(t, l.echo("R1", "10.0.12.1", "3.3.3.3", 100, false))
	l.protocols()
	for seq := range uint16(20) {
		l.nodes["R1"].sendEcho(l.now, addr("10.0.12.1"), addr("9.9.9.9"), 1, seq, 100, false)
		l.run(100 * time.Millisecond)
	}
	require.Equal(t, 20+4, l.protocols()["icmp"], "one in 500 ms")
}

func ipPacket(change func(b []byte)) []byte {
	p := datagram(addrPort("10.0.12.1:1000"), addrPort("3.3.3.3:2000"), 64, []byte("payload"))
	setHeaderChecksum(p.ip())
	if change != nil {
		change(p.ip())
	}
	return p.buf
}

// resummed is a change after which the header checksum is right again.
func resummed(change func(b []byte)) func([]byte) {
	return func(b []byte) {
		change(b)
		setHeaderChecksum(b)
	}
}

func TestInputChecks(t *testing.T) {
	for name, row := range map[string]struct {
		change  func(b []byte)
		forward bool
	}{
		"good":                   {nil, true},
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
		l := threeRouters(t)
		require.True(t, l.echo("R1", "10.0.12.1", "3.3.3.3", 100, false))
		l.sent = nil
		frame := append(ipPacket(row.change), 0, 0, 0) // Ethernet padding
		copy(frame, l.nodes["R2"].ifaces[0].mac[:])
		binary.BigEndian.PutUint16(frame[12:], ethertype4)
		before := bytes.Clone(frame)
		l.nodes["R2"].Receive(l.now, 0, frame, 0, 0)
		require.Equal(t, before, frame, "%s: a frame is not modified", name)
		var forwarded []byte
		for _, f := range l.sent {
			if f.from == (labEnd{"R2", 1}) {
				forwarded = f.data
			}
		}
		require.Equal(t, row.forward, forwarded != nil, name)
		if row.forward {
			require.Len(t, forwarded, len(frame)-3, "%s: padding is not forwarded", name)
			require.Equal(t, frame[ethernetHeader+8]-1, forwarded[ethernetHeader+8], name)
			require.Zero(t, checksum(forwarded[ethernetHeader:ethernetHeader+ipHeader]), name)
		}
	}
}

func TestBroadcastsAndStrangers(t *testing.T) {
	l := threeRouters(t)
	require.True(t, l.echo("R1", "10.0.12.1", "3.3.3.3", 100, false))
	l.sent = nil
	r := l.nodes["R2"]
	deliver := func(to [6]byte, change func(b []byte)) int {
		l.sent = nil
		frame := ipPacket(change)
		copy(frame, to[:])
		binary.BigEndian.PutUint16(frame[12:], ethertype4)
		r.Receive(l.now, 0, frame, 0, 0)
		return len(l.sent)
	}
	require.Zero(t, deliver([6]byte{2, 1, 1, 1, 1, 1}, nil), "another station's frame")
	require.Zero(t, deliver(broadcastMAC, nil), "a broadcast frame is not forwarded")
	require.Zero(t, deliver(broadcastMAC, resummed(func(b []byte) { writeIP4(b[16:], broadcastIP) })), "no port unreachable to a broadcast")
	require.Equal(t, 1, deliver(r.ifaces[0].mac, resummed(func(b []byte) {
		writeIP4(b[16:], ip4Of(addr("10.0.12.2")))
		b[26], b[27] = 0, 0 // no UDP checksum
	})), "port unreachable")
}

func TestInterfaceStates(t *testing.T) {
	l := threeRouters(t)
	l.configure("R2", "interface Ethernet0/1", "shutdown")
	require.False(t, l.echo("R1", "10.0.12.1", "3.3.3.3", 100, false))
	log := l.exec("R2", "show logging")
	require.Contains(t, log, "%LINK-3-UPDOWN: Interface Ethernet0/0, changed state to up")
	require.Contains(t, log, "%LINK-5-CHANGED: Interface Ethernet0/1, changed state to administratively down")
	require.Contains(t, log, "%LINEPROTO-5-UPDOWN: Line protocol on Interface Ethernet0/1, changed state to down")
	l.configure("R2", "interface Ethernet0/1", "no shutdown")
	require.True(t, l.echo("R1", "10.0.12.1", "3.3.3.3", 100, false))
	l.nodes["R3"].Carrier(l.now, 0, false)
	require.Nil(t, l.nodes["R3"].ifaces[0].arp)
	require.False(t, l.echo("R1", "10.0.12.1", "3.3.3.3", 100, false))
}

func TestChangedAddressIsAnnounced(t *testing.T) {
	l := threeRouters(t)
	require.True(t, l.echo("R2", "10.0.23.2", "10.0.23.3", 100, false))
	l.sent = nil
	l.configure("R3", "interface Ethernet0/0", "ip address 10.0.23.9 255.255.255.0")
	l.run(0)
	require.Equal(t, 1, l.protocols()["arp"])
	require.True(t, l.echo("R2", "10.0.23.2", "10.0.23.9", 100, false))
	require.False(t, l.echo("R2", "10.0.23.2", "10.0.23.3", 100, false))
}

func TestSetTTLKeepsTheChecksum(t *testing.T) {
	for id := range 1 << 16 {
		b := newPacket(protoUDP, 0x0a000001, 0x0a000002, uint8(id), 8).ip()
		binary.BigEndian.PutUint16(b[4:], uint16(id))
		setHeaderChecksum(b)
		setTTL(b, uint8(id>>8))
		require.Zero(t, checksum(b[:ipHeader]), id)
		require.EqualValues(t, id>>8, b[8])
	}
}
