package nat

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/router/ip"
)

// newRouter is a translator as a router has it: UDP from 10.0.0.2 and what it has else
// goes by a rule, 10.0.0.9 has an address outside for itself.
func newRouter(t *testing.T, rules ...Rule) *gateway {
	g := newGateway(t, nil)
	s := RouterDefaults()
	s.Static = []Static{{Outside: netip.MustParseAddr("203.0.113.9"), Inside: netip.MustParseAddrPort("10.0.0.9:0")}}
	g.Configure(s, rules)
	return g
}

func from(address netip.Addr) func([]byte) bool {
	return func(packet []byte) bool { return ip.Source(packet) == address }
}

// TestRules: what no rule speaks of passes as it is, both ways.
func TestRules(t *testing.T) {
	g := newRouter(t, Rule{Name: "one", Matches: from(a.Addr()), First: outside, Last: outside, Overload: true})
	p := udp(b, x1, "free")
	require.Equal(t, Untouched, g.Outward(epoch, p))
	require.Equal(t, Untouched, g.Inward(epoch, udp(x1, netip.AddrPortFrom(outside, 77), "for the router")))
	p = udp(a, x1, "out")
	require.Equal(t, Translated, g.Outward(epoch, p))
	src, dst := ends(t, p)
	require.Equal(t, netip.AddrPortFrom(outside, 500), src)
	require.Equal(t, x1, dst)
	back := udp(x1, src, "back")
	require.Equal(t, Translated, g.Inward(epoch, back))
	_, dst = ends(t, back)
	require.Equal(t, a, dst)
	require.Equal(t, Untouched, g.Inward(epoch, udp(y1, src, "who has not been spoken to")))
	require.True(t, g.Translates(outside))
	require.False(t, g.Translates(x1.Addr()))
	require.Equal(t, Counts{Hits: 2, Misses: 2, Made: 1}, g.Counts())
}

// TestWholeAddresses: "In the case of Basic NAT, a block of external addresses are set
// aside for translating addresses of hosts" (RFC 3022 2.1): ports stay, and what has
// none goes too.
func TestWholeAddresses(t *testing.T) {
	first := netip.MustParseAddr("203.0.113.100")
	all := func([]byte) bool { return true }
	g := newRouter(t, Rule{Matches: all, First: first, Last: first.Next()})
	p := udp(a, x1, "out")
	require.Equal(t, Translated, g.Outward(epoch, p))
	src, _ := ends(t, p)
	require.Equal(t, netip.AddrPortFrom(first, 500), src)
	esp := packet(ip.ProtoESP, a.Addr(), x1.Addr(), make([]byte, 40))
	require.Equal(t, Translated, g.Outward(epoch, esp))
	require.Equal(t, first, ip.Source(esp))
	require.Zero(t, ip.Checksum(esp[:20]))
	require.Equal(t, Translated, g.Outward(epoch, udp(b, x1, "the second")))
	third := netip.MustParseAddrPort("10.0.0.4:500")
	require.Equal(t, Dropped, g.Outward(epoch, udp(third, x1, "none is left")))
	require.Equal(t, TableFull, g.heard[len(g.heard)-1].(Refused).Why)

	mine := netip.MustParseAddrPort("203.0.113.9:22")
	p = udp(y1, mine, "to the static one")
	require.Equal(t, Translated, g.Inward(epoch, p))
	_, dst := ends(t, p)
	require.Equal(t, netip.MustParseAddrPort("10.0.0.9:22"), dst)
	flows := g.Flows(epoch)
	require.Len(t, flows, 3)
	require.True(t, flows[0].Static)

	g.Flush()
	require.Len(t, g.Flows(epoch), 1)
	require.Equal(t, Translated, g.Outward(epoch, udp(third, x1, "now there is room")))
	g.timers.Run(epoch.Add(24 * time.Hour))
	require.Len(t, g.Flows(epoch), 1)
	require.EqualValues(t, 1, g.Counts().Expired)
}

// TestReservedPorts are the router's own: nobody inside is given them.
func TestReservedPorts(t *testing.T) {
	g := newGateway(t, nil)
	s := RouterDefaults()
	s.Reserved = []uint16{500}
	g.Configure(s, []Rule{{Matches: func([]byte) bool { return true }, First: outside, Last: outside, Overload: true}})
	p := udp(a, x1, "out")
	require.Equal(t, Translated, g.Outward(epoch, p))
	src, _ := ends(t, p)
	require.NotEqual(t, uint16(500), src.Port())
	require.Equal(t, Untouched, g.Inward(epoch, udp(x1, netip.AddrPortFrom(outside, 500), "for the router's IKE")))
}

// TestRulesGo: mappings end with the rule that made them, or when another way out
// gives another address.
func TestRulesGo(t *testing.T) {
	other := netip.MustParseAddr("192.0.2.1")
	rule := Rule{Matches: from(a.Addr()), First: outside, Last: outside, Overload: true}
	g := newRouter(t, rule)
	g.Outward(epoch, udp(a, x1, "out"))
	g.Configure(RouterDefaults(), []Rule{rule})
	require.Len(t, g.Flows(epoch), 1)
	rule.First, rule.Last = other, other
	g.Configure(RouterDefaults(), []Rule{rule})
	require.Empty(t, g.Flows(epoch))
	p := udp(a, x1, "out")
	g.Outward(epoch, p)
	require.Equal(t, other, ip.Source(p))
}

// TestErrorsToWholeAddresses: of an ICMP error both what it quotes and where it goes are
// translated (RFC 5508 4.1, 4.2).
func TestErrorsToWholeAddresses(t *testing.T) {
	g := newRouter(t)
	inside, global := netip.MustParseAddr("10.0.0.9"), netip.MustParseAddr("203.0.113.9")
	quoted := packet(ip.ProtoESP, global, x1.Addr(), make([]byte, 8))
	e := packet(protoICMP, y1.Addr(), global, append([]byte{3, 4, 0, 0, 0, 0, 5, 0}, quoted...))
	binary.BigEndian.PutUint16(e[22:], ip.Checksum(e[20:]))
	require.Equal(t, Translated, g.Inward(epoch, e))
	require.Equal(t, inside, ip.Destination(e))
	require.Equal(t, inside, ip.Source(e[28:]))
	require.Zero(t, ip.Checksum(e[20:]))
	require.Zero(t, ip.Checksum(e[28:48]))

	quoted = packet(ip.ProtoESP, x1.Addr(), inside, make([]byte, 8))
	e = packet(protoICMP, inside, x1.Addr(), append([]byte{3, 2, 0, 0, 0, 0, 0, 0}, quoted...))
	binary.BigEndian.PutUint16(e[22:], ip.Checksum(e[20:]))
	require.Equal(t, Translated, g.Outward(epoch, e))
	require.Equal(t, global, ip.Source(e))
	require.Equal(t, global, ip.Destination(e[28:]))
}

// TestStaticThatMatches: packets that leave and do not match pass as they are, of a whole address
// and of a port; who comes from outside is let in all the same.
func TestStaticThatMatches(t *testing.T) {
	g := newGateway(t, nil)
	s := RouterDefaults()
	toX := func(packet []byte) bool { return ip.Destination(packet) == x1.Addr() }
	own := netip.MustParseAddrPort("203.0.113.9:0")
	s.Static = []Static{
		{Outside: own.Addr(), Inside: netip.AddrPortFrom(a.Addr(), 0), Matches: toX},
		{Protocol: ip.ProtoUDP, Outside: outside, Port: 500, Inside: b, Matches: toX},
	}
	g.Configure(s, nil)
	require.Equal(t, Translated, g.Outward(epoch, udp(a, x1, "to x")))
	require.Equal(t, Untouched, g.Outward(epoch, udp(a, y1, "to y")))
	require.Equal(t, Translated, g.Inward(epoch, udp(y1, netip.AddrPortFrom(own.Addr(), 500), "from y")))
	require.Equal(t, Translated, g.Outward(epoch, udp(b, x1, "to x")))
	require.Equal(t, Untouched, g.Outward(epoch, udp(b, y1, "to y")))
	require.Equal(t, Translated, g.Inward(epoch, udp(y1, netip.AddrPortFrom(outside, 500), "from y")))
}
