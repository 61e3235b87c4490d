package router

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func addr(text string) netip.Addr { return netip.MustParseAddr(text) }

func (n *labNode) entry(a string) *arpEntry { return n.ifaces[0].arp[ip4Of(addr(a))] }

// ipFrames lists the ICMP sequence numbers of what a router sent.
func (l *lab) echoesFrom(node string) []uint16 {
	var seqs []uint16
	for _, f := range l.sent {
		if f.from.node == node && binary.BigEndian.Uint16(f.data[12:]) == ethertype4 && f.data[23] == protoICMP && f.data[34] == icmpEcho {
			seqs = append(seqs, binary.BigEndian.Uint16(f.data[40:]))
		}
	}
	return seqs
}

func TestARPHoldsLatestPacket(t *testing.T) {
	l := twoRouters(t, "", "")
	l.start("R1")
	for seq := range uint16(3) {
		l.nodes["R1"].sendEcho(l.now, addr("10.0.0.1"), addr("10.0.0.2"), 1, seq, 100, false)
	}
	l.run(9 * time.Second)
	require.Empty(t, l.echoesFrom("R1"))
	require.Equal(t, 1+1+4, l.protocols()["arp"], "one announcement, one request at once and four, a second apart, after the latest packet")
	require.False(t, l.nodes["R1"].entry("10.0.0.2").resolved)

	l.start("R2") // its announcement is what R1 waits for
	l.run(10 * time.Millisecond)
	require.Equal(t, []uint16{2}, l.echoesFrom("R1"))
	require.True(t, l.nodes["R1"].entry("10.0.0.2").resolved)
	require.Equal(t, uint64(2), l.nodes["R1"].ifaces[0].count.outDrops)
}

func TestARPForgetsUnresolved(t *testing.T) {
	l := twoRouters(t, "", "")
	l.start("R1")
	l.nodes["R1"].sendEcho(l.now, addr("10.0.0.1"), addr("10.0.0.2"), 1, 0, 100, false)
	l.run(arpHold - time.Second)
	require.NotNil(t, l.nodes["R1"].entry("10.0.0.2"))
	l.run(2 * time.Second)
	require.Nil(t, l.nodes["R1"].entry("10.0.0.2"))
	require.True(t, l.nodes["R1"].Deadline().IsZero(), "nothing is left to do")
}

func TestARPRefreshesThenAges(t *testing.T) {
	l := twoRouters(t, "", "")
	l.start("R1", "R2")
	require.True(t, l.echo("R1", "10.0.0.1", "10.0.0.2", 100, false))
	l.protocols()
	l.run(arpAge - arpRefresh - 5*time.Second)
	require.Empty(t, l.protocols())
	l.run(10 * time.Second)
	require.NotZero(t, l.protocols()["arp"])
	require.Less(t, l.now.Sub(l.nodes["R1"].entry("10.0.0.2").learned), 20*time.Second, "refreshed")

	l.nodes["R2"].off = true
	l.run(arpAge + time.Second)
	require.Nil(t, l.nodes["R1"].entry("10.0.0.2"), "nobody answers any more")
	for _, f := range l.sent {
		if f.from.node == "R1" {
			require.Equal(t, l.nodes["R2"].ifaces[0].mac, [6]byte(f.data[:6]), "a refresh is not a broadcast")
		}
	}
}

func TestARPIgnoresNonsense(t *testing.T) {
	frame := func(change func(b []byte)) []byte {
		f := make([]byte, 60)
		copy(f, broadcastMAC[:])
		copy(f[6:], []byte{2, 0, 0, 0, 0, 9})
		copy(f[12:], []byte{8, 6, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 9, 10, 0, 0, 9, 0, 0, 0, 0, 0, 0, 10, 0, 0, 1})
		if change != nil {
			change(f[14:])
		}
		return f
	}
	for name, row := range map[string]struct {
		frame            []byte
		learned, answers bool
	}{
		"request":             {frame(nil), true, true},
		"probe":               {frame(func(b []byte) { copy(b[14:], []byte{0, 0, 0, 0}) }), false, true},
		"for somebody else":   {frame(func(b []byte) { b[27] = 77 }), false, false},
		"another network":     {frame(func(b []byte) { b[15] = 1 }), false, true},
		"hardware type":       {frame(func(b []byte) { b[1] = 6 }), false, false},
		"address length":      {frame(func(b []byte) { b[5] = 16 }), false, false},
		"operation":           {frame(func(b []byte) { b[7] = 8 }), false, false},
		"group sender":        {frame(func(b []byte) { b[8] = 3 }), false, false},
		"our own address":     {frame(func(b []byte) { b[17] = 1 }), false, false},
		"broadcast address":   {frame(func(b []byte) { b[17] = 255 }), false, true},
		"cut":                 {frame(nil)[:40], false, false},
		"answer we asked not": {frame(func(b []byte) { b[7] = 2; b[27] = 5 }), false, false},
	} {
		l := twoRouters(t, "", "")
		l.start("R1")
		l.sent = nil
		l.nodes["R1"].Receive(l.now, 0, row.frame, 0, 0)
		require.Equal(t, row.learned, len(l.nodes["R1"].ifaces[0].arp) == 1, name)
		require.Equal(t, row.answers, len(l.sent) == 1, name)
	}
}

// TestARPBeyondTheSubnet: a route through a port without a next hop asks for
// the destination itself, and takes the answer.
func TestARPBeyondTheSubnet(t *testing.T) {
	l := twoRouters(t, "ip route 192.168.2.0 255.255.255.0 Ethernet0/0\n", "ip route 192.168.1.0 255.255.255.0 10.0.0.1\n")
	l.start("R1", "R2")
	r1, r2 := l.nodes["R1"], l.nodes["R2"]
	r1.sendEcho(l.now, addr("192.168.1.1"), addr("192.168.2.1"), 1, 1, 100, false)
	l.run(time.Second)
	e := r1.entry("192.168.2.1")
	require.False(t, e.resolved, "R2 is no proxy")
	r2.sendARP(l.now, r2.ifaces[0], r1.ifaces[0].mac, opReply, e.addr, r1.ifaces[0].mac, ip4Of(addr("10.0.0.1")))
	l.run(time.Second)
	require.True(t, e.resolved)
	require.Equal(t, []uint16{1}, l.echoesFrom("R1"))
}
