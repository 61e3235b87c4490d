package router

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// slowLookup is longest-prefix match as it is defined.
func slowLookup(list []fibRoute, a ip4) fibEntry {
	best, bits := noEntry, -1
	for _, r := range list {
		if (a^r.network)&maskOf(r.bits) == 0 && r.bits > bits {
			best, bits = r.fibEntry, r.bits
		}
	}
	return best
}

func TestFIBAgainstDefinition(t *testing.T) {
	rng := rand.New(rand.NewChaCha8([32]byte{1}))
	for range 200 {
		var list []fibRoute
		for n := range rng.IntN(60) {
			bits := rng.IntN(33)
			// Few high bits, so that prefixes nest.
			network := ip4(rng.Uint32()&0xc00c_0303) & maskOf(bits)
			list = append(list, fibRoute{network, bits, fibEntry{kind: fibVia, hop: ip4(n + 1)}})
		}
		var f fib
		f.flatten(append([]fibRoute(nil), list...))
		for range 500 {
			a := ip4(rng.Uint32() & 0xc00c_0303)
			if rng.IntN(4) == 0 {
				a = ^a
			}
			require.Equal(t, slowLookup(list, a), *f.lookup(a), "%v", a.addr())
		}
	}
}

func TestFIBEmpty(t *testing.T) {
	var f fib
	require.Equal(t, fibNone, f.lookup(42).kind)
}

func BenchmarkFIBLookup1000(b *testing.B) {
	var list []fibRoute
	for i := range 1000 {
		list = append(list, fibRoute{ip4(10<<24 | i<<8), 24, fibEntry{kind: fibVia, hop: ip4(i)}})
	}
	var f fib
	f.flatten(list)
	for i := 0; b.Loop(); i++ {
		f.lookup(ip4(10<<24 | i*7919&0x3ffff))
	}
}

func TestStaticRoutes(t *testing.T) {
	l := newLab(t)
	r := l.add("R1", []string{"Ethernet0/0", "Ethernet0/1"}, `interface Ethernet0/0
 ip address 10.0.0.1 255.255.255.0
 ip address 10.9.0.1 255.255.255.0 secondary
interface Ethernet0/1
 ip address 10.1.0.1 255.255.255.0
interface Loopback0
 ip address 192.168.1.1 255.255.255.0
ip route 0.0.0.0 0.0.0.0 10.0.0.2
ip route 20.0.0.0 255.0.0.0 30.0.0.1
ip route 30.0.0.0 255.0.0.0 10.1.0.9
ip route 40.0.0.0 255.0.0.0 Ethernet0/1 10.1.0.9 5
ip route 40.0.0.0 255.0.0.0 10.0.0.9 200
ip route 60.0.0.0 255.0.0.0 Ethernet0/1
ip route 70.0.0.0 255.0.0.0 70.0.0.1
ip route 80.0.0.0 255.0.0.0 Ethernet0/0 10.0.0.77
ip route 90.0.0.0 255.0.0.0 Ethernet0/1 permanent
`)
	l.connect("R1", 0, "R2", 0)
	l.connect("R1", 1, "R3", 0)
	l.start("R1")
	look := func(a string) string {
		e := r.fib.lookup(ip4Of(addr(a)))
		out := ""
		if e.out != nil {
			out = e.out.name
		}
		return fmt.Sprint(e.kind, " ", out, " ", e.hop.addr())
	}
	via := func(out, hop string) string { return fmt.Sprint(fibVia, " ", out, " ", hop) }
	kind := func(k fibKind, out string) string { return fmt.Sprint(k, " ", out, " 0.0.0.0") }
	rows := map[string]string{
		"10.0.0.1":        kind(fibLocal, "Ethernet0/0"),
		"10.9.0.1":        kind(fibLocal, "Ethernet0/0"),
		"10.9.0.4":        kind(fibLink, "Ethernet0/0"),
		"10.0.0.255":      kind(fibBroadcast, "Ethernet0/0"),
		"255.255.255.255": kind(fibBroadcast, ""),
		"224.0.0.5":       kind(fibMartian, ""),
		"127.0.0.1":       kind(fibMartian, ""),
		"192.168.1.7":     kind(fibLink, "Loopback0"),
		"1.2.3.4":         via("Ethernet0/0", "10.0.0.2"),
		"20.1.1.1":        via("Ethernet0/1", "10.1.0.9"), // recursive
		"40.1.1.1":        via("Ethernet0/1", "10.1.0.9"), // the lower distance
		"60.1.1.1":        kind(fibLink, "Ethernet0/1"),
		"70.1.1.1":        via("Ethernet0/0", "10.0.0.2"), // its next hop lies within itself
		"80.1.1.1":        via("Ethernet0/0", "10.0.0.77"),
		"90.1.1.1":        kind(fibLink, "Ethernet0/1"),
	}
	for a, want := range rows {
		require.Equal(t, want, look(a), a)
	}
	r.Carrier(l.now, 1, false)
	for a, want := range map[string]string{
		"10.1.0.9": via("Ethernet0/0", "10.0.0.2"),
		"30.1.1.1": via("Ethernet0/0", "10.0.0.2"), // its next hop can still be reached, as on IOS
		"40.1.1.1": via("Ethernet0/0", "10.0.0.9"), // the floating one
		"60.1.1.1": via("Ethernet0/0", "10.0.0.2"),
		"90.1.1.1": kind(fibNull, ""), // permanent
	} {
		require.Equal(t, want, look(a), a)
	}
	r.Carrier(l.now, 1, true)
	for a, want := range rows {
		require.Equal(t, want, look(a), a)
	}
}
