package nat

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/router/ip"
	"ikelab/router/record"
)

var (
	epoch   = time.Date(2024, 11, 11, 20, 28, 34, 0, time.UTC)
	outside = netip.MustParseAddr("203.0.113.1")
	a       = netip.MustParseAddrPort("10.0.0.2:500")
	b       = netip.MustParseAddrPort("10.0.0.3:500")
	x1      = netip.MustParseAddrPort("198.51.100.7:500")
	x2      = netip.MustParseAddrPort("198.51.100.7:4500")
	y1      = netip.MustParseAddrPort("198.51.100.8:500")
)

// gateway is a translator with its timers.
type gateway struct {
	*Translator
	t      *testing.T
	timers *ip.Timers
	heard  []record.Body
}

func newGateway(t *testing.T, change func(*Settings)) *gateway {
	e := record.New(1, "NAT")
	s := Defaults()
	s.Outside = outside
	if change != nil {
		change(&s)
	}
	g := &gateway{t: t, timers: ip.NewTimers(e)}
	e.Listen(func(r record.Record) { g.heard = append(g.heard, r.Body) })
	g.Translator = New(Options{Settings: s, Timers: g.timers, Records: e})
	return g
}

// packet is an IPv4 packet with a right checksum, around a body.
func packet(proto byte, from, to netip.Addr, body []byte) []byte {
	p := make([]byte, 20, 20+len(body))
	p[0], p[8], p[9] = 0x45, 64, proto
	src, dst := from.As4(), to.As4()
	copy(p[12:], src[:])
	copy(p[16:], dst[:])
	binary.BigEndian.PutUint16(p[2:], uint16(20+len(body)))
	ip.SetHeaderChecksum(p)
	return append(p, body...)
}

func pseudo(p []byte) uint32 { return ip.Sum(uint32(p[9])+uint32(len(p)-20), p[12:20]) }

func udp(from, to netip.AddrPort, data string) []byte {
	body := binary.BigEndian.AppendUint16(nil, from.Port())
	body = binary.BigEndian.AppendUint16(body, to.Port())
	body = binary.BigEndian.AppendUint16(body, uint16(8+len(data)))
	p := packet(protoUDP, from.Addr(), to.Addr(), append(append(body, 0, 0), data...))
	binary.BigEndian.PutUint16(p[26:], ip.Fold(ip.Sum(pseudo(p), p[20:])))
	return p
}

func ends(t *testing.T, p []byte) (src, dst netip.AddrPort) {
	t.Helper()
	_, ok := ip.CheckHeader(p)
	require.True(t, ok, "header checksum")
	s, ok := parse(p, false)
	require.True(t, ok)
	if s.proto == protoUDP && binary.BigEndian.Uint16(s.body[6:]) != 0 {
		require.Zero(t, ip.Fold(ip.Sum(pseudo(p), s.body)), "udp checksum")
	}
	return s.src, s.dst
}

// out sends a datagram from the inside and gives the endpoint that others see.
func (g *gateway) out(now time.Time, from, to netip.AddrPort) netip.AddrPort {
	g.t.Helper()
	p := udp(from, to, "hello")
	require.Equal(g.t, Translated, g.Outward(now, p))
	src, dst := ends(g.t, p)
	require.Equal(g.t, to, dst)
	return src
}

// in sends one from the outside and gives the endpoint inside; invalid: it was
// dropped.
func (g *gateway) in(now time.Time, from, to netip.AddrPort) netip.AddrPort {
	g.t.Helper()
	p := udp(from, to, "hello")
	before := string(p)
	if g.Inward(now, p) != Translated {
		require.Equal(g.t, before, string(p), "a packet that is dropped is not changed")
		return netip.AddrPort{}
	}
	src, dst := ends(g.t, p)
	require.Equal(g.t, from, src)
	return dst
}

// "Endpoint-Independent Mapping: The NAT reuses the port mapping for subsequent
// packets sent from the same internal IP address and port (X:x) to any external IP
// address and port." (RFC 4787 4.1, and the other two)
func TestMapping(t *testing.T) {
	for behaviour, same := range map[Behaviour][2]bool{
		EndpointIndependent: {true, true}, AddressDependent: {true, false}, AddressAndPortDependent: {false, false},
	} {
		g := newGateway(t, func(s *Settings) { s.Mapping = behaviour })
		first := g.out(epoch, a, x1)
		require.Equal(t, same[0], first == g.out(epoch, a, x2), behaviour)
		require.Equal(t, same[1], first == g.out(epoch, a, y1), behaviour)
		require.Equal(t, first, g.out(epoch, a, x1))
	}
}

// "Endpoint-Independent Filtering: The NAT filters out only packets not destined
// to the internal address and port X:x, regardless of the external IP address and
// port source" (RFC 4787 5, and the other two)
func TestFiltering(t *testing.T) {
	for behaviour, lets := range map[Behaviour][2]bool{
		EndpointIndependent: {true, true}, AddressDependent: {true, false}, AddressAndPortDependent: {false, false},
	} {
		g := newGateway(t, func(s *Settings) { s.Filtering = behaviour })
		at := g.out(epoch, a, x1)
		require.Equal(t, a, g.in(epoch, x1, at))
		require.Equal(t, lets[0], g.in(epoch, x2, at).IsValid(), behaviour)
		require.Equal(t, lets[1], g.in(epoch, y1, at).IsValid(), behaviour)
		require.False(t, g.in(epoch, x1, netip.AddrPortFrom(outside, 77)).IsValid(), "nobody has that port")
	}
}

// "If the host's source port was in the range 0-1023, it is RECOMMENDED the NAT's
// source port be in the same range." (RFC 4787 4.2.2)
func TestPorts(t *testing.T) {
	g := newGateway(t, nil)
	require.EqualValues(t, 500, g.out(epoch, a, x1).Port(), "port preservation")
	second := g.out(epoch, b, x1).Port()
	require.NotEqualValues(t, 500, second)
	require.Less(t, second, uint16(1024))
	g = newGateway(t, func(s *Settings) { s.NewPorts = true })
	require.NotEqualValues(t, 500, g.out(epoch, a, x1).Port())
	high := netip.AddrPortFrom(a.Addr(), 4500)
	require.Greater(t, g.out(epoch, high, x1).Port(), uint16(1023))
}

// "A NAT UDP mapping timer MUST NOT expire in less than two minutes"; "The NAT
// mapping Refresh Direction MUST have a 'NAT Outbound refresh behavior' of 'True'."
// (RFC 4787 REQ-5, REQ-6)
func TestTimeouts(t *testing.T) {
	for _, inbound := range []bool{false, true} {
		g := newGateway(t, func(s *Settings) { s.UDP, s.InboundRefresh = 2*time.Minute, inbound })
		at := g.out(epoch, a, x1)
		g.out(epoch.Add(time.Minute), a, x1)
		require.True(t, g.in(epoch.Add(150*time.Second), x1, at).IsValid())
		g.timers.Run(epoch.Add(3 * time.Minute))
		require.Equal(t, inbound, g.in(epoch.Add(3*time.Minute), x1, at).IsValid())
		g.timers.Run(epoch.Add(10 * time.Minute))
		require.Equal(t, Unmapped{protoUDP, a, at, Expired}, g.heard[len(g.heard)-map[bool]int{false: 2, true: 1}[inbound]])
		require.True(t, g.timers.Next().IsZero())
	}
}

// Once rebound, the outside does not know the new port until the inside sends.
func TestRebindAndFlush(t *testing.T) {
	g := newGateway(t, nil)
	at := g.out(epoch, a, x1)
	g.Rebind(outside)
	require.False(t, g.in(epoch, x1, at).IsValid())
	again := g.out(epoch, a, x1)
	require.NotEqual(t, at, again)
	require.Equal(t, a, g.in(epoch, x1, again))
	other := netip.MustParseAddr("203.0.113.2")
	g.Rebind(other)
	require.Equal(t, other, g.out(epoch, a, x1).Addr())
	g.Flush()
	require.Empty(t, g.inside)
	require.Empty(t, g.Translator.outside)
	require.EqualValues(t, 500, g.out(epoch, a, x1).Port())
}

// A static mapping is there for anybody, has no end, and keeps its port.
func TestStatic(t *testing.T) {
	server := netip.MustParseAddrPort("10.0.0.9:4500")
	m, err := ParseStatic("udp 4500 10.0.0.9:4500")
	require.NoError(t, err)
	require.Equal(t, Static{Protocol: protoUDP, Port: 4500, Inside: server}, m)
	for _, wrong := range []string{"", "udp", "udp 4500", "sctp 1 10.0.0.9:1", "udp 0 10.0.0.9:1", "udp 70000 10.0.0.9:1", "udp 1 10.0.0.9", "udp 1 10.0.0.9:0", "udp 1 [::1]:1"} {
		_, err := ParseStatic(wrong)
		require.Error(t, err, wrong)
	}
	g := newGateway(t, func(s *Settings) {
		s.Static, s.Mapping, s.NewPorts = []Static{m}, AddressAndPortDependent, true
	})
	at := netip.AddrPortFrom(outside, 4500)
	require.Equal(t, server, g.in(epoch, x1, at), "who has sent nothing is let in all the same")
	require.Equal(t, at, g.out(epoch, server, y1))
	require.NotEqual(t, at, g.out(epoch, netip.AddrPortFrom(a.Addr(), 4500), x1), "the port is taken")
	g.timers.Run(epoch.Add(24 * time.Hour))
	g.Flush()
	require.Equal(t, server, g.in(epoch.Add(24*time.Hour), x1, at))
	other := netip.MustParseAddr("203.0.113.2")
	g.Rebind(other)
	require.False(t, g.in(epoch, x1, at).IsValid())
	require.Equal(t, server, g.in(epoch, x1, netip.AddrPortFrom(other, 4500)))
	require.Equal(t, "port 4500 of protocol 17", (&Settings{Static: []Static{m, m}}).Twice())
	require.Empty(t, (&Settings{Static: []Static{m}}).Twice())
}

// "A NAT MUST support 'Hairpinning'. a) A NAT Hairpinning behavior MUST be
// 'External source IP address and port'." (RFC 4787 REQ-9)
func TestHairpin(t *testing.T) {
	g := newGateway(t, func(s *Settings) { s.Filtering = EndpointIndependent })
	at := g.out(epoch, a, x1)
	p := udp(b, at, "over")
	require.Equal(t, Translated, g.Hairpin(epoch, p))
	src, dst := ends(t, p)
	require.Equal(t, a, dst)
	require.Equal(t, outside, src.Addr())
	require.Equal(t, Untouched, g.Hairpin(epoch, udp(b, netip.AddrPortFrom(outside, 9), "to the gateway")))
	g.settings.NoHairpin = true
	require.Equal(t, Dropped, g.Hairpin(epoch, udp(b, at, "over")))
}

// TestTablesAreBounded: what is too much is refused, and nobody's mapping goes for it.
func TestTablesAreBounded(t *testing.T) {
	g := newGateway(t, func(s *Settings) { s.Most = 3 })
	at := g.out(epoch, a, x1)
	for port := range uint16(10) {
		g.Outward(epoch, udp(netip.AddrPortFrom(b.Addr(), 2000+port), x1, ""))
	}
	require.Len(t, g.inside, 3)
	require.True(t, g.in(epoch, x1, at).IsValid())
	for port := range uint16(2 * maxPeers) {
		g.out(epoch.Add(time.Duration(port)), a, netip.AddrPortFrom(y1.Addr(), 3000+port))
	}
	require.LessOrEqual(t, len(g.Translator.outside[outsideKey{protoUDP, at}].peers), maxPeers)
}

// A datagram without a checksum keeps having none (RFC 768, RFC 3948 2.1).
func TestNoChecksum(t *testing.T) {
	g := newGateway(t, nil)
	p := udp(a, x1, "esp")
	p[26], p[27] = 0, 0
	require.Equal(t, Translated, g.Outward(epoch, p))
	require.Zero(t, binary.BigEndian.Uint16(p[26:]))
}

// echo is an ICMP message of a type about an identifier.
func echo(kind byte, from, to netip.Addr, id uint16) []byte {
	body := []byte{kind, 0, 0, 0, 0, 0, 0, 1, 'x', 'y'}
	binary.BigEndian.PutUint16(body[4:], id)
	binary.BigEndian.PutUint16(body[2:], ip.Checksum(body))
	return packet(protoICMP, from, to, body)
}

// "Unless explicitly overridden by local policy, a NAT device MUST permit ICMP
// Queries and their associated responses" (RFC 5508 REQ-1)
func TestEcho(t *testing.T) {
	g := newGateway(t, nil)
	g.Outward(epoch, echo(echoRequest, b.Addr(), x1.Addr(), 7))
	p := echo(echoRequest, a.Addr(), x1.Addr(), 7)
	require.Equal(t, Translated, g.Outward(epoch, p))
	require.Zero(t, ip.Checksum(p[20:]))
	id := binary.BigEndian.Uint16(p[24:])
	require.NotEqualValues(t, 7, id, "another host has it")
	p = echo(echoReply, x1.Addr(), outside, id)
	require.Equal(t, Translated, g.Inward(epoch, p))
	require.Zero(t, ip.Checksum(p[20:]))
	require.Equal(t, a.Addr(), ip.Destination(p))
	require.EqualValues(t, 7, binary.BigEndian.Uint16(p[24:]))
	require.Equal(t, Untouched, g.Inward(epoch, echo(echoRequest, y1.Addr(), outside, 99)), "the gateway answers itself")
}

// failure is an ICMP error that quotes 28 octets of a packet.
func failure(from, to netip.Addr, about []byte) []byte {
	body := append([]byte{ip.Unreachable, ip.CodePort, 0, 0, 0, 0, 0, 0}, about[:28]...)
	binary.BigEndian.PutUint16(body[2:], ip.Checksum(body))
	return packet(protoICMP, from, to, body)
}

// "Revert the IP and transport headers of the embedded IP packet to their original form,
// using the matching mapping" and "Modify the destination IP address of the outer IP header to
// be the same as the source IP address of the embedded packet after translation." (RFC 5508
// REQ-4, and REQ-5 for the other way)
func TestErrors(t *testing.T) {
	g := newGateway(t, func(s *Settings) { s.NewPorts = true })
	sent := udp(a, x1, "hello")
	g.Outward(epoch, sent)
	p := failure(y1.Addr(), outside, sent)
	require.Equal(t, Translated, g.Inward(epoch, p))
	require.Zero(t, ip.Checksum(p[20:]))
	require.Equal(t, a.Addr(), ip.Destination(p))
	quoted, ok := parse(p[28:], true)
	require.True(t, ok)
	require.Equal(t, a, quoted.src)
	require.Equal(t, udp(a, x1, "hello")[:28], p[28:56], "as the inside sent it, checksums and all")

	at, _ := ends(t, sent)
	came := udp(x1, at, "answer")
	want := string(came[:28])
	g.Inward(epoch, came)
	p = failure(a.Addr(), x1.Addr(), came)
	require.Equal(t, Translated, g.Outward(epoch, p))
	require.Equal(t, outside, ip.Source(p))
	require.Equal(t, want, string(p[28:56]))
	p[24] ^= 1
	require.Equal(t, Dropped, g.Outward(epoch, p), "a wrong checksum")
	require.Equal(t, Dropped, g.Inward(epoch, failure(y1.Addr(), outside, udp(b, x1, "never sent"))))
}

// six are the first octets of a packet of IPv6, fewer than its header has.
func six() []byte { return append([]byte{6 << 4}, make([]byte, 27)...) }

// FuzzTranslator: whatever crosses it, packets keep their lengths, and what was
// right stays so.
func FuzzTranslator(f *testing.F) {
	sent := udp(a, x1, "hello")
	f.Add(sent, true)
	f.Add(failure(y1.Addr(), outside, sent), false)
	f.Add(echo(echoRequest, a.Addr(), x1.Addr(), 7), true)
	f.Add(packet(protoTCP, a.Addr(), x1.Addr(), make([]byte, 20)), true)
	f.Add(packet(protoTCP, a.Addr(), x1.Addr(), make([]byte, 8)), true)
	f.Add(packet(ip.ProtoESP, a.Addr(), x1.Addr(), make([]byte, 40)), false)
	f.Add(failure(a.Addr(), x1.Addr(), six()), true)
	f.Add(failure(y1.Addr(), outside, six()), false)
	f.Add(six(), true)
	f.Fuzz(func(t *testing.T, p []byte, outward bool) {
		g := newGateway(t, nil)
		g.out(epoch, a, x1)
		n, whole := ip.CheckHeader(p)
		if whole {
			p = p[:n]
		}
		before := string(p)
		way := g.Inward
		if outward {
			way = g.Outward
		}
		if v := way(epoch, p); v != Translated {
			require.Equal(t, before, string(p))
		}
		if _, still := ip.CheckHeader(p); whole {
			require.True(t, still)
		}
		require.Len(t, p, len(before))
		_ = g.Hairpin(epoch, p)
	})
}
