package router

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func addrPort(text string) netip.AddrPort { return netip.MustParseAddrPort(text) }

// bigEcho is an echo for R2 of threeRouters as it comes from R1, in fragments
// of mtu octets as frames.
func bigEcho(l *lab, size, mtu int) [][]byte {
	p := newPacket(protoICMP, ip4Of(addr("10.0.12.1")), ip4Of(addr("10.0.12.2")), 64, size-ipHeader)
	b := p.payload()
	b[0] = icmpEcho
	for i := icmpHeader; i < len(b); i++ {
		b[i] = byte(i * 7)
	}
	binary.BigEndian.PutUint16(b[2:], checksum(b))
	setHeaderChecksum(p.ip())
	frames := fragments(p.ip(), mtu)
	for _, f := range frames {
		copy(f, l.nodes["R2"].ifaces[0].mac[:])
		binary.BigEndian.PutUint16(f[12:], ethertype4)
	}
	return frames
}

func answers(l *lab, frames [][]byte) int {
	l.sent = nil
	for _, f := range frames {
		l.nodes["R2"].Receive(l.now, 0, f, 0, 0)
	}
	return len(l.sent)
}

func TestFragments(t *testing.T) {
	p := newPacket(protoICMP, 1, 2, 64, 4000)
	b := p.ip()
	for i := range p.payload() {
		p.payload()[i] = byte(i)
	}
	var data []byte
	list := fragments(b, 1400)
	require.Len(t, list, 3)
	for i, f := range list {
		f = f[ethernetHeader:]
		n, ok := checkIP(f)
		require.True(t, ok)
		require.LessOrEqual(t, n, 1400)
		field := binary.BigEndian.Uint16(f[6:])
		require.Equal(t, len(data)/fragmentUnit, int(field&offsetMask))
		require.Equal(t, i < len(list)-1, field&flagMF != 0)
		data = append(data, f[ipHeader:]...)
	}
	require.Equal(t, p.payload(), data)
	again := fragments(list[0][ethernetHeader:], 600)
	last := again[len(again)-1][ethernetHeader:]
	require.NotZero(t, binary.BigEndian.Uint16(last[6:])&flagMF, "a fragment's last fragment is not the last")
	require.Nil(t, fragments(b, 27), "no room for eight octets")
}

func TestReassembly(t *testing.T) {
	l := threeRouters(t)
	require.True(t, l.echo("R1", "10.0.12.1", "10.0.12.2", 100, false))
	frames := bigEcho(l, 2900, 600)
	require.Equal(t, 2, answers(l, frames), "whole: the answer has two fragments")
	slices.Reverse(frames)
	require.Equal(t, 2, answers(l, frames), "backwards")
	require.Zero(t, answers(l, frames[1:]), "one is missing")
	require.Equal(t, 2, answers(l, frames[:1]), "and comes late")
	require.Empty(t, l.nodes["R2"].frags.list)
	require.Zero(t, l.nodes["R2"].frags.octets)
	require.True(t, l.nodes["R2"].frags.due.IsZero())
}

func TestReassemblyRefusesOverlap(t *testing.T) {
	l := threeRouters(t)
	require.True(t, l.echo("R1", "10.0.12.1", "10.0.12.2", 100, false))
	frames := bigEcho(l, 2900, 600)
	require.Zero(t, answers(l, append([][]byte{frames[1], frames[1]}, frames...)))
	require.Zero(t, l.nodes["R2"].frags.octets)
	require.Len(t, l.nodes["R2"].frags.list, 1, "remembered as bad until its time is over")
	l.run(reassemblyTime)
	require.Equal(t, 2, answers(l, frames))
}

func TestReassemblyTimesOut(t *testing.T) {
	l := threeRouters(t)
	require.True(t, l.echo("R1", "10.0.12.1", "10.0.12.2", 100, false))
	frames := bigEcho(l, 2900, 600)
	require.Zero(t, answers(l, frames[:2]))
	l.run(reassemblyTime - time.Second)
	require.Empty(t, l.sent)
	l.run(2 * time.Second)
	require.Len(t, l.sent, 1)
	b := l.sent[0].data[ethernetHeader:]
	require.Equal(t, []byte{icmpTimeExceeded, codeReassembly}, b[20:22])
	require.Empty(t, l.nodes["R2"].frags.list)
}

func TestReassemblyIsBounded(t *testing.T) {
	l := threeRouters(t)
	for id := range 200 {
		for _, f := range bigEcho(l, 60000, 1500)[:30] {
			binary.BigEndian.PutUint16(f[ethernetHeader+4:], uint16(id))
			setHeaderChecksum(f[ethernetHeader:])
			l.nodes["R2"].Receive(l.now, 0, f, 0, 0)
		}
	}
	f := &l.nodes["R2"].frags
	require.LessOrEqual(t, len(f.list), maxReassemblies)
	total := 0
	for _, a := range f.list {
		for _, q := range a.pieces {
			total += len(q.data)
		}
	}
	require.Equal(t, total, f.octets)
	require.LessOrEqual(t, total, reassemblyOctets)
	l.run(2 * reassemblyTime)
	require.Zero(t, f.octets)
	require.Empty(t, f.list)
}
