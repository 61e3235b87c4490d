package crypto

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ikelab/ipsec/spd"
	"ikelab/router/ip"
)

// between is a list of one line, 10, about two networks; packets from the host no are
// another line's, 5, which does not protect.
func between(t testing.TB, local, remote, no string) spd.Lookup {
	out, err := spd.NewPolicy(prefixes(local), prefixes(remote))
	require.NoError(t, err)
	in, err := spd.NewPolicy(prefixes(remote), prefixes(local))
	require.NoError(t, err)
	return func(pkt []byte, mirrored bool) (int, bool, bool) {
		switch {
		case no != "" && (ip.Source(pkt) == addr(no) || ip.Destination(pkt) == addr(no)):
			return 5, false, true
		case mirrored:
			return 10, true, in.Allows(pkt)
		}
		return 10, true, out.Allows(pkt)
	}
}

func toward(p string) []netip.Prefix { return []netip.Prefix{netip.MustParsePrefix(p)} }

// mapped gives two ends crypto maps for 192.168.n.0/24, whose routes lead to the
// port; the entries are "A" and, for a second peer, "B".
func mapped(t testing.TB) (one, two *device) {
	one, two = twoEnds(t)
	for n, d := range map[byte]*device{1: one, 2: two} {
		d.give(t, n)
	}
	return one, two
}

func (d *device) give(t testing.TB, n byte) {
	nets := [3]string{"", "192.168.1.0/24", "192.168.2.0/24"}
	s := d.settings
	d.entry.Set(epoch, Settings{})
	tunnel := ip.StaticRoute{Prefix: netip.MustParsePrefix(nets[3-n]), Interface: "Tunnel0", Distance: 1}
	d.stack.SetRoutes(epoch, []ip.StaticRoute{{Prefix: netip.MustParsePrefix(nets[3-n]), NextHop: s.Remote, Distance: 1}}, []ip.StaticRoute{tunnel})
	s.Several, s.OnDemand, s.Map = true, true, "MAP"
	s.Demand = Share(Demand{Local: spd.PrefixSelector(netip.MustParsePrefix(nets[n])), Remote: spd.PrefixSelector(netip.MustParsePrefix(nets[3-n]))})
	other := s
	other.Remote = addr("10.0.0.3")
	d.set = ClauseSettings{
		Toward: toward(nets[3-n]),
		Lookup: between(t, nets[n], nets[3-n], nets[n][:10]+"9"),
		Lines:  []LineSettings{{Number: 10, Peers: []PeerSettings{{"A", s}, {"B", other}}}},
	}
	d.maps.Put(epoch, d.stack.Interfaces.Get("Ethernet0/0"), d.set)
}

func forMap(a *Association) {
	a.Entry = "A"
	a.Local, a.Remote = prefixes("192.168.1.0/24"), prefixes("192.168.2.0/24")
	if a.LocalEnd.Addr() == addr("10.0.0.2") {
		a.Local, a.Remote = a.Remote, a.Local
	}
}

// "If the packet is matched by an SPD entry that says to PROTECT, the packet is to be
// protected using a specified SA. If the SA does not exist, key management is asked
// for it" (RFC 4301, section 5.1, in short).
func TestMapProtects(t *testing.T) {
	one, two := mapped(t)
	one.sayTo2(10)
	require.Equal(t, []string{"acquire A"}, one.calls())
	require.Equal(t, ip.NoAssociation, last[ip.Dropped](t, one).Reason)
	one.sayTo2(10)
	require.Empty(t, one.calls(), "it is asked for once")
	install(t, one, two, 0x1000, forMap)
	one.sayTo2(10)
	require.EqualValues(t, 0x1000, one.espSPI())
	one.sayTo2(2000)
	require.Equal(t, []int{10, 2000}, two.sizes)
	require.Equal(t, "MAP", one.crypto.Entry("A").States()[0].Map)

	one.say("10.0.0.1", "10.0.0.2", 10)
	require.Zero(t, one.espSPI(), "no line is about it")
	two.say("192.168.2.1", "192.168.1.1", 10)
	require.EqualValues(t, 0x1001, two.espSPI())
}

// A packet that came in clear and that a line would have protected is refused
// (RFC 4301, section 5.2), but for what IPsec itself needs.
func TestMapRefusesClear(t *testing.T) {
	one, two := mapped(t)
	before := two.got
	one.maps.Put(epoch, one.stack.Interfaces.Get("Ethernet0/0"), ClauseSettings{})
	one.sayTo2(10)
	require.Equal(t, NotIPsec, last[Refused](t, two).Why)
	require.Equal(t, before, two.got)
	one.say("10.0.0.1", "10.0.0.2", 10)
	require.Equal(t, before+1, two.got, "no line is about it")
	require.Nil(t, one.crypto.Entry("A"), "entries go with their map")
}

// What comes by a pair whose entry was taken away, before the peer knows, stays in the VRF of what the
// entry protected: in the global table a route may lead it anywhere, in clear.
func TestMapTakenAwayKeepsApart(t *testing.T) {
	one, two := mapped(t)
	const inside = 1
	two.stack.Interfaces.Set(epoch, ip.InterfaceSettings{Name: "Loopback0", Kind: "Loopback", VRF: inside, Addresses: []netip.Prefix{netip.MustParsePrefix("192.168.2.1/24")}})
	two.set.Lines[0].Peers[0].Settings.Inside = inside
	two.maps.Put(epoch, two.stack.Interfaces.Get("Ethernet0/0"), two.set)
	install(t, one, two, 0x1000, forMap)
	one.sayTo2(10)
	require.Equal(t, 1, two.got)
	two.maps.Put(epoch, two.stack.Interfaces.Get("Ethernet0/0"), ClauseSettings{})
	one.sayTo2(10)
	require.Equal(t, 2, two.got)
}

// What a line of the list does not protect passes in clear, both ways.
func TestMapBypasses(t *testing.T) {
	one, two := mapped(t)
	one.stack.Interfaces.Set(epoch, ip.InterfaceSettings{Name: "Loopback9", Kind: "Loopback", Addresses: []netip.Prefix{netip.MustParsePrefix("192.168.1.9/32")}})
	one.say("192.168.1.9", "192.168.2.1", 10)
	require.Empty(t, one.calls())
	require.Equal(t, NotIPsec, last[Refused](t, two).Why, "the other end has no such line")
	two.set.Lookup = between(t, "192.168.2.0/24", "192.168.1.0/24", "192.168.1.9")
	two.maps.Put(epoch, two.stack.Interfaces.Get("Ethernet0/0"), two.set)
	one.say("192.168.1.9", "192.168.2.1", 10)
	require.Equal(t, 1, two.got)
}

// Where several peers are set, a failed attempt gives the next one its turn, and a
// pair with any of them serves.
func TestMapPeersInTurn(t *testing.T) {
	one, two := mapped(t)
	ask := func() []string {
		one.now = one.now.Add(2 * time.Second)
		one.timers.Run(one.now)
		one.sayTo2(10)
		return one.calls()
	}
	require.Equal(t, []string{"acquire A"}, ask())
	one.crypto.Entry("A").Down(one.now, false)
	require.Equal(t, []string{"acquire B"}, ask())
	one.crypto.Entry("B").Down(one.now, false)
	require.Equal(t, []string{"acquire A"}, ask(), "the first one again")
	one.crypto.Entry("A").Down(one.now, false)
	one.maps.Put(one.now, one.stack.Interfaces.Get("Ethernet0/0"), one.set)
	require.Equal(t, []string{"acquire B"}, ask(), "an edit does not change whose turn it is")
	install(t, one, two, 0x1000, forMap) // the first one asks meanwhile
	one.sayTo2(10)
	require.EqualValues(t, 0x1000, one.espSPI())
	one.crypto.Entry("B").Down(one.now, false)
	one.set.Lines[0].Default = true
	one.maps.Put(one.now, one.stack.Interfaces.Get("Ethernet0/0"), one.set)
	one.crypto.Delete(one.now, 0x1001)
	one.crypto.Entry("A").Down(one.now, true)
	require.Equal(t, []string{"acquire A"}, ask(), "lost, not failed")
	one.crypto.Entry("A").Down(one.now, false)
	require.Equal(t, []string{"acquire B"}, ask())
	one.crypto.Entry("B").Down(one.now, false)
	require.Equal(t, []string{"acquire A"}, ask(), "the default has its turn")
}

// Pairs of narrower selectors live side by side, and the newest that fits carries a packet
// (RFC 4301, section 4.4.1); what none fits asks for one more.
func TestMapPairsSideBySide(t *testing.T) {
	one, two := mapped(t)
	eth := one.stack.Interfaces.Get("Ethernet0/0")
	require.Len(t, one.maps.Entries(eth), 1, "the one that has its turn")
	half := func(local, remote string) func(*Association) {
		return func(a *Association) {
			forMap(a)
			if a.Local, a.Remote = prefixes(local), prefixes(remote); a.LocalEnd.Addr() == addr("10.0.0.2") {
				a.Local, a.Remote = a.Remote, a.Local
			}
		}
	}
	install(t, one, two, 0x1000, half("192.168.1.1/32", "192.168.2.128/25"))
	one.sayTo2(10)
	require.Equal(t, []string{"acquire A"}, one.calls(), "192.168.2.1 is in no pair")
	install(t, one, two, 0x2000, half("192.168.1.0/24", "192.168.2.0/25"))
	one.sayTo2(10)
	require.EqualValues(t, 0x2000, one.espSPI())
	one.say("192.168.1.1", "192.168.2.200", 10)
	require.EqualValues(t, 0x1000, one.espSPI())
	states := one.crypto.Entry("A").States()
	require.Len(t, states, 3, "the whole, and two parts")
	require.Equal(t, []bool{false, true, true}, []bool{states[0].Part, states[1].Part, states[2].Part})
	one.crypto.Delete(epoch, 0x1001)
	one.say("192.168.1.1", "192.168.2.200", 10)
	require.Equal(t, ip.NoAssociation, last[ip.Dropped](t, one).Reason)
	require.Empty(t, one.maps.Entries(two.stack.Interfaces.Get("Ethernet0/0")))
}

// IKE and ESP, in UDP as well, come in clear whatever the list says, and are never
// encrypted themselves; of a datagram in fragments the first one tells.
func TestMapLetsIPsecPass(t *testing.T) {
	one, two := mapped(t)
	lines := &one.set
	lines.Toward, lines.Lookup = toward("0.0.0.0/0"), between(t, "0.0.0.0/0", "0.0.0.0/0", "")
	two.set.Toward, two.set.Lookup = lines.Toward, lines.Lookup
	for _, d := range []*device{one, two} {
		d.maps.Put(epoch, d.stack.Interfaces.Get("Ethernet0/0"), d.set)
	}
	heard := 0
	for _, port := range []uint16{500, 4500} {
		two.stack.UDP.Handle(port, func(time.Time, ip.Datagram) { heard++ })
		at := func(a string) netip.AddrPort { return netip.AddrPortFrom(addr(a), port) }
		for _, n := range []int{10, 3000} {
			one.stack.UDP.Send(epoch, ip.Datagram{Local: at("10.0.0.1"), Remote: at("10.0.0.2"), Data: make([]byte, n)}, 64)
		}
	}
	require.Equal(t, 4, heard)
	require.Empty(t, one.calls())
	one.maps.Put(epoch, one.stack.Interfaces.Get("Ethernet0/0"), ClauseSettings{})
	was := two.crypto.Drops.NotIPsec
	one.say("10.0.0.1", "10.0.0.2", 3000)
	require.Equal(t, was+1, two.crypto.Drops.NotIPsec, "its first fragment; the rest comes to nothing")
	require.Zero(t, two.got)
}
