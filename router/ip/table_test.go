package ip

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestTableAgainstDefinition: after each change a lookup gives the longest
// prefix that matches, and of equal ones the lowest distance, then the oldest.
func TestTableAgainstDefinition(t *testing.T) {
	rng := rand.New(rand.NewChaCha8([32]byte{1}))
	for round := range 60 {
		d := newDevice(t, 1)
		of := v4Address
		if round%2 == 1 { // the same bits at the end of addresses of IPv6
			of = func(n uint32) address { return address{0x20010db8 << 32, uint64(n)} }
		}
		var list []*Route
		for n := range 80 {
			if len(list) > 0 && rng.IntN(3) == 0 {
				at := rng.IntN(len(list))
				d.Table.withdraw(list[at])
				list = append(list[:at], list[at+1:]...)
			} else {
				bits := rng.IntN(33)
				// Few high bits, so that prefixes nest.
				p := prefix{of(rng.Uint32() & 0x300c_0303), mappedBits + bits}.network()
				r := &Route{prefix: p, order: uint32(n + 1), distance: uint8(1 + rng.IntN(3)), entry: Entry{Kind: Via, hop: v4Address(uint32(n + 1))}}
				d.Table.install(r)
				list = append(list, r)
			}
			for range 50 {
				a := of(rng.Uint32()&0x300c_0303 | 0x1000_0000)
				require.Equal(t, slowMatch(list, a), d.Table.match(a), "%v", a.netip())
				require.Same(t, d.Table.lookup(a), d.Table.lookup(a))
			}
		}
		for _, r := range list {
			d.Table.withdraw(r)
		}
		require.Len(t, d.Table.Routes(), 0)
	}
}

// slowMatch is longest-prefix match as it is defined.
func slowMatch(list []*Route, a address) *Route {
	var best *Route
	for _, r := range list {
		if r.prefix.contains(a) && (best == nil || r.prefix.bits > best.prefix.bits || r.prefix.bits == best.prefix.bits && r.compare(best) < 0) {
			best = r
		}
	}
	return best
}

func TestConnectedRoutesFollowTheInterface(t *testing.T) {
	d := newDevice(t, 2)
	require.Equal(t, "none", d.way("10.0.0.1"))
	require.Equal(t, "martian", d.way("127.0.0.1"))
	require.Equal(t, "martian", d.way("239.1.1.1"))
	require.Equal(t, "broadcast", d.way("255.255.255.255"))
	d.set("eth0", "eth", "10.0.0.1/24", "10.9.0.1/31")
	for to, want := range map[string]string{
		"10.0.0.1": "local eth0", "10.0.0.2": "link eth0", "10.0.0.255": "broadcast eth0", "10.0.1.0": "none",
		"10.9.0.0": "link eth0", "10.9.0.1": "local eth0",
	} {
		require.Equal(t, want, d.way(to), to)
	}
	d.Interfaces.Carrier(epoch, 0, false)
	require.Equal(t, "none", d.way("10.0.0.1"))
	d.Interfaces.Carrier(epoch, 0, true)
	require.Equal(t, "local eth0", d.way("10.0.0.1"))
	d.set("eth0", "eth", "10.0.1.1/24")
	require.Equal(t, "none", d.way("10.0.0.1"))
	require.Equal(t, "link eth0", d.way("10.0.1.0"))
	d.set("lo0", "lo", "192.168.1.1/32")
	require.Equal(t, "local lo0", d.way("192.168.1.1"))
	d.Interfaces.Remove(epoch, "lo0")
	require.Equal(t, "none", d.way("192.168.1.1"))
	require.Nil(t, d.Interfaces.Get("lo0"))
	require.Len(t, d.Interfaces.All(), 2)
}

func TestStaticRoutes(t *testing.T) {
	d := newDevice(t, 2)
	// Routes may stand before what they need.
	d.add(staticOf("0.0.0.0/0", "10.0.0.2", "", 1), staticOf("20.0.0.0/8", "30.0.0.1", "", 1), staticOf("30.0.0.0/8", "10.1.0.9", "", 1),
		staticOf("40.0.0.0/8", "10.1.0.9", "eth1", 5), staticOf("40.0.0.0/8", "10.0.0.9", "", 200), staticOf("60.0.0.0/8", "", "eth1", 1),
		staticOf("70.0.0.0/8", "70.0.0.1", "", 1), staticOf("80.0.0.0/8", "10.0.0.77", "eth0", 255), staticOf("90.0.0.0/8", "", nullInterface, 1))
	require.Equal(t, "none", d.way("8.8.8.8"))
	require.Equal(t, "null", d.way("90.0.0.1"))
	d.set("eth0", "eth", "10.0.0.1/24")
	d.set("eth1", "eth", "10.1.0.1/24")
	for to, want := range map[string]string{
		"8.8.8.8": "via eth0 10.0.0.2", "20.1.1.1": "via eth1 10.1.0.9", "30.1.1.1": "via eth1 10.1.0.9", "40.1.1.1": "via eth1 10.1.0.9",
		"60.1.1.1": "link eth1", "70.1.1.1": "via eth0 10.0.0.2", "80.1.1.1": "via eth0 10.0.0.2",
	} {
		require.Equal(t, want, d.way(to), to)
	}
	d.Interfaces.Carrier(epoch, 1, false)
	for to, want := range map[string]string{
		"20.1.1.1": "via eth0 10.0.0.2", "30.1.1.1": "via eth0 10.0.0.2", "40.1.1.1": "via eth0 10.0.0.9", "60.1.1.1": "via eth0 10.0.0.2",
	} {
		require.Equal(t, want, d.way(to), to)
	}
	d.Interfaces.Carrier(epoch, 1, true)
	require.Equal(t, "via eth1 10.1.0.9", d.way("20.1.1.1"))
	d.remove(staticOf("40.0.0.0/8", "10.1.0.9", "eth1", 5))
	require.Equal(t, "via eth0 10.0.0.9", d.way("40.1.1.1"))
	d.remove(staticOf("30.0.0.0/8", "10.1.0.9", "", 1), staticOf("0.0.0.0/0", "10.0.0.2", "", 1))
	require.Equal(t, "none", d.way("20.1.1.1"))
	require.Equal(t, "none", d.way("30.1.1.1"))
}

// TestNewestRoute: of routes that are equal the first one leads, and behind it the newest of those
// that say so.
func TestNewestRoute(t *testing.T) {
	d := newDevice(t, 4)
	told := func(by string) StaticRoute {
		r := staticOf("20.0.0.0/8", "", by, 1)
		r.Newest = true
		return r
	}
	for _, name := range []string{"eth0", "eth1", "eth2", "eth3"} {
		d.set(name, "eth", "10.0."+name[3:]+".1/24")
	}
	d.add(told("eth0"), told("eth1"), told("eth2"))
	require.Equal(t, "link eth2", d.way("20.1.1.1"))
	d.remove(told("eth2"))
	require.Equal(t, "link eth1", d.way("20.1.1.1"))
	d.add(staticOf("20.0.0.0/8", "", "eth3", 1))
	require.Equal(t, "link eth3", d.way("20.1.1.1"))
}

// TestRoutesThroughEachOther come to rest, and neither outlives the way that
// both need.
func TestRoutesThroughEachOther(t *testing.T) {
	d := newDevice(t, 1)
	d.set("eth0", "eth", "10.0.0.1/24")
	way := staticOf("0.0.0.0/0", "10.0.0.2", "", 1)
	d.add(way, staticOf("20.0.0.0/8", "30.0.0.1", "", 1), staticOf("30.0.0.0/8", "20.0.0.1", "", 1))
	require.Equal(t, "via eth0 10.0.0.2", d.way("20.1.1.1"))
	d.remove(way)
	require.Equal(t, "none", d.way("20.1.1.1"))
	require.Equal(t, "none", d.way("30.1.1.1"))
}

func TestPermanentRouteDropsWithoutAWay(t *testing.T) {
	d := newDevice(t, 1)
	r := staticOf("20.0.0.0/8", "10.0.0.2", "", 1)
	r.Permanent = true
	d.add(r)
	require.Equal(t, "null", d.way("20.1.1.1"))
	d.set("eth0", "eth", "10.0.0.1/24")
	require.Equal(t, "via eth0 10.0.0.2", d.way("20.1.1.1"))
	d.remove(r)
	require.Equal(t, "none", d.way("20.1.1.1"))
}

type counter int

func (c *counter) RouteChanged(time.Time) { *c++ }

// TestFollowersHearOfTheirAddressOnly: a change costs what it changes.
func TestFollowersHearOfTheirAddressOnly(t *testing.T) {
	d := newDevice(t, 2)
	var near, far counter
	var a, b Watch
	d.Table.Follow(&a, &near, addr("10.0.0.9"))
	d.Table.Follow(&b, &far, addr("10.1.0.9"))
	d.set("eth0", "eth", "10.0.0.1/24")
	require.EqualValues(t, 1, near)
	require.Zero(t, far)
	d.add(staticOf("10.1.0.0/24", "10.0.0.2", "", 1))
	require.EqualValues(t, 1, near)
	require.EqualValues(t, 1, far)
	d.Interfaces.Carrier(epoch, 0, false)
	require.EqualValues(t, 2, near)
	require.EqualValues(t, 2, far, "the route went with its next hop")
	d.Table.Follow(&a, &near, addr("10.0.0.10"))
	d.Table.Follow(&b, &far, addr("::1"))
	d.Interfaces.Carrier(epoch, 0, true)
	require.EqualValues(t, 3, near)
	require.EqualValues(t, 2, far)
}

// TestManyRoutesAndPorts: loading is linear, and one carrier among many touches
// its own routes.
func TestManyRoutesAndPorts(t *testing.T) {
	d := newDevice(t, 1)
	d.set("eth0", "eth", "10.0.0.1/24")
	var list []StaticRoute
	for n := range 16000 {
		list = append(list, staticOf(fmt.Sprintf("20.%d.%d.0/24", n>>8, n&255), "10.0.0.2", "", 1))
	}
	d.add(list...)
	require.Len(t, d.Table.Routes(), 16002)
	d.remove(list...)
	require.Len(t, d.Table.Routes(), 2)
	require.Nil(t, d.Table.followed.four)
	require.Nil(t, d.Table.statics.byPrefix.four)
}

func BenchmarkLookup1000(b *testing.B) {
	d := newDevice(b, 1)
	for i := range 1000 {
		d.Table.install(&Route{prefix: prefix{v4Address(uint32(10<<24 | i<<8)), mappedBits + 24}, entry: Entry{Kind: Via, hop: v4Address(uint32(i))}})
	}
	for i := 0; b.Loop(); i++ {
		d.Table.lookup(v4Address(uint32(10<<24 | i*7919&0x3ffff)))
	}
}

func BenchmarkLookupSame(b *testing.B) {
	d := newDevice(b, 1)
	d.set("eth0", "eth", "10.0.0.1/24")
	for b.Loop() {
		d.Table.lookup(v4Address(10<<24 | 9))
	}
}

func BenchmarkAddRoute(b *testing.B) {
	d := newDevice(b, 1)
	d.set("eth0", "eth", "10.0.0.1/24")
	for i := 0; b.Loop(); i++ {
		p := prefix{v4Address(uint32(20<<24 | i<<8)), mappedBits + 24}
		d.add(StaticRoute{Prefix: p.netip(), NextHop: addr("10.0.0.2"), Distance: 1})
	}
}
