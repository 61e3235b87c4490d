package acl

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	net1, net2 = 0xc0a80100, 0xc0a80200 // 192.168.1.0, 192.168.2.0
	low8       = 0xff
)

// packet is an IPv4 packet with the first octets of a transport header.
func packet(proto uint8, src, dst uint32, sport, dport uint16) []byte {
	p := make([]byte, 40)
	p[0], p[9] = 0x45, proto
	binary.BigEndian.PutUint32(p[12:], src)
	binary.BigEndian.PutUint32(p[16:], dst)
	binary.BigEndian.PutUint16(p[20:], sport)
	binary.BigEndian.PutUint16(p[22:], dport)
	return p
}

func listOf(entries ...Entry) *List {
	l := &List{}
	var lines []Line
	for i, e := range entries {
		lines = append(lines, Line{Number: 10 * (i + 1), Entry: e})
	}
	l.Set(lines)
	return l
}

func TestFirstLineDecides(t *testing.T) {
	l := listOf(
		Entry{Deny: true, Protocol: protoTCP, From: Any, To: Any, ToPorts: Ports{{23, 23}}},
		Entry{AnyProtocol: true, From: Net{net1, low8}, To: Net{net2, low8}},
		Entry{Protocol: protoICMP, From: Any, To: Any, ICMP: []Message{{Type: 8, AnyCode: true}}},
		Entry{Protocol: protoTCP, From: Any, To: Any, Flags: Established},
	)
	fin := packet(protoTCP, 1, 2, 80, 9)
	ack := packet(protoTCP, 1, 2, 80, 9)
	fin[33], ack[33] = 1, 0x10
	for _, c := range []struct {
		name string
		pkt  []byte
		line int
		want Verdict
	}{
		{"telnet", packet(protoTCP, net1+1, net2+1, 1024, 23), 10, Deny},
		{"anything else between the networks", packet(99, net1+1, net2+255, 0, 0), 20, Permit},
		{"another network", packet(99, net1+1, net2+256, 0, 0), NoLine, None},
		{"the way back", packet(99, net2+1, net1+1, 0, 0), NoLine, None},
		{"echo", packet(protoICMP, 1, 2, 0x0800, 0), 30, Permit},
		{"echo reply", packet(protoICMP, 1, 2, 0, 0), NoLine, None},
		{"first of a connection", fin, NoLine, None},
		{"answer", ack, 40, Permit},
		{"no packet", make([]byte, 19), NoLine, None},
		{"ipv6", append([]byte{0x60}, make([]byte, 60)...), NoLine, None},
	} {
		line, v := l.Match(c.pkt)
		require.Equal(t, fmt.Sprint(c.line, c.want), fmt.Sprint(line, v), c.name)
	}
	require.Equal(t, map[int]uint64{10: 1, 20: 1, 30: 1, 40: 1}, l.Counts())
	line, v := l.MatchMirrored(packet(99, net2+1, net1+1, 0, 0))
	require.Equal(t, fmt.Sprint(20, Permit), fmt.Sprint(line, v))
	line, _ = l.MatchMirrored(packet(protoTCP, net1+1, net2+1, 23, 1024))
	require.Equal(t, 10, line, "ports are exchanged")
	line, _ = l.MatchMirrored(packet(protoICMP, 1, 2, 0x0800, 0))
	require.Equal(t, 30, line, "an icmp type is no port")
}

// TestLaterFragments: they show no ports (IOS: "for noninitial fragments, a
// permit statement applies by layer 3 alone, a deny statement is passed over").
// The octet of the type of service, whole or in part, counts in every fragment.
func TestMarks(t *testing.T) {
	l := listOf(
		Entry{Deny: true, AnyProtocol: true, From: Any, To: Any, Mark: Mark{Value: 46 << 2, Mask: 63 << 2}},
		Entry{AnyProtocol: true, From: Any, To: Any, Mark: Mark{Value: 5 << 5, Mask: 7 << 5}},
	)
	for octet, want := range map[byte]Verdict{46 << 2: Deny, 46<<2 | 1: Deny, 40 << 2: Permit, 5<<5 | 2<<1: Permit, 0: None, 1: None} {
		for _, later := range []byte{0, 9} {
			p := packet(protoUDP, 1, 2, 3, 4)
			p[1], p[7] = octet, later
			_, got := l.Match(p)
			require.Equal(t, want, got, "%#x %d", octet, later)
		}
	}
}

func TestLaterFragments(t *testing.T) {
	ports := Ports{{80, 80}}
	l := listOf(
		Entry{Deny: true, Protocol: protoTCP, From: Net{1, 0}, To: Any, ToPorts: ports},
		Entry{Protocol: protoTCP, From: Net{1, 0}, To: Any, ToPorts: ports},
		Entry{Deny: true, AnyProtocol: true, From: Any, To: Any, Fragments: true},
		Entry{AnyProtocol: true, From: Any, To: Any},
	)
	want := func(src uint32, offset uint16, line int) {
		t.Helper()
		p := packet(protoTCP, src, 2, 9, 80)
		binary.BigEndian.PutUint16(p[6:], offset)
		got, _ := l.Match(p)
		require.Equal(t, line, got)
	}
	want(1, 0, 10)
	want(1, 185, 20)
	want(2, 185, 30)
	want(2, 0, 40)
}

// TestNotDefined: a list without lines permits, one with lines does not.
func TestNotDefined(t *testing.T) {
	lists := Lists{}
	l := lists.Get("VPN")
	_, v := l.Match(packet(1, 1, 2, 0, 0))
	require.Equal(t, Permit, v)
	lists.Set("VPN", []Line{{Number: 10, Entry: Entry{Protocol: protoTCP, From: Any, To: Any}}})
	_, v = l.Match(packet(1, 1, 2, 0, 0))
	require.Equal(t, None, v, "who holds the list sees the edit")
}

// TestEditsKeepCounts: a line that stays keeps what it has counted.
func TestEditsKeepCounts(t *testing.T) {
	all := Entry{AnyProtocol: true, From: Any, To: Any}
	l := listOf(all)
	l.Match(packet(1, 1, 2, 0, 0))
	host := Entry{AnyProtocol: true, From: Net{1, 0}, To: Any}
	l.Set([]Line{{Number: 5, Entry: host}, {Number: 10, Entry: all}})
	require.Equal(t, map[int]uint64{5: 0, 10: 1}, l.Counts())
	l.Set([]Line{{Number: 5, Entry: all}, {Number: 10, Entry: host}})
	require.Equal(t, map[int]uint64{5: 0, 10: 0}, l.Counts(), "another line of its number")
	l.Match(packet(1, 1, 2, 0, 0))
	l.ClearCounts()
	require.Equal(t, map[int]uint64{5: 0, 10: 0}, l.Counts())
	require.Equal(t, "deny", Deny.String())
}

func TestFlags(t *testing.T) {
	const fin, syn, ack = 1, 2, 16
	for _, c := range []struct {
		f     Flags
		flags uint8
		want  bool
	}{
		{Flags{}, 0, true},
		{Flags{Set: ack | fin}, ack, true},
		{Flags{Set: ack | fin}, syn, false},
		{Flags{Set: ack, Clear: fin}, syn, true},
		{Flags{Set: ack, Clear: fin, All: true}, syn, false},
		{Flags{Set: ack, Clear: fin, All: true}, ack | syn, true},
		{Flags{Set: ack, Clear: fin, All: true}, ack | fin, false},
	} {
		require.Equal(t, c.want, c.f.has(c.flags), "%+v of %x", c.f, c.flags)
	}
}

// randomEntry draws lines from few values, so that packets meet them.
func randomEntry(r *rand.Rand) Entry {
	n := func() Net {
		return Net{r.Uint32N(4)<<8 | r.Uint32N(4), []uint32{0, 0, 0xff, 0xffff, ^uint32(0), 0x101}[r.IntN(6)]}
	}
	e := Entry{Deny: r.IntN(3) == 0, AnyProtocol: r.IntN(3) == 0, Protocol: []uint8{protoICMP, protoTCP, protoUDP, 50}[r.IntN(4)], From: n(), To: n()}
	if e.AnyProtocol {
		e.Protocol = 0
	} else if e.Protocol == protoTCP || e.Protocol == protoUDP {
		first := uint16(r.IntN(6))
		if r.IntN(2) == 0 {
			e.ToPorts = Ports{{first, first + uint16(r.IntN(3))}, {9, 9}}
		}
		if r.IntN(4) == 0 {
			e.FromPorts = Ports{{first, 0xffff}}
		}
	} else if e.Protocol == protoICMP && r.IntN(2) == 0 {
		e.ICMP = []Message{{uint8(r.IntN(3)), uint8(r.IntN(2)), r.IntN(2) == 0}}
	}
	e.Fragments = !e.deep() && r.IntN(8) == 0
	if r.IntN(4) == 0 {
		e.FromGroup = randomGroup(r)
		e.From = e.FromGroup.Around()
	}
	if r.IntN(4) == 0 {
		e.ToGroup = randomGroup(r)
		e.To = e.ToGroup.Around()
	}
	if e.AnyProtocol && r.IntN(4) == 0 {
		e.Services = []Entry{}
		for range r.IntN(3) {
			s := randomEntry(r)
			s.From, s.To, s.FromGroup, s.ToGroup, s.Deny, s.Fragments, s.Services = Any, Any, nil, nil, e.Deny, false, nil
			e.Services = append(e.Services, s)
		}
	}
	return e
}

func randomGroup(r *rand.Rand) Spans {
	var list []Span
	for range r.IntN(4) {
		first := r.Uint32N(4)<<8 | r.Uint32N(4)
		list = append(list, Span{first, first + r.Uint32N(300)})
	}
	return Join(list)
}

// TestSpans compares what groups have with what their ranges have one by one.
func TestSpans(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		var list []Span
		for range r.IntN(6) {
			first := r.Uint32N(40)
			list = append(list, Span{first, first + r.Uint32N(5)})
		}
		if r.IntN(20) == 0 {
			list = append(list, Span{^uint32(3), ^uint32(0)})
		}
		s := Join(slices.Clone(list))
		for _, a := range []uint32{0, r.Uint32N(50), r.Uint32N(50), ^uint32(4), ^uint32(2), ^uint32(0)} {
			want := slices.ContainsFunc(list, func(s Span) bool { return s.First <= a && a <= s.Last })
			require.Equal(t, want, s.has(a), "%v %v %d", list, s, a)
			require.True(t, !want || s.Around().has(a), "%v around %v", list, s.Around())
		}
		for i := 1; i < len(s); i++ {
			require.Greater(t, s[i].First, s[i-1].Last+1)
		}
	}
	require.False(t, Join(nil).has(0), "a group of nothing has nothing")
	require.True(t, Spans(nil).has(7), "no group: no demand")
}

// FuzzMatch compares the compiled list with the list read line by line.
func FuzzMatch(f *testing.F) {
	f.Add(uint64(1), uint8(0), packet(protoTCP, 0x101, 0x200, 3, 4))
	f.Add(uint64(2), uint8(200), packet(protoICMP, 0x301, 0x203, 0x0100, 0))
	f.Add(uint64(3), uint8(90), packet(protoUDP, 1, 2, 3, 4)[:22])
	f.Add(uint64(4), uint8(0), append([]byte{0x60}, make([]byte, 60)...))
	f.Fuzz(func(t *testing.T, seed uint64, lines uint8, pkt []byte) {
		r := rand.New(rand.NewPCG(seed, 1))
		var entries []Entry
		for range lines {
			entries = append(entries, randomEntry(r))
		}
		l := listOf(entries...)
		for range 20 {
			line, v := l.Match(pkt)
			wantLine, want := slow(l, pkt)
			require.Equal(t, fmt.Sprint(wantLine, want), fmt.Sprint(line, v))
			pkt = packet([]uint8{protoICMP, protoTCP, protoUDP, 50}[r.IntN(4)], r.Uint32N(4)<<8|r.Uint32N(4), r.Uint32N(4)<<8|r.Uint32N(4), uint16(r.IntN(10)), uint16(r.IntN(10)))
			binary.BigEndian.PutUint16(pkt[6:], uint16(r.IntN(8)/7))
		}
	})
}

// slow reads a list line by line.
func slow(l *List, pkt []byte) (int, Verdict) {
	var k key
	if len(l.lines) == 0 { // not defined yet: every packet passes, of IPv4 and of IPv6
		if k.read(pkt) || new(sixKey).read(pkt) {
			return NoLine, Permit
		}
		return NoLine, None
	}
	if k.read(pkt) {
		for _, line := range l.lines {
			if line.fits(&k) && line.Deny {
				return line.Number, Deny
			} else if line.fits(&k) {
				return line.Number, Permit
			}
		}
	}
	return NoLine, None
}

// longList is a list of n lines as people write them: pairs of networks.
func longList(n int) *List {
	var entries []Entry
	for i := range n {
		entries = append(entries, Entry{AnyProtocol: true, From: Net{0x0a000000 | uint32(i)<<8, low8}, To: Net{0x0b000000 | uint32(n-i)<<8, low8}})
	}
	return listOf(append(entries, Entry{Deny: true, AnyProtocol: true, From: Any, To: Any})...)
}

// TestLongListsAreCut: ten thousand lines cost a few comparisons each packet,
// and no memory.
func TestLongListsAreCut(t *testing.T) {
	l := longList(10_000)
	var k key
	for i := range 10_000 {
		p := packet(50, 0x0a000000|uint32(i)<<8|7, 0x0b000000|uint32(10_000-i)<<8|7, 0, 0)
		require.True(t, k.read(p))
		require.LessOrEqual(t, len(l.tree.leaf(&k)), 2*leafLines)
		line, v := l.Match(p)
		require.Equal(t, fmt.Sprint(10*(i+1), Permit), fmt.Sprint(line, v))
	}
	p := packet(50, 1, 2, 0, 0)
	require.Zero(t, testing.AllocsPerRun(10, func() { l.Match(p) }))
}

func BenchmarkMatch(b *testing.B) {
	for _, n := range []int{1, 100, 10_000} {
		l := longList(n)
		p := packet(50, 0x0a000000|uint32(n/2)<<8, 0x0b000000|uint32(n-n/2)<<8, 0, 0)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				l.Match(p)
			}
		})
	}
}
