package spd

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/netip"
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
	everywhere := []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0")}
	for _, c := range []Clause[string]{
		{50, 0, everywhere, says(10, true, true), map[int]string{10: "too late"}},
		{20, 0, everywhere, says(10, false, true), map[int]string{10: "a line that does not protect"}},
		{10, 0, everywhere, says(10, true, false), map[int]string{10: "no line is about it"}},
		{40, 0, everywhere, says(10, true, true), map[int]string{10: "replaced"}},
		{30, 0, everywhere, says(20, true, true), map[int]string{10: "another line"}},
		{40, 0, everywhere, says(10, true, true), map[int]string{10: "found"}},
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

// TestOnlyWhatAPacketMayConcernIsAsked: a hub has a clause for each of its spokes.
func TestOnlyWhatAPacketMayConcernIsAsked(t *testing.T) {
	var d SPD[int]
	asked := 0
	for n := range 2000 {
		d.Put(Clause[int]{
			Number: n, Entries: map[int]int{10: n}, Toward: []netip.Prefix{netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 168, byte(n / 8), byte(n % 8 * 32)}), 27)},
			Lookup: func([]byte, bool) (int, bool, bool) { asked++; return 10, true, true },
		})
	}
	got, ok := d.Outbound(0, packet(60)) // to 192.168.2.1
	require.True(t, ok)
	require.Equal(t, 16, got)
	got, ok = d.Inbound(0, packet(60)) // from 192.168.1.1
	require.True(t, ok)
	require.Equal(t, 8, got)
	require.Equal(t, 2, asked)
}

// TestClausesAreFoundAsOneAfterTheOther: whatever comes and goes, the clause that is found by where a
// packet goes is the first of those that are about it.
func TestClausesAreFoundAsOneAfterTheOther(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var d SPD[int]
	model := map[int]Clause[int]{}
	for step := range 5000 {
		number := r.IntN(12)
		if r.IntN(3) == 0 {
			d.Remove(number)
			delete(model, number)
		} else {
			c := Clause[int]{Number: number, VRF: r.IntN(2), Entries: map[int]int{10: step}}
			for range r.IntN(4) {
				c.Toward = append(c.Toward, netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 168, byte(r.IntN(4)), byte(r.IntN(3))}), []int{0, 16, 22, 24, 31, 32}[r.IntN(6)]))
			}
			protects := r.IntN(4) > 0
			c.Lookup = func(pkt []byte, mirrored bool) (int, bool, bool) { return 10, protects, isAbout(&c, pkt, mirrored) }
			d.Put(c)
			model[number] = c
		}
		require.Equal(t, slices.Sorted(maps.Keys(model)), slices.Collect(d.Numbers()))
		pkt := packet(60)
		pkt[14], pkt[15], pkt[18], pkt[19] = byte(r.IntN(5)), byte(r.IntN(4)), byte(r.IntN(5)), byte(r.IntN(4))
		vrf, mirrored := r.IntN(2), r.IntN(2) == 0
		want, wanted := 0, false
		for _, n := range slices.Sorted(maps.Keys(model)) {
			c := model[n]
			if _, protect, about := c.Lookup(pkt, mirrored); c.VRF == vrf && about && protect {
				want, wanted = c.Entries[10], true
				break
			}
		}
		got, ok := d.find(vrf, pkt, mirrored)
		require.Equal(t, wanted, ok)
		require.Equal(t, want, got)
	}
}

func isAbout(c *Clause[int], pkt []byte, mirrored bool) bool {
	to := netip.AddrFrom4([4]byte(pkt[16:]))
	if mirrored {
		to = netip.AddrFrom4([4]byte(pkt[12:]))
	}
	return slices.ContainsFunc(c.Toward, func(p netip.Prefix) bool { return p.Masked().Contains(to) })
}

// BenchmarkFind is the search for what protects a packet among as many clauses.
func BenchmarkFind(b *testing.B) {
	for _, clauses := range []int{1, 100, 2000} {
		var d SPD[int]
		for n := range clauses {
			p := netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 168, byte(n / 8), byte(n % 8 * 32)}), 27)
			c := Clause[int]{Number: n, Toward: []netip.Prefix{p}, Entries: map[int]int{10: n}}
			c.Lookup = func(pkt []byte, mirrored bool) (int, bool, bool) { return 10, true, isAbout(&c, pkt, mirrored) }
			d.Put(c)
		}
		pkt := packet(60)
		b.Run(fmt.Sprint(clauses), func(b *testing.B) {
			for b.Loop() {
				d.Outbound(0, pkt)
			}
		})
	}
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
