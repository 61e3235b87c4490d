package spd

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestClausesInOrder: "the SPD is ordered, consistent with the use of access
// control lists" (RFC 4301, section 4.4.1, in short); a line that does not protect
// sends the packet to the next clause.
func TestClausesInOrder(t *testing.T) {
	says := func(line int, protect, ok bool) Lookup {
		return func(_ []byte, mirrored bool) (int, bool, bool) { return line, protect && !mirrored, ok }
	}
	var d SPD[string]
	for _, c := range []Clause[string]{
		{50, 0, says(10, true, true), map[int]string{10: "too late"}},
		{20, 0, says(10, false, true), map[int]string{10: "a line that does not protect"}},
		{10, 0, says(10, true, false), map[int]string{10: "no line is about it"}},
		{40, 0, says(10, true, true), map[int]string{10: "replaced"}},
		{30, 0, says(20, true, true), map[int]string{10: "another line"}},
		{40, 0, says(10, true, true), map[int]string{10: "found"}},
	} {
		d.Put(c)
	}
	require.Equal(t, []int{10, 20, 30, 40, 50}, slices.Collect(d.Numbers()))
	got, ok := d.Outbound(0, packet(60))
	require.True(t, ok)
	require.Equal(t, "found", got)
	_, ok = d.Inbound(0, packet(60))
	require.False(t, ok)
	d.Remove(40)
	d.Remove(45)
	got, _ = d.Outbound(0, packet(60))
	require.Equal(t, "too late", got)
}

// TestSelectorsOfAPacket: those that an initiator offers first (RFC 7296 section
// 2.9).
func TestSelectorsOfAPacket(t *testing.T) {
	p := packet(60)
	p[20], p[21], p[22], p[23] = 0, 80, 1, 0
	from, to := PacketSelectors(p)
	require.Equal(t, sel("192.168.1.1/32", protoUDP, 80, 80), from)
	require.Equal(t, sel("192.168.2.1/32", protoUDP, 256, 256), to)
	p[9] = 50
	from, to = PacketSelectors(p)
	require.Equal(t, sel("192.168.1.1/32", 50, 0, 65535), from)
	require.Equal(t, sel("192.168.2.1/32", 50, 0, 65535), to)
}
