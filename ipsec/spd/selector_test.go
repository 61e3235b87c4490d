package spd

import (
	"encoding/binary"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
)

// sel is a selector of the addresses of a prefix.
func sel(cidr string, proto uint8, start, end uint16) Selector {
	s := PrefixSelector(netip.MustParsePrefix(cidr))
	s.Proto, s.StartPort, s.EndPort = proto, start, end
	return s
}

func TestPrefixSelector(t *testing.T) {
	for cidr, want := range map[string][2]string{
		"0.0.0.0/0":       {"0.0.0.0", "255.255.255.255"},
		"10.1.2.3/8":      {"10.0.0.0", "10.255.255.255"},
		"192.168.1.77/30": {"192.168.1.76", "192.168.1.79"},
		"192.0.2.1/32":    {"192.0.2.1", "192.0.2.1"},
		"2001:db8::/33":   {"2001:db8::", "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff"},
		"::/0":            {"::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
	} {
		s := PrefixSelector(netip.MustParsePrefix(cidr))
		require.Equal(t, want, [2]string{s.Start.String(), s.End.String()}, cidr)
	}
	require.Equal(t, AnyIPv4(), sel("0.0.0.0/0", 0, 0, 65535))
}

func TestIntersect(t *testing.T) {
	a8, a16, b8 := sel("10.0.0.0/8", 0, 0, 65535), sel("10.1.0.0/16", 0, 0, 65535), sel("11.0.0.0/8", 0, 0, 65535)
	opaque := sel("10.0.0.0/8", 0, 65535, 0)
	for name, c := range map[string]struct{ a, b, want []Selector }{
		"all of it":          {[]Selector{AnyIPv4()}, []Selector{AnyIPv4()}, []Selector{AnyIPv4()}},
		"narrowed":           {[]Selector{AnyIPv4()}, []Selector{a16}, []Selector{a16}},
		"nothing left":       {[]Selector{a8}, []Selector{b8}, nil},
		"nothing offered":    {nil, []Selector{b8}, nil},
		"covered ones go":    {[]Selector{AnyIPv4()}, []Selector{a16, a8, a16}, []Selector{a8}},
		"order of the first": {[]Selector{b8, a8}, []Selector{AnyIPv4()}, []Selector{b8, a8}},
		"protocol and ports": {[]Selector{sel("10.0.0.0/8", protoTCP, 0, 100)}, []Selector{sel("10.1.0.0/16", 0, 80, 443)},
			[]Selector{sel("10.1.0.0/16", protoTCP, 80, 100)}},
		"protocols differ": {[]Selector{sel("10.0.0.0/8", protoTCP, 0, 65535)}, []Selector{sel("10.0.0.0/8", protoUDP, 0, 65535)}, nil},
		"ports differ":     {[]Selector{sel("10.0.0.0/8", protoTCP, 1, 2)}, []Selector{sel("10.0.0.0/8", protoTCP, 3, 4)}, nil},
		"opaque":           {[]Selector{opaque}, []Selector{a8}, []Selector{opaque}},
		"opaque, a port":   {[]Selector{opaque}, []Selector{sel("10.0.0.0/8", 0, 1, 1)}, nil},
	} {
		require.Equal(t, c.want, Intersect(c.a, c.b), name)
		require.Equal(t, len(c.want) > 0, Overlap(c.a, c.b), name)
	}
	v6 := []Selector{sel("2001:db8::/32", 0, 0, 65535)}
	require.Equal(t, v6, Intersect(v6, []Selector{AnyIPv6()}))
	require.Nil(t, Intersect(v6, []Selector{AnyIPv4()}), "families do not mix")
	require.False(t, Overlap(v6, []Selector{AnyIPv4()}))
	require.Nil(t, Intersect([]Selector{{EndPort: 9}}, []Selector{{EndPort: 9}}))
}

// TestPolicyOfPackets: protocols, ports, ICMP and fragments against selectors
// (RFC 4301 sections 4.4.1.1 and 7).
func TestPolicyOfPackets(t *testing.T) {
	everyone := sel("0.0.0.0/0", 0, 0, 65535)
	web, udp := sel("192.168.2.0/24", protoTCP, 80, 80), sel("192.168.2.0/24", protoUDP, 0, 65535)
	echo, opaque := sel("192.168.2.0/24", protoICMP, 8<<8, 8<<8), sel("192.168.2.0/24", protoTCP, 65535, 0)
	for _, c := range []struct {
		name   string
		to     Selector
		proto  uint8
		src    uint16
		dst    uint16
		offset uint16 // of a fragment, in octets
		want   bool
	}{
		{"tcp port", web, protoTCP, 999, 80, 0, true},
		{"other port", web, protoTCP, 80, 81, 0, false},
		{"other protocol", web, protoUDP, 999, 80, 0, false},
		{"later fragment, port unseen", web, protoTCP, 999, 80, 1480, false},
		{"later fragment, any port", udp, protoUDP, 1, 2, 1480, true},
		{"echo", echo, protoICMP, 8 << 8, 0, 0, true},
		{"echo reply", echo, protoICMP, 0, 0, 0, false},
		{"opaque wants no port", opaque, protoTCP, 1, 2, 0, false},
		{"opaque, later fragment", opaque, protoTCP, 1, 2, 1480, true},
		{"gre shows no port", sel("192.168.2.0/24", 47, 1, 2), 47, 1, 2, 0, false},
	} {
		from := everyone
		if c.to == echo { // the type stands on both sides
			from = sel("0.0.0.0/0", protoICMP, 8<<8, 8<<8)
		}
		p, err := NewPolicy([]Selector{from}, []Selector{c.to})
		require.NoError(t, err)
		pkt := packet(60)
		pkt[9] = c.proto
		binary.BigEndian.PutUint16(pkt[6:], c.offset/8)
		binary.BigEndian.PutUint16(pkt[20:], c.src)
		binary.BigEndian.PutUint16(pkt[22:], c.dst)
		require.Equal(t, c.want, p.Allows(pkt), c.name)
		port := int(c.dst)
		if c.proto == protoICMP {
			port = int(c.src)
		}
		if c.offset > 0 || c.proto == 47 {
			port = NoPort
		}
		require.Equal(t, c.want, c.to.Contains(netip.MustParseAddr("192.168.2.1"), c.proto, port), c.name)
	}
	none, err := NewPolicy(nil, []Selector{everyone})
	require.NoError(t, err)
	require.False(t, none.Allows(packet(60)), "no selector selects nothing")
	_, err = NewPolicy([]Selector{{}}, nil)
	require.ErrorIs(t, err, ErrSelector)
}

// Whether fragments after the first are carried does not hang on what the packet's ports are, but on
// whether somebody looks at them (RFC 4301 section 7).
func TestPolicyOfPieces(t *testing.T) {
	for to, want := range map[Selector]bool{
		AnyIPv4(): true,
		sel("192.168.2.0/24", protoUDP, 0, 65535):     true,
		sel("192.168.2.0/24", protoUDP, 65535, 0):     true,
		sel("192.168.2.0/24", protoUDP, 0, 65534):     false,
		sel("192.168.2.0/24", protoTCP, 0, 65535):     false,
		sel("192.168.3.0/24", protoUDP, 0, 65535):     false,
		PrefixSelector(netip.MustParsePrefix("::/0")): false,
	} {
		p, err := NewPolicy([]Selector{AnyIPv4()}, []Selector{to})
		require.NoError(t, err)
		require.Equal(t, want, p.AllowsPieces(packet(60)), "%v", to)
	}
	six, err := NewPolicy([]Selector{AnyIPv6()}, []Selector{AnyIPv6()})
	require.NoError(t, err)
	require.True(t, six.AllowsPieces(packet6()))
}

// A short packet shows no port, and looking for one stays inside it.
func TestPolicyOfShortPackets(t *testing.T) {
	p, err := NewPolicy([]Selector{AnyIPv4()}, []Selector{sel("0.0.0.0/0", protoTCP, 0, 9)})
	require.NoError(t, err)
	for n := ipHeaderLen; n < ipHeaderLen+4; n++ {
		pkt := packet(n)
		pkt[9] = protoTCP
		require.False(t, p.Allows(pkt[:n:n]))
	}
}

const ipHeaderLen = 20

// packet is an IPv4 packet of n octets with a UDP header.
func packet(n int) []byte {
	p := make([]byte, n)
	copy(p, []byte{0x45, 0, 0, 0, 0, 7, 0, 0, 64, protoUDP, 0, 0, 192, 168, 1, 1, 192, 168, 2, 1})
	binary.BigEndian.PutUint16(p[2:], uint16(n))
	for i := ipHeaderLen; i < n; i++ {
		p[i] = byte(i)
	}
	return p
}

// packet6 is a TCP packet from 2001:db8::1 to 2001:db8::2, port 80.
func packet6() []byte {
	p := make([]byte, header6+20)
	p[0], p[6] = 0x60, protoTCP
	src, dst := netip.MustParseAddr("2001:db8::1").As16(), netip.MustParseAddr("2001:db8::2").As16()
	copy(p[8:], src[:])
	copy(p[24:], dst[:])
	p[header6+3] = 80
	return p
}

// TestPolicyOfBothFamilies: a policy of one family carries nothing of the
// other.
func TestPolicyOfBothFamilies(t *testing.T) {
	web := sel("2001:db8::2/128", protoTCP, 80, 80)
	for name, c := range map[string]struct {
		from, to []Selector
		four     bool
		six      bool
	}{
		"everything":     {[]Selector{AnyIPv4(), AnyIPv6()}, []Selector{AnyIPv6(), AnyIPv4()}, true, true},
		"all of ipv4":    {[]Selector{AnyIPv4()}, []Selector{AnyIPv4()}, true, false},
		"all of ipv6":    {[]Selector{AnyIPv6()}, []Selector{AnyIPv6()}, false, true},
		"a port of ipv6": {[]Selector{AnyIPv6()}, []Selector{web}, false, true},
		"another host":   {[]Selector{AnyIPv6()}, []Selector{sel("2001:db8::3/128", 0, 0, 65535)}, false, false},
		"mixed up":       {[]Selector{AnyIPv4()}, []Selector{AnyIPv6()}, false, false},
	} {
		p, err := NewPolicy(c.from, c.to)
		require.NoError(t, err, name)
		require.Equal(t, c.four, p.Allows(packet(60)), name)
		require.Equal(t, c.six, p.Allows(packet6()), name)
		require.False(t, p.Allows([]byte{0x50}), name)
	}
	p, err := NewPolicy([]Selector{AnyIPv6()}, []Selector{web})
	require.NoError(t, err)
	require.False(t, p.Allows(packet6()[:header6]), "shows no port")
	require.False(t, p.Allows(packet6()[:header6-1]))
	_, err = NewPolicy([]Selector{{EndPort: 1, Start: netip.IPv4Unspecified(), End: netip.IPv6Unspecified()}}, nil)
	require.ErrorIs(t, err, ErrSelector)
}
