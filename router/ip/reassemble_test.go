package ip

import (
	"encoding/binary"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// pieces are an echo for middle's first port, of size octets, in frames of mtu.
func pieces(d *device, size, mtu int) [][]byte {
	p := echoTo("10.0.12.1", "10.0.12.2", size-HeaderLen-icmpHeader)
	SetHeaderChecksum(p.Bytes())
	frames := Fragments(p.Bytes(), mtu)
	for _, f := range frames {
		copy(f, d.Interfaces.port(0).MAC[:])
		binary.BigEndian.PutUint16(f[12:], ethertypeIP4)
	}
	return frames
}

// answers counts the packets that frames cause.
func (d *device) answers(frames [][]byte) int {
	for _, f := range frames {
		d.Receive(epoch, 0, f)
	}
	return len(d.sent())
}

func TestFragments(t *testing.T) {
	p := newPacket(ProtoICMP, v4Address(1), v4Address(2), 64, 4000)
	b := p.Bytes()
	for i := range p.Payload() {
		p.Payload()[i] = byte(i)
	}
	var data []byte
	list := Fragments(b, 1400)
	require.Len(t, list, 3)
	for i, f := range list {
		f = f[EthernetHeader:]
		n, ok := CheckHeader(f)
		require.True(t, ok)
		require.LessOrEqual(t, n, 1400)
		field := binary.BigEndian.Uint16(f[6:])
		require.Equal(t, len(data)/fragmentUnit, int(field&OffsetMask))
		require.Equal(t, i < len(list)-1, field&FlagMF != 0)
		data = append(data, f[HeaderLen:]...)
	}
	require.Equal(t, p.Payload(), data)
	again := Fragments(list[0][EthernetHeader:], 600)
	last := again[len(again)-1][EthernetHeader:]
	require.NotZero(t, binary.BigEndian.Uint16(last[6:])&FlagMF, "a fragment's last fragment is not the last")
	require.Nil(t, Fragments(b, 27), "no room for eight octets")
}

func TestReassembly(t *testing.T) {
	d := middle(t)
	frames := pieces(d, 2900, 600)
	require.Equal(t, 2, d.answers(frames), "whole: the answer has two fragments")
	slices.Reverse(frames)
	require.Equal(t, 2, d.answers(frames), "backwards")
	require.Zero(t, d.answers(frames[1:]), "one is missing")
	require.Equal(t, 2, d.answers(frames[:1]), "and comes late")
	require.Empty(t, d.frags.list)
	require.Zero(t, d.frags.octets)
	require.True(t, d.frags.due.At().IsZero())
}

func TestReassemblyRefusesOverlap(t *testing.T) {
	d := middle(t)
	frames := pieces(d, 2900, 600)
	other := slices.Clone(frames[1])
	other[len(other)-1]++
	require.Zero(t, d.answers(append([][]byte{frames[1], other}, frames...)))
	require.Zero(t, d.frags.octets)
	require.Len(t, d.frags.list, 1, "remembered as bad until its time is over")
	require.Equal(t, BadFragments, d.dropped())
	d.until(epoch.Add(reassemblyTime))
	require.Equal(t, 2, d.answers(frames))
}

// "fragments may be duplicated in the network. Instead of treating these exact duplicate fragments
// as overlapping fragments, an implementation may choose to detect this case and drop exact
// duplicate fragments while keeping the other fragments" (RFC 8200 section 4.5); of IPv4 a host
// takes "the more recently arrived copy" (RFC 791 section 3.2), which is the same then.
func TestDuplicatesOfFragmentsAreDropped(t *testing.T) {
	d := middle(t)
	frames := pieces(d, 2900, 600)
	last := len(frames) - 1
	require.Equal(t, 2, d.answers(append([][]byte{frames[1], frames[1], frames[last], frames[last], frames[0], frames[0]}, frames[2:last]...)))
	require.Empty(t, d.frags.list)
	require.Zero(t, d.frags.octets)
	more := slices.Clone(frames[last])
	more[EthernetHeader+6] |= FlagMF >> 8 // it is the last one no more
	SetHeaderChecksum(more[EthernetHeader:])
	require.Zero(t, d.answers(append([][]byte{frames[last], more}, frames[:last]...)))
	require.Equal(t, BadFragments, d.dropped())
}

// What came out of a tunnel and what came as it is make no datagram together: who may send the one
// kind would complete the other.
func TestProtectedFragmentsAreApart(t *testing.T) {
	d := middle(t)
	frames := pieces(d, 1000, 600)
	require.Len(t, frames, 2)
	inner := func(frame []byte) { d.Input(epoch, d.Interfaces.port(0), slices.Clone(frame)) }
	inner(frames[0])
	require.Zero(t, d.answers(frames[1:]))
	inner(frames[1])
	require.Len(t, d.sent(), 1)
	require.Equal(t, 1, d.answers(frames[:1]), "what came as it is waits for its own")
}

// Whoever sends fragments in clear by the thousand takes no room from what was decrypted.
func TestClearFragmentsLeaveRoom(t *testing.T) {
	d := middle(t)
	ours := pieces(d, 1000, 600)
	d.Input(epoch, d.Interfaces.port(0), slices.Clone(ours[0]))
	for id := range 200 {
		for _, f := range pieces(d, 60000, 1500)[:30] {
			binary.BigEndian.PutUint16(f[EthernetHeader+4:], uint16(1000+id))
			SetHeaderChecksum(f[EthernetHeader:])
			d.Receive(epoch, 0, f)
		}
	}
	d.sent()
	d.Input(epoch, d.Interfaces.port(0), slices.Clone(ours[1]))
	require.Len(t, d.sent(), 1)
}

// TestReassemblyTimesOut: "If this timeout expires, the partially-reassembled datagram MUST be
// discarded and an ICMP Time Exceeded message sent to the source host (if fragment zero has
// been received)." (RFC 1122 section 3.3.2)
func TestReassemblyTimesOut(t *testing.T) {
	d := middle(t)
	frames := pieces(d, 2900, 600)
	require.Zero(t, d.answers(frames[:2]))
	d.until(epoch.Add(reassemblyTime - time.Second))
	require.Empty(t, d.sent())
	d.until(epoch.Add(reassemblyTime))
	sent := d.sent()
	require.Len(t, sent, 1)
	require.Equal(t, []byte{TimeExceeded, codeReassembly}, sent[0][20:22])
	require.Empty(t, d.frags.list)
	require.Equal(t, FragmentsAbsent, d.dropped())
}

func TestReassemblyIsBounded(t *testing.T) {
	d := middle(t)
	for id := range 200 {
		for _, f := range pieces(d, 60000, 1500)[:30] {
			binary.BigEndian.PutUint16(f[EthernetHeader+4:], uint16(id))
			SetHeaderChecksum(f[EthernetHeader:])
			d.Receive(epoch, 0, f)
		}
	}
	f := &d.frags
	require.LessOrEqual(t, len(f.list), maxReassemblies)
	total := 0
	for _, a := range f.list {
		for _, q := range a.pieces {
			total += len(q.data)
		}
	}
	require.Equal(t, total, f.octets)
	require.LessOrEqual(t, total, reassemblyOctets)
	d.until(epoch.Add(2 * reassemblyTime))
	require.Zero(t, f.octets)
	require.Empty(t, f.list)
}
