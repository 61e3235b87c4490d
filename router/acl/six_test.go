package acl

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
)

// packet6 is an IPv6 packet with the first octets of a transport header, behind a fragment's
// header where there is an offset.
func packet6(proto uint8, src, dst string, sport, dport, offset uint16) []byte {
	p := make([]byte, 40, 68)
	p[0], p[6] = 0x60, proto
	copy(p[8:], netip.MustParseAddr(src).AsSlice())
	copy(p[24:], netip.MustParseAddr(dst).AsSlice())
	if offset != 0 {
		p[6] = 44
		p = append(p, proto, 0, 0, 0, 0, 0, 0, 7)
		binary.BigEndian.PutUint16(p[42:], offset<<3)
	}
	p = binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(p, sport), dport)
	return append(p, make([]byte, 16)...)
}

func net6(s string) SixNet { return SixNetOf(netip.MustParsePrefix(s)) }

func six(from, to string) *Between { return &Between{net6(from), net6(to)} }

func TestSix(t *testing.T) {
	l := listOf(
		Entry{Deny: true, Protocol: protoTCP, Six: six("::/0", "::/0"), ToPorts: Ports{{23, 23}}},
		Entry{AnyProtocol: true, Six: six("2001:db8:1::/48", "2001:db8:2::8/125")},
		Entry{Protocol: protoICMPv6, Six: six("::/0", "::/0"), ICMP: []Message{{Type: 128, AnyCode: true}}},
		Entry{Deny: true, AnyProtocol: true, Fragments: true, Six: six("2001:db8:9::/64", "::/0")},
	)
	for _, c := range []struct {
		name string
		pkt  []byte
		line int
		want Verdict
	}{
		{"telnet", packet6(protoTCP, "2001:db8:1::1", "2001:db8:2::9", 1024, 23, 0), 10, Deny},
		{"between the networks", packet6(50, "2001:db8:1:ffff::1", "2001:db8:2::f", 0, 0, 0), 20, Permit},
		{"beside the network", packet6(50, "2001:db8:1::1", "2001:db8:2::10", 0, 0, 0), NoLine, None},
		{"echo", packet6(protoICMPv6, "::1", "::2", 0x8000, 0, 0), 30, Permit},
		{"a later fragment of telnet is not denied", packet6(protoTCP, "2001:db8:1::1", "2001:db8:2::9", 0, 23, 100), 20, Permit},
		{"a later fragment", packet6(protoUDP, "2001:db8:9::1", "::9", 0, 0, 100), 40, Deny},
		{"no packet", make([]byte, 39), NoLine, None},
		{"too short", packet6(50, "::1", "::2", 0, 0, 0)[:39], NoLine, None},
		{"of the other family", packet(50, 0, 0, 0, 0), NoLine, None},
	} {
		line, v := l.Match(c.pkt)
		require.Equal(t, fmt.Sprint(c.line, c.want), fmt.Sprint(line, v), c.name)
	}
	nobody := packet(50, 0, 0, 0, 0)
	nobody[7] = 9 // a later fragment
	_, v := listOf(Entry{AnyProtocol: true, Six: six("::/0", "::/0")}).Match(nobody)
	require.Equal(t, None, v)
	line, _ := l.MatchMirrored(packet6(50, "2001:db8:2::9", "2001:db8:1::1", 0, 0, 0))
	require.Equal(t, 20, line)
	line, _ = l.MatchMirrored(packet6(protoTCP, "::2", "::1", 23, 1024, 0))
	require.Equal(t, 10, line, "ports are exchanged")
	p := packet6(50, "2001:db8:1:ffff::1", "2001:db8:2::f", 0, 0, 0)
	require.Zero(t, testing.AllocsPerRun(10, func() { l.Match(p) }))
}

// TestNeighboursPass: what no line is about is refused, but not that by which neighbours find
// each other, unless a line says so.
func TestNeighboursPass(t *testing.T) {
	solicitation := packet6(protoICMPv6, "fe80::1", "ff02::1:ff00:2", 135<<8, 0, 0)
	advertisement := packet6(protoICMPv6, "fe80::1", "fe80::2", 136<<8, 0, 0)
	router := packet6(protoICMPv6, "fe80::1", "ff02::1", 134<<8, 0, 0)
	l := listOf(Entry{AnyProtocol: true, Six: six("2001:db8::/32", "::/0")})
	require.True(t, l.Permits(solicitation) && l.Permits(advertisement))
	require.False(t, l.Permits(router) || l.Permits(packet6(protoUDP, "fe80::1", "fe80::2", 135<<8, 0, 0)))
	l.Set([]Line{{Number: 10, Entry: Entry{Deny: true, AnyProtocol: true, Six: six("::/0", "::/0")}}})
	require.False(t, l.Permits(solicitation) || l.Permits(advertisement))
	l.Set(nil)
	require.True(t, l.Permits(router), "a list without lines permits everything")
	require.False(t, l.Permits(router[:30]))
}

func randomSix(r *rand.Rand) string {
	return netip.AddrFrom16([16]byte{0x20, 1, 7: byte(r.IntN(4)), 8: byte(r.IntN(2)), 15: byte(r.IntN(4))}).String()
}

// FuzzMatchSix compares the compiled list with the list read line by line.
func FuzzMatchSix(f *testing.F) {
	f.Add(uint64(1), uint8(40), packet6(protoTCP, "2001::1", "2001::2", 3, 4, 0))
	f.Add(uint64(2), uint8(200), packet6(protoICMPv6, "2001::1", "2001:0:0:1::2", 0x0100, 0, 5))
	f.Add(uint64(3), uint8(90), []byte{0x60})
	f.Fuzz(func(t *testing.T, seed uint64, lines uint8, pkt []byte) {
		r := rand.New(rand.NewPCG(seed, 1))
		var entries []Entry
		for range lines {
			e := randomEntry(r)
			net := func() string { return fmt.Sprint(randomSix(r), "/", []int{0, 32, 64, 72, 126, 128}[r.IntN(6)]) }
			e.From, e.To, e.FromGroup, e.ToGroup, e.Services, e.Six = Net{}, Net{}, nil, nil, nil, six(net(), net())
			if e.Protocol == protoICMP {
				e.Protocol = protoICMPv6
			}
			entries = append(entries, e)
		}
		l := listOf(entries...)
		for range 20 {
			line, v := l.Match(pkt)
			wantLine, want := slowSix(l, pkt)
			require.Equal(t, fmt.Sprint(wantLine, want), fmt.Sprint(line, v))
			pkt = packet6([]uint8{protoICMPv6, protoTCP, protoUDP, 50}[r.IntN(4)], randomSix(r), randomSix(r), uint16(r.IntN(10)), uint16(r.IntN(10)), uint16(r.IntN(8)/7))
		}
	})
}

func slowSix(l *List, pkt []byte) (int, Verdict) {
	var k sixKey
	switch read := k.read(pkt); {
	case len(l.lines) == 0 && (read || new(key).read(pkt)):
		return NoLine, Permit
	case !read:
		return NoLine, None
	}
	for _, line := range l.lines {
		if line.fitsSix(&k) && line.Deny {
			return line.Number, Deny
		} else if line.fitsSix(&k) {
			return line.Number, Permit
		}
	}
	return NoLine, None
}

// BenchmarkMatchSix is BenchmarkMatch of IPv6.
func BenchmarkMatchSix(b *testing.B) {
	for _, n := range []int{1, 100, 10_000} {
		var entries []Entry
		at := func(i int) string { return fmt.Sprintf("2001:db8:%x:", i) }
		for i := range n {
			entries = append(entries, Entry{AnyProtocol: true, Six: six(at(i)+":/48", at(n-i)+"1::/64")})
		}
		l, p := listOf(entries...), packet6(50, at(n/2)+":1", at(n-n/2)+"1::2", 0, 0, 0)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				l.Match(p)
			}
		})
	}
}
